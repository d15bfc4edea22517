from dataclasses import replace

from kerasdoctor.finding import Severity
from kerasdoctor.rules.data.validation_overlaps_training import ValidationOverlapsTraining
from tests.rules.tables import FIT, TABLE, found, snapshot

HELD = replace(FIT, validation=True, validation_rows=100, validation_examined=100)


def test_shared_rows_are_counted():
    (finding,) = found(ValidationOverlapsTraining, snapshot(fit=replace(HELD, validation_overlap=60)))
    assert (finding.severity, finding.message) == (Severity.WARNING, "60 of 100 validation rows stand in the training data.")
    (finding,) = found(ValidationOverlapsTraining, snapshot(fit=replace(HELD, validation_overlap=100, same_data=True)))
    assert finding.message == "The validation data are the training data."
    (finding,) = found(ValidationOverlapsTraining, snapshot(fit=replace(HELD, validation_overlap=2)))
    assert finding.severity == Severity.INFO


def test_silent_where_training_rows_repeat_each_other_and_for_few_rows():
    fit = replace(HELD, validation_overlap=60)
    assert not found(ValidationOverlapsTraining, snapshot(replace(TABLE, duplicate_rows=200), fit=fit))
    assert not found(ValidationOverlapsTraining, snapshot(fit=replace(fit, validation_examined=4, validation_overlap=4)))
    assert not found(ValidationOverlapsTraining, snapshot(fit=HELD))
