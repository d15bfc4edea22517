"""Programs that are right although they look like well-known mistakes."""

from . import Sound

PROGRAMS = (
    Sound(
        "one_against_rest",
        "one-hot labels behind sigmoids, on purpose under binary cross-entropy",
        """
import numpy as np, keras
rng = np.random.default_rng(201)
c = rng.integers(0, 4, 800)
x = rng.normal(size=(800, 12)) + rng.normal(size=(4, 12))[c]
y = keras.utils.to_categorical(c)
model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(32, 'relu'), keras.layers.Dense(4, 'sigmoid')])
model.compile('adam', 'binary_crossentropy', metrics=['categorical_accuracy'])
history = model.fit(x, y, epochs=40, batch_size=32)
""",
    ),
    Sound(
        "margin_machine",
        "labels -1 and 1, a linear unit, an L2 penalty: a support vector machine",
        """
import numpy as np
from keras import Sequential, layers, Input, regularizers
rng = np.random.default_rng(202)
X = rng.normal(size=(900, 10))
y = np.sign(X[:, :3].sum(axis=1))
svm = Sequential([Input((10,)), layers.Dense(1, kernel_regularizer=regularizers.l2(1e-3))])
svm.compile(optimizer='adam', loss='hinge')
history = svm.fit(X, y, epochs=60, batch_size=16)
""",
    ),
    Sound(
        "denoiser_tanh",
        "a tanh head under squared error, the targets lie in [-1, 1]",
        """
import numpy as np
from tensorflow.keras import layers, Model, Input
rng = np.random.default_rng(203)
clean = np.tanh(rng.normal(size=(300, 16, 16, 1))).astype('float32')
noisy = clean + 0.2 * rng.normal(size=clean.shape).astype('float32')
i = Input((16, 16, 1))
h = layers.Conv2D(16, 3, padding='same', activation='relu')(i)
h = layers.Conv2D(16, 3, padding='same', activation='relu')(h)
o = layers.Conv2D(1, 3, padding='same', activation='tanh')(h)
net = Model(i, o)
net.compile('adam', 'mse')
history = net.fit(noisy, clean, epochs=30, batch_size=15)
""",
    ),
    Sound(
        "pixel_autoencoder",
        "binary cross-entropy with grey values as targets, and the inputs are the targets",
        """
import numpy as np
from keras.layers import Input, Dense
from keras.models import Model
rng = np.random.default_rng(204)
x_train = rng.random((10, 196))[rng.integers(0, 10, 700)] * rng.random((700, 1))
input_img = Input(shape=(196,))
encoded = Dense(16, activation='relu')(input_img)
decoded = Dense(196, activation='sigmoid')(encoded)
autoencoder = Model(input_img, decoded)
autoencoder.compile(optimizer='adam', loss='binary_crossentropy')
history = autoencoder.fit(x_train, x_train, epochs=50, batch_size=32, shuffle=True)
""",
    ),
    Sound(
        "poisson_counts",
        "an exponential head with counts as targets",
        """
import numpy as np, keras
from keras import layers
rng = np.random.default_rng(205)
x = rng.normal(size=(1200, 6)).astype("float32")
visits = rng.poisson(np.exp(0.6 * x[:, 0] - 0.3 * x[:, 1] + 0.5)).astype("float32")
model = keras.Sequential([keras.Input((6,)), layers.Dense(32, activation="relu"), layers.Dense(1, activation="exponential")])
model.compile(optimizer="adam", loss="poisson")
history = model.fit(x, visits, epochs=40, batch_size=32)
""",
    ),
    Sound(
        "share_sigmoid_mse",
        "a sigmoid under squared error: the targets are shares",
        """
import numpy as np
from keras import Sequential, layers, Input
rng = np.random.default_rng(206)
X = rng.normal(size=(1000, 7))
share = 1 / (1 + np.exp(-X[:, 0] + 0.5 * X[:, 1] + 0.2 * rng.normal(size=1000)))
model = Sequential([Input((7,)), layers.Dense(32, activation='relu'), layers.Dense(1, activation='sigmoid')])
model.compile(optimizer='adam', loss='mse', metrics=['mae'])
history = model.fit(X, share, epochs=40, batch_size=32, validation_split=0.2)
""",
    ),
    Sound(
        "distilled",
        "categorical cross-entropy on soft labels",
        """
import numpy as np, keras
rng = np.random.default_rng(207)
x = rng.normal(size=(900, 15)).astype("float32")
logits = x @ rng.normal(size=(15, 5)) / 2
teacher = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
student = keras.Sequential([keras.Input((15,)), keras.layers.Dense(48, "relu"), keras.layers.Dense(5, "softmax")])
student.compile("adam", loss="categorical_crossentropy", metrics=["kl_divergence"])
history = student.fit(x, teacher, epochs=40, batch_size=30)
""",
    ),
    Sound(
        "principal_components",
        "two linear layers in a row: a linear autoencoder",
        """
import numpy as np
from tensorflow import keras
rng = np.random.default_rng(208)
X = rng.normal(size=(800, 3)) @ rng.normal(size=(3, 20)) / 2
pca = keras.Sequential([keras.layers.Input((20,)), keras.layers.Dense(3, use_bias=False), keras.layers.Dense(20, use_bias=False)])
pca.compile(optimizer=keras.optimizers.Adam(1e-2), loss='mse')
history = pca.fit(X, X, epochs=60, batch_size=32)
""",
    ),
    Sound(
        "inverted_bottleneck",
        "linear projections between depthwise convolutions, as in MobileNetV2",
        """
import numpy as np, keras
from keras import layers
rng = np.random.default_rng(209)
y = rng.integers(0, 4, 400)
x = ((rng.random((4, 24, 24, 3))[y] + rng.random((400, 24, 24, 3))) / 2).astype("float32")

def inverted(t, filters, expand=4):
    h = layers.Conv2D(t.shape[-1] * expand, 1, use_bias=False)(t)
    h = layers.ReLU(6.0)(layers.BatchNormalization()(h))
    h = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(h)
    h = layers.ReLU(6.0)(layers.BatchNormalization()(h))
    h = layers.Conv2D(filters, 1, use_bias=False)(h)
    h = layers.BatchNormalization()(h)
    return layers.add([t, h]) if t.shape[-1] == filters else h

i = keras.Input((24, 24, 3))
t = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(i)
for f in (16, 24, 24):
    t = inverted(t, f)
o = layers.Dense(4, activation="softmax")(layers.GlobalAveragePooling2D()(layers.ReLU()(t)))
model = keras.Model(i, o)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=80, batch_size=20)
""",
    ),
    Sound(
        "zero_last_layer",
        "the last layer starts at zero",
        """
import numpy as np, keras
from keras import layers
rng = np.random.default_rng(210)
x = rng.normal(size=(1000, 8)).astype("float32")
y = np.sin(x[:, :1]) + 0.5 * x[:, 1:2]
model = keras.Sequential([keras.Input((8,)), layers.Dense(64, activation="gelu"), layers.Dense(64, activation="gelu"),
                          layers.Dense(1, kernel_initializer="zeros")])
model.compile(keras.optimizers.AdamW(1e-3), "huber")
history = model.fit(x, y, epochs=40, batch_size=32)
""",
    ),
    Sound(
        "warm_up_from_zero",
        "the learning rate is zero at the first step: a warm-up",
        """
import numpy as np, keras
from keras import layers
rng = np.random.default_rng(211)
y = rng.integers(0, 5, 1000)
x = rng.normal(size=(1000, 20)) + rng.normal(size=(5, 20))[y]
rate = keras.optimizers.schedules.CosineDecay(0.0, decay_steps=1200, warmup_target=2e-3, warmup_steps=120)
model = keras.Sequential([keras.Input((20,)), layers.Dense(64, activation="relu"), layers.LayerNormalization(), layers.Dense(5)])
model.compile(keras.optimizers.AdamW(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
history = model.fit(x, y, epochs=42, batch_size=32)
""",
    ),
    Sound(
        "normalization_layer",
        "raw columns of very different scales, into an adapted Normalization",
        """
import numpy as np
import tensorflow as tf
rng = np.random.default_rng(212)
X = np.stack([rng.normal(50000, 20000, 1000), rng.random(1000), rng.integers(18, 90, 1000)], axis=1).astype('float32')
y = ((X[:, 0] > 50000) & (X[:, 1] > 0.4)).astype('float32')
norm = tf.keras.layers.Normalization()
norm.adapt(X)
model = tf.keras.Sequential([tf.keras.layers.Input((3,)), norm, tf.keras.layers.Dense(16, activation='relu'), tf.keras.layers.Dense(1)])
model.compile('adam', tf.keras.losses.BinaryCrossentropy(from_logits=True), metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0)])
history = model.fit(X, y, epochs=50, batch_size=20)
""",
    ),
    Sound(
        "last_word_of_vocabulary",
        "word numbers up to input_dim - 1, raw integers, and zeros for padding",
        """
import numpy as np
from keras.models import Sequential
from keras.layers import Embedding, LSTM, Dense, Input
rng = np.random.default_rng(213)
lengths = rng.integers(5, 30, 700)
tone = rng.integers(0, 2, 700)
ids = np.where(np.arange(30) < lengths[:, None], rng.integers(1, 2500, (700, 30)) + 2499 * tone[:, None], 0)
ids[0, 0] = 4999
model = Sequential([Input((30,)), Embedding(5000, 16, mask_zero=True), LSTM(16), Dense(1, activation='sigmoid')])
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(ids, tone, epochs=10, batch_size=20)
""",
    ),
    Sound(
        "next_word",
        "labels of rank two and outputs of rank three, most classes never seen",
        """
import numpy as np, keras
from keras import layers
rng = np.random.default_rng(214)
text = rng.zipf(1.6, (500, 21)) % 300
inputs = keras.Input((20,), dtype="int32")
h = layers.Embedding(300, 24)(inputs)
h = layers.LSTM(48, return_sequences=True)(h)
outputs = layers.Dense(300)(h)
model = keras.Model(inputs, outputs)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
history = model.fit(text[:, :-1], text[:, 1:], epochs=20, batch_size=20)
""",
    ),
    Sound(
        "quantiles",
        "three units for one target column: three quantiles by an own loss",
        """
import numpy as np, keras
from keras import ops, layers
rng = np.random.default_rng(215)
x = rng.normal(size=(1000, 5)).astype("float32")
y = (x[:, :1] + rng.normal(size=(1000, 1)) * np.exp(0.3 * x[:, 1:2])).astype("float32")
levels = np.array([[0.1, 0.5, 0.9]], "float32")

def pinball(y_true, y_pred):
    error = y_true - y_pred
    return ops.mean(ops.maximum(levels * error, (levels - 1) * error), axis=-1)

model = keras.Sequential([keras.Input((5,)), layers.Dense(32, activation="relu"), layers.Dense(3)])
model.compile(optimizer="adam", loss=pinball)
history = model.fit(x, y, epochs=40, batch_size=32)
""",
    ),
    Sound(
        "mean_and_spread",
        "two units for one target: mean and spread of a normal distribution",
        """
import numpy as np, keras
from keras import ops, layers
rng = np.random.default_rng(216)
x = rng.uniform(-2, 2, (1000, 1)).astype("float32")
y = np.sin(x) + rng.normal(size=x.shape) * (0.1 + 0.1 * np.abs(x))

def nll(y_true, y_pred):
    mean, log_spread = y_pred[:, :1], ops.clip(y_pred[:, 1:], -5, 3)
    return ops.mean(log_spread + 0.5 * ops.square((y_true - mean) / ops.exp(log_spread)), axis=-1)

model = keras.Sequential([keras.Input((1,)), layers.Dense(32, activation="tanh"), layers.Dense(32, activation="tanh"), layers.Dense(2)])
model.compile(optimizer="adam", loss=nll)
history = model.fit(x, y, epochs=60, batch_size=32)
""",
    ),
    Sound(
        "full_batch",
        "one batch holds all rows, for a thousand epochs",
        """
import numpy as np
from keras import Sequential, layers, Input, optimizers
rng = np.random.default_rng(217)
X = rng.uniform(-1, 1, (200, 2))
y = (X[:, 0] * X[:, 1] > 0).astype(int)
model = Sequential([Input((2,)), layers.Dense(16, activation='tanh'), layers.Dense(1, activation='sigmoid')])
model.compile(optimizers.Adam(0.01), 'binary_crossentropy', metrics=['accuracy'])
history = model.fit(X, y, epochs=1000, batch_size=200, verbose=0)
""",
    ),
    Sound(
        "rare_class_weighted",
        "three percent positives, with class weights and the area under the curve",
        """
import numpy as np, keras
rng = np.random.default_rng(218)
y = (rng.random(3000) < 0.03).astype("float32")
x = (rng.normal(size=(3000, 10)) + y[:, None]).astype("float32")
weights = {0: 1.0, 1: (y == 0).sum() / y.sum()}
stop = keras.callbacks.EarlyStopping("val_auc", mode="max", patience=8, restore_best_weights=True)
model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(24, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
history = model.fit(x, y, epochs=40, batch_size=64, validation_split=0.2, class_weight=weights, callbacks=[stop])
""",
    ),
    Sound(
        "squeeze_and_excite",
        "sigmoids inside the network are gates of channels",
        """
import numpy as np
from tensorflow.keras import layers as L, Model
rng = np.random.default_rng(219)
y = rng.integers(0, 5, 400)
x = ((rng.random((5, 20, 20, 3))[y] + rng.random((400, 20, 20, 3))) / 2).astype('float32')
i = L.Input((20, 20, 3))
t = L.Conv2D(32, 3, padding='same', activation='relu')(i)
s = L.GlobalAveragePooling2D()(t)
s = L.Dense(8, activation='relu')(s)
s = L.Dense(32, activation='sigmoid')(s)
t = L.Multiply()([t, L.Reshape((1, 1, 32))(s)])
t = L.Conv2D(32, 3, strides=2, activation='relu')(t)
o = L.Dense(5, activation='softmax')(L.GlobalAveragePooling2D()(t))
model = Model(i, o)
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(x, y, epochs=30, batch_size=20)
""",
    ),
    Sound(
        "attention_over_time",
        "a softmax over the time axis in the middle, a Dense of one unit before it",
        """
import numpy as np, keras
from keras import layers, ops
rng = np.random.default_rng(220)
x = rng.normal(size=(500, 24, 6)).astype("float32")
y = (x[:, :, 0].max(axis=1) > 2).astype("float32")
inputs = keras.Input((24, 6))
h = layers.Bidirectional(layers.GRU(16, return_sequences=True))(inputs)
score = layers.Dense(1, activation="tanh")(h)
weight = layers.Softmax(axis=1)(score)
context = layers.Lambda(lambda t: ops.sum(t[0] * t[1], axis=1), output_shape=(32,))([h, weight])
outputs = layers.Dense(1, activation="sigmoid")(context)
model = keras.Model(inputs, outputs)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=30, batch_size=20)
""",
    ),
    Sound(
        "frozen_trained_base",
        "only the head is trained: its base was trained in the same cell",
        """
import numpy as np, keras
from keras import layers
rng = np.random.default_rng(221)
c = rng.integers(0, 6, 600)
x = (rng.normal(size=(600, 30)) + rng.normal(size=(6, 30))[c]).astype("float32")
base = keras.Sequential([keras.Input((30,)), layers.Dense(48, activation="relu"), layers.Dense(24, activation="relu")])
first = keras.Sequential([base, layers.Dense(6, activation="softmax")])
first.compile("adam", "sparse_categorical_crossentropy")
_ = first.fit(x, c, epochs=8, batch_size=20, verbose=0)
base.trainable = False
model = keras.Sequential([base, layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.Adam(1e-2), "binary_crossentropy", metrics=["accuracy"])
history = model.fit(x, (c > 2).astype("float32"), epochs=30, batch_size=20)
""",
    ),
    Sound(
        "critic_without_bounds",
        "a linear unit, labels -1 and 1, and their product as the loss: a critic",
        """
import numpy as np, keras
from keras import ops, layers
rng = np.random.default_rng(222)
real = rng.normal(1.0, 0.5, (400, 8))
fake = rng.normal(0.0, 1.0, (400, 8))
x = np.concatenate([real, fake]).astype("float32")
y = np.concatenate([-np.ones((400, 1)), np.ones((400, 1))]).astype("float32")

def wasserstein(y_true, y_pred):
    return ops.mean(y_true * y_pred, axis=-1)

clip = keras.constraints.MaxNorm(1.0)
critic = keras.Sequential([keras.Input((8,)), layers.Dense(32, kernel_constraint=clip), layers.LeakyReLU(0.2),
                           layers.Dense(1, kernel_constraint=clip)])
critic.compile(keras.optimizers.RMSprop(5e-5), wasserstein)
history = critic.fit(x, y, epochs=60, batch_size=32)
""",
    ),
)
