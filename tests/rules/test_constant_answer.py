"""KD523: a probe whose outputs are the same on every row, though the labels differ."""

import pytest

from kerasdoctor.rules.training.constant_answer import ConstantAnswer
from tests.rules.runs import incidents, probe, steps

FLAT = [1.6] * 300
FELL = [1.6] * 10 + [0.3] * 290


def said(losses, **facts):
    facts = {"constant": True, "labels_differ": True, "gradient_norm": 0.2, "saturated": 0.0, "probe_loss": losses[-1]} | facts
    return incidents([ConstantAnswer()], steps(losses, signals={100: probe(**facts), 200: probe(**facts)}))


def test_one_probe_is_enough_where_the_loss_has_not_moved():
    (incident,) = said(FLAT)
    assert incident.code == "KD523" and incident.batch == 100 and incident.state == "confirmed"


def test_two_probes_where_the_loss_has_fallen():
    """A regression falls to the spread of its labels by its last bias alone."""
    (incident,) = said(FELL, saturated=None)
    assert incident.batch == 200


@pytest.mark.parametrize(
    "fact",
    [{"constant": False}, {"constant": None}, {"labels_differ": False}, {"labels_differ": None}, {"gradient_norm": 0.0}],
    ids=lambda fact: f"{fact}",
)
def test_silent_where_one_fact_differs(fact):
    assert said(FLAT, **fact) == []


def test_a_saturated_answer_that_was_learned_is_left_alone():
    """1 % positives: the batch holds one of them at most, and the classifier is sure of all others."""
    assert said(FELL, saturated=0.5) == []
    assert [i.batch for i in said(FLAT, saturated=0.5)] == [200]


def test_it_ends_when_the_answers_differ_again():
    facts = {"labels_differ": True, "gradient_norm": 0.2, "probe_loss": 1.6}
    signals = {100: probe(constant=True, **facts), 200: probe(constant=False, **facts)}
    (incident,) = incidents([ConstantAnswer()], steps(FLAT, signals=signals))
    assert (incident.state, incident.until) == ("recovered", 200)
