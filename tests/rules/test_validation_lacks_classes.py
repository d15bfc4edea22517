from dataclasses import replace

from kerasdoctor.rules.data.validation_lacks_classes import ValidationLacksClasses
from tests.rules.tables import FIT, found, regression, snapshot

HELD = replace(FIT, validation=True, validation_rows=100, validation_counts={0: 50, 1: 50})


def test_classes_missing_on_either_side():
    (finding,) = found(ValidationLacksClasses, snapshot(fit=replace(HELD, validation_counts={0: 100})))
    assert finding.message == "Training has class 1, validation has not."
    (finding,) = found(ValidationLacksClasses, snapshot(fit=replace(HELD, validation_counts={0: 50, 1: 25, 2: 25})))
    assert finding.message == "Validation has class 2, training has not."


def test_silent_where_chance_explains_it():
    assert not found(ValidationLacksClasses, snapshot(fit=HELD))
    assert not found(ValidationLacksClasses, snapshot(fit=replace(HELD, validation_counts={0: 8})))
    assert not found(ValidationLacksClasses, regression(fit=replace(HELD, validation_counts={0: 100})))
