"""Healthy runs of many kinds: no training rule may speak."""

import pytest

from kerasdoctor.watch.incidents import training_rules
from tests.rules.runs import HEALTHY, incidents, probe, rising, steps


@pytest.mark.parametrize("name", HEALTHY)
def test_no_rule_speaks_on_a_healthy_loss(name):
    """Loss alone, as in a regression."""
    assert incidents(training_rules(), steps(HEALTHY[name])) == []


@pytest.mark.parametrize("name", ["falling", "small batches", "warm restarts", "label noise"])
def test_no_rule_speaks_with_accuracy_and_probes(name):
    """A probe every 100 batches; at the end its gradient is exactly 0, as under a clipped loss that has been learned."""
    losses = HEALTHY[name]
    signals = {
        batch: probe(gradient_norm=0.0 if batch > 900 else 0.3, saturated=0.19, row_sum_min=1.0, probe_loss=0.01)
        for batch in range(100, len(losses), 100)
    }
    assert incidents(training_rules(), steps(losses, rising(len(losses)), signals=signals)) == []
