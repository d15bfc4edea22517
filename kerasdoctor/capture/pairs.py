"""Inputs and labels looked at together: columns that hold the label, equal rows with other labels, rows shared with validation data."""

from __future__ import annotations

import numpy as np

from kerasdoctor.capture.facts import FULL_PASS, examined_rows
from kerasdoctor.capture.streams import as_numpy

LEAST_ROWS = 50  # a column that equals the label on fewer rows may be chance, or a toy
MOST_ROWS = 20_000
MOST_COLUMNS = 10_000
VALIDATION_ROWS = 500


def columns_that_hold(inputs, labels):
    """``((name, column), ...)``: columns of the inputs that equal the labels (class numbers of one-hot rows) in every row.

    ``inputs`` maps a name to an array. At most 2,048 rows are compared, in 8 blocks.
    """
    answers = _one_column(as_numpy(labels))
    if answers is None or len(answers) < LEAST_ROWS:
        return ()
    blocks = _blocks(len(answers))
    wanted, found = np.concatenate([answers[block] for block in blocks]), []
    if len(np.unique(wanted)) < 2:
        return ()
    for name, array in inputs.items():
        values = as_numpy(array)
        if values is None or values.ndim != 2 or len(values) != len(answers) or not 2 <= values.shape[1] <= MOST_COLUMNS:
            continue
        if values.dtype.kind in "biuf":
            same = (np.concatenate([values[block] for block in blocks]) == wanted[:, None]).all(0)
            found += [(name, int(column)) for column in np.flatnonzero(same)]
    return tuple(found)


def _blocks(rows, blocks=8, size=256):
    """Slices of a few blocks of neighbouring rows: single rows all over a memory-mapped file would cost a disk access each."""
    if rows <= blocks * size:
        return [slice(0, rows)]
    return [slice(start, start + size) for start in np.linspace(0, rows - size, blocks).astype(int).tolist()]


def _one_column(labels):
    """Labels as one number a row, None where they are something else."""
    if labels is None or labels.dtype.kind not in "biuf" or labels.ndim not in (1, 2):
        return None
    if labels.ndim == 1 or labels.shape[1] == 1:
        return labels.reshape(-1)
    rows = labels[:2_000]
    return labels.argmax(1) if ((rows == 0) | (rows == 1)).all() and (rows.sum(1) == 1).all() else None


def repeated_rows(array, labels):
    """(rows that repeat an earlier one, rows that stand with another label elsewhere, the best share right that is left), bounded.

    The last is the share of rows that have the commonest label of their group: no model that sees only ``array`` does better.
    Zeros and None where the two are not one row of numbers and one class a row. At most 20,000 rows, the first ones.
    """
    values, answers = as_numpy(array, MOST_ROWS), _one_column(as_numpy(labels, MOST_ROWS)) if labels is not None else None
    if values is None or values.dtype.kind not in "biuf" or values.ndim < 2 or len(values) < 2 or values[:MOST_ROWS].size > FULL_PASS:
        return 0, 0, None
    marks = row_marks(values[:MOST_ROWS])
    _, group, counts = np.unique(marks, return_inverse=True, return_counts=True)
    repeated = int(len(marks) - len(counts))
    if answers is None or not repeated or len(answers) < len(marks):
        return repeated, 0, None
    return repeated, *_conflicts(group, counts, answers[: len(marks)])


def _conflicts(group, counts, answers):
    classes, numbers = np.unique(answers, return_inverse=True)
    if len(classes) > 1_000 or len(classes) > len(answers) / 2:
        return 0, None
    order = np.lexsort((numbers, group))
    pairs = np.stack([group[order], numbers[order]], 1)
    unique, sizes = np.unique(pairs, axis=0, return_counts=True)
    best = np.zeros(len(counts), dtype=int)
    np.maximum.at(best, unique[:, 0], sizes)
    mixed = np.bincount(unique[:, 0], minlength=len(counts)) > 1
    return int(counts[mixed].sum()), float(best.sum() / len(answers))


def row_marks(values):
    """One number a row, equal for equal rows and (but for a chance of about 1e-12) other for others."""
    flat = np.nan_to_num(values.reshape(len(values), -1).astype("float64"), nan=0.5, posinf=1e30, neginf=-1e30)
    return flat @ np.random.default_rng(2024).standard_normal(flat.shape[1])


def shared_rows(held, trained):
    """(rows of ``held`` that stand in ``trained`` as well, rows of ``held`` looked at).

    The first 500 rows against all, or against a sample of ``trained`` where that is large: then the first number is a lower bound.
    """
    ours, theirs = as_numpy(held, VALIDATION_ROWS), as_numpy(trained)
    if (
        ours is None
        or theirs is None
        or ours.ndim < 2
        or ours.shape[1:] != theirs.shape[1:]
        or {ours.dtype.kind, theirs.dtype.kind} - set("biuf")
    ):
        return 0, 0
    ours = ours[:VALIDATION_ROWS].astype(theirs.dtype)
    part, _ = examined_rows(theirs)
    return int(np.isin(row_marks(ours), row_marks(part)).sum()), len(ours)
