"""Facts of any array: whatever a user gives, facts come back, they agree with NumPy, and the array is left as it was."""

import numpy as np
import pytest

pytest.importorskip("keras")

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kerasdoctor.capture.facts import input_facts, label_facts

pytestmark = pytest.mark.keras

DTYPES = st.sampled_from(["float32", "float64", "float16", "int64", "uint8", "bool", "int8"])
SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=6)
ARRAYS = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))


@settings(max_examples=150, deadline=None)
@given(ARRAYS)
def test_input_facts_agree_with_numpy(array):
    """Range and bad rows are those of the array; nothing is written to it."""
    before = array.copy()
    facts = input_facts("data.x", array)
    assert np.array_equal(array, before, equal_nan=array.dtype.kind == "f")
    assert facts.rows == len(array)
    if not array.size:
        return
    values = array.astype("float64").reshape(len(array), -1)
    bad = ~np.isfinite(values).all(1)
    assert facts.bad_count == bad.sum()
    assert set(facts.bad_rows) <= set(np.flatnonzero(bad).tolist())
    if not bad.any():
        assert facts.minimum == values.min() and facts.maximum == values.max()


@settings(max_examples=150, deadline=None)
@given(ARRAYS, st.sampled_from([None, (1,), (3,), (4, 3), (4, 4, 2)]))
def test_label_facts_never_fail(array, output_shape):
    """One of the known forms, and counts that add up to what was looked at."""
    facts = label_facts(array, output_shape)
    forms = "one-hot integers binary multi-hot plus-minus-one probabilities fractions continuous text other"
    assert facts.form in forms.split()
    if facts.form in ("one-hot", "binary") and array.ndim <= 2 and not facts.bad_count:
        assert sum(facts.counts.values()) == (len(array) if facts.form == "one-hot" else array.size)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays("O", hnp.array_shapes(max_dims=2, max_side=5), elements=st.one_of(st.text(max_size=5), st.none(), st.integers(-3, 3))))
def test_objects_of_any_kind_are_read(array):
    """Text, None and numbers mixed: facts, not an exception."""
    assert input_facts("data.x", array).rows == len(array)
    assert label_facts(array, (3,)).form
