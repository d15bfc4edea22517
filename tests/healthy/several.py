"""Several inputs or outputs, shared layers, metric learning, transfer, half precision, streams of data."""

import keras
import numpy as np
from keras import layers, ops

rng = np.random.default_rng(6)


def _pixels(rows=200, channels=3):
    return rng.random((rows, 16, 16, channels)).astype("float32")


# ---- several outputs


def age_and_sex():
    inputs = keras.Input((16, 16, 3))
    hidden = layers.Flatten()(layers.MaxPooling2D()(layers.Conv2D(8, 3, activation="relu")(inputs)))
    age = layers.Dense(1, name="age")(layers.Dense(16, activation="relu")(hidden))
    sex = layers.Dense(1, activation="sigmoid", name="sex")(layers.Dense(16, activation="relu")(hidden))
    model = keras.Model(inputs, {"age": age, "sex": sex})
    losses, metrics = {"age": "mse", "sex": "binary_crossentropy"}, {"age": ["mae"], "sex": ["accuracy"]}
    model.compile("adam", losses, metrics=metrics, loss_weights={"age": 0.5, "sex": 1.0})
    callbacks = [keras.callbacks.EarlyStopping(monitor="val_sex_accuracy", mode="max", patience=5)]
    y = {"age": rng.normal(size=200).astype("float32"), "sex": rng.integers(0, 2, 200)}
    return model, _pixels(), y, dict(epochs=30, batch_size=16, validation_split=0.2, callbacks=callbacks)


def tickets_of_the_functional_guide():
    title, body = keras.Input((10,), dtype="int32", name="title"), keras.Input((20,), dtype="int32", name="body")
    tags = keras.Input((12,), name="tags")
    read = [layers.LSTM(16)(layers.Embedding(300, 16)(title)), layers.LSTM(8)(layers.Embedding(300, 16)(body)), tags]
    joined = layers.Concatenate()(read)
    model = keras.Model([title, body, tags], [layers.Dense(1, name="priority")(joined), layers.Dense(4, name="department")(joined)])
    losses = [keras.losses.BinaryCrossentropy(from_logits=True), keras.losses.CategoricalCrossentropy(from_logits=True)]
    model.compile(keras.optimizers.RMSprop(1e-3), losses, loss_weights=[1.0, 0.2])
    x = {
        "title": rng.integers(0, 300, (500, 10)),
        "body": rng.integers(0, 300, (500, 20)),
        "tags": rng.integers(0, 2, (500, 12)).astype("float32"),
    }
    y = {"priority": rng.integers(0, 2, (500, 1)), "department": np.eye(4)[rng.integers(0, 4, 500)]}
    return model, x, y, dict(epochs=10, batch_size=32)


def auxiliary_output():
    inputs = keras.Input((20,))
    first = layers.Dense(32, activation="relu")(inputs)
    helper = layers.Dense(5, activation="softmax", name="helper")(first)
    main = layers.Dense(5, activation="softmax", name="main")(layers.Dense(32, activation="relu")(first))
    model = keras.Model(inputs, [main, helper])
    model.compile("adam", ["sparse_categorical_crossentropy"] * 2, loss_weights=[1.0, 0.3], metrics=[["accuracy"], ["accuracy"]])
    y = rng.integers(0, 5, 600)
    return model, rng.normal(size=(600, 20)).astype("float32"), [y, y], dict(epochs=20)


# ---- metric learning


def _tower(width=20, out=8):
    return keras.Sequential([keras.Input((width,)), layers.Dense(32, activation="relu"), layers.Dense(out)], name="tower")


def siamese_contrastive():
    def contrastive(y_true, distance):
        return ops.mean((1 - y_true) * ops.square(distance) + y_true * ops.square(ops.maximum(1.0 - distance, 0.0)))

    left, right, tower = keras.Input((20,), name="left"), keras.Input((20,), name="right"), _tower()
    gap = ops.sqrt(ops.sum(ops.square(tower(left) - tower(right)), axis=1, keepdims=True) + 1e-7)
    model = keras.Model([left, right], gap)
    model.compile("rmsprop", contrastive)
    x = [rng.normal(size=(400, 20)).astype("float32") for _ in range(2)]
    return model, x, rng.integers(0, 2, (400, 1)).astype("float32"), dict(epochs=20)


def siamese_with_sigmoid():
    left, right, tower = keras.Input((20,)), keras.Input((20,)), _tower()
    gap = layers.Lambda(lambda pair: ops.abs(pair[0] - pair[1]))([tower(left), tower(right)])
    model = keras.Model([left, right], layers.Dense(1, activation="sigmoid")(gap))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model, [rng.normal(size=(400, 20)).astype("float32") for _ in range(2)], rng.integers(0, 2, 400), dict(epochs=20)


def triplets():
    def triplet(_, distances):
        near, far = ops.split(distances, 2, axis=-1)
        return ops.maximum(near - far + 0.2, 0.0)

    anchor, same, other, tower = keras.Input((20,)), keras.Input((20,)), keras.Input((20,)), _tower()
    near = ops.sum(ops.square(tower(anchor) - tower(same)), axis=-1, keepdims=True)
    far = ops.sum(ops.square(tower(anchor) - tower(other)), axis=-1, keepdims=True)
    model = keras.Model([anchor, same, other], ops.concatenate([near, far], axis=-1))
    model.compile("adam", triplet)
    return model, [rng.normal(size=(400, 20)).astype("float32") for _ in range(3)], np.zeros((400, 2), "float32"), dict(epochs=20)


def ratings_by_dot_product():
    user, film = keras.Input((1,), dtype="int32", name="user"), keras.Input((1,), dtype="int32", name="film")
    people, films = layers.Embedding(60, 8)(user), layers.Embedding(90, 8)(film)
    model = keras.Model([user, film], layers.Flatten()(layers.Dot(axes=2)([people, films])))
    model.compile("adam", "mse")
    x = {"user": rng.integers(0, 60, (800, 1)), "film": rng.integers(0, 90, (800, 1))}
    return model, x, rng.integers(1, 6, 800).astype("float32"), dict(epochs=20)


def unit_vectors_by_cosine():
    target = rng.normal(size=(400, 8)).astype("float32")
    model = keras.Sequential([*_tower().layers, layers.UnitNormalization()])
    model.compile("adam", keras.losses.CosineSimilarity())
    return model, rng.normal(size=(400, 20)).astype("float32"), target / np.linalg.norm(target, axis=1, keepdims=True), dict(epochs=20)


# ---- transfer


def frozen_base_new_head():
    base = keras.Sequential([keras.Input((16, 16, 3)), layers.Conv2D(8, 3, activation="relu"), layers.BatchNormalization()], name="base")
    base.trainable = False
    inputs = keras.Input((16, 16, 3))
    hidden = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(base(inputs, training=False)))
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(hidden))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _pixels(), rng.integers(0, 2, 200), dict(epochs=20, batch_size=16)


def fine_tuned_at_a_low_rate():
    base = keras.applications.MobileNetV2(input_shape=(32, 32, 3), alpha=0.35, include_top=False, weights=None)
    # In the place of downloaded weights: away from what an initializer draws, the moving averages too.
    base.set_weights([np.abs(w * rng.uniform(0.5, 2, w.shape)) + 0.05 if w.ndim == 1 else w * 1.7 + 0.003 for w in base.get_weights()])
    for layer in base.layers[:100]:
        layer.trainable = False
    inputs = keras.Input((32, 32, 3))
    hidden = layers.GlobalAveragePooling2D()(base(keras.applications.mobilenet_v2.preprocess_input(inputs), training=False))
    model = keras.Model(inputs, layers.Dense(1)(layers.Dropout(0.2)(hidden)))
    model.compile(keras.optimizers.Adam(1e-5), keras.losses.BinaryCrossentropy(from_logits=True))
    return model, rng.integers(0, 256, (64, 32, 32, 3)).astype("float32"), rng.permutation(np.arange(64) % 2), dict(epochs=20, batch_size=8)


# ---- half precision


def half_precision_with_float32_head():
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    try:
        inputs = keras.Input((20,))
        hidden = layers.Dense(32, activation="relu")(layers.Dense(32, activation="relu")(inputs))
        model = keras.Model(inputs, layers.Activation("softmax", dtype="float32")(layers.Dense(4)(hidden)))
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    return model, rng.normal(size=(600, 20)).astype("float32"), rng.integers(0, 4, 600), dict(epochs=20)


def half_precision_regression():
    hidden = [layers.Dense(32, activation="relu", dtype="mixed_float16")]
    model = keras.Sequential([keras.Input((20,)), *hidden, layers.Dense(1, dtype="float32")])
    model.compile("adam", "mse")
    return model, rng.normal(size=(600, 20)).astype("float32"), rng.normal(size=600).astype("float32"), dict(epochs=20)


# ---- streams


def _classifier():
    model = keras.Sequential([keras.Input((20,)), layers.Dense(32, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def dataset_of_tensorflow():
    import tensorflow as tf

    x, y = rng.normal(size=(600, 20)).astype("float32"), rng.integers(0, 3, 600)
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(600).batch(32).prefetch(1)
    return _classifier(), data, None, dict(epochs=20)


def dataset_mapped_and_validated():
    import tensorflow as tf

    def scaled(image, label):
        return tf.cast(image, "float32") / 255.0, label

    def made(rows):
        data = tf.data.Dataset.from_tensor_slices((rng.integers(0, 256, (rows, 20)).astype("uint8"), rng.integers(0, 3, rows)))
        return data.map(scaled).batch(32)

    return _classifier(), made(600).shuffle(10), None, dict(epochs=20, validation_data=made(100))


class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x) // 32

    def __getitem__(self, index):
        rows = slice(32 * index, 32 * index + 32)
        return self.x[rows], self.y[rows]


def batches_by_index():
    return _classifier(), Batches(rng.normal(size=(608, 20)).astype("float32"), rng.integers(0, 3, 608)), None, dict(epochs=20)


def loader_of_torch():
    import pytest

    torch = pytest.importorskip("torch")
    data = torch.utils.data.TensorDataset(torch.randn(600, 20), torch.randint(0, 3, (600,)))
    return _classifier(), torch.utils.data.DataLoader(data, batch_size=32, shuffle=True), None, dict(epochs=20)


def generator_of_python():
    def batches():
        while True:
            yield rng.normal(size=(32, 20)).astype("float32"), rng.integers(0, 3, 32)

    return _classifier(), batches(), None, dict(epochs=20, steps_per_epoch=20)


def data_frame():
    import pytest

    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(rng.normal(size=(600, 20)).astype("float32"), columns=[f"c{i}" for i in range(20)])
    return _classifier(), frame, pandas.Series(rng.integers(0, 3, 600)), dict(epochs=20, validation_split=0.2)


def unbuilt_sequential():
    model = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, rng.normal(size=(600, 20)).astype("float32"), rng.integers(0, 3, 600), dict(epochs=20)


def gradients_accumulated():
    model = keras.Sequential([keras.Input((20,)), layers.Dense(32, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile(keras.optimizers.Adam(1e-3, gradient_accumulation_steps=4, use_ema=True), "sparse_categorical_crossentropy")
    return model, rng.normal(size=(600, 20)).astype("float32"), rng.integers(0, 3, 600), dict(epochs=40)
