"""Labels traced to what encodes them, or wrapped where fit takes them; data wrapped."""

import pytest

from kerasdoctor.finding import InsertStatement, SetLabels, SetLoss, WrapData
from kerasdoctor.patch.source import patch_text
from kerasdoctor.snapshot import Cell

from .snapshots import fixed, layer, patched, refused, snapshot

ONE = snapshot(layer("Dense", units=5))
FRAME = snapshot(layer("Dense", units=5), container="DataFrame")
# A fix as rules make it: labels and loss change together.
EDITS = (SetLabels("integers", 5), SetLoss("sparse_categorical_crossentropy"))
COMPILE = "model.compile('adam', 'categorical_crossentropy')\n"
COMPILED = "model.compile('adam', 'sparse_categorical_crossentropy')\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("y = to_categorical(y)\n", ""),
        ("y = keras.utils.to_categorical(labels, num_classes=5)  # five\n", "y = labels  # five\n"),
        ("y = np_utils.to_categorical(digits.target, 5)\n", "y = digits.target\n"),
        ("y = pd.get_dummies(df.kind)\n", "y = pd.factorize(df.kind, sort=True)[0]\n"),
        ("y = pd.get_dummies(df['kind']).values\n", "y = pd.factorize(df['kind'], sort=True)[0]\n"),
        ("y = pd.get_dummies(df['kind']).to_numpy()\n", "y = pd.factorize(df['kind'], sort=True)[0]\n"),
        ("y = np.eye(5)[labels]\n", "y = labels\n"),
        ("y = tf.one_hot(labels, 5)\n", "y = labels\n"),
        ("y = np.array(to_categorical(labels), dtype='float32')[:100]\n", "y = np.array(labels, dtype='float32')[:100]\n"),
        ("y = to_categorical(labels).astype('float32')\nprint(y.shape)\n", "y = labels.astype('float32')\nprint(y.shape)\n"),
        (
            "lb = preprocessing.LabelBinarizer()\ny = lb.fit_transform(labels)\n",
            "lb = preprocessing.LabelEncoder()\ny = lb.fit_transform(labels)\n",
        ),
        (
            "from sklearn.preprocessing import LabelBinarizer\nlb = LabelBinarizer()\ny = lb.fit_transform(labels)\n",
            "from sklearn.preprocessing import LabelEncoder\nfrom sklearn.preprocessing import LabelBinarizer\n"
            "lb = LabelEncoder()\ny = lb.fit_transform(labels)\n",
        ),
    ],
)
def test_the_encoding_is_taken_away(before, after):
    fit = "h = model.fit(x, y, epochs=5)\n"
    assert patched(before + COMPILE + fit, ONE, *EDITS) == after + COMPILED + fit


def test_through_a_split_for_all_three_sets():
    text = """\
Y = to_categorical(labels)
x_train, x_rest, y_train, y_rest = train_test_split(X, Y, test_size=0.4, stratify=Y)
x_val, x_test, y_val, y_test = train_test_split(x_rest, y_rest)
{}history = model.fit(x_train, y_train, validation_data=(x_val, y_val))
model.evaluate(x_test, y_test)
"""
    assert patched(text.format(COMPILE), ONE, *EDITS) == text.format(COMPILED).replace("to_categorical(labels)", "labels")


def test_each_set_encoded_on_its_own():
    text = """\
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
y_train, y_test = to_categorical(y_train), to_categorical(y_test)
{}model.fit(x_train, y_train, validation_data=(x_test, y_test))
print(model.evaluate(x_test, y_test))
"""
    assert patched(text.format(COMPILE), ONE, *EDITS) == text.format(COMPILED).replace(
        "to_categorical(y_train), to_categorical(y_test)", "y_train, y_test"
    )


def test_encoded_in_the_call_itself():
    text = "{}model.fit(x, to_categorical(y), validation_data=(x_val, to_categorical(y_val)))\n"
    assert patched(text.format(COMPILE), ONE, *EDITS) == text.format(COMPILED).replace("to_categorical(y)", "y").replace(
        "to_categorical(y_val)", "y_val"
    )


@pytest.mark.parametrize(
    "other", ["k = y.shape[1]\n", "truth = np.argmax(y, axis=1)\n", "other.fit(x, y)\n", "def f():\n    return y[0]\n"]
)
def test_where_encoded_labels_are_needed_elsewhere_fit_is_given_class_numbers(other):
    text = f"import numpy as np\ny = to_categorical(labels)\n{other}{{}}model.fit(x, {{}})\nmodel.evaluate(x, {{}})\n"
    wrapped = "np.argmax(y, axis=-1)"
    assert patched(text.format(COMPILE, "y", "y"), ONE, *EDITS) == text.format(COMPILED, wrapped, wrapped)


@pytest.mark.parametrize(
    ("imports", "taken", "wrapped"),
    [
        ("import numpy as np", ONE, "np.argmax({}, axis=-1)"),
        ("import numpy", ONE, "numpy.argmax({}, axis=-1)"),
        ("import keras", ONE, "{}.argmax(axis=-1)"),
        ("import keras", FRAME, "{}.to_numpy().argmax(axis=-1)"),
    ],
)
def test_where_the_text_does_not_make_the_labels(imports, taken, wrapped):
    text = "{}\n{}history = model.fit(x_train, {}, validation_data=(x_val, {}))\n"
    before = text.format(imports, COMPILE, "y_train", "y_val")
    after = text.format(imports, COMPILED, wrapped.format("y_train"), wrapped.format("y_val"))
    assert patched(before, taken, *EDITS) == after


def test_numpy_is_imported_where_labels_are_no_array():
    taken = snapshot(layer("Dense", units=5), container="list")
    before = f"%%time\n{COMPILE}model.fit(x, y)\n"
    assert patched(before, taken, *EDITS) == f"%%time\nimport numpy as np\n{COMPILED}model.fit(x, np.argmax(y, axis=-1))\n"


def test_one_hot_labels_are_made_where_fit_takes_them():
    text = "from tensorflow import keras\nmodel.fit(x, {}, validation_data=(xv, {}))"
    after = text.format("keras.utils.to_categorical(y, num_classes=5)", "keras.utils.to_categorical(yv, num_classes=5)")
    assert patched(text.format("y", "yv"), ONE, SetLabels("one-hot", 5)) == after


def test_one_hot_by_the_name_that_the_text_has():
    text = "from keras.utils import to_categorical\nmodel.fit(x, {})"
    assert patched(text.format("y"), ONE, SetLabels("one-hot", 5)) == text.format("to_categorical(y, num_classes=5)")


def test_labels_of_one_output():
    two = snapshot(layer("Dense", units=5), outputs=("kind", "size"))
    text = "import numpy as np\nmodel.fit(x, {'kind': KIND, 'size': s})"
    assert patched(text.replace("KIND", "k"), two, SetLabels("integers", 5, "kind")) == text.replace("KIND", "np.argmax(k, axis=-1)")


@pytest.mark.parametrize("call", ["model.fit(dataset)", "model.fit(x=generator, epochs=3)", "model.fit(x, y, validation_data=held_out)"])
def test_refused(call):
    assert refused(call, ONE, SetLabels("integers", 5))
    assert refused(call, ONE, WrapData("x", "{} / 255"))


def test_a_text_that_made_labels_otherwise_when_it_ran_is_left_alone():
    ran = "y = to_categorical(load())\nmodel.fit(x, y)\n"
    taken = snapshot(layer("Dense", units=5), cells=(Cell(1, None, ran),))
    patch = patch_text(ran, [fixed(SetLabels("integers", 5))], taken)
    assert patch.source == "y = load()\nmodel.fit(x, y)\n"
    assert "no longer makes" in refused(patch.source, taken, SetLabels("integers", 5))


@pytest.mark.parametrize(
    ("before", "template", "after"),
    [
        ("x", "{} / 255", "x / 255"),
        ("x - mean", "{} / 255", "(x - mean) / 255"),
        ("(x - mean)", "{} / 255", "(x - mean) / 255"),
        ("x - mean", "np.log1p({})", "np.log1p(x - mean)"),
        ("x[:, 1:]", "{} / 255", "x[:, 1:] / 255"),
    ],
)
def test_data_is_wrapped(before, template, after):
    text = "import numpy as np\nmodel.fit({}, y, validation_data=({}, y_val))"
    assert patched(text.format(before, "v"), ONE, WrapData("x", template)) == text.format(after, template.format("v"))


def test_validation_data_with_a_name():
    text = "held_out = (x_val, y_val)\nmodel.fit(x, y, validation_data=held_out)"
    assert patched(text, ONE, WrapData("y", "{} - 1")) == "held_out = (x_val, y_val - 1)\nmodel.fit(x, y - 1, validation_data=held_out)"


def test_several_arrays_are_not_wrapped():
    assert "several arrays" in refused("model.fit([a, b], y)", ONE, WrapData("x", "{} / 255"))


def test_statement_before_fit_and_compile():
    text = "with strategy.scope():\n    model.compile('adam')\n!ls\nhistory = model.fit(x, y)"
    edits = (
        InsertStatement("before compile", "model.build()"),
        InsertStatement("before fit", "keep = np.isfinite(x)\nx, y = x[keep], y[keep]"),
    )
    assert patched("import numpy as np\n" + text, ONE, *edits) == (
        "import numpy as np\nwith strategy.scope():\n    model.build()\n    model.compile('adam')\n!ls\n"
        "keep = np.isfinite(x)\nx, y = x[keep], y[keep]\nhistory = model.fit(x, y)"
    )
