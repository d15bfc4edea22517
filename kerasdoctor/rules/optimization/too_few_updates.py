import math

from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.optimization import rates


class TooFewUpdates(SnapshotRule):
    """The whole fit changes the weights only a few times.

    ## Why it hurts training

    Weights change once a batch, not once a row or an epoch: ten epochs of one batch are ten steps. Adam's and momentum's averages alone
    look back over ten steps. The curve falls to the end and stops in the middle; predictions are little more than the first weights.

    ## How it is detected

    Steps an epoch x epochs of this call. A warning at 20 updates or fewer, where even together they change little: Adam and its kin can
    move a sum of the widest layer by less than 10 times its first spread, or SGD's updates x rate are below 2. Wide layers learn in
    fewer updates. Information below 100 updates, and where the number of epochs was not written. Silent for models that were trained
    before, or of which a part is frozen or pretrained.

    ## Example

    ```python
    x, y = rng.random((16, 4)), rng.random((16, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y, epochs=10)
    ```

    ## Fix

    ```python
    x, y = rng.random((16, 4)), rng.random((16, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y, epochs=300)
    ```
    """

    code = "KD203"
    severity = Severity.WARNING
    suspects = ("epochs", "batch_size")
    after_others = True
    few = 20  # twice the span that momentum 0.9 and Adam's beta_1 average over
    some = 100
    reach = 10.0  # first spreads of a sum
    time = 2.0  # of gradient descent: a direction of curvature 1 has come seven eighths of its way
    wanted = 300  # for the fix

    def check(self, snapshot):
        fit = snapshot.fit
        if fit is None or not fit.written or not fit.updates or fit.updates >= self.some:
            return
        if not snapshot.model.compiled or not rates.is_from_scratch(snapshot):
            return
        plain = fit.updates > self.few or "epochs" not in fit.arguments or self._goes_far(snapshot)
        yield self.finding(
            f"{fit.epochs} epochs of {fit.steps} batches change the weights {fit.updates} times in all.",
            "fit.epochs",
            severity=Severity.INFO if plain else self.severity,
            evidence={"updates": fit.updates, "epochs": fit.epochs, "batches an epoch": fit.steps, "batch size": fit.batch_size},
            proof=("updates",),
            fixes=self._fixes(fit),
        )

    def _goes_far(self, snapshot):
        optimizer, widest = snapshot.optimizer, rates.widest(snapshot)
        if optimizer is None or optimizer.learning_rate is None or widest is None:
            return False
        if optimizer.kind in rates.NORMALISED:
            return snapshot.fit.updates * optimizer.learning_rate * rates.fan_in(widest) >= self.reach
        return optimizer.kind == "SGD" and snapshot.fit.updates * rates.effective_rate(optimizer) >= self.time

    def _fixes(self, fit):
        epochs = fit.initial_epoch + math.ceil(self.wanted / fit.steps)
        return [
            Fix(
                f"epochs={epochs}",
                Applicability.UNSAFE,
                (SetArgument("fit", "epochs", epochs),),
                f"{epochs * fit.steps} updates. Watch the validation loss: so many passes over few rows can overfit.",
            )
        ]
