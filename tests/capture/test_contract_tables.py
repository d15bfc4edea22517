"""Head, loss and labels: each row of the tables of verdicts, on each backend, against what the examination says."""

import pytest

from tests.capture.backends import printed_by
from tests.capture.contract_rows import BACKENDS, RIGHT, ROWS

pytestmark = [pytest.mark.keras, pytest.mark.slow]


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request):
    return request.param


@pytest.fixture(scope="session")
def found(backend):
    """Row name -> outline of its report, all rows of a backend examined in one process."""
    return printed_by("tests.capture.examine_rows", backend)["rows"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_verdict(row, backend, found):
    """Head, formula, link and findings are those of the table; nothing is raised, whatever the labels."""
    report = found[row.name]
    assert "raised" not in report
    contract = report["contracts"][0]
    _check_contract(row, backend, contract)
    expected = row.on("codes", backend)
    spoken = {code: severity for code, severity in report["codes"].items() if code.startswith("KD1")}
    assert set(spoken) == set(expected), report["messages"]
    assert {code: spoken[code] for code, severity in expected.items() if severity} == {k: v for k, v in expected.items() if v}
    assert not [note for note in report["notes"] if "could not be checked" in note]


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row.name)
def test_right_rows_are_clean_of_every_family(row, found):
    """Where head, loss and labels agree no rule of any family has an error or a warning."""
    assert not {code: severity for code, severity in found[row.name]["codes"].items() if severity != "info"}


def _check_contract(row, backend, contract):
    if row.shown:
        assert contract["head"] == row.shown
    assert contract["path"] is not None
    assert (contract["computes"], contract["decoded"]) == (row.computes, row.decoded)
    assert bool(contract["error"]) == (backend in row.raises), contract["error"]
    if not contract["error"]:
        for field in ("link", "trained_as"):
            assert row.on(field, backend) in (None, contract[field])
    _check_values(row, contract)


def _check_values(row, contract):
    assert contract["finite"]
    low, high = contract["row_sum_min"], contract["row_sum_max"]
    if row.row_sums == "one":
        assert (low, high) == pytest.approx((1, 1), abs=1e-3)
    if row.row_sums == "free":
        assert high - low > 0.05
