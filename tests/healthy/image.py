"""Pictures: classes, masks, other pictures."""

import keras
import numpy as np
from keras import layers, ops

rng = np.random.default_rng(3)


def _pixels(rows=256, size=16, channels=1):
    return rng.random((rows, size, size, channels)).astype("float32")


def digits():
    stack = [layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D()]
    model = keras.Sequential(
        [keras.Input((16, 16, 1)), *stack, layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax")]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model, _pixels(), keras.utils.to_categorical(rng.integers(0, 10, 256), 10), dict(epochs=12, batch_size=16, validation_split=0.1)


def digits_flattened():
    stack = [layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dropout(0.2), layers.Dense(10)]
    model = keras.Sequential([keras.Input((16, 16)), *stack])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model, _pixels()[..., 0], rng.integers(0, 10, 256), dict(epochs=20, batch_size=16)


def raw_pixels_rescaled_inside():
    x = rng.integers(0, 256, (256, 16, 16, 3)).astype("uint8")
    augment = [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)]
    stack = [layers.Conv2D(16, 3, padding="same", activation="relu"), layers.MaxPooling2D(), layers.Flatten()]
    model = keras.Sequential([keras.Input((16, 16, 3)), *augment, layers.Rescaling(1 / 255), *stack, layers.Dense(5, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, x, rng.integers(0, 5, 256), dict(epochs=15, batch_size=16)


def cats_and_dogs_xception_like():
    x = rng.integers(0, 256, (200, 24, 24, 3)).astype("float32")
    inputs = keras.Input((24, 24, 3))
    hidden = layers.Rescaling(1 / 255)(inputs)
    hidden = layers.Activation("relu")(layers.BatchNormalization()(layers.Conv2D(8, 3, strides=2, padding="same")(hidden)))
    before = hidden
    for size in (16, 32):
        hidden = layers.Activation("relu")(hidden)
        hidden = layers.BatchNormalization()(layers.SeparableConv2D(size, 3, padding="same")(hidden))
        hidden = layers.MaxPooling2D(3, strides=2, padding="same")(hidden)
        before = layers.Conv2D(size, 1, strides=2, padding="same")(before)
        hidden = layers.add([hidden, before])
        before = hidden
    hidden = layers.Dropout(0.25)(layers.GlobalAveragePooling2D()(hidden))
    model = keras.Model(inputs, layers.Dense(1)(hidden))
    metrics = [keras.metrics.BinaryAccuracy(name="acc", threshold=0.0)]
    model.compile(keras.optimizers.Adam(3e-4), keras.losses.BinaryCrossentropy(from_logits=True), metrics=metrics)
    return model, x, rng.integers(0, 2, 200), dict(epochs=25, batch_size=16)


def residual_network():
    inputs = keras.Input((16, 16, 3))
    hidden = layers.Conv2D(8, 3, padding="same", use_bias=False)(inputs)
    for _ in range(2):
        inner = layers.ReLU()(layers.BatchNormalization()(hidden))
        inner = layers.Conv2D(8, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(inner)
        hidden = layers.Add()([hidden, inner])
    hidden = layers.GlobalAveragePooling2D()(layers.ReLU()(layers.BatchNormalization()(hidden)))
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(hidden))
    optimizer = keras.optimizers.SGD(keras.optimizers.schedules.PiecewiseConstantDecay([200, 400], [0.1, 0.01, 0.001]), momentum=0.9)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _pixels(channels=3) - 0.5, rng.integers(0, 10, 256), dict(epochs=30, batch_size=16)


def squeeze_and_excite():
    inputs = keras.Input((16, 16, 3))
    hidden = layers.Conv2D(16, 3, activation="relu")(inputs)
    squeezed = layers.Dense(4, activation="relu")(layers.GlobalAveragePooling2D()(hidden))
    gates = layers.Reshape((1, 1, 16))(layers.Dense(16, activation="sigmoid")(squeezed))
    hidden = layers.GlobalAveragePooling2D()(layers.Multiply()([hidden, gates]))
    model = keras.Model(inputs, layers.Dense(4, activation="softmax")(hidden))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model, _pixels(channels=3), rng.integers(0, 4, 256), dict(epochs=20, batch_size=16)


def depthwise_network():
    blocks = []
    for size in (16, 32):
        blocks += [layers.DepthwiseConv2D(3, padding="same", use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
        blocks += [layers.Conv2D(size, 1, use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
    model = keras.Sequential([keras.Input((16, 16, 3)), *blocks, layers.GlobalAveragePooling2D(), layers.Dense(4, activation="softmax")])
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _pixels(channels=3), rng.integers(0, 4, 256), dict(epochs=20, batch_size=16)


def all_convolutional():
    stack = [
        layers.Conv2D(16, 3, activation="relu", padding="same"),
        layers.Conv2D(10, 1),
        layers.GlobalAveragePooling2D(),
        layers.Softmax(),
    ]
    model = keras.Sequential([keras.Input((16, 16, 1)), *stack])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model, _pixels(), rng.integers(0, 10, 256), dict(epochs=20, batch_size=16)


def vision_transformer():
    inputs = keras.Input((16, 16, 3))
    patches = layers.Reshape((16, 24))(layers.Conv2D(24, 4, strides=4)(inputs))
    hidden = patches + layers.Embedding(16, 24)(ops.arange(16))
    normal = layers.LayerNormalization(epsilon=1e-6)(hidden)
    hidden = layers.Add()([hidden, layers.MultiHeadAttention(2, 12, dropout=0.1)(normal, normal)])
    inner = layers.Dense(48, activation="gelu")(layers.LayerNormalization(epsilon=1e-6)(hidden))
    hidden = layers.Add()([hidden, layers.Dense(24)(layers.Dropout(0.1)(inner))])
    hidden = layers.Dropout(0.3)(layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(hidden)))
    model = keras.Model(inputs, layers.Dense(10)(hidden))
    model.compile(keras.optimizers.AdamW(1e-3, weight_decay=1e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model, _pixels(channels=3), rng.integers(0, 10, 256), dict(epochs=20, batch_size=16)


def _unet(channels, head):
    inputs = keras.Input((16, 16, channels))
    first = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    low = layers.Conv2D(16, 3, padding="same", activation="relu")(layers.MaxPooling2D()(first))
    up = layers.Conv2DTranspose(8, 2, strides=2, activation="relu")(low)
    joined = layers.Conv2D(8, 3, padding="same", activation="relu")(layers.Concatenate()([first, up]))
    return keras.Model(inputs, head(joined))


def segmentation_class_numbers():
    model = _unet(3, layers.Conv2D(3, 1, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _pixels(100, channels=3), rng.integers(0, 3, (100, 16, 16, 1)), dict(epochs=20, batch_size=8)


def segmentation_one_hot():
    model = _unet(3, layers.Conv2D(3, 1, activation="softmax", padding="same"))
    model.compile("rmsprop", "categorical_crossentropy")
    return model, _pixels(100, channels=3), np.eye(3, dtype="float32")[rng.integers(0, 3, (100, 16, 16))], dict(epochs=20, batch_size=8)


def segmentation_mask():
    model = _unet(1, layers.Conv2D(1, 1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.BinaryIoU([1])])
    return model, _pixels(100), (rng.random((100, 16, 16, 1)) < 0.3).astype("float32"), dict(epochs=20, batch_size=8)


def segmentation_dice():
    def dice(y_true, y_pred):
        shared = ops.sum(y_true * y_pred, axis=(1, 2, 3))
        return 1 - (2 * shared + 1) / (ops.sum(y_true, axis=(1, 2, 3)) + ops.sum(y_pred, axis=(1, 2, 3)) + 1)

    model = _unet(1, layers.Conv2D(1, 1, activation="sigmoid"))
    model.compile("adam", dice)
    return model, _pixels(100), (rng.random((100, 16, 16, 1)) < 0.3).astype("float32"), dict(epochs=20, batch_size=8)


def finer_pictures():
    """Super-resolution: linear head, pixels as targets."""
    stack = [layers.Conv2D(16, 3, padding="same", activation="relu"), layers.UpSampling2D(), layers.Conv2D(1, 3, padding="same")]
    model = keras.Sequential([keras.Input((8, 8, 1)), *stack])
    model.compile("adam", "mse")
    fine = _pixels(200)
    return model, fine[:, ::2, ::2], fine, dict(epochs=20, batch_size=16)


def box_of_an_object():
    stack = [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(32, activation="relu")]
    model = keras.Sequential([keras.Input((16, 16, 3)), *stack, layers.Dense(4, activation="sigmoid")])
    model.compile("adam", "mse")
    return model, _pixels(channels=3), rng.random((256, 4)).astype("float32"), dict(epochs=20, batch_size=16)


def captcha_of_four_letters():
    """One softmax for each letter."""
    inputs = keras.Input((16, 32, 1))
    hidden = layers.Flatten()(layers.MaxPooling2D()(layers.Conv2D(8, 3, activation="relu")(inputs)))
    model = keras.Model(inputs, [layers.Dense(26, activation="softmax", name=f"letter_{i}")(hidden) for i in range(4)])
    model.compile("adam", ["sparse_categorical_crossentropy"] * 4, metrics=[["accuracy"]] * 4)
    return (
        model,
        rng.random((300, 16, 32, 1)).astype("float32"),
        [rng.integers(0, 26, 300) for _ in range(4)],
        dict(epochs=20, batch_size=16),
    )
