"""Inputs of a wrong scale or content."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "raw_pixels",
        "pixels from 0 to 255 into the first convolution",
        ("input_scale",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Input

rng = np.random.default_rng(61)
y_train = rng.integers(0, 10, 600)
x_train = (rng.integers(0, 200, (10, 28, 28, 1))[y_train] + rng.integers(0, 56, (600, 28, 28, 1))).astype('float32')

model = Sequential()
model.add(Input((28, 28, 1)))
model.add(Conv2D(32, (3, 3), activation='relu'))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dense(10, activation='softmax'))
model.compile(optimizer='sgd', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x_train, y_train, epochs=20, batch_size=32, validation_split=0.1)
""",
        (("model.fit(x_train, y_train,", "model.fit(x_train / 255, y_train,"),),
    ),
    Faulty(
        "credit_columns",
        "income in euros beside a share",
        ("input_scale",),
        """
import numpy as np
import pandas as pd
from tensorflow import keras

rng = np.random.default_rng(62)
df = pd.DataFrame({'income': rng.normal(48000, 15000, 1000), 'age': rng.integers(18, 80, 1000).astype(float),
                   'debt_ratio': rng.random(1000), 'cards': rng.integers(0, 6, 1000).astype(float)})
df['default'] = ((df.debt_ratio > 0.5) & (df.income < 55000)).astype(int)
X = df.drop(columns='default').to_numpy()
Y = df['default'].to_numpy()

model = keras.Sequential([
    keras.layers.Input(shape=(4,)),
    keras.layers.Dense(16, activation='relu'),
    keras.layers.Dense(8, activation='relu'),
    keras.layers.Dense(1, activation='sigmoid'),
])
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
history = model.fit(X, Y, epochs=60, batch_size=20, validation_split=0.2)
""",
        (("X = df.drop(columns='default').to_numpy()", "X = df.drop(columns='default').to_numpy()\nX = (X - X.mean(0)) / X.std(0)"),),
    ),
    Faulty(
        "missing_ages",
        "missing values are left in the table",
        ("input_nan",),
        """
import numpy as np
import pandas as pd
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(63)
df = pd.DataFrame(rng.normal(size=(890, 5)), columns=['age', 'fare', 'sibsp', 'parch', 'pclass'])
survived = (df.fare > df.pclass).astype(int).values
df.loc[rng.choice(890, 170, replace=False), 'age'] = np.nan
X = df.values

model = Sequential([Input((5,)), Dense(20, activation='relu'), Dense(20, activation='relu'), Dense(1, activation='sigmoid')])
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, survived, epochs=50, batch_size=16, validation_split=0.1)
""",
        (("X = df.values", "X = df.fillna(df.median()).values"),),
    ),
    Faulty(
        "log_of_zero",
        "the logarithm of empty bins is minus infinity",
        ("input_nan",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(64)
word = rng.integers(0, 4, 500)
spectrum = np.maximum(rng.normal(size=(500, 32, 20)) + 0.4 * word[:, None, None], 0)
logspec = np.log10(spectrum).astype("float32")

model = keras.Sequential([
    keras.Input((32, 20)),
    layers.Conv1D(32, 3, activation="relu"),
    layers.GlobalAveragePooling1D(),
    layers.Dense(4, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(logspec, word, epochs=30, batch_size=20)
""",
        (("np.log10(spectrum)", "np.log10(spectrum + 1e-2)"),),
    ),
    Faulty(
        "shifted_target",
        "the last day has no tomorrow: NaN among the targets",
        ("input_nan",),
        """
import numpy as np
import pandas as pd
from tensorflow.keras import Sequential, layers

rng = np.random.default_rng(65)
frame = pd.DataFrame(rng.normal(size=(1000, 4)), columns=list('abcd'))
frame['next'] = frame['a'].shift(-1) * 0.8 + frame['b']
features, nxt = frame[list('abcd')].values, frame['next'].values

model = Sequential()
model.add(layers.Input((4,)))
model.add(layers.Dense(32, activation='relu'))
model.add(layers.Dense(1))
model.compile(loss='mse', optimizer='adam')
history = model.fit(features, nxt, epochs=30, batch_size=32)
""",
        (("frame['b']\n", "frame['b']\nframe = frame.dropna()\n"),),
    ),
    Faulty(
        "house_price_dollars",
        "targets in dollars for a network that starts near zero",
        ("label_range", "input_scale"),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(66)
X = rng.normal(size=(1460, 20))
price = 180000 + 60000 * (X[:, :5].sum(axis=1) / 2) + rng.normal(size=1460) * 8000
y = price

model = Sequential()
model.add(Input((20,)))
model.add(Dense(64, activation='relu'))
model.add(Dense(64, activation='relu'))
model.add(Dense(1))
model.compile(loss='mean_squared_error', optimizer='adam')
history = model.fit(X, y, epochs=50, batch_size=32, validation_split=0.2)
""",
        (("y = price", "y = (price - price.mean()) / price.std()"),),
    ),
    Faulty(
        "divided_twice",
        "pixels divided by 255 twice",
        ("input_scale",),
        """
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models

rng = np.random.default_rng(67)
train_labels = rng.integers(0, 10, (500, 1))
train_images = rng.integers(0, 256, (10, 16, 16, 3))[train_labels[:, 0]] * 0.8 + rng.integers(0, 50, (500, 16, 16, 3))
train_images = train_images / 255.0
train_images = train_images.astype('float32') / 255.0

model = models.Sequential()
model.add(layers.Input((16, 16, 3)))
model.add(layers.Conv2D(32, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation='relu'))
model.add(layers.Flatten())
model.add(layers.Dense(64, activation='relu'))
model.add(layers.Dense(10))
model.compile(optimizer='adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])
history = model.fit(train_images, train_labels, epochs=15, batch_size=25)
""",
        (("train_images = train_images.astype('float32') / 255.0\n", ""),),
    ),
    Faulty(
        "rescaling_on_scaled",
        "a Rescaling layer over data that is in [0, 1] already",
        ("input_scale", "redundant_layer"),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(68)
y = rng.integers(0, 3, 450)
x = (rng.random((3, 32, 32, 3))[y] * 0.6 + 0.4 * rng.random((450, 32, 32, 3))).astype("float32")

inputs = keras.Input(shape=(32, 32, 3))
h = layers.Rescaling(1.0 / 255)(inputs)
h = layers.Conv2D(16, 3, activation="relu")(h)
h = layers.MaxPooling2D()(h)
h = layers.Conv2D(32, 3, activation="relu")(h)
h = layers.GlobalAveragePooling2D()(h)
outputs = layers.Dense(3, activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=30, batch_size=15)
""",
        (
            (
                'h = layers.Rescaling(1.0 / 255)(inputs)\nh = layers.Conv2D(16, 3, activation="relu")(h)',
                'h = layers.Conv2D(16, 3, activation="relu")(inputs)',
            ),
        ),
    ),
    Faulty(
        "integer_division",
        "integer division makes every pixel zero",
        ("input_scale",),
        """
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Dense, Flatten, Input

rng = np.random.default_rng(69)
digits = rng.integers(0, 10, 600)
imgs = (rng.integers(0, 200, (10, 12, 12))[digits] + rng.integers(0, 50, (600, 12, 12))).astype('uint8')
imgs = imgs // 255

model = keras.models.Sequential()
model.add(Input((12, 12)))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dense(10, activation='softmax'))
model.compile(loss='sparse_categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(imgs, digits, epochs=30, batch_size=32)
""",
        (("imgs // 255", "imgs / 255"),),
    ),
    Faulty(
        "stock_lstm_raw",
        "prices around 4000 into an LSTM",
        ("input_scale",),
        """
import numpy as np
import keras

rng = np.random.default_rng(70)
index = 4000 + np.cumsum(rng.normal(0, 12, 1300))
window = 30
X = np.stack([index[i:i + window] for i in range(1200)])[..., np.newaxis]
y = np.diff(index)[window - 1:window + 1199] / 12

model = keras.Sequential()
model.add(keras.layers.Input((window, 1)))
model.add(keras.layers.LSTM(32))
model.add(keras.layers.Dense(1))
model.compile(loss="mean_squared_error", optimizer="adam")
history = model.fit(X, y, epochs=20, batch_size=32)
""",
        (
            ("X = np.stack(", "index = (index - index.mean()) / index.std()\nX = np.stack("),
            ("np.diff(index)[window - 1:window + 1199] / 12", "index[window:window + 1200]"),
        ),
    ),
    Faulty(
        "word_ids_into_dense",
        "word numbers taken for quantities",
        ("input_scale", "missing_layer"),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(71)
positive = rng.integers(0, 2, 800)
reviews = rng.integers(1, 10000, (800, 80))
reviews[:, ::10] = np.where(positive[:, None] == 1, 17, 9200)

model = Sequential()
model.add(Input((80,)))
model.add(Dense(64, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
history = model.fit(reviews, positive, epochs=20, batch_size=32)
""",
        (
            ("import Dense, Input", "import Dense, Embedding, GlobalAveragePooling1D, Input"),
            ("model.add(Input((80,)))", "model.add(Input((80,)))\nmodel.add(Embedding(10000, 8))\nmodel.add(GlobalAveragePooling1D())"),
        ),
    ),
    Faulty(
        "vocabulary_off_by_one",
        "the last word's number equals the Embedding's size",
        ("layer_shape",),
        """
import numpy as np
import keras
from keras import layers

vocabulary = 200
rng = np.random.default_rng(72)
topic = rng.integers(0, 4, 600)
texts = rng.integers(1, 51, (600, 25)) + 50 * topic[:, None]

inputs = keras.Input((25,), dtype="int32")
h = layers.Embedding(vocabulary, 16)(inputs)
h = layers.GRU(24)(h)
outputs = layers.Dense(4, activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(texts, topic, epochs=15, batch_size=20)
""",
        (("layers.Embedding(vocabulary, 16)", "layers.Embedding(vocabulary + 1, 16)"),),
    ),
    Faulty(
        "channels_first",
        "colour planes first under channels_last",
        ("layer_shape",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Conv2D, Flatten, Dense, Input

rng = np.random.default_rng(73)
y = rng.integers(0, 4, 400)
X = (rng.random((4, 3, 32, 32))[y] + rng.random((400, 3, 32, 32))) / 2

model = Sequential()
model.add(Input((3, 32, 32)))
model.add(Conv2D(16, 3, padding='same', activation='relu'))
model.add(Conv2D(16, 3, padding='same', activation='relu'))
model.add(Flatten())
model.add(Dense(4, activation='softmax'))
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(X, y, epochs=20, batch_size=20)
""",
        (
            ("random((400, 3, 32, 32))) / 2", "random((400, 3, 32, 32))) / 2\nX = X.transpose(0, 2, 3, 1)"),
            ("Input((3, 32, 32))", "Input((32, 32, 3))"),
        ),
    ),
)
