from kerasdoctor.finding import Applicability, Fix, RemoveLayer, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring


class DropoutAtHead(SnapshotRule):
    """Dropout stands behind the last layer with weights: the answers themselves are dropped.

    ## Why it hurts training

    While training, some of the outputs are set to 0 at random and the others scaled up. Before a softmax a dropped score of 0 is a
    score like any other; in a regression the right answer is thrown away; under a cross-entropy a probability of 0 costs 16. The training
    loss has a floor that no weights can get below.

    ## How it is detected

    A Dropout layer between the head's units and the output, with no pooling between, and the output has a loss.

    ## Example

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1), layers.Dropout(0.5)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD406"
    severity = Severity.WARNING
    suspects = ("dropout", "redundant_layer")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head = contract.head
            if contract.loss.name is None or head.pooled or head.kind not in wiring.MAPS:
                continue
            for layer in _behind(snapshot.model, head.layer):
                if layer.kind not in wiring.DROPOUT or not layer.config.get("rate"):
                    continue
                yield self.finding(
                    f"{layer.name} drops values of the output itself, behind {head.kind} {snapshot.model.layer(head.layer).name}.",
                    layer.path,
                    evidence={"rate": layer.config.get("rate"), "behind": str(head)},
                    proof=("behind",),
                    fixes=[Fix(f"without {layer.name}", Applicability.SAFE, (RemoveLayer(layer.path),))],
                    output=contract.output,
                )


def _behind(model, path):
    """The layers from the head's units to the output, where there is one way."""
    layer, found = model.layer(path), []
    while layer is not None and not layer.is_output:
        readers = model.consumers(layer)
        layer = readers[0] if len(readers) == 1 and len(readers[0].inputs) == 1 else None
        if layer is not None:
            found.append(layer)
    return found if layer is not None else []
