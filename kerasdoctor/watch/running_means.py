"""Each batch's own numbers, recovered from what Keras logs.

``logs`` at a batch's end are means since the start of the epoch. Keras weights the loss by the rows of the batch, whatever the sample
weights are (``_loss_tracker.update_state(loss, sample_weight=rows)`` in the trainers), and unweighted metrics likewise, so ``own = mean +
(mean - mean_before) * rows_before / rows``. What a custom ``train_step`` logs may be no mean at all. So the second batch of the run
decides by test: a name is differenced only where a ``keras.metrics.Mean`` of that name holds exactly the logged value.
"""

from __future__ import annotations

import keras

AS_REPORTED, BY_ROWS, BY_BATCHES = "as reported", "rows", "batches"


class RunningMeans:
    """Differences the logs of one fit call. ``steps`` is batches an epoch, None until an epoch has shown it.

    ``uneven``: any batch may have fewer rows, not only the last; fit shuffles the batches of a PyDataset, the short one among them.

    Not differenced: AUC, precision and the like, which are no means; weighted metrics, whose weights a callback cannot see; raw values.
    """

    tolerance = 1e-4  # relative; the logged value and total/count differ by float32 rounding only

    def __init__(self, state, steps, uneven=False):
        self.state, self.steps, self.uneven = state, steps, uneven
        self.kinds = {}
        self.rows_per_batch = None
        self.begin_epoch()

    def begin_epoch(self):
        self.batches = 0
        self.reset()

    def reset(self):
        """Keras's means begin anew, at an epoch's start or in the middle of it."""
        self.before, self.meant, self.weight = {}, 0, 0.0

    def own(self, batch, logs):
        """The own values of the batches since the last call, how many these were, and their rows (None if unknown).

        ``batch`` is Keras's index of the last batch, from 0. Beyond the epoch's end, where steps_per_execution overshoots, it is cut.
        """
        reached = min(batch + 1, self.steps) if self.steps else batch + 1
        span = max(reached - self.batches, 1)
        weight = self._weight(span, reached)
        if self.before and not self.kinds:
            self.kinds = self._kinds(logs, self.meant + span)
        own = {name: self._difference(name, mean, span, weight) for name, mean in logs.items()}
        self.before, self.meant, self.weight = dict(logs), self.meant + span, self.weight + weight
        self.batches += span
        return own, span, None if self.rows_per_batch is None else round(weight * self.rows_per_batch)

    def _difference(self, name, mean, span, weight):
        kind = self.kinds.get(name, AS_REPORTED)
        if kind == AS_REPORTED or name not in self.before:
            return mean
        ratio = self.weight / weight if kind == BY_ROWS else self.meant / span
        return mean + (mean - self.before[name]) * ratio

    def _weight(self, span, reached):
        """Rows of this point in units of a full batch. The count is read where a batch may be short: it costs some microseconds."""
        first, last = self.rows_per_batch is None and not self.kinds, self.steps is not None and reached >= self.steps
        if not (first or last or self.uneven) or self.kinds.get("loss", BY_ROWS) != BY_ROWS:
            return float(span)
        rows = self._count(getattr(self.state.model, "_loss_tracker", None))
        if rows is None:
            return float(span)
        if first and not self.before and rows > span:
            self.rows_per_batch = rows / span
        short = rows / self.rows_per_batch - self.weight if self.rows_per_batch else span
        return short if 0 < short < span or (self.uneven and short > 0) else float(span)

    def _count(self, metric):
        """The weight that a mean has collected in this epoch, or None."""
        try:
            return self.state.metric_value(metric.count)
        except (AttributeError, LookupError, TypeError):
            return None

    def _kinds(self, logs, batches):
        known = list(_flat(self.state.model.metrics))
        rows = self._count(getattr(self.state.model, "_loss_tracker", None))
        return {name: self._kind(name, value, known, rows, batches) for name, value in logs.items()}

    def _kind(self, name, value, known, rows, batches):
        for metric in known:
            if not isinstance(metric, keras.metrics.Mean) or not (name == metric.name or name.endswith(f"_{metric.name}")):
                continue
            count = self._count(metric)
            if not count or not self._agrees(self.state.metric_value(metric.total) / count, value):
                continue
            if count == rows and rows != batches:
                return BY_ROWS
            return BY_BATCHES if count == batches else AS_REPORTED
        return AS_REPORTED

    def _agrees(self, one, other):
        return abs(one - other) <= self.tolerance * max(abs(one), abs(other)) or (one != one and other != other)


def _flat(metrics):
    for metric in metrics:
        yield metric
        yield from _flat(getattr(metric, "metrics", None) or ())
