from dataclasses import replace

from kerasdoctor.rules.training.unbounded_loss import UnboundedLoss
from tests.rules.runs import CLASSIFICATION, falling, incidents, likelihood, steps

RUN = replace(CLASSIFICATION, loss_computes="binary_crossentropy")


def test_a_cross_entropy_below_zero_is_an_incident():
    (incident,) = incidents([UnboundedLoss()], steps([0.5 - 0.1 * k for k in range(60)], run=RUN))
    assert incident.code == "KD518" and incident.batch < 20


def test_a_loss_of_exactly_zero_from_the_start_is_an_incident():
    (incident,) = incidents([UnboundedLoss()], steps([0.0] * 60, run=RUN))
    assert incident.batch == 20


def test_a_likelihood_may_be_negative():
    assert incidents([UnboundedLoss()], steps(likelihood(300))) == []


def test_rounding_around_zero_is_none():
    losses = falling(100) + [1e-5, -1e-5, 0.0] * 50
    assert incidents([UnboundedLoss()], steps(losses, run=RUN)) == []
