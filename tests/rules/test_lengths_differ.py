from dataclasses import replace

from kerasdoctor.rules.data.lengths_differ import LengthsDiffer
from tests.rules.tables import FIT, found, snapshot


def test_the_lengths_are_named():
    (finding,) = found(LengthsDiffer, snapshot(fit=replace(FIT, lengths={"x": 400, "y": 399})))
    assert finding.message == "Different numbers of rows: x 400, y 399."
    (finding,) = found(LengthsDiffer, snapshot(fit=replace(FIT, validation_lengths={"x": 40, "y": 39})))
    assert finding.place == "fit.validation_data"


def test_silent_for_equal_or_unknown_lengths():
    assert not found(LengthsDiffer, snapshot())
    assert not found(LengthsDiffer, snapshot(fit=replace(FIT, lengths={})))
    assert not found(LengthsDiffer, snapshot(fit=None))
