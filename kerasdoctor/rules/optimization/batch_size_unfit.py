import math

from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule


class BatchSizeUnfit(SnapshotRule):
    """Batch normalization gets too few values of a channel in a batch.

    ## Why it hurts training

    Batch normalization subtracts the batch's own mean and divides by its own spread. Of one value nothing is left but 0: the layer gives
    its `beta` for every row while training, and something else in `predict()`. Of two values it leaves +1 and -1.

    ## How it is detected

    A trainable BatchNormalization whose batch size times the sizes of its normalised axes is 1 (error) or 2 (warning). Maps are another
    matter: a batch of one image still has thousands of values of a channel. Without batch normalization every batch size can
    train, so none is judged.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 1))
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(16), layers.BatchNormalization(), layers.ReLU(), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    model.fit(x, y, batch_size=1, epochs=10)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 1))
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(16), layers.BatchNormalization(), layers.ReLU(), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    model.fit(x, y, batch_size=16, epochs=100)
    ```
    """

    code = "KD204"
    severity = Severity.ERROR
    suspects = ("batch_size", "normalization")
    enough = 16  # for the fix: the smallest batch of Ioffe's (2017) and Wu and He's (2018) figures at which the errors come close

    def check(self, snapshot):
        fit = snapshot.fit
        rows = min(filter(None, (fit.batch_size, fit.rows)), default=None) if fit and fit.batch_size and fit.rows else None
        if rows is None:
            return
        starved = [(layer, count) for layer in snapshot.model.layers if (count := _values(layer, rows)) is not None and count <= 2]
        if not starved:
            return
        layer, count = starved[0]
        left = "every row comes out as its beta" if count == 1 else "they come out as +1 and -1"
        more = f" So it is in {len(starved) - 1} more." if len(starved) > 1 else ""
        yield self.finding(
            f"{layer.name} normalises each channel over {count} value{'s' if count > 1 else ''} a batch: {left} while training.{more}",
            "fit.batch_size",
            severity=Severity.ERROR if count == 1 else Severity.WARNING,
            evidence={"batch size": rows, "values of a channel in a batch": count},
            proof=("values of a channel in a batch",),
            fixes=self._fixes(fit),
        )

    def _fixes(self, fit):
        edits = (SetArgument("fit", "batch_size", self.enough),) if fit.lengths else ()
        note = "" if edits else "The data give the batches: change the size where they are made."
        return [Fix(f"batch_size={self.enough}", Applicability.SAFE if edits else Applicability.DISPLAY_ONLY, edits, note)]


def _values(layer, rows):
    """How many values of one channel the layer sees in a batch, None for other layers and unknown sizes."""
    shape = layer.input_shapes[0] if layer.input_shapes else None
    if layer.kind != "BatchNormalization" or not layer.builtin or not layer.trainable or not shape or layer.config.get("synchronized"):
        return None
    axis = layer.config.get("axis", -1)
    kept = axis - 1 if isinstance(axis, int) and axis > 0 else len(shape) - 1
    others = [size for place, size in enumerate(shape) if place != kept]
    return None if None in others else rows * math.prod(others)
