from dataclasses import replace

from kerasdoctor.rules.data.non_finite_inputs import NonFiniteInputs
from kerasdoctor.snapshot import Layer
from tests.rules.tables import FIRST, LAST, PROBE, TABLE, found, snapshot

HOLED = replace(TABLE, bad_rows=(3, 17), bad_count=2)


def test_rows_are_named():
    (finding,) = found(NonFiniteInputs, snapshot(HOLED))
    assert finding.message == "2 rows of data.x hold NaN or Inf: 3, 17."
    (finding,) = found(NonFiniteInputs, snapshot(replace(HOLED, bad_rows=(3,), bad_count=1)))
    assert finding.message == "1 row of data.x holds NaN or Inf: 3."
    (finding,) = found(NonFiniteInputs, snapshot(replace(HOLED, bad_count=90)))
    assert finding.message.endswith("3, 17 and more.")
    assert not found(NonFiniteInputs, snapshot())


def test_silent_where_the_model_marks_or_replaces_them():
    masking = Layer(path="layers[2]", name="mask", kind="Masking", inputs=("inputs[0]",))
    assert not found(NonFiniteInputs, snapshot(HOLED, layers=(masking, FIRST, LAST)))
    assert not found(NonFiniteInputs, snapshot(replace(HOLED, rescaled=True)))


def test_a_finite_probe_proves_nothing_where_nothing_stands_before_the_weights():
    """A fused relu turns NaN into 0."""
    assert found(NonFiniteInputs, snapshot(HOLED))


def test_a_probe_that_did_not_meet_such_a_row_proves_nothing():
    assert found(NonFiniteInputs, snapshot(replace(HOLED, rescaled=True, bad_rows=(300,))))
    assert found(NonFiniteInputs, snapshot(replace(HOLED, rescaled=True), probe=replace(PROBE, finite=False)))
