"""Model, data and fit arguments -> Snapshot. Each part that cannot be read becomes a note; nothing is raised for the user's sake."""

from __future__ import annotations

import dataclasses
import re
import sys
import time
import warnings

import keras
import numpy as np

from kerasdoctor.capture import entry, losses, probe
from kerasdoctor.capture.facts import input_facts, label_facts, row_count
from kerasdoctor.capture.fitting import fit_facts
from kerasdoctor.capture.model import _walk, capture_model, capture_optimizer, layer_paths, unknown_heads
from kerasdoctor.capture.pairs import columns_that_hold, repeated_rows
from kerasdoctor.capture.streams import given
from kerasdoctor.capture.twin import twin_of
from kerasdoctor.capture.untouched import untouched
from kerasdoctor.snapshot import Contract, Snapshot


def take_snapshot(model, x=None, y=None, *, variable=None, recorder=None, cells=(), expressions=None, written=False, call="", **arguments):
    """Everything known about ``model``, its data and the call ``model.fit(x, y, **arguments)``, without running any of it.

    ``recorder`` (SourceRecorder) and ``cells`` tell where things were written; ``expressions`` maps an argument of fit to its text,
    ``call`` is the text of a call that stands in no cell.
    """
    start, notes = time.perf_counter(), []
    with untouched(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Keras has to say about this data, fit will say again
        data = given(x, y, arguments.get("sample_weight"))
        if data.reason and x is not None:
            notes.append(f"{data.container or 'x'}: {data.reason}")
        shown, ready = _built(model, data, notes)
        captured, heads = capture_model(shown, _symbolic(shown, data, ready), variable)
        known = [entry.first_layers(captured, index if len(data.x) > 1 else 0) for index in range(len(data.x))]
        ran, seen = _run(shown, data, captured, known) if ready else (None, {})
        contracts = _contracts(shown, captured, heads, ran, data, arguments, notes)
        paths = layer_paths(shown)
        inputs = _inputs(captured, data, known, seen, expressions or {})
        notes += [f"{i.name}: {i.examined:,} of {i.rows:,} rows were examined" for i in inputs if 0 < i.examined < (i.rows or 0)]
        return Snapshot(
            model=captured if shown is model else _as_given(captured, model),
            backend=keras.backend.backend(),
            backend_version=_backend_version(),
            keras=keras.__version__,
            optimizer=capture_optimizer(model) if model.compiled else None,
            contracts=contracts,
            inputs=inputs,
            fit=fit_facts(data, arguments, written, call),
            metric_names=_metric_names(contracts, shown),
            sources=_sources(model, shown, paths, recorder),
            cells=tuple(cells),
            notes=tuple(notes),
            seconds=time.perf_counter() - start,
            probed_rows=len(ran.tensors[0]) if ran is not None and ran.tensors else 0,
            penalty=ran.penalty if ran is not None else None,
        )


def _as_given(captured, model):
    return dataclasses.replace(captured, name=model.name, built=bool(model.built), compiled=bool(model.compiled))


def _backend_version():
    module = sys.modules.get(keras.backend.backend())
    return getattr(module, "__version__", "")


def _built(model, data, notes):
    """(the model itself, or a built copy of one that was never built; whether it can be called)."""
    if model.built and _ready(model):
        return model, True
    if data.x_structure is None:
        notes.append("the model is not built yet: give data, or an Input layer, to see shapes and outputs")
        return model, False
    try:
        twin = twin_of(model)
        twin(probe.first_rows(data.x_structure), training=False)
    except Exception as problem:  # the same error would meet the user in fit; there it is explained
        notes.append(f"the model cannot be built on this data: {type(problem).__name__}: {_short(problem)}")
        return model, False
    return twin, True


def _ready(model):
    """Built to the last layer. ``model.build(shape)`` of a subclassed model may mark the model alone; its layers wait for a first call."""
    if isinstance(model, keras.Sequential):
        return bool(model.weights) or _has_outputs(model)
    return _has_outputs(model) or all(layer.built for layer in model._flatten_layers(include_self=False))


def _has_outputs(model):
    try:
        return bool(model.outputs)
    except (AttributeError, ValueError):
        return False


def _short(problem):
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(problem))  # Keras writes parts of its messages in bold
    return " ".join(plain.split())[:200]


def _symbolic(model, data, ready):
    """Symbolic inputs for a model without a graph of its own, shaped like the data."""
    if isinstance(model, keras.Sequential) or data.x_structure is None or not ready:
        return None

    def symbol(leaf):
        values = probe._fed(leaf, 1)
        return keras.KerasTensor((None, *values.shape[1:]), dtype=str(values.dtype))

    try:
        return keras.tree.map_structure(symbol, data.x_structure)
    except (TypeError, AttributeError, ValueError):
        return None


def _run(model, data, captured, known):
    """(the probe's forward pass or None, what the first weights were fed by path)."""
    if data.x_structure is None:
        return None, {}
    try:
        batch = probe.first_rows(data.x_structure)
    except (TypeError, AttributeError, ValueError, IndexError):
        return None, {}
    wanted = {path for facts in known for path in facts["feeds"]} if captured.graph else None
    with entry.noted(model, layer_paths(model), wanted) as seen:
        return probe.run(model, batch), seen


def _contracts(model, captured, heads, ran, data, arguments, notes):
    if ran is not None and ran.error:
        notes.append(f"the model cannot take this data: {_short(ran.error)}")
    tensors = ran.tensors if ran is not None else []
    shapes = [tuple(t.shape[1:]) for t in tensors] or list(captured.output_shapes)
    count = max(len(heads), len(tensors), len(shapes), 1 if captured.compiled else 0)
    heads = heads if len(heads) == count else unknown_heads(count, shapes)
    names = _output_names(model, ran, count)
    keys = _keys(model, ran, count)
    specs = losses.per_output(getattr(model, "loss", None) if captured.compiled else None, keys)
    weights = losses.per_output(getattr(getattr(model, "_compile_loss", None), "_user_loss_weights", None), keys)
    metrics = _metric_specs(model, keys)
    labels = _labels_of(data.y, keys)
    arrays = [values for values in data.x.values()]
    tail = float(arguments.get("validation_split") or 0.2)
    out = []
    for index in range(count):
        head, array = heads[index], labels[index]
        shape = head.output_shape if head.output_shape is not None else (shapes[index] if index < len(shapes) else None)
        facts = label_facts(array, shape, inputs=arrays, tail=tail, partial=data.partial) if array is not None else None
        if facts is not None:
            facts = dataclasses.replace(facts, held_by=columns_that_hold(data.x, array))
        loss, probed = losses.loss_facts(specs[index], weights[index]), None
        if index < len(tensors):
            usable = array if facts is not None and facts.form not in ("text", "other") else None
            probed, loss = probe.examine(model, tensors[index], usable, specs[index], loss, head)
            probed = _with_guess(probed, loss, facts)
        out.append(
            Contract(
                output=names[index],
                index=index,
                head=head,
                loss=loss,
                labels=facts,
                metrics=losses.metric_facts(metrics[index], shape, facts.shape if facts else None),
                probe=probed,
            )
        )
    return tuple(out)


def _with_guess(probed, loss, facts):
    """The loss of always answering with the label shares: the entropy of the labels, where they are classes."""
    if facts is None or not facts.counts or not loss.is_crossentropy:
        return probed
    share = np.array([c for c in facts.counts.values() if c], dtype="float64")
    share /= share.sum()
    return dataclasses.replace(probed, guessing=float(-(share * np.log(share)).sum()))


def _output_names(model, ran, count):
    names = list(getattr(model, "output_names", None) or [])
    if len(names) != count:
        names = [name or f"output {index + 1}" for index, name in enumerate((ran.names if ran else [None] * count) or [None] * count)]
    return (names + [f"output {i + 1}" for i in range(len(names), count)])[:count]


def _keys(model, ran, count):
    """What loss, metrics and label dictionaries are keyed by: keys of a dictionary of outputs, else output names."""
    named = ran.names if ran is not None and len(ran.names) == count and all(ran.names) else None
    return named or _output_names(model, ran, count)


def _metric_specs(model, keys):
    compiled = getattr(model, "_compile_metrics", None)
    specs = getattr(compiled, "_user_metrics", None)
    if isinstance(specs, (list, tuple)) and len(keys) > 1 and not any(isinstance(item, (list, tuple, dict)) for item in specs):
        return [specs if len(specs) != len(keys) else [specs[i]] for i in range(len(keys))]
    return [specs] if len(keys) == 1 and not isinstance(specs, dict) else losses.per_output(specs, keys)


def _labels_of(y, keys):
    if not y:
        return [None] * len(keys)
    nested = any("/" in key for key in y)
    if set(keys) & set(y) and not nested:
        return [y.get(key) for key in keys]
    values = [y[key] for key in sorted(y)] if nested else list(y.values())
    return (values + [None] * len(keys))[: len(keys)]


def _inputs(captured, data, known, seen, expressions):
    found, labels = [], next(iter(data.y.values())) if len(data.y) == 1 else None
    for index, (name, array) in enumerate(data.x.items()):
        path = "data.x" if not name else f"data.x[{name!r}]" if not name.isdigit() else f"data.x[{name}]"
        facts = known[index] | entry.fed(known, index, seen, captured) | dict(partial=data.partial)
        repeated, conflicting, best = repeated_rows(array, labels) if len(data.x) == 1 else (0, 0, None)
        facts |= dict(duplicate_rows=repeated, conflicting_rows=conflicting, best_share=best)
        if data.container and data.container not in ("ndarray", "list", "tuple", "dict") and data.partial:
            facts["container"] = data.container
        found.append(input_facts(path, array, expression=expressions.get("x"), **facts))
    return tuple(found)


def _metric_names(contracts, model):
    """What fit will log of an epoch; with weighted metrics, and metrics that layers or the user's class keep."""
    many = len(contracts) > 1
    names = ["loss"] + [f"{c.output}_loss" for c in contracts if many]
    for contract in contracts:
        names += [f"{contract.output}_{m.name}" if many else m.name for m in contract.metrics]
    weighted = losses.metric_facts(getattr(getattr(model, "_compile_metrics", None), "_user_weighted_metrics", None), None, None)
    names += [m.name for m in weighted] + [m.name for m in getattr(model, "metrics", ()) if m.name != "compile_metrics"]
    return tuple(dict.fromkeys(names))


def _sources(model, shown, paths, recorder):
    if recorder is None:
        return {}
    walk = list(_walk(model))
    own = paths if shown is model else layer_paths(model)
    return recorder.sources(model, own, walk)


def lengths(x, y):
    """``{"x": rows, "y": rows}`` of what has rows, to compare before anything else."""
    found = {}
    for name, data in (("x", x), ("y", y)):
        for key, array in given(data).x.items() if data is not None else ():
            rows = row_count(array)
            if rows is not None:
                found[f"{name}[{key}]" if key else name] = rows
    return found
