from kerasdoctor.finding import Applicability, Fix, InsertStatement, Severity
from kerasdoctor.rule import SnapshotRule


class NothingTrainable(SnapshotRule):
    """Nothing in the model can learn, or most of it is frozen at random weights.

    ## Why it hurts training

    Frozen layers keep their values. With every layer frozen the loss is a flat line. A frozen base helps because it has learnt
    elsewhere: frozen at its first random weights (`weights=None`, weights loaded into another copy, a failed `load_weights`), it hands
    noise to the head.

    ## How it is detected

    No trainable weight in a model that is to be trained: an error. Three or more frozen layers whose biases and moving statistics are all
    still at their first values, and none that shows traces of training: a warning. One or two frozen random layers are a method of
    their own (random features) and left alone.

    ## Example

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.trainable = False
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

    code = "KD410"
    severity = Severity.ERROR
    suspects = ("frozen_weights",)
    many = 3  # frozen random layers

    def check(self, snapshot):
        model = snapshot.model
        if not model.built or not model.compiled or model.own_steps or not snapshot.inputs or not model.layers:
            return
        if not model.trainable_parameters:
            has = f"all {model.parameters} weights are frozen" if model.parameters else "the model has no weights"
            yield self.finding(
                f"Nothing can learn: {has}.",
                "layers[0]",
                evidence={"weights": model.parameters, "trainable": 0},
                fixes=[self._unfreeze(model)],
            )
            return
        yield from self._random_base(model)

    def _unfreeze(self, model):
        if not model.parameters:
            return Fix("layers with weights", Applicability.DISPLAY_ONLY)
        # `model.trainable = True` does nothing on TensorFlow where the model's own flag was True all the time.
        name = model.variable or "model"
        code = f"for layer in ({name}, *{name}.layers):\n    layer.trainable = True"
        note = "All layers then learn; for a pretrained base, free the head alone."
        return Fix("all layers trainable", Applicability.UNSAFE, (InsertStatement("before compile", code),), note)

    def _random_base(self, model):
        frozen = [layer for layer in model.layers if layer.parameters and not layer.trainable and not layer.nested]
        fresh = [layer for layer in frozen if layer.fresh]
        if len(fresh) >= self.many and not any(layer.fresh is False for layer in frozen):
            yield self.finding(
                f"{len(frozen)} layers from {frozen[0].name} on are frozen, and still at their first random weights.",
                frozen[0].path,
                severity=Severity.WARNING,
                evidence={"frozen layers": len(frozen), "with biases and statistics at their first values": len(fresh)},
                proof=("with biases and statistics at their first values",),
                fixes=[Fix("trained weights, or trainable=True", Applicability.DISPLAY_ONLY, (), "Load the weights before freezing.")],
            )
