from dataclasses import replace

from kerasdoctor.rules.data.validation_takes_sorted_tail import ValidationTakesSortedTail
from tests.rules.tables import BINARY, FIT, found, regression, snapshot

SPLIT = replace(FIT, validation_split=0.2, arguments=("epochs", "validation_split"))
SORTED = replace(BINARY, sorted_share=0.997, tail_classes=(1,))


def test_a_sorted_tail_is_found_with_a_patch_that_keeps_pairs_together():
    (finding,) = found(ValidationTakesSortedTail, snapshot(labels=SORTED, fit=SPLIT))
    assert "none of class 0" in finding.message
    x, y = finding.fixes[0].edits
    assert (x.name, y.name, x.template) == ("x", "y", y.template)


def test_a_class_that_is_never_trained_on_comes_first():
    labels = replace(SORTED, head_classes=(0,), tail_classes=(0, 1))
    (finding,) = found(ValidationTakesSortedTail, snapshot(labels=labels, fit=SPLIT))
    assert "every row of class 1" in finding.message


def test_silent_without_a_split_or_where_the_class_is_too_rare_to_be_expected():
    assert not found(ValidationTakesSortedTail, snapshot(labels=SORTED))
    assert not found(ValidationTakesSortedTail, snapshot(fit=SPLIT))
    rare = replace(BINARY, counts={0: 360, 1: 40}, tail_classes=(0,))
    assert not found(ValidationTakesSortedTail, snapshot(labels=rare, fit=SPLIT))
    assert not found(ValidationTakesSortedTail, regression(fit=SPLIT))


def test_no_patch_for_a_data_frame():
    (finding,) = found(ValidationTakesSortedTail, snapshot(labels=replace(SORTED, container="pandas.Series"), fit=SPLIT))
    assert not finding.fixes[0].edits
