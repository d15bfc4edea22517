import random
from dataclasses import replace

from kerasdoctor.rules.training.stuck_at_chance import StuckAtChance
from tests.rules.runs import CLASSIFICATION, falling, incidents, rising, steps

RUN = replace(CLASSIFICATION, loss_computes="sparse_categorical_crossentropy")


def flat(level, count, spread=0.02):
    draw = random.Random(1)
    return [level + draw.gauss(0, spread) for _ in range(count)]


def found(losses, accuracies, run=RUN):
    return incidents([StuckAtChance()], steps(losses, accuracies, run=run))


def test_guessing_after_hundreds_of_batches_is_an_incident():
    (incident,) = found(flat(1.61, 600), flat(0.2, 600))
    assert incident.code == "KD508" and incident.batch >= 300 and incident.state == "confirmed"


def test_learning_late_closes_it():
    (incident,) = found(flat(1.61, 400) + falling(600), flat(0.2, 400) + rising(600))
    assert incident.state == "recovered"


def test_slow_learning_is_not_stuck():
    assert found(flat(1.4, 600), flat(0.3, 600)) == []


def test_units_with_their_own_binary_losses_are_left_alone():
    assert found(flat(1.61, 600), flat(0.2, 600), replace(RUN, loss_computes="binary_crossentropy")) == []


def test_what_had_learned_and_lost_it_is_another_fault():
    assert found(falling(300) + flat(1.61, 700), rising(300) + flat(0.2, 700)) == []
