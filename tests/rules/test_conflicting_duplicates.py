from dataclasses import replace

from kerasdoctor.finding import Severity
from kerasdoctor.rules.data.conflicting_duplicates import ConflictingDuplicates
from tests.rules.tables import TABLE, found, regression, snapshot


def test_labels_that_have_nothing_to_do_with_the_inputs_are_a_warning():
    (finding,) = found(ConflictingDuplicates, snapshot(replace(TABLE, duplicate_rows=384, conflicting_rows=400, best_share=0.58)))
    assert finding.severity == Severity.WARNING
    assert "0.58" in finding.message


def test_a_noisy_table_is_worth_knowing():
    """Few columns of whole numbers repeat by nature, and people differ."""
    (finding,) = found(ConflictingDuplicates, snapshot(replace(TABLE, duplicate_rows=384, conflicting_rows=300, best_share=0.82)))
    assert finding.severity == Severity.INFO


def test_silent_for_few_conflicts_and_for_regression():
    assert not found(ConflictingDuplicates, snapshot(replace(TABLE, duplicate_rows=100, conflicting_rows=8, best_share=0.99)))
    assert not found(ConflictingDuplicates, regression(values=replace(TABLE, conflicting_rows=400, best_share=0.5)))
    assert not found(ConflictingDuplicates, snapshot())
