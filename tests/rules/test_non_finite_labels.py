from dataclasses import replace

from kerasdoctor.rules.data.non_finite_labels import NonFiniteLabels
from tests.rules.tables import MSE, PROBE, TARGETS, found, regression

HOLED = replace(TARGETS, bad_rows=(5,), bad_count=1)
OWN = replace(MSE, builtin=False, computes=None)


def test_rows_are_named():
    (finding,) = found(NonFiniteLabels, regression(HOLED))
    assert finding.message == "1 label row holds NaN or Inf: 5."
    assert not found(NonFiniteLabels, regression())


def test_silent_where_the_users_loss_leaves_them_out():
    assert not found(NonFiniteLabels, regression(HOLED, loss=OWN, probe=PROBE))
    assert found(NonFiniteLabels, regression(HOLED, loss=OWN, probe=replace(PROBE, seen=float("nan"))))
