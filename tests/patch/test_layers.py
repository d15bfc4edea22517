"""Layers put in and taken out in the style of the text."""

import pytest

from kerasdoctor.finding import Code, InsertLayer, RemoveLayer, ReplaceCall

from .snapshots import layer, patched, refused, snapshot

THREE = snapshot(layer("Dense", units=8), layer("Dropout", rate=0.5), layer("Dense", units=5))
AFTER = InsertLayer("layers[0]", "after", "BatchNormalization")
BEFORE = InsertLayer("layers[2]", "before", "BatchNormalization")

ADD = """\
model = keras.Sequential()
model.add(layers.Dense(8))  # wide
model.add(layers.Dropout(0.5))
model.add(layers.Dense(5))"""
LINES = """\
model = keras.Sequential([
    layers.Dense(8),  # wide
    layers.Dropout(0.5),
    layers.Dense(5)  # last
])"""
INLINE = "model = keras.Sequential([layers.Dense(8), layers.Dropout(0.5), layers.Dense(5)])"


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        (ADD, AFTER, ADD.replace("# wide\n", "# wide\nmodel.add(layers.BatchNormalization())\n")),
        (ADD, BEFORE, ADD.replace("0.5))\n", "0.5))\nmodel.add(layers.BatchNormalization())\n")),
        (ADD, InsertLayer("layers[2]", "after", "Activation", {"*": "softmax"}), ADD + '\nmodel.add(layers.Activation("softmax"))'),
        (LINES, AFTER, LINES.replace("# wide\n", "# wide\n    layers.BatchNormalization(),\n")),
        (LINES, BEFORE, LINES.replace("    layers.Dense(5)", "    layers.BatchNormalization(),\n    layers.Dense(5)")),
        (
            LINES,
            InsertLayer("layers[2]", "after", "Flatten"),
            LINES.replace("Dense(5)  # last\n", "Dense(5),  # last\n    layers.Flatten(),\n"),
        ),
        (INLINE, AFTER, INLINE.replace("(8), ", "(8), layers.BatchNormalization(), ")),
        (INLINE, BEFORE, INLINE.replace("layers.Dense(5)", "layers.BatchNormalization(), layers.Dense(5)")),
        (INLINE, InsertLayer("layers[2]", "after", "Flatten"), INLINE.replace("(5)]", "(5), layers.Flatten()]")),
        (ADD, RemoveLayer("layers[1]"), ADD.replace("model.add(layers.Dropout(0.5))\n", "")),
        (ADD, RemoveLayer("layers[2]"), ADD.replace("\nmodel.add(layers.Dense(5))", "")),
        (LINES, RemoveLayer("layers[1]"), LINES.replace("    layers.Dropout(0.5),\n", "")),
        (LINES, RemoveLayer("layers[2]"), LINES.replace("    layers.Dense(5)  # last\n", "")),
        (INLINE, RemoveLayer("layers[1]"), INLINE.replace("layers.Dropout(0.5), ", "")),
        (INLINE, RemoveLayer("layers[2]"), INLINE.replace(", layers.Dense(5)", "")),
        (INLINE, ReplaceCall("layers[1]", "SpatialDropout1D", {"*": 0.5}), INLINE.replace("Dropout", "SpatialDropout1D")),
    ],
)
def test_sequential(before, edit, after):
    assert patched(before, THREE, edit) == after


def test_statements_on_one_line():
    text = "m = Sequential(); m.add(Dense(8)); m.add(Dropout(0.5)); m.add(Dense(5))\nimport keras\n"
    model = snapshot(*THREE.model.layers, variable="m")
    assert patched(text, model, RemoveLayer("layers[1]")) == text.replace("m.add(Dropout(0.5)); ", "")
    assert patched("import keras.layers as L\n" + text, model, AFTER) == "import keras.layers as L\n" + text.replace(
        "m.add(Dense(8)); ", "m.add(Dense(8)); m.add(L.BatchNormalization()); "
    )


@pytest.mark.parametrize(
    ("imports", "name", "expected"),
    [
        ("from keras import layers", "layers.Dense", ("", "layers.BatchNormalization")),
        ("import keras", "keras.layers.Dense", ("", "keras.layers.BatchNormalization")),
        ("import tensorflow as tf", "tf.keras.layers.Dense", ("", "tf.keras.layers.BatchNormalization")),
        ("import keras.layers as L", "L.Dense", ("", "L.BatchNormalization")),
        ("from keras.layers import Dense, BatchNormalization", "Dense", ("", "BatchNormalization")),
        ("from keras.layers import *", "Dense", ("", "BatchNormalization")),
        ("from keras.layers import Dense as D\nfrom tensorflow.keras import layers", "D", ("", "layers.BatchNormalization")),
        (
            "from tensorflow.keras.layers import Dense",
            "Dense",
            ("from tensorflow.keras.layers import BatchNormalization\n", "BatchNormalization"),
        ),
        ("x = 1", "layers.Dense", ("", "layers.BatchNormalization")),
        ("x = 1", "Dense", ("import keras\n", "keras.layers.BatchNormalization")),
    ],
)
def test_the_new_layer_is_spelled_as_the_others(imports, name, expected):
    taken = snapshot(layer("Dense", units=8))
    text = f"%%time\n# notes\n{imports}\nmodel = Sequential([{name}(8)])\n"
    added, layer_name = expected
    assert patched(text, taken, AFTER) == f"%%time\n# notes\n{added}{imports}\nmodel = Sequential([{name}(8), {layer_name}()])\n"


SCALED = InsertLayer("inputs[0]", "after", "Rescaling", {"*": Code("1 / 255")})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "model.add(keras.Input((8,)))\nmodel.add(layers.Dense(8))",
            "model.add(keras.Input((8,)))\nmodel.add(layers.Rescaling(1 / 255))\nmodel.add(layers.Dense(8))",
        ),
        ("model.add(layers.Dense(8))", "model.add(layers.Rescaling(1 / 255))\nmodel.add(layers.Dense(8))"),
        (
            "model.add(layers.Dense(8, input_shape=(3,)))",
            "model.add(layers.Rescaling(1 / 255, input_shape=(3,)))\nmodel.add(layers.Dense(8))",
        ),
    ],
)
def test_right_after_the_input(before, after):
    rest = "\nmodel.add(layers.Dropout(0.5))\nmodel.add(layers.Dense(5))\n"
    head = "from keras import layers\nmodel = keras.Sequential()\n"
    assert patched(head + before + rest, THREE, SCALED) == head + after + rest


def test_the_layer_that_says_the_input_shape_stays():
    text = INLINE.replace("Dense(8)", "Dense(8, input_shape=(3,))")
    assert "shape of the model's input" in refused(text, THREE, RemoveLayer("layers[0]"))


CHAIN = snapshot(layer("Dense", -1, units=8), layer("Dropout", 0, rate=0.5), layer("Dense", 1, units=5), kind="Functional")
FUNCTIONAL = """\
inputs = keras.Input(shape=(8,))
x = layers.Dense(8)(inputs)
x = layers.Dropout(0.5)(x)  # half
outputs = layers.Dense(5)(x)
model = keras.Model(inputs, outputs)
"""
NAMED = """\
inputs = keras.Input(shape=(8,))
a = layers.Dense(8)(inputs)
b = layers.Dropout(0.5)(a)
c = layers.Dense(5)(b)
model = keras.Model(inputs=inputs, outputs=[c])
"""
NESTED = """\
inputs = keras.Input(shape=(8,))
model = keras.Model(inputs, layers.Dense(5)(layers.Dropout(0.5)(layers.Dense(8)(inputs))))
"""
VARIABLES = """\
inputs, wide, half = keras.Input(shape=(8,)), 1, 2
wide = layers.Dense(8)
half = layers.Dropout(0.5)
outputs = layers.Dense(5)(half(wide(inputs)))
model = keras.Model(inputs, outputs)
"""


HALF = "layers.Dropout(0.5)(layers.Dense(8)(inputs))"
NEW = "layers.BatchNormalization()"


@pytest.mark.parametrize(
    ("text", "edit", "old", "new"),
    [
        (FUNCTIONAL, AFTER, "(inputs)\n", f"(inputs)\nx = {NEW}(x)\n"),
        (FUNCTIONAL, BEFORE, "outputs = layers.Dense(5)(x)", f"outputs = {NEW}(x)\noutputs = layers.Dense(5)(outputs)"),
        (FUNCTIONAL, RemoveLayer("layers[1]"), "x = layers.Dropout(0.5)(x)  # half\n", ""),
        (
            FUNCTIONAL,
            RemoveLayer("layers[0]"),
            "x = layers.Dense(8)(inputs)\nx = layers.Dropout(0.5)(x)",
            "x = layers.Dropout(0.5)(inputs)",
        ),
        (FUNCTIONAL, SCALED, "x = layers.Dense(8)(inputs)", "x = layers.Rescaling(1 / 255)(inputs)\nx = layers.Dense(8)(x)"),
        (NAMED, AFTER, "(inputs)\n", f"(inputs)\na = {NEW}(a)\n"),
        (NAMED, RemoveLayer("layers[1]"), "b = layers.Dropout(0.5)(a)\nc = layers.Dense(5)(b)", "c = layers.Dense(5)(a)"),
        (NESTED, AFTER, "layers.Dense(8)(inputs)", f"{NEW}(layers.Dense(8)(inputs))"),
        (NESTED, BEFORE, HALF, f"{NEW}({HALF})"),
        (NESTED, RemoveLayer("layers[1]"), HALF, "layers.Dense(8)(inputs)"),
        (VARIABLES, AFTER, "half(wide(inputs))", f"half({NEW}(wide(inputs)))"),
    ],
)
def test_functional(text, edit, old, new):
    assert patched(text, CHAIN, edit) == text.replace(old, new)


def test_a_layer_with_a_name_of_its_own_goes_with_its_use():
    text = VARIABLES.replace("half = layers.Dropout(0.5)\n", "").replace("half(wide(inputs))", "wide(inputs)")
    assert patched(VARIABLES, CHAIN, RemoveLayer("layers[1]")) == text


BRANCHED = """\
a = keras.Input(shape=(8,))
left = layers.Dense(4)(a)
left = layers.Dense(3)(left)
right = layers.Dense(4)(a)
right = layers.Dense(2)(right)
out = layers.Dense(1)(layers.concatenate([left, right]))
model = keras.Model(a, out)
"""
# Keras orders the layers by depth, not as they are written.
TREE = snapshot(
    *(layer("Dense", -1, units=4), layer("Dense", -1, units=4), layer("Dense", 0, units=3), layer("Dense", 1, units=2)),
    layer("Concatenate", 2, 3),
    layer("Dense", 4, units=1),
    kind="Functional",
)


def test_branches_are_told_apart_by_what_they_feed():
    assert patched(BRANCHED, TREE, InsertLayer("layers[1]", "after", "BatchNormalization")) == BRANCHED.replace(
        "right = layers.Dense(4)(a)\n", "right = layers.Dense(4)(a)\nright = layers.BatchNormalization()(right)\n"
    )


def test_an_input_of_two_branches_gets_its_layer_once():
    assert patched(BRANCHED, TREE, SCALED) == BRANCHED.replace(
        "a = keras.Input(shape=(8,))\n", "a = keras.Input(shape=(8,))\na_rescaling = layers.Rescaling(1 / 255)(a)\n"
    ).replace(")(a)\nright", ")(a_rescaling)\nright").replace("(4)(a)", "(4)(a_rescaling)")


def test_a_layer_that_merges_is_not_bypassed():
    assert "more than one tensor" in refused(BRANCHED, TREE, RemoveLayer("layers[4]"))
