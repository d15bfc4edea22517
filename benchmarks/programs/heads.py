"""Activations and widths of the last layer that do not go with the loss."""

from . import Faulty

PROGRAMS = (
    Faulty(
        "wine_sigmoid",
        "three exclusive classes behind sigmoids under categorical cross-entropy",
        ("head_activation", "loss"),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Input
from keras.utils import to_categorical

rng = np.random.default_rng(3)
cultivar = rng.integers(0, 3, 534)
X = rng.normal(size=(534, 13)) + cultivar[:, None] * rng.normal(size=13)
X = (X - X.mean(axis=0)) / X.std(axis=0)
Y = to_categorical(cultivar)

model = Sequential()
model.add(Input(shape=(13,)))
model.add(Dense(32, activation='relu'))
model.add(Dropout(0.2))
model.add(Dense(16, activation='relu'))
model.add(Dense(3, activation='sigmoid'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, Y, epochs=60, batch_size=16, validation_split=0.2)
""",
        (("activation='sigmoid'", "activation='softmax'"),),
    ),
    Faulty(
        "cats_dogs_softmax_binary",
        "two softmax units under binary cross-entropy",
        ("loss", "head_activation"),
        """
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Activation, Input
from tensorflow.keras.utils import to_categorical

np.random.seed(7)
num_classes = 2
labels = np.random.randint(0, num_classes, 400)
images = np.random.rand(400, 32, 32, 3) * 0.6 + 0.3 * labels[:, None, None, None]
y_train = to_categorical(labels, num_classes)

model = Sequential()
model.add(Input((32, 32, 3)))
model.add(Conv2D(16, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Conv2D(32, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(64))
model.add(Activation('relu'))
model.add(Dense(num_classes))
model.add(Activation('softmax'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(images, y_train, batch_size=20, epochs=25, validation_split=0.1)
""",
        (("'binary_crossentropy'", "'categorical_crossentropy'"),),
    ),
    Faulty(
        "churn_softmax_single",
        "softmax over a single unit is always one",
        ("head_activation", "head_units"),
        """
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x = rng.standard_normal((1000, 11)).astype('float32')
exited = (x[:, 2] - x[:, 5] + 0.3 * rng.standard_normal(1000) > 0).astype(int)

ann = tf.keras.models.Sequential([
    tf.keras.layers.Input(shape=(11,)),
    tf.keras.layers.Dense(units=6, activation='relu'),
    tf.keras.layers.Dense(units=6, activation='relu'),
    tf.keras.layers.Dense(units=1, activation='softmax'),
])
ann.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
history = ann.fit(x, exited, batch_size=32, epochs=100)
""",
        (("activation='softmax'", "activation='sigmoid'"),),
    ),
    Faulty(
        "spam_categorical_single",
        "categorical cross-entropy of one sigmoid unit is always zero",
        ("loss", "head_units"),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(11)
spam = rng.integers(0, 2, 900)
counts = rng.poisson(0.4 + 0.8 * spam[:, None], size=(900, 60))
tfidf = np.log1p(counts).astype('float32')

inputs = keras.Input(shape=(60,))
h = layers.Dense(32, activation='relu')(inputs)
h = layers.Dropout(0.3)(h)
outputs = layers.Dense(1, activation='sigmoid')(h)
model = keras.Model(inputs, outputs)
model.compile('rmsprop', 'categorical_crossentropy', metrics=['accuracy'])
history = model.fit(tfidf, spam[:, None].astype('float32'), epochs=40, batch_size=32, validation_split=0.25)
""",
        (("'categorical_crossentropy'", "'binary_crossentropy'"),),
    ),
    Faulty(
        "digits_linear_sparse",
        "logits are taken for probabilities",
        ("from_logits", "head_activation"),
        """
import numpy as np
import tensorflow as tf
from tensorflow import keras

rng = np.random.default_rng(5)
train_labels = rng.integers(0, 10, 600)
prototypes = rng.random((10, 28, 28))
train_images = (0.7 * prototypes[train_labels] + 0.3 * rng.random((600, 28, 28))).astype('float32')

model = keras.Sequential([
    keras.layers.Input(shape=(28, 28)),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation='relu'),
    keras.layers.Dense(10)
])
model.compile(optimizer='adam',
              loss='sparse_categorical_crossentropy',
              metrics=['accuracy'])
history = model.fit(train_images, train_labels, epochs=20)
""",
        (("'sparse_categorical_crossentropy'", "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"),),
    ),
    Faulty(
        "pima_no_sigmoid",
        "a linear unit under binary cross-entropy",
        ("head_activation", "from_logits"),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense

np.random.seed(1)
X = np.random.randn(768, 8)
Y = (X[:, 1] + X[:, 5] > 0).astype(int)

model = Sequential()
model.add(Dense(12, input_shape=(8,), activation='relu'))
model.add(Dense(8, activation='relu'))
model.add(Dense(1))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, Y, epochs=150, batch_size=10, verbose=0)
""",
        (("Dense(1)", "Dense(1, activation='sigmoid')"),),
    ),
    Faulty(
        "own_loss_second_softmax",
        "a loss that applies softmax to what is softmax already",
        ("from_logits", "head_activation", "loss"),
        """
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(2)
speaker = rng.integers(0, 6, 720)
mfcc = (rng.normal(size=(720, 40)) + rng.normal(size=(6, 40))[speaker]).astype('float32')
targets = tf.one_hot(speaker, 6).numpy()

def my_loss(y_true, y_pred):
    return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=y_pred)

inp = keras.Input((40,))
z = layers.Dense(64, activation='relu')(inp)
z = layers.Dense(64, activation='relu')(z)
out = layers.Dense(6, activation='softmax')(z)
model = keras.Model(inp, out)
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=my_loss, metrics=['accuracy'])
history = model.fit(mfcc, targets, batch_size=32, epochs=40, validation_split=0.15)
""",
        (("layers.Dense(6, activation='softmax')", "layers.Dense(6)"),),
    ),
    Faulty(
        "segmentation_softmax_from_logits",
        "from_logits=True behind a softmax and a Reshape",
        ("from_logits", "head_activation"),
        """
import numpy as np, keras
from keras import layers as L

rng = np.random.default_rng(9)
img = rng.random((160, 16, 16, 3)).astype('float32')
mask = (img.sum(-1) * 4 / 3.001).astype('int32').reshape(160, 256)

i = L.Input((16, 16, 3))
c = L.Conv2D(16, 3, padding='same', activation='relu')(i)
c = L.Conv2D(16, 3, padding='same', activation='relu')(c)
c = L.Conv2D(4, 1, activation='softmax')(c)
o = L.Reshape((256, 4))(c)
model = keras.Model(i, o)
model.compile(optimizer='adam', loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])
history = model.fit(img, mask, epochs=50, batch_size=16)
""",
        (("from_logits=True", "from_logits=False"),),
    ),
    Faulty(
        "heart_relu_head",
        "a relu unit as a probability",
        ("head_activation",),
        """
import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense, Input

rng = np.random.default_rng(21)
features = rng.normal(size=(606, 13))
target = (features[:, :4].sum(axis=1) > 0) * 1

model = Sequential([Input(shape=(13,)), Dense(26, activation='relu'), Dense(13, activation='relu'), Dense(1, activation='relu')])
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(features, target, epochs=50, batch_size=12, validation_split=0.2)
""",
        (("Dense(1, activation='relu')", "Dense(1, activation='sigmoid')"),),
    ),
    Faulty(
        "emotion_tanh_head",
        "tanh outputs as class probabilities",
        ("head_activation",),
        """
import numpy as np
from keras import Sequential, layers, utils

n_emotions = 7
rng = np.random.default_rng(8)
ids = rng.integers(0, n_emotions, 700)
faces = (rng.random((700, 24, 24, 1)) * 0.7 + 0.3 * rng.random((n_emotions, 24, 24, 1))[ids]).astype('float32')
onehot = utils.to_categorical(ids, n_emotions)

net = Sequential()
net.add(layers.Input((24, 24, 1)))
net.add(layers.Conv2D(16, 3, activation='relu'))
net.add(layers.MaxPooling2D())
net.add(layers.Flatten())
net.add(layers.Dense(64, activation='relu'))
net.add(layers.Dense(n_emotions, activation='tanh'))
net.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
history = net.fit(faces, onehot, epochs=30, batch_size=32)
""",
        (("activation='tanh'", "activation='softmax'"),),
    ),
    Faulty(
        "house_price_sigmoid",
        "a sigmoid cannot reach prices above one",
        ("head_activation", "label_range"),
        """
import numpy as np
import keras
from keras.layers import Dense

rng = np.random.default_rng(13)
X_train = rng.normal(size=(1200, 8)).astype('float32')
y_train = np.clip(2.0 + X_train @ rng.normal(size=8) * 0.4 + rng.normal(size=1200) * 0.2, 0.15, 5.0)

model = keras.models.Sequential([
    keras.Input((8,)),
    Dense(30, activation='relu'),
    Dense(30, activation='relu'),
    Dense(1, activation='sigmoid')])
model.compile(loss='mean_squared_error', optimizer='adam', metrics=['mae'])
history = model.fit(X_train, y_train, epochs=40, validation_split=0.2)
""",
        (("Dense(1, activation='sigmoid')", "Dense(1)"),),
    ),
    Faulty(
        "power_tanh_target",
        "standardised targets beyond the reach of tanh",
        ("head_activation", "label_range"),
        """
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(4)
t = np.arange(1400)
load = 3 * np.sin(t / 24 * 2 * np.pi) + rng.normal(size=1400) + 0.5 * np.sin(t / 168 * 2 * np.pi)
load = (load - load.mean()) / load.std()
X = np.stack([load[k:k + 24] for k in range(1300)])[..., None]
y = load[24:1324]

model = keras.Sequential()
model.add(layers.Input(shape=(24, 1)))
model.add(layers.LSTM(24))
model.add(layers.Dense(1, activation='tanh'))
model.compile(optimizer='adam', loss='mse')
history = model.fit(X, y, epochs=20, batch_size=32, validation_split=0.1)
""",
        (("layers.Dense(1, activation='tanh')", "layers.Dense(1)"),),
    ),
    Faulty(
        "return_relu_head",
        "a relu unit cannot give the negative half of the targets",
        ("head_activation",),
        """
import numpy as np, keras

rng = np.random.default_rng(6)
factors = rng.normal(size=(1500, 20)).astype("float32")
returns = (factors[:, :5].sum(1, keepdims=True) / 3 + 0.3 * rng.normal(size=(1500, 1))).astype("float32")

class Regressor(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(64, activation="relu")
        self.out = keras.layers.Dense(1, activation="relu")

    def call(self, x):
        return self.out(self.hidden(x))

model = Regressor()
model.compile(optimizer="adam", loss="mse")
history = model.fit(factors, returns, epochs=30, batch_size=64)
""",
        (('keras.layers.Dense(1, activation="relu")', "keras.layers.Dense(1)"),),
    ),
    Faulty(
        "segmentation_softmax_axis",
        "the softmax runs over the picture's rows instead of the classes",
        ("head_activation",),
        """
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(17)
x = rng.random((200, 20, 20, 1)).astype("float32")
y = np.digitize(x[..., 0], [0.3, 0.6]).astype("int32")

inputs = keras.Input((20, 20, 1))
h = layers.Conv2D(16, 3, padding="same", activation="relu")(inputs)
h = layers.Conv2D(3, 3, padding="same")(h)
outputs = layers.Softmax(axis=1)(h)
unet = keras.Model(inputs, outputs)
unet.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = unet.fit(x, y, epochs=30, batch_size=10)
""",
        (("layers.Softmax(axis=1)", "layers.Softmax()"),),
    ),
    Faulty(
        "digits_relu_then_softmax",
        "the last Dense is rectified before its softmax",
        ("redundant_layer", "head_activation"),
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Activation, Dropout, Input
from keras.utils import to_categorical

rng = np.random.default_rng(12)
digit = rng.integers(0, 10, 800)
pixels = np.clip(rng.random((10, 64))[digit] + 0.2 * rng.normal(size=(800, 64)), 0, 1)

model = Sequential()
model.add(Input((64,)))
model.add(Dense(128))
model.add(Activation('relu'))
model.add(Dropout(0.25))
model.add(Dense(10))
model.add(Activation('relu'))
model.add(Activation('softmax'))
model.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
history = model.fit(pixels, to_categorical(digit, 10), epochs=20, batch_size=32)
""",
        (("Dense(10))\nmodel.add(Activation('relu'))", "Dense(10))"),),
    ),
    Faulty(
        "flowers_softmax_twice",
        "softmax of a softmax",
        ("redundant_layer", "head_activation"),
        """
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(14)
kind = rng.integers(0, 5, 500)
photos = (rng.random((5, 24, 24, 3))[kind] * 0.5 + rng.random((500, 24, 24, 3)) * 0.5).astype('float32')

base = tf.keras.Sequential([
    tf.keras.layers.Conv2D(16, 3, activation='relu', input_shape=(24, 24, 3)),
    tf.keras.layers.MaxPooling2D(),
    tf.keras.layers.Conv2D(32, 3, activation='relu'),
    tf.keras.layers.GlobalAveragePooling2D(),
    tf.keras.layers.Dense(5, activation='softmax'),
])
model = tf.keras.Sequential([base, tf.keras.layers.Softmax()])
model.compile(optimizer='adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy'])
history = model.fit(photos, kind, epochs=30, batch_size=25)
""",
        (("tf.keras.Sequential([base, tf.keras.layers.Softmax()])", "tf.keras.Sequential([base])"),),
    ),
)
