"""One click, in a real browser: the panel's half of these tests is a row of buttons over ``kerasdoctor.views.click``."""

from __future__ import annotations

from importlib.metadata import version

import pytest

needs_subshells = pytest.mark.skipif(
    int(version("ipykernel").split(".")[0]) < 7 or tuple(map(int, version("jupyterlab").split(".")[:2])) < (4, 4),
    reason="messages reach a busy kernel from ipykernel 7 and JupyterLab 4.4 on",
)

MODEL = 'model = ["Dense(2)", "softmax"]\nloss = "binary_crossentropy"  # 😀\n'
PATCHED = 'model = ["Dense(2)", "softmax"]\nloss = "categorical_crossentropy"  # 😃\n'
OTHER = "x = 1"
OTHER_PATCHED = "x = 2"

BUTTONS = """
import ipywidgets as widgets
from kerasdoctor.finding import CellPatch
from kerasdoctor.views import click

patches = [CellPatch(cell=1, id=id, old=old, new=new, diff="") for id, old, new in {changes!r}]
answer = widgets.Label("no answer yet")

def show(reply):
    answer.value = "answer: " + ", ".join(str(reply[key]) for key in ("type", "reason", "ok") if key in reply)

def apply(button):
    global request
    request = click.send_patch(patches, show)

def button(name, action):
    made = widgets.Button(description=name)
    made.on_click(action)
    click.route_to_frontend_subshell(made)
    return made

widgets.VBox([
    button("Apply", apply),
    button("Take back", lambda button: click.undo(request, show)),
    button("Run", lambda button: click.run_cells([patch.id for patch in patches], show)),
    button("New cell", lambda button: click.new_cell("c0", "y = 3", show)),
    answer,
])
"""

# A cell that keeps its kernel busy.
WAIT_UNTIL = """
import time
end = time.time() + 20
while time.time() < end and not ({condition}):
    time.sleep(0.05)
"""


def buttons(*changes):
    return BUTTONS.format(changes=list(changes))


def test_one_click_rewrites_the_cell_with_this_id_and_one_undo_takes_it_back(lab_or_notebook):
    page = lab_or_notebook
    # The kernel's copy has no last newline; the first cell has the same text and another id.
    page.open([MODEL, MODEL, buttons(("c1", MODEL.rstrip("\n"), PATCHED.rstrip("\n")))])
    page.run_cell(1)
    page.run_cell(2)
    page.click("Apply")
    page.wait_for_text("answer: patched")
    assert page.cell_text(1) == PATCHED
    assert page.cell_text(0) == MODEL
    page.undo(1)
    page.wait_for_cell_text(1, MODEL)


def test_undo_leaves_what_was_typed_just_before(lab):
    lab.open([OTHER, buttons(("c0", OTHER + "0", OTHER_PATCHED))])
    lab.run_cell(1)
    lab.type_at_end(0, "0")
    lab.click("Apply")
    lab.wait_for_text("answer: patched")
    assert lab.cell_text(0) == OTHER_PATCHED
    lab.undo(0)
    lab.wait_for_cell_text(0, OTHER + "0")


def test_an_edited_cell_is_refused_and_no_other_cell_changes(lab_or_notebook):
    page = lab_or_notebook
    page.open([OTHER, MODEL, buttons(("c0", OTHER, OTHER_PATCHED), ("c1", MODEL, PATCHED))])
    page.run_cell(1)
    page.run_cell(2)
    page.type_at_end(1, "# mine")
    page.click("Apply")
    page.wait_for_text("answer: refused, cell [1] was edited since it ran")
    assert page.cell_text(0) == OTHER
    assert page.cell_text(1) == MODEL + "# mine"


def test_a_deleted_cell_is_refused_and_no_other_cell_changes(lab):
    lab.open([OTHER, MODEL, buttons(("c0", OTHER, OTHER_PATCHED), ("c1", MODEL, PATCHED))])
    lab.run_cell(2)
    lab.delete_cell(1)
    lab.click("Apply")
    lab.wait_for_text("answer: refused, a cell that it changes is no longer in the notebook")
    assert lab.cell_text(0) == OTHER


def test_two_cells_change_in_one_click_and_are_taken_back_in_one(lab):
    lab.open([OTHER, MODEL, buttons(("c0", OTHER, OTHER_PATCHED), ("c1", MODEL, PATCHED))])
    lab.run_cell(2)
    lab.click("Apply")
    lab.wait_for_text("answer: patched")
    assert (lab.cell_text(0), lab.cell_text(1)) == (OTHER_PATCHED, PATCHED)
    lab.click("Take back")
    lab.wait_for_text("answer: undone")
    assert (lab.cell_text(0), lab.cell_text(1)) == (OTHER, MODEL)


def test_a_patch_edited_since_is_not_taken_back(lab):
    lab.open([OTHER, buttons(("c0", OTHER, OTHER_PATCHED))])
    lab.run_cell(0)
    lab.run_cell(1)
    lab.click("Apply")
    lab.wait_for_text("answer: patched")
    lab.type_at_end(0, "0")
    lab.click("Take back")
    lab.wait_for_text("answer: refused, cell [1] was edited since it ran")
    assert lab.cell_text(0) == OTHER_PATCHED + "0"


def test_only_the_notebook_whose_kernel_asks_is_touched(lab):
    cells = [OTHER, buttons(("c0", OTHER, OTHER_PATCHED))]
    lab.open(cells, "first.ipynb")
    lab.open_beside(cells, "second.ipynb")
    lab.show("first.ipynb")
    lab.run_cell(1)
    lab.click("Apply", 1)
    lab.wait_for_text("answer: patched")
    assert lab.cell_text(0) == OTHER_PATCHED
    lab.show("second.ipynb")
    assert lab.cell_text(0) == OTHER


def test_a_second_page_of_the_notebook_does_not_run_the_cell_twice(new_page):
    first, second = new_page("lab"), new_page("lab")
    first.open(["count = globals().get('count', 0) + 1", buttons(("c0", "", ""))])
    second.open()
    first.run_cell(1)
    first.click("Run")
    first.wait_for_text("answer: ran, True")
    # The first question is answered after the other page has heard the request, the second after what it then sent.
    assert [second.kernel_value("count") for _ in range(2)] == ["1", "1"]


@pytest.mark.parametrize("renewed", ["reload", "restart_kernel"])
def test_a_click_works_after(renewed, lab):
    lab.open([OTHER, buttons(("c0", OTHER, OTHER_PATCHED))])
    lab.run_cell(1)
    lab.click("Apply")
    lab.wait_for_text("answer: patched")
    lab.undo(0)
    lab.wait_for_cell_text(0, OTHER)
    getattr(lab, renewed)()
    lab.run_cell(1)
    lab.click("Apply")
    lab.wait_for_text("answer: patched")
    assert lab.cell_text(0) == OTHER_PATCHED


@needs_subshells
def test_a_click_works_while_a_cell_runs(lab_or_notebook):
    page = lab_or_notebook
    wait = WAIT_UNTIL.format(condition="answer.value != 'no answer yet'") + "answer.value"
    page.open([OTHER, buttons(("c0", OTHER, OTHER_PATCHED)), wait])
    page.run_cell(1)
    page.start_cell(2)
    page.click("Apply")
    page.wait_for_cell_text(0, OTHER_PATCHED)
    page.wait_until_idle()
    assert "answer: patched" in page.outputs(2)[0]["data"]["text/plain"]


@needs_subshells
def test_a_cell_sends_a_patch_before_it_ends(lab):
    """Without a button: the first request of a page, whose subshell does not exist yet."""
    ask = "click.PATIENCE = 20; heard = []; click.send_patch(patches, heard.append)"
    wait = WAIT_UNTIL.format(condition="heard") + "heard[0]['type'], click.available()"
    lab.open([OTHER, buttons(("c0", OTHER, OTHER_PATCHED)), ask + wait])
    lab.run_cell(1)
    lab.run_cell(2)
    assert lab.outputs(2)[0]["data"]["text/plain"] == "('patched', True)"


def test_the_patched_cell_is_run(lab_or_notebook):
    page = lab_or_notebook
    page.open([OTHER, buttons(("c0", OTHER, OTHER_PATCHED))])
    page.run_cell(0)
    page.run_cell(1)
    page.click("Apply")
    page.wait_for_text("answer: patched")
    page.click("Run")
    page.wait_for_text("answer: ran, True")
    assert page.execution_count(0) == 3
    assert page.kernel_value("x") == "2"


def test_a_new_cell_comes_below(lab):
    lab.open([OTHER, buttons()])
    lab.run_cell(1)
    lab.click("New cell")
    lab.wait_for_text("answer: inserted")
    assert [lab.cell_text(index) for index in (0, 1)] == [OTHER, "y = 3"]
    assert lab.cell_count() == 3


@pytest.mark.parametrize("theme", ["light", "dark", "high contrast"])
def test_the_page_takes_themes_and_widths(theme, lab):
    """What the tests of looks stand on."""
    lab.open(["print('wide ' * 40)"])
    lab.run_cell(0)
    assert lab.page.evaluate("document.body.dataset.jpThemeName") == "JupyterLab Light"
    lab.set_theme(theme)
    lab.set_output_width(480, 0)
    assert abs(lab.output(0).locator(".jp-OutputArea-output").bounding_box()["width"] - 480) < 1
    assert lab.output_text(0).startswith("wide")
