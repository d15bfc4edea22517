"""Code as it was pasted in 2016 to 2019: what becomes of it, that it then runs on Keras 3, and what is never touched."""

import pytest

from kerasdoctor.finding import ModernSpelling
from kerasdoctor.patch.legacy import spellings
from kerasdoctor.snapshot import Cell

from .snapshots import patched, refused, snapshot, unchanged

CASE_A = """from __future__ import print_function
%matplotlib inline
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation, Flatten  # Keras 1.2
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.layers.normalization import BatchNormalization
from keras.optimizers import SGD, adam
from keras.regularizers import l2
from keras.utils import np_utils

nb_epoch, nb_classes = 1, 2
Y = np_utils.to_categorical(y, nb_classes)
model = Sequential()
model.add(Convolution2D(20, 5, 5, border_mode='same', init='uniform',
                        input_shape=(28, 28, 1)))  # first block
model.add(Activation('relu'))
model.add(BatchNormalization(mode=0, axis=-1))
model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2), border_mode='valid'))
model.add(Convolution2D(50, 5, 5, border_mode='same', init='uniform', subsample=(1, 1)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(p=0.25))
model.add(Flatten())
model.add(Dense(output_dim=50, init='uniform', W_regularizer=l2(0.01), bias=False))
model.add(Activation('relu'))
model.add(Dense(nb_classes))
model.add(Activation('softmax'))
opt = adam(lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0)
model.compile(loss='binary_crossentropy', optimizer=opt, metrics=['accuracy'])
history = model.fit(x, Y, batch_size=32, nb_epoch=nb_epoch, verbose=0, validation_split=0.4)
last = history.history['acc'][-1], history.history['val_acc'][-1]
classes = model.predict_classes(x, verbose=0)
"""
CASE_B = """from keras.preprocessing.image import ImageDataGenerator, img_to_array
from keras.models import Sequential
from keras.layers import Conv2D, MaxPooling2D, Activation, Dropout, Flatten, Dense
from keras import optimizers
from keras.callbacks import ModelCheckpoint, EarlyStopping
batch_size = 16
train_datagen = ImageDataGenerator(rescale=1./255, horizontal_flip=True)
train_generator = train_datagen.flow(images, labels, batch_size=batch_size)
validation_generator = ImageDataGenerator(rescale=1./255).flow(images, labels, batch_size=batch_size)
model = Sequential()
model.add(Conv2D(8, (3, 3), input_shape=(75, 75, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(4, 4)))
model.add(Flatten())
model.add(Dropout(0.5))
model.add(Dense(5, activation='sigmoid'))
model.compile(loss='categorical_crossentropy', optimizer=optimizers.adam(lr=1e-4), metrics=['accuracy'])
filepath = "weights.best.hdf5"
checkpoint = ModelCheckpoint(filepath, monitor='val_acc', verbose=0, save_best_only=True, mode='max', period=1)
model.fit_generator(
    train_generator,
    samples_per_epoch=32,
    nb_epoch=1,
    validation_data=validation_generator,
    nb_val_samples=32,
    callbacks=[checkpoint],  # keeps the best
    verbose=0,
)
score = model.evaluate_generator(validation_generator, 2, workers=4, use_multiprocessing=True)
p = model.predict_generator(validation_generator, steps=2)
model.save_weights('first_try.h5')
model.load_weights('first_try.h5')
"""


def modern(text, **models):
    """The text in Keras 3, after a look that a second patch changes nothing."""
    return patched(text, snapshot(), ModernSpelling(models=tuple(models.items())))


def test_case_a_as_it_was_pasted():
    """Comments, the magic and the line breaks stay."""
    new = modern(CASE_A)
    assert "from keras.layers import Dense, Dropout, Activation, Flatten  # Keras 1.2" in new
    assert "from keras.optimizers import SGD, Adam\n" in new
    assert "from keras import utils as np_utils" in new
    assert (
        "Conv2D(20, (5, 5), padding='same', kernel_initializer='uniform',\n                        input_shape=(28, 28, 1)))  # first block"
        in new
    )
    assert "Dense(units=50, kernel_initializer='uniform', kernel_regularizer=l2(0.01), use_bias=False)" in new
    assert "opt = Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999)\n" in new
    assert "history.history['accuracy'][-1], history.history['val_accuracy'][-1]" in new
    assert new.startswith("from __future__ import print_function\n%matplotlib inline\n")


@pytest.mark.keras
def test_case_a_runs_after_the_patch(tmp_path, monkeypatch):
    """On the installed Keras, from the first line to the last; as it was pasted it does not."""
    import numpy as np

    text = CASE_A.replace("%matplotlib inline\n", "")
    space = {"x": np.random.rand(64, 28, 28, 1), "y": np.arange(64) % 2}
    with pytest.raises(ImportError):
        exec(text, dict(space))
    exec(modern(text), space)
    assert space["classes"].shape == (64,) and space["model"].layers[0].kernel_size == (5, 5)


@pytest.mark.keras
def test_case_b_runs_after_the_patch(tmp_path, monkeypatch):
    """The generator comes from tensorflow.keras, samples become batches, weights get a name that Keras 3 takes."""
    pytest.importorskip("tensorflow")
    import numpy as np

    monkeypatch.chdir(tmp_path)
    space = {"images": np.random.rand(32, 75, 75, 3) * 255, "labels": np.eye(5)[np.arange(32) % 5]}
    with pytest.raises(ImportError):
        exec(CASE_B, dict(space))
    new = modern(CASE_B)
    assert "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n" in new
    assert "steps_per_epoch=32 // batch_size" in new and "callbacks=[checkpoint],  # keeps the best" in new
    exec(new, space)
    assert space["p"].shape == (32, 5) and (tmp_path / "weights.best.keras").exists() and (tmp_path / "first_try.weights.h5").exists()


HEAD = "from keras.models import Sequential, Model\nfrom keras.layers import *\nmodel = Sequential()\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "model.add(LSTM(output_dim=3, inner_activation='tanh', consume_less='gpu'))",
            "model.add(LSTM(units=3, recurrent_activation='tanh'))",
        ),
        (
            "model.add(LSTM(3, dropout_W=.1, dropout_U=.2, forget_bias_init='one'))",
            "model.add(LSTM(3, dropout=.1, recurrent_dropout=.2, unit_forget_bias=True))",
        ),
        ("model.add(LSTM(3, input_dim=4, input_length=5))", "model.add(LSTM(3, input_shape=(5, 4)))"),
        ("model.add(LSTM(3, batch_input_shape=(None, 5, 4)))", "model.add(LSTM(3, input_shape=(5, 4)))"),
        (
            "model.add(LSTM(3, batch_input_shape=(8, 5, 4), stateful=True))",
            "model.add(Input(batch_shape=(8, 5, 4)))\nmodel.add(LSTM(3, stateful=True))",
        ),
        ('model.add(MaxPooling2D((2, 2), dim_ordering="tf"))', 'model.add(MaxPooling2D((2, 2), data_format="channels_last"))'),
        ("model.add(Convolution2D(8, nb_row=3, nb_col=2))", "model.add(Conv2D(8, kernel_size=(3, 2)))"),
        ("model.add(AtrousConvolution2D(8, 3, 3, atrous_rate=(2, 2)))", "model.add(Conv2D(8, (3, 3), dilation_rate=(2, 2)))"),
        ("model.add(Conv2D(8, 3, 3, border_mode='same'))", "model.add(Conv2D(8, (3, 3), padding='same'))"),
        ("model.add(TimeDistributedDense(4))", "model.add(TimeDistributed(Dense(4)))"),
        ("model.add(ThresholdedReLU(theta=0.5))", "model.add(ReLU(threshold=0.5))"),
        ("model.add(CuDNNLSTM(4))", "model.add(LSTM(4))"),
        (
            "a, b = Input((3,)), Input((3,))\nc = merge([a, b], mode='concat', concat_axis=1)",
            "a, b = Input((3,)), Input((3,))\nc = concatenate([a, b], axis=1)",
        ),
        ("a = Input((3,))\nm = Model(input=a, output=Dense(2)(a))", "a = Input((3,))\nm = Model(inputs=a, outputs=Dense(2)(a))"),
        ("model.compile('adam', loss='kullback_leibler_divergence')", "model.compile('adam', loss='kl_divergence')"),
        (
            "from keras import optimizers as o\nsgd = o.SGD(lr=0.01, decay=1e-6, momentum=0.9)",
            "from keras import optimizers as o\nsgd = o.SGD(learning_rate=o.schedules.InverseTimeDecay(0.01, 1, 1e-6), momentum=0.9)",
        ),
        (
            "from keras import backend as K\nif K.image_dim_ordering() == 'th':\n    shape = (1, 28, 28)",
            "from keras import backend as K\nif K.image_data_format() == 'channels_first':\n    shape = (1, 28, 28)",
        ),
        (
            "from keras import backend as K\ndef hits(t, p):\n    return K.sum(K.round(K.clip(t * p, 0, 1))) + K.epsilon()",
            "from keras import backend as K\ndef hits(t, p):\n    return ops.sum(ops.round(ops.clip(t * p, 0, 1))) + K.epsilon()",
        ),
        ("model.fit(x, y, 32, nb_epoch=3, show_accuracy=True)", "model.fit(x, y, 32, epochs=3)"),
        ("model.fit_generator(g, 10, 5, workers=2)", "model.fit(g, steps_per_epoch=10, epochs=5)"),
        ("model.predict_proba(x)", "model.predict(x)"),
        ("model.add(Dense(1))\nmodel.predict_classes(x)", 'model.add(Dense(1))\n(model.predict(x) > 0.5).astype("int32")'),
        ("model.optimizer.lr", "model.optimizer.learning_rate"),
    ],
)
def test_single_spellings(old, new):
    """Each in Keras 3's words; imports that come along stand above."""
    lines = [line for line in modern(HEAD + old).splitlines() if not line.startswith("from keras import ops")]
    assert "\n".join(lines) == HEAD + new


@pytest.mark.parametrize(
    "text",
    [
        "def Convolution2D(n, r, c): return n\nConvolution2D(32, 3, 3)",
        "from mine import Convolution2D\nConvolution2D(32, 3, 3, border_mode='same')",
        "from sklearn.linear_model import SGDClassifier as SGD\nSGD(lr=0.1, decay=1e-6)",
        "from torch.optim import Adam\nopt = Adam(lr=0.1)",
        "class Adam:\n    pass\nAdam(lr=0.1)",
        "trainer = Trainer()\ntrainer.fit(x, nb_epoch=3)",
        "from xgboost import XGBClassifier\nmodel = XGBClassifier()\nmodel.fit(x, y, nb_epoch=3)\nmodel.predict_proba(x)",
        "from sklearn.svm import SVC\nmodel = SVC()\nmodel.predict_classes(x)",
        "Dense(output_dim=3)",
        "from keras.layers import Conv2D\nConv2D(32, 3, 2)\nConv2D(32, 3, 3)",
        "from keras.layers import Dense\nDense(3, kernel_initializer='uniform')",
        "from keras.layers import Convolution2D\nConvolution2D(32, (3, 3), strides)\nConvolution2D(32, kernel, strides)",
        "from tensorflow.keras.preprocessing.image import ImageDataGenerator",
        "from tensorflow.keras import backend as K\nK.mean(x)",
        "import json\nhistory = json.load(f)\nhistory['acc']\nrun.history['acc']",
        "import keras\nmodel = keras.Sequential()\nmodel.compile('sgd', 'mse', metrics=['acc'])\nh = model.fit(x, y)\nh.history['acc']",
        "init = 3\nnb_epoch = 5\nlr = 0.1\nprint(lr, nb_epoch)",
        "model.load_weights('old.h5')",
    ],
)
def test_what_is_not_keras_or_not_old_is_never_touched(text):
    """Names are followed to where they come from."""
    assert unchanged(text, snapshot(), ModernSpelling())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from keras.layers import Merge", "functional API"),
        ("from keras.layers import Highway\n", "no highway layer"),
        ("from keras.utils import multi_gpu_model\n", "keras.distribution"),
        ("from keras.wrappers.scikit_learn import KerasClassifier", "SKLearnClassifier"),
        ("from keras.layers import BatchNormalization\nBatchNormalization(mode=2)", "no mode"),
        ("from keras.layers import Embedding\nEmbedding(10, 4, dropout=0.2)", "no dropout"),
        ("from keras.models import Sequential\nm = Sequential()\nm.fit_generator(g, samples_per_epoch=1000)", "batches, not samples"),
        ("from keras import backend as K\nK.argmax(x)", "give the axis"),
        ("from keras.models import load_model\nm = load_model('a')\nm.predict_classes(x)", "argmax"),
        ("from keras.layers import (Dense,  # one\n    CuDNNLSTM)\nfrom keras.layers.core import (Dense,  # two\n   Merge)\n", ""),
    ],
)
def test_what_has_no_safe_translation_is_said(text, why):
    """The code stays as it is."""
    if why:
        assert why in refused(text, snapshot(), ModernSpelling())


def test_an_import_in_a_cell_of_its_own_keeps_the_name():
    """Cells that are still to run may use it."""
    assert modern("from keras.layers import CuDNNLSTM, Dense") == "from keras.layers import LSTM as CuDNNLSTM, Dense"
    assert modern("from keras.optimizers import adam") == "from keras.optimizers import Adam as adam"
    assert unchanged("from keras.layers import Convolution2D", snapshot(), ModernSpelling())


def test_models_of_the_namespace_are_known():
    """A name that the text does not explain is a model where the namespace says so; its units tell what predict_classes was."""
    assert modern("model.fit(x, y, nb_epoch=3)", model=3) == "model.fit(x, y, epochs=3)"
    assert modern("model.predict_classes(x)", model=3) == "model.predict(x).argmax(axis=-1)"
    assert modern("model.predict_classes(x)", model=1) == '(model.predict(x) > 0.5).astype("int32")'


def test_places_and_effects():
    """Where each spelling stands, and whether Keras 3 fails or runs something else."""
    cells = (
        Cell(3, None, "from keras.layers import Convolution2D"),
        Cell(4, None, "\nc = Convolution2D(\n  32, 3, 3)\nimport keras\nkeras.layers.Dense(output_dim=3)"),
    )
    found = spellings(cells)
    assert [(one.cell, one.line, one.end_line, one.effect) for one in found] == [(4, 2, 3, "ignored"), (4, 5, 5, "fails")]
    assert spellings((Cell(1, None, "def ("),)) == ()
