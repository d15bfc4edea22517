"""The arguments of a fit call -> Fit."""

from __future__ import annotations

import math

from kerasdoctor.capture.facts import label_facts, row_count
from kerasdoctor.capture.pairs import shared_rows
from kerasdoctor.capture.streams import given
from kerasdoctor.snapshot import Callback, Fit


def fit_facts(data, arguments, written, call=""):
    """Fit, with what follows from data and arguments: rows used for training, updates an epoch, and the validation set."""
    lengths = _lengths(data, data.sample_weight)
    rows = None if data.partial else next(iter(lengths.values()), None)
    split = float(arguments.get("validation_split") or 0.0)
    held = arguments.get("validation_data")
    trained = rows - int(rows * split) if rows is not None and not held else rows
    batch = arguments.get("batch_size") or (data.batch_size if data.partial else 32)
    steps = arguments.get("steps_per_epoch") or data.batches
    if steps is None and trained is not None and batch:
        steps = math.ceil(trained / batch)
    return Fit(
        epochs=int(arguments.get("epochs") or 1),
        initial_epoch=int(arguments.get("initial_epoch") or 0),
        batch_size=batch,
        steps=steps,
        rows=trained if trained is not None else (batch * steps if batch and steps else None),
        shuffle=bool(arguments.get("shuffle", True)) if not data.partial else bool(data.shuffled),
        validation_split=split,
        validation=held is not None or split > 0,
        class_weight=arguments.get("class_weight") is not None,
        sample_weight=data.sample_weight is not None,
        callbacks=tuple(_callback(item) for item in _callbacks(arguments.get("callbacks"))),
        written=written,
        call=call,
        lengths=lengths if not data.partial else {},
        arguments=tuple(arguments),
        **_validation(held, data),
    )


def _callbacks(given_callbacks):
    if given_callbacks is None:
        return []
    return (
        list(given_callbacks)
        if isinstance(given_callbacks, (list, tuple))
        else list(getattr(given_callbacks, "callbacks", [given_callbacks]))
    )


def _callback(item):
    monitor = getattr(item, "monitor", None)
    if getattr(item, "save_best_only", True) is False:  # a ModelCheckpoint that keeps every epoch looks at no value
        monitor = None
    builtin = type(item).__module__.split(".")[0] in ("keras", "tf_keras")
    return Callback(kind=type(item).__name__, monitor=monitor if isinstance(monitor, str) else None, builtin=builtin)


def _lengths(data, weight=None):
    """Rows of every array, by the name that the user knows it by: ``x``, ``y``, ``x['left']``, ``sample_weight``."""
    found = {f"{kind}[{key}]" if key else kind: row_count(array) for kind in ("x", "y") for key, array in getattr(data, kind).items()}
    found["sample_weight"] = row_count(weight) if weight is not None else None
    return {name: rows for name, rows in found.items() if rows is not None}


def _validation(held, data):
    """Rows and classes of separate validation data, and how many of its first rows stand in the training data as well."""
    if not isinstance(held, (tuple, list)) or len(held) < 2:
        return {}
    other = given(held[0], held[1])
    if not other.x or other.partial:
        return {}
    first, labels = next(iter(other.x.values())), next(iter(other.y.values()), None)
    facts = label_facts(labels) if labels is not None and row_count(labels) else None
    counts = {k: c for k, c in facts.counts.items() if c} if facts else {}
    shared, examined = (0, 0) if data.partial or not data.x else _shared(other.x, data.x)
    return dict(
        validation_rows=row_count(first),
        validation_classes=tuple(sorted(counts)),
        validation_counts=counts,
        validation_overlap=shared,
        validation_examined=examined,
        validation_lengths=_lengths(other, held[2] if len(held) > 2 else None),
        same_data=bool(data.x) and first is next(iter(data.x.values())),
    )


def _shared(held, trained):
    """Rows that every input shares: with several inputs, a row is the same only where all of them are."""
    if set(held) != set(trained) or not held:
        return 0, 0
    found = [shared_rows(held[name], trained[name]) for name in held]
    return min(shared for shared, _ in found), min(examined for _, examined in found)
