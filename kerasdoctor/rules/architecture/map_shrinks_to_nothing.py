from kerasdoctor.finding import Applicability, Fix, InsertLayer, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring

WINDOWS = ("kernel_size", "pool_size")
SAME_SHAPE = {"Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "BatchNormalization", "Rescaling", *wiring.DROPOUT}


class MapShrinksToNothing(SnapshotRule):
    """A convolution or pooling window moves along an axis of size 1.

    ## Why it hurts training

    There is nothing to slide over: with `padding="same"` all but one row of the window reads padding, with `"valid"` Keras stops. Mostly
    the data are channels first, `(1, 20, 32)`, where Keras reads channels last: rows are taken for channels, and the picture for a line.

    ## How it is detected

    A window that is larger than its map, with padding "valid", in a model that could not be built: an error. Else a window larger than 1
    along an axis of size 1. A warning where that axis is 1 in the model's input already and another is not;
    information where the model itself has shrunk its map to 1 with two or more such layers to come (networks made for large images do
    that on small ones).

    ## Example

    ```python
    x, y = rng.random((64, 1, 20, 32)), rng.integers(0, 3, 64)
    model = keras.Sequential(
        [
            keras.Input((1, 20, 32)),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 20, 32, 1)), rng.integers(0, 3, 64)
    model = keras.Sequential(
        [
            keras.Input((20, 32, 1)),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD407"
    severity = Severity.WARNING
    suspects = ("layer_shape",)
    explained_by = ("KD315",)
    many = 2

    def check(self, snapshot):
        model = snapshot.model
        if not model.built:
            yield from self._does_not_fit(snapshot)
            return
        found = [layer for layer in model.layers if _slides_over_one(layer)]
        first = next((layer for layer in found if _reads_input(model, layer)), None)
        if first is not None:
            shape = first.input_shapes[0]
            yield self.finding(
                f"{first.kind} {first.name} slides a window of {_by(_window(first))} over maps of {_by(shape[:-1])}.",
                first.path,
                evidence={"input shape": str(shape), "read as channels": shape[-1]},
                proof=("input shape",),
                fixes=self._fixes(shape),
            )
        elif len(found) >= self.many:
            yield self.finding(
                f"From {found[0].name} on {len(found)} windows slide over maps of size 1 that earlier layers have shrunk.",
                found[0].path,
                severity=Severity.INFO,
                evidence={"layers": ", ".join(layer.name for layer in found[:8])},
            )

    def _does_not_fit(self, snapshot):
        """The sizes of the maps, layer by layer from the data's shape on, until a window does not fit."""
        shape = snapshot.inputs[0].shape if len(snapshot.inputs) == 1 else None
        given = shape
        for layer in snapshot.model.layers if shape is not None else ():
            window = _window(layer)
            if not isinstance(window, tuple):
                if layer.kind not in SAME_SHAPE:
                    return
                continue
            if layer.config.get("data_format") == "channels_first" or len(window) != len(shape) - 1 or None in shape:
                return
            if layer.config.get("padding") == "valid" and any(size < reach for size, reach in zip(shape, window, strict=False)):
                yield self.finding(
                    f"{layer.kind} {layer.name} needs maps of at least {_by(window)}; they are {_by(shape[:-1])}.",
                    layer.path,
                    severity=Severity.ERROR,
                    evidence={"data": str(given), "map": _by(shape[:-1]), "window": _by(window)},
                    proof=("map", "window"),
                    fixes=self._fixes(given) if given[0] < min(given[1:]) else [],
                )
                return
            shape = _after(layer, window, shape)

    def _fixes(self, shape):
        if len(shape) != 3:
            return []
        edit = InsertLayer("inputs[0]", "after", "Permute", {"dims": (2, 3, 1)})
        return [Fix("Permute((2, 3, 1)) first", Applicability.UNSAFE, (edit,), "If the first axis of the data holds the channels.")]


def _by(sizes):
    return " x ".join(map(str, sizes))


def _after(layer, window, shape):
    """The shape behind a convolution or pooling layer."""
    steps = layer.config.get("strides") or window
    steps = (steps,) * len(window) if isinstance(steps, int) else steps
    lost = [0 if layer.config.get("padding") != "valid" else reach - 1 for reach in window]
    sizes = [-(-(size - less) // step) for size, less, step in zip(shape, lost, steps, strict=False)]
    return (*sizes, layer.config.get("filters") or shape[-1])


def _window(layer):
    size = next((layer.config[name] for name in WINDOWS if name in layer.config), None)
    return (size,) if isinstance(size, int) else size


def _slides_over_one(layer):
    """A square-like window over a map with an axis of 1; maps of 1 x 1 that were never larger have nothing to lose."""
    shape = layer.input_shapes[0] if layer.input_shapes else None
    window = _window(layer)
    if not layer.builtin or not shape or not isinstance(window, tuple) or layer.config.get("data_format") == "channels_first":
        return False
    if layer.kind in wiring.TRANSPOSED or len(window) != len(shape) - 1:
        return False
    return any(size == 1 < reach for size, reach in zip(shape, window, strict=False))


def _reads_input(model, layer):
    """The axis is 1 in the model's input already, and another one is not."""
    spatial = layer.input_shapes[0][:-1]
    given = [shape for shape in model.input_shapes if len(shape) == len(spatial) + 1]
    return any(size != 1 for size in spatial) and any(
        shape[place] == 1 for shape in given for place, size in enumerate(spatial) if size == 1 and _window(layer)[place] > 1
    )
