"""KD602: the layers' run was followed by another run of the same cell with another text."""

import pytest

from kerasdoctor.rules.source.model_older_than_cell import ModelOlderThanCell
from kerasdoctor.snapshot import Model, Snapshot, Span


def check(made, reruns):
    sources = {f"layers[{i}]": Span(cell, 1, 0, 1, 9) for i, cell in enumerate(made)}
    return list(ModelOlderThanCell().check(Snapshot(Model("m", "Sequential"), sources=sources, reruns=reruns)))


def test_a_newer_text_of_the_cell_is_said():
    (found,) = check((4, 4), ((4, 7),))
    assert found.evidence == {"made by run": 4, "newest run of that cell": 7}


@pytest.mark.parametrize(("made", "reruns"), [((7, 7), ((4, 7),)), ((4, 5), ((4, 7),)), ((), ((4, 7),)), ((4,), ())])
def test_near_misses(made, reruns):
    """Made by the newest run, by several cells, nowhere known, or never run again."""
    assert check(made, reruns) == []
