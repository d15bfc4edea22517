"""Healthy programs that look like faults of the data: every rule of the family is silent, on real Keras models."""

import pytest

from tests.rules.programs import examine

pytestmark = pytest.mark.keras

IMAGES = "x, y = rng.integers(0, 256, (64, 16, 16, 3)).astype('uint8'), np.arange(64) % 3\n"
HEAD = "layers.GlobalAveragePooling2D(), layers.Dense(3, activation='softmax')])\n"
TABLE = (
    "model = keras.Sequential([keras.Input((x.shape[1],)), layers.Dense(8, activation='relu'), layers.Dense(1, activation='sigmoid')])\n"
)
CLASSES = "model.compile('adam', 'sparse_categorical_crossentropy')\nmodel.fit(x, y, epochs=5)"
BINARY = "model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, y, epochs=20)"
SEQUENTIAL = "model = keras.Sequential([keras.Input((16, 16, 3)), "
HOUSES = (
    "x = rng.normal(size=(400, 13))\n"
    "model = keras.Sequential([keras.Input((13,)), layers.Dense(64, activation='relu'), "
    "layers.Dense(64, activation='relu'), layers.Dense(1)])\n"
)

HEALTHY = {
    "embedding indices": "x, y = rng.integers(0, 5000, (64, 20)), np.arange(64) % 2\n"
    "model = keras.Sequential([keras.Input((20,)), layers.Embedding(5000, 8), layers.GlobalAveragePooling1D(), "
    "layers.Dense(1, activation='sigmoid')])\n" + BINARY,
    "an index raised before its Embedding": "x, y = rng.integers(-1, 9, (64, 20)), np.arange(64) % 2\n"
    "given = keras.Input((20,))\n"
    "model = keras.Model(given, layers.Dense(1, activation='sigmoid')(layers.Flatten()(layers.Embedding(10, 8)(given + 1))))\n" + BINARY,
    "pixels behind Rescaling": IMAGES + SEQUENTIAL + "layers.Rescaling(1 / 255), layers.Conv2D(4, 3, activation='relu'), " + HEAD + CLASSES,
    "pixels behind Rescaling to -1..1": IMAGES + SEQUENTIAL + "layers.Rescaling(1 / 127.5, -1), layers.Conv2D(4, 3), " + HEAD + CLASSES,
    "pixels behind a Lambda": IMAGES + SEQUENTIAL + "layers.Lambda(lambda t: t / 255.0), layers.Conv2D(4, 3), " + HEAD + CLASSES,
    "pixels behind an adapted Normalization": IMAGES
    + "norm = layers.Normalization()\nnorm.adapt(x.astype('float32'))\n"
    + SEQUENTIAL
    + "norm, layers.Conv2D(4, 3), "
    + HEAD
    + CLASSES,
    "pixels behind BatchNormalization": IMAGES + SEQUENTIAL + "layers.BatchNormalization(), layers.Conv2D(4, 3), " + HEAD + CLASSES,
    "pixels in a convolution that BatchNormalization follows": IMAGES
    + SEQUENTIAL
    + "layers.Conv2D(4, 3), layers.BatchNormalization(), layers.ReLU(), "
    + HEAD
    + CLASSES,
    "pixels scaled by an operation": IMAGES
    + "given = keras.Input((16, 16, 3))\nhidden = layers.Conv2D(4, 3, activation='relu')(given / 255.0)\n"
    + "model = keras.Model(given, layers.Dense(3, activation='softmax')(layers.Flatten()(hidden)))\n"
    + CLASSES,
    "pixels scaled in call": IMAGES
    + "class Net(keras.Model):\n"
    + "    def __init__(self):\n        super().__init__()\n        self.conv, self.flat = layers.Conv2D(4, 3), layers.Flatten()\n"
    + "        self.head = layers.Dense(3, activation='softmax')\n"
    + "    def call(self, images):\n        return self.head(self.flat(self.conv(keras.ops.cast(images, 'float32') / 255.0)))\n"
    + "model = Net()\n"
    + CLASSES,
    "pixels into EfficientNet, which scales inside": "x, y = rng.integers(0, 256, (8, 32, 32, 3)).astype('uint8'), np.arange(8) % 2\n"
    "body = keras.applications.EfficientNetB0(include_top=False, weights=None, input_shape=(32, 32, 3), pooling='avg')\n"
    "model = keras.Sequential([keras.Input((32, 32, 3)), body, layers.Dense(2, activation='softmax')])\n" + CLASSES,
    "preprocess_input into a trained VGG16": "x = keras.applications.vgg16.preprocess_input(rng.uniform(0, 255, (8, 32, 32, 3)))\n"
    "y = np.arange(8) % 2\n"
    "body = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3), pooling='avg')\n"
    "for layer in body.layers:\n"
    "    layer.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in layer.get_weights()])\n"
    "model = keras.Sequential([keras.Input((32, 32, 3)), body, layers.Dense(2, activation='softmax')])\n" + CLASSES,
    "preprocess_input into a frozen VGG16": "x = keras.applications.vgg16.preprocess_input(rng.uniform(0, 255, (8, 32, 32, 3)))\n"
    "y = np.arange(8) % 2\n"
    "body = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3), pooling='avg')\n"
    "body.trainable = False\n"
    "model = keras.Sequential([keras.Input((32, 32, 3)), body, layers.Dense(2, activation='softmax')])\n" + CLASSES,
    "preprocess_input into MobileNetV2": "x = keras.applications.mobilenet_v2.preprocess_input(rng.uniform(0, 255, (8, 32, 32, 3)))\n"
    "y = np.arange(8) % 2\n"
    "body = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(32, 32, 3), pooling='avg')\n"
    "model = keras.Sequential([keras.Input((32, 32, 3)), body, layers.Dense(2, activation='softmax')])\n" + CLASSES,
    "an autoencoder": "x = rng.random((64, 20))\n"
    "model = keras.Sequential([keras.Input((20,)), layers.Dense(4, activation='relu'), layers.Dense(20, activation='sigmoid')])\n"
    "model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, x, epochs=20)",
    "an autoencoder of dark images": "x = rng.random((64, 8, 8, 1)) / 60\n"
    "model = keras.Sequential([keras.Input((8, 8, 1)), layers.Rescaling(60), layers.Conv2D(4, 3, padding='same', activation='relu'), "
    "layers.Conv2D(1, 3, padding='same', activation='sigmoid')])\n"
    "model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, x, epochs=20)",
    "a series and its next value": "series = np.sin(np.arange(260) / 5)\n"
    "x = np.stack([series[i : i + 10] for i in range(240)])[..., None]\n"
    "y = series[10:250]\n"
    "model = keras.Sequential([keras.Input((10, 1)), layers.LSTM(8), layers.Dense(1)])\n"
    "model.compile('adam', 'mse')\nmodel.fit(x, y, epochs=20, validation_split=0.2, shuffle=False)",
    "one-hot columns, some rare": "kinds = rng.integers(0, 40, 400)\nkinds[:3] = 39\n"
    "x, y = np.concatenate([np.eye(40)[kinds], rng.normal(size=(400, 3))], axis=1), np.arange(400) % 2\n" + TABLE + BINARY,
    "word counts": "x, y = rng.poisson(rng.uniform(0.01, 2, 300), (200, 300)), np.arange(200) % 2\n" + TABLE + BINARY,
    "a tf-idf table": "x, y = rng.random((200, 300)), np.arange(200) % 2\nx = x * (rng.random((200, 300)) < np.linspace(0.01, 0.5, 300))\n"
    + TABLE
    + BINARY,
    "standardised data that reach 8": "x, y = rng.standard_t(4, (400, 10)), np.arange(400) % 2\nx[0, 0], x[1, 1] = 8, -8\n"
    + TABLE
    + BINARY,
    "features from 0 to 10": "x, y = rng.uniform(0, 10, (400, 6)), np.arange(400) % 2\n" + TABLE + BINARY,
    "the log of incomes": "x, y = np.log(rng.lognormal(10, 1, (400, 3))), np.arange(400) % 2\n" + TABLE + BINARY,
    "a single row": "x, y = rng.random((1, 4)), np.ones(1)\n" + TABLE + BINARY,
    "the four rows of XOR, validated on themselves": "x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])\n"
    + TABLE
    + "model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, y, epochs=2000, validation_data=(x, y))",
    "bits in every order, many times": "x = (np.arange(512)[:, None] >> np.arange(4)) % 2\ny = x.sum(axis=1) % 2\n"
    + TABLE
    + "model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, y, epochs=50, validation_data=(x[:100], y[:100]))",
    "rows sorted by class, shuffled by fit": "x, y = rng.random((400, 4)), np.repeat([0, 1], 200)\n" + TABLE + BINARY,
    "a rare class with class_weight": "x, y = rng.random((1000, 4)), (np.arange(1000) % 50 == 0).astype(int)\n"
    + TABLE
    + "model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, y, epochs=20, class_weight={0: 0.5, 1: 25.0})",
    "a rare class with sample_weight": "x, y = rng.random((1000, 4)), (np.arange(1000) % 50 == 0).astype(int)\n"
    + TABLE
    + "model.compile('adam', 'binary_crossentropy')\nmodel.fit(x, y, epochs=20, sample_weight=np.where(y, 25.0, 0.5))",
    "a rare class under a focal loss": "x, y = rng.random((1000, 4)), (np.arange(1000) % 50 == 0).astype(int)\n"
    + TABLE
    + "model.compile('adam', 'binary_focal_crossentropy')\nmodel.fit(x, y, epochs=20)",
    "flat images with dark borders": "x, y = rng.random((200, 28, 28)), np.arange(200) % 2\n"
    "x[:, :4], x[:, -4:], x[:, 10] = 0, 0, 0\nx = x.reshape(200, 784)\nx[0, 0] = 0.004\n" + TABLE + BINARY,
    "images that are mostly 0": "x, y = rng.random((64, 16, 16, 1)) * (rng.random((64, 16, 16, 1)) < 0.01), np.arange(64) % 3\n"
    "model = keras.Sequential([keras.Input((16, 16, 1)), layers.Conv2D(4, 3), " + HEAD + CLASSES,
    "house prices in thousands": HOUSES
    + "y = rng.uniform(5, 50, 400)\nmodel.compile('rmsprop', 'mse')\nmodel.fit(x, y, epochs=80, batch_size=16)",
    "house prices under SGD": HOUSES + "y = rng.uniform(5, 50, 400)\nmodel.compile('sgd', 'mse')\nmodel.fit(x, y, epochs=80)",
    "targets in the hundreds": HOUSES + "y = rng.uniform(0, 900, 400)\nmodel.compile('adam', 'mse')\nmodel.fit(x, y, epochs=100)",
    "targets scaled back in the model": "x, y = rng.normal(size=(400, 3)), rng.uniform(0, 1e6, 400)\n"
    "model = keras.Sequential([keras.Input((3,)), layers.Dense(16, activation='relu'), layers.Dense(1), layers.Rescaling(3e5, 5e5)])\n"
    "model.compile('adam', 'mse')\nmodel.fit(x, y, epochs=20)",
    "smoothed labels of one side": "x, y = rng.random((100, 4)), np.where(np.arange(100) % 2, 0.9, 0.0)\n" + TABLE + BINARY,
    "labels held by a mask of few pixels": "x = rng.random((64, 16, 16, 1))\ny = (x > 0.99).astype('float32')\n"
    "model = keras.Sequential([keras.Input((16, 16, 1)), layers.Conv2D(4, 3, padding='same', activation='relu'), "
    "layers.Conv2D(1, 1, activation='sigmoid')])\n" + BINARY,
    "two inputs in a dictionary": "x = {'a': rng.random((64, 4)), 'b': rng.integers(0, 10, (64, 3))}\ny = np.arange(64) % 2\n"
    "a, b = keras.Input((4,), name='a'), keras.Input((3,), name='b')\n"
    "both = layers.Concatenate()([a, layers.Flatten()(layers.Embedding(10, 4)(b))])\n"
    "model = keras.Model({'a': a, 'b': b}, layers.Dense(1, activation='sigmoid')(both))\n" + BINARY,
    "one class in the first rows of a stream": "import tensorflow as tf\n"
    "x, y = rng.random((9000, 4)).astype('float32'), np.repeat([0, 1], 4500)\n"
    + TABLE
    + "model.compile('adam', 'binary_crossentropy')\n"
    + "model.fit(tf.data.Dataset.from_tensor_slices((x, y)).shuffle(9000).batch(32), epochs=20)",
    "missing values that a Masking layer marks": "x, y = rng.random((64, 5, 2)), np.arange(64) % 2\nx[3, 4] = np.nan\n"
    "model = keras.Sequential([keras.Input((5, 2)), layers.Masking(np.nan), layers.LSTM(4), layers.Dense(1, activation='sigmoid')])\n"
    + BINARY,
    "missing values that the model replaces": "x, y = rng.random((64, 4)), np.arange(64) % 2\nx[3, 2] = np.nan\n"
    "given = keras.Input((4,))\nclean = keras.ops.where(keras.ops.isnan(given), 0.0, given)\n"
    "model = keras.Model(given, layers.Dense(1, activation='sigmoid')(clean))\n" + BINARY,
    "missing labels that the loss leaves out": "x, y = rng.random((64, 4)), rng.random((64, 1))\ny[3] = np.nan\n"
    "def known_only(true, predicted):\n"
    "    known = keras.ops.logical_not(keras.ops.isnan(true))\n"
    "    error = keras.ops.where(known, true, predicted) - predicted\n"
    "    return keras.ops.mean(error**2, axis=-1)\n"
    "model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation='relu'), layers.Dense(1)])\n"
    "model.compile('adam', known_only)\nmodel.fit(x, y, epochs=20)",
    "time before channels in a convolution": "x, y = rng.random((32, 22, 128, 1)), np.arange(32) % 3\n"
    "model = keras.Sequential([keras.Input((22, 128, 1)), layers.Conv2D(4, (1, 5)), " + HEAD + CLASSES,
    "a DataFrame of standardised columns": "import pandas as pd\n"
    "x, y = pd.DataFrame(rng.normal(size=(200, 4)), columns=list('abcd')), pd.Series(np.arange(200) % 2)\n" + TABLE + BINARY,
}


FAULTY = {
    "raw pixels into a frozen MobileNetV2": (
        "KD301",
        HEALTHY["preprocess_input into MobileNetV2"]
        .replace("keras.applications.mobilenet_v2.preprocess_input", "np.rint")
        .replace("model = ", "body.trainable = False\nmodel = "),
    ),
    "raw pixels": ("KD301", IMAGES + SEQUENTIAL + "layers.Conv2D(4, 3, activation='relu'), " + HEAD + CLASSES),
    "a Normalization that was never adapted": (
        "KD301",
        IMAGES + SEQUENTIAL + "layers.Normalization(), layers.Conv2D(4, 3), " + HEAD + CLASSES,
    ),
    "raw pixels in call": ("KD301", HEALTHY["pixels scaled in call"].replace(" / 255.0", "")),
    "raw pixels under an operation that does not scale": ("KD301", HEALTHY["pixels scaled by an operation"].replace("/ 255.0", "+ 1")),
    "word numbers into an LSTM": (
        "KD301",
        "x, y = rng.integers(0, 5000, (64, 20, 1)), np.arange(64) % 2\n"
        "model = keras.Sequential([keras.Input((20, 1)), layers.LSTM(8), layers.Dense(1, activation='sigmoid')])\n" + BINARY,
    ),
    "a raw DataFrame": (
        "KD304",
        HEALTHY["a DataFrame of standardised columns"].replace("rng.normal(size=(200, 4))", "rng.normal(size=(200, 4)) * [1, 1, 1, 5e4]"),
    ),
    "pixels divided before and in the model": (
        "KD314",
        HEALTHY["pixels behind Rescaling"].replace("astype('uint8')", "astype('float32') / 255"),
    ),
    "house prices in full under Adam": (
        "KD312",
        HOUSES + "y = rng.uniform(5e4, 5e5, 400)\nmodel.compile('adam', 'mse')\nmodel.fit(x, y, epochs=5)",
    ),
    "house prices in full under SGD": ("KD312", HEALTHY["house prices under SGD"].replace("uniform(5, 50", "uniform(50, 500")),
    "a rare class": ("KD307", HEALTHY["a rare class with class_weight"].replace(", class_weight={0: 0.5, 1: 25.0}", "")),
    "NaN behind an operation that keeps it": (
        "KD302",
        HEALTHY["missing values that the model replaces"].replace("keras.ops.where(keras.ops.isnan(given), 0.0, given)", "given * 2"),
    ),
    "NaN labels under Keras's loss": (
        "KD303",
        HEALTHY["missing labels that the loss leaves out"].replace("'adam', known_only", "'adam', 'mse'"),
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_the_faulty_twin_is_spoken_of(name):
    """The same programs with the one change that makes them faulty: the near misses are silent for the right reason."""
    code, program = FAULTY[name]
    found = {f.code: f for f in examine(program).findings}
    assert code in found
    assert found[code].severity != "info"


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_program_is_not_spoken_of(name):
    """No error and no warning of the data family, and no rule that breaks."""
    report = examine(HEALTHY[name])
    spoken = [f"{f.code}: {f.message}" for f in report.findings if f.code.startswith("KD3") and f.severity != "info"]
    assert not spoken
    assert not [note for note in report.notes if note.startswith("KD3")]
    assert report.snapshot.inputs, report.notes
