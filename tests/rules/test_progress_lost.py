import random

from kerasdoctor.rules.training.progress_lost import ProgressLost
from kerasdoctor.step import RunFacts
from tests.rules.runs import falling, incidents, steps


def noisy(level, count, seed=1):
    draw = random.Random(seed)
    return [level * (1 + draw.gauss(0, 0.2)) for _ in range(count)]


def test_a_loss_that_climbs_back_is_seen_within_20_batches_and_confirmed():
    (incident,) = incidents([ProgressLost()], steps(falling(400) + noisy(1.5, 200)))
    assert incident.code == "KD503" and 400 < incident.batch <= 420
    assert incident.state == "confirmed" and incident.until is None
    assert incident.numbers["best"] < 0.1 and "progress" in incident.message


def test_a_burst_that_heals_is_recovered_and_never_confirmed():
    (incident,) = incidents([ProgressLost()], steps(falling(400) + noisy(1.5, 25) + noisy(0.02, 200)))
    assert incident.state == "recovered" and 425 <= incident.until <= 445


def test_it_is_seen_before_it_is_confirmed():
    (incident,) = incidents([ProgressLost()], steps(falling(400) + noisy(1.5, 30)))
    assert incident.state == "seen"


def test_four_bad_batches_in_a_row_are_noise():
    assert incidents([ProgressLost()], steps(falling(400) + [30.0] * 4 + noisy(0.02, 200))) == []


def test_a_third_of_the_progress_is_not_half():
    assert incidents([ProgressLost()], steps(falling(400) + noisy(0.5, 200))) == []


def test_it_waits_for_progress():
    """A run that never learned has nothing to lose."""
    assert incidents([ProgressLost()], steps(noisy(1.6, 300))) == []


def test_losses_that_need_not_fall_together_are_left_alone():
    run = RunFacts(steps=50, single_loss=False)
    assert incidents([ProgressLost()], steps(falling(400) + noisy(1.5, 200), run=run)) == []


def test_non_finite_losses_are_skipped():
    losses = falling(400)
    losses[200] = float("nan")
    assert incidents([ProgressLost()], steps(losses)) == []
