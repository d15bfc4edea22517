"""Sizes and axes that lose what the network should see."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "map_of_one_pixel",
        "pooled to one pixel, then convolved three more times",
        ("layer_shape",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Input

rng = np.random.default_rng(111)
y = rng.integers(0, 3, 300)
x = (rng.random((3, 32, 32, 3))[y] + rng.random((300, 32, 32, 3))) / 2

model = Sequential()
model.add(Input((32, 32, 3)))
for filters in (16, 32, 32):
    model.add(Conv2D(filters, 3, padding='same', activation='relu'))
    model.add(MaxPooling2D(4, padding='same'))
model.add(Conv2D(64, 3, padding='same', activation='relu'))
model.add(Conv2D(64, 3, padding='same', activation='relu'))
model.add(Conv2D(64, 3, padding='same', activation='relu'))
model.add(Flatten())
model.add(Dense(3, activation='softmax'))
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, epochs=30, batch_size=20)
""",
        (("MaxPooling2D(4, padding='same')", "MaxPooling2D(2, padding='same')"),),
    ),
    Faulty(
        "forgotten_flatten",
        "Dense layers on rows of a picture: Flatten is missing",
        ("missing_layer", "layer_shape"),
        """
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Input

rng = np.random.default_rng(112)
y_train = rng.integers(0, 10, 500)
x_train = (rng.random((10, 28, 28))[y_train] + rng.random((500, 28, 28))) / 2

model = Sequential()
model.add(Input((28, 28)))
model.add(Dense(64, activation='relu'))
model.add(Dense(10, activation='softmax'))
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x_train, y_train, epochs=15, batch_size=25)
""",
        (
            ("import Dense, Input", "import Dense, Flatten, Input"),
            ("model.add(Input((28, 28)))", "model.add(Input((28, 28)))\nmodel.add(Flatten())"),
        ),
    ),
    Faulty(
        "sequences_returned",
        "the last LSTM returns every step for one target a sequence",
        ("layer_shape", "missing_layer"),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(113)
x = rng.normal(size=(600, 20, 5)).astype("float32")
y = x[:, -3:, 0].sum(axis=1, keepdims=True).astype("float32")

inputs = keras.Input((20, 5))
h = layers.LSTM(32, return_sequences=True)(inputs)
h = layers.LSTM(16, return_sequences=True)(h)
outputs = layers.Dense(1)(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="mse")
history = model.fit(x, y, epochs=20, batch_size=30)
""",
        (("h = layers.LSTM(16, return_sequences=True)(h)", "h = layers.LSTM(16)(h)"),),
    ),
    Faulty(
        "one_time_step",
        "the days are features of one time step",
        ("layer_shape",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense, Input

rng = np.random.default_rng(114)
series = np.sin(np.arange(1260) / 9) + 0.1 * rng.normal(size=1260)
X = np.array([series[i:i + 60] for i in range(1200)])
y = series[60:1260]
X = X.reshape(X.shape[0], 1, X.shape[1])

model = Sequential()
model.add(Input((X.shape[1], X.shape[2])))
model.add(LSTM(32))
model.add(Dense(1))
model.compile(loss='mean_squared_error', optimizer='adam')
history = model.fit(X, y, epochs=20, batch_size=32)
""",
        (("X.reshape(X.shape[0], 1, X.shape[1])", "X.reshape(X.shape[0], X.shape[1], 1)"),),
    ),
    Faulty(
        "one_unit_before_twenty",
        "everything passes through one unit before twenty classes",
        ("layer_shape",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(115)
y = rng.integers(0, 20, 1200)
x = rng.normal(size=(1200, 40)) + rng.normal(size=(20, 40))[y]

model = keras.Sequential()
model.add(keras.Input((40,)))
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dense(1, activation="relu"))
model.add(layers.Dense(20, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=30, batch_size=32)
""",
        (("layers.Dense(1, ", "layers.Dense(32, "),),
    ),
    Faulty(
        "branch_overwritten",
        "a branch is computed from the input again, so the layers before it are lost",
        ("other", "layer_shape"),
        """
import numpy as np
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Conv2D, MaxPooling2D, GlobalAveragePooling2D, Dense

rng = np.random.default_rng(116)
y = rng.integers(0, 3, 360)
x = ((rng.random((3, 24, 24, 3))[y] + rng.random((360, 24, 24, 3))) / 2).astype('float32')

inp = Input((24, 24, 3))
t = Conv2D(16, 3, activation='relu', padding='same')(inp)
t = MaxPooling2D()(t)
t = Conv2D(32, 3, activation='relu', padding='same')(inp)
t = MaxPooling2D()(t)
t = GlobalAveragePooling2D()(t)
out = Dense(3, activation='softmax')(t)
model = Model(inp, out)
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, epochs=25, batch_size=18)
""",
        (("Conv2D(32, 3, activation='relu', padding='same')(inp)", "Conv2D(32, 3, activation='relu', padding='same')(t)"),),
    ),
)
