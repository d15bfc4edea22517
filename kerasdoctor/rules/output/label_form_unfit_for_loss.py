from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class LabelFormUnfitForLoss(SnapshotRule):
    """The labels are written in another form than the loss reads.

    ## Why it hurts training

    Categorical cross-entropy reads one column a class, its sparse form one class number a row; the other way round `fit` stops with a shape
    error. Rows with several 1s under a categorical loss are read as shares of one choice: the loss cannot reach 0, and softmax
    cannot give several answers.

    ## How it is detected

    The form of the labels (one-hot, multi-hot, class numbers) against the loss, for heads of more than one unit.

    ## Example

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 3
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("adam", "categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    The loss that reads these labels; or `keras.utils.to_categorical(y)`.

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 3
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD111"
    severity = Severity.ERROR
    suspects = ("loss", "label_encoding")
    explained_by = ("KD101", "KD104")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            labels, loss = contract.labels, contract.loss
            if labels is None or (contract.head.axis_size or 0) < 2:
                continue
            if self._same_rank(contract):
                if loss.is_sparse and labels.form in ("one-hot", "multi-hot"):
                    yield self._say(snapshot, contract, "one column a class", "one class number a row")
                elif loss.is_categorical and r.is_multi_label(contract):
                    yield self._say(snapshot, contract, "several 1s in a row", "exactly one 1 in a row")
            elif labels.form in ("integers", "binary") and self._one_a_row(contract):
                reads_columns = loss.is_categorical or loss.is_binary or loss.is_regression
                if reads_columns and contract.head.ends_in("softmax", "sigmoid"):
                    yield self._say(snapshot, contract, "one class number a row", "one column a unit")

    def _same_rank(self, contract):
        shape, labels = contract.head.output_shape, contract.labels.shape or ()
        return shape is None or (len(labels) == len(shape) and labels[-1:] != (1,))

    def _one_a_row(self, contract):
        """A number where the output has its whole last axis; a column (n, 1) under a regression loss is labels-broadcast-in-loss."""
        shape, labels = contract.head.output_shape or (), contract.labels.shape or ()
        return len(labels) == len(shape) - 1 or (labels[-1:] == (1,) and not contract.loss.is_regression)

    def _say(self, snapshot, contract, given, read):
        return self.finding(
            f"The labels hold {given}; {contract.loss.computes} reads {read}.",
            "loss",
            evidence={
                "labels": f"{contract.labels.form}, shape {(contract.labels.rows, *(contract.labels.shape or ()))}",
                "loss": contract.loss.computes,
            },
            proof=("labels",),
            suspects=self._suspects(contract),
            fixes=self._fixes(snapshot, contract),
            output=contract.output,
        )

    def _suspects(self, contract):
        if r.is_multi_label(contract):  # such labels are right: loss and head are not
            return "loss", "head_activation"
        return ("loss", "label_encoding", "head_activation") if contract.loss.is_regression else self.suspects

    def _fixes(self, snapshot, contract):
        if r.is_multi_label(contract):
            return [r.several_labels(snapshot, contract)]
        wanted = r.crossentropy_for(contract)
        edits = r.one_of_many(snapshot, contract)
        first = r.fix(
            wanted if len(edits) == 1 else f"softmax with {wanted}",
            r.SAFE if len(edits) == 1 else r.UNSAFE,
            edits,
            "The labels stay as they are.",
        )
        if wanted.startswith("sparse") and contract.loss.is_categorical:
            encode = [r.labels(snapshot, contract, "one-hot", contract.head.axis_size)]
            return [first, r.fix("labels as one-hot columns", r.SAFE, encode, "The loss stays as it is.")]
        if contract.labels.form == "one-hot" and contract.loss.is_sparse:
            return [first, r.fix("labels as class numbers", r.SAFE, [r.labels(snapshot, contract, "integers")], "The loss stays as it is.")]
        return [first]
