"""The layers that a text writes down, set side by side with the layers of the model."""

from __future__ import annotations

from itertools import permutations

import libcst as cst

from kerasdoctor.patch.arguments import ORDER, argument_name
from kerasdoctor.patch.names import UNKNOWN

# Arguments whose literal value stands in a layer's config as it was written.
TELLING = frozenset(
    (
        *("units", "filters", "kernel_size", "pool_size", "strides", "padding", "rate", "activation", "name", "use_bias"),
        *("input_dim", "output_dim", "target_shape", "return_sequences", "n", "size", "scale"),
    )
)
NESTED = ("Sequential", "Functional", "Model")
SAME_ACTIVATION = {"swish": "silu", "hard_swish": "hard_silu"}


def fits_kind(kind, layer):
    """Whether a call of a class (None: unknown) can have made a layer, by the class alone."""
    return kind == layer.kind


def agrees(call, layer, names):
    """Whether no literal argument of a call contradicts a layer's config; what cannot be read agrees with anything."""
    for arg in call.args:
        name = argument_name(call, layer.kind, arg)
        if name not in TELLING or name not in layer.config:
            continue
        written, kept = _written(arg.value, name, names), layer.config[name]
        if written is not UNKNOWN and written is not None and not _same(written, kept):
            return False
    return True


def _written(expression, name, names):
    value = names.constant(expression)
    if value is UNKNOWN and name == "activation" and isinstance(expression, cst.Attribute):
        return expression.attr.value
    return value


def _same(written, kept):
    if isinstance(kept, dict) or callable(kept):
        return True
    if isinstance(kept, list | tuple):
        kept = tuple(kept)
        return written == kept if isinstance(written, tuple) else all(item == written for item in kept)
    if isinstance(written, str) and isinstance(kept, str):
        written, kept = written.lower(), kept.lower()
        return SAME_ACTIVATION.get(written, written) == SAME_ACTIVATION.get(kept, kept)
    return written == kept


def align(model, layers, names):
    """``{path: step}`` where the written model is the model of the snapshot, layer by layer; None where it is not, or nobody can tell."""
    layers = [layer for layer in layers if layer.kind != "InputLayer"]
    if not layers:
        return None
    if model.form == "Functional" and any(layer.inputs for layer in layers):
        return _align_graph(model, layers, names)
    steps = [step for step in model.steps if step.kind != "InputLayer"]
    chain = all(len(step.inputs) <= 1 for step in steps) and len(model.outputs) <= 1
    if not model.whole or not chain or len(steps) != len(layers):
        return None
    pairs = {layer.path: step for layer, step in zip(layers, steps, strict=True)}
    return pairs if all(_fits(pairs[layer.path], layer) for layer in layers) else None


def _fits(step, layer):
    if step.opaque:
        return True
    nested = layer.nested or layer.kind in NESTED
    if step.model:
        return nested
    return fits_kind(step.kind, layer) or (nested and step.kind not in ORDER)


def _align_graph(model, layers, names):
    """Walks text and model back from the outputs together; parts of the text that cannot be read end a walk."""
    consumed = {path for layer in layers for path in layer.inputs}
    ends = [layer for layer in layers if layer.path not in consumed and layer.reaches_output]
    sinks = [layer for layer in layers if layer.is_output] or ends
    if len(sinks) != len(model.outputs):
        return None
    by_path = {layer.path: layer for layer in layers}
    found = []
    for order in _orders(sinks):
        pairs = _walk(list(zip(model.outputs, order, strict=True)), by_path, names, len(sinks) > 1)
        if pairs and pairs not in found:
            found.append(pairs)
    return found[0] if len(found) == 1 else None


def _orders(items):
    """Every order of the outputs; that of the model alone where there are too many to try."""
    return permutations(items) if len(items) <= 4 else [items]


def _walk(waiting, by_path, names, by_arguments):
    pairs = {}
    while waiting:
        step, layer = waiting.pop()
        if step.opaque:
            continue
        known = pairs.get(layer.path)
        if known is not None:
            if known.call is not step.call:
                return None
            continue
        if not _fits(step, layer) or (by_arguments and step.call and not agrees(step.call, layer, names)):
            return None
        pairs[layer.path] = step
        feeders, sources = [by_path.get(path) for path in layer.inputs], list(dict.fromkeys(step.inputs))
        if len(sources) > 1 and any(source.opaque for source in sources):
            continue
        if len(feeders) != len(sources):
            return None
        for source, feeder in zip(sources, feeders, strict=True):
            if feeder is not None:
                waiting.append((source, feeder))
            elif not source.opaque and source.kind != "InputLayer":
                return None
    return pairs
