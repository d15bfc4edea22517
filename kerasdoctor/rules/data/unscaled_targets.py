import math

from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale
from kerasdoctor.rules.data.reach import reach, updates_of
from kerasdoctor.rules.output.remedies import standardised

SQUARED = ("mean_squared_error",)
SCALED_BY_SIZE = ("mean_squared_error", "mean_absolute_error", "huber", "log_cosh")


class UnscaledTargets(SnapshotRule):
    """The regression targets are too large for this training.

    ## Why it hurts training

    An output begins near 0. Adam and its kin move a weight by about the learning rate in a step, however large the gradient is:
    targets in the millions are not reached within the training, predictions stay flat and the loss hardly moves off its start. Plain
    SGD takes steps as large as the gradient, and the gradient of a squared error is as large as the targets: the weights jump, and
    the loss becomes NaN.

    ## How it is detected

    For optimizers of Adam's kind: the size of the targets against what the head can reach if every one of the updates of this call
    went the right way, reckoned from learning rate, updates and the widths of the layers. For SGD under a squared error without
    clipping: the first step of a head's weight, 2 x rate x size of the targets, from 1 up. An error beyond ten times out of reach.
    Silent for targets up to 10, and where the outputs are of the size of the targets from the start.

    ## Example

    ```python
    x = rng.random((640, 4))
    y = 1_000_000 * x.sum(axis=1)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y, epochs=20)
    ```

    ## Fix

    Scale the targets for fit, and predictions back.

    ```python
    x = rng.random((640, 4))
    y = 1_000_000 * x.sum(axis=1)
    mean, spread = y.mean(), y.std()
    model = keras.Sequential([keras.Input((4,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, (y - mean) / spread, epochs=20)
    ```
    """

    code = "KD312"
    severity = Severity.WARNING
    suspects = ("label_range", "input_scale", "learning_rate")
    explained_by = ("KD109", "KD119", "KD103")
    beyond_reach = 1.0  # size of the targets over what the head can reach; see reach.reach
    first_step = 1.0  # of a weight: several times what glorot draws; runs of 16 to 64 units were sound at 0.5 and NaN at 1.1
    far_beyond = 10.0  # times out of reach: an error, no luck with the data makes up for that
    unit = 10.0  # size of targets up to which too few updates are to blame, not the targets
    near = 0.1  # of the targets' size: such outputs are there already

    def check(self, snapshot):
        for contract in snapshot.contracts:
            labels, head = contract.labels, contract.head
            if labels is None or labels.std is None or contract.loss.computes not in SCALED_BY_SIZE or labels.equals_input:
                continue
            size = math.hypot(labels.mean, labels.std)
            if not head.known or head.after or head.ends_in("sigmoid", "tanh", "softmax") or self._near(contract, size):
                continue
            yield from self._jumps(snapshot, contract, size)
            yield from self._out_of_reach(snapshot, contract, size)

    def _near(self, contract, size):
        probe = contract.probe
        return probe is not None and probe.minimum is not None and max(-probe.minimum, probe.maximum) >= self.near * size

    def _jumps(self, snapshot, contract, size):
        optimizer = snapshot.optimizer
        if (
            optimizer is None
            or optimizer.kind != "SGD"
            or optimizer.clipped
            or not optimizer.learning_rate
            or contract.loss.computes not in SQUARED
        ):
            return
        step = 2 * optimizer.learning_rate * size
        if step >= self.first_step:
            yield self._say(
                contract,
                f"Targets of size {scale.number(size)} make the first SGD step move weights of the head by {scale.number(step)}.",
                {"size of the targets": float(scale.number(size)), "first step of a weight": float(scale.number(step))},
            )

    def _out_of_reach(self, snapshot, contract, size):
        reached = reach(snapshot, contract)
        if reached is None or size <= max(self.unit, self.beyond_reach * reached):
            return
        updates, optimizer = updates_of(snapshot.fit), snapshot.optimizer
        yield self._say(
            contract,
            f"Targets of size {scale.number(size)}: {updates:,} steps of {optimizer.learning_rate:g} bring the output to "
            f"{scale.number(reached)} at most.",
            {
                "size of the targets": float(scale.number(size)),
                "within reach of the head": float(scale.number(reached)),
                "updates": updates,
            },
            Severity.ERROR if size > self.far_beyond * reached else Severity.WARNING,
        )

    def _say(self, contract, message, evidence, severity=Severity.WARNING):
        labels = contract.labels
        evidence = {"targets": f"{scale.number(labels.minimum)} to {scale.number(labels.maximum)}"} | evidence | scale.sampled(labels)
        return self.finding(
            message,
            "data.y",
            severity=severity,
            evidence=evidence,
            proof=("targets",),
            fixes=self._fixes(contract),
            output=contract.output,
        )

    def _fixes(self, contract):
        edit, note = standardised(contract.labels)
        kind = Applicability.UNSAFE if edit else Applicability.DISPLAY_ONLY
        return [Fix("standardise the targets", kind, (edit,) if edit else (), note)]
