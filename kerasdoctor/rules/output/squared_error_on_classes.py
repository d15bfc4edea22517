from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r

UNBOUNDED = ("relu", "relu6", "elu", "selu", "softplus")


class SquaredErrorOnClasses(SnapshotRule):
    """Class labels are trained with a regression loss.

    ## Why it hurts training

    Behind a sigmoid or softmax the gradient of a squared or absolute error carries the slope of the activation: a head that is surely
    wrong has none and stays wrong. The mean absolute error is worse: its best constant answer is the commoner class, so the head
    drifts to one answer for all rows. Accuracy stays near the share of that class.

    ## How it is detected

    The loss is a mean squared, absolute or related error, the labels are one-hot or 0/1 and are not the inputs themselves (an
    autoencoder), and the head is a softmax, or a sigmoid or a bounded or linear unit on 0/1 labels. A squared error is named as an
    information where it can work (a Brier score, a least-squares GAN), as a warning with an absolute error, or where the head is no
    classifier's: unbounded on 0/1 labels, linear over one-hot columns.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "mean_absolute_error")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD108"
    severity = Severity.WARNING
    suspects = ("loss", "head_activation")
    absolute = ("mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error")
    explained_by = ("KD103", "KD113")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head, labels = contract.head, contract.labels
            if labels is None or not contract.loss.is_regression or labels.equals_input or not head.known:
                continue
            if labels.form not in ("one-hot", "binary") or len(labels.counts) < 2 or len(labels.shape or ()) > 1:
                continue
            ending = head.activations[-1] if head.activations else "linear"
            if not self._answers_classes(ending, labels, contract):
                continue
            absolute = contract.loss.computes in self.absolute
            unfit = ending in UNBOUNDED or (ending == "linear" and labels.form == "one-hot")
            yield self.finding(
                self._message(contract, ending),
                r.place_of(contract) if unfit else "loss",
                severity=Severity.WARNING if absolute or unfit else Severity.INFO,
                suspects=("head_activation", "loss") if unfit else self.suspects,
                evidence={"loss": contract.loss.computes, "head": str(head)} | r.label_evidence(contract),
                proof=("loss",),
                fixes=self._fixes(snapshot, contract),
                output=contract.output,
            )

    def _answers_classes(self, ending, labels, contract):
        if labels.form == "one-hot":
            return contract.head.axis_size == labels.classes
        return contract.head.axis_size == 1 and ending in ("sigmoid", "hard_sigmoid", "linear", "tanh", *UNBOUNDED)

    def _message(self, contract, ending):
        kind = "one-hot classes" if contract.labels.form == "one-hot" else "labels 0 and 1"
        if contract.loss.computes in self.absolute:
            return f"{contract.loss.computes} on {kind}: always naming the commoner class is a resting point of this loss."
        if ending == "linear" and contract.labels.form == "one-hot":
            size = contract.head.axis_size
            return f"The head scores {size} classes without softmax, and `{contract.loss.computes}` pulls the scores towards 0 and 1."
        return f"{contract.loss.computes} on {kind} behind {ending}: the gradient fades where the head is surely wrong."

    def _fixes(self, snapshot, contract):
        if contract.head.axis_size == 1:
            return [r.binary_unit(snapshot, contract)]
        wanted = r.crossentropy_for(contract)
        return [r.fix(f"softmax with {wanted}", r.UNSAFE, r.one_of_many(snapshot, contract))]
