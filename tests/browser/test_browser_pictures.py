"""The demo notebooks as a reader sees them, in both themes and narrow; README's pictures are made here.

``KERASDOCTOR_PICTURES=1 python -m pytest tests/browser/test_browser_pictures.py`` writes docs/images/.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"


def keep(locator, name, page):
    """A picture of one element, into docs/images where that is asked for, else beside the other artefacts."""
    folder = IMAGES if os.environ.get("KERASDOCTOR_PICTURES") else page._artefacts
    folder.mkdir(parents=True, exist_ok=True)
    locator.screenshot(path=folder / f"{name}.png")


def open_demo(lab, name):
    shutil.copy(ROOT / "demo_notebooks" / name, lab.server.notebooks / name)
    lab.page.set_viewport_size({"width": 1330, "height": 2600})
    lab.open(name=name)


def code_cell(lab, beginning):
    """The place of the first cell whose text begins so."""
    return next(i for i in range(lab.cell_count()) if lab.cell_text(i).startswith(beginning))


def test_the_report_is_seen_live_in_both_themes_and_narrow(lab):
    """start_here, its cells run: the buttons are there, nothing is wider than the output."""
    open_demo(lab, "start_here.ipynb")
    report = code_cell(lab, "%kerasdoctor model.fit")
    for index in range(report + 1):
        lab.run_cell(index)
    panel = lab.output(report).locator("section.kd")
    expect(lab.button("Apply to cell", report)).to_be_visible()
    keep(panel, "report", lab)
    lab.set_theme("dark")
    keep(panel, "report-dark", lab)
    lab.set_output_width(400, report)
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    keep(panel, "report-narrow", lab)


def test_the_collapse_is_seen_live_and_saved(lab):
    """Case B, its cells run: incidents on the live curve; and the saved twin without a kernel says the same."""
    name = "case_b_sigmoid_with_categorical_loss.ipynb"
    open_demo(lab, name)
    watch = code_cell(lab, "%%fit_watch")
    saved = lab.output(watch).locator("section.kd-saved")
    expect(saved.locator("img")).to_be_visible()
    keep(saved, "watch-saved", lab)
    for index in range(watch + 1):
        if not lab.cell_text(index).startswith("%kerasdoctor"):
            lab.run_cell(index)
    live = lab.output(watch).locator("section.kd-live:not(.kd-saved)")
    expect(live.locator("canvas")).to_be_visible()
    expect(live).to_contain_text("KD101")
    expect(saved).to_be_hidden()
    keep(live, "watch", lab)
    lab.set_theme("dark")
    keep(live, "watch-dark", lab)


@pytest.mark.parametrize("name", ["start_here.ipynb", "case_a_softmax_with_binary_loss.ipynb"])
def test_a_saved_notebook_is_whole_without_running(lab, name):
    """A reader who runs nothing sees every report, without dead buttons."""
    open_demo(lab, name)
    reports = lab.page.locator(".jp-Notebook:visible section.kd:visible")
    expect(reports.first).to_be_visible()
    assert reports.count() >= 2
    assert lab.page.locator(".jp-Notebook:visible section.kd button:visible").count() == 0
    assert "Error displaying widget" not in lab.page.inner_text(".jp-Notebook:visible")
