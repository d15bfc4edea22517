import math

from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.optimization import rates


class LearningRateTooLow(SnapshotRule):
    """The learning rate is so low that this fit cannot move the weights.

    ## Why it hurts training

    The loss stands still, or falls in a straight line so slowly that the run ends before anything is learnt. Keras 3 starts Adadelta at
    0.001, a thousandth of the rate it was made for: that is the commonest case.

    ## How it is detected

    Adam and its kin move a weight by at most about the rate in an update, Adagrad by less and less. All updates of this fit together,
    all in one direction, on the layer whose units sum most numbers, must be able to move such a sum by 1. For SGD on a model that
    starts from scratch with inputs of unit scale: updates x rate / (1 - momentum) below 0.05. Adadelta: a rate below 0.05. A rate of 0
    is an error. Schedules and rates that callbacks steer are not judged, nor rates at or above the optimizer's default (then it is the
    number of updates that is low).

    ## Example

    ```python
    x, y = rng.random((640, 8)), rng.random((640, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(learning_rate=1e-7), "mse")
    model.fit(x, y, epochs=20)
    ```

    ## Fix

    ```python
    x, y = rng.random((640, 8)), rng.random((640, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(learning_rate=1e-3), "mse")
    model.fit(x, y, epochs=20)
    ```
    """

    code = "KD202"
    severity = Severity.WARNING
    suspects = ("learning_rate", "optimizer")
    reach = 1.0  # the spread of a fresh unit's sum
    time = 0.05  # updates x rate of gradient descent: directions of curvature 20 and less do not move by a factor e
    adadelta = 0.05  # its paper's rate is 1

    def check(self, snapshot):
        optimizer, fit = snapshot.optimizer, snapshot.fit
        if optimizer is None or optimizer.learning_rate is None or rates.is_steered(snapshot):
            return
        rate, updates = optimizer.learning_rate, fit.updates if fit and "epochs" in fit.arguments else None
        if rate <= 0:
            yield self._say(optimizer, f"The learning rate is {rate:g}: no weight will move.", Severity.ERROR, {})
        elif optimizer.kind == "Adadelta" and rate < self.adadelta:
            yield self._say(
                optimizer,
                f"Adadelta at {rate:g} takes {1 / rate:.0f} times smaller steps than it was made for; Keras 3 starts it at 0.001.",
                self.severity,
                {},
            )
        elif updates and optimizer.kind in rates.NORMALISED + rates.SHRINKING:
            yield from self._normalised(snapshot, optimizer, updates)
        elif updates and optimizer.kind == "SGD":
            yield from self._descent(snapshot, optimizer, updates)

    def _normalised(self, snapshot, optimizer, updates):
        widest, scale = rates.widest(snapshot), rates.input_scale(snapshot)
        if widest is None or scale is None or optimizer.learning_rate >= rates.USUAL.get(optimizer.kind, 0.0):
            return
        steps = 2 * math.sqrt(updates) if optimizer.kind in rates.SHRINKING else updates
        moved = optimizer.learning_rate * steps * rates.fan_in(widest) * scale
        if moved < self.reach:
            yield self._say(
                optimizer,
                f"{optimizer.kind} at {optimizer.learning_rate:g} can move a sum of {widest.name} by at most {moved:.2g} "
                f"in all {updates} updates; at the start such a sum is about 1 wide.",
                self.severity,
                {"updates": updates, "all updates can move a sum by": float(f"{moved:.2g}")},
            )

    def _descent(self, snapshot, optimizer, updates):
        scale, rate = rates.input_scale(snapshot), rates.effective_rate(optimizer)
        if scale is None or scale > 10 or not rates.is_from_scratch(snapshot) or optimizer.learning_rate >= rates.USUAL["SGD"]:
            return
        if updates * rate < self.time:
            yield self._say(
                optimizer,
                f"SGD at {optimizer.learning_rate:g} over {updates} updates moves the weights "
                f"by {updates * rate:.2g} times the mean gradient in all.",
                self.severity,
                {"updates": updates, "updates x rate": float(f"{updates * rate:.2g}")},
            )

    def _say(self, optimizer, message, severity, evidence):
        usual = rates.USUAL.get(optimizer.kind)
        fixes = [Fix(f"learning_rate={usual:g}", Applicability.SAFE, (SetArgument("optimizer", "learning_rate", usual),))] if usual else []
        return self.finding(
            message,
            "optimizer",
            severity=severity,
            evidence={"learning rate": optimizer.learning_rate} | ({"usual": usual} if usual else {}) | evidence,
            proof=("learning rate",),
            fixes=fixes,
        )
