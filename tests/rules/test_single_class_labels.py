from dataclasses import replace

from kerasdoctor.rules.data.single_class_labels import SingleClassLabels
from tests.rules.tables import BINARY, MSE, found, snapshot

ALL_ONE = replace(BINARY, counts={1: 400})


def test_one_class_is_named():
    (finding,) = found(SingleClassLabels, snapshot(labels=ALL_ONE))
    assert finding.message == "All 400 labels are class 1."
    assert not found(SingleClassLabels, snapshot())


def test_silent_for_few_rows_samples_streams_and_other_losses():
    assert not found(SingleClassLabels, snapshot(labels=replace(ALL_ONE, counts={1: 4}, rows=4, examined=4)))
    assert not found(SingleClassLabels, snapshot(labels=replace(ALL_ONE, rows=10_000_000)))
    assert not found(SingleClassLabels, snapshot(labels=replace(ALL_ONE, partial=True)))
    assert not found(SingleClassLabels, snapshot(labels=ALL_ONE, loss=MSE))
