"""The activation of a layer, in each of the ways in which people write one."""

import pytest

from kerasdoctor.finding import SetActivation

from .snapshots import layer, patched, snapshot, unchanged

DENSE = snapshot(layer("Flatten"), layer("Dense", units=5))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('Dense(5, activation="sigmoid")', 'Dense(5, activation="softmax")'),
        ("Dense(5, activation='sigmoid')", "Dense(5, activation='softmax')"),
        ("Dense(5, 'sigmoid')", "Dense(5, 'softmax')"),
        ("Dense(5, activation=tf.nn.sigmoid)", 'Dense(5, activation="softmax")'),
        ("Dense(5, activation=keras.activations.sigmoid)", 'Dense(5, activation="softmax")'),
        ("Dense(5)", 'Dense(5, activation="softmax")'),
        ("Dense(5, activation=None)", 'Dense(5, activation="softmax")'),
        ("Dense(units, activation=last)", 'Dense(units, activation="softmax")'),
    ],
)
def test_on_the_layer(call, expected):
    text = "model = Sequential()\nmodel.add(Flatten())\nmodel.add({})"
    assert patched(text.format(call), DENSE, SetActivation("layers[1]", "softmax")) == text.format(expected)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Dense(5, activation='relu')", "Dense(5)"),
        ("Dense(5, 'relu', False)", "Dense(5, None, False)"),
    ],
)
def test_none(call, expected):
    text = "model = Sequential([Flatten(), {}])"
    assert patched(text.format(call), DENSE, SetActivation("layers[1]", "linear")) == text.format(expected)


def test_none_is_said_where_the_default_is_another():
    lstm = snapshot(layer("LSTM", units=5))
    assert patched("model = Sequential([LSTM(5)])", lstm, SetActivation("layers[0]", "linear")) == (
        'model = Sequential([LSTM(5, activation="linear")])'
    )


def test_the_same_function_is_left():
    assert unchanged("model = Sequential([Flatten(), Dense(5, activation=tf.nn.softmax)])", DENSE, SetActivation("layers[1]", "softmax"))


@pytest.mark.parametrize(
    ("kind", "call", "activation", "expected"),
    [
        ("Activation", "layers.Activation('softmax')", "sigmoid", "layers.Activation('sigmoid')"),
        ("Activation", "layers.Activation(tf.nn.softmax)", "sigmoid", 'layers.Activation("sigmoid")'),
        ("Activation", "layers.Activation(activation='softmax')", "sigmoid", "layers.Activation(activation='sigmoid')"),
        ("Softmax", "layers.Softmax()", "sigmoid", 'layers.Activation("sigmoid")'),
        ("ReLU", "tf.keras.layers.ReLU()", "softmax", 'tf.keras.layers.Activation("softmax")'),
    ],
)
def test_a_layer_of_its_own(kind, call, activation, expected):
    model = snapshot(layer("Dense", units=5), layer(kind))
    text = "model = Sequential([\n    Dense(5),\n    {},\n])\n"
    assert patched(text.format(call), model, SetActivation("layers[1]", activation)) == text.format(expected)


def test_a_layer_of_its_own_goes_where_there_shall_be_none():
    model = snapshot(layer("Dense", units=5), layer("Activation", activation="relu"))
    before = "model = Sequential()\nmodel.add(Dense(5))\nmodel.add(Activation('relu'))  # hm\nmodel.summary()\n"
    after = "model = Sequential()\nmodel.add(Dense(5))\nmodel.summary()\n"
    assert patched(before, model, SetActivation("layers[1]", "linear")) == after
