from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.optimization import rates

UNGATED = ("SimpleRNN",)
RECURRENT = ("SimpleRNN", "LSTM", "GRU")


class RecurrentWithoutClipping(SnapshotRule):
    """A recurrent layer runs over many steps, and nothing bounds its gradient.

    ## Why it hurts training

    Going back through T steps multiplies the gradient by the recurrent weights T times. In a simple recurrent layer it grows or dies
    geometrically (Pascanu et al. 2013); with plain gradient descent one such batch throws the weights far away: the loss jumps and may
    never come back. Gates (LSTM, GRU) and Adam make it rare.

    ## How it is detected

    A SimpleRNN over 50 steps or more, or an LSTM or GRU over as many trained by SGD, and an optimizer without clipnorm, clipvalue or
    global_clipnorm. It is information: many such models train well.

    ## Example

    ```python
    x, y = rng.random((64, 100, 4)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((100, 4)), layers.SimpleRNN(16), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(learning_rate=0.001), "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 100, 4)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((100, 4)), layers.SimpleRNN(16), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(learning_rate=0.001, clipnorm=1.0), "mse")
    model.fit(x, y)
    ```

    ## References

    Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, 2013.
    """

    code = "KD206"
    severity = Severity.INFO
    suspects = ("optimizer",)
    steps = 50  # 0.9 to this power is 0.005, 1.1 is 117

    def check(self, snapshot):
        optimizer = snapshot.optimizer
        if optimizer is None or optimizer.clipped:
            return
        kinds = RECURRENT if optimizer.kind == "SGD" else UNGATED
        for layer in snapshot.model.layers:
            inner = layer.config.get("layer") if layer.kind == "Bidirectional" else None
            kind = inner.get("class_name") if isinstance(inner, dict) else layer.kind
            length = layer.input_shapes[0][0] if layer.input_shapes and layer.input_shapes[0] else None
            if kind not in kinds or not layer.builtin or not layer.trainable or (length or 0) < self.steps:
                continue
            yield self.finding(
                f"{layer.name} runs over {length} steps; {optimizer.kind} does not clip its gradient.",
                "optimizer",
                evidence={"steps": length, "clipnorm": "none"},
                proof=("steps",),
                fixes=self._fixes(optimizer),
            )
            return

    def _fixes(self, optimizer):
        known = optimizer.kind in rates.USUAL
        return [
            Fix(
                "clipnorm=1.0",
                Applicability.SAFE if known else Applicability.DISPLAY_ONLY,
                (SetArgument("optimizer", "clipnorm", 1.0),) if known else (),
                "Gradients longer than 1 are shortened to 1; their direction stays.",
            )
        ]
