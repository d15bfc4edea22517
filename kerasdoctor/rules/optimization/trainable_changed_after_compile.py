from kerasdoctor.finding import Applicability, Fix, InsertStatement, Severity
from kerasdoctor.rule import SnapshotRule


class TrainableChangedAfterCompile(SnapshotRule):
    """Layers were frozen or unfrozen after the optimizer was built, and the model was not compiled again.

    ## Why it hurts training

    The training step that Keras traced, and the optimizer's own variables, belong to the weights that were trainable then. Layers that
    were unfrozen later stay as they are without a message, or the optimizer stops at a variable it does not know; layers that were
    frozen later go on changing in the traced step.

    ## How it is detected

    The variables that the optimizer was built for, against the model's trainable weights now. Before the first training step there is
    nothing built, and changes need no second compile.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.layers[0].trainable = False
    model.compile("adam", "mse")
    model.train_on_batch(x, y)
    model.layers[0].trainable = True
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.layers[0].trainable = False
    model.compile("adam", "mse")
    model.train_on_batch(x, y)
    model.layers[0].trainable = True
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD209"
    severity = Severity.ERROR
    suspects = ("frozen_weights", "optimizer")

    def check(self, snapshot):
        optimizer, model = snapshot.optimizer, snapshot.model
        if optimizer is None or not (optimizer.added or optimizer.dropped) or model.own_steps or not snapshot.inputs:
            return
        changes = [
            text
            for count, text in (
                (optimizer.added, f"{optimizer.added} weights became trainable"),
                (optimizer.dropped, f"{optimizer.dropped} weights were frozen"),
            )
            if count
        ]
        name = model.variable or "model"
        code = f"{name}.compile_from_config({name}.get_compile_config())"
        yield self.finding(
            f"Since the model was compiled and trained, {' and '.join(changes)}; fit goes on with the old step.",
            "compile",
            evidence={"made trainable": optimizer.added, "frozen": optimizer.dropped},
            fixes=[
                Fix(
                    "compile again",
                    Applicability.SAFE,
                    (InsertStatement("before fit", code),),
                    "The same optimizer, loss and metrics, with the optimizer's averages from 0.",
                )
            ],
        )
