from kerasdoctor.rules.training.accuracy_fell_to_chance import AccuracyFellToChance
from kerasdoctor.rules.training.collapsed import Collapsed
from kerasdoctor.rules.training.progress_lost import ProgressLost
from tests.rules.runs import falling, incidents, rising, steps

GOOD, BAD = falling(400), [1.5, 1.7, 1.4, 1.6] * 50


def by_code(found):
    return {incident.code: incident for incident in found}


def test_half_of_the_progress_lost_for_an_epoch_is_a_collapse():
    found = by_code(incidents([Collapsed(), ProgressLost()], steps(GOOD + BAD)))
    assert found["KD504"].batch - found["KD503"].batch in range(50, 60)
    assert found["KD504"].state == "confirmed"


def test_a_second_rule_confirms_it_at_once():
    rules = [ProgressLost(), AccuracyFellToChance(), Collapsed()]
    found = by_code(incidents(rules, steps(GOOD + BAD, rising(400) + [0.2] * 200)))
    assert found["KD504"].batch - 400 <= 20
    assert "confirms it" in found["KD504"].message


def test_a_burst_that_heals_is_never_a_collapse():
    assert "KD504" not in by_code(incidents([ProgressLost(), Collapsed()], steps(GOOD + BAD[:25] + [0.02] * 300)))


def test_a_collapse_that_heals_is_closed():
    found = by_code(incidents([ProgressLost(), Collapsed()], steps(GOOD + BAD[:90] + [0.02] * 300)))
    assert found["KD504"].state == "recovered" and found["KD504"].until is not None
