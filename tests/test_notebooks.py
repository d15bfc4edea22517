"""The demo notebooks run from top to bottom, and what they promise on the page is what comes out."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
DEMOS = Path(__file__).parents[1] / "demo_notebooks"

pytestmark = [pytest.mark.keras, pytest.mark.slow]


def texts(notebook):
    """Everything that a reader sees as text, cell by cell."""
    return ["\n".join(_text(output) for output in cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]


def _text(output):
    return output.text if output.output_type == "stream" else str(output.get("data", {}).get("text/plain", ""))


@pytest.fixture(scope="module")
def executed():
    """``executed(name)``: the notebook run once, in a kernel of its own."""
    pytest.importorskip("nbclient")
    from notebooks import execute

    made = {}

    def run(name):
        if name not in made:
            made[name] = execute(DEMOS / name)
        return made[name]

    return run


@pytest.mark.parametrize("path", sorted(DEMOS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebook_is_saved_executed_and_runs(path, executed):
    """No cell fails; every report and run is saved as HTML and text, every run also as a picture, no widget is needed."""
    import nbformat

    saved = nbformat.read(path, as_version=4)
    for notebook in (saved, executed(path.name)):
        for cell in notebook.cells:
            if cell.cell_type != "code" or not re.match(r"%%?(kerasdoctor|fit_watch)\b", cell.source) or "--" in cell.source:
                continue
            kinds = [set(output.data) for output in cell.outputs if "data" in output]
            wanted = {"text/html", "text/plain"} | ({"image/png"} if cell.source.startswith("%%fit_watch") else set())
            assert any(wanted <= kind for kind in kinds), cell.source
            assert not any("widget-view" in name for kind in kinds for name in kind)


def test_case_b_collapses_after_good_epochs_and_is_explained(executed):
    """The literal program is named; the cut link collapses from above 0.9 to one class; the patched run is healthy."""
    said = "\n".join(texts(executed("case_b_sigmoid_with_categorical_loss.ipynb")))
    assert said.count("KD101 sigmoid-with-categorical-loss") >= 2
    assert float(re.search(r"best accuracy\s+([\d.]+)", said).group(1)) > 0.9
    last, share = map(float, re.search(r"last accuracy\s+([\d.]+).*share of ([\d.]+)", said).groups())
    assert last < 0.6 and share < 0.25
    assert re.search(r"KD504 collapsed|KD501 non-finite-loss|KD502", said)
    assert re.search(r"likely: KD101", said)
    assert "keras_2_2 computes categorical_crossentropy; found by test: True" in said
    assert "Nothing found" in said and "Nothing unusual in 690 batches" in said


def test_case_a_ends_in_the_trap_and_is_explained(executed):
    """Loss is 16 times the share of errors, one answer for all rows, zero gradient; the patched run is healthy."""
    said = "\n".join(texts(executed("case_a_softmax_with_binary_loss.ipynb")))
    assert "KD102 softmax-with-binary-loss" in said
    assert "loss / share of errors 16.0" in said
    assert "different answers of predict(): 1" in said
    assert "KD507 zero gradient" in said
    assert "Nothing found" in said and "Nothing unusual in 684 batches" in said
