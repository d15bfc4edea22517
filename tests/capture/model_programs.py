"""Models in the many forms that people write them, each a function that returns (model, x, y). Keras is imported by the runner."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers, ops

ROWS = 48
rng = np.random.default_rng(5)
X = rng.normal(size=(ROWS, 4)).astype("float32")
CLASSES = np.arange(ROWS) % 3
ONE_HOT = np.eye(3)[CLASSES]
YES_NO = (np.arange(ROWS) % 2).astype("float32")
TARGETS = rng.normal(size=(ROWS, 1))
CCE, SCCE, BCE = "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"


def compiled(model, loss, x, y, **arguments):
    model.compile("adam", loss, **arguments)
    return model, x, y


def sequential(*stack):
    return keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), *stack])


# ---- one output


def added_one_by_one():
    model = keras.Sequential()
    model.add(keras.Input((4,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("relu"))
    model.add(layers.Dense(3))
    model.add(layers.Activation("sigmoid"))
    return compiled(model, CCE, X, ONE_HOT)


def functional_with_ops():
    inputs = keras.Input((4,))
    hidden = ops.relu(layers.Dense(8)(inputs))
    return compiled(keras.Model(inputs, ops.sigmoid(layers.Dense(3)(hidden))), CCE, X, ONE_HOT)


def functional_with_activation_function():
    inputs = keras.Input((4,))
    return compiled(keras.Model(inputs, keras.activations.softmax(layers.Dense(3)(inputs))), CCE, X, ONE_HOT)


def reshape_after_softmax():
    return compiled(sequential(layers.Dense(3, activation="softmax"), layers.Reshape((3,))), SCCE, X, CLASSES)


def convolution_as_head():
    x, y = rng.random((ROWS, 1, 1, 4)).astype("float32"), ONE_HOT
    stack = [keras.Input((1, 1, 4)), layers.Conv2D(8, 1, activation="relu"), layers.Conv2D(3, 1, activation="sigmoid"), layers.Flatten()]
    return compiled(keras.Sequential(stack), CCE, x, y)


def global_pooling_after_convolution():
    x = rng.random((ROWS, 6, 6, 1)).astype("float32")
    stack = [keras.Input((6, 6, 1)), layers.Conv2D(3, 3), layers.GlobalAveragePooling2D(), layers.Softmax()]
    return compiled(keras.Sequential(stack), SCCE, x, CLASSES)


def lambda_sigmoid():
    return compiled(sequential(layers.Dense(1), layers.Lambda(lambda z: ops.sigmoid(z))), BCE, X, YES_NO)


def lambda_softmax():
    return compiled(sequential(layers.Dense(3), layers.Lambda(lambda z: ops.softmax(z))), CCE, X, ONE_HOT)


def lambda_that_scales():
    return compiled(sequential(layers.Dense(1), layers.Lambda(lambda z: z * 10.0)), "mse", X, TARGETS)


def own_activation_function():
    def mine(z):
        return ops.softmax(z, axis=-1)

    return compiled(sequential(layers.Dense(3, activation=mine)), SCCE, X, CLASSES)


def nested_sequential_head():
    head = keras.Sequential([keras.Input((8,)), layers.Dense(6, activation="relu"), layers.Dense(3, activation="sigmoid")])
    return compiled(sequential(head), CCE, X, ONE_HOT)


def nested_functional_in_functional():
    inner_in = keras.Input((4,))
    inner = keras.Model(inner_in, layers.Dense(3)(layers.Dense(8, activation="relu")(inner_in)), name="tower")
    inputs = keras.Input((4,))
    return compiled(keras.Model(inputs, layers.Softmax()(inner(inputs))), SCCE, X, CLASSES)


class TwoLayers(keras.Model):
    """Subclassed; the graph is found by a symbolic call."""

    def __init__(self, activation):
        super().__init__()
        self.hidden = layers.Dense(8, activation="relu")
        self.out = layers.Dense(3, activation=activation)

    def call(self, inputs):
        return self.out(self.hidden(inputs))


def subclassed():
    model = TwoLayers("sigmoid")
    model.build((None, 4))
    return compiled(model, CCE, X, ONE_HOT)


def subclassed_not_built():
    return compiled(TwoLayers("sigmoid"), CCE, X, ONE_HOT)


class NeedsValues(TwoLayers):
    def call(self, inputs):
        values = keras.ops.convert_to_numpy(inputs)  # fails on symbolic tensors
        return super().call(inputs * float(1.0 + 0.0 * values.sum()))


def subclassed_that_needs_values():
    model = NeedsValues("softmax")
    model.hidden.build((None, 4))
    model.out.build((None, 8))
    model.built = True
    return compiled(model, CCE, X, ONE_HOT)


def half_precision_head():
    stack = sequential(layers.Dense(3, dtype="mixed_float16"), layers.Activation("softmax", dtype="float32"))
    return compiled(stack, SCCE, X, CLASSES)


def half_precision_throughout():
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    try:
        return compiled(sequential(layers.Dense(3, activation="softmax")), SCCE, X, CLASSES)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")


def not_built():
    return compiled(keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(3, activation="sigmoid")]), CCE, X, ONE_HOT)


def not_compiled():
    return sequential(layers.Dense(3, activation="softmax")), X, CLASSES


def wrong_input_width():
    return compiled(sequential(layers.Dense(3, activation="softmax")), SCCE, X[:, :2], CLASSES)


def bidirectional_head():
    x = rng.normal(size=(ROWS, 5, 2)).astype("float32")
    stack = [keras.Input((5, 2)), layers.Bidirectional(layers.LSTM(4)), layers.Dense(1, activation="sigmoid")]
    return compiled(keras.Sequential(stack), BCE, x, YES_NO)


def per_step_head():
    x, y = rng.normal(size=(ROWS, 5, 2)).astype("float32"), rng.integers(0, 3, (ROWS, 5))
    stack = [keras.Input((5, 2)), layers.GRU(4, return_sequences=True), layers.TimeDistributed(layers.Dense(3, activation="softmax"))]
    return compiled(keras.Sequential(stack), SCCE, x, y)


# ---- several outputs: "label" is right, "score" is a sigmoid under a categorical loss


def two_headed(outputs="list"):
    inputs = keras.Input((4,))
    hidden = layers.Dense(8, activation="relu")(inputs)
    label = layers.Dense(1, activation="sigmoid", name="label")(hidden)
    score = layers.Dense(3, activation="sigmoid", name="score")(hidden)
    return keras.Model(inputs, {"label": label, "score": score} if outputs == "dict" else [label, score])


def two_outputs_lists():
    return compiled(two_headed(), [BCE, CCE], X, [YES_NO, ONE_HOT], metrics=[["accuracy"], ["accuracy"]])


def two_outputs_by_name():
    losses, metrics = {"score": CCE, "label": BCE}, {"score": ["accuracy"]}
    return compiled(
        two_headed(), losses, X, {"score": ONE_HOT, "label": YES_NO}, metrics=metrics, loss_weights={"label": 1.0, "score": 0.5}
    )


def two_outputs_dict():
    return compiled(two_headed("dict"), {"label": BCE, "score": CCE}, X, {"label": YES_NO, "score": ONE_HOT})


def two_outputs_dict_labels_in_other_order():
    return compiled(two_headed("dict"), {"score": CCE, "label": BCE}, X, {"score": ONE_HOT, "label": YES_NO})


def two_outputs_one_loss():
    inputs = keras.Input((4,))
    outputs = [layers.Dense(1, name="a")(inputs), layers.Dense(1, name="b")(inputs)]
    return compiled(keras.Model(inputs, outputs), "mse", X, [TARGETS, TARGETS])


def two_outputs_one_without_loss():
    return compiled(two_headed("dict"), {"label": BCE}, X, {"label": YES_NO})


def nested_outputs():
    inputs = keras.Input((4,))
    hidden = layers.Dense(8, activation="relu")(inputs)
    outputs = {"a": layers.Dense(1, name="a")(hidden), "b": {"c": layers.Dense(3, activation="sigmoid", name="c")(hidden)}}
    return compiled(keras.Model(inputs, outputs), {"a": "mse", "b": {"c": CCE}}, X, {"a": TARGETS, "b": {"c": ONE_HOT}})


class DictOutputs(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = layers.Dense(1, activation="sigmoid"), layers.Dense(3, activation="sigmoid")

    def call(self, inputs):
        return {"label": self.a(inputs), "score": self.b(inputs)}


def subclassed_with_dict_outputs():
    model = DictOutputs()
    model(X[:1])
    return compiled(model, {"label": BCE, "score": CCE}, X, {"label": YES_NO, "score": ONE_HOT})


def two_inputs_by_name():
    a, b = keras.Input((4,), name="a"), keras.Input((2,), name="b")
    outputs = layers.Dense(3, activation="softmax")(layers.Concatenate()([a, b]))
    return compiled(keras.Model([a, b], outputs), SCCE, {"a": X, "b": X[:, :2]}, CLASSES)


PROGRAMS = {name: thing for name, thing in list(vars().items()) if callable(thing) and getattr(thing, "__module__", "") == __name__}
for name in ("compiled", "sequential", "two_headed", "TwoLayers", "NeedsValues", "DictOutputs"):
    del PROGRAMS[name]
