"""Autoencoders, GANs, VAEs, and other models with loops or losses of their own."""

import keras
import numpy as np
from keras import layers, ops

rng = np.random.default_rng(5)


def _digits(rows=400):
    return rng.random((rows, 64)).astype("float32")


def autoencoder_of_pixels():
    x = _digits()
    model = keras.Sequential([keras.Input((64,)), layers.Dense(16, activation="relu"), layers.Dense(64, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    return model, x, x, dict(epochs=50, batch_size=32)


def convolutional_autoencoder():
    x = rng.random((150, 16, 16, 1)).astype("float32")
    down = [layers.Conv2D(8, 3, activation="relu", padding="same"), layers.MaxPooling2D(padding="same")]
    up = [
        layers.Conv2DTranspose(8, 3, strides=2, activation="relu", padding="same"),
        layers.Conv2D(1, 3, activation="sigmoid", padding="same"),
    ]
    model = keras.Sequential([keras.Input((16, 16, 1)), *down, *up])
    model.compile("adam", "mse")
    return model, np.clip(x + 0.2 * rng.normal(size=x.shape), 0, 1).astype("float32"), x, dict(epochs=50, batch_size=16)


class Sampling(layers.Layer):
    """Draws z from (mean, log variance) and adds the divergence from the standard normal."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seeds = keras.random.SeedGenerator(3)

    def call(self, inputs):
        mean, log_variance = inputs
        divergence = -0.5 * ops.mean(1 + log_variance - ops.square(mean) - ops.exp(log_variance))
        self.add_loss(divergence)
        return mean + ops.exp(0.5 * log_variance) * keras.random.normal(ops.shape(mean), seed=self.seeds)


def variational_with_add_loss():
    inputs = keras.Input((64,))
    hidden = layers.Dense(32, activation="relu")(inputs)
    z = Sampling()([layers.Dense(4)(hidden), layers.Dense(4)(hidden)])
    outputs = layers.Dense(64, activation="sigmoid")(layers.Dense(32, activation="relu")(z))
    model = keras.Model(inputs, outputs)
    model.compile("adam", "binary_crossentropy")
    x = _digits()
    return model, x, x, dict(epochs=30)


class Variational(keras.Model):
    """The documentation's VAE: encoder and decoder in a model whose train_step makes the loss."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(8)])
        self.decoder = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(64, activation="sigmoid")])
        self.seeds = keras.random.SeedGenerator(1)
        self.total = keras.metrics.Mean(name="loss")

    def call(self, inputs):
        mean, _ = ops.split(self.encoder(inputs), 2, axis=-1)
        return self.decoder(mean)

    @property
    def metrics(self):
        return [self.total]

    def train_step(self, data):
        import tensorflow as tf

        x = data[0] if isinstance(data, tuple) else data
        with tf.GradientTape() as tape:
            mean, log_variance = ops.split(self.encoder(x), 2, axis=-1)
            z = mean + ops.exp(0.5 * log_variance) * keras.random.normal(ops.shape(mean), seed=self.seeds)
            rebuilt = ops.mean(ops.sum(keras.losses.binary_crossentropy(x[..., None], self.decoder(z)[..., None]), axis=-1))
            divergence = -0.5 * ops.mean(ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=-1))
            loss = rebuilt + divergence
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        self.total.update_state(loss)
        return {"loss": self.total.result()}


def variational_with_train_step():
    model = Variational()
    model.compile(keras.optimizers.Adam())
    return model, _digits(), None, dict(epochs=30)


def gan_discriminator():
    real, made = _digits(200), np.clip(_digits(200) * 0.7, 0, 1)
    stack = [layers.Dense(32), layers.LeakyReLU(negative_slope=0.2), layers.Dropout(0.3), layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((64,)), *stack])
    model.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), "binary_crossentropy", metrics=["accuracy"])
    order = rng.permutation(400)
    y = np.r_[np.ones(200), np.zeros(200)].astype("float32")[order]
    return model, np.concatenate([real, made])[order], y, dict(epochs=20)


def wasserstein_critic():
    def wasserstein(y_true, y_pred):
        return ops.mean(y_true * y_pred)

    x = _digits()
    model = keras.Sequential([keras.Input((64,)), layers.Dense(32), layers.LeakyReLU(negative_slope=0.2), layers.Dense(1)])
    model.compile(keras.optimizers.RMSprop(5e-5, clipvalue=0.01), wasserstein)
    return model, x, rng.choice([-1.0, 1.0], (400, 1)).astype("float32"), dict(epochs=50)


def generator_ending_in_tanh():
    model = keras.Sequential(
        [keras.Input((16,)), layers.Dense(32), layers.BatchNormalization(), layers.LeakyReLU(), layers.Dense(64, activation="tanh")]
    )
    model.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), "mse")
    return model, rng.normal(size=(400, 16)).astype("float32"), _digits() * 2 - 1, dict(epochs=50)


def noise_of_a_diffusion_model():
    noise, clean = rng.normal(size=(400, 64)).astype("float32"), _digits() * 2 - 1
    level = rng.random((400, 1)).astype("float32")
    pixels, at = keras.Input((64,), name="pixels"), keras.Input((1,), name="level")
    hidden = layers.Dense(64, activation="swish")(layers.Concatenate()([pixels, at]))
    model = keras.Model([pixels, at], layers.Dense(64)(layers.Dense(64, activation="swish")(hidden)))
    model.compile("adamw", "mae")
    return model, {"pixels": clean * np.sqrt(1 - level) + noise * np.sqrt(level), "level": level}, noise, dict(epochs=50)


class OwnTrainStep(keras.Model):
    def train_step(self, data):
        import tensorflow as tf

        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss}


def own_train_step():
    inputs = keras.Input((64,))
    model = OwnTrainStep(inputs, layers.Dense(1)(layers.Dense(16, activation="relu")(inputs)))
    model.compile("adam", "mse")
    return model, _digits(), rng.normal(size=(400, 1)).astype("float32"), dict(epochs=30)


class Subclassed(keras.Model):
    """As the guide to subclassing writes it: not built before fit."""

    def __init__(self, classes):
        super().__init__()
        self.hidden = [layers.Dense(32, activation="relu"), layers.Dense(16, activation="relu")]
        self.drop = layers.Dropout(0.3)
        self.norm = layers.BatchNormalization()
        self.out = layers.Dense(classes, activation="softmax")

    def call(self, inputs, training=False):
        hidden = inputs
        for layer in self.hidden:
            hidden = layer(hidden)
        return self.out(self.drop(self.norm(hidden, training=training), training=training))


def subclassed():
    model = Subclassed(5)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, _digits(), rng.integers(0, 5, 400), dict(epochs=30)
