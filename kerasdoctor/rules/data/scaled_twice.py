import math

from kerasdoctor.finding import Applicability, Fix, RemoveLayer, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class ScaledTwice(SnapshotRule):
    """Image values are scaled twice and reach the first weights as good as constant.

    ## Why it hurts training

    Values that were divided by 255 and are divided once more lie within 0.004 of each other. The first layer passes on little but its
    bias, the gradients of its weights are as small: the loss stays at that of guessing for a long time.

    ## How it is detected

    Images (height, width, 1 to 4 channels): the range of what the first weights read on one batch, whatever stands before them, up to
    1/50; or the range of all values where nothing stands before them. Images of one single value are the matter of constant-features.

    ## Example

    ```python
    x, y = rng.integers(0, 256, (64, 8, 8, 1)) / 255, np.arange(64) % 3
    model = keras.Sequential()
    model.add(keras.Input((8, 8, 1)))
    model.add(layers.Rescaling(1 / 255))
    model.add(layers.Conv2D(8, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(3, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.integers(0, 256, (64, 8, 8, 1)) / 255, np.arange(64) % 3
    model = keras.Sequential()
    model.add(keras.Input((8, 8, 1)))
    model.add(layers.Conv2D(8, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(3, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD314"
    severity = Severity.WARNING
    suspects = ("input_scale", "redundant_layer")
    narrowest = 1 / 50  # between a whole image in [0, 1] and one divided by 255 again

    def check(self, snapshot):
        for values in snapshot.inputs:
            shape = values.shape or ()
            if len(shape) != 3 or shape[-1] not in (1, 2, 3, 4) or math.prod(shape[:2]) < 16 or values.minimum is None:
                continue
            span = values.weights_see_span if values.rescaled else values.maximum - values.minimum
            if span is None or not 0 < span <= self.narrowest or values.maximum == values.minimum:
                continue
            yield self._say(snapshot, values, span)

    def _say(self, snapshot, values, span):
        layer = snapshot.model.layer(values.scaled_in_model) if values.scaled_in_model and values.rescaled else None
        given = f"{scale.number(values.minimum)} to {scale.number(values.maximum)}"
        by = f"the values are {given} before {layer.kind}" if layer else f"the values are {given}"
        return self.finding(
            f"The first weights read values within {scale.number(span)} of each other: {by}.",
            values.scaled_in_model if layer else values.name,
            evidence={"values given": given, "range that the weights read": float(scale.number(span))} | scale.sampled(values),
            proof=("range that the weights read",),
            fixes=self._fixes(layer, values),
        )

    def _fixes(self, layer, values):
        if layer is not None and layer.kind == "Rescaling" and values.maximum <= 1 and "." not in layer.path:
            return [
                Fix("without Rescaling", Applicability.UNSAFE, (RemoveLayer(layer.path),), "The values are scaled before they are given.")
            ]
        return [Fix("scale the images once", Applicability.DISPLAY_ONLY)]
