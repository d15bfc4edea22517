from dataclasses import replace

from kerasdoctor.rules.training.zero_gradient import ZeroGradient
from tests.rules.runs import CLASSIFICATION, falling, incidents, probe, rising, steps

ZERO = probe(gradient_norm=0.0)
CASE_A = replace(CLASSIFICATION, classes=2, chance=0.6)


def test_two_zero_gradients_on_a_high_loss_are_an_incident_and_the_clipped_loss_is_recognised():
    """Case A's end state: loss 6.4 = 16 x 0.40, accuracy 0.60."""
    (incident,) = incidents([ZeroGradient()], steps([0.7] * 5 + [6.4] * 95, [0.6] * 100, run=CASE_A, signals={50: ZERO, 60: ZERO}))
    assert (incident.code, incident.batch) == ("KD507", 60)
    assert incident.numbers["clipped_saturated"] and "saturated, constant answer" in incident.message


def test_one_zero_gradient_is_not_enough():
    assert incidents([ZeroGradient()], steps([1.6] * 100, signals={50: ZERO, 60: probe(gradient_norm=0.1), 70: ZERO})) == []


def test_a_solved_problem_has_no_gradient_either():
    assert incidents([ZeroGradient()], steps(falling(400), rising(400), signals={300: ZERO, 350: ZERO})) == []


def test_label_noise_memorised_under_a_clipped_loss_is_left_alone():
    """The loss stays at half of its start, but the accuracy is far above chance."""
    assert incidents([ZeroGradient()], steps([1.0] * 400, [0.9] * 400, signals={300: ZERO, 350: ZERO})) == []


def test_a_gradient_that_was_not_measured_says_nothing():
    assert incidents([ZeroGradient()], steps([1.6] * 100, signals={50: probe(), 60: probe()})) == []
