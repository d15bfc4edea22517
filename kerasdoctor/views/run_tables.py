"""The curves of a watch as buckets: batches, epochs and probes, each over the batch axis."""

from __future__ import annotations

import math
from itertools import islice

from kerasdoctor.views import watch_outline
from kerasdoctor.views.buckets import LOST, MAXIMUM, MEAN, MINIMUM, WEIGHT, Buckets

SMOOTHING = 0.8  # weight of what was before in the running mean of one full batch
SHORT = 0.5  # a batch of less than this share of the usual rows is left out of the raw line


class RunTables:
    """``points`` (a line a metric and "learning_rate"), ``epochs`` (validation) and ``probes`` ("gradient_norm") of one watch."""

    names = ("points", "epochs", "probes")

    def __init__(self, watch):
        self.lines = watch_outline.lines(watch) if watch else ("loss",)
        self.points = Buckets([*self.lines, "learning_rate"])
        self.epochs = Buckets(self.lines)
        self.probes = Buckets(["gradient_norm"])
        self.lost = watch_outline.LostStretches()
        self._taken = self._epochs_taken = self._probes_taken = 0
        if watch:
            self.collect(watch)

    def items(self):
        return [(name, getattr(self, name)) for name in self.names]

    def collect(self, watch):
        """Put in what the watch holds more than at the last call."""
        series, start = watch.series, self._taken
        batches = series.get("batch", ())[start:]
        columns = [_column(series, name, start, len(batches)) for name in (*self.lines, "learning_rate")]
        columns[-1] = [None if rate is None or rate != rate else rate for rate in columns[-1]]  # NaN: not known
        rows, usual = _column(series, "rows", start, len(batches)), watch.run.batch_size
        for batch, share, values in zip(batches, rows, zip(*columns, strict=True), strict=True):
            weight = share / usual if usual and share and share > 0 else 1.0
            self.points.add(batch, values, weight, weight >= SHORT)
            self.lost.add(batch, values[0])
        self._taken += len(batches)
        for epoch in islice(watch.epochs, self._epochs_taken, None):
            self.epochs.add(epoch.batch, [epoch.logs.get(f"val_{name}") for name in self.lines])
            self._epochs_taken += 1
        for batch, signals in islice(watch.signals, self._probes_taken, None):
            if signals.gradient_norm is not None:
                self.probes.add(batch, [signals.gradient_norm])
            self._probes_taken += 1


def raw_line(table, name):
    """Places and values of a line with minimum and maximum of each bucket; NaN where it is interrupted."""
    places, values = [], []
    for row, at in _rows(table, name):
        if not math.isnan(row[at + MINIMUM]):
            ends = {row[at + MINIMUM], row[at + MAXIMUM]}
            places += [(row[0] + row[1]) / 2] * len(ends)
            values += sorted(ends)
        if row[at + LOST]:
            places.append(row[1])
            values.append(math.nan)
    return places, values


def smooth_line(table, name, smoothing=SMOOTHING):
    """The running mean over bucket means; a bucket counts by its batches, a short batch by its rows. NaN ends it."""
    places, values, mean = [], [], math.nan
    for row, at in _rows(table, name):
        if row[at + WEIGHT]:
            mean = row[at + MEAN] if math.isnan(mean) else mean + (row[at + MEAN] - mean) * (1 - smoothing ** row[at + WEIGHT])
            places.append((row[0] + row[1]) / 2)
            values.append(mean)
        if row[at + LOST]:
            mean = math.nan
            places.append(row[1])
            values.append(math.nan)
    return places, values


def _rows(table, name):
    at = 2 + 5 * table.lines.index(name)
    return [(row, at) for row in table.rows]


def _column(series, name, start, length):
    """The new part of a column, None where it has no values."""
    column = list(series.get(name, ())[start : start + length])
    return column + [None] * (length - len(column))
