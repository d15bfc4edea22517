import math

from kerasdoctor.rules.training.non_finite_loss import NonFiniteLoss
from tests.rules.runs import falling, incidents, probe, steps


def test_nan_is_an_incident_at_its_batch():
    (incident,) = incidents([NonFiniteLoss()], steps(falling(60) + [math.nan] * 40))
    assert (incident.code, incident.batch, incident.state) == ("KD501", 61, "confirmed")
    assert "epoch 2, batch 11" in incident.message


def test_infinity_is_named():
    (incident,) = incidents([NonFiniteLoss()], steps([1.0, math.inf]))
    assert "infinite" in incident.message


def test_a_finite_loss_afterwards_closes_it_unless_the_weights_are_bad():
    healed = [*falling(60), math.nan, *falling(20)]
    assert incidents([NonFiniteLoss()], steps(healed))[0].state == "recovered"
    bad = {62: probe(weights_finite=False, bad_weights=("dense/kernel",))}
    assert incidents([NonFiniteLoss()], steps(healed, signals=bad))[0].until is None


def test_large_finite_losses_are_none():
    assert incidents([NonFiniteLoss()], steps([1e30] * 20)) == []
