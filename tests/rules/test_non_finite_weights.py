from kerasdoctor.rules.training.non_finite_weights import NonFiniteWeights
from tests.rules.runs import falling, incidents, probe, steps

BAD = probe(weights_finite=False, bad_weights=("conv2d/kernel", "conv2d/bias", "dense/kernel", "dense/bias"))


def test_bad_weights_are_named_in_the_order_of_the_model():
    (incident,) = incidents([NonFiniteWeights()], steps(falling(100), signals={50: BAD, 60: BAD}))
    assert (incident.code, incident.batch, incident.until) == ("KD502", 50, None)
    assert "4 weights hold" in incident.message and "conv2d/kernel, conv2d/bias, dense/kernel and 1 more" in incident.message


def test_finite_weights_afterwards_close_it():
    (incident,) = incidents([NonFiniteWeights()], steps(falling(100), signals={50: BAD, 60: probe()}))
    assert (incident.state, incident.until) == ("recovered", 60)


def test_finite_weights_are_none():
    assert incidents([NonFiniteWeights()], steps(falling(100), signals={50: probe()})) == []
