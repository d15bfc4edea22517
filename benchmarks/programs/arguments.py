"""Optimizers and arguments of fit."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "adam_half",
        "Adam with a learning rate of 0.5",
        ("learning_rate",),
        """
import numpy as np
import keras

rng = np.random.default_rng(121)
y = rng.integers(0, 4, 640)
x = rng.normal(size=(640, 24)) + rng.normal(size=(4, 24))[y]

opt = keras.optimizers.Adam(learning_rate=0.5)
model = keras.Sequential([keras.Input((24,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(4, "softmax")])
model.compile(optimizer=opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=30, batch_size=32)
""",
        (("learning_rate=0.5", "learning_rate=0.001"),),
    ),
    Faulty(
        "sgd_ten",
        "momentum and a learning rate of ten",
        ("learning_rate",),
        """
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.optimizers import SGD

rng = np.random.default_rng(122)
X = rng.normal(size=(800, 8))
y = X @ rng.normal(size=8) / 3

model = Sequential()
model.add(Input((8,)))
model.add(Dense(32, activation='relu'))
model.add(Dense(1))
model.compile(loss='mse', optimizer=SGD(learning_rate=10.0, momentum=0.9))
history = model.fit(X, y, epochs=30, batch_size=20)
""",
        (("learning_rate=10.0", "learning_rate=0.01"),),
    ),
    Faulty(
        "adam_ten_millionth",
        "Adam with a learning rate of 1e-7",
        ("learning_rate",),
        """
import numpy as np
import tensorflow as tf

LEARNING_RATE = 1e-7
rng = np.random.default_rng(123)
y = rng.integers(0, 2, 500)
x = (rng.random((500, 20, 20, 1)) * 0.7 + 0.3 * y[:, None, None, None]).astype('float32')

model = tf.keras.models.Sequential([
    tf.keras.layers.Input((20, 20, 1)),
    tf.keras.layers.Conv2D(16, 3, activation='relu'),
    tf.keras.layers.MaxPooling2D(),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(1, activation='sigmoid'),
])
model.compile(optimizer=tf.keras.optimizers.Adam(LEARNING_RATE), loss='binary_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, epochs=20, batch_size=25)
""",
        (("LEARNING_RATE = 1e-7", "LEARNING_RATE = 1e-3"),),
    ),
    Faulty(
        "sgd_millionth",
        "plain SGD with a learning rate of 1e-6 for 750 updates",
        ("learning_rate", "optimizer"),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input
from keras.optimizers import SGD

np.random.seed(124)
X = np.random.randn(800, 16)
y = (X[:, :3].sum(axis=1) > 0).astype(int)

model = Sequential()
model.add(Input((16,)))
model.add(Dense(32, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
sgd = SGD(learning_rate=1e-6)
model.compile(loss='binary_crossentropy', optimizer=sgd, metrics=['accuracy'])
history = model.fit(X, y, epochs=30, batch_size=32)
""",
        (("SGD(learning_rate=1e-6)", "SGD(learning_rate=1e-1, momentum=0.0)"),),
    ),
    Faulty(
        "adadelta_default",
        "Adadelta at the default 0.001 that its paper puts at 1",
        ("learning_rate", "optimizer"),
        """
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Dropout, Flatten, Conv2D, MaxPooling2D, Input

rng = np.random.default_rng(125)
labels = rng.integers(0, 10, 600)
x_train = ((rng.random((10, 20, 20, 1))[labels] + rng.random((600, 20, 20, 1))) / 2).astype('float32')
y_train = keras.utils.to_categorical(labels, 10)

model = Sequential()
model.add(Input((20, 20, 1)))
model.add(Conv2D(32, kernel_size=(3, 3), activation='relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dropout(0.5))
model.add(Dense(10, activation='softmax'))
model.compile(loss=keras.losses.categorical_crossentropy, optimizer=keras.optimizers.Adadelta(), metrics=['accuracy'])
history = model.fit(x_train, y_train, batch_size=40, epochs=12, verbose=1)
""",
        (("keras.optimizers.Adadelta()", "keras.optimizers.Adadelta(learning_rate=1.0)"),),
    ),
    Faulty(
        "one_epoch",
        "one epoch of ten batches",
        ("epochs",),
        """
import numpy as np
from keras import layers, models

rng = np.random.default_rng(126)
kind = rng.integers(0, 5, 320)
x = rng.normal(size=(320, 20)) + rng.normal(size=(5, 20))[kind]

model = models.Sequential()
model.add(layers.Input((20,)))
model.add(layers.Dense(64, activation='relu'))
model.add(layers.Dense(5, activation='softmax'))
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, kind)
""",
        (("model.fit(x, kind)", "model.fit(x, kind, epochs=40)"),),
    ),
    Faulty(
        "batch_of_everything",
        "a batch as large as the data: ten updates in ten epochs",
        ("batch_size", "epochs"),
        """
import numpy as np
from tensorflow import keras

rng = np.random.default_rng(127)
X = rng.normal(size=(600, 10)).astype('float32')
y = (np.abs(X[:, 0]) + X[:, 1] > 0.8).astype('float32')

model = keras.Sequential([
    keras.layers.Input((10,)),
    keras.layers.Dense(64, activation='relu'),
    keras.layers.Dense(32, activation='relu'),
    keras.layers.Dense(1, activation='sigmoid')])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
history = model.fit(X, y, batch_size=1000, epochs=10)
""",
        (("batch_size=1000, epochs=10", "batch_size=32, epochs=30"),),
    ),
    Faulty(
        "one_row_batchnorm",
        "batch normalization over a single row",
        ("batch_size", "normalization"),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(128)
x = rng.normal(size=(400, 6)).astype("float32")
y = (x[:, 0] > 0).astype("float32")

model = keras.Sequential()
model.add(keras.Input((6,)))
model.add(layers.Dense(16))
model.add(layers.BatchNormalization())
model.add(layers.Activation("relu"))
model.add(layers.Dense(1, activation="sigmoid"))
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=50, batch_size=1)
""",
        (("batch_size=1)", "batch_size=16)"),),
    ),
    Faulty(
        "never_compiled",
        "fit before compile",
        ("other",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(129)
X = rng.normal(size=(500, 5))
y = X.sum(axis=1) / 2

model = Sequential()
model.add(Input((5,)))
model.add(Dense(16, activation='relu'))
model.add(Dense(1))
history = model.fit(X, y, epochs=30, batch_size=16)
""",
        (("model.add(Dense(1))", "model.add(Dense(1))\nmodel.compile(optimizer='adam', loss='mse')"),),
    ),
    Faulty(
        "thawed_after_compile",
        "the base is made trainable after compile, which fit does not see",
        ("frozen_weights", "other"),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(130)
y = rng.integers(0, 3, 300)
x = ((rng.random((3, 24, 24, 3))[y] + rng.random((300, 24, 24, 3))) / 2).astype("float32")

base = keras.Sequential([keras.Input((24, 24, 3)), layers.Conv2D(16, 3, activation="relu"), layers.GlobalAveragePooling2D()], name="base")
base.trainable = False
model = keras.Sequential([base, layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.train_on_batch(x[:15], y[:15])
base.trainable = True
history = model.fit(x, y, epochs=30, batch_size=15)
""",
        (
            ("base.trainable = False\n", ""),
            ("model.train_on_batch(x[:15], y[:15])\nbase.trainable = True\n", ""),
        ),
    ),
    Faulty(
        "schedule_by_step",
        "a schedule meant in epochs halves the rate at every batch",
        ("learning_rate",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(131)
y = rng.integers(0, 5, 800)
x = rng.normal(size=(800, 20)) + rng.normal(size=(5, 20))[y]

rate = keras.optimizers.schedules.ExponentialDecay(initial_learning_rate=1e-3, decay_steps=1, decay_rate=0.5)
model = keras.Sequential([keras.Input((20,)), layers.Dense(64, activation="relu"), layers.Dense(5, activation="softmax")])
model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=30, batch_size=32)
""",
        (("decay_steps=1,", "decay_steps=10 * 25,"),),
    ),
)
