from dataclasses import replace

import pytest

from kerasdoctor.finding import Severity
from kerasdoctor.rules.data.reach import reach
from kerasdoctor.rules.data.unscaled_targets import UnscaledTargets
from kerasdoctor.snapshot import Optimizer, Probe
from tests.rules.tables import FIRST, FIT, LAST, LINEAR, MSE, TARGETS, found, regression

MILLIONS = replace(TARGETS, minimum=0.0, maximum=4e6, mean=2e6, std=1e6)
TENS = replace(TARGETS, minimum=5.0, maximum=50.0, mean=22.0, std=9.0)
SGD = Optimizer("SGD", 0.01)


def test_targets_that_adam_cannot_reach_are_an_error():
    (finding,) = found(UnscaledTargets, regression(MILLIONS))
    assert finding.severity == Severity.ERROR
    assert finding.fixes[0].edits[0].template == "({} - 2000000.0) / 1000000.0"


def test_the_reach_follows_from_rate_updates_and_widths():
    """20 epochs of 13 steps of 0.001 move a weight by 0.26: 0.26 (1 + 8 (1 + 4 x 0.26)) = 4.5."""
    facts = regression(TENS)
    assert reach(facts, facts.contracts[0]) == pytest.approx(0.26 * (1 + 8 * (1 + 4 * 0.26)))
    (finding,) = found(UnscaledTargets, facts)
    assert finding.severity == Severity.WARNING


def test_silent_where_the_training_is_long_enough():
    assert not found(UnscaledTargets, regression(TENS, fit=replace(FIT, epochs=200)))
    assert not found(UnscaledTargets, regression(TENS, optimizer=Optimizer("Adam", 0.01)))


def test_unit_targets_and_too_few_updates_are_another_matter():
    assert not found(UnscaledTargets, regression(fit=replace(FIT, epochs=1, steps=1)))


def test_epochs_that_were_not_given_may_stand_in_a_loop():
    assert not found(UnscaledTargets, regression(TENS, fit=replace(FIT, epochs=1, arguments=())))


def test_a_bounded_layer_below_the_head_does_not_grow():
    bounded = regression(TENS, layers=(replace(FIRST, activation="sigmoid"), replace(LAST, activation="linear")))
    assert reach(bounded, bounded.contracts[0]) == pytest.approx(0.26 * 9)


def test_sgd_jumps_on_targets_in_the_hundreds_and_not_in_the_tens():
    hundreds = replace(TARGETS, mean=200.0, std=100.0, maximum=500.0)
    (finding,) = found(UnscaledTargets, regression(hundreds, optimizer=SGD))
    assert "first SGD step" in finding.message
    assert not found(UnscaledTargets, regression(TENS, optimizer=SGD))
    assert not found(UnscaledTargets, regression(hundreds, optimizer=replace(SGD, clipped=True)))
    assert not found(UnscaledTargets, regression(hundreds, optimizer=SGD, loss=replace(MSE, computes="mean_absolute_error")))


@pytest.mark.parametrize(
    "changes",
    [
        {"head": replace(LINEAR, after=("Rescaling",))},
        {"probe": Probe(minimum=0.0, maximum=3e6)},
        {"loss": replace(MSE, computes="mean_squared_logarithmic_error")},
        {"loss": replace(MSE, computes=None, builtin=False)},
    ],
    ids=["scaled back", "outputs are there already", "logarithms", "own loss"],
)
def test_silent(changes):
    assert not found(UnscaledTargets, regression(MILLIONS, **changes))
