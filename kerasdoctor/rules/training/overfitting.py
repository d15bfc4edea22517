from math import isfinite

from kerasdoctor.episode import changed, incident_of
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class Overfitting(TrainingRule):
    """The validation loss rises while the training loss falls.

    ## Why it hurts training

    The model learns the training rows by heart. Every further epoch makes it worse on rows it has not seen; the weights of the best epoch
    are the ones to keep.

    ## How it is detected

    The validation loss has been more than 10 % above its best for 5 epochs in a row, and the training loss is below what it was at that
    best. It needs validation data in fit, and is silent where the validation loss is only noisy.

    ## Example

    ```python
    model.fit(x, y, validation_split=0.2, epochs=200)  # a large model on a few rows
    ```

    ## Fix

    Go back to the best epoch (`watch.restore("best")`), stop there next time (`EarlyStopping(restore_best_weights=True)`), or regularize.
    """

    code = "KD516"
    severity = Severity.WARNING
    suspects = ("epochs", "dropout", "regularizer")

    above = 0.1  # of the best
    patience = 5  # epochs

    def __init__(self):
        self.best, self.loss_at_best, self.best_epoch, self._row, self.incident = None, None, None, 0, None

    def observe(self, step):
        return ()

    def observe_epoch(self, epoch, step):
        """At an epoch's end, with its logs."""
        value, loss = epoch.logs.get("val_loss"), epoch.logs.get("loss")
        if value is None or loss is None or not (isfinite(value) and isfinite(loss)):
            return
        if self.best is None or value < self.best:
            self.best, self.loss_at_best, self.best_epoch, self._row = value, loss, epoch.number, 0
            if self.incident is not None:
                yield changed(self.incident, state="recovered", until=step.batch)
                self.incident = None
            return
        worse = value - self.best > self.above * max(abs(self.best), 1e-12) and loss < self.loss_at_best
        self._row = self._row + 1 if worse else 0
        if self._row >= self.patience and self.incident is None:
            message = (
                f"The validation loss was {self.best:.3g} in epoch {self.best_epoch} and is {value:.3g} now; the training loss still falls."
            )
            numbers = {"best_epoch": self.best_epoch, "best": self.best, "now": value, "loss": loss}
            self.incident = incident_of(self, step, "confirmed", message, numbers)
            yield self.incident
