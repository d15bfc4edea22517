"""Labels whose form, range or number of classes does not go with head and loss."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "letters_too_few_units",
        "26 classes and 25 units",
        ("head_units", "label_encoding"),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(31)
letter = np.concatenate([np.arange(26), rng.integers(0, 26, 1274)])
glyph = (rng.normal(size=(26, 16))[letter] + 0.5 * rng.normal(size=(1300, 16))).astype("float32")

model = keras.Sequential([
    keras.Input((16,)),
    layers.Dense(64, activation="relu"),
    layers.Dense(64, activation="relu"),
    layers.Dense(25, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(glyph, letter, epochs=30, batch_size=32)
""",
        (("layers.Dense(25,", "layers.Dense(26,"),),
    ),
    Faulty(
        "genre_onehot_sparse",
        "one-hot labels under sparse cross-entropy",
        ("loss", "label_encoding"),
        """
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, LSTM, Input
from tensorflow.keras.utils import to_categorical

rng = np.random.default_rng(32)
genre = rng.integers(0, 4, 400)
clips = rng.normal(size=(400, 20, 13)) + rng.normal(size=(4, 1, 13))[genre]
Y = to_categorical(genre)

model = Sequential()
model.add(Input((20, 13)))
model.add(LSTM(32))
model.add(Dense(4, activation='softmax'))
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(clips, Y, epochs=25, batch_size=20)
""",
        (("'sparse_categorical_crossentropy'", "'categorical_crossentropy'"),),
    ),
    Faulty(
        "iris_integers_categorical",
        "class numbers under categorical cross-entropy",
        ("loss", "label_encoding"),
        """
import numpy as np
import pandas as pd
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(33)
species = rng.integers(0, 3, 300)
df = pd.DataFrame(rng.normal([5.8, 3.0, 3.7, 1.2], 0.4, (300, 4)) + species[:, None] * [0.4, -0.2, 1.5, 0.7],
                  columns=['sl', 'sw', 'pl', 'pw'])
X = df.values
y = species

model = Sequential()
model.add(Input(shape=(4,)))
model.add(Dense(16, activation='relu'))
model.add(Dense(3, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, y, epochs=100, batch_size=10)
""",
        (("'categorical_crossentropy'", "'sparse_categorical_crossentropy'"),),
    ),
    Faulty(
        "breast_minus_one",
        "labels -1 and 1 under binary cross-entropy",
        ("label_range",),
        """
import numpy as np
from keras import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(34)
X = rng.normal(size=(569, 30))
y = np.where(X[:, :6].sum(axis=1) + rng.normal(size=569) > 0, 1, -1)

clf = Sequential([Input((30,)), Dense(16, activation='relu'), Dense(8, activation='relu'), Dense(1, activation='sigmoid')])
clf.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
history = clf.fit(X, y, epochs=60, batch_size=16, validation_split=0.2)
""",
        (("> 0, 1, -1)", "> 0, 1, 0)"),),
    ),
    Faulty(
        "cover_type_from_one",
        "classes counted from one",
        ("label_range", "head_units"),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(35)
cover = rng.integers(1, 8, 1400)
terrain = rng.normal(size=(1400, 10)) + rng.normal(size=(8, 10))[cover]

inputs = keras.Input((10,))
h = layers.Dense(64, activation="relu")(inputs)
h = layers.Dense(32, activation="relu")(h)
outputs = layers.Dense(7, activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(terrain, cover, epochs=25, batch_size=32)
""",
        (("model.fit(terrain, cover,", "model.fit(terrain, cover - 1,"),),
    ),
    Faulty(
        "mask_255",
        "a picture's mask of 0 and 255 under binary cross-entropy",
        ("label_range",),
        """
import numpy as np
from tensorflow.keras import layers, Model, Input

rng = np.random.default_rng(36)
X_train = rng.random((150, 24, 24, 1)).astype('float32')
Y_train = ((X_train > 0.5) * 255).astype('float32')

inputs = Input((24, 24, 1))
c1 = layers.Conv2D(16, (3, 3), activation='relu', padding='same')(inputs)
p1 = layers.MaxPooling2D((2, 2))(c1)
c2 = layers.Conv2D(32, (3, 3), activation='relu', padding='same')(p1)
u1 = layers.Conv2DTranspose(16, (2, 2), strides=(2, 2), padding='same')(c2)
u1 = layers.concatenate([u1, c1])
c3 = layers.Conv2D(16, (3, 3), activation='relu', padding='same')(u1)
outputs = layers.Conv2D(1, (1, 1), activation='sigmoid')(c3)
model = Model(inputs=[inputs], outputs=[outputs])
model.compile(optimizer='adam', loss='binary_crossentropy')
history = model.fit(X_train, Y_train, batch_size=8, epochs=30)
""",
        (("* 255)", "* 1)"),),
    ),
    Faulty(
        "tags_softmax",
        "several tags a text, behind a softmax",
        ("head_activation", "loss"),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Embedding, GlobalAveragePooling1D, Input

rng = np.random.default_rng(37)
posts = rng.integers(1, 500, (800, 30))
tags = np.stack([(posts < 60 * (k + 1)).sum(axis=1) > 4 * (k + 1) for k in range(6)], axis=1).astype('float32')

model = Sequential()
model.add(Input((30,)))
model.add(Embedding(500, 32))
model.add(GlobalAveragePooling1D())
model.add(Dense(64, activation='relu'))
model.add(Dropout(0.3))
model.add(Dense(6, activation='softmax'))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['binary_accuracy'])
history = model.fit(posts, tags, epochs=20, batch_size=32)
""",
        (("activation='softmax'", "activation='sigmoid'"), ("'categorical_crossentropy'", "'binary_crossentropy'")),
    ),
    Faulty(
        "sentiment_three_on_one",
        "three classes 0, 1, 2 on one sigmoid unit",
        ("head_units", "label_range", "loss"),
        """
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

rng = np.random.default_rng(38)
sentiment = rng.integers(0, 3, 900)
tokens = rng.integers(0, 100, (900, 20)) + 100 * sentiment[:, None]

model = tf.keras.Sequential()
model.add(layers.Input((20,), dtype='int32'))
model.add(layers.Embedding(300, 16))
model.add(layers.Bidirectional(layers.LSTM(16)))
model.add(layers.Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(tokens, sentiment, epochs=15, batch_size=30)
""",
        (
            ("layers.Dense(1, activation='sigmoid')", "layers.Dense(3, activation='softmax')"),
            ("'binary_crossentropy'", "'sparse_categorical_crossentropy'"),
        ),
    ),
    Faulty(
        "animal_names",
        "class names as labels",
        ("label_encoding",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(39)
number = rng.integers(0, 3, 600)
animal = np.array(["cat", "dog", "horse"])[number]
body = (rng.normal(size=(600, 12)) + rng.normal(size=(3, 12))[number]).astype("float32")
labels = animal

model = keras.Sequential([keras.Input((12,)), layers.Dense(24, activation="relu"), layers.Dense(3, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(body, labels, epochs=40)
""",
        (("labels = animal", "labels = np.unique(animal, return_inverse=True)[1]"),),
    ),
    Faulty(
        "rmse_class_broadcast",
        "an own loss subtracts (n, 1) outputs from (n,) targets and gets a square",
        ("label_encoding", "loss"),
        """
import numpy as np
import keras
from keras import ops, layers

class RMSE(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return ops.sqrt(ops.mean(ops.square(y_true - y_pred)))

rng = np.random.default_rng(40)
X = rng.normal(size=(1000, 6)).astype("float32")
y = (X @ rng.normal(size=6)).astype("float32")

model = keras.Sequential([keras.Input((6,)), layers.Dense(32, activation="relu"), layers.Dense(1)])
model.compile(optimizer="adam", loss=RMSE())
history = model.fit(X, y, epochs=40, batch_size=32)
""",
        (("model.fit(X, y,", "model.fit(X, y[:, None],"),),
    ),
    Faulty(
        "temperature_three_units",
        "three outputs for one target: the loss broadcasts",
        ("head_units", "label_encoding"),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(41)
weather = rng.normal(size=(900, 9))
tomorrow = (weather @ rng.normal(size=(9, 1))) / 3

model = Sequential()
model.add(Input((9,)))
model.add(Dense(32, activation='relu'))
model.add(Dense(16, activation='relu'))
model.add(Dense(3))
model.compile(loss='mse', optimizer='adam', metrics=['mae'])
history = model.fit(weather, tomorrow, epochs=40, batch_size=20, validation_split=0.2)
""",
        (("model.add(Dense(3))", "model.add(Dense(1))"),),
    ),
    Faulty(
        "argmax_of_one_column",
        "argmax of a single column makes every label zero",
        ("label_encoding", "class_imbalance"),
        """
import numpy as np
import keras

rng = np.random.default_rng(42)
x_train = rng.normal(size=(700, 15))
y_train = (x_train[:, :3].sum(axis=1) > 0).astype("float32").reshape(-1, 1)
y_train = np.argmax(y_train, axis=1)

model = keras.Sequential([
    keras.layers.Input((15,)),
    keras.layers.Dense(20, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, epochs=30, batch_size=16)
""",
        (("y_train = np.argmax(y_train, axis=1)\n", ""),),
    ),
    Faulty(
        "labels_over_255",
        "the labels are divided by 255 with the pictures",
        ("label_range",),
        """
import numpy as np
from tensorflow import keras

rng = np.random.default_rng(43)
data = np.zeros((600, 197))
data[:, 0] = rng.integers(0, 10, 600)
data[:, 1:] = rng.integers(0, 256, (10, 196))[data[:, 0].astype(int)] * 0.8 + rng.integers(0, 50, (600, 196))
data = data / 255
x_train, y_train = data[:, 1:].reshape(-1, 14, 14, 1), data[:, 0]

model = keras.Sequential([
    keras.layers.Input((14, 14, 1)),
    keras.layers.Conv2D(16, 3, activation='relu'),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x_train, y_train, epochs=20, batch_size=32)
""",
        (("data = data / 255", "data[:, 1:] = data[:, 1:] / 255"),),
    ),
)
