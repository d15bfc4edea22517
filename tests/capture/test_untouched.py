"""Examining leaves no trace: the same bits with and without it, on each backend."""

import pytest

from tests.capture.backends import printed_by
from tests.capture.contract_rows import BACKENDS

PROGRAMS = [
    "sequential",
    "unbuilt_sequential",
    "two_outputs",
    "subclassed",
    "unbuilt_subclassed",
    "nested_functional",
    "in_a_shuffled_dataset",
    "second_fit",
]


@pytest.mark.keras
@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_same_bits_with_and_without(backend, program):
    """Weights, optimizer, metrics, graph nodes, later random draws, automatic names, and a fit that follows."""
    found = printed_by("tests.capture.fit_twice", backend)[program]
    assert found["control"] == "", "two plain runs differ on this machine"
    assert found["examined"] == ""
