from dataclasses import replace

from kerasdoctor.rules.data.labels_scaled_like_inputs import LabelsScaledLikeInputs
from tests.rules.tables import BINARY, MSE, SPARSE, found, snapshot

DIVIDED = replace(BINARY, form="fractions", whole=False, maximum=1 / 255, counts={}, classes=None, distinct=2)


def test_class_numbers_that_are_not_whole():
    (finding,) = found(LabelsScaledLikeInputs, snapshot(labels=replace(DIVIDED, maximum=9 / 255, distinct=10), loss=SPARSE))
    assert finding.fixes[0].edits[0].template == "np.round({} * 255).astype(int)"


def test_binary_labels_divided_by_255():
    assert found(LabelsScaledLikeInputs, snapshot(labels=DIVIDED))


def test_silent_for_smoothed_labels_shares_pixels_and_regression():
    assert not found(LabelsScaledLikeInputs, snapshot())
    assert not found(LabelsScaledLikeInputs, snapshot(labels=replace(DIVIDED, maximum=0.9)))
    assert not found(LabelsScaledLikeInputs, snapshot(labels=replace(DIVIDED, minimum=0.005)))
    assert not found(LabelsScaledLikeInputs, snapshot(labels=replace(DIVIDED, distinct=200)))
    assert not found(LabelsScaledLikeInputs, snapshot(labels=replace(DIVIDED, equals_input=True)))
    assert not found(LabelsScaledLikeInputs, snapshot(labels=DIVIDED, loss=MSE))
