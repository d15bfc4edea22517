from dataclasses import replace

import pytest

from kerasdoctor.finding import Severity
from kerasdoctor.rules.data.imbalanced_classes import ImbalancedClasses
from tests.rules.tables import BCE, BINARY, FIT, found, snapshot

RARE = replace(BINARY, counts={0: 390, 1: 10})


def test_a_rare_class_is_a_warning_with_the_accuracy_of_naming_the_other():
    (finding,) = found(ImbalancedClasses, snapshot(labels=RARE))
    assert finding.severity == Severity.WARNING
    assert "0.975" in finding.message
    assert finding.fixes[0].edits[0].value == {0: 0.513, 1: 20.0}


def test_up_to_twenty_to_one_it_is_worth_knowing_and_below_ten_nothing():
    (finding,) = found(ImbalancedClasses, snapshot(labels=replace(BINARY, counts={0: 375, 1: 25})))
    assert finding.severity == Severity.INFO
    assert not found(ImbalancedClasses, snapshot(labels=replace(BINARY, counts={0: 350, 1: 50})))


def test_one_rare_class_of_many_is_nothing():
    assert not found(ImbalancedClasses, snapshot(labels=replace(BINARY, counts={0: 200, 1: 199, 2: 1})))


@pytest.mark.parametrize(
    "changes",
    [
        {"fit": replace(FIT, class_weight=True)},
        {"fit": replace(FIT, sample_weight=True)},
        {"loss": replace(BCE, computes="binary_focal_crossentropy")},
        {"labels": replace(RARE, sorted_share=None)},
        {"labels": replace(RARE, counts={0: 21, 1: 1})},
        {"labels": replace(RARE, partial=True)},
    ],
    ids=["class_weight", "sample_weight", "focal", "a mask of pixels", "few rows", "stream"],
)
def test_silent(changes):
    assert not found(ImbalancedClasses, snapshot(**({"labels": RARE} | changes)))
