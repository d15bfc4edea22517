from kerasdoctor.finding import RemoveLayer, SetActivation, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r

# What each does to the scores that a softmax or sigmoid is to read.
SQUASHING = {
    "relu": "clips every score below 0, so no class can be ruled out",
    "relu6": "clips every score to 0 to 6",
    "sigmoid": "squeezes every score into 0 to 1, so the largest share of K classes is e / (e + K - 1)",
    "hard_sigmoid": "squeezes every score into 0 to 1",
    "tanh": "squeezes every score into -1 to 1",
    "softsign": "squeezes every score into -1 to 1",
    "softmax": "is a softmax already: the second one can never be sure",
}


class ActivationBeforeSoftmax(SnapshotRule):
    """The scores pass another activation before the head's softmax or sigmoid.

    ## Why it hurts training

    A softmax reads differences of scores of any size. A relu before it clips the negative ones: scores at 0 have no gradient, and no
    class can be ruled out. A sigmoid, tanh or second softmax keeps all scores within a short range, so the shares stay near equal and
    the loss has a floor: a softmax of a softmax over 10 classes never gives more than 0.23.

    ## How it is detected

    Two activations at the end of the walk back from the output: a softmax or sigmoid last, and relu, sigmoid, tanh or softmax just before
    it, with only pooling, reshaping or dropout between them.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 10, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(10, activation="relu"), layers.Activation("softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 10, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(10), layers.Activation("softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD115"
    severity = Severity.WARNING
    suspects = ("redundant_layer", "head_activation")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head = contract.head
            if len(head.activations) < 2 or not head.ends_in("softmax", "sigmoid") or head.activations[-2] not in SQUASHING:
                continue
            first, last, path = head.activations[-2], head.activations[-1], head.activation_paths[-2]
            twice = first in ("softmax", "sigmoid") and contract.loss.is_crossentropy
            yield self.finding(
                f"{first} stands before the head's {last}: it {SQUASHING[first]}.",
                path or head.layer,
                severity=Severity.ERROR if twice else Severity.WARNING,
                suspects=("head_activation", "redundant_layer"),
                evidence={"activations in order": " then ".join(head.activations), "units": head.axis_size},
                proof=("activations in order",),
                fixes=[r.fix(f"without the {first}", r.UNSAFE, [self._removal(head, path)], f"The {last} then reads raw scores.")],
                output=contract.output,
            )

    def _removal(self, head, path):
        if not path:
            return None
        return SetActivation(path, "linear") if path == head.layer else RemoveLayer(path)
