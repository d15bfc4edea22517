from kerasdoctor.finding import Severity, WrapData
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class LabelsBroadcastInLoss(SnapshotRule):
    """Labels and outputs have different widths, and the loss stretches one to the other without a word.

    ## Why it hurts training

    A label column (n, 1) against K units is repeated K times: every unit is asked for the same number. Training runs, the loss falls a
    little, and accuracy stays at chance. Labels without that axis, (n,), raise an error in most batches and are laid along the wrong
    axis in a batch that has as many rows as there are units.

    ## How it is detected

    A regression loss, and the last axes of labels and outputs differ while one of them is 1, or the labels lack the outputs' last axis.
    A loss class of the user's own, which gets labels (n,) and outputs (n, 1) as they are: its number on one batch changes when the
    labels are written as a column.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 3, (64, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 3, (64, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD113"
    severity = Severity.ERROR
    suspects = ("label_encoding", "head_units", "loss")
    explained_by = ("KD103", "KD408", "KD111")
    different = 1e-3  # relative; float32 sums of one batch agree to 1e-5

    def check(self, snapshot):
        for contract in snapshot.contracts:
            yield from self._squared(contract)
            labels, shape = contract.labels, contract.head.output_shape
            if labels is None or not contract.loss.is_regression or not shape or labels.shape is None:
                continue
            flat = labels.shape == shape[:-1]  # no last axis at all; width 1 is then put right by Keras
            wide, given = shape[-1], 1 if flat or not labels.shape else labels.shape[-1]
            if not flat and (len(labels.shape) != len(shape) or labels.shape[:-1] != shape[:-1]):
                continue
            if wide is None or wide == given or 1 not in (wide, given):
                continue
            yield self.finding(
                self._message(contract, wide, given, flat),
                contract.head.layer or "loss",
                suspects=self.suspects if given == 1 else ("head_units", "label_encoding", "loss"),
                evidence={"outputs": f"(n, {wide})", "labels": "(n,)" if flat else f"(n, {given})"},
                proof=("labels",),
                fixes=self._fixes(snapshot, contract, wide, given),
                output=contract.output,
            )

    def _squared(self, contract):
        """A user's loss that sets every label against every output."""
        probe = contract.probe
        if contract.labels is None or probe is None or probe.in_column is None or probe.on_values is None:
            return
        if not abs(probe.in_column - probe.on_values) > self.different * max(abs(probe.in_column), abs(probe.on_values)):
            return
        yield self.finding(
            f"{contract.loss.name} sets every label against every output: (n,) and (n, 1) broadcast to (n, n).",
            "loss",
            suspects=("label_encoding", "loss"),
            evidence={
                "labels": "(n,)",
                "outputs": "(n, 1)",
                "loss of a batch": float(f"{probe.on_values:.4g}"),
                "with labels (n, 1)": float(f"{probe.in_column:.4g}"),
            },
            proof=("with labels (n, 1)",),
            fixes=[r.fix("labels as a column", r.SAFE, [WrapData("y", "np.reshape({}, (-1, 1))")], "One row for each label.")],
            output=contract.output,
        )

    def _message(self, contract, wide, given, flat):
        if flat:
            name = contract.loss.computes
            return f"One label a row meets outputs of width {wide}: {name} fails, or mixes rows and units in a batch of {wide}."
        repeated = "label for every unit" if given == 1 else "output for every label"
        return f"Labels of width {given} meet outputs of width {wide}: {contract.loss.computes} repeats the {repeated}."

    def _fixes(self, snapshot, contract, wide, given):
        classes = contract.labels.form in ("integers", "binary") and contract.labels.minimum == 0 and (contract.labels.classes or 0) <= wide
        if given == 1 and classes and contract.head.ends_in("softmax", "sigmoid"):
            edits = [r.loss(snapshot, contract, "sparse_categorical_crossentropy")]
            edits += [] if contract.head.ends_in("softmax") else [r.activation(contract, "softmax")]
            return [r.fix("sparse_categorical_crossentropy", r.SAFE, edits, "The labels are class numbers.")]
        return [
            r.fix(
                f"{given} unit{'s' if given > 1 else ''}", r.UNSAFE, [r.units(contract, given)], "As many units as the labels have columns."
            )
        ]
