from kerasdoctor.finding import Applicability, Fix, InsertLayer, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring


class ParametersDwarfData(SnapshotRule):
    """The model has more than a hundred weights for each row, and nothing that holds it back.

    ## Why it hurts training

    Such a model can learn the rows by heart: the training loss goes to 0 while the validation loss turns up after a few epochs.
    Dropout, weight penalties, augmentation, a smaller head, or pooling in the place of Flatten keep it from that. Large networks can do
    well without: it is information.

    ## How it is detected

    Trainable weights over 100 x the rows of training, without dropout, noise, penalties, augmentation, batch normalization, frozen layers,
    or weights that were trained before.

    ## Example

    ```python
    x, y = rng.random((64, 100)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((100,)), layers.Dense(500, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 100)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((100,)), layers.Dense(32, activation="relu"), layers.Dropout(0.5), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD413"
    severity = Severity.INFO
    suspects = ("dropout", "regularizer")
    times = 100
    share = 0.5  # of the fix's dropout

    def check(self, snapshot):
        model, rows = snapshot.model, snapshot.fit.rows if snapshot.fit and snapshot.fit.lengths else None
        if not rows or model.trainable_parameters <= self.times * rows or any(map(_holds_back, model.layers)):
            return
        last = next((c.head.layer for c in snapshot.contracts if c.head.layer and len(snapshot.contracts) == 1), None)
        edit = (InsertLayer(last, "before", "Dropout", {"*": self.share}),) if last else ()
        largest = max(model.layers, key=lambda layer: 0 if layer.nested else layer.trainable_parameters)
        yield self.finding(
            f"{model.trainable_parameters:,} weights learn from {rows:,} rows; {largest.name} alone has {largest.trainable_parameters:,}.",
            largest.path,
            evidence={"weights": model.trainable_parameters, "rows": rows},
            fixes=[Fix(f"Dropout({self.share}) before the head", Applicability.SAFE if edit else Applicability.DISPLAY_ONLY, edit)],
        )


def _holds_back(layer):
    augments = layer.kind.startswith("Random")
    penalised = any(layer.config.get(name) for name in ("kernel_regularizer", "activity_regularizer", "kernel_constraint"))
    drops = layer.kind in wiring.DROPOUT or layer.config.get("dropout") or layer.config.get("recurrent_dropout")
    return bool(augments or penalised or drops or "Normalization" in layer.kind or not layer.trainable or layer.fresh is False)
