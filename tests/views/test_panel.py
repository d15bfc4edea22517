"""The panel's half in the kernel: what each button asks for and what it answers. No browser."""

import re
from dataclasses import replace

import pytest

pytest.importorskip("anywidget")

from cases import CELL_B, HOSTILE, case_a, case_b, hostile

from kerasdoctor.snapshot import Cell
from kerasdoctor.views import click
from kerasdoctor.views.panel import Panel


class Front:
    """A front end: what was asked of it, and the answer that it gives at once."""

    def __init__(self, monkeypatch, **answer):
        self.answer, self.asked = answer, []
        for name in ("send_patch", "undo", "run_cells"):
            monkeypatch.setattr(click, name, lambda what, on_reply, name=name: self.ask(name, what, on_reply))

    def ask(self, name, what, on_reply):
        self.asked.append((name, what))
        on_reply(dict(self.answer))
        return "request"


def opened(report):
    panel = Panel(report)
    panel.sent = []
    panel.send = panel.sent.append
    return panel


def ask(panel, type, finding=0, fix=0):
    key = f"{finding}.{fix}" if type in ("apply", "run", "undo") else f"{finding}.aside"
    panel.answer({"type": type, "key": key, "finding": finding, "fix": fix})
    return panel.sent[-1]


def test_apply_sends_the_fix_and_says_which_cell_to_run(monkeypatch):
    front = Front(monkeypatch, type="patched")
    status = ask(opened(case_b()), "apply", fix=1)
    assert status["text"] == "Patched. Run cell [4] again. Undo takes it back." and status["shown"] == ["run", "undo"]
    assert "binary_crossentropy" in front.asked[0][1][0].new


def test_a_refusal_is_shown_in_the_front_ends_words(monkeypatch):
    Front(monkeypatch, type="refused", reason="Cell [4] was changed since.")
    assert ask(opened(case_b()), "apply")["text"] == "Cell [4] was changed since."


def test_without_the_extension_the_magic_is_named(monkeypatch):
    Front(monkeypatch, type="absent")
    assert ask(opened(case_b()), "apply")["text"].endswith("copy the patch, or run %kerasdoctor --fix KD101")


def test_a_cell_without_an_id_is_never_sent(monkeypatch):
    front, report = Front(monkeypatch, type="patched"), case_b()
    report.patches = {title: replace(patch, id=None) for title, patch in report.patches.items()}
    assert "no kerasdoctor extension" in ask(opened(report), "apply")["text"] and not front.asked


def test_undo_takes_back_the_request_of_its_own_fix(monkeypatch):
    front, panel = Front(monkeypatch, type="patched"), opened(case_b())
    ask(panel, "apply")
    front.answer = {"type": "undone"}
    assert ask(panel, "undo") == {"type": "status", "key": "0.0", "text": "Taken back.", "shown": []}
    assert front.asked[-1] == ("undo", "request")


def test_patched_cells_are_run_by_id(monkeypatch):
    front = Front(monkeypatch, type="ran", ok=False)
    assert ask(opened(case_b()), "run")["text"] == "Ran, and stopped at an error."
    assert front.asked == [("run_cells", ["c4"])]


def test_silencing_puts_the_comment_under_a_cell_magic(monkeypatch):
    front, report = Front(monkeypatch, type="patched"), case_b()
    report.snapshot = replace(report.snapshot, cells=(Cell(4, "c4", "%%time\n" + CELL_B),))
    ask(opened(report), "silence")
    assert front.asked[0][1][0].new == "%%time\n# kerasdoctor: ignore=KD101\n" + CELL_B


def test_a_fix_without_a_patch_says_why(monkeypatch):
    front = Front(monkeypatch, type="patched")
    assert "not found exactly once" in ask(opened(case_a()), "apply", fix=1)["text"] and not front.asked


def test_explain_sends_the_rules_page():
    answer = ask(opened(case_b()), "explain")
    assert answer["type"] == "page" and "How it is detected" in answer["html"]


def test_save_writes_a_page_beside_the_notebook(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    panel = opened(hostile("../<x>"))
    assert ask(panel, "save")["text"].startswith("Saved as kerasdoctor-")
    assert [path.suffix for path in tmp_path.iterdir()] == [".html"]


def test_a_failure_becomes_a_status_and_not_an_exception():
    assert ask(opened(case_b()), "apply", finding=9)["text"].startswith("That did not work: IndexError")


def test_the_output_is_html_and_text_and_no_widget_view_so_that_a_saved_notebook_is_whole():
    panel = Panel(case_b())
    bundle = panel._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert f'id="{panel.prefix}"' in bundle["text/html"] and len(bundle["text/plain"].splitlines()) <= 12


def test_the_script_and_the_html_agree_on_names():
    html, script = Panel(case_b())._html, Panel._esm
    for name in {action for row in re.findall(r'data-buttons="([a-z ]+)"', html) for action in row.split()}:
        assert f" {name}: " in script
    for style in ("kd-actions", "kd-page", "data-finding"):
        assert style in html and style in script


@pytest.mark.parametrize("text", HOSTILE)
def test_a_panel_of_any_names_opens(text):
    assert Panel(hostile(text)).texts
