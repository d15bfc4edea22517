"""Buckets: a run of any length keeps its spikes and its gaps in a few hundred rows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasdoctor.views.buckets import FIELDS, LARGEST, LOST, MAXIMUM, MEAN, MINIMUM, WEIGHT, Buckets, pack, unpack

VALUES = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf]), st.none())


def filled(values, limit=8):
    table = Buckets(["loss"], limit)
    for place, value in enumerate(values, 1):
        table.add(place, [value])
    return table


def field(row, which):
    return row[2 + which]


@given(st.lists(VALUES, max_size=200))
def test_spikes_and_gaps_survive_any_length(values):
    """Every finite value lies within its bucket's extremes, the extremes are values, and every lost value is counted in its place."""
    table = filled(values)
    assert len(table.rows) <= table.limit
    covered = 0
    for row in table.rows:
        first, last = int(row[0]), int(row[1])
        assert first == covered + 1
        covered = last
        held = [value for value in values[first - 1 : last] if value is not None]
        finite = [value for value in held if math.isfinite(value)]
        assert field(row, LOST) == len(held) - len(finite)
        assert field(row, WEIGHT) == len(finite)
        if finite:
            assert (field(row, MINIMUM), field(row, MAXIMUM)) == (min(finite), max(finite))
            assert field(row, MEAN) == pytest.approx(math.fsum(finite) / len(finite), rel=1e-6, abs=1e-4)
        else:
            assert math.isnan(field(row, MINIMUM)) and math.isnan(field(row, MEAN))
    assert covered == len(values)


@given(st.lists(VALUES, max_size=100), st.lists(st.integers(1, 30), max_size=10))
def test_what_is_taken_in_pieces_adds_up_to_the_whole(values, cuts):
    """A page that puts each piece at its start ends with the same rows as the kernel, merges included."""
    table, page, at = Buckets(["loss"], 8), [], 0
    for size in [*cuts, len(values)]:
        for value in values[at : at + size]:
            at += 1
            table.add(at, [value])
        start, data = table.take()
        assert start <= len(page)
        page = page[:start] + unpack(data, 1)
    assert pack(page) == table.pack()


def test_rows_survive_packing():
    """Two lines of float32 rows come back as they were."""
    table = Buckets(["loss", "accuracy"])
    table.add(1, [0.5, None])
    table.add(2, [math.nan, 0.25])
    data = table.pack()
    assert len(data) == 4 * 2 * (2 + 2 * FIELDS)
    first, second = unpack(data, 2)
    assert first[:6] == [1, 1, 0.5, 0.5, 0.5, 1.0]
    assert math.isnan(first[7]) and first[6] == 0
    assert second[2 + LOST] == 1 and second[2 + FIELDS + MEAN] == 0.25


def test_nothing_new_is_nothing_to_send():
    table = filled([1.0, 2.0])
    table.take()
    assert table.take() == (2, b"")


def test_a_runaway_loss_fits_into_float32():
    """Beyond float32 the largest number that fits is drawn; struct would raise."""
    row = unpack(filled([1e300, -1e300]).pack(), 1)[1]
    assert field(row, MINIMUM) == pytest.approx(-LARGEST, rel=1e-6)


def test_a_short_batch_counts_by_its_rows_and_is_not_drawn():
    """One row's loss is not a spike of the run."""
    table = Buckets(["loss"], 2)
    for place, (value, weight) in enumerate([(1.0, 1.0), (9.0, 0.05), (1.0, 1.0)], 1):
        table.add(place, [value], weight, weight >= 0.5)
    assert [field(row, MAXIMUM) for row in table.rows] == [1.0, 1.0]
    assert field(table.rows[0], MEAN) == pytest.approx((1 + 9 * 0.05) / 1.05)
