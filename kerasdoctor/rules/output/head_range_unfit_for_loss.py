from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r

RANGES = {
    "relu": "0 and above",
    "relu6": "0 to 6",
    "leaky_relu": "any number",
    "prelu": "any number",
    "elu": "-1 and above",
    "selu": "-1.76 and above",
    "gelu": "-0.17 and above",
    "silu": "-0.28 and above",
    "swish": "-0.28 and above",
    "tanh": "-1 to 1",
    "softsign": "-1 to 1",
    "softplus": "0 and above",
    "exponential": "0 and above",
    "log_softmax": "0 and below",
}


class HeadRangeUnfitForLoss(SnapshotRule):
    """The head's activation gives numbers that are no probabilities, and the loss is a cross-entropy.

    ## Why it hurts training

    The values are clipped to [0, 1] before the logarithm, so most of them have no gradient. A relu head is worse: a row of zeros is
    divided by its sum, 0/0, and the loss is NaN from the first such batch; where it is not, a unit at 0 stays there. tanh gives negative
    "probabilities".

    ## How it is detected

    The last activation is relu, tanh, elu or another one whose range is not [0, 1], and the loss is a cross-entropy with
    `from_logits=False`. With `from_logits=True` only relu and tanh are named: they keep the logits from going where they must.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="relu")])
    model.compile("adam", "binary_crossentropy")
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

    code = "KD107"
    severity = Severity.ERROR
    suspects = ("head_activation", "loss")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head, loss = contract.head, contract.loss
            if not (loss.is_crossentropy and head.ends_in(*RANGES)):
                continue
            if loss.from_logits and not head.ends_in("relu", "relu6", "tanh", "softsign"):
                continue
            activation, probe = head.activations[-1], contract.probe
            evidence = {"range of " + activation: RANGES[activation]}
            if probe is not None and probe.minimum is not None:
                evidence["outputs on the tested rows"] = f"{probe.minimum:.3g} to {probe.maximum:.3g}"
            evidence |= r.label_evidence(contract)
            wanted = "logits of any size" if loss.from_logits else "probabilities from 0 to 1"
            yield self.finding(
                f"The head ends in {activation} ({RANGES[activation]}); {loss.computes} expects {wanted}.",
                r.place_of(contract),
                severity=Severity.WARNING if loss.from_logits else Severity.ERROR,
                evidence=evidence,
                proof=("range of " + activation,),
                fixes=self._fixes(snapshot, contract),
                output=contract.output,
            )

    def _fixes(self, snapshot, contract):
        if contract.loss.from_logits:
            return [r.fix("linear head", r.UNSAFE, [r.activation(contract, "linear")], "The loss applies the activation itself.")]
        if (contract.head.axis_size or 1) == 1:
            return r.classifier(snapshot, contract)
        single = contract.labels is not None and contract.labels.form in ("one-hot", "probabilities", "integers")
        if contract.loss.is_binary and not single:
            return [r.several_labels(snapshot, contract)]
        return [r.fix("softmax", r.UNSAFE, r.one_of_many(snapshot, contract), "predict() then returns shares that sum to 1.")]
