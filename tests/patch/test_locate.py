"""The one call that is meant: by recorded span, by the model's layers in order, by literal arguments; never by a guess."""

import pytest

from kerasdoctor.finding import Fix, SetActivation, SetArgument, SetLoss
from kerasdoctor.patch.source import patch_cells
from kerasdoctor.snapshot import Cell, Span

from .snapshots import layer, numbered, patched, refused, snapshot

HEAD = SetActivation("layers[1]", "softmax")
TWO = snapshot(layer("Dense", units=8, activation="relu"), layer("Dense", units=5, activation="sigmoid"))
MODEL = "{0} = Sequential()\n{0}.add(Dense(8, activation='relu'))\n{0}.add(Dense({1}, activation='sigmoid'))\n"


def test_two_models_alike_in_one_cell_are_told_apart_by_their_variables():
    text = MODEL.format("other", 5) + MODEL.format("model", 5)
    assert patched(text, TWO, HEAD) == MODEL.format("other", 5) + MODEL.format("model", 5).replace("sigmoid", "softmax")


def test_one_variable_used_twice_is_told_apart_by_literal_arguments():
    text = MODEL.format("model", 3) + MODEL.format("model", 5)
    assert patched(text, TWO, HEAD) == MODEL.format("model", 3) + MODEL.format("model", 5).replace("sigmoid", "softmax")


def test_one_variable_used_twice_for_the_same_model_is_not_guessed():
    assert "2 models" in refused(MODEL.format("model", 5) * 2, TWO, HEAD)


def test_the_recorded_span_decides():
    text = MODEL.format("model", 5) * 2
    taken = snapshot(*TWO.model.layers, cells=(Cell(4, None, text),), sources={"layers[1]": Span(4, 6, 10, 6, 40)})
    expected = MODEL.format("model", 5) + MODEL.format("model", 5).replace("sigmoid", "softmax")
    assert patched("import os\n" + text, taken, HEAD) == "import os\n" + expected


def test_the_fit_call_of_the_model_that_was_recorded():
    """Two models under one name, as notebooks have them: the recorded layers tell which fit call is meant."""
    model = MODEL.format("model", 5) + "model.compile('adam', 'mse')\nmodel.fit(x, y)\n"
    cells = (Cell(1, "a", model), Cell(2, "b", model))
    taken = snapshot(*TWO.model.layers, cells=cells, sources={"layers[1]": Span(2, 3, 10, 3, 40)})
    (patch,) = patch_cells(cells, Fix("f", edits=(SetArgument("fit", "epochs", 9), SetLoss("mae"))), taken)
    assert (patch.cell, patch.new) == (2, model.replace("(x, y)", "(x, y, epochs=9)").replace("mse", "mae"))


def test_a_span_counts_bytes_as_python_does():
    text = 'é = "ü"; model.add(Dense(5)); model.add(Dense(5, activation="sigmoid"))  # ok\n'
    start = len('é = "ü"; model.add(Dense(5)); model.add('.encode())
    span = Span(1, 1, start, 1, start + len('Dense(5, activation="sigmoid")'))
    taken = snapshot(layer("Dense", units=5), layer("Dense", units=5), cells=(Cell(1, None, text),), sources={"layers[1]": span})
    assert patched(text, taken, HEAD) == text.replace("sigmoid", "softmax")


def test_a_span_in_a_cell_that_has_changed_is_not_used():
    text = MODEL.format("model", 5)
    taken = snapshot(*TWO.model.layers, cells=(Cell(4, None, "x = 1\n" + text),), sources={"layers[1]": Span(4, 3, 10, 3, 40)})
    assert patched(text, taken, HEAD) == text.replace("sigmoid", "softmax")


def test_a_span_of_another_class_is_not_used():
    text = "model = Sequential([make(5)])"
    taken = snapshot(layer("Dense", units=5), cells=(Cell(1, None, text),), sources={"layers[0]": Span(1, 1, 20, 1, 27)})
    assert "layers[0] (Dense)" in refused(text, taken, SetArgument("layers[0]", "units", 1))


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("import tensorflow as tf", "tf.keras.layers.Dense"),
        ("from tensorflow.keras import layers as L", "L.Dense"),
        ("from keras.layers import Dense as FullyConnected", "FullyConnected"),
        ("from keras import layers\nD = layers.Dense", "D"),
        ("import keras.layers", "keras.layers.Dense"),
        ("import keras", "keras.layers.core.Dense"),
    ],
)
def test_under_every_name_of_the_class(imports, name):
    text = f"{imports}\nmodel = Sequential([{name}(8), {name}(5, activation='sigmoid')])\n"
    assert patched(text, TWO, HEAD) == text.replace("sigmoid", "softmax")


def test_a_class_of_another_library_is_not_keras():
    text = "from flax.linen import Dense\nmodel = Model([Dense(8), Dense(5, activation='sigmoid')])"
    assert "not found" in refused(text, TWO, HEAD)


def test_inputs_are_left_out_on_both_sides():
    text = "model = Sequential([keras.Input((3,)), Dense(8), Dense(n, activation='sigmoid')])"
    assert patched(text, TWO, HEAD) == text.replace("sigmoid", "softmax")
    with_input = snapshot(layer("InputLayer"), *TWO.model.layers)
    assert patched(text, with_input, SetActivation("layers[2]", "softmax")) == text.replace("sigmoid", "softmax")


def test_by_literal_arguments_where_the_model_is_not_written_out():
    text = "n_classes = 5\nadd_body(model)\nmodel.add(Dense(n_classes, activation='sigmoid'))"
    assert patched(text, TWO, HEAD) == text.replace("sigmoid", "softmax")


def test_literal_arguments_that_fit_two_layers_decide_nothing():
    taken = snapshot(layer("Dense", units=5, activation="sigmoid"), layer("Dense", units=5, activation="sigmoid"))
    assert "exactly once" in refused("model.add(Dense(5, activation='sigmoid'))", taken, HEAD)
    assert "exactly once" in refused("model.add(Dense(units))", TWO, HEAD)


LOOP = """\
model = Sequential()
for _ in range(2):
    model.add(Dense(8, activation="sigmoid"))
model.add(Dense(5, activation="softmax"))
"""
LOOPED = (layer("Dense", units=8), layer("Dense", units=8), layer("Dense", units=5))
BOTH = Span(1, 3, 14, 3, 44)


def test_a_loop_is_edited_only_where_every_layer_that_it_makes_is():
    taken = snapshot(*LOOPED, cells=(Cell(1, None, LOOP),), sources={"layers[0]": BOTH, "layers[1]": BOTH})
    both = (SetActivation("layers[0]", "relu"), SetActivation("layers[1]", "relu"))
    assert patched(LOOP, taken, *both) == LOOP.replace("sigmoid", "relu")
    assert "loop" in refused(LOOP, taken, both[0])
    assert "loop" in refused(LOOP, taken, both[0], SetActivation("layers[1]", "tanh"))


def test_a_loop_of_which_nothing_is_recorded_is_refused():
    assert "not found" in refused(LOOP, snapshot(*LOOPED), SetActivation("layers[0]", "relu"))
    assert "loop" in refused(LOOP.replace("range(2)", "range(1)"), snapshot(*LOOPED[1:]), SetActivation("layers[0]", "relu"))


def test_models_made_in_a_loop_are_refused():
    text = "for fold in range(3):\n    model = Sequential([Dense(8), Dense(5)])\n    model.compile('adam', 'mse')\n    model.fit(x, y)\n"
    assert "loop" in refused(text, TWO, HEAD)
    assert "loop" in refused(text, TWO, SetLoss("mae"))


def test_a_fit_call_in_a_loop_over_one_model_is_one_call():
    text = "for _ in range(3):\n    model.fit(x, y, epochs=1)\n"
    assert patched(text, TWO, SetArgument("fit", "epochs", 5)) == text.replace("epochs=1", "epochs=5")


BUILD = """\
def build(units=8):
    net = Sequential([Dense(units, activation="relu"), Dense(5, activation="sigmoid")])
    net.compile("adam", "mse")
    return net
"""


def test_in_a_function_that_makes_the_model():
    text = BUILD + "model = build()\n"
    assert patched(text, TWO, HEAD, SetLoss("mae")) == text.replace("sigmoid", "softmax").replace("mse", "mae")
    assert patched(BUILD, TWO, HEAD) == BUILD.replace("sigmoid", "softmax")


def test_a_function_that_is_used_twice_stands_for_several_models():
    text = BUILD + "model = build()\nother = build(16)\n"
    assert "several" in refused(text, TWO, HEAD)
    assert "more than once" in refused(text, TWO, SetLoss("mae"))
    assert refused(BUILD + "model = KerasClassifier(build)\n", TWO, HEAD)


def test_a_class_with_its_layers_as_attributes():
    text = """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(8, activation="relu")
        self.head = layers.Dense(5, activation="sigmoid")

model = Net()
model.compile("adam", "mse")
"""
    taken = snapshot(*TWO.model.layers, kind="Net")
    assert patched(text, taken, HEAD, SetLoss("mae")) == text.replace("sigmoid", "softmax").replace("mse", "mae")
    assert "several" in refused(text + "other = Net()\n", taken, HEAD)


def test_a_model_within_a_model():
    text = "base = Sequential([Flatten(), Dense(8, activation='sigmoid')])\nmodel = Sequential([base, Dense(5)])\n"
    inner = numbered((layer("Flatten"), layer("Dense", units=8)), "layers[0].")
    outer = numbered((layer("Sequential"), layer("Dense", units=5)))
    taken = snapshot(*TWO.model.layers)
    taken = type(taken)(type(taken.model)("m", "Sequential", variable="model", layers=(outer[0], *inner, outer[1])))
    assert patched(text, taken, SetActivation("layers[0].layers[1]", "relu")) == text.replace("sigmoid", "relu")


def test_transfer_learning_needs_only_the_head():
    text = """\
base = keras.applications.VGG16(include_top=False)
x = layers.Flatten()(base.output)
out = layers.Dense(5, activation="sigmoid")(x)
model = keras.Model(base.input, out)
"""
    taken = snapshot(layer("Conv2D", -1), layer("Flatten", 0), layer("Dense", 1, units=5), kind="Functional")
    assert patched(text, taken, SetActivation("layers[2]", "softmax")) == text.replace("sigmoid", "softmax")


def test_two_outputs_are_told_apart_by_what_they_say():
    text = """\
i = Input((3,))
a = Dense(8)(i)
model = Model(i, [Dense(1, activation='sigmoid')(a), Dense(4, activation='sigmoid', name='kind')(a)])
"""
    taken = snapshot(
        layer("Dense", -1, units=8), layer("Dense", 0, units=1), layer("Dense", 0, units=4), kind="Functional", outputs=("a", "b")
    )
    assert patched(text, taken, SetActivation("layers[2]", "softmax")) == text.replace(
        "(4, activation='sigmoid'", "(4, activation='softmax'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "model.compile('adam', 'mse')\nmodel.compile('sgd', 'mse')",
        "other.compile('adam', 'mse')",
        "import re\nmodel = re\nre.compile('a')",
        "%kerasdoctor model.compile('adam', 'mse')\nx = 1",
        "",
    ],
)
def test_a_compile_call_that_is_not_exactly_one(text):
    assert "compile call" in refused(text, TWO, SetLoss("mae"))


def test_the_compile_call_of_the_model_that_is_meant():
    first = MODEL.format("model", 3) + "model.compile('adam', 'mse')\n"
    second = MODEL.format("model", 5) + "model.compile('adam', 'mse')\n"
    assert patched(first + second, TWO, SetLoss("mae")) == first + second.replace("mse", "mae")


def test_the_model_without_a_variable():
    taken = snapshot(*TWO.model.layers, variable=None)
    text = "scaler = StandardScaler()\nscaler.fit(x, y)\n" + MODEL.format("net", 5) + "net.fit(x, y)\n"
    assert patched(text, taken, HEAD, SetArgument("fit", "epochs", 2)) == text.replace("sigmoid", "softmax").replace(
        "net.fit(x, y)", "net.fit(x, y, epochs=2)"
    )


def test_not_a_layer_of_the_model():
    assert refused("x = 1", TWO, SetActivation("layers[7]", "relu")) == "layers[7] is not a layer of the model"
