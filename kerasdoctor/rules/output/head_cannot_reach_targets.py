import math

from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r

REACH = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "relu": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "softplus": (0.0, math.inf),
    "exponential": (0.0, math.inf),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "elu": (-1.0, math.inf),
    "selu": (-1.7581, math.inf),
}


class HeadCannotReachTargets(SnapshotRule):
    """Some targets lie outside the range of the head's activation.

    ## Why it hurts training

    A sigmoid cannot answer 3 and a relu cannot answer -1. The loss settles well above zero, the head saturates at the end of its range
    (where it has no gradient), and a relu head may give 0 for every row.

    ## How it is detected

    The loss is a regression loss, and the smallest or largest target lies outside the range of the last activation by more than
    a hundredth of the targets' spread. Class labels under cross-entropies are the matter of other rules.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.normal(0, 10, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    A linear head; or targets scaled into the head's range.

    ```python
    x, y = rng.random((64, 4)), rng.normal(0, 1, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD109"
    severity = Severity.ERROR
    suspects = ("head_activation", "label_range")
    tolerance = 0.01  # of the spread: targets scaled on other rows may stick out a little
    large = 10.0  # of mean or spread: a linear head starts near 0 and gets there by many small steps
    explained_by = ("KD103", "KD113")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            labels, head = contract.labels, contract.head
            if labels is None or not contract.loss.is_regression or labels.minimum is None or not head.ends_in(*REACH):
                continue
            low, high = REACH[head.activations[-1]]
            slack = self.tolerance * (labels.std or 0.0)
            below, above = labels.minimum < low - slack, labels.maximum > high + slack
            if not (below or above):
                continue
            reach = f"{low:g} to {high:g}" if high < math.inf else f"{low:g} and above"
            yield self.finding(
                f"The head ends in {head.activations[-1]}, which reaches {reach}; "
                f"the targets go from {labels.minimum:.4g} to {labels.maximum:.4g}.",
                r.place_of(contract),
                evidence={"targets": f"{labels.minimum:.4g} to {labels.maximum:.4g}", "head reaches": reach},
                proof=("targets",),
                fixes=self._fixes(contract),
                output=contract.output,
            )

    def _fixes(self, contract):
        linear, labels = r.activation(contract, "linear"), contract.labels
        plain = r.fix("linear head", r.UNSAFE, [linear], "predict() can then return any number.")
        if max(abs(labels.mean or 0.0), labels.std or 0.0) <= self.large:
            return [plain]
        edit, note = r.standardised(labels)
        return [r.fix("linear head, standardised targets", r.UNSAFE, [linear, edit], note), plain] if edit else [plain]
