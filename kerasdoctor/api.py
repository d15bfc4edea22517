"""The Python API: the same examination as ``%kerasdoctor``, for scripts and tests."""

from __future__ import annotations


def diagnose(model, x=None, y=None, *, ignore=(), **fit_arguments):
    """Examine a compiled model with its data and the arguments that ``fit`` would get; nothing is trained or changed.

    ``x``, ``y``: whatever ``fit`` takes. ``ignore``: codes, prefixes or names of rules. Returns a Report.
    Raises TypeError when ``model`` is no Keras model, or when an argument is not one of ``fit``'s.
    """
    return diagnose_call(model, x, y, ignore=ignore, written=bool(fit_arguments), fit_arguments=fit_arguments)


def diagnose_call(model, x, y, *, ignore=(), written=False, fit_arguments=None, thresholds=None, reruns=(), **where):
    """``diagnose`` with what a notebook knows besides: ``where`` holds variable, recorder, cells and expressions of take_snapshot."""
    import keras

    from kerasdoctor.capture.take import take_snapshot
    from kerasdoctor.diagnosis import diagnose_snapshot

    if not isinstance(model, keras.Model):
        raise TypeError(f"kerasdoctor examines Keras models; this is {described(model)}")
    arguments = dict(fit_arguments or {})
    unknown = set(arguments) - _fit_parameters(model)
    if unknown:
        raise TypeError(f"fit has no argument {sorted(unknown)[0]!r}{_near(unknown, model)}")
    snapshot = _with_cells(take_snapshot(model, x, y, written=written, **where, **arguments), reruns)
    return diagnose_snapshot(snapshot, ignore, thresholds)


def _with_cells(snapshot, reruns):
    """The snapshot with what the texts of the cells tell besides."""
    import dataclasses

    from kerasdoctor import old_spelling

    models = {snapshot.model.variable: None} if snapshot.model.variable else {}
    found = old_spelling.ignored(snapshot.cells, snapshot.sources, models, snapshot.backend)
    sources = {**snapshot.sources, **old_spelling.sources_of(found)}
    return dataclasses.replace(snapshot, old_spellings=found, sources=sources, reruns=tuple(reruns))


def described(thing):
    kind = f"{type(thing).__module__}.{type(thing).__name__}"
    if isinstance(thing, type):
        return f"the class {thing.__name__}: give an instance, {thing.__name__}(...)"
    if any("tf_keras" in cls.__module__ for cls in type(thing).__mro__):
        return f"{kind}, of Keras 2 (tf_keras): kerasdoctor needs Keras 3.5 or newer"
    return f"of type {kind.removeprefix('builtins.')}"


def _fit_parameters(model):
    import inspect

    return set(inspect.signature(type(model).fit).parameters) - {"self"}


def _near(unknown, model):
    import difflib

    near = difflib.get_close_matches(sorted(unknown)[0], _fit_parameters(model), 1)
    return f"; did you mean {near[0]!r}?" if near else ""
