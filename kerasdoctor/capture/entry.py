"""What the first weights of a model are fed: measured in the probe's forward pass, whatever stands in front of them.

A Rescaling layer, ``x / 255`` in a ``call``, a Normalization that was never adapted: their names do not tell what they do.
"""

from __future__ import annotations

import contextlib
import functools

import keras
import numpy as np

MOST_ELEMENTS = 20_000_000  # of one layer's input, beyond which it is not measured
# They scale by what they are fed, or read their input as indices.
NOT_SCALED_BY = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization", "Normalization", "Embedding")


@contextlib.contextmanager
def noted(model, paths, wanted=None):
    """Gives a dictionary that calls of layers fill: ``{path: (largest rms of an entry of the last axis, largest size, range)}``.

    ``wanted``: paths to watch. Without it (a model whose graph is not known) the first layer with a kernel that is called is noted.
    """
    seen, watched = {}, []
    for layer in _layers(model):
        path = paths.get(id(layer))
        if layer.weights and type(layer).__name__ not in NOT_SCALED_BY and (wanted is None or path in wanted):
            object.__setattr__(layer, "call", _noting(layer.call, path, seen, only_first=wanted is None))
            watched.append(layer)
    try:
        yield seen
    finally:
        for layer in watched:
            object.__delattr__(layer, "call")


def _layers(model):
    return [
        layer for layer in model._flatten_layers(include_self=False) if not isinstance(layer, keras.Model) and "call" not in vars(layer)
    ]


def _noting(call, path, seen, only_first):
    @functools.wraps(call)
    def noting(*args, **kwargs):
        if path not in seen and not (only_first and seen):
            found = _scale(args[0] if args else next(iter(kwargs.values()), None))
            if found is not None:
                seen[path] = found
        return call(*args, **kwargs)

    return noting


def _scale(given):
    try:
        values = np.asarray(keras.ops.convert_to_numpy(keras.tree.flatten(given)[0]))
    except Exception:  # symbolic, ragged or no tensor at all: not measured
        return None
    if values.dtype.kind not in "biuf" or not values.size or values.size > MOST_ELEMENTS:
        return None
    values = values.astype("float64")
    values = values[np.isfinite(values).reshape(len(values), -1).all(1)] if values.ndim else values
    if not values.size:
        return None
    return (
        float(np.sqrt((values**2).reshape(-1, values.shape[-1]).mean(0).max())),
        float(np.abs(values).max()),
        float(values.max() - values.min()),
    )
