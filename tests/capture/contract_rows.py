"""Tables A and B of the Keras 3 verdicts on head, loss and labels, as plain values: one row a case, one expectation a backend.

Text in ``head`` and ``loss`` is Python with keras, layers and the functions of ``custom_losses.py`` in scope. ``link``, ``trained_as`` and
``codes`` are one value for every backend, or a dictionary with "tensorflow" and "other" (JAX and torch).
"""

from __future__ import annotations

from dataclasses import dataclass

BACKENDS = ("tensorflow", "jax", "torch")
NOT_JAX = ("tensorflow", "torch")
LINKED = {"tensorflow": "logits", "other": "values"}
ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True)
class Row:
    """One case. ``codes`` holds every finding of the output family with its severity."""

    name: str
    head: str
    loss: str
    labels: str
    codes: dict
    link: object = None
    computes: str | None = None
    trained_as: object = None
    shown: str | None = None
    decoded: bool = False
    row_sums: str | None = None  # "one": all rows sum to 1; "free": some do not
    raises: tuple = ()  # the backends whose loss refuses these labels
    metrics: str | None = None

    def on(self, field, backend):
        value = getattr(self, field)
        if isinstance(value, dict) and set(value) == {"tensorflow", "other"}:
            return value["tensorflow" if backend == "tensorflow" else "other"]
        return value


def dense(units, activation=None, *after):
    own = f', activation="{activation}"' if activation else ""
    return ", ".join((f"layers.Dense({units}{own})", *after))


def reshaped(units, activation):
    return dense(units, activation, f"layers.Reshape(({units},))")


BCE, CCE, SCCE, MSE = '"binary_crossentropy"', '"categorical_crossentropy"', '"sparse_categorical_crossentropy"', '"mse"'
BCE_LOGITS = "keras.losses.BinaryCrossentropy(from_logits=True)"
CCE_LOGITS = "keras.losses.CategoricalCrossentropy(from_logits=True)"
SCCE_LOGITS = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
binary, categorical, sparse = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
SIGMOIDS = {"tensorflow": "sigmoid", "other": "binary"}
SOFTMAXES = {"tensorflow": "softmax", "other": "normalised"}


def by_backend(tensorflow, other):
    return {"tensorflow": tensorflow, "other": other}


RIGHT = [
    Row("sigmoid(1), BCE, labels (n,)", dense(1, "sigmoid"), BCE, "zero_one", {}, LINKED, binary, SIGMOIDS, "Dense(1, sigmoid)"),
    Row("sigmoid(1), BCE, labels (n,1)", dense(1, "sigmoid"), BCE, "zero_one_column", {}, LINKED, binary, SIGMOIDS, "Dense(1, sigmoid)"),
    Row("linear(1), BCE from_logits", dense(1), BCE_LOGITS, "zero_one", {}, "values", binary, "sigmoid", "Dense(1, linear)"),
    Row("softmax(2), CCE", dense(2, "softmax"), CCE, "one_hot_2", {}, LINKED, categorical, SOFTMAXES, "Dense(2, softmax)", row_sums="one"),
    Row("softmax(3), CCE", dense(3, "softmax"), CCE, "one_hot_3", {}, LINKED, categorical, SOFTMAXES, "Dense(3, softmax)", row_sums="one"),
    Row("softmax(2), SCCE", dense(2, "softmax"), SCCE, "zero_one", {}, LINKED, sparse, SOFTMAXES, "Dense(2, softmax)", row_sums="one"),
    Row("softmax(3), SCCE", dense(3, "softmax"), SCCE, "classes_3", {}, LINKED, sparse, SOFTMAXES, "Dense(3, softmax)", row_sums="one"),
    Row("softmax(3), SCCE, labels (n,1)", dense(3, "softmax"), SCCE, "classes_3_column", {}, LINKED, sparse, SOFTMAXES, row_sums="one"),
    Row(
        "softmax(3) and Reshape, CCE",
        reshaped(3, "softmax"),
        CCE,
        "one_hot_3",
        {},
        "values",
        categorical,
        "normalised",
        "Dense(3, softmax)",
    ),
    Row("linear(3), CCE from_logits", dense(3), CCE_LOGITS, "one_hot_3", {}, "values", categorical, "softmax", "Dense(3, linear)"),
    Row("linear(3), SCCE from_logits", dense(3), SCCE_LOGITS, "classes_3", {}, "values", sparse, "softmax", "Dense(3, linear)"),
    Row(
        "sigmoid(3), BCE, one-hot: one against the rest",
        dense(3, "sigmoid"),
        BCE,
        "one_hot_3",
        {},
        LINKED,
        binary,
        SIGMOIDS,
        row_sums="free",
    ),
    Row("sigmoid(3), BCE, several classes a row", dense(3, "sigmoid"), BCE, "multi_hot_3", {}, LINKED, binary, SIGMOIDS, row_sums="free"),
    Row("linear(1), MSE, targets", dense(1), MSE, "targets", {}, "values", "mean_squared_error", None, "Dense(1, linear)"),
    Row("linear(1), MSE, targets (n,1)", dense(1), MSE, "targets_column", {}, "values", "mean_squared_error"),
    Row("tanh(1), hinge", dense(1, "tanh"), '"hinge"', "plus_minus", {}, "values", "hinge", None, "Dense(1, tanh)"),
    Row(
        "softmax in a layer of its own, CCE",
        dense(3, None, 'layers.Activation("softmax")'),
        CCE,
        "one_hot_3",
        {},
        LINKED,
        categorical,
        SOFTMAXES,
    ),
    Row("Softmax layer, SCCE", dense(3, None, "layers.Softmax()"), SCCE, "classes_3", {}, LINKED, sparse, SOFTMAXES, "Dense(3, softmax)"),
]

TRAINS_ALL_THE_SAME = [
    Row("sigmoid(1), MSE", dense(1, "sigmoid"), MSE, "zero_one", {"KD108": INFO}, "values", "mean_squared_error"),
    Row("linear(1), MSE", dense(1), MSE, "zero_one", {"KD108": INFO}, "values", "mean_squared_error"),
    Row("softmax(3), MSE", dense(3, "softmax"), MSE, "one_hot_3", {"KD108": INFO}, "values", "mean_squared_error", row_sums="one"),
    Row(
        "sigmoid(1), BCE from_logits",
        dense(1, "sigmoid"),
        BCE_LOGITS,
        "zero_one",
        by_backend({"KD106": INFO}, {"KD106": ERROR}),
        LINKED,
        binary,
        "sigmoid",
        "Dense(1, sigmoid)",
    ),
    Row(
        "softmax(3), CCE from_logits",
        dense(3, "softmax"),
        CCE_LOGITS,
        "one_hot_3",
        by_backend({"KD106": INFO}, {"KD106": ERROR}),
        LINKED,
        categorical,
        "softmax",
        row_sums="one",
    ),
    Row(
        "softmax(3), SCCE from_logits",
        dense(3, "softmax"),
        SCCE_LOGITS,
        "classes_3",
        by_backend({"KD106": INFO}, {"KD106": ERROR}),
        LINKED,
        sparse,
        "softmax",
        row_sums="one",
    ),
    Row(
        "softmax(3) and Reshape, CCE from_logits",
        reshaped(3, "softmax"),
        CCE_LOGITS,
        "one_hot_3",
        {"KD106": ERROR},
        "values",
        categorical,
        "softmax",
        "Dense(3, softmax)",
    ),
    Row(
        "softmax(2), BCE, one-hot",
        dense(2, "softmax"),
        BCE,
        "one_hot_2",
        by_backend({"KD102": ERROR}, {"KD102": WARNING}),
        LINKED,
        binary,
        SIGMOIDS,
        "Dense(2, softmax)",
        row_sums="one",
    ),
    Row(
        "softmax(2) in a layer of its own, BCE",
        dense(2, None, 'layers.Activation("softmax")'),
        BCE,
        "one_hot_2",
        by_backend({"KD102": ERROR}, {"KD102": WARNING}),
        LINKED,
        binary,
        SIGMOIDS,
        "Dense(2, softmax)",
        row_sums="one",
    ),
    Row(
        "softmax(2) and Reshape, BCE",
        reshaped(2, "softmax"),
        BCE,
        "one_hot_2",
        {"KD102": WARNING},
        "values",
        binary,
        "binary",
        "Dense(2, softmax)",
    ),
    Row(
        "softmax(3), BCE, one-hot",
        dense(3, "softmax"),
        BCE,
        "one_hot_3",
        by_backend({"KD102": ERROR}, {"KD102": WARNING}),
        LINKED,
        binary,
        SIGMOIDS,
        row_sums="one",
    ),
]

SIGMOID_AND_CATEGORICAL = [
    Row("sigmoid(2), SCCE", dense(2, "sigmoid"), SCCE, "zero_one", {"KD101": ERROR}, LINKED, sparse, SOFTMAXES, row_sums="free"),
    Row("sigmoid(3), SCCE", dense(3, "sigmoid"), SCCE, "classes_3", {"KD101": ERROR}, LINKED, sparse, SOFTMAXES, row_sums="free"),
    Row(
        "sigmoid(3), CCE",
        dense(3, "sigmoid"),
        CCE,
        "one_hot_3",
        {"KD101": ERROR},
        LINKED,
        categorical,
        SOFTMAXES,
        "Dense(3, sigmoid)",
        row_sums="free",
    ),
    Row(
        "sigmoid(3) in a layer of its own, CCE",
        dense(3, None, 'layers.Activation("sigmoid")'),
        CCE,
        "one_hot_3",
        {"KD101": ERROR},
        LINKED,
        categorical,
        SOFTMAXES,
        "Dense(3, sigmoid)",
        row_sums="free",
    ),
    Row(
        "sigmoid(3) and Reshape, CCE",
        reshaped(3, "sigmoid"),
        CCE,
        "one_hot_3",
        {"KD101": ERROR},
        "values",
        categorical,
        "normalised",
        "Dense(3, sigmoid)",
    ),
    Row("sigmoid(3) and Reshape, SCCE", reshaped(3, "sigmoid"), SCCE, "classes_3", {"KD101": ERROR}, "values", sparse),
    Row(
        "sigmoid(3) in mixed_float16, CCE",
        'layers.Dense(3, activation="sigmoid", dtype="mixed_float16")',
        CCE,
        "one_hot_3",
        {"KD101": ERROR, "KD117": WARNING},
        "values",
        categorical,
        "normalised",
    ),
]

NO_PROBABILITIES = [
    Row("linear(1), BCE", dense(1), BCE, "zero_one", {"KD105": ERROR}, "values", binary, "binary", "Dense(1, linear)"),
    Row("relu(1), BCE", dense(1, "relu"), BCE, "zero_one", {"KD107": ERROR}, "values", binary, "binary", "Dense(1, relu)"),
    Row("tanh(1), BCE", dense(1, "tanh"), BCE, "zero_one", {"KD107": ERROR}, "values", binary, "binary", "Dense(1, tanh)"),
    Row("linear(3), CCE", dense(3), CCE, "one_hot_3", {"KD105": ERROR}, "values", categorical),
    Row("linear(3), SCCE", dense(3), SCCE, "classes_3", {"KD105": ERROR}, "values", sparse),
    Row("relu(3), CCE", dense(3, "relu"), CCE, "one_hot_3", {"KD107": ERROR}, None, categorical, shown="Dense(3, relu)"),
    Row("relu(3), SCCE", dense(3, "relu"), SCCE, "classes_3", {"KD107": ERROR}, None, sparse),
    Row("tanh(3), CCE", dense(3, "tanh"), CCE, "one_hot_3", {"KD107": ERROR}, None, categorical, shown="Dense(3, tanh)"),
]

ONE_UNIT = [
    Row("softmax(1), BCE", dense(1, "softmax"), BCE, "zero_one", {"KD103": ERROR}, LINKED, binary, SIGMOIDS, "Dense(1, softmax)"),
    Row("sigmoid(1), CCE, labels (n,)", dense(1, "sigmoid"), CCE, "zero_one", {"KD104": ERROR}, None, categorical),
    Row("sigmoid(1), CCE, labels (n,1)", dense(1, "sigmoid"), CCE, "zero_one_column", {"KD104": ERROR}, None, categorical),
    Row("softmax(1), CCE", dense(1, "softmax"), CCE, "zero_one", {"KD103": ERROR}, None, categorical),
    Row("sigmoid(1), SCCE", dense(1, "sigmoid"), SCCE, "zero_one", {"KD104": ERROR}, None, sparse, raises=NOT_JAX),
    Row("softmax(1), SCCE", dense(1, "softmax"), SCCE, "zero_one", {"KD103": ERROR}, None, sparse, raises=NOT_JAX),
]

LABELS = [
    Row(
        "sigmoid(1), BCE, labels -1 and 1",
        dense(1, "sigmoid"),
        BCE,
        "plus_minus",
        {"KD112": ERROR},
        LINKED,
        binary,
        SIGMOIDS,
        raises=("torch",),
    ),
    Row(
        "sigmoid(1), BCE, labels 0 to 2",
        dense(1, "sigmoid"),
        BCE,
        "classes_3",
        {"KD110": ERROR},
        LINKED,
        binary,
        SIGMOIDS,
        raises=("torch",),
    ),
    Row("sigmoid(1), BCE, one-hot (n,2)", dense(1, "sigmoid"), BCE, "one_hot_2", {"KD110": ERROR}, None, binary, raises=BACKENDS),
    Row("tanh(1), hinge, accuracy", dense(1, "tanh"), '"hinge"', "plus_minus", {"KD116": WARNING}, "values", "hinge", metrics="accuracy"),
    Row("linear(1), BCE from_logits, accuracy", dense(1), BCE_LOGITS, "zero_one", {"KD116": WARNING}, "values", binary, metrics="accuracy"),
    Row(
        "softmax(2), BCE, labels (n,)", dense(2, "softmax"), BCE, "zero_one", {"KD102": None, "KD111": ERROR}, None, binary, raises=BACKENDS
    ),
    Row(
        "softmax(2), BCE, labels (n,1)",
        dense(2, "softmax"),
        BCE,
        "zero_one_column",
        {"KD102": None, "KD111": ERROR},
        None,
        binary,
        raises=BACKENDS,
    ),
    Row(
        "softmax(3), BCE, labels (n,1)",
        dense(3, "softmax"),
        BCE,
        "classes_3_column",
        {"KD102": None, "KD111": ERROR},
        None,
        binary,
        raises=BACKENDS,
    ),
    Row("softmax(3), CCE, labels (n,)", dense(3, "softmax"), CCE, "classes_3", {"KD111": ERROR}, None, categorical, raises=BACKENDS),
    Row(
        "softmax(3), CCE, labels (n,1)", dense(3, "softmax"), CCE, "classes_3_column", {"KD111": ERROR}, None, categorical, raises=BACKENDS
    ),
    Row("softmax(3), SCCE, one-hot", dense(3, "softmax"), SCCE, "one_hot_3", {"KD111": ERROR}, None, sparse, raises=BACKENDS),
    Row("softmax(3), SCCE, labels 1 to 3", dense(3, "softmax"), SCCE, "one_to_three", {"KD112": ERROR}, None, sparse, raises=NOT_JAX),
    Row("softmax(3), SCCE, labels 0 to 3", dense(3, "softmax"), SCCE, "zero_to_three", {"KD110": ERROR}, None, sparse, raises=NOT_JAX),
    Row("softmax(3), SCCE, some -1", dense(3, "softmax"), SCCE, "some_minus_one", {"KD112": ERROR}, None, sparse, raises=NOT_JAX),
    Row("softmax(3), MSE, labels (n,1)", dense(3, "softmax"), MSE, "classes_3_column", {"KD113": ERROR}, "values", "mean_squared_error"),
    Row(
        "softmax(3), MSE, labels (n,)", dense(3, "softmax"), MSE, "classes_3", {"KD111": ERROR}, None, "mean_squared_error", raises=BACKENDS
    ),
    Row(
        "softmax(2), MSE, labels (n,)", dense(2, "softmax"), MSE, "zero_one", {"KD111": ERROR}, None, "mean_squared_error", raises=BACKENDS
    ),
]

OWN_LOSSES = [
    Row(
        "sigmoid(3), Keras 2.2 CCE",
        dense(3, "sigmoid"),
        "normalised",
        "one_hot_3",
        {"KD101": ERROR},
        "values",
        categorical,
        "normalised",
        decoded=True,
    ),
    Row(
        "sigmoid(3), Keras 2.2 CCE, summed",
        dense(3, "sigmoid"),
        "normalised_sum",
        "one_hot_3",
        {"KD101": ERROR},
        "values",
        categorical,
        decoded=True,
    ),
    Row(
        "softmax(2), Keras 2 BCE",
        dense(2, "softmax"),
        "clipped_binary",
        "one_hot_2",
        {"KD102": WARNING},
        "values",
        binary,
        "binary",
        decoded=True,
    ),
    Row("sigmoid(1), Keras 2 BCE", dense(1, "sigmoid"), "clipped_binary", "zero_one_column", {}, "values", binary, "binary", decoded=True),
    Row("softmax(3), Keras 2.2 CCE", dense(3, "softmax"), "normalised", "one_hot_3", {}, "values", categorical, "normalised", decoded=True),
    Row(
        "softmax(3), cross-entropy without clip",
        dense(3, "softmax"),
        "bare_crossentropy",
        "one_hot_3",
        {},
        "values",
        categorical,
        decoded=True,
    ),
    Row("linear(3), logits in a loss of its own", dense(3), "on_logits", "one_hot_3", {}, "values", categorical, "softmax", decoded=True),
    Row(
        "softmax(3), logits in a loss of its own",
        dense(3, "softmax"),
        "on_logits",
        "one_hot_3",
        {"KD106": ERROR},
        "values",
        categorical,
        "softmax",
        decoded=True,
    ),
    Row("linear(1), squared error of its own", dense(1), "squared", "targets_column", {}, "values", "mean_squared_error", decoded=True),
    Row(
        "linear(1), squared error of its own, summed",
        dense(1),
        "squared_sum",
        "targets_column",
        {},
        "values",
        "mean_squared_error",
        decoded=True,
    ),
    Row("sigmoid(3), partial of CCE", dense(3, "sigmoid"), "smoothed", "one_hot_3", {"KD101": ERROR}, LINKED, categorical),
    Row("linear(3), partial of CCE from_logits", dense(3), "partial_logits", "one_hot_3", {}, "values", categorical, "softmax"),
    Row(
        "sigmoid(3), a class of its own around CCE",
        dense(3, "sigmoid"),
        "OwnCategorical()",
        "one_hot_3",
        {"KD101": ERROR},
        LINKED,
        categorical,
        decoded=True,
    ),
    Row("linear(1), pinball", dense(1), "pinball", "targets_column", {}, "values", None),
]

ROWS = RIGHT + TRAINS_ALL_THE_SAME + SIGMOID_AND_CATEGORICAL + NO_PROBABILITIES + ONE_UNIT + LABELS + OWN_LOSSES
