"""Reports as text, against golden files. ``python tests/views/test_text.py`` writes them anew, to be read before they are committed."""

from pathlib import Path

import pytest
from cases import HOSTILE, case_a, case_b, clean, hostile

from kerasdoctor.views.text import WIDTH, render, render_layers, summary

GOLDEN = Path(__file__).parents[1] / "golden"
REPORTS = {"report_case_a": case_a, "report_case_b": case_b, "report_clean": clean}


def written(name):
    return render(REPORTS[name]())


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_reads_as_in_its_golden_file(name):
    assert written(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_layers_read_as_in_their_golden_file():
    assert render_layers(case_b().snapshot) == (GOLDEN / "layers_case_b.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_no_line_but_those_of_a_diff_is_wider_than_the_terminal(name):
    assert max(len(line) for line in written(name).splitlines() if line.strip()[:1] not in "+-") <= WIDTH


def test_the_summary_of_a_report_with_many_findings_keeps_to_twelve_lines_and_says_how_many_are_left():
    report = case_b()
    report.findings *= 10
    lines = summary(report).splitlines()
    assert len(lines) <= 12 and lines[-1] == "  and 14 more" and max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("text", HOSTILE)
def test_no_control_character_reaches_the_terminal(text):
    report = hostile(text)
    for shown in (render(report), summary(report), render_layers(report.snapshot)):
        assert all(character.isprintable() or character == "\n" for character in shown)
        shown.encode()


def test_a_chain_breaks_once_where_the_finding_says():
    assert "Dense(5, sigmoid) -×-> sigmoid bypassed -×-> categorical_crossentropy -> one-hot" in render(case_b())
    assert "-×->" not in render(clean())


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each in REPORTS:
        (GOLDEN / f"{each}.txt").write_text(written(each), encoding="utf-8")
    (GOLDEN / "layers_case_b.txt").write_text(render_layers(case_b().snapshot), encoding="utf-8")
