import math

from kerasdoctor.finding import Applicability, Fix, RemoveArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring

# Initializers whose spread is the same whatever the width; the others scale with it, by inputs, outputs or both.
FIXED = ("RandomNormal", "RandomUniform", "TruncatedNormal")


class InitializerScaleUnfit(SnapshotRule):
    """The first weights are far too large or too small for the number of inputs that each unit sums up.

    ## Why it hurts training

    A sum of n inputs keeps their scale when the weights' spread is about 1 / sqrt(n) (Glorot, He). A fixed spread,
    `RandomNormal(stddev=1)` or the `"uniform"` and `"normal"` of old code (0.05 in Keras whatever the width), fits one width only. Too
    large: sums of 20 and more, sigmoids and softmax saturated from the first batch, or a loss in the thousands. Too small: the signal
    shrinks at every layer, all rows look alike at the head, and a penalty on the weights wins over the tiny gradient and takes them to
    zero.

    ## How it is detected

    For weights that were not trained yet, of initializers that do not know the width. Too large: spread x sqrt(n / 2), which is 1 for
    He's initializer, at 5 or more in a layer that no normalization follows. Too small: the product of spread / Glorot's spread along
    the layers of a model without normalization is below 0.01, in two layers or more; a warning under SGD, or where the same layers
    carry a weight penalty, else information: Adam's steps do not shrink with the gradient, and such models start late, but start.

    ## Example

    ```python
    x, y = rng.random((64, 784)), rng.integers(0, 3, 64)
    wide = keras.initializers.RandomNormal(stddev=1)
    model = keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(30, activation="relu", kernel_initializer=wide),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 784)), rng.integers(0, 3, 64)
    model = keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(30, activation="relu"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## References

    Glorot, Bengio 2010; He et al.: Delving deep into rectifiers, 2015.
    """

    code = "KD404"
    severity = Severity.WARNING
    suspects = ("initializer",)
    large = 5.0  # sums 5 times as wide as what they are made of: a sigmoid of them is flat for most rows
    small = 0.01  # of the signal that Glorot's initializer would bring to the end

    def check(self, snapshot):
        if snapshot.optimizer is not None and snapshot.optimizer.iterations:
            return
        layers = [layer for layer in snapshot.model.layers if _is_judged(layer)]
        if any(layer.fresh is False for layer in snapshot.model.layers):
            return
        yield from self._large(snapshot.model, layers)
        if not any("Normalization" in layer.kind and layer.kind != "Normalization" for layer in snapshot.model.layers):
            yield from self._small(snapshot, layers)

    def _large(self, model, layers):
        found = [layer for layer in layers if _times_he(layer) >= self.large and not _is_normalised(model, layer)]
        if not found:
            return
        layer = max(found, key=_times_he)
        times = _times_he(layer)
        yield self.finding(
            f"The weights of {layer.name} have a spread of {_spread(layer):.3g}, {times:.3g} times He's for {_ends(layer)[0]} inputs.",
            layer.path,
            evidence={"spread": float(f"{_spread(layer):.3g}"), "He's spread": float(f"{math.sqrt(2 / _ends(layer)[0]):.3g}")},
            proof=("spread",),
            fixes=[_default(found)],
        )

    def _small(self, snapshot, layers):
        found = [layer for layer in layers if _times_glorot(layer) < 0.5 and _spread(layer)]
        left = math.prod(_times_glorot(layer) for layer in found)
        if len(found) < 2 or left >= self.small:
            return
        held = any(layer.config.get("kernel_regularizer") for layer in found)
        descent = snapshot.optimizer is not None and snapshot.optimizer.kind == "SGD"
        why = "; the penalty on the same weights then wins over the gradient" if held else ""
        yield self.finding(
            f"{len(found)} layers start with weights of a spread of {_spread(found[0]):.2g}: "
            f"{left:.1g} of the signal that Glorot's initializer would pass reaches the end{why}.",
            found[0].path,
            severity=self.severity if held or descent else Severity.INFO,
            suspects=("initializer", "regularizer") if held else None,
            evidence={"spread": float(f"{_spread(found[0]):.2g}"), "layers": len(found), "signal left": float(f"{left:.2g}")},
            proof=("signal left",),
            fixes=[_default(found)],
        )


def _default(layers):
    return Fix(
        "Keras's own initializer (glorot_uniform)",
        Applicability.SAFE,
        tuple(RemoveArgument(layer.path, "kernel_initializer") for layer in layers),
    )


def _is_judged(layer):
    given = layer.config.get("kernel_initializer")
    known = layer.builtin and layer.kind in wiring.MAPS and layer.activation != "custom"
    known = known and isinstance(given, dict) and given.get("class_name") in FIXED
    return known and layer.kernel is not None and layer.trainable and "Separable" not in layer.kind


def _ends(layer):
    """(fan in, fan out) as Keras's initializers count them."""
    *window, before, after = layer.kernel.shape
    return math.prod(window) * before, math.prod(window) * after


def _spread(layer):
    """The root of the mean square: a mean that is not 0 counts as well."""
    return math.hypot(layer.kernel.std, layer.kernel.mean)


def _times_he(layer):
    return _spread(layer) * math.sqrt(_ends(layer)[0] / 2)


def _times_glorot(layer):
    return _spread(layer) * math.sqrt(sum(_ends(layer)) / 2)


def _is_normalised(model, layer):
    return any("Normalization" in other.kind for other in model.consumers(layer)) or not model.graph
