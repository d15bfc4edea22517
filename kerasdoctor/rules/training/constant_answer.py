from statistics import median

from kerasdoctor.episode import changed, incident_of
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class ConstantAnswer(TrainingRule):
    """The answer is the same for every row.

    ## Why it hurts training

    What the model answers no longer depends on its input; only the bias of the last layer still learns, and it can learn no more than the
    mean of the labels. Dead relu layers do this (one step too large, a bias far below zero), and so do weights that all start at zero, and
    inputs that are all alike. On the curve it looks like a model that learns slowly: the loss settles at the spread of the labels, or at
    ln K.

    ## How it is detected

    In two probes in a row the outputs on a fixed small batch are equal to six digits over all rows, although the labels differ, and the
    gradient is not zero (else it is zero-gradient). One probe is enough where the loss has not moved from its start and no output is
    saturated. A saturated answer, as that of a classifier which is sure of one class, counts only while the loss is above half of its
    start. The first probe is made after 50 batches where the loss has not moved, else after some seconds.

    ## Example

    ```python
    model = keras.Sequential(
        [
            keras.Input((8,)),
            keras.layers.Dense(32, activation="relu", kernel_initializer="zeros"),
            keras.layers.Dense(3, activation="softmax", kernel_initializer="zeros"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=20)
    ```

    ## Fix

    Start again from new weights: with the default initializers, a lower learning rate, or a leaky relu; and look at what the inputs hold.
    """

    code = "KD523"
    severity = Severity.WARNING
    suspects = ("initializer", "hidden_activation", "input_scale")

    in_a_row = 2
    high = 0.5  # of the start: below that a saturated answer is a learned one, on a batch that holds one class and an odd label
    still = 0.9  # of the start
    start_window = 5

    def __init__(self):
        self.incident, self._row, self._first, self._loss = None, 0, [], None

    def resume(self):
        """After a rollback: the start stays known."""
        self.incident, self._row = None, 0

    def observe(self, step):
        self._loss = step.loss
        if len(self._first) < self.start_window:
            self._first.append(step.loss)
        if step.signals is not None:
            yield from self.observe_signals(step)

    def observe_signals(self, step):
        """The same for signals that were measured after the step."""
        signals = step.signals
        if signals.constant is None or not signals.labels_differ:
            return
        saturated, level = bool(signals.saturated), self._level(signals)
        present = signals.constant and signals.gradient_norm != 0 and (not saturated or level >= self.high)
        self._row = self._row + 1 if present else 0
        enough = 1 if level >= self.still and not saturated else self.in_a_row
        if self._row >= enough and self.incident is None:
            message = f"The model answers the same to every row, though the labels differ; the loss is {self._loss:.3g}."
            self.incident = incident_of(self, step, "confirmed", message, {"loss": self._loss, "gradient_norm": signals.gradient_norm})
            yield self.incident
        elif not signals.constant and self.incident is not None:
            yield changed(self.incident, state="recovered", until=step.batch)
            self.incident = None

    def _level(self, signals):
        """The loss on the probe's batch as a part of the start; 0 where that is not known."""
        start = median(self._first) if self._first else 0.0
        return signals.probe_loss / start if start > 0 and signals.probe_loss is not None else 0.0
