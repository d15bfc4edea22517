"""The text of a run, exactly."""

from dataclasses import replace
from pathlib import Path

import pytest
from runs import collapsed, healthy, hostile, recovered

from kerasdoctor.views.watch_text import summary

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("made", [collapsed, recovered, healthy], ids=lambda make: make.__name__)
def test_the_text_is_exact(made):
    assert summary(made()) + "\n" == (GOLDEN / f"run_{made.__name__}.txt").read_text(encoding="utf-8")


def test_the_text_has_at_most_12_lines_whatever_happened():
    made = collapsed()
    made.incidents = [replace(made.incidents[0], batch=batch) for batch in range(20, 50)]
    made.causes = made.causes * 10
    lines = summary(made).splitlines()
    assert len(lines) <= 12
    assert "and 26 more incidents" in lines


def test_names_cannot_break_lines_or_hide_text():
    text = summary(hostile())
    assert "\x1b" not in text
    assert len(text.splitlines()) <= 12 and max(map(len, text.splitlines())) <= 140
