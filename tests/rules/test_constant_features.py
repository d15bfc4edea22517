from dataclasses import replace

from kerasdoctor.finding import Severity
from kerasdoctor.rules.data.constant_features import ConstantFeatures
from tests.rules.tables import IMAGES, TABLE, found, snapshot

ONE = replace(TABLE, column_minima=(-3.0, 5.0, -3.0, -3.0), column_maxima=(3.0, 5.0, 3.0, 3.0))


def test_a_constant_column_is_worth_knowing():
    (finding,) = found(ConstantFeatures, snapshot(ONE))
    assert (finding.severity, finding.message) == (Severity.INFO, "Column 1 of data.x never changes.")
    assert not found(ConstantFeatures, snapshot())


def test_inputs_that_are_one_number_are_a_warning():
    (finding,) = found(ConstantFeatures, snapshot(replace(IMAGES, minimum=0.0, maximum=0.0)))
    assert finding.severity == Severity.WARNING


def test_wide_tables_few_rows_and_streams_do_not_count():
    wide = replace(ONE, shape=(784,), column_minima=(0.0,) * 784, column_maxima=(0.0, *(1.0,) * 783))
    assert not found(ConstantFeatures, snapshot(wide))
    assert not found(ConstantFeatures, snapshot(replace(ONE, rows=5, examined=5)))
    assert not found(ConstantFeatures, snapshot(replace(ONE, partial=True)))
