from kerasdoctor.finding import Applicability, Fix, InsertLayer, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import axes, wiring


class OutputKeepsExtraAxes(SnapshotRule):
    """The model answers once for each step or place, while the labels answer once for each row.

    ## Why it hurts training

    `Dense` works on the last axis and keeps the others: after a convolution, `Dense(1)` gives a map of answers. Under a squared error
    they are all compared with the one label of the row, without a message, and each place is taught the same number; cross-entropies
    stop with an error about shapes. What is missing is a Flatten or a pooling layer.

    ## How it is detected

    The shape of the output against the shape of the labels, an axis of classes and trailing axes of 1 left out, under a loss of
    Keras's own. Where a recurrent layer that returns all steps is the reason, KD409 says so.

    ## Example

    ```python
    x, y = rng.random((64, 16, 2)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((16, 2)), layers.Conv1D(8, 3, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 16, 2)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((16, 2)), layers.Conv1D(8, 3, activation="relu"), layers.Flatten(), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD408"
    severity = Severity.ERROR
    suspects = ("missing_layer", "layer_shape")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            extra = axes.extra(contract)
            if not extra or axes.last_recurrent(snapshot.model, contract.head) is not None:
                continue
            yield self.finding(
                f"The output has shape {axes.written(contract)}, the labels {axes.written_labels(contract)}: "
                f"{extra} answers meet one label a row.",
                contract.head.layer or "loss",
                evidence={"output shape": axes.written(contract), "label shape": axes.written_labels(contract)},
                proof=("output shape", "label shape"),
                fixes=self._fixes(snapshot.model, contract.head),
                output=contract.output,
            )

    def _fixes(self, model, head):
        layer = _first_of_the_tail(model, head)
        if layer is None or not layer.input_shapes:
            return [Fix("Flatten, or pooling, before the head", Applicability.DISPLAY_ONLY)]
        shape, kinds = layer.input_shapes[0], []
        if None not in shape:
            kinds.append("Flatten")
        if 2 <= len(shape) <= 4:
            kinds.append(f"GlobalAveragePooling{len(shape) - 1}D")
        return [Fix(f"{kind} before {layer.name}", Applicability.UNSAFE, (InsertLayer(layer.path, "before", kind),)) for kind in kinds]


def _first_of_the_tail(model, head):
    """The first of the Dense layers at the end, which work at each place by itself: what is missing belongs in front of it."""
    layer = first = model.layer(head.layer) if head.layer else None
    if layer is None or layer.kind != "Dense":
        return None
    while True:
        feeders = model.feeders(layer)
        if len(layer.inputs) != 1 or len(feeders) != 1 or layer.through:
            return first
        layer = feeders[0]
        if layer.kind == "Dense":
            first = layer
        elif layer.kind not in wiring.UNITWISE - {"Reshape", "Permute"} and layer.kind not in (*wiring.DROPOUT, "BatchNormalization"):
            return first
