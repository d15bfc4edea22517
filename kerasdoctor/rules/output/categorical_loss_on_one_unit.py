from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class CategoricalLossOnOneUnit(SnapshotRule):
    """A categorical cross-entropy is computed over a single unit.

    ## Why it hurts training

    With one class there is nothing to choose: categorical cross-entropy is exactly 0 from the first batch on and no weight moves.
    Sparse categorical cross-entropy raises an error on TensorFlow for the label 1, gives NaN under XLA, and 0 on JAX.

    ## How it is detected

    The output's last axis has one entry and the loss is categorical or sparse categorical cross-entropy.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    Binary cross-entropy for two classes; one unit a class and softmax for more.

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD104"
    severity = Severity.ERROR
    suspects = ("loss", "head_units", "head_activation")
    explained_by = ("KD103",)

    def check(self, snapshot):
        for contract in snapshot.contracts:
            loss = contract.loss
            if contract.head.axis_size != 1 or not (loss.is_categorical or loss.is_sparse):
                continue
            many = (r.classes_of(contract) or 0) > 2
            yield self.finding(
                f"{loss.computes} over one unit has one class to choose from: it is 0 whatever the model says.",
                contract.head.layer or "loss",
                suspects=("head_units", "loss", "head_activation") if many else self.suspects,
                evidence={"units": 1} | r.label_evidence(contract) | self._seen(contract),
                proof=("loss that fit sees", "units"),
                fixes=r.classifier(snapshot, contract),
                output=contract.output,
            )

    def _seen(self, contract):
        seen = contract.probe.seen if contract.probe else None
        return {} if seen is None else {"loss that fit sees": r.number(seen)}
