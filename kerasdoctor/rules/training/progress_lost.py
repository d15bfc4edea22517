from collections import deque
from itertools import islice
from math import isfinite
from statistics import median

from kerasdoctor.episode import Episode
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class ProgressLost(TrainingRule):
    """The loss lost half of the progress it had made.

    ## Why it hurts training

    A loss that climbs half of the way back was hit by a step too large for where it stood, or left the region where its formula has a
    gradient. Many such bursts heal within 20 to 30 batches; a collapse does not.

    ## How it is detected

    Progress is the median of the first 20 batch losses minus the lowest median of 25. The rule speaks when the median of the last 9
    batches has lost at least half of it for 5 points in a row, the loss is above the best by more than 4 times the usual noise (the
    scaled median absolute deviation of the batches 120 to 9 back), and the progress itself was more than 30 % of the start and than that
    noise. It waits 50 points. The incident is "seen" at once, "confirmed" when it has held for 50 batches or one epoch, whichever is
    more, and "recovered" when less than a quarter of the progress is missing. Medians keep single bad batches quiet; a single batch says
    nothing in two healthy runs of three. It cannot see overfitting, which is healthy for the training loss.

    ## Example

    ```python
    model.compile(keras.optimizers.Adam(0.03), "categorical_crossentropy")  # with a sigmoid head and a layer after it
    model.fit(x, y, batch_size=20, epochs=22)
    ```

    ## Fix

    Wait for a few batches; if it does not heal, go back to the last healthy weights with a lower learning rate.
    """

    code = "KD503"
    severity = Severity.WARNING
    suspects = ("learning_rate", "loss", "head_activation")

    # The numbers are those of the rule with 1 false alarm in 21 healthy runs and 9 hits in 15 failing ones, tuned on these runs.
    warm_up = 50  # points before the rule may speak; start-up noise is over by then
    start_window = 20
    best_window = 25
    now_window = 9
    lost_share = 0.5  # 30 % fires on cosine warm restarts
    healed_share = 0.25
    noise_window = 120
    noise_factor = 4.0
    least_progress = 0.3  # of the start: a run that has not learned has nothing to lose
    in_a_row = 5
    hold = 50

    def __init__(self):
        self.losses = deque(maxlen=self.noise_window)
        self.points, self.start, self.best = 0, None, float("inf")
        self._first = []
        self.episode = Episode(self, in_a_row=self.in_a_row, hold=self.hold)

    def resume(self):
        """After a rollback: what was reached stays known, the batches since are forgotten."""
        self.losses.clear()
        self.points = 0
        self.episode = Episode(self, in_a_row=self.in_a_row, hold=self.hold)

    def observe(self, step):
        if not isfinite(step.loss) or not step.run.single_loss:
            return
        self.losses.append(step.loss)
        self.points += 1
        self._learn_start_and_best(step.loss)
        if self.points <= self.warm_up or self.start is None:
            return
        share = self.share_lost()
        # Once it is open the noise is the incident's own.
        present = share >= self.lost_share and (self.episode.open or self._beyond_noise())
        incident = self.episode.update(step, present, share < self.healed_share, lambda: self._message(share), lambda: self._numbers(share))
        if incident is not None:
            yield incident

    def _learn_start_and_best(self, loss):
        if self.start is None:
            self._first.append(loss)
            if len(self._first) == self.start_window:
                self.start = median(self._first)
        if len(self.losses) >= self.best_window:
            self.best = min(self.best, median(self._last(self.best_window)))

    def _last(self, count):
        return list(islice(reversed(self.losses), count))

    def share_lost(self):
        """The part of the progress that the median of the last batches has lost; 0 where there was none to speak of."""
        progress = self.start - self.best
        if not progress > self.least_progress * abs(self.start):
            return 0.0
        return (self.now() - self.best) / progress

    def now(self):
        return median(self._last(self.now_window))

    def _beyond_noise(self):
        floor = self.noise_factor * self.noise()
        return self.start - self.best > floor and self.now() - self.best > floor

    def noise(self):
        """1.4826 times the median absolute deviation of the batches ``noise_window`` to ``now_window`` back (a normal deviation)."""
        earlier = list(self.losses)[: -self.now_window]
        middle = median(earlier)
        return 1.4826 * median(abs(loss - middle) for loss in earlier)

    def _message(self, share):
        lost = "all" if share >= 1 else f"{share:.0%}"
        return f"The loss lost {lost} of its progress: it started at {self.start:.3g}, reached {self.best:.3g} and is at {self.now():.3g}."

    def _numbers(self, share):
        return {"start": self.start, "best": self.best, "now": self.now(), "lost": share}
