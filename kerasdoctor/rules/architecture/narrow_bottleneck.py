from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring

KINDS = ("Dense", "LSTM", "GRU", "SimpleRNN")


class NarrowBottleneck(SnapshotRule):
    """A hidden layer has a single unit: everything must pass through one number.

    ## Why it hurts training

    Whatever a row holds, the layers behind see one number of it. With relu it is 0 for half of the rows or, after an unlucky start, for
    all of them: then nothing before it gets a gradient, and the model answers the same for every row.

    ## How it is detected

    A Dense or recurrent layer with one unit and an output of rank 1 that reads several numbers and feeds, by one way, another layer with
    weights. Single units that are multiplied or merged (gates, attention scores), that work at each step or place, and the
    middle of a model that gives back its input are left alone.

    ## Example

    ```python
    x, y = rng.random((64, 8)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 8)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD412"
    severity = Severity.WARNING
    suspects = ("layer_shape",)
    units = 16  # for the fix, at least

    def check(self, snapshot):
        if any(c.labels is not None and c.labels.equals_input for c in snapshot.contracts):
            return
        for layer in snapshot.model.layers:
            if layer.kind not in KINDS or layer.units != 1 or not layer.builtin or not layer.trainable or layer.output_shape != (1,):
                continue
            read = wiring.size(layer.input_shapes[0]) if layer.input_shapes else None
            _, then = wiring.next_weights(snapshot.model, layer)
            if then is None or read == 1 or wiring.owner(then) != wiring.owner(layer) or not then.trainable:
                continue
            units = max(self.units, 2 * (wiring.width(then.output_shape) or 1))
            yield self.finding(
                f"{layer.kind} {layer.name} has one unit: {then.name} sees one number of each row.",
                layer.path,
                evidence={"units": 1, "numbers read": read if read is not None else "many", "units that follow": then.units},
                proof=("units",),
                fixes=[Fix(f"units={units}", Applicability.UNSAFE, (SetArgument(layer.path, "units", units),))],
            )
