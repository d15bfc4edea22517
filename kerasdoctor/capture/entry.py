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
# Layers that change the scale of what passes, so that raw pixels are right in front of them.
SCALERS = ("Rescaling", "Normalization", "BatchNormalization", "LayerNormalization", "UnitNormalization", "GroupNormalization", "Lambda")
# Of those, what does the same in the probe as in training: what comes out of them is measured.
MEASURED = ("Rescaling", "Normalization", "Lambda")
# Layers that hand their input's values on unchanged, in another place.
RESHAPING = (
    "Reshape",
    "Flatten",
    "Permute",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "Cropping2D",
    "Masking",
    "Identity",
    "Concatenate",
    "RepeatVector",
    "Dropout",
)


def fed(known, index, seen, captured):
    """What the first weights behind an input were fed in the probe; nothing where they read other inputs as well."""
    shared = {path for other, facts in enumerate(known) if other != index for path in facts["feeds"]}
    paths = set(known[index]["feeds"]) - shared if captured.graph else set(seen) if len(known) == 1 else set()
    found = [seen[path] for path in paths if path in seen]
    if not found or known[index]["merged"]:
        return {}
    scales, most, spans = zip(*found, strict=True)
    return dict(weights_see=max(scales), weights_see_most=max(most), weights_see_span=max(spans))


def first_layers(captured, index):
    """What reads an input first: the layers with weights, whatever may scale its values on the way, an Embedding that takes indices."""
    feeds, scaled, embedding, vocabulary, rescaled, merged = [], None, None, None, not captured.graph, False
    todo, seen = [layer for layer in captured.layers if f"inputs[{index}]" in layer.inputs], set()
    if not todo and index == 0:
        todo = [layer for layer in captured.layers if not layer.nested][:1]
    while todo:
        layer = todo.pop(0)
        if layer.path in seen:
            continue
        seen.add(layer.path)
        merged = merged or len(layer.inputs) > 1
        rescaled = rescaled or bool(layer.through) or layer.kind in SCALERS or not (layer.parameters or layer.kind in RESHAPING)
        if layer.kind == "Embedding":
            embedding, vocabulary = layer.path, layer.config.get("input_dim")
        elif layer.kind in SCALERS or (not layer.builtin and not layer.parameters):
            scaled = layer.path
            todo.extend(captured.consumers(layer) if layer.kind in MEASURED else ())
        elif layer.parameters or layer.kind.endswith(("LSTM", "GRU", "RNN")):
            feeds.append(layer.path)
        else:
            todo.extend(captured.consumers(layer))
    return dict(feeds=tuple(feeds), scaled_in_model=scaled, indices_for=embedding, vocabulary=vocabulary, rescaled=rescaled, merged=merged)


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
