from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule


class BranchUnused(SnapshotRule):
    """A layer of the model does not lead to any output.

    ## Why it hurts training

    It gets no gradient and keeps its first weights; Keras says "Gradients do not exist for variables" once. Mostly `call` uses the wrong
    variable, and a part of the model that was meant to work does not.

    ## How it is detected

    A walk back from the outputs of a model of the user's own class, called on symbolic inputs, does not meet a layer with trainable
    weights. Classes with training steps of their own may use their layers elsewhere and are left alone. Layers that were never built
    are information.

    ## Example

    ```python
    class TwoLayers(keras.Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(8, activation="relu")
            self.second = layers.Dense(8, activation="relu")
            self.head = layers.Dense(1)

        def call(self, inputs):
            first = self.first(inputs)
            second = self.second(first)
            return self.head(first)


    x, y = rng.random((64, 4)), rng.random((64, 1))
    model = TwoLayers()
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    class TwoLayers(keras.Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(8, activation="relu")
            self.second = layers.Dense(8, activation="relu")
            self.head = layers.Dense(1)

        def call(self, inputs):
            first = self.first(inputs)
            second = self.second(first)
            return self.head(second)


    x, y = rng.random((64, 4)), rng.random((64, 1))
    model = TwoLayers()
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD415"
    severity = Severity.WARNING
    suspects = ("other", "redundant_layer")

    def check(self, snapshot):
        model = snapshot.model
        if not model.graph or model.own_steps or model.kind in ("Sequential", "Functional"):
            return
        lost = [layer for layer in model.layers if not layer.reaches_output and not layer.nested]
        used = [layer for layer in lost if layer.trainable_parameters]
        if not lost or len(lost) == len(model.layers):
            return
        first = (used or lost)[0]
        yield self.finding(
            f"{first.kind} {first.name} does not lead to an output" + (f", nor do {len(lost) - 1} more layers." if len(lost) > 1 else "."),
            first.path,
            severity=self.severity if used else Severity.INFO,
            evidence={"layers": ", ".join(layer.name for layer in (used or lost)[:8])},
            fixes=[Fix("use it in call, or leave it out", Applicability.DISPLAY_ONLY)],
        )
