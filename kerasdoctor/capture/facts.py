"""Arrays -> Input and Labels: ranges, spreads, bad rows, classes, in bounded time."""

from __future__ import annotations

import math
import warnings

import numpy as np

from kerasdoctor.capture.streams import as_numpy, container_of, rows_between
from kerasdoctor.snapshot import Input, Labels

FULL_PASS = 16_000_000  # elements read in full (64 MB of float32, about 0.1 s); beyond it a sample
SAMPLE = 2_000_000  # elements of that sample
BLOCKS = 64  # evenly spread, so that sorted and memory-mapped files are met everywhere at little cost
MOMENTS = 1_000_000  # elements for mean and spread
MOST_COLUMNS = 10_000
MOST_CLASSES = 1_000
MOST_COUNTED = 100_000  # class numbers below it are counted one by one
KEPT_ROWS = 10


def examined_rows(array):
    """(rows to look at, their numbers): the whole array, or evenly spread blocks of it when it is large.

    ``array``: a NumPy array, or what ``input_facts`` takes; (None, None) where it is no array of rows.
    """
    rows, width = row_count(array), math.prod(int(size) for size in getattr(array, "shape", ())[1:])
    if rows is None or not width or rows * width <= FULL_PASS:
        values = as_numpy(array)
        return (None, None) if values is None else (values, np.arange(len(values)))
    take = max(BLOCKS, SAMPLE // width)
    block = max(1, take // BLOCKS)
    starts = sorted(set(np.linspace(0, rows - block, BLOCKS).astype(int).tolist()))
    parts = [rows_between(array, start, start + block) for start in starts]
    return np.concatenate(parts), np.unique(np.concatenate([np.arange(start, start + block) for start in starts]))


def row_count(array):
    """How many rows an array of any kind has, or None."""
    shape = getattr(array, "shape", None)
    if shape is not None and len(shape):
        return int(shape[0]) if shape[0] is not None else None
    try:
        return len(array)
    except TypeError:
        return None


def input_facts(name, array, **known):
    """Facts of one input. Shapes are without rows; anything that is not an array of numbers gets its kind and length only."""
    part, numbers = examined_rows(array)
    base = dict(name=name, container=container_of(array), rows=row_count(array)) | known
    if part is None or part.dtype.kind not in "biufc":
        dtype = "" if part is None else ("text" if part.dtype.kind in "OUS" else str(part.dtype))
        return Input(**base, dtype=dtype, shape=None if part is None else part.shape[1:])
    bad, count = bad_rows(part, numbers)
    moments = _moments(part)
    return Input(
        **base,
        shape=tuple(int(s) for s in part.shape[1:]),
        dtype=str(part.dtype),
        examined=len(part),
        bad_rows=bad,
        bad_count=count,
        whole=_whole(part),
        **moments,
        **_columns(part),
    )


def bad_rows(part, numbers):
    """(numbers of the first rows that hold NaN or Inf, how many such rows)."""
    if part.dtype.kind != "f" or not part.size or np.isfinite(np.sum(part, dtype="float64")):
        return (), 0
    rows = np.flatnonzero(~np.isfinite(part).reshape(len(part), -1).all(1))
    return tuple(int(numbers[r]) for r in rows[:KEPT_ROWS]), len(rows)


def _moments(part):
    if not part.size:
        return {}
    with np.errstate(all="ignore"):
        clean = np.asarray(_some(part, part.size // MOMENTS), dtype="float64")
        if part.dtype.kind == "f" and not np.isfinite(clean).all():
            clean = clean[np.isfinite(clean)]
        low, high = (np.nanmin(part), np.nanmax(part)) if part.dtype.kind == "f" else (part.min(), part.max())
    return dict(minimum=float(low), maximum=float(high), mean=_number(clean, np.mean), std=_number(clean, np.std))


def _some(rows, step):
    """One row in ``step``, drawn at random: every n-th row would meet only one phase of data that alternate."""
    if step < 2 or len(rows) < 2 * step:
        return rows
    return rows[np.sort(np.random.default_rng(0).integers(0, len(rows), len(rows) // step))]


def _number(values, function):
    return float(function(values)) if values.size else None


def _columns(part):
    """Per entry of the last axis, for tables and channels of bounded width."""
    if part.ndim < 2 or not part.size or part.shape[-1] > MOST_COLUMNS:
        return {}
    table = part.reshape(-1, part.shape[-1])
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a column of NaN alone
        minima, maxima = _along_rows(part, np.minimum, np.fmin), _along_rows(part, np.maximum, np.fmax)
        few = _some(table, table.size // MOMENTS).astype("float64")
        few = np.where(np.isfinite(few), few, np.nan) if part.dtype.kind == "f" else few
        stds, means = np.nanstd(few, 0), np.nanmean(few, 0)
    return dict(
        column_means=tuple(np.nan_to_num(means).tolist()),
        column_stds=tuple(np.nan_to_num(stds).tolist()),
        column_minima=tuple(np.nan_to_num(minima).tolist()),
        column_maxima=tuple(np.nan_to_num(maxima).tolist()),
    )


def _along_rows(part, plain, without_nan):
    """A minimum or maximum for each entry of the last axis, axis by axis from the front: ten times as fast as over (n, channels)."""
    found = part
    while found.ndim > 1:
        found = plain.reduce(found, 0)
    return found if part.dtype.kind != "f" or not np.isnan(found).any() else without_nan.reduce(part.reshape(-1, part.shape[-1]), 0)


def _whole(part):
    if part.dtype.kind in "biu":
        return True
    few = part.reshape(-1)[:100_000]
    few = few[np.isfinite(few)]
    return bool(len(few)) and bool((few == np.round(few)).all())


def label_facts(array, output_shape=None, *, inputs=(), tail=0.2, partial=False):
    """Facts of the labels of one output of shape ``output_shape`` (without rows), which decides what a column means."""
    values = as_numpy(array)
    base = dict(container=container_of(array), rows=row_count(array))
    if values is None:
        return Labels(**base)
    if values.dtype.kind in "OUSM":
        return _text_labels(values, base)
    part, numbers = examined_rows(values)
    bad, count = bad_rows(part, numbers)
    shape = tuple(int(s) for s in values.shape[1:])
    facts = base | dict(
        partial=partial, shape=shape, dtype=str(values.dtype), examined=len(part), bad_rows=bad, bad_count=count, whole=_whole(part)
    )
    facts |= _moments(part)
    if count:
        part = part[np.isfinite(part).reshape(len(part), -1).all(1)]
    facts |= _form(part, shape, output_shape)
    facts["equals_input"] = any(_same(values, other) for other in inputs)
    facts["column_stds"] = _columns(part).get("column_stds", ()) if part.ndim > 1 and part.shape[-1] > 1 else ()
    classes = facts.pop("per_row", None)
    if classes is not None and len(classes) > 1:
        facts |= _order(classes, tail)
    return Labels(**facts)


def _text_labels(values, base):
    flat = values.reshape(-1)[:10_000]
    try:
        numeric = np.asarray(flat, dtype="float64")
    except (ValueError, TypeError):
        counts = np.unique([str(v) for v in flat], return_counts=True)
        examples = tuple(str(name)[:40] for name in counts[0][:5])
        return Labels(
            **base, form="text", shape=values.shape[1:], dtype="text", examined=len(flat), classes=len(counts[0]), examples=examples
        )
    return Labels(**base, form="other", shape=values.shape[1:], dtype="object", examined=len(flat), maximum=float(numeric.max()))


def _form(part, shape, output_shape):
    """The form of the labels, their classes and their counts. Class numbers where the labels lack the output's last axis."""
    if not part.size:
        return {}
    column = not shape or shape[-1] == 1
    if output_shape is not None and len(output_shape) > 1:
        positions = output_shape[:-1]
        column = not shape or shape[-1] == 1 or _fits(shape, positions)
    return _column_form(part.reshape(len(part), -1), single=part.size == len(part)) if column else _row_form(part)


def _fits(shape, wanted):
    return len(shape) == len(wanted) and all(b is None or a == b for a, b in zip(shape, wanted, strict=True))


def _counted(flat):
    """(different values, how often): of all where they are class numbers, else of at most two million drawn at random."""
    if flat.min() >= 0 and flat.max() < MOST_COUNTED:
        whole = flat.astype("int64")
        if flat.dtype.kind in "biu" or (whole == flat).all():
            counts = np.bincount(whole)
            return np.flatnonzero(counts), counts[counts > 0]
    return np.unique(_some(flat, len(flat) // MOMENTS), return_counts=True)


def _column_form(table, single):
    values, counts = _counted(table.ravel())
    whole = bool((values == np.round(values)).all())
    if whole and set(values.tolist()) <= {0, 1}:
        form = "binary"
    elif whole and set(values.tolist()) <= {-1, 1}:
        form = "plus-minus-one"
    elif whole and len(values) <= MOST_CLASSES and len(values) < max(3, counts.sum() * 0.9) and np.abs(values).max() < 1e6:
        form = "integers"
    elif values[0] >= 0 and values[-1] <= 1:
        form = "fractions"
    else:
        return {"form": "continuous"}
    if form == "fractions":
        return {"form": form, "distinct": len(values) if len(values) <= MOST_CLASSES else None}
    found = {int(v): int(c) for v, c in zip(values[:MOST_CLASSES], counts, strict=False)}
    classes = int(values[-1]) + 1 if values[0] >= 0 else len(values)
    return {"form": form, "classes": classes, "counts": found, "per_row": table[:, 0] if single else None}


def _row_form(part):
    table = part.reshape(-1, part.shape[-1])
    table = _some(table, table.size // (4 * MOMENTS))
    sums = table.sum(1, dtype="float64")
    low, high = float(table.min()), float(table.max())
    zero_one = bool(((table == 0) | (table == 1)).all())
    many = int((sums > 1).sum())
    if zero_one:
        form = "one-hot" if (sums == 1).all() else "multi-hot"
    elif low >= 0 and np.allclose(sums, 1, atol=1e-3):
        form = "probabilities"
    elif set(np.unique(table[:10_000]).tolist()) == {-1.0, 1.0}:
        form = "plus-minus-one"
    elif low >= 0 and high <= 1:
        form = "fractions"
    else:
        return {"form": "continuous"}
    facts = {"form": form, "classes": part.shape[-1], "multi_hot_rows": many}
    if form == "fractions":
        values = len(np.unique(table[:10_000]))
        facts["distinct"] = values if values <= MOST_CLASSES else None
    if form == "one-hot":
        picked = table.argmax(1)
        facts["counts"] = {int(k): int(c) for k, c in enumerate(np.bincount(picked, minlength=part.shape[-1])) if k < MOST_CLASSES}
        facts["per_row"] = picked if part.ndim == 2 else None
    return facts


def _order(classes, tail):
    """How the classes lie along the rows: share of equal neighbours, and the classes of the last rows and of the others."""
    cut = max(1, int(len(classes) * (1 - tail)))
    share = _counted(classes)[1] / len(classes)
    return dict(
        sorted_share=float((classes[1:] == classes[:-1]).mean()),
        chance_share=float((share**2).sum()),
        head_classes=tuple(int(c) for c in _counted(classes[:cut])[0][:MOST_CLASSES]),
        tail_classes=tuple(int(c) for c in _counted(classes[cut:])[0][:MOST_CLASSES]),
    )


def _same(values, other):
    other = as_numpy(other, rows=256)
    return other is not None and other.shape == values[:256].shape and bool(np.array_equal(values[:256], other))
