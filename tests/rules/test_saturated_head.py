from dataclasses import replace

from kerasdoctor.rules.training.saturated_head import SaturatedHead
from tests.rules.runs import CLASSIFICATION, falling, incidents, probe, steps

RUN = replace(CLASSIFICATION, loss_computes="categorical_crossentropy", head_activation="sigmoid", link="values")


def found(saturated, run=RUN):
    return incidents([SaturatedHead()], steps(falling(400), run=run, signals={k: probe(saturated=saturated) for k in (100, 200, 300)}))


def test_more_saturated_outputs_than_right_answers_are_an_incident():
    (incident,) = found(0.35)
    assert (incident.code, incident.batch) == ("KD512", 200)


def test_one_right_answer_a_row_is_healthy():
    assert found(0.2) == []


def test_where_the_loss_sees_logits_or_the_link_is_unknown_it_is_silent():
    assert found(0.35, replace(RUN, link="logits")) == []
    assert found(0.35, replace(RUN, link=None)) == []


def test_several_labels_a_row_may_saturate():
    assert found(0.35, replace(RUN, loss_computes="binary_crossentropy")) == []
