from kerasdoctor.finding import SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class SoftmaxOverWrongAxis(SnapshotRule):
    """A softmax normalises another axis than the one that holds the classes.

    ## Why it hurts training

    The loss takes the last axis for the classes. A softmax over positions or rows gives shares that sum to 1 there, and class scores
    that do not: the loss compares shares of different things.

    ## How it is detected

    The head ends in a Softmax layer with an axis other than the last one, under a categorical loss, which always reads the last axis, or
    the rows of the tested batch do not sum to 1 on the last axis although the head ends in softmax.

    ## Example

    ```python
    x, y = rng.random((64, 6, 4)), rng.integers(0, 3, (64, 6))
    model = keras.Sequential([keras.Input((6, 4)), layers.Dense(3), layers.Softmax(axis=1)])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 6, 4)), rng.integers(0, 3, (64, 6))
    model = keras.Sequential([keras.Input((6, 4)), layers.Dense(3), layers.Softmax(axis=-1)])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD114"
    severity = Severity.ERROR
    suspects = ("head_activation",)

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head, loss = contract.head, contract.loss
            if not (head.ends_in("softmax") and (loss.is_categorical or loss.is_sparse) and head.output_shape and not head.after):
                continue
            if head.softmax_axis is None or head.softmax_axis in (-1, len(head.output_shape)) or loss.config.get("axis", -1) != -1:
                continue
            path = head.activation_paths[-1]
            yield self.finding(
                f"The softmax runs along axis {head.softmax_axis}; {loss.computes} reads the classes along the last axis.",
                r.place_of(contract),
                evidence={"softmax axis": head.softmax_axis, "output": str((None, *head.output_shape))} | r.row_sums(contract),
                proof=("softmax axis",),
                fixes=[r.fix("axis=-1", r.UNSAFE, [SetArgument(path, "axis", -1) if path else None])],
                output=contract.output,
            )
