"""Losses and metrics that do not measure what the task asks for."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "fashion_mse",
        "ten exclusive classes trained with squared error",
        ("loss",),
        """
import numpy as np
from keras import Sequential, Input
from keras.layers import Dense, Flatten
from keras.utils import to_categorical

rng = np.random.default_rng(51)
c = rng.integers(0, 10, 600)
x = (rng.random((10, 20, 20))[c] + rng.random((600, 20, 20))) / 2
y = to_categorical(c)

model = Sequential()
model.add(Input((20, 20)))
model.add(Flatten())
model.add(Dense(100, activation='relu'))
model.add(Dense(10, activation='softmax'))
model.compile(loss='mse', optimizer='adam', metrics=['accuracy'])
history = model.fit(x, y, epochs=20, batch_size=32)
""",
        (("loss='mse'", "loss='categorical_crossentropy'"),),
    ),
    Faulty(
        "titanic_linear_mse",
        "yes or no as a regression",
        ("loss", "head_activation"),
        """
import numpy as np, tensorflow as tf

rng = np.random.default_rng(52)
passengers = rng.normal(size=(891, 7)).astype('float32')
survived = (passengers[:, 0] + passengers[:, 3] * passengers[:, 1] > 0.2).astype('float32')

model = tf.keras.Sequential([
    tf.keras.layers.InputLayer(shape=(7,)),
    tf.keras.layers.Dense(32, activation='relu'),
    tf.keras.layers.Dense(16, activation='relu'),
    tf.keras.layers.Dense(1),
])
model.compile(optimizer='adam', loss='mean_squared_error', metrics=['accuracy'])
history = model.fit(passengers, survived, epochs=40, batch_size=32, validation_split=0.2)
""",
        (("Dense(1)", "Dense(1, activation='sigmoid')"), ("'mean_squared_error'", "'binary_crossentropy'")),
    ),
    Faulty(
        "boston_accuracy",
        "accuracy of a regression",
        ("metric",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(53)
X = rng.standard_normal((506, 13))
Y = X @ rng.standard_normal(13) / 3 + 0.1 * rng.standard_normal(506)

def baseline_model():
    model = Sequential()
    model.add(Input((13,)))
    model.add(Dense(13, kernel_initializer='he_normal', activation='relu'))
    model.add(Dense(1, kernel_initializer='glorot_uniform'))
    model.compile(loss='mean_squared_error', optimizer='adam', metrics=['accuracy'])
    return model

model = baseline_model()
history = model.fit(X, Y, epochs=100, batch_size=10)
""",
        (("metrics=['accuracy']", "metrics=['mae']"),),
    ),
    Faulty(
        "activity_binary_accuracy",
        "binary accuracy of one-hot labels is flattering",
        ("metric",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(54)
activity = rng.integers(0, 6, 600)
signals = (rng.normal(size=(600, 50, 3)) + rng.normal(size=(6, 1, 3))[activity]).astype("float32")
y = keras.utils.to_categorical(activity, 6)

inp = keras.Input((50, 3))
x = layers.Conv1D(32, 5, activation="relu")(inp)
x = layers.MaxPooling1D(2)(x)
x = layers.Conv1D(32, 5, activation="relu")(x)
x = layers.GlobalAveragePooling1D()(x)
out = layers.Dense(6, activation="softmax")(x)
model = keras.Model(inp, out)
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["binary_accuracy"])
history = model.fit(signals, y, epochs=25, batch_size=20, validation_split=0.2)
""",
        (('metrics=["binary_accuracy"]', 'metrics=["categorical_accuracy"]'),),
    ),
    Faulty(
        "logits_threshold_half",
        "binary accuracy cuts logits at 0.5",
        ("metric",),
        """
import numpy as np
import keras

rng = np.random.default_rng(55)
x = rng.normal(size=(800, 10)).astype("float32")
y = (x[:, :2].prod(axis=1) > 0).astype("float32")

model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(32, "relu"), keras.layers.Dense(1)])
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=1e-3),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy()],
)
history = model.fit(x, y, epochs=40, batch_size=32)
""",
        (("keras.metrics.BinaryAccuracy()", "keras.metrics.BinaryAccuracy(threshold=0.0)"),),
    ),
    Faulty(
        "age_softmax_regression",
        "an age predicted by a softmax unit",
        ("head_activation", "head_units"),
        """
import numpy as np
from tensorflow.keras.layers import Input, Conv2D, GlobalMaxPooling2D, Dense
from tensorflow.keras.models import Model

rng = np.random.default_rng(56)
portraits = rng.random((400, 32, 32, 1)).astype('float32')
age = portraits.mean(axis=(1, 2, 3))
age = (age - age.mean()) / age.std()

a = Input(shape=(32, 32, 1))
b = Conv2D(16, 3, strides=2, activation='relu')(a)
b = Conv2D(32, 3, strides=2, activation='relu')(b)
b = GlobalMaxPooling2D()(b)
b = Dense(32, activation='relu')(b)
c = Dense(1, activation='softmax')(b)
model = Model(a, c)
model.compile(loss='mae', optimizer='adam')
history = model.fit(portraits, age, epochs=30, batch_size=20)
""",
        (("Dense(1, activation='softmax')", "Dense(1)"),),
    ),
    Faulty(
        "half_precision_softmax",
        "the softmax and the loss run in half precision",
        ("head_activation", "other"),
        """
import numpy as np
import keras
from keras import layers

keras.mixed_precision.set_dtype_policy("mixed_float16")
rng = np.random.default_rng(57)
kind = rng.integers(0, 10, 500)
x = (rng.random((500, 16, 16, 3)) * 0.5 + 0.5 * rng.random((10, 16, 16, 3))[kind]).astype("float32")

model = keras.Sequential([
    keras.Input((16, 16, 3)),
    layers.Conv2D(32, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, kind, epochs=20, batch_size=20)
""",
        (('layers.Dense(10, activation="softmax")', 'layers.Dense(10, activation="softmax", dtype="float32")'),),
    ),
    Faulty(
        "second_output_untrained",
        "the second output has no loss",
        ("loss",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(58)
X = rng.normal(size=(800, 12)).astype("float32")
price = X[:, :4].sum(axis=1, keepdims=True) / 2
sold = (X[:, 4:8].sum(axis=1) > 0).astype("float32")

inputs = keras.Input((12,))
h = layers.Dense(48, activation="relu")(inputs)
out_price = layers.Dense(1, name="price")(h)
out_sold = layers.Dense(1, activation="sigmoid", name="sold")(h)
model = keras.Model(inputs, {"price": out_price, "sold": out_sold})
model.compile(optimizer="adam", loss={"price": "mse", "sold": None})
history = model.fit(X, {"price": price, "sold": sold}, epochs=30, batch_size=32)
""",
        (('"sold": None', '"sold": "binary_crossentropy"'),),
    ),
    Faulty(
        "cosine_of_one_unit",
        "cosine similarity of single numbers is only their sign",
        ("loss",),
        """
import numpy as np
from keras import Sequential, layers, Input

rng = np.random.default_rng(59)
X = rng.normal(size=(900, 8))
y = X @ rng.normal(size=8) / 3

model = Sequential([Input((8,)), layers.Dense(32, activation='relu'), layers.Dense(1)])
model.compile(optimizer='adam', loss='cosine_similarity', metrics=['mae'])
history = model.fit(X, y, epochs=40, batch_size=30)
""",
        (("'cosine_similarity'", "'mse'"),),
    ),
    Faulty(
        "log_error_of_negatives",
        "a logarithmic error cuts off the negative half of the targets",
        ("loss",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(60)
X = rng.normal(size=(1000, 10))
y = X @ rng.normal(size=10)
y = (y - y.mean()) / y.std()

model = Sequential()
model.add(Input((10,)))
model.add(Dense(64, activation='relu'))
model.add(Dense(1))
model.compile(optimizer='adam', loss='mean_squared_logarithmic_error')
history = model.fit(X, y, epochs=30)
""",
        (("'mean_squared_logarithmic_error'", "'mean_squared_error'"),),
    ),
)
