from kerasdoctor.finding import Applicability, Fix, SetActivation, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring

SATURATING = ("sigmoid", "hard_sigmoid")


class SaturatingHiddenActivations(SnapshotRule):
    """A hidden layer is a softmax, or sigmoids follow one another through the depth of the model.

    ## Why it hurts training

    A softmax between two layers shares out a total of 1: of 100 units each passes on 0.01 on average, only the differences in their
    shares tell anything, and the gradient through it is as small. A sigmoid passes on at most a quarter of the gradient, and is flat
    where its input is large; three in a row pass on at most 1/64, so with plain gradient descent the first layers hardly move: the loss
    stays on a plateau near guessing for many epochs.

    ## How it is detected

    Softmax: a Dense, convolution or Activation layer with softmax whose output goes, by one way, into another layer with weights (a
    warning). A softmax whose result is multiplied, summed up or merged is attention or a gate, and is left alone.

    Sigmoids: three or more in a row between the loss and the first layer with weights, no normalization and no merge between. A sigmoid
    head counts where the loss is a squared error; under a cross-entropy its slope cancels. A warning with SGD below an effective rate
    of 0.1, else information: Adam's steps do not shrink with the gradient, and a rate near 1 makes up for three layers.

    tanh is not counted: around 0 its slope is 1, and networks of tanh with Glorot's initializer train well.

    ## Example

    ```python
    x, y = rng.random((64, 8)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((8,)), layers.Dense(32, activation="softmax"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 8)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((8,)), layers.Dense(32, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## References

    Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010.
    """

    code = "KD402"
    severity = Severity.WARNING
    suspects = ("hidden_activation",)
    deep = 3  # sigmoids: (1/4)^3 is the first power below 1/50
    slow = 0.1  # effective rate of SGD that (1/4)^3 brings down to 0.0016

    def check(self, snapshot):
        yield from self._softmax(snapshot.model)
        yield from self._sigmoids(snapshot)

    def _softmax(self, model):
        hidden = [layer for layer in model.layers if layer.activation == "softmax" and layer.builtin and _feeds_weights(model, layer)]
        if not hidden:
            return
        layer = hidden[0]
        yield self.finding(
            f"{layer.kind} {layer.name} is a hidden layer with softmax: its units share out a total of 1.",
            layer.path,
            evidence={"hidden softmax layers": ", ".join(found.name for found in hidden), "units": wiring.width(layer.output_shape)},
            proof=("hidden softmax layers",),
            fixes=[_other(hidden)],
        )

    def _sigmoids(self, snapshot):
        chain = max((_chain(snapshot.model, layer) for layer in snapshot.model.layers), key=len, default=[])
        regression = any(c.loss.is_regression and c.head.ends_in(*SATURATING) for c in snapshot.contracts)
        at_the_end = bool(chain) and chain[-1].is_output
        hidden = [layer for layer in chain if not layer.is_output]
        count = len(hidden) + (at_the_end and regression)
        if count < self.deep:
            return
        yield self.finding(
            f"{count} sigmoids follow one another: at most 1/{4**count} of the gradient reaches {hidden[0].name}.",
            hidden[0].path,
            severity=self.severity if self._is_slow(snapshot.optimizer) else Severity.INFO,
            evidence={"sigmoids in a row": count, "gradient that passes, at most": float(f"{0.25**count:.2g}")},
            proof=("sigmoids in a row",),
            fixes=[_other(hidden)],
        )

    def _is_slow(self, optimizer):
        if optimizer is None or optimizer.kind != "SGD" or optimizer.learning_rate is None:
            return False
        return optimizer.learning_rate / (1 - min(optimizer.momentum, 0.99)) < self.slow


def _other(hidden):
    return Fix(
        'activation="relu"',
        Applicability.UNSAFE,
        tuple(SetActivation(layer.path, "relu") for layer in hidden),
        "Hidden layers then pass on what is above 0 as it is.",
    )


def _feeds_weights(model, layer):
    _, then = wiring.next_weights(model, layer)
    mixed = layer.kind in (*wiring.MAPS, "Activation", "Softmax") and layer.config.get("axis", -1) == -1
    return mixed and then is not None and then.kind in wiring.MAPS + wiring.RECURRENT and wiring.owner(then) == wiring.owner(layer)


def _chain(model, layer):
    """Layers that apply a sigmoid, one after the other from this one on, none of another activation or normalization between."""
    chain = []
    while layer is not None and layer.builtin:
        if layer.activation in SATURATING and layer.kind in (*wiring.MAPS, "Activation"):
            chain.append(layer)
        elif layer.activation not in (None, "linear") or "Normalization" in layer.kind or layer.kind in wiring.RECURRENT:
            break
        found = model.consumers(layer)
        layer = found[0] if len(found) == 1 and len(found[0].inputs) == 1 and not found[0].through else None
    return chain
