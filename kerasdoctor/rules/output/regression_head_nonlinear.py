from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class RegressionHeadNonlinear(SnapshotRule):
    """A softmax head is trained on continuous targets that are no shares of a whole.

    ## Why it hurts training

    Softmax ties its units together: their sum is 1 in every row. Targets that do not sum to 1 cannot be met, however long the model trains.

    ## How it is detected

    A regression loss behind a softmax over several units, and continuous targets whose rows do not sum to 1. Sigmoid, tanh and relu
    heads are right where the targets lie in their range; where not, head-cannot-reach-targets speaks.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 3))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 3))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD119"
    severity = Severity.ERROR
    suspects = ("head_activation", "loss")
    explained_by = ("KD109", "KD103", "KD113")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head, labels = contract.head, contract.labels
            free = labels is not None and labels.form in ("continuous", "fractions")
            if free and contract.loss.is_regression and head.ends_in("softmax") and (head.axis_size or 0) > 1:
                yield self.finding(
                    f"softmax makes the {head.axis_size} outputs of a row sum to 1; the targets do not.",
                    r.place_of(contract),
                    evidence={"head": str(head), "targets": f"{labels.minimum:.4g} to {labels.maximum:.4g}"},
                    proof=("targets",),
                    fixes=[r.fix("linear head", r.UNSAFE, [r.activation(contract, "linear")], "predict() can then return any number.")],
                    output=contract.output,
                )
