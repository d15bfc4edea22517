"""Which rows are there, in what order, and what they say about each other."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "fraud_two_percent",
        "one fraud in fifty and nothing done about it",
        ("class_imbalance",),
        """
import numpy as np
import keras

rng = np.random.default_rng(81)
fraud = (rng.random(4000) < 0.02).astype("int32")
X = rng.normal(size=(4000, 14)) + 0.8 * fraud[:, None]

model = keras.Sequential([
    keras.layers.Input((14,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(X, fraud, epochs=20, batch_size=64)
""",
        (('metrics=["accuracy"]', 'metrics=["auc"]'), ("batch_size=64)", "batch_size=64, class_weight={0: 0.51, 1: 25.0})")),
    ),
    Faulty(
        "split_takes_last_class",
        "the rows are in order of class and validation takes the last ones",
        ("data_order",),
        """
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Conv2D, MaxPooling2D, Flatten, Input

rng = np.random.default_rng(82)
X, y = [], []
for label in range(5):
    pattern = rng.random((20, 20, 3))
    for _ in range(120):
        X.append(0.6 * pattern + 0.4 * rng.random((20, 20, 3)))
        y.append(label)
X, y = np.array(X), np.array(y)

model = Sequential()
model.add(Input((20, 20, 3)))
model.add(Conv2D(16, 3, activation='relu'))
model.add(MaxPooling2D())
model.add(Flatten())
model.add(Dense(5, activation='softmax'))
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(X, y, epochs=20, batch_size=20, validation_split=0.2)
""",
        (("X, y = np.array(X), np.array(y)", "order = rng.permutation(600)\nX, y = np.array(X)[order], np.array(y)[order]"),),
    ),
    Faulty(
        "validation_from_training",
        "the validation rows are training rows",
        ("other", "data_order"),
        """
import numpy as np
from keras import Sequential, layers, Input

rng = np.random.default_rng(83)
X = rng.normal(size=(1000, 16)).astype('float32')
y = (X[:, :3].sum(1) + rng.normal(size=1000) > 0).astype('int32')
x_train, y_train = X, y
x_val, y_val = X[800:], y[800:]

m = Sequential([Input((16,)), layers.Dense(64, activation='relu'), layers.Dense(1, activation='sigmoid')])
m.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
history = m.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=30, batch_size=32)
""",
        (("x_train, y_train = X, y", "x_train, y_train = X[:800], y[:800]"),),
    ),
    Faulty(
        "validation_one_class",
        "training holds classes that validation lacks",
        ("data_order",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(84)
grade = np.sort(rng.integers(0, 4, 800))
feats = rng.normal(size=(800, 10)) + rng.normal(size=(4, 10))[grade]
train = rng.permutation(640)
x_tr, y_tr, x_te, y_te = feats[train], grade[train], feats[640:], grade[640:]

inp = keras.Input((10,))
out = layers.Dense(4, activation="softmax")(layers.Dense(32, activation="relu")(inp))
model = keras.Model(inp, out)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_tr, y_tr, validation_data=(x_te, y_te), epochs=40, batch_size=16)
""",
        (("grade = np.sort(rng.integers(0, 4, 800))", "grade = rng.integers(0, 4, 800)"),),
    ),
    Faulty(
        "label_left_in_table",
        "the label is still a column of the inputs",
        ("other",),
        """
import numpy as np
import pandas as pd
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(85)
df = pd.DataFrame(rng.normal(size=(768, 8)), columns=[f'f{i}' for i in range(8)])
df['diabetes'] = (df.f1 + df.f5 + rng.normal(size=768) > 0).astype(int)
X = df.values
y = df['diabetes'].values

model = Sequential()
model.add(Input((X.shape[1],)))
model.add(Dense(12, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, y, epochs=60, batch_size=16, validation_split=0.2)
""",
        (("X = df.values", "X = df.drop(columns='diabetes').values"),),
    ),
    Faulty(
        "repeat_against_tile",
        "pictures repeated one by one, labels as a whole: they no longer belong together",
        ("label_encoding", "data_order", "other"),
        """
import numpy as np
import keras

rng = np.random.default_rng(86)
labels = rng.integers(0, 4, 300)
vectors = rng.normal(size=(300, 20)) + 2 * rng.normal(size=(4, 20))[labels]
x = np.repeat(vectors, 3, axis=0)
y = np.tile(labels, 3)

model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(4, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=30, batch_size=30)
""",
        (("np.tile(labels, 3)", "np.repeat(labels, 3)"),),
    ),
    Faulty(
        "more_labels_than_rows",
        "labels of the whole set for the rows of the training set",
        ("other",),
        """
import numpy as np
from tensorflow import keras

rng = np.random.default_rng(87)
X = rng.normal(size=(1000, 6))
Y = (X[:, 0] > X[:, 1]).astype(int)
X_train, X_test = X[:800], X[800:]
Y_train, Y_test = Y[:800], Y[800:]

model = keras.Sequential()
model.add(keras.layers.Input((6,)))
model.add(keras.layers.Dense(24, activation='relu'))
model.add(keras.layers.Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X_train, Y, epochs=30, batch_size=20)
""",
        (("model.fit(X_train, Y,", "model.fit(X_train, Y_train,"),),
    ),
    Faulty(
        "dataset_in_class_order",
        "a dataset batched class after class without a shuffle",
        ("data_order",),
        """
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(88)
labels = np.repeat(np.arange(3), 200)
features = (rng.normal(size=(600, 12)) + rng.normal(size=(3, 12))[labels]).astype('float32')
train_ds = tf.data.Dataset.from_tensor_slices((features, labels)).batch(20)

model = tf.keras.Sequential([
    tf.keras.layers.Input((12,)),
    tf.keras.layers.Dense(32, activation='relu'),
    tf.keras.layers.Dense(3, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(train_ds, epochs=30)
""",
        ((".batch(20)", ".shuffle(600).batch(20)"),),
    ),
    Faulty(
        "shuffle_off",
        "shuffle=False on rows in class order",
        ("data_order",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input

rng = np.random.default_rng(89)
healthy = rng.normal(size=(350, 9))
sick = rng.normal(size=(350, 9)) + 0.7
X = np.concatenate([healthy, sick])
y = np.concatenate([np.zeros(350), np.ones(350)])

model = Sequential([Input((9,)), Dense(18, activation='relu'), Dense(1, activation='sigmoid')])
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
history = model.fit(X, y, epochs=40, batch_size=14, shuffle=False)
""",
        (("shuffle=False", "shuffle=True"),),
    ),
)
