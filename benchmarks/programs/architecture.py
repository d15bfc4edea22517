"""Layers, activations and initial weights that cannot train well."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "no_activations",
        "three Dense layers without a nonlinearity",
        ("missing_activation",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Input

rng = np.random.default_rng(91)
X = rng.normal(size=(1000, 10))
y = (X[:, 0] * X[:, 1] > 0).astype(int)

model = Sequential()
model.add(Input((10,)))
model.add(Dense(64))
model.add(Dropout(0.1))
model.add(Dense(32))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, y, epochs=50, batch_size=32, validation_split=0.2)
""",
        (("Dense(64)", "Dense(64, activation='relu')"), ("Dense(32)", "Dense(32, activation='relu')")),
    ),
    Faulty(
        "linear_convolutions",
        "convolutions with batch normalization and no activation",
        ("missing_activation",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(92)
y = rng.integers(0, 6, 600)
x = (rng.random((6, 24, 24, 1))[y] * 0.5 + 0.5 * rng.random((600, 24, 24, 1))).astype("float32")

def block(t, filters):
    t = layers.Conv2D(filters, 3, padding="same", use_bias=False)(t)
    t = layers.BatchNormalization()(t)
    return layers.AveragePooling2D(2)(t)

inputs = keras.Input((24, 24, 1))
t = block(inputs, 16)
t = block(t, 32)
t = block(t, 32)
outputs = layers.Dense(6, activation="softmax")(layers.GlobalAveragePooling2D()(t))
model = keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=60, batch_size=20)
""",
        (("    return layers.AveragePooling2D(2)(t)", "    t = layers.ReLU()(t)\n    return layers.AveragePooling2D(2)(t)"),),
    ),
    Faulty(
        "subclass_linear",
        "a subclassed network without a nonlinearity",
        ("missing_activation",),
        """
import numpy as np
import tensorflow as tf

class MLP(tf.keras.Model):
    def __init__(self, n_out):
        super().__init__()
        self.d1 = tf.keras.layers.Dense(64)
        self.d2 = tf.keras.layers.Dense(64)
        self.d3 = tf.keras.layers.Dense(n_out)

    def call(self, x):
        return self.d3(self.d2(self.d1(x)))

rng = np.random.default_rng(93)
x = rng.uniform(-1, 1, (1000, 4)).astype('float32')
y = np.sin(3 * x[:, :1]) * x[:, 1:2]
model = MLP(1)
model.compile(optimizer='adam', loss='mse')
history = model.fit(x, y, epochs=40, batch_size=32)
""",
        (
            ("d1 = tf.keras.layers.Dense(64)", "d1 = tf.keras.layers.Dense(64, 'relu')"),
            ("d2 = tf.keras.layers.Dense(64)", "d2 = tf.keras.layers.Dense(64, 'relu')"),
        ),
    ),
    Faulty(
        "softmax_hidden",
        "softmax in a hidden layer",
        ("hidden_activation",),
        """
import numpy as np
from tensorflow import keras

hidden = 'softmax'
rng = np.random.default_rng(94)
y = rng.integers(0, 8, 800)
x = rng.normal(size=(800, 32)) + rng.normal(size=(8, 32))[y]

model = keras.models.Sequential()
model.add(keras.layers.Input((32,)))
model.add(keras.layers.Dense(64, activation=hidden))
model.add(keras.layers.Dense(8, activation='softmax'))
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, epochs=40, batch_size=32)
""",
        (("hidden = 'softmax'", "hidden = 'relu'"),),
    ),
    Faulty(
        "deep_sigmoids",
        "six sigmoid layers in a row",
        ("hidden_activation",),
        """
import numpy as np
import keras
from keras.layers import Dense

rng = np.random.default_rng(95)
x = rng.normal(size=(1000, 20))
y = (np.abs(x[:, :4]).sum(axis=1) > 3.2).astype(int)

model = keras.Sequential([keras.Input((20,))])
for _ in range(6):
    model.add(Dense(50, activation='sigmoid'))
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, epochs=40, batch_size=25)
""",
        (("Dense(50, activation='sigmoid')", "Dense(50, activation='relu')"),),
    ),
    Faulty(
        "zero_kernels",
        "kernels of zeros",
        ("initializer",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(96)
x = rng.normal(size=(800, 12))
y = (x[:, :2].sum(axis=1) > 0) * 1.0

model = Sequential()
model.add(Input((12,)))
model.add(Dense(30, kernel_initializer='zeros', activation='relu'))
model.add(Dense(15, kernel_initializer='zeros', activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['accuracy'])
history = model.fit(x, y, epochs=60, batch_size=16)
""",
        (
            ("Dense(30, kernel_initializer='zeros'", "Dense(30, kernel_initializer='he_uniform'"),
            ("Dense(15, kernel_initializer='zeros'", "Dense(15, kernel_initializer='he_uniform'"),
        ),
    ),
    Faulty(
        "unit_normal_kernels",
        "kernels of standard deviation one in wide layers",
        ("initializer",),
        """
import numpy as np
import keras
from keras import layers

init = keras.initializers.RandomNormal(mean=0.0, stddev=1.0)
rng = np.random.default_rng(97)
y = rng.integers(0, 5, 800)
x = (rng.normal(size=(800, 40)) + rng.normal(size=(5, 40))[y]).astype("float32")

inputs = keras.Input((40,))
h = layers.Dense(256, activation="relu", kernel_initializer=init)(inputs)
h = layers.Dense(256, activation="relu", kernel_initializer=init)(h)
h = layers.Dense(128, activation="relu", kernel_initializer=init)(h)
outputs = layers.Dense(5, activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=30, batch_size=32)
""",
        (("init = keras.initializers.RandomNormal(mean=0.0, stddev=1.0)", "init = keras.initializers.HeNormal()"),),
    ),
    Faulty(
        "dropout_nine_tenths",
        "dropout meant as the share that is kept",
        ("dropout",),
        """
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense, Dropout, Input, Conv2D, Flatten

keep_prob = 0.9
rng = np.random.default_rng(98)
label = rng.integers(0, 4, 480)
pics = (rng.random((4, 16, 16, 1))[label] + rng.random((480, 16, 16, 1))) / 2

model = tf.keras.Sequential()
model.add(Input((16, 16, 1)))
model.add(Conv2D(16, 3, activation='relu'))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dropout(keep_prob))
model.add(Dense(4, activation='softmax'))
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(pics, label, epochs=25, batch_size=16)
""",
        (("Dropout(keep_prob)", "Dropout(1 - keep_prob)"),),
    ),
    Faulty(
        "dropout_after_softmax",
        "dropout on the predicted probabilities",
        ("dropout",),
        """
import numpy as np
from keras import Sequential, layers, Input

rng = np.random.default_rng(99)
y = rng.integers(0, 6, 720)
x = rng.normal(size=(720, 18)) + rng.normal(size=(6, 18))[y]

model = Sequential()
model.add(Input((18,)))
model.add(layers.Dense(48, activation='relu'))
model.add(layers.Dropout(0.3))
model.add(layers.Dense(6, activation='softmax'))
model.add(layers.Dropout(0.3))
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, epochs=40, batch_size=24)
""",
        (("activation='softmax'))\nmodel.add(layers.Dropout(0.3))", "activation='softmax'))"),),
    ),
    Faulty(
        "whole_model_frozen",
        "the whole network is frozen, not only its base",
        ("frozen_weights",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(100)
y = rng.integers(0, 3, 300)
x = (rng.random((3, 32, 32, 3))[y] + rng.random((300, 32, 32, 3))).astype("float32") / 2

base = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(16, 3, activation="relu"), layers.GlobalAveragePooling2D()])
model = keras.Sequential([base, layers.Dense(32, activation="relu"), layers.Dense(3, activation="softmax")])
for layer in model.layers:
    layer.trainable = False
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=30, batch_size=20)
""",
        (("    layer.trainable = False", "    layer.trainable = True"),),
    ),
    Faulty(
        "penalty_of_one",
        "L2 penalties of one drown the data",
        ("regularizer",),
        """
import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.regularizers import l2

rng = np.random.default_rng(101)
X = rng.normal(size=(900, 25))
Y = (X[:, :5].sum(axis=1) > 0).astype('float32')

model = Sequential()
model.add(Input((25,)))
model.add(Dense(128, activation='relu', kernel_regularizer=l2(1.0)))
model.add(Dense(64, activation='relu', kernel_regularizer=l2(1.0)))
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
history = model.fit(X, Y, epochs=40, batch_size=30)
""",
        (
            (
                "Dense(128, activation='relu', kernel_regularizer=l2(1.0))",
                "Dense(128, activation='relu', kernel_regularizer=l2(1e-5))",
            ),
            (
                "Dense(64, activation='relu', kernel_regularizer=l2(1.0))",
                "Dense(64, activation='relu', kernel_regularizer=l2(1e-5))",
            ),
        ),
    ),
    Faulty(
        "relu_recurrent",
        "a relu SimpleRNN over 150 steps",
        ("hidden_activation", "optimizer"),
        """
import numpy as np
import keras

rng = np.random.default_rng(102)
x = rng.normal(size=(400, 150, 2)).astype("float32")
y = (x[:, :, 0].mean(axis=1, keepdims=True) * 12).astype("float32")

model = keras.Sequential()
model.add(keras.layers.Input((150, 2)))
model.add(keras.layers.SimpleRNN(50, activation="relu"))
model.add(keras.layers.Dense(1))
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
history = model.fit(x, y, epochs=20, batch_size=20)
""",
        (('keras.layers.SimpleRNN(50, activation="relu")', "keras.layers.GRU(50)"),),
    ),
    Faulty(
        "batchnorm_few_updates",
        "twenty updates for moving averages of momentum 0.99",
        ("normalization", "epochs"),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(103)
y = rng.integers(0, 4, 640)
x = 3 + 2 * (rng.normal(size=(640, 16)) + rng.normal(size=(4, 16))[y])

model = keras.Sequential([
    keras.Input((16,)),
    layers.Dense(64),
    layers.BatchNormalization(),
    layers.Activation("relu"),
    layers.Dense(64),
    layers.BatchNormalization(),
    layers.Activation("relu"),
    layers.Dense(4, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=2, batch_size=64, validation_split=0.2)
""",
        (("epochs=2, batch_size=64", "epochs=60, batch_size=32"), ("x = 3 + 2 * (", "x = (")),
    ),
)
