from kerasdoctor.finding import SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class HalfPrecisionHead(SnapshotRule):
    """The head computes in half precision.

    ## Why it hurts training

    float16 ends at 65,504 and has three digits. A softmax or sigmoid in float16 reaches exactly 0 and 1 early, which the loss
    clips: no gradient there. The loss is then computed on the values, not on the logits, also on TensorFlow.

    ## How it is detected

    The compute dtype of the layer that ends the head is float16 (a warning) or bfloat16 (an information), under a cross-entropy.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax", dtype="mixed_float16")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax", dtype="float32")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD117"
    severity = Severity.WARNING
    suspects = ("head_activation", "other")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head = contract.head
            place = r.place_of(contract)
            layer = snapshot.model.layer(place)
            if layer is None or not contract.loss.is_crossentropy or layer.dtype not in ("float16", "bfloat16"):
                continue
            yield self.finding(
                f"{head.kind}({head.axis_size}) ends in {layer.dtype}; its activation and the loss need float32.",
                place,
                severity=Severity.WARNING if layer.dtype == "float16" else Severity.INFO,
                evidence={"compute dtype": layer.dtype, "policy": snapshot.model.dtype_policy},
                proof=("compute dtype",),
                fixes=[
                    r.fix(
                        'dtype="float32" on the head',
                        r.SAFE,
                        [SetArgument(place, "dtype", "float32")],
                        "The other layers stay as they are.",
                    )
                ],
                output=contract.output,
            )
