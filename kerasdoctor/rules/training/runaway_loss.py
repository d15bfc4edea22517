from collections import deque
from math import isfinite
from statistics import median

from kerasdoctor.episode import Episode
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class RunawayLoss(TrainingRule):
    """The loss runs away to more than ten times its start.

    ## Why it hurts training

    Each step makes the loss larger than the last: the learning rate is beyond what the loss surface bears, or gradients explode through
    many layers or time steps. It ends in infinite values.

    ## How it is detected

    The median of the last 9 batch losses is above 10 times the start, or above 10 where the start is below 1, for 5 points in a row. The
    start is the median of the first 5 batch losses. The median keeps single outliers of heavy-tailed losses quiet. A loss that runs away
    downwards is unbounded-loss.

    ## Example

    ```python
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(5.0), "mse")
    model.fit(x, y, epochs=3)
    ```

    ## Fix

    Lower the learning rate by ten, scale inputs and targets to unit size, or clip the gradients (`clipnorm=1.0`).
    """

    code = "KD506"
    severity = Severity.ERROR
    suspects = ("learning_rate", "input_scale", "optimizer")

    factor = 10.0  # 0 false alarms in 21 healthy runs at this value
    least_start = 1.0
    start_window = 5
    now_window = 9
    in_a_row = 5
    hold = 50

    def __init__(self):
        self.losses, self.start, self._first = deque(maxlen=self.now_window), None, []
        self.episode = Episode(self, in_a_row=self.in_a_row, hold=self.hold)

    def resume(self):
        """After a rollback: the start stays known."""
        self.losses.clear()
        self.episode = Episode(self, in_a_row=self.in_a_row, hold=self.hold)

    def observe(self, step):
        if not isfinite(step.loss) or not step.run.single_loss:
            return
        self.losses.append(step.loss)
        if self.start is None:
            self._first.append(step.loss)
            if len(self._first) == self.start_window:
                self.start = median(self._first)
        if len(self.losses) < self.now_window:
            return
        now, limit = median(self.losses), self.factor * max(abs(self.start), self.least_start)
        incident = self.episode.update(
            step,
            now > limit,
            now < limit / 2,
            lambda: f"The loss started at {self.start:.3g} and is at {now:.3g}.",
            lambda: {"start": self.start, "now": now},
        )
        if incident is not None:
            yield incident
