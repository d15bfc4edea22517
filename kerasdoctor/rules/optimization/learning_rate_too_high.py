from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.optimization import rates


class LearningRateTooHigh(SnapshotRule):
    """The learning rate is far above what this optimizer can take on this model.

    ## Why it hurts training

    Adam and its kin move every weight by about the learning rate in each update, whatever the gradient. A unit that sums n numbers can then
    change by n times the rate in one step; its sums at the start have a spread of about 1. Beyond that each step undoes the last: the
    loss jumps up in the first batches, relu units die, sigmoids saturate, and what is left is a constant answer. Plain gradient descent
    diverges to NaN instead.

    ## How it is detected

    Adam, AdamW, Nadam, Adamax, RMSprop, Lion: a rate above 0.02 (20 times Adam's default), and rate x n above 2 for the layer whose units
    sum most numbers; or any rate of 1 and more. SGD: rate / (1 - momentum) above 2 for batches up to 256, in proportion above (Goyal et
    al. 2017). Small models, where n is small, may take high rates and are left alone. It cannot see rates that a custom callback sets.

    ## Example

    ```python
    x, y = rng.random((64, 100)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((100,)), layers.Dense(50, activation="relu"), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(learning_rate=0.1), "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 100)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((100,)), layers.Dense(50, activation="relu"), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(learning_rate=0.001), "mse")
    model.fit(x, y)
    ```
    """

    code = "KD201"
    severity = Severity.WARNING
    suspects = ("learning_rate", "optimizer")
    normalised = 0.02  # 20 times Adam's default
    reach = 2.0  # spreads of a fresh unit's sum that one update may move it
    hopeless = 1.0  # each step moves every weight further than any initializer puts it
    descent = 2.0  # rate / (1 - momentum); residual networks train at 0.1 with momentum 0.9, which is 1
    batch = 256  # rows that this rate is meant for

    def check(self, snapshot):
        optimizer = snapshot.optimizer
        if optimizer is None or not optimizer.learning_rate:
            return
        if any(c.kind == "LearningRateScheduler" for c in (snapshot.fit.callbacks if snapshot.fit else ())):
            return
        if optimizer.kind in rates.NORMALISED:
            yield from self._normalised(snapshot, optimizer)
        elif optimizer.kind == "SGD":
            yield from self._descent(snapshot, optimizer)

    def _normalised(self, snapshot, optimizer):
        widest, rate = rates.widest(snapshot), optimizer.learning_rate
        if widest is None or rate <= self.normalised:
            return
        count = rates.fan_in(widest)
        if rate * count <= self.reach and rate < self.hopeless:
            return
        yield self._say(
            optimizer,
            f"{optimizer.kind} at {rate:g} can move a sum of {widest.name} by {rate * count:.3g} in one update ({count} inputs); "
            "at the start such a sum is about 1 wide.",
            Severity.ERROR if rate >= self.hopeless else self.severity,
            {"one update can move a sum by": float(f"{rate * count:.3g}"), "inputs of a unit": count},
        )

    def _descent(self, snapshot, optimizer):
        rows = snapshot.fit.batch_size if snapshot.fit and snapshot.fit.batch_size else self.batch
        allowed = self.descent * max(1.0, rows / self.batch)
        rate = rates.effective_rate(optimizer)
        if rate <= allowed or _is_bounded(snapshot):
            return
        momentum = f" with momentum {optimizer.momentum:g}" if optimizer.momentum else ""
        yield self._say(
            optimizer,
            f"SGD at {optimizer.learning_rate:g}{momentum} takes steps of {rate:.3g} times the gradient; "
            f"gradient descent usually diverges above {allowed:g}.",
            self.severity,
            {"rate, momentum counted in": float(f"{rate:.3g}")},
        )

    def _say(self, optimizer, message, severity, evidence):
        usual = rates.USUAL[optimizer.kind]
        return self.finding(
            message,
            "optimizer",
            severity=severity,
            evidence={"learning rate": optimizer.learning_rate, "usual": usual} | evidence,
            proof=("learning rate",),
            fixes=[Fix(f"learning_rate={usual:g}", Applicability.SAFE, (SetArgument("optimizer", "learning_rate", usual),))],
        )


def _is_bounded(snapshot):
    """Sigmoid or tanh throughout under a squared error: gradients shrink with the saturation, steps of 3 are in use (Nielsen 2015)."""
    weighted = [layer for layer in snapshot.model.layers if layer.units and layer.activation is not None]
    if not snapshot.model.graph or not all(contract.loss.is_regression for contract in snapshot.contracts):
        return False
    ends = [contract.head.ends_in("sigmoid", "tanh") for contract in snapshot.contracts]
    bent = {layer.activation for layer in snapshot.model.layers if layer.activation not in (None, "linear")}
    return bool(weighted) and all(ends) and bent <= {"sigmoid", "tanh"}
