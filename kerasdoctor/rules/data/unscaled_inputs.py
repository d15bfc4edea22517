from kerasdoctor.finding import Applicability, Code, Fix, InsertLayer, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale
from kerasdoctor.rules.data.applications import trained_on_unit_scale


class UnscaledInputs(SnapshotRule):
    """The first weights read values far beyond unit scale.

    ## Why it hurts training

    Initializers and default learning rates are made for inputs of about unit size. The first sums grow with the inputs: a sigmoid,
    tanh or recurrent layer saturates and has no gradient, a softmax begins surely wrong. The curvature of the loss grows with their
    square, so that a rate that suits the biases makes the first weights jump. A large offset does the same: the part that varies is
    hidden behind one that does not. On the curve: a first loss far above chance, then a plateau at the share of the commonest class,
    or jumps.

    ## How it is detected

    The root mean square of the largest column (or channel) that the first weights read, from 30 up, where the curvature is about a
    thousand times that of unit inputs. Where a layer or an operation stands before those weights, what it really hands them on one
    batch is measured, so that a Rescaling, a Lambda or `x / 255` in `call` counts for what it does, and a Normalization that was
    never adapted for nothing. Silent for indices of an Embedding, for weights that a normalisation follows at once (the scale cancels
    there), and for weights that were trained before or are frozen, as those of keras.applications: they want what they were trained
    on. Those that were trained on -1 to 1 (MobileNet, Inception, Xception, ResNetV2, NASNet) are known by their names.

    ## Example

    ```python
    x, y = rng.integers(0, 256, (64, 8, 8, 1)).astype("uint8"), np.arange(64) % 3
    model = keras.Sequential()
    model.add(keras.Input((8, 8, 1)))
    model.add(layers.Conv2D(8, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(3, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.integers(0, 256, (64, 8, 8, 1)).astype("uint8"), np.arange(64) % 3
    model = keras.Sequential()
    model.add(keras.Input((8, 8, 1)))
    model.add(layers.Rescaling(1 / 255))
    model.add(layers.Conv2D(8, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(3, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## References

    LeCun, Bottou, Orr, Mueller: Efficient BackProp (1998), section 4.3.
    """

    code = "KD301"
    severity = Severity.WARNING
    suspects = ("input_scale", "normalization")
    largest = 30.0  # root mean square; its square, by which the curvature grows, is about 1,000

    def check(self, snapshot):
        for index, values in enumerate(snapshot.inputs):
            read = scale.scale_read(values)
            if read is None or read < self.largest:
                continue
            application = trained_on_unit_scale(snapshot, values)
            if application and scale.trained_before(snapshot, values):
                yield self._application(values, read, application, index)
                continue
            if scale.speaks_of_columns(values) or not scale.wants_unit_scale(snapshot, values):
                continue
            yield self.finding(
                self._message(snapshot, values, read),
                values.name,
                evidence=self._evidence(values, read),
                proof=("values",),
                fixes=scale.scaling_fixes(values, index),
            )

    def _application(self, values, read, name, index):
        layer = InsertLayer(f"inputs[{index}]", "after", "Rescaling", {"*": (Code("1 / 127.5"),), "offset": -1})
        note = "What preprocess_input of this model does, as a layer: validation data and predict() are scaled alike."
        fixes = [Fix("Rescaling(1 / 127.5, offset=-1) as the first layer", Applicability.UNSAFE, (layer,), note)]
        return self.finding(
            f"{name} was trained on values from -1 to 1; it reads {scale.number(values.minimum)} to {scale.number(values.maximum)}.",
            values.name,
            evidence=self._evidence(values, read),
            proof=("values",),
            fixes=fixes if scale.is_pixels(values) and not values.rescaled else [],
        )

    def _message(self, snapshot, values, read):
        first = next(iter(values.feeds), None)
        layer = snapshot.model.layer(first) if first else None
        reader = f"{layer.kind} ({first})" if layer else "the first weights"
        if values.rescaled and values.scaled_in_model:
            between = snapshot.model.layer(values.scaled_in_model).kind
            return f"{reader} reads values of size {scale.number(read)}, although {between} stands before it."
        return f"{reader} reads values from {scale.number(values.minimum)} to {scale.number(values.maximum)}; nothing scales them."

    def _evidence(self, values, read):
        facts = {"values": f"{scale.number(values.minimum)} to {scale.number(values.maximum)}", "mean": float(scale.number(values.mean))}
        facts |= {"spread": float(scale.number(values.std)), "root mean square that the weights read": float(scale.number(read))}
        return facts | scale.sampled(values)
