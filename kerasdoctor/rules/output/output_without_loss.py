from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule


class OutputWithoutLoss(SnapshotRule):
    """An output has no loss, or a loss of weight 0.

    ## Why it hurts training

    Nothing teaches the layers that lead to this output alone: they keep their first weights, and `predict()` returns their noise.

    ## How it is detected

    The model has several outputs, at least one has a loss, and this one has none or weight 0. It is an information, because an output
    may be there for reading only; a warning where fit is given labels for an output without a loss, and no metric reads them.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 1))
    inputs = keras.Input((4,))
    model = keras.Model(inputs, [layers.Dense(1, name="a")(inputs), layers.Dense(1, name="b")(inputs)])
    model.compile("adam", ["mse", None])
    model.fit(x, [y, y])
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 1))
    inputs = keras.Input((4,))
    model = keras.Model(inputs, [layers.Dense(1, name="a")(inputs), layers.Dense(1, name="b")(inputs)])
    model.compile("adam", ["mse", "mse"])
    model.fit(x, [y, y])
    ```
    """

    code = "KD118"
    severity = Severity.INFO
    suspects = ("loss",)

    def check(self, snapshot):
        taught = [c for c in snapshot.contracts if c.loss.name is not None and c.loss.weight != 0]
        for contract in snapshot.contracts:
            if taught and contract not in taught:
                unread = contract.loss.name is None and contract.labels is not None and not contract.metrics
                yield self.finding(
                    f"Output {contract.output} has {'no loss' if contract.loss.name is None else 'loss weight 0'}: nothing teaches it.",
                    contract.head.layer or "loss",
                    severity=Severity.WARNING if unread else self.severity,
                    evidence={"output": contract.output} | ({"labels given": contract.labels.rows} if unread else {}),
                    output=contract.output,
                )
