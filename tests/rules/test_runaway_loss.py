from kerasdoctor.rules.training.runaway_loss import RunawayLoss
from tests.rules.runs import falling, incidents, likelihood, steps


def test_a_loss_that_doubles_each_batch_is_seen():
    (incident,) = incidents([RunawayLoss()], steps([2.0**k for k in range(40)]))
    assert incident.code == "KD506" and incident.batch <= 25 and incident.numbers["now"] > 10


def test_ten_times_a_start_below_one_is_not_enough():
    assert incidents([RunawayLoss()], steps([0.1] * 50 + [5.0] * 50)) == []


def test_single_giants_are_noise():
    losses = falling(200)
    losses[50::20] = [1e6] * len(losses[50::20])
    assert incidents([RunawayLoss()], steps(losses)) == []


def test_a_loss_that_falls_far_below_zero_is_not_running_away():
    assert incidents([RunawayLoss()], steps(likelihood(600))) == []
