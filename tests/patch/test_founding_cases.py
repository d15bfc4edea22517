"""The two reports that kerasdoctor was made for, in the text that their authors wrote (in Keras 3's words)."""

from kerasdoctor.finding import Fix, SetActivation, SetArgument, SetLabels, SetLoss
from kerasdoctor.patch.source import patch_cells, patch_text
from kerasdoctor.snapshot import Cell, Span

from .snapshots import fixed, layer, patched, snapshot

CASE_A = """\
%%time
%matplotlib inline
from keras.models import Sequential
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Flatten, MaxPooling2D
from keras.utils import to_categorical

y_train = to_categorical(y_train, 2)
y_test = to_categorical(y_test, 2)

model = Sequential()
model.add(Conv2D(20, (5, 5), kernel_initializer='uniform', input_shape=(48, 48, 1)))  # LeNet
model.add(Activation("relu"))
model.add(BatchNormalization())
model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2)))
model.add(Flatten())
model.add(Dense(500, kernel_initializer='uniform'))
model.add(Activation("relu"))
model.add(Dense(2, kernel_initializer='uniform'))
model.add(Activation("softmax"))

model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(x_train, y_train, epochs=20, validation_data=(x_test, y_test), verbose=1)
!ls
"""
MODEL_A = snapshot(
    layer("Conv2D", filters=20, kernel_size=(5, 5), activation="linear"),
    layer("Activation", activation="relu"),
    layer("BatchNormalization"),
    layer("MaxPooling2D", pool_size=(2, 2), strides=(2, 2)),
    layer("Flatten"),
    layer("Dense", units=500, activation="linear"),
    layer("Activation", activation="relu"),
    layer("Dense", units=2, activation="linear"),
    layer("Activation", activation="softmax"),
)
CASE_B = """\
model = keras.Sequential([
    keras.Input(shape=(75, 75, 3)),
    layers.Conv2D(32, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(n_classes, activation="sigmoid"),  # five kinds of flowers
])
"""
MODEL_B = snapshot(
    layer("Conv2D", filters=32, kernel_size=(3, 3), activation="relu"),
    layer("Flatten"),
    layer("Dense", units=5, activation="sigmoid"),
)


def test_case_a_with_the_other_loss():
    assert patched(CASE_A, MODEL_A, SetLoss("categorical_crossentropy")) == CASE_A.replace(
        'loss="binary_crossentropy"', 'loss="categorical_crossentropy"'
    )


def test_case_a_with_one_sigmoid_unit():
    edits = (SetArgument("layers[7]", "units", 1), SetActivation("layers[8]", "sigmoid"), SetLabels("binary", 2))
    expected = (
        CASE_A.replace("y_train = to_categorical(y_train, 2)\ny_test = to_categorical(y_test, 2)\n", "")
        .replace("Dense(2, ", "Dense(1, ")
        .replace('Activation("softmax")', 'Activation("sigmoid")')
    )
    assert patched(CASE_A, MODEL_A, *edits) == expected


def test_case_a_as_a_diff():
    patch = patch_text(CASE_A, [fixed(SetLoss("categorical_crossentropy"), code="KD102")], MODEL_A)
    assert patch.applied == ("KD102",)
    assert (
        patch.diff
        == """\
--- cell
+++ cell
@@ -19,5 +19,5 @@
 model.add(Activation("softmax"))
 
-model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
+model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
 history = model.fit(x_train, y_train, epochs=20, validation_data=(x_test, y_test), verbose=1)
 !ls"""
    )


def test_case_b_keeps_the_variable_and_the_comment():
    assert patched(CASE_B, MODEL_B, SetActivation("layers[2]", "softmax")) == CASE_B.replace("sigmoid", "softmax")


def test_three_cells_of_a_notebook():
    """Labels, model and compile in cells of their own: each cell that changes comes back, with its id."""
    labels, model, training = (
        part.strip("\n")
        for part in (
            "%load_ext kerasdoctor\nimport keras\ny = keras.utils.to_categorical(digits.target)",
            "model = keras.Sequential([\n    keras.layers.Dense(64, 'relu'),\n    keras.layers.Dense(2, activation='softmax'),\n])",
            "!nvidia-smi\nmodel.compile('adam', 'categorical_crossentropy')\nmodel.fit(x, y)",
        )
    )
    cells = (Cell(2, "a", labels), Cell(3, "b", model), Cell(7, "c", training))
    taken = snapshot(
        layer("Dense", units=64, activation="relu"),
        layer("Dense", units=2, activation="softmax"),
        cells=cells,
        sources={"layers[1]": Span(3, 3, 4, 3, 49), "compile": Span(7, 2, 0, 2, 49)},
    )
    fix = Fix(
        "one sigmoid unit",
        edits=(
            SetArgument("layers[1]", "units", 1),
            SetActivation("layers[1]", "sigmoid"),
            SetLoss("binary_crossentropy"),
            SetLabels("binary", 2),
        ),
    )
    first, second, third = patch_cells(cells, fix, taken)
    assert (first.cell, first.id, second.id, third.id) == (2, "a", "b", "c")
    assert first.new == "%load_ext kerasdoctor\nimport keras\ny = digits.target"
    assert (
        second.diff
        == """\
--- cell [3]
+++ cell [3]
@@ -1,4 +1,4 @@
 model = keras.Sequential([
     keras.layers.Dense(64, 'relu'),
-    keras.layers.Dense(2, activation='softmax'),
+    keras.layers.Dense(1, activation='sigmoid'),
 ])"""
    )
    assert third.old == training
    assert third.new == "!nvidia-smi\nmodel.compile('adam', 'binary_crossentropy')\nmodel.fit(x, y)"
    again = (Cell(2, "a", first.new), Cell(3, "b", second.new), Cell(7, "c", third.new))
    assert patch_cells(again, fix, taken) == ()
