"""A copy of a model that was never built, to be built in its place: building the user's own would draw its first weights."""

from __future__ import annotations

import copy
import sys

import keras
from keras.src.utils import tracking

# What compile made is shared with the copy, which only reads it.
SHARED = ("optimizer", "_optimizer", "_compile_loss", "_compile_metrics", "_loss_tracker")
SETTINGS = ("_compile_loss", "_compile_metrics", "compiled", "run_eagerly")


def twin_of(model):
    """An unbuilt copy that shares no layer with ``model``. Raises what copying the user's own attributes raises."""
    if isinstance(model, keras.Sequential):
        twin = keras.models.clone_model(model)
    else:
        # Modules cannot be copied; a SeedGenerator, for one, keeps its backend's.
        memo = {id(module): module for module in list(sys.modules.values())}
        memo |= {id(value): value for name in SHARED if (value := getattr(model, name, None)) is not None}
        with tracking.DotNotTrackScope():  # lists of layers would enter what they hold a second time
            twin = _copied(model, memo)
    if model.compiled:
        for name in SETTINGS:
            if hasattr(model, name):
                object.__setattr__(twin, name, getattr(model, name))
    return twin


def _copied(layer, memo):
    """A layer copied attribute by attribute. Keras's own ``deepcopy`` goes through ``get_config``, which few subclassed models have.

    ``__new__`` gives the copy its own wrapped ``build``, which must not be taken from the original: it would build that one.
    """
    fresh = type(layer).__new__(type(layer))
    memo[id(layer)] = fresh
    own = {name: value for name, value in vars(fresh).items() if callable(value) and not isinstance(value, keras.layers.Layer)}
    for inner in _layers_in(vars(layer), set()):
        if id(inner) not in memo:
            _copied(inner, memo)
    for name, value in vars(layer).items():
        vars(fresh)[name] = own[name] if name in own else copy.deepcopy(value, memo)
    for name, (_, store) in fresh._tracker.config.items():
        fresh._tracker.stored_ids[name] = {id(value) for value in store}
    return fresh


def _layers_in(value, seen, depth=0):
    """Layers that an attribute holds, also in lists and dictionaries."""
    if id(value) in seen or depth > 4:
        return
    seen.add(id(value))
    if isinstance(value, keras.layers.Layer):
        yield value
    elif isinstance(value, dict):
        for item in list(value.values()):
            yield from _layers_in(item, seen, depth + 1)
    elif isinstance(value, (list, tuple, set)):
        for item in list(value):
            yield from _layers_in(item, seen, depth + 1)
