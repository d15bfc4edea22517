from kerasdoctor.finding import Applicability, Fix, SetActivation, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring

UNBOUNDED = ("relu", "elu", "selu", "leaky_relu", "linear", "softplus", "gelu", "silu", "swish", "exponential")


class ReluRecurrent(SnapshotRule):
    """A recurrent layer has an unbounded activation, over many steps, and gradients are not clipped.

    ## Why it hurts training

    tanh keeps the state within -1 and 1. relu hands it back as large as it is, step after step: where the recurrent weights enlarge it, it
    grows geometrically with the number of steps, and so does the gradient. One batch is enough for a loss in the millions or NaN. Besides,
    a GPU's fast LSTM and GRU need tanh.

    ## How it is detected

    SimpleRNN, LSTM or GRU with relu or another unbounded activation, an optimizer without clipping. A warning from 20 steps on, information
    below. An identity recurrent initializer was made for relu (Le et al. 2015) and is left alone.

    ## Example

    ```python
    x, y = rng.random((64, 60, 2)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((60, 2)), layers.LSTM(16, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 60, 2)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((60, 2)), layers.LSTM(16), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD416"
    severity = Severity.WARNING
    suspects = ("hidden_activation",)
    steps = 20  # a state that grows by a half at each step is 3,000 times as large by then

    def check(self, snapshot):
        if snapshot.optimizer is not None and snapshot.optimizer.clipped:
            return
        found = [layer for layer in snapshot.model.layers if _is_unbounded(layer)]
        if not found:
            return
        layer = max(found, key=lambda found: _steps(found) or 0)
        steps, activation = _steps(layer), _own(layer).get("activation")
        yield self.finding(
            f"{layer.name} runs {activation} over {steps or 'an open number of'} steps, and nothing bounds its state.",
            layer.path,
            severity=self.severity if (steps or 0) >= self.steps else Severity.INFO,
            evidence={"steps": steps or "open", "activation": activation, "layers": ", ".join(found.name for found in found)},
            proof=("steps",),
            fixes=[Fix('activation="tanh"', Applicability.UNSAFE, tuple(SetActivation(each.path, "tanh") for each in found))],
        )


def _own(layer):
    """The configuration of the recurrent layer itself, inside a Bidirectional."""
    inner = layer.config.get("layer") if layer.kind == "Bidirectional" else None
    return inner if isinstance(inner, dict) else layer.config


def _is_unbounded(layer):
    config = _own(layer)
    start = config.get("recurrent_initializer")
    identity = isinstance(start, dict) and start.get("class_name") in ("Identity", "IdentityInitializer")
    plain = layer.builtin and layer.kind in wiring.RECURRENT and layer.trainable
    return plain and config.get("activation") in UNBOUNDED and not identity


def _steps(layer):
    return layer.input_shapes[0][0] if layer.input_shapes and layer.input_shapes[0] else None
