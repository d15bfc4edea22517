from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule


class BatchnormHardlyUpdated(SnapshotRule):
    """The fit is too short for the moving averages of batch normalization.

    ## Why it hurts training

    While training, batch normalization uses each batch's own mean and variance; `evaluate`, `predict` and the validation use moving
    averages, which start at 0 and 1 and keep `momentum` of themselves at each update. After few updates they still are mostly 0 and 1:
    training accuracy is high, validation is at chance, and the model seems to overfit.

    ## How it is detected

    momentum to the power of all updates of this fit, the share that the first values still have at its end, is above one half (69
    updates at Keras's 0.99). Frozen layers do not update, pretrained ones start from the right values: both are left alone. Information
    only where the number of epochs was not written.

    ## Example

    ```python
    x, y = rng.random((128, 4)), rng.random((128, 1))
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(16), layers.BatchNormalization(), layers.ReLU(), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    model.fit(x, y, epochs=10)
    ```

    ## Fix

    ```python
    x, y = rng.random((128, 4)), rng.random((128, 1))
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(16), layers.BatchNormalization(momentum=0.9), layers.ReLU(), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    model.fit(x, y, epochs=10)
    ```
    """

    code = "KD414"
    severity = Severity.WARNING
    suspects = ("normalization", "epochs")
    share = 0.5  # of the first values in the averages at the end

    def check(self, snapshot):
        fit = snapshot.fit
        if fit is None or not fit.updates or not fit.written or (snapshot.optimizer and snapshot.optimizer.iterations):
            return
        found = [layer for layer in snapshot.model.layers if self._lags(layer, fit.updates)]
        if not found:
            return
        left = _momentum(found[0]) ** fit.updates
        usual = next((value for value in (0.9, 0.8) if value**fit.updates <= 0.1), 0.5)
        yield self.finding(
            f"After the {fit.updates} updates of this fit the averages of {found[0].name} still hold {left:.0%} of their first values: "
            "evaluate and predict will not agree with training.",
            found[0].path,
            severity=self.severity if "epochs" in fit.arguments else Severity.INFO,
            evidence={"updates": fit.updates, "momentum": _momentum(found[0]), "first values left": f"{left:.0%}", "layers": len(found)},
            proof=("first values left",),
            fixes=[
                Fix(f"momentum={usual}", Applicability.SAFE, tuple(SetArgument(layer.path, "momentum", usual) for layer in found)),
                Fix("more epochs", Applicability.DISPLAY_ONLY, (), "A few hundred updates are enough for 0.99."),
            ],
        )

    def _lags(self, layer, updates):
        if layer.kind != "BatchNormalization" or not layer.builtin or not layer.trainable or not layer.fresh:
            return False
        return _momentum(layer) ** updates > self.share


def _momentum(layer):
    return float(layer.config.get("momentum") or 0.0)
