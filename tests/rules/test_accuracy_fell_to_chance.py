import random
from dataclasses import replace

from kerasdoctor.rules.training.accuracy_fell_to_chance import AccuracyFellToChance
from tests.rules.runs import CLASSIFICATION, incidents, rising, steps


def found(accuracies, run=CLASSIFICATION):
    return incidents([AccuracyFellToChance()], steps([0.1] * len(accuracies), accuracies, run=run))


def test_a_fall_to_the_share_of_one_class_is_seen_within_20_batches():
    (incident,) = found(rising(400) + [0.2] * 100)
    assert incident.code == "KD505" and 400 < incident.batch <= 420 and incident.state == "confirmed"


def test_a_third_of_the_gain_is_not_half():
    assert found(rising(400) + [0.75] * 100) == []


def test_single_batches_of_one_class_are_noise():
    assert found(rising(400) + [0.0] * 5 + rising(100, seed=2)[50:]) == []


def test_without_an_accuracy_or_a_chance_it_is_silent():
    assert found(rising(400) + [0.2] * 100, replace(CLASSIFICATION, accuracy=None)) == []
    assert found(rising(400) + [0.2] * 100, replace(CLASSIFICATION, chance=None, classes=None)) == []


def test_a_base_rate_of_95_percent_leaves_no_gain_to_lose():
    assert found([0.97] * 300 + [0.95] * 100, replace(CLASSIFICATION, chance=0.95)) == []


def test_batches_of_four_rows_swing_without_a_fall():
    """Accuracies of 0, 0.25 ... 1 around 0.72: their best smoothed value is far above what the model can do."""
    draw = random.Random(1)
    swinging = [sum(draw.random() < 0.72 for _ in range(4)) / 4 for _ in range(3000)]
    few = [replace(step, rows=4) for step in steps([0.5] * 3000, swinging, run=replace(CLASSIFICATION, chance=0.5))]
    assert incidents([AccuracyFellToChance()], few) == []
    assert incidents([AccuracyFellToChance()], [replace(step, rows=4000) for step in few]) != []
