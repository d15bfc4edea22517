"""What an exception's traceback tells: the statement of a cell that raised it, and the call of a Keras model with its arguments."""

from __future__ import annotations

import inspect
import itertools
import sys
from dataclasses import dataclass, field

TIMED = ("<timed exec>", "<timed eval>")  # what %%time calls the rest of its cell
METHODS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch", "compile", "fit_generator")


@dataclass
class ModelCall:
    """A call ``model.<method>(x, y, **rest)`` that an exception came out of; the objects are the user's own, nothing is copied."""

    model: object
    method: str
    x: object = None
    y: object = None
    rest: dict = field(default_factory=dict)


def cell_statement(trace, cell_of):
    """(cell number, first line, last line) of the innermost call that stands in a cell, or None; lines are those of the cell as typed."""
    found = None
    for step in _steps(trace):
        name = step.tb_frame.f_code.co_filename
        cell = cell_of(name)
        if cell is None and found and name in TIMED:
            found = found[0], step.tb_lineno + 1, step.tb_lineno + 1  # below the line of the magic
        if cell is None:
            continue
        positions = itertools.islice(step.tb_frame.f_code.co_positions(), step.tb_lasti // 2, None)
        first, last = next(positions, (None, None))[:2]
        first = first or step.tb_lineno
        found = cell[0], first + cell[1], (last or first) + cell[1]
    return found


def model_call(trace):
    """The outermost call of a Keras model's method that an exception came out of, or None."""
    keras = sys.modules.get("keras")
    if keras is None:
        return None
    for step in _steps(trace):
        names = step.tb_frame.f_locals
        if step.tb_frame.f_code.co_name == "error_handler" and callable(names.get("fn")):  # Keras leaves no other frame of its own
            function, args, kwargs = names["fn"], names.get("args", ()), names.get("kwargs", {})
            if getattr(function, "__name__", "") in METHODS and args and isinstance(args[0], keras.Model):
                return _bound(function, args, kwargs)
        elif step.tb_frame.f_code.co_name in METHODS and isinstance(names.get("self"), keras.Model):
            function = getattr(type(names["self"]), step.tb_frame.f_code.co_name, None)
            known = inspect.signature(function).parameters if function else ()
            return _call(names["self"], step.tb_frame.f_code.co_name, {k: v for k, v in names.items() if k in known})
    return None


def _steps(trace):
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _bound(function, args, kwargs):
    try:
        arguments = dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except TypeError:
        return None
    return _call(args[0], function.__name__, arguments)


def _call(model, method, arguments):
    arguments.pop("self", None)
    rest = dict(arguments)
    x, y = rest.pop("x", None), rest.pop("y", None)
    return ModelCall(model, method, x, y, rest)
