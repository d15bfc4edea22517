from math import isfinite

from kerasdoctor.episode import changed, incident_of
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class NonFiniteLoss(TrainingRule):
    """The loss became NaN or infinite.

    ## Why it hurts training

    A loss that is not a number has gradients that are not numbers, and one optimizer step with them makes every weight NaN. Nothing
    trains after that. It comes from a division by zero (a row of outputs that sums to 0 under a categorical cross-entropy), a logarithm
    of 0 or of a negative number, an overflow (a learning rate far too high, half precision), or from NaN in the data.

    Keras reports running means, so the printed loss stays NaN to the end of the epoch even where only one batch was bad.

    ## How it is detected

    The batch's own loss, recovered from the running means, is NaN or infinite. The incident is closed as recovered when the loss has been
    finite for 5 points in a row and the weights are not known to be bad. A finite loss does not prove finite weights: see
    non-finite-weights.

    ## Example

    ```python
    x = np.random.rand(64, 4)
    y = np.random.rand(64, 1)
    x[40, 2] = np.nan
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y, epochs=2)
    ```

    ## Fix

    Go back to the last healthy weights, then remove the cause: check the data for NaN, let the loss see logits, lower the learning rate,
    or clip the gradients (`clipnorm=1.0`).
    """

    code = "KD501"
    severity = Severity.ERROR
    suspects = ("learning_rate", "input_nan", "loss")

    finite_to_recover = 5  # one finite mean after a reset can hide a bad batch that is still to come

    def __init__(self):
        self.incident, self._finite, self._weights_bad = None, 0, False

    def observe(self, step):
        if step.signals is not None:
            self.observe_signals(step)
        if isfinite(step.loss):
            yield from self._recover(step)
        elif self.incident is None:
            self._finite = 0
            what = "NaN" if step.loss != step.loss else "infinite"
            message = f"The loss is {what} from epoch {step.epoch}, batch {step.batch_in_epoch}."
            self.incident = incident_of(self, step, "confirmed", message, {"loss": what})
            yield self.incident
        else:
            self._finite = 0

    def observe_signals(self, step):
        """Signals that were measured after the step."""
        self._weights_bad = not step.signals.weights_finite
        return ()

    def _recover(self, step):
        self._finite += 1
        if self.incident is not None and self._finite >= self.finite_to_recover and not self._weights_bad:
            yield changed(self.incident, state="recovered", until=step.batch)
            self.incident = None
