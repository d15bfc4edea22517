from kerasdoctor.finding import Code, SetLoss, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r

CLASSES = {
    "categorical_crossentropy": "CategoricalCrossentropy",
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
    "binary_crossentropy": "BinaryCrossentropy",
}


class LogitsTakenForProbabilities(SnapshotRule):
    """A linear head is trained with a cross-entropy that expects probabilities.

    ## Why it hurts training

    The raw scores are clipped to [0, 1] before the logarithm. Scores outside have no gradient; categorical cross-entropy also divides
    by their sum, which may be negative or zero. The loss starts far too high (6 instead of ln 3, say), training depends on luck with the
    first weights, and often sits at chance.

    ## How it is detected

    The layer with the units applies no activation and none follows, the loss is a cross-entropy with `from_logits=False`. A layer of the
    user's own must also be seen to return values outside [0, 1] on the tested batch.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3)])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    Add the activation, or tell the loss with `from_logits=True`.

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y)
    ```
    """

    code = "KD105"
    severity = Severity.ERROR
    suspects = ("head_activation", "from_logits", "loss")
    explained_by = ("KD104",)

    def check(self, snapshot):
        for contract in snapshot.contracts:
            if not (contract.head.is_linear and contract.loss.is_crossentropy and contract.loss.from_logits is False):
                continue
            if not self._raw(snapshot, contract):
                continue
            head, probe = contract.head, contract.probe
            evidence = {"units": head.axis_size}
            if probe is not None and probe.minimum is not None:
                evidence["outputs, should lie in [0, 1]"] = f"{probe.minimum:.3g} to {probe.maximum:.3g}"
            evidence |= r.label_evidence(contract)
            if probe is not None and probe.seen is not None and probe.guessing is not None:
                evidence |= {"first loss": r.number(probe.seen), "loss of guessing": r.number(probe.guessing)}
            yield self.finding(
                f"`{head.kind}({head.axis_size})` returns raw scores; `{contract.loss.computes}` takes them for probabilities "
                "and clips them to [0, 1].",
                head.layer,
                evidence=evidence,
                proof=("outputs, should lie in [0, 1]",),
                fixes=self._fixes(snapshot, contract),
                output=contract.output,
            )

    def _raw(self, snapshot, contract):
        """Surely no probabilities: Keras's own layers say so by themselves, others by what they returned."""
        layer, probe = snapshot.model.layer(contract.head.layer), contract.probe
        own = layer is not None and layer.builtin and layer.activation is not None
        if own and all(kind in r.RESHAPING or kind.startswith("Global") for kind in contract.head.after):
            return True
        return probe is not None and probe.minimum is not None and (probe.minimum < -1e-3 or probe.maximum > 1 + 1e-3)

    def _fixes(self, snapshot, contract):
        loss, several = contract.loss, (contract.head.axis_size or 1) > 1
        single = contract.labels is not None and contract.labels.form in ("one-hot", "probabilities", "integers") and several
        fixes = []
        if loss.is_binary and not single:
            fixes.append(r.fix("sigmoid", r.UNSAFE, [r.activation(contract, "sigmoid")], "predict() then returns probabilities."))
        elif not several:
            fixes += r.classifier(snapshot, contract)
        else:
            wanted = r.crossentropy_for(contract)
            title = "softmax" if wanted == loss.computes else f"softmax with {wanted}"
            fixes.append(r.fix(title, r.UNSAFE, r.one_of_many(snapshot, contract), "predict() then returns shares that sum to 1."))
        if loss.computes in CLASSES and not (loss.is_binary and single):
            code = Code(f"keras.losses.{CLASSES[loss.computes]}(from_logits=True)")
            fixes.append(
                r.fix(
                    "from_logits=True", r.SAFE, [SetLoss(code, r.output_of(snapshot, contract))], "predict() goes on returning raw scores."
                )
            )
        return fixes
