from collections import deque
from math import isfinite
from statistics import median

from kerasdoctor.episode import changed, incident_of
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class ZeroGradient(TrainingRule):
    """The gradient is exactly zero while the loss is high.

    ## Why it hurts training

    Without a gradient no weight moves, whatever the loss. The usual reason is a saturated head on a clipped loss: outputs of exactly 0 or
    1 lie outside the clipping at 1e-7, each wrong row costs 16, and nothing pulls it back. `loss = 16 x (1 - accuracy)` is the mark of
    it. Other reasons: all units of a relu layer dead, all trainable weights cut off from the loss.

    ## How it is detected

    The norm of the gradient on a fixed small batch is exactly 0 in two probes in a row, or in one where the answer is the same for every
    row, while the loss is still more than half of what it was at the start and the accuracy, where there is one, is not clearly above
    chance. A model that has learned everything under a clipped loss also has zero gradient; it is left alone. Probes are made every few
    seconds, and at once when the loss has not moved or another rule has spoken.

    ## Example

    ```python
    model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy")  # JAX or torch, two softmax units, wide random kernels
    ```

    ## Fix

    Start again with a lower learning rate, or give the loss logits (`from_logits=True` and no activation), which has no clipping.
    """

    code = "KD507"
    severity = Severity.ERROR
    suspects = ("learning_rate", "loss", "initializer")

    in_a_row = 2  # one probe can fall on a batch that happens to be solved
    high = 0.5  # of the start
    least_gain = 0.2  # over chance
    start_window = 5
    now_window = 18

    def __init__(self):
        self.losses, self.accuracies = deque(maxlen=self.now_window), deque(maxlen=self.now_window)
        self._first, self._row, self.incident = [], 0, None

    def resume(self):
        """After a rollback."""
        self.losses.clear()
        self._row, self.incident = 0, None

    def observe(self, step):
        if isfinite(step.loss):
            self.losses.append(step.loss)
            if len(self._first) < self.start_window:
                self._first.append(step.loss)
        accuracy = step.metrics.get(step.run.accuracy)
        if accuracy is not None:
            self.accuracies.append(accuracy)
        if step.signals is not None:
            yield from self.observe_signals(step)

    def observe_signals(self, step):
        """The same for signals that were measured after the step."""
        if step.signals.gradient_norm is None:
            return
        zero = step.signals.gradient_norm == 0 and self._still_high(step)
        self._row = self._row + 1 if zero else 0
        enough = 1 if step.signals.constant else self.in_a_row  # the same answer to every row is no batch that happens to be solved
        if self._row >= enough and self.incident is None:
            self.incident = incident_of(self, step, "confirmed", self._message(), self._numbers())
            yield self.incident
        elif step.signals.gradient_norm != 0 and self.incident is not None:
            yield changed(self.incident, state="recovered", until=step.batch)
            self.incident = None

    def _still_high(self, step):
        if not self.losses or median(self.losses) < self.high * abs(median(self._first)):
            return False
        return not (self.accuracies and step.run.chance is not None and median(self.accuracies) > step.run.chance + self.least_gain)

    def _message(self):
        text = f"The gradient is exactly 0 and the loss is {median(self.losses):.3g}: nothing can change any more."
        return text + (" The loss is 16 x (1 - accuracy): a saturated, constant answer on a clipped loss." if self._clipped() else "")

    def _clipped(self):
        """Whether the loss is that of a constant saturated answer: -ln(1e-7) = 16.1 for each wrong row, 15.9 to 16.1 in float32."""
        if not self.accuracies or not self.losses:
            return False
        wrong = 1 - sum(self.accuracies) / len(self.accuracies)
        mean = sum(self.losses) / len(self.losses)
        return wrong > 0.05 and 14 < mean / wrong < 18

    def _numbers(self):
        accuracy = sum(self.accuracies) / len(self.accuracies) if self.accuracies else None
        return {"gradient_norm": 0.0, "loss": median(self.losses), "clipped_saturated": self._clipped()} | (
            {"accuracy": accuracy} if accuracy is not None else {}
        )
