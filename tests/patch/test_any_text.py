"""Whatever stands in the cells: nothing but TargetNotFound is raised, magics survive, and what comes out is Python."""

import ast
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kerasdoctor.finding import (
    Code,
    Fix,
    InsertLayer,
    InsertStatement,
    RemoveArgument,
    RemoveLayer,
    ReplaceCall,
    SetActivation,
    SetArgument,
    SetLabels,
    SetLoss,
    SetMetric,
    WrapData,
)
from kerasdoctor.patch.escapes import hide_escapes
from kerasdoctor.patch.source import TargetNotFound, patch_cells, patch_text
from kerasdoctor.snapshot import Cell, Span

from .snapshots import finding, layer, snapshot

MAGICS = ["%matplotlib inline", "!pip install 'x", "files = !ls (", "t = %timeit -o f()", "model?", "??x", "%kerasdoctor model.fit(x, y)"]
LINES = [
    *MAGICS,
    "model = keras.Sequential()",
    "model = Sequential([Dense(8, activation='relu'), Dropout(0.5), Dense(5, 'sigmoid')])",
    "model.add(layers.Dense(8, activation='relu', input_shape=(3,)))",
    "model.add(Dense(n_classes,\n    activation='sigmoid',  # last\n))",
    "model.add(Dropout(0.5)); model.add(Dense(5))",
    "model.add(Activation('softmax'))",
    "inputs = keras.Input((3,))",
    "x = Dense(8, activation=tf.nn.relu)(inputs)",
    "x = Dropout(0.5)(x)",
    "y = layers.Dense(5, activation='sigmoid')(x)",
    "model = keras.Model(inputs, y)",
    "model = keras.Model(inputs, [x, (y)])",
    "for i in range(3):\n    model.add(Dense(8))",
    "if fast:\n    model.add(Dropout(0.5))\nelse:\n    pass",
    "def build(model):\n    model.compile('adam', 'mse')\n    return model",
    "class Net(keras.Model):\n    def __init__(self):\n        self.head = Dense(5)",
    "model.compile(loss='mse', optimizer='adam', metrics=['accuracy'])",
    "model.compile(Adam(1e-3), losses, **options)",
    "model.compile(\n\toptimizer=opt,\n\tloss={'a': 'mse', 'b': keras.losses.Huber()},\n)",
    "opt = keras.optimizers.Adam(lr=0.1)",
    "y = to_categorical(y, 5)",
    "x_train, x_test, y_train, y_test = train_test_split(x, y)",
    "y = pd.get_dummies(df['kind']).values",
    "y_train, y_test = np.eye(5)[a], lb.fit_transform(b)",
    "lb = LabelBinarizer()",
    "n_classes = 5",
    "history = model.fit(x, y, validation_data=(x_test, y_test), epochs=3)",
    "model.fit(x_train, (y_train))",
    "model.fit(ds)",
    "print(model.evaluate(x, y), f'{y!r:>{n_classes}}')",
    "del model, y",
    "from keras.layers import *",
    "import numpy as np, tensorflow as tf",
    "with a as model, b:\n\ty = [x for x in y if (y := x)]",
    "y: list = lambda model: model.add(y)",
    "global_ = 'ü☕' ; é = 1  # ende",
    "",
    "   ",
    "'''\n%not a magic\n'''",
]
EDITS = [
    SetArgument("layers[0]", "units", 3),
    SetArgument("optimizer", "learning_rate", 1e-5),
    SetArgument("fit", "epochs", 50),
    SetArgument("compile", "run_eagerly", True),
    RemoveArgument("layers[2]", "activation"),
    RemoveArgument("optimizer", "clipnorm"),
    ReplaceCall("layers[1]", "SpatialDropout1D", {"*": 0.5}),
    ReplaceCall("optimizer", "SGD", {"learning_rate": 0.1}),
    InsertLayer("layers[0]", "after", "BatchNormalization"),
    InsertLayer("layers[2]", "before", "Flatten"),
    InsertLayer("inputs[0]", "after", "Rescaling", {"scale": Code("1 / 255")}),
    RemoveLayer("layers[1]"),
    SetActivation("layers[2]", "softmax"),
    SetActivation("layers[2]", "linear"),
    SetLoss("categorical_crossentropy"),
    SetLoss(Code("keras.losses.Huber()"), "a"),
    SetMetric("accuracy", "binary_accuracy"),
    SetLabels("integers", 5),
    SetLabels("one-hot", 5),
    SetLabels("binary", 2),
    WrapData("x", "{} / 255"),
    WrapData("y", "np.log1p({})"),
    InsertStatement("before fit", "x = np.nan_to_num(x)"),
    InsertStatement("before compile", "for layer in model.layers:\n    layer.trainable = True"),
]
LAYERS = (layer("Dense", -1, units=8, activation="relu"), layer("Dropout", 0, rate=0.5), layer("Dense", 1, units=5, activation="sigmoid"))
quick = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))

texts = st.lists(st.sampled_from(LINES), max_size=14).map("\n".join) | st.text(max_size=60)
cells = st.lists(texts, min_size=1, max_size=3).map(lambda texts: [Cell(i, str(i), text) for i, text in enumerate(texts, 1)])
fixes = st.lists(st.sampled_from(EDITS), min_size=1, max_size=3, unique_by=type).map(lambda edits: Fix("a fix", edits=tuple(edits)))


def taken_from(cells, kind):
    """A snapshot whose spans are those of whatever stands there."""
    spans = {path: Span(1, line, 0, line, 10) for line, path in enumerate(("layers[0]", "layers[1]", "compile", "fit"), 1)}
    return snapshot(*LAYERS, kind=kind, cells=tuple(cells), sources=spans if kind == "Sequential" else {})


@quick
@given(cells, fixes, st.sampled_from(["Sequential", "Functional", "Net"]))
def test_cells(cells, fix, kind):
    taken = taken_from(cells, kind)
    try:
        patches = patch_cells(cells, fix, taken)
    except TargetNotFound as reason:
        assert str(reason)
        return
    for patch in patches:
        assert magics(patch.new) == magics(patch.old)
        assert patch.old != patch.new and patch.diff
        ast.parse(hide_escapes(patch.new))


@quick
@given(cells, fixes)
def test_a_second_time_changes_nothing(cells, fix):
    taken = snapshot(*LAYERS, cells=tuple(cells))
    try:
        news = {patch.cell: patch.new for patch in patch_cells(cells, fix, taken)}
        again = [Cell(cell.number, cell.id, news.get(cell.number, cell.text)) for cell in cells]
        assert patch_cells(again, fix, taken) == ()
    except TargetNotFound:
        pass


@quick
@given(texts, st.lists(fixes, max_size=4))
def test_text(text, fixes):
    findings = [finding(fix, code=f"KD{number}") for number, fix in enumerate(fixes)]
    patch = patch_text(text, findings, snapshot(*LAYERS))
    assert {*patch.applied, *patch.skipped} == {finding.code for finding in findings}
    assert (patch.source == text) == (not patch.applied)
    assert magics(patch.source) == magics(text)


def magics(text):
    """The lines that IPython's syntax makes up, as they were typed."""
    hidden = re.split(r"\r\n?|\n", hide_escapes(text))
    return [line for line, other in zip(re.split(r"\r\n?|\n", text), hidden, strict=True) if line != other]
