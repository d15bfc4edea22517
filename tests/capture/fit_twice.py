"""Train the same program with and without an examination before it, and print what differs: on the backend that KERAS_BACKEND names.

Every program is run three times: plain, plain again (the control: whatever differs here is the backend's own), and with ``diagnose``
between compile and fit. A state is a list of (name, bytes as text); two states are equal or the first different name is printed.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys

import keras
import numpy as np
from keras import layers

ROWS = 40
rng = np.random.default_rng(2)
X = rng.normal(size=(ROWS, 6)).astype("float32")
CLASSES = rng.integers(0, 3, ROWS)
TARGETS = rng.normal(size=(ROWS, 1)).astype("float32")
SCCE = "sparse_categorical_crossentropy"


def sequential():
    stack = [layers.Dense(8, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.4), layers.GaussianNoise(0.1)]
    model = keras.Sequential([keras.Input((6,)), *stack, layers.Dense(3, activation="softmax")])
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, X, CLASSES


def unbuilt_sequential():
    model = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dropout(0.4), layers.Dense(3, activation="softmax")])
    model.compile("adam", SCCE, metrics=["accuracy"])
    return model, X, CLASSES


def two_outputs():
    inputs = keras.Input((6,))
    hidden = layers.Dropout(0.3)(layers.Dense(8, activation="relu")(inputs))
    outputs = [layers.Dense(3, activation="softmax", name="kind")(hidden), layers.Dense(1, name="size")(hidden)]
    model = keras.Model(inputs, outputs)
    model.compile("sgd", {"kind": SCCE, "size": "mse"}, metrics={"kind": ["accuracy"], "size": ["mae"]})
    return model, X, {"kind": CLASSES, "size": TARGETS}


class Noisy(keras.Model):
    """Draws from its own generator, from Dropout's, and keeps moving means."""

    def __init__(self):
        super().__init__()
        self.hidden, self.norm = layers.Dense(8, activation="relu"), layers.BatchNormalization()
        self.drop, self.out = layers.Dropout(0.4), layers.Dense(3, activation="softmax")
        self.seeds = keras.random.SeedGenerator(5)
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False, name="calls")

    def call(self, inputs, training=False):
        hidden = self.hidden(inputs)
        hidden = hidden + 0.1 * keras.random.normal((8,), seed=self.seeds)
        self.calls.assign_add(1.0)
        return self.out(self.drop(self.norm(hidden, training=training), training=training))


def subclassed():
    model = Noisy()
    model(X[:2])
    model.compile("rmsprop", SCCE, metrics=["accuracy"])
    return model, X, CLASSES


def unbuilt_subclassed():
    model = Noisy()
    model.compile("rmsprop", SCCE, metrics=["accuracy"])
    return model, X, CLASSES


def nested_functional():
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(5, activation="relu"), layers.Dropout(0.2)], name="tower")
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    model = keras.Model([a, b], layers.Dense(1)(keras.ops.abs(inner(a) - inner(b))))
    model.compile("adam", "mse")
    return model, {"a": X, "b": X[::-1].copy()}, TARGETS


def in_a_shuffled_dataset():
    model, x, y = sequential()
    if "tensorflow" not in sys.modules:
        return model, x, y
    import tensorflow as tf

    return model, tf.data.Dataset.from_tensor_slices((x, y)).shuffle(40).batch(8), None


def second_fit():
    """Metrics, optimizer and generators that a first fit has moved."""
    model, x, y = sequential()
    model.fit(x, y, batch_size=8, verbose=0)
    return model, x, y


PROGRAMS = [
    sequential,
    unbuilt_sequential,
    two_outputs,
    subclassed,
    unbuilt_subclassed,
    nested_functional,
    in_a_shuffled_dataset,
    second_fit,
]


def marks(thing):
    return hashlib.sha1(np.ascontiguousarray(thing).tobytes()).hexdigest()[:12]


def state(model):
    """Everything of the model that training reads or writes, by name."""
    optimizer = getattr(model, "optimizer", None)
    variables = [*model.weights, *model.non_trainable_variables, *(optimizer.variables if optimizer else ()), *model.metrics_variables]
    found = [(v.path, marks(keras.ops.convert_to_numpy(v))) for v in variables]
    walk = [layer for layer in model._flatten_layers()]
    found += [(f"{layer.name} nodes", (len(layer._inbound_nodes), len(layer._outbound_nodes))) for layer in walk]
    found += [(f"{layer.name} built", bool(layer.built)) for layer in walk]
    return [*found, ("metrics", [m.name for m in model.metrics]), ("attributes", sorted(vars(model)))]


def draws():
    """The next numbers of every generator, and the next automatic names."""
    found = [("python", random.random()), ("numpy", marks(np.random.rand(3)))]
    found += [("keras", marks(keras.ops.convert_to_numpy(keras.random.normal((3,)))))]
    found += [("initializer", marks(keras.ops.convert_to_numpy(keras.initializers.GlorotUniform()((3, 3)))))]
    found += [("names", (layers.Dense(1).name, layers.Dropout(0.1).name, keras.Sequential().name))]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        found += [("tf", marks(tf.random.normal((3,)).numpy()))]
    if keras.backend.backend() == "torch":
        import torch

        found += [("torch", marks(torch.rand(3).numpy()))]
    return found


def run(build, examined):
    """The states before fit, the next draws, and the states after a fit that follows the same draws."""
    import kerasdoctor

    keras.utils.clear_session()
    keras.utils.set_random_seed(9)
    model, x, y = build()
    if examined:
        report = kerasdoctor.diagnose(model, x, y, epochs=2, batch_size=None if y is None else 8)
        assert not [note for note in report.notes if "cannot be built" in note], report.notes
    before, drawn = state(model), draws()
    history = model.fit(x, y, epochs=2, batch_size=None if y is None else 8, verbose=0).history
    return {"before": before, "draws": drawn, "history": sorted(history.items()), "after": state(model), "later draws": draws()}


def difference(one, other):
    """The first thing in which two runs differ, as text; "" for none."""
    for part in one:
        if len(one[part]) != len(other[part]):
            return f"{part}: {len(one[part])} against {len(other[part])} entries"
        for (name, left), (other_name, right) in zip(one[part], other[part], strict=True):
            if (name, left) != (other_name, right):
                return f"{part}: {name} = {left}, {other_name} = {right}"
    return ""


def main():
    found = {}
    for build in PROGRAMS:
        plain = run(build, False)
        found[build.__name__] = {"control": difference(plain, run(build, False)), "examined": difference(plain, run(build, True))}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
