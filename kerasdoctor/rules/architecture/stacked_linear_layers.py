from kerasdoctor.finding import Applicability, Fix, SetActivation, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring


class StackedLinearLayers(SnapshotRule):
    """A hidden layer without an activation feeds the next layer: together they are one linear layer.

    ## Why it hurts training

    `Dense(64)` has no activation unless one is written. A linear map of a linear map is one linear map: the hidden layer costs weights
    and time and adds nothing that the next layer could not do alone. A network with no activation at all is a linear model, however
    deep: its loss levels off where a straight line does.

    ## How it is detected

    A Dense or convolution layer whose activation is linear feeds exactly one other Dense or convolution layer, with nothing between
    that bends: dropout, batch normalization, averaging, padding and Flatten do not; max pooling, layer normalization, merges, operations
    and layers of your own count as bends. Narrow layers are left out: a linear layer that is narrower than what stands before and after
    it limits the rank, which is meant (linear bottlenecks, factorised layers). So are depthwise, transposed and row-then-column
    convolutions, frozen layers, and the last layer of a nested model. It is information only where the model is trained to give back
    its input.

    ## Example

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(32), layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential(
        [keras.Input((8,)), layers.Dense(32, activation="relu"), layers.Dense(16, activation="relu"), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD401"
    severity = Severity.WARNING
    suspects = ("missing_activation", "hidden_activation")

    def check(self, snapshot):
        pairs = [(layer, then) for layer in snapshot.model.layers if (then := self._merges_with(snapshot.model, layer)) is not None]
        if not pairs:
            return
        first, then = pairs[0]
        name = wiring.hidden_activation(snapshot.model)
        count = f" So do {len(pairs) - 1} more layers." if len(pairs) > 1 else ""
        yield self.finding(
            f"{first.kind} {first.name} has no activation and feeds {then.kind} {then.name}: the two are one linear layer.{count}",
            first.path,
            severity=Severity.INFO if _copies_its_input(snapshot) else self.severity,
            evidence={"layers without a bend": ", ".join(layer.name for layer, _ in pairs), "linear layers": len(pairs)},
            proof=("layers without a bend",),
            fixes=[
                Fix(
                    f'activation="{name}" on {"it" if len(pairs) == 1 else "them"}',
                    Applicability.UNSAFE,
                    tuple(SetActivation(layer.path, name) for layer, _ in pairs),
                    "Shapes stay as they are; the model can then bend.",
                )
            ],
        )

    def _merges_with(self, model, layer):
        """The layer that this one could be merged into, or None."""
        if not (_is_map(layer) and layer.activation == "linear" and layer.trainable):
            return None
        passed, then = wiring.readers(model, layer)
        if then is None or not _is_map(then) or wiring.owner(then) != wiring.owner(layer) or _row_then_column(layer, then):
            return None
        return None if _limits_rank(layer, then, passed) else then


def _is_map(layer):
    return layer.builtin and wiring.kind_of(layer) in wiring.MAPS


def _limits_rank(layer, then, passed):
    """Narrower than both its neighbours: a low-rank factor, which merging would lose.

    1x1 projections as wide as what they read are part of bottleneck designs (MobileNetV3's first block), so for convolutions the
    layer must be wider than its input, or not narrower than what comes next.
    """
    flattened = any(other.kind == "Flatten" for other in passed)
    measure = wiring.size if flattened else wiring.width
    before = measure(layer.input_shapes[0]) if layer.input_shapes else None
    here, after = measure(layer.output_shape), measure(then.output_shape)
    if here is None or after is None:
        return True
    if before is not None and (here > before or (here == before and wiring.kind_of(layer) == "Dense")):
        return False
    return here < after


def _row_then_column(layer, then):
    """Convolutions along different axes, which together are one of a larger window at a lower price."""
    sizes = [other.config.get("kernel_size") for other in (layer, then)]
    if not all(isinstance(found, tuple) and len(found) > 1 for found in sizes):
        return False
    return any(a == 1 < b for a, b in zip(*sizes, strict=False)) and any(b == 1 < a for a, b in zip(*sizes, strict=False))


def _copies_its_input(snapshot):
    return any(contract.labels is not None and contract.labels.equals_input for contract in snapshot.contracts)
