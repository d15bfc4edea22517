from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class UnitsDoNotMatchClasses(SnapshotRule):
    """The head has another number of units than the labels have classes.

    ## Why it hurts training

    One-hot labels of another width stop `fit` with a shape error. Class numbers beyond the units raise an error on TensorFlow's
    CPU and on torch, give NaN under XLA, and on JAX count as no loss at all. One unit for more than two classes can only learn an order
    that is not there; under binary cross-entropy a label of 2 or more has no lower bound.

    ## How it is detected

    Classification losses only: the columns of one-hot labels against the units; the largest class number against the units of sparse
    categorical cross-entropy, where the classes begin at 0; more than two whole-number classes under a single unit with binary
    cross-entropy. More units than classes seen is no fault: a class may be missing from the data at hand.

    ## Example

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 6
    model = keras.Sequential([keras.Input((4,)), layers.Dense(5, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 6
    model = keras.Sequential([keras.Input((4,)), layers.Dense(6, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD110"
    severity = Severity.ERROR
    suspects = ("head_units", "label_encoding", "loss")
    explained_by = ("KD103", "KD104")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            wanted = self._wanted(contract)
            if wanted is None:
                continue
            head = contract.head
            yield self.finding(
                f"The head has {head.axis_size} unit{'s' if head.axis_size != 1 else ''}; the labels have {wanted} classes.",
                head.layer or "loss",
                evidence={"units": head.axis_size, "classes in the labels": wanted} | r.label_evidence(contract),
                proof=("units",),
                fixes=self._fixes(snapshot, contract, wanted),
                output=contract.output,
            )

    def _wanted(self, contract):
        labels, loss, size = contract.labels, contract.loss, contract.head.axis_size
        if labels is None or not loss.is_crossentropy or not size or not labels.classes:
            return None
        if loss.is_sparse and labels.form in ("integers", "binary") and size > 1 and (labels.minimum or 0) == 0:
            return labels.classes if labels.classes > size else None
        if loss.is_sparse:
            return None
        if labels.form in ("one-hot", "multi-hot", "probabilities"):
            same_rank = contract.head.output_shape is None or len(labels.shape or ()) == len(contract.head.output_shape)
            return labels.classes if labels.classes != size and same_rank else None
        if loss.is_binary and size == 1 and labels.form == "integers" and labels.minimum == 0 and len(labels.counts) > 2:
            return labels.classes
        return None

    def _fixes(self, snapshot, contract, wanted):
        if contract.head.axis_size == 1:
            return r.classifier(snapshot, contract)
        return [r.fix(f"{wanted} units", r.UNSAFE, [r.units(contract, wanted)], f"predict() then returns {wanted} columns.")]
