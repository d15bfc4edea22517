"""Sound and time series."""

import keras
import numpy as np
from keras import layers, ops

rng = np.random.default_rng(4)


def _series(rows=400, steps=24, channels=3):
    return rng.normal(size=(rows, steps, channels)).astype("float32")


def next_value_lstm():
    model = keras.Sequential([keras.Input((24, 3)), layers.LSTM(16), layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model, _series(), rng.normal(size=400).astype("float32"), dict(epochs=20, validation_split=0.2, shuffle=False)


def next_steps_stacked():
    stack = [layers.LSTM(16, return_sequences=True), layers.Dropout(0.2), layers.LSTM(16), layers.Dense(6)]
    model = keras.Sequential([keras.Input((24, 3)), *stack])
    model.compile(keras.optimizers.Adam(1e-3, clipnorm=1.0), keras.losses.Huber())
    return model, _series(), rng.normal(size=(400, 6)).astype("float32"), dict(epochs=20)


def every_step():
    model = keras.Sequential([keras.Input((24, 3)), layers.GRU(16, return_sequences=True), layers.TimeDistributed(layers.Dense(1))])
    model.compile("adam", "mse")
    return model, _series(), rng.normal(size=(400, 24, 1)).astype("float32"), dict(epochs=20)


def temporal_convolution():
    stack = [layers.Conv1D(16, 3, padding="causal", dilation_rate=rate, activation="relu") for rate in (1, 2, 4)]
    model = keras.Sequential([keras.Input((24, 3)), *stack, layers.GlobalAveragePooling1D(), layers.Dense(4, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
    return model, _series(), rng.integers(0, 4, 400), dict(epochs=20)


def series_fully_convolutional():
    stack = []
    for _ in range(2):
        stack += [layers.Conv1D(16, 3, padding="same"), layers.BatchNormalization(), layers.ReLU()]
    model = keras.Sequential([keras.Input((50, 1)), *stack, layers.GlobalAveragePooling1D(), layers.Dense(2, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", patience=20),
        keras.callbacks.EarlyStopping(monitor="val_loss", patience=50),
    ]
    return model, _series(400, 50, 1), rng.integers(0, 2, 400), dict(epochs=50, validation_split=0.2, callbacks=callbacks)


def anomalies_by_reconstruction():
    x = _series(400, 24, 1)
    down = [
        layers.Conv1D(16, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1D(8, 7, padding="same", strides=2, activation="relu"),
    ]
    up = [
        layers.Conv1DTranspose(8, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1DTranspose(16, 7, padding="same", strides=2, activation="relu"),
    ]
    model = keras.Sequential([keras.Input((24, 1)), *down, *up, layers.Conv1DTranspose(1, 7, padding="same")])
    model.compile(keras.optimizers.Adam(1e-3), "mse")
    return model, x, x, dict(epochs=30, validation_split=0.1)


def commands_from_spectrograms():
    normalization = layers.Normalization()
    x = np.abs(rng.normal(0, 5, (200, 30, 20, 1))).astype("float32")
    normalization.adapt(x)
    stack = [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.25), layers.Flatten()]
    model = keras.Sequential([keras.Input((30, 20, 1)), normalization, *stack, layers.Dense(32, activation="relu"), layers.Dense(8)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model, x, rng.integers(0, 8, 200), dict(epochs=20, batch_size=16)


def speech_ctc():
    inputs = keras.Input((30, 12))
    hidden = layers.Bidirectional(layers.GRU(8, return_sequences=True))(inputs)
    model = keras.Model(inputs, layers.Dense(10)(hidden))
    model.compile("adam", keras.losses.CTC())
    return model, _series(100, 30, 12), rng.integers(1, 10, (100, 6)), dict(epochs=20, batch_size=8)


def waveform_denoised():
    clean = np.tanh(_series(200, 64, 1))
    stack = [layers.Conv1D(16, 9, padding="same", activation="relu"), layers.Conv1D(1, 9, padding="same", activation="tanh")]
    model = keras.Sequential([keras.Input((64, 1)), *stack])
    model.compile("adam", "mae")
    return model, clean + 0.1 * _series(200, 64, 1), clean, dict(epochs=30)


def wavenet_gates():
    inputs = keras.Input((40, 4))
    hidden, skips = layers.Conv1D(8, 1)(inputs), []
    for rate in (1, 2, 4):
        gated = layers.Conv1D(8, 2, padding="causal", dilation_rate=rate, activation="tanh")(hidden)
        gated = gated * layers.Conv1D(8, 2, padding="causal", dilation_rate=rate, activation="sigmoid")(hidden)
        skips.append(layers.Conv1D(8, 1)(gated))
        hidden = hidden + skips[-1]
    last = layers.Lambda(lambda t: t[:, -1])(ops.relu(layers.Add()(skips)))
    model = keras.Model(inputs, layers.Dense(1)(last))
    model.compile("adam", "mse")
    return model, _series(300, 40, 4), rng.normal(size=300).astype("float32"), dict(epochs=20)
