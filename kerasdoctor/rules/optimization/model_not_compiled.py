from kerasdoctor.finding import Applicability, Fix, InsertStatement, Severity
from kerasdoctor.rule import SnapshotRule

LOSSES = {
    ("softmax", "one-hot"): "categorical_crossentropy",
    ("softmax", "integers"): "sparse_categorical_crossentropy",
    ("softmax", "binary"): "sparse_categorical_crossentropy",
    ("sigmoid", "binary"): "binary_crossentropy",
    ("sigmoid", "multi-hot"): "binary_crossentropy",
}


class ModelNotCompiled(SnapshotRule):
    """The model was not compiled before fit.

    ## Why it hurts training

    `fit` needs a loss and an optimizer. Without `compile` it stops with "You must call compile() before calling fit()". A model that is
    built again in a later cell, or cloned, or loaded with `compile=False`, is uncompiled again.

    ## How it is detected

    The model is to be trained on data and holds no compiled state. Models that are only looked at (an encoder, a generator) and models
    with a fit of their own are left alone.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile(optimizer="adam", loss="mean_squared_error")
    model.fit(x, y)
    ```
    """

    code = "KD208"
    severity = Severity.ERROR
    suspects = ("other", "loss", "optimizer")
    explained_by = ("KD407",)  # a cell that stopped at a layer never got to compile

    def check(self, snapshot):
        model = snapshot.model
        if model.compiled or model.own_steps or not snapshot.inputs:
            return
        yield self.finding(
            "fit will stop: the model has no optimizer and no loss.",
            "compile",
            evidence={"compiled": "no"},
            fixes=[self._fix(snapshot)],
        )

    def _fix(self, snapshot):
        loss = _loss(snapshot.contracts)
        if loss is None:
            return Fix("compile the model", Applicability.DISPLAY_ONLY, (), "With the loss that fits the head and the labels.")
        code = f'{snapshot.model.variable or "model"}.compile(optimizer="adam", loss="{loss}")'
        return Fix(code, Applicability.UNSAFE, (InsertStatement("before fit", code),), "The loss that fits this head and these labels.")


def _loss(contracts):
    """The loss of a single output, as head and labels tell it; None where they do not."""
    if len(contracts) != 1 or contracts[0].labels is None:
        return None
    head, form = contracts[0].head, contracts[0].labels.form
    if head.is_linear and form in ("continuous", "fractions"):
        return "mean_squared_error"
    return LOSSES.get((head.activations[-1] if head.activations else None, form))
