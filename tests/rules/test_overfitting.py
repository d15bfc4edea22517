from kerasdoctor.rules.training.overfitting import Overfitting
from kerasdoctor.step import Epoch, Step


def found(pairs):
    rule, seen = Overfitting(), []
    for number, (loss, value) in enumerate(pairs, 1):
        seen += rule.observe_epoch(Epoch(number, 10 * number, {"loss": loss, "val_loss": value}), Step(10 * number, number, 10, loss))
    return seen


def test_a_rising_validation_loss_under_a_falling_loss_is_an_incident():
    seen = found([(1 / k, 0.5 + abs(5 - k) * 0.04) for k in range(1, 15)])
    assert [(i.code, i.epoch, i.numbers["best_epoch"]) for i in seen] == [("KD516", 11, 5)]


def test_a_noisy_validation_loss_is_none():
    assert found([(1 / k, 0.5 + (0.2 if k % 4 else 0)) for k in range(1, 30)]) == []


def test_a_validation_loss_that_rises_with_the_loss_is_something_else():
    assert found([(0.1 * k, 0.1 * k) for k in range(1, 15)]) == []


def test_without_validation_it_is_silent():
    rule = Overfitting()
    assert list(rule.observe_epoch(Epoch(1, 10, {"loss": 1.0}), Step(10, 1, 10, 1.0))) == []
