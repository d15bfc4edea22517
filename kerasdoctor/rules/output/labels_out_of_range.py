from kerasdoctor.finding import Severity, WrapData
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class LabelsOutOfRange(SnapshotRule):
    """The labels have values that a cross-entropy cannot take.

    ## Why it hurts training

    Binary cross-entropy with labels -1 and 1, or 0 to 2, has no lower bound: the loss runs to minus thousands while accuracy, which
    compares with 0 and 1, reads nonsense. A class number at or beyond the units raises an error on TensorFlow's CPU and on torch, gives NaN
    under XLA, and is silently ignored on JAX. Text cannot be trained on at all.

    ## How it is detected

    The smallest and largest label under a cross-entropy: outside [0, 1] for binary and categorical; below 0, or one too high because the
    classes begin at 1, for sparse categorical. Text labels under any loss.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.choice([-1, 1], 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.choice([0, 1], 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD112"
    severity = Severity.ERROR
    suspects = ("label_range", "label_encoding", "loss")
    explained_by = ("KD104", "KD110", "KD103", "KD111")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            labels = contract.labels
            if labels is None:
                continue
            if labels.form == "text":
                yield self._text(contract)
            elif contract.loss.is_crossentropy and labels.minimum is not None:
                yield from self._numbers(snapshot, contract)

    def _text(self, contract):
        names = ", ".join(repr(name) for name in contract.labels.examples)
        return self.finding(
            f"The labels are text ({names}); a loss needs numbers.",
            "data.y",
            suspects=("label_encoding", "label_range"),
            evidence={"labels": names, "different values": contract.labels.classes},
            proof=("labels",),
            fixes=[
                r.fix(
                    "class numbers",
                    r.UNSAFE,
                    [WrapData("y", "np.unique({}, return_inverse=True)[1]")],
                    "np.unique numbers the classes in alphabetical order; keep its first result to name them again.",
                )
            ],
            output=contract.output,
        )

    def _numbers(self, snapshot, contract):
        labels, loss, size = contract.labels, contract.loss, contract.head.axis_size or 1
        if loss.is_sparse:
            # Classes that begin at 0 and go too far are units-do-not-match-classes.
            allowed, wrong = f"0 to {size - 1}", size > 1 and labels.whole and (labels.minimum < 0 or labels.maximum >= size > 1)
        else:
            allowed, wrong = "0 to 1", labels.minimum < 0 or labels.maximum > 1
        if not wrong:
            return
        yield self.finding(
            f"The labels go from {labels.minimum:.4g} to {labels.maximum:.4g}; {loss.computes} takes {allowed}.",
            "data.y",
            suspects=("loss", "label_range", "head_activation") if labels.form == "continuous" else self.suspects,
            evidence={"labels": f"{labels.minimum:.4g} to {labels.maximum:.4g}", "allowed": allowed},
            proof=("labels",),
            fixes=self._fixes(snapshot, contract),
            output=contract.output,
        )

    def _fixes(self, snapshot, contract):
        labels, size = contract.labels, contract.head.axis_size or 1
        if labels.form == "plus-minus-one":
            return [r.fix("labels 0 and 1", r.UNSAFE, [WrapData("y", "({} + 1) / 2")], "-1 becomes 0.")]
        if contract.loss.is_sparse and labels.whole and labels.minimum == 1 and labels.maximum == size:
            return [r.fix("class numbers from 0", r.UNSAFE, [WrapData("y", "{} - 1")], "Class 1 becomes column 0 of predict().")]
        if contract.loss.is_sparse and labels.whole and labels.minimum >= 0:
            wanted = int(labels.maximum) + 1
            return [r.fix(f"{wanted} units", r.UNSAFE, [r.units(contract, wanted)], "One unit for every class number from 0.")]
        if labels.form == "integers" and size == 1 and labels.minimum == 1 and labels.maximum == 2:
            return [r.fix("labels 0 and 1", r.UNSAFE, [WrapData("y", "{} - 1")], "1 becomes 0 and 2 becomes 1.")]
        if labels.form == "one-hot":
            return []
        if not labels.whole and size == 1:
            edits = [r.activation(contract, "linear"), r.loss(snapshot, contract, "mean_squared_error")]
            return [r.fix("a linear unit with mean_squared_error", r.UNSAFE, edits, "The targets are continuous: a regression.")]
        return []
