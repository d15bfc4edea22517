"""Arguments set, added and removed in calls of every shape."""

import pytest

from kerasdoctor.finding import Code, RemoveArgument, SetArgument

from .snapshots import layer, patched, refused, snapshot, unchanged

DENSE = snapshot(layer("Dense", units=5, activation="relu"))


@pytest.mark.parametrize(
    ("call", "name", "value", "expected"),
    [
        ("Dense(5)", "units", 1, "Dense(1)"),
        ("Dense(units=5)", "units", 1, "Dense(units=1)"),
        ("Dense(n_classes)", "units", 1, "Dense(1)"),
        ("Dense(5, 'relu')", "activation", "tanh", "Dense(5, 'tanh')"),
        ("Dense(5, activation=tf.nn.relu)", "activation", "tanh", 'Dense(5, activation="tanh")'),
        ("Dense(5)", "name", "head", 'Dense(5, name="head")'),
        ("Dense(5, )", "name", "head", 'Dense(5, name="head", )'),
        ("Dense(5,)", "use_bias", False, "Dense(5, use_bias=False,)"),
        ("Dense(5)", "kernel_regularizer", Code("keras.regularizers.L2(1e-4)"), "Dense(5, kernel_regularizer=keras.regularizers.L2(1e-4))"),
        ("Dense(\n    5\n)", "name", "a", 'Dense(\n    5,\n    name="a"\n)'),
        ("Dense(\n    5,  # five\n)", "name", "a", 'Dense(\n    5,  # five\n    name="a",\n)'),
        ("Dense(5,\n      'relu')", "name", "a", "Dense(5,\n      'relu',\n      name='a')"),
        ("Dense(5,\n      'relu'  # why\n      )", "name", "a", "Dense(5,\n      'relu',  # why\n      name='a',\n      )"),
        ("Dense((5))", "units", 1, "Dense(1)"),
    ],
)
def test_set(call, name, value, expected):
    text = "import keras\nmodel = Sequential([{}])\n"
    assert patched(text.format(call), DENSE, SetArgument("layers[0]", name, value)) == text.format(expected)


@pytest.mark.parametrize(
    ("call", "name", "expected"),
    [
        ("Dense(5, activation='relu', name='a')", "activation", "Dense(5, name='a')"),
        ("Dense(5, activation='relu')", "activation", "Dense(5)"),
        ("Dense(5, 'relu')", "activation", "Dense(5)"),
        ("Dense(activation='relu')", "activation", "Dense()"),
        ("Dense(\n    5,\n    activation='relu',  # why\n    name='a',\n)", "activation", "Dense(\n    5,\n    name='a',\n)"),
        ("Dense(\n    5,\n    activation='relu',\n)", "activation", "Dense(\n    5,\n)"),
        ("Dense(5, activation='relu',\n      name='a')", "activation", "Dense(5,\n      name='a')"),
        ("Dense(5,  # five\n      activation='relu')", "activation", "Dense(5,  # five\n      )"),
    ],
)
def test_removed(call, name, expected):
    text = "model = Sequential([{}])\n"
    assert patched(text.format(call), DENSE, RemoveArgument("layers[0]", name)) == text.format(expected)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Dense(5)", "Dense(5, use_bias=False, trainable=False)"),
        ("Dense(\n    5,\n)", "Dense(\n    5,\n    use_bias=False,\n    trainable=False,\n)"),
        ("Dense(\n    5\n)", "Dense(\n    5,\n    use_bias=False,\n    trainable=False\n)"),
        ("Dense(\n    5  # five\n)", "Dense(\n    5,  # five\n    use_bias=False,\n    trainable=False,\n)"),
    ],
)
def test_two_at_once(call, expected):
    edits = (SetArgument("layers[0]", "use_bias", False), SetArgument("layers[0]", "trainable", False))
    assert patched(f"model = Sequential([{call}])", DENSE, *edits) == f"model = Sequential([{expected}])"


def test_what_is_so_already_is_left():
    assert unchanged("model = Sequential([Dense(5)])", DENSE, SetArgument("layers[0]", "units", 5))
    assert unchanged("model = Sequential([Dense(5)])", DENSE, RemoveArgument("layers[0]", "name"))


def test_what_starred_arguments_may_say_is_not_guessed():
    assert "starred" in refused("model = Sequential([Dense(5, **more)])", DENSE, SetArgument("layers[0]", "name", "a"))
    assert "starred" in refused("model = Sequential([Dense(5, **more)])", DENSE, RemoveArgument("layers[0]", "name"))


def test_an_argument_with_others_behind_it_by_place_is_not_removed():
    assert "by place" in refused("model = Sequential([Dense(5, 'relu', False)])", DENSE, RemoveArgument("layers[0]", "activation"))


def test_compile_and_fit():
    text = "model.compile(\n    'adam', 'mse')\nh = model.fit(x, y, 32, nb_epoch=5)  # slow\n"
    edits = (SetArgument("compile", "run_eagerly", True), SetArgument("fit", "epochs", 50), SetArgument("fit", "batch_size", 64))
    assert patched(text, DENSE, *edits) == (
        "model.compile(\n    'adam', 'mse', run_eagerly=True)\nh = model.fit(x, y, 64, epochs=50)  # slow\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model.compile(Adam(1e-1), 'mse')", "model.compile(Adam(1e-5), 'mse')"),
        ("model.compile(Adam(lr=0.1), 'mse')", "model.compile(Adam(learning_rate=1e-5), 'mse')"),
        ("opt = keras.optimizers.Adam()\nmodel.compile(opt)", "opt = keras.optimizers.Adam(learning_rate=1e-5)\nmodel.compile(opt)"),
        ("import keras\nmodel.compile('adam')", "import keras\nmodel.compile(keras.optimizers.Adam(learning_rate=1e-5))"),
        (
            "import tensorflow as tf\nmodel.compile('adam')",
            "import tensorflow as tf\nmodel.compile(tf.keras.optimizers.Adam(learning_rate=1e-5))",
        ),
        (
            "import keras\nmodel.compile(loss='mse')",
            "import keras\nmodel.compile(loss='mse', optimizer=keras.optimizers.Adam(learning_rate=1e-5))",
        ),
    ],
)
def test_the_rate_of_an_optimizer_however_it_is_written(before, after):
    assert patched(before, DENSE, SetArgument("optimizer", "learning_rate", 1e-5)) == after


def test_an_optimizer_of_another_class_is_not_the_one():
    assert "sgd, not Adam" in refused("model.compile('sgd')", DENSE, SetArgument("optimizer", "learning_rate", 0.1))
    assert "not written" in refused("model.compile(opt)", DENSE, SetArgument("optimizer", "learning_rate", 0.1))
