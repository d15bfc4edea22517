from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class SoftmaxOverOneUnit(SnapshotRule):
    """A softmax over a single unit always returns 1.

    ## Why it hurts training

    Softmax divides by the sum of its inputs' exponentials; with one unit that is the unit itself, so every row gives 1.

    - On TensorFlow binary cross-entropy may read the logit behind the softmax: the loss falls while `predict()` returns 1 for every row
      and accuracy stays at the share of class 1.
    - On JAX, torch, or with any layer behind the head, the gradient is zero and nothing is learnt.

    ## How it is detected

    The last activation before the output is a softmax and its axis has one entry.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="softmax")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    A sigmoid for two classes; as many units as classes for more; a linear unit for a number.

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD103"
    severity = Severity.ERROR
    suspects = ("head_activation", "head_units", "loss")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head = contract.head
            if not (head.ends_in("softmax") and head.axis_size == 1 and head.softmax_axis in (None, -1, len(head.output_shape or ()))):
                continue
            many = (r.classes_of(contract) or 0) > 2
            yield self.finding(
                "softmax over one unit is 1 for every row, whatever the model learns.",
                r.place_of(contract),
                suspects=("head_units", "head_activation", "loss") if many else self.suspects,
                evidence=self._evidence(contract),
                proof=("predict() on the tested rows",),
                fixes=self._fixes(snapshot, contract),
                output=contract.output,
            )

    def _evidence(self, contract):
        facts = {"units": 1} | r.label_evidence(contract)
        probe = contract.probe
        if probe is not None and probe.minimum is not None:
            facts["predict() on the tested rows"] = f"{probe.minimum:g} to {probe.maximum:g}"
        return facts

    def _fixes(self, snapshot, contract):
        if contract.labels is not None and contract.labels.form in ("continuous", "fractions"):
            edits = [r.activation(contract, "linear")]
            edits += [] if contract.loss.is_regression else [r.loss(snapshot, contract, "mean_squared_error")]
            return [r.fix("a linear unit for a number", r.UNSAFE, edits, "The targets are continuous.")]
        if contract.labels is None and contract.loss.is_regression:
            return [r.fix("a linear unit for a number", r.UNSAFE, [r.activation(contract, "linear")])]
        return r.classifier(snapshot, contract)
