"""Callbacks that wait for what never comes."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "stopping_without_validation",
        "EarlyStopping waits for val_loss and there is no validation",
        ("other",),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Input
from keras.callbacks import EarlyStopping

rng = np.random.default_rng(141)
X = rng.normal(size=(700, 9))
y = (X[:, 0] + X[:, 3] > 0).astype(int)
es = EarlyStopping(monitor='val_loss', patience=5, restore_best_weights=True)

model = Sequential()
model.add(Input((9,)))
model.add(Dense(24, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
history = model.fit(X, y, epochs=200, batch_size=20, callbacks=[es])
""",
        (("callbacks=[es])", "validation_split=0.2, callbacks=[es])"),),
    ),
    Faulty(
        "checkpoint_val_acc",
        "ModelCheckpoint waits for val_acc, which is called val_accuracy",
        ("other",),
        """
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(142)
y = rng.integers(0, 3, 600)
x = rng.normal(size=(600, 14)) + rng.normal(size=(3, 14))[y]
checkpoint = tf.keras.callbacks.ModelCheckpoint('best.keras', monitor='val_acc', save_best_only=True, mode='max')
plateau = tf.keras.callbacks.ReduceLROnPlateau(monitor='val_loss', factor=0.5, patience=3)

model = tf.keras.Sequential([tf.keras.layers.Input((14,)), tf.keras.layers.Dense(32, 'relu'), tf.keras.layers.Dense(3, 'softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, validation_split=0.2, epochs=50, batch_size=24, callbacks=[checkpoint, plateau])
""",
        (("monitor='val_acc'", "monitor='val_accuracy'"),),
    ),
    Faulty(
        "stopping_on_rising_loss",
        "EarlyStopping takes a falling validation loss for failure",
        ("other",),
        """
import numpy as np
import keras

rng = np.random.default_rng(143)
x = rng.normal(size=(800, 10)).astype("float32")
y = (x @ rng.normal(size=(10, 1)) / 3).astype("float32")
stop = keras.callbacks.EarlyStopping(monitor="val_loss", mode="max", patience=5, restore_best_weights=True)

model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
history = model.fit(x, y, validation_split=0.2, epochs=60, batch_size=32, callbacks=[stop])
""",
        (('mode="max"', 'mode="min"'),),
    ),
)
