"""Loss and metrics, as names, objects, lists and dicts."""

import pytest

from kerasdoctor.finding import Code, SetLoss, SetMetric

from .snapshots import layer, patched, refused, snapshot, unchanged

ONE = snapshot(layer("Dense", units=5))
TWO = snapshot(layer("Dense", units=5), outputs=("kind", "size"), kind="Functional")
LOSS = SetLoss("categorical_crossentropy")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model.compile(loss='mse', optimizer='adam')", "model.compile(loss='categorical_crossentropy', optimizer='adam')"),
        ('model.compile("adam", "mse")', 'model.compile("adam", "categorical_crossentropy")'),
        (
            "model.compile('adam', loss=keras.losses.BinaryCrossentropy(from_logits=True))",
            "model.compile('adam', loss='categorical_crossentropy')",
        ),
        ("model.compile('adam', loss=keras.losses.binary_crossentropy)", "model.compile('adam', loss='categorical_crossentropy')"),
        ("model.compile('adam', loss=my_loss)", "model.compile('adam', loss='categorical_crossentropy')"),
        ("model.compile('adam', loss=['mse'])", "model.compile('adam', loss=['categorical_crossentropy'])"),
        ("model.compile('adam', loss={'output': 'mse'})", "model.compile('adam', loss={'output': 'categorical_crossentropy'})"),
        ("model.compile('adam')", "model.compile('adam', loss='categorical_crossentropy')"),
        (
            "model.compile(\n    optimizer='adam',  # fast\n    loss='mse',\n)",
            "model.compile(\n    optimizer='adam',  # fast\n    loss='categorical_crossentropy',\n)",
        ),
    ],
)
def test_loss(before, after):
    assert patched(before, ONE, LOSS) == after


@pytest.mark.parametrize(
    ("code", "imports", "after"),
    [
        (
            "keras.losses.CategoricalCrossentropy(from_logits=True)",
            "import keras",
            "keras.losses.CategoricalCrossentropy(from_logits=True)",
        ),
        ("keras.losses.Huber()", "import tensorflow as tf", "tf.keras.losses.Huber()"),
        ("keras.losses.Huber()", "from tensorflow import keras", "keras.losses.Huber()"),
        ("keras.losses.Huber()", "import keras as K", "K.losses.Huber()"),
    ],
)
def test_loss_as_code_in_the_words_of_the_text(code, imports, after):
    text = f"{imports}\nmodel.compile('adam', 'mse')\n"
    assert patched(text, ONE, SetLoss(Code(code))) == text.replace("'mse'", after)


def test_loss_as_code_brings_its_import():
    text = "# training\nfrom tensorflow.keras.layers import Dense\nmodel.compile('adam', 'mse')\n"
    assert patched(text, ONE, SetLoss(Code("keras.losses.Huber()"))) == (
        "# training\nfrom tensorflow import keras\nfrom tensorflow.keras.layers import Dense\nmodel.compile('adam', keras.losses.Huber())\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{'kind': 'mse', 'size': 'mae'}", "{'kind': 'categorical_crossentropy', 'size': 'mae'}"),
        ("['mse', 'mae']", "['categorical_crossentropy', 'mae']"),
        ("'mse'", "{'kind': 'categorical_crossentropy', 'size': 'mse'}"),
    ],
)
def test_loss_of_one_output(before, after):
    text = "model.compile('adam', loss={})"
    assert patched(text.format(before), TWO, SetLoss("categorical_crossentropy", "kind")) == text.format(after)


def test_loss_in_a_dict_with_a_name():
    text = "losses = {'kind': 'mse', 'size': 'mae'}\nmodel.compile('adam', loss=losses)"
    assert patched(text, TWO, SetLoss("categorical_crossentropy", "kind")) == text.replace("mse", "categorical_crossentropy")


def test_loss_of_an_output_that_is_not_there():
    assert "output colour" in refused("model.compile('adam', loss={'kind': 'mse'})", TWO, SetLoss("mae", "colour"))
    assert "no loss" in refused("model.compile('adam')", TWO, SetLoss("mae", "kind"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("metrics=['accuracy', 'mae']", "metrics=['binary_accuracy', 'mae']"),
        ('metrics="accuracy"', 'metrics="binary_accuracy"'),
        ("metrics=[keras.metrics.Accuracy()]", "metrics=['binary_accuracy']"),
        ("metrics={'output': ['accuracy']}", "metrics={'output': ['binary_accuracy']}"),
        ("metrics={'output': 'accuracy'}", "metrics={'output': 'binary_accuracy'}"),
        ("metrics=[['accuracy']]", "metrics=[['binary_accuracy']]"),
    ],
)
def test_metric(before, after):
    assert patched(f"model.compile('adam', {before})", ONE, SetMetric("accuracy", "binary_accuracy")) == f"model.compile('adam', {after})"


def test_metric_as_code():
    edit = SetMetric("binary_accuracy", Code("keras.metrics.BinaryAccuracy(threshold=0.0)"))
    before = "import keras\nmodel.compile('adam', metrics=[keras.metrics.BinaryAccuracy()])"
    assert patched(before, ONE, edit) == before.replace("BinaryAccuracy()", "BinaryAccuracy(threshold=0.0)")


def test_metric_of_one_output():
    text = "model.compile('adam', metrics={'kind': ['accuracy'], 'size': ['accuracy']})"
    edit = SetMetric("accuracy", "mae", "size")
    assert patched(text, TWO, edit) == "model.compile('adam', metrics={'kind': ['accuracy'], 'size': ['mae']})"
    assert "exactly once" in refused(text, TWO, SetMetric("accuracy", "mae"))


def test_what_is_so_already_is_left():
    assert unchanged("model.compile('adam', 'mse', metrics=['mae'])", ONE, SetLoss("mse"), SetMetric("accuracy", "mae"))
