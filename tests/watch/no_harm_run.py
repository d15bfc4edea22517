"""Run by test_no_harm.py in a process of its own for each backend: says for each kind of data whether watching changed anything."""

import hashlib
import sys

import keras
import numpy as np

from kerasdoctor.watch.monitor import FitWatch
from kerasdoctor.watch.prober import Prober
from kerasdoctor.watch.wrap import watched


def two_outputs(inputs=6):
    """Dropout, noise, BatchNormalization, a regularizer and two outputs: what a careless probe would disturb."""
    entry = keras.Input((inputs,))
    x = keras.layers.GaussianNoise(0.1)(entry)
    x = keras.layers.Dense(8, activation="relu", kernel_regularizer="l2")(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Dropout(0.3)(x)
    outputs = {"a": keras.layers.Dense(3, activation="softmax", name="a")(x), "b": keras.layers.Dense(1, name="b")(x)}
    model = keras.Model(entry, outputs)
    model.compile(
        keras.optimizers.Adam(0.01), {"a": "sparse_categorical_crossentropy", "b": "mse"}, metrics={"a": ["accuracy"], "b": ["mae"]}
    )
    return model


class Batches(keras.utils.PyDataset):
    """Draws from NumPy's global generator, as augmentations do."""

    def __init__(self, x, y):
        super().__init__()
        self.x, self.y = x, y

    def __len__(self):
        return 10

    def __getitem__(self, index):
        part = slice(20 * index, 20 * index + 20)
        noisy = self.x[part] + np.random.normal(size=self.x[part].shape).astype("float32") * 0.01
        return noisy, {name: values[part] for name, values in self.y.items()}


def data(kind, x, y):
    if kind == "arrays":
        return {"x": x, "y": y, "batch_size": 24, "validation_split": 0.1}
    if kind == "sequence":
        return {"x": Batches(x, y)}
    if kind == "generator":
        # No global random numbers here: how far ahead Keras reads a generator depends on timing, watched or not.
        return {
            "x": ((x[k : k + 20], {"a": y["a"][k : k + 20], "b": y["b"][k : k + 20]}) for k in list(range(0, 200, 20)) * 9),
            "steps_per_epoch": 10,
        }
    import tensorflow as tf

    return {"x": tf.data.Dataset.from_tensor_slices((x, y)).map(lambda a, b: (a * 1.0, b)).shuffle(200, seed=3).batch(24).prefetch(2)}


def digest(kind, watch):
    """A digest of all that a fit leaves behind: variables, seeds, optimizer, history, the global random state, an evaluation afterwards."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(7)
    generator = np.random.default_rng(0)
    x = generator.normal(size=(200, 6)).astype("float32")
    y = {"a": (x[:, 0] > 0).astype("int32") + (x[:, 1] > 0), "b": x[:, 2:3] + x[:, 3:4]}
    model = two_outputs()
    arguments = data(kind, x, y)
    if watch:
        monitor = FitWatch(deep=True, listeners=[object()])
        with watched(lambda model, given: monitor):
            history = model.fit(epochs=3, verbose=0, **arguments)
        assert len(monitor.watch.signals) >= 8, (len(monitor.watch.signals), monitor.watch.batch, monitor.watch.notes)
        assert not monitor.watch.notes, monitor.watch.notes
        assert (kind == "generator") == (monitor.watch.signals[0][1].gradient_norm is None)
    else:
        history = model.fit(epochs=3, verbose=0, **arguments)
    hashed = hashlib.sha256()
    for variable in [*model.variables, *model.optimizer.variables]:
        hashed.update(np.asarray(keras.ops.convert_to_numpy(variable.value)).tobytes())
    hashed.update(repr(sorted(history.history.items())).encode())
    hashed.update(repr((np.random.random(), sorted(model.evaluate(x, y, verbose=0, return_dict=True).items()))).encode())
    return hashed.hexdigest()


Prober.deep_period = 3
for name in sys.argv[1:]:
    print(name, "same" if digest(name, True) == digest(name, False) else "different")
