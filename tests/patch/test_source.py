"""Whole texts: what may stand in a cell survives byte for byte, and changes that do not go together are skipped."""

import pytest

from kerasdoctor.finding import Applicability, Code, Fix, InsertStatement, RemoveLayer, SetActivation, SetArgument, SetLoss
from kerasdoctor.patch.source import TargetNotFound, patch_cells, patch_text
from kerasdoctor.snapshot import Cell

from .snapshots import finding, fixed, layer, patched, snapshot

TAKEN = snapshot(layer("Dense", units=5, activation="relu"))
RELU = SetActivation("layers[0]", "softmax")


@pytest.mark.parametrize(
    "text",
    [
        "%%time\n!pip list 'x\nmodel = Sequential([Dense(5, activation='relu')])\nmodel?",
        "model = Sequential()\r\nmodel.add(Dense(5,\r\n    activation='relu'))\r\n%time x = 1\r\n",
        "if gpu:\n\t!nvidia-smi -q (\n\tfiles = !ls 'a\nmodel = Sequential([Dense(5, activation='relu')])\n",
        "# Größe: naïve café ☕ 𝒙\nß = 'ü'; model = Sequential([Dense(5, activation='relu')])  # ✓",
        "def f():\n\treturn 1\n\n\n\nmodel = Sequential([Dense(5, activation='relu')])\n\n\n",
        "x = await load()\nmodel = Sequential([\n  # the head\n\n  Dense(5, activation='relu')\n])",
        'query = """\n%matplotlib\n!ls\n"""\nmodel = Sequential([Dense(5, activation=\'relu\')])\n',
    ],
)
def test_everything_else_stays_as_it_was_typed(text):
    assert patched(text, TAKEN, RELU) == text.replace("'relu'", "'softmax'")


def test_windows_line_ends_are_kept_in_new_lines():
    text = "model = Sequential([Dense(5)])\r\nmodel.fit(x, y)\r\n"
    assert patched(text, TAKEN, InsertStatement("before fit", "x = 1\ny = 2")) == (
        "model = Sequential([Dense(5)])\r\nx = 1\r\ny = 2\r\nmodel.fit(x, y)\r\n"
    )


def test_tabs_are_kept_in_new_lines():
    text = "with scope():\n\tmodel.fit(x, y)\n"
    assert patched(text, TAKEN, InsertStatement("before fit", "x = 1")) == "with scope():\n\tx = 1\n\tmodel.fit(x, y)\n"


def test_findings_in_one_text():
    """Worst first; the second wants another loss for the same model, the third has nothing to write."""
    text = "model = Sequential([Dense(5, activation='relu')])\nmodel.compile('adam', 'mse')\n"
    findings = [
        fixed(RELU, SetLoss("categorical_crossentropy"), code="KD101"),
        fixed(SetLoss("mae"), code="KD102"),
        finding(Fix("advice", Applicability.DISPLAY_ONLY, (SetLoss("mae"),)), Fix("words"), code="KD103"),
        fixed(SetArgument("layers[0]", "units", 3), code="KD104"),
        fixed(RELU, code="KD105"),
        fixed(RemoveLayer("layers[7]"), code="KD106"),
    ]
    patch = patch_text(text, findings, TAKEN)
    assert patch.source == "model = Sequential([Dense(3, activation='softmax')])\nmodel.compile('adam', 'categorical_crossentropy')\n"
    assert patch.applied == ("KD101", "KD104", "KD105")
    assert patch.skipped == {
        "KD102": "two changes of the same code get in each other's way",
        "KD103": "no fix of this finding can be written into the text",
        "KD106": "layers[7] is not a layer of the model",
    }


def test_the_first_fix_that_finds_its_targets_is_taken():
    one = finding(Fix("away", edits=(SetLoss("mae"), RemoveLayer("layers[7]"))), Fix("other", edits=(SetLoss("huber"),)))
    assert patch_text("model.compile('adam', 'mse')", [one], TAKEN).source == "model.compile('adam', 'huber')"


def test_the_same_change_by_two_findings_is_made_once():
    text = "import keras\nmodel.fit(x, y)\n"
    both = [fixed(InsertStatement("before fit", "x = np.abs(x)"), code=code) for code in ("KD301", "KD302")]
    patch = patch_text(text, both, TAKEN)
    assert patch.source == "import numpy as np\nimport keras\nx = np.abs(x)\nmodel.fit(x, y)\n"


@pytest.mark.parametrize("text", ["model = (", "for x in y:\nmodel.fit(x)", "\x00", "%%html\n<b>model.compile('adam', 'mse')</b>"])
def test_what_is_not_python_is_left_alone(text):
    patch = patch_text(text, [fixed(SetLoss("mae"))], TAKEN)
    assert (patch.source, patch.diff, patch.applied) == (text, "", ())
    assert patch.skipped["KD101"]


def test_cells_that_are_not_python_do_not_keep_the_others_from_being_patched():
    cells = (Cell(1, "a", "%%bash\nls ("), Cell(2, "b", "x = ("), Cell(3, "c", ""), Cell(4, "d", "model.compile('adam', 'mse')"))
    (patch,) = patch_cells(cells, Fix("f", edits=(SetLoss("mae"),)), TAKEN)
    assert (patch.cell, patch.new) == (4, "model.compile('adam', 'mae')")


def test_code_that_is_not_python_is_not_written():
    with pytest.raises(TargetNotFound, match="not valid Python"):
        patch_cells([Cell(1, None, "model.compile('adam', 'mse')")], Fix("f", edits=(SetLoss(Code("keras.losses.(")),)), TAKEN)


def test_a_docstring_and_future_imports_stay_first():
    text = '"""Training."""\nfrom __future__ import annotations\nmodel.fit(x, y)\n'
    assert patched(text, TAKEN, InsertStatement("before fit", "x = np.abs(x)")) == (
        '"""Training."""\nfrom __future__ import annotations\nimport numpy as np\nx = np.abs(x)\nmodel.fit(x, y)\n'
    )
