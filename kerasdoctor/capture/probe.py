"""One small batch through model and loss: what the outputs are, what the loss sees of them, and what it computes."""

from __future__ import annotations

import contextlib
import dataclasses
from dataclasses import dataclass

import keras
import numpy as np

from kerasdoctor.capture import formulas
from kerasdoctor.snapshot import Loss, Probe

ROWS = 32
SAMPLE_ROWS, SAMPLE_COLUMNS = 4, 12
DIFFERENT = 1e-3  # relative; float32 sums of one batch agree to 1e-5
DECODED_AT_MOST = 1_000_000  # elements of an output on which a custom loss is tried


@dataclass
class Run:
    """The outputs of one forward pass, flat: tensors as the model returned them, and their names where the model names them."""

    tensors: list
    names: list
    penalty: float | None = None
    error: str | None = None


def first_rows(structure, rows=ROWS):
    """The first rows of every array in a structure, floats as float32, as ``fit`` would feed them."""
    return keras.tree.map_structure(lambda leaf: _fed(leaf, rows), structure)


def _fed(leaf, rows=ROWS):
    from kerasdoctor.capture.streams import as_numpy

    values = as_numpy(leaf, rows)
    values = leaf[:rows] if values is None else values[:rows]
    return values.astype(keras.config.floatx()) if getattr(values, "dtype", None) is not None and str(values.dtype) == "float64" else values


@contextlib.contextmanager
def _without_gradients():
    if keras.backend.backend() == "torch":
        import torch

        with torch.no_grad():
            yield
    else:
        yield


def run(model, batch):
    """``model(batch, training=False)`` with every assignment to a variable dropped. An exception of the model is kept as text."""
    try:
        with keras.StatelessScope(), _without_gradients():
            outputs = model(batch, training=False)
    except Exception as problem:  # any user code may stand in call(); what it says is evidence
        return Run([], [], error=f"{type(problem).__name__}: {problem}")
    return Run(keras.tree.flatten(outputs), _names(outputs), _penalty(model))


def _penalty(model):
    """What the regularizers add to the loss. Outside the stateless scope, in which Keras does not find the weights' own values."""
    try:
        with _without_gradients():
            return float(sum(float(keras.ops.convert_to_numpy(loss)) for loss in model._get_regularization_losses()))
    except Exception:  # a regularizer of the user's may raise; fit will say so
        return None


def _names(outputs):
    if isinstance(outputs, dict) and not any(isinstance(value, (dict, list, tuple)) for value in outputs.values()):
        return [str(key) for key in sorted(outputs)]
    return [None] * len(keras.tree.flatten(outputs))


def compiled_loss(model, spec):
    """``loss(labels, outputs) -> float`` as fit computes it, with a fresh compile loss so that the model's own stays as it is."""
    kind = type(model._compile_loss)

    def value(labels, outputs):
        with keras.StatelessScope(), _without_gradients():
            return float(keras.ops.convert_to_numpy(kind(spec)(labels, outputs)))

    return value


def tensor_of(labels, rows=ROWS):
    return keras.ops.convert_to_tensor(_fed(labels, rows))


def examine(model, output, labels, spec, loss, head):
    """(Probe, Loss) of one output. ``labels`` may be None: then only the outputs are described."""
    values = np.asarray(keras.ops.convert_to_numpy(output), dtype="float64")
    facts = _describe(values)
    if labels is None or spec is None or getattr(model, "_compile_loss", None) is None:
        return Probe(**facts), loss
    measure = compiled_loss(model, spec)
    labels = tensor_of(labels, len(values))
    try:
        seen = measure(labels, output)
        on_values = measure(labels, _fresh(output))
    except Exception as problem:  # shapes that do not fit, text labels, a user's own loss: said, not raised
        return Probe(**facts, error=f"{type(problem).__name__}: {problem}"), loss
    targets, sparse = formulas.as_targets(keras.ops.convert_to_numpy(labels), values.shape) if values.ndim > 1 else (None, False)
    if not loss.builtin and targets is not None and values.size <= DECODED_AT_MOST:
        loss = _decoded(loss, measure, labels, values.shape, targets, sparse)
    link = _link(measure, labels, output, seen, on_values, head, model)
    column = None if loss.builtin else _in_column(measure, labels, output)
    probe = Probe(**facts, seen=seen, on_values=on_values, link=link, in_column=column)
    return dataclasses.replace(probe, trained_as=_trained_as(loss, probe, output, values, targets)), loss


def _describe(values):
    finite = np.isfinite(values)
    good = values[finite] if finite.any() else np.zeros(1)
    facts = dict(rows=len(values), finite=bool(finite.all()), minimum=float(good.min()), maximum=float(good.max()))
    facts["output_shape"] = tuple(int(s) for s in values.shape[1:])
    facts["constant"] = bool(len(values) > 1 and np.ptp(values, axis=0).max() == 0) if finite.all() else False
    if values.ndim > 1 and values.shape[-1] > 1 and finite.all():
        sums = values.sum(-1)
        facts |= dict(row_sum_min=float(sums.min()), row_sum_max=float(sums.max()))
    if values.ndim == 2:
        facts["sample"] = tuple(tuple(float(v) for v in row[:SAMPLE_COLUMNS]) for row in values[:SAMPLE_ROWS])
    return facts


def _fresh(output):
    """The same numbers in a new tensor: what Keras may have hung on the old one is left behind."""
    return keras.ops.convert_to_tensor(keras.ops.convert_to_numpy(output).copy())


def _in_column(measure, labels, output):
    """The loss of labels (n,) as a column, for outputs that are one: a Loss subclass gets both as they are and may make a square."""
    if len(output.shape) != len(labels.shape) + 1 or output.shape[-1] != 1:
        return None
    try:
        return measure(keras.ops.expand_dims(labels, -1), _fresh(output))
    except Exception:  # the user's loss wants the flat form
        return None


def _differ(a, b):
    if np.isnan(a) or np.isnan(b):
        return np.isnan(a) != np.isnan(b)
    return abs(a - b) > DIFFERENT * max(abs(a), abs(b), 1e-6)


def _link(measure, labels, output, seen, on_values, head, model):
    """Does the loss read the logits behind the output?

    Where Keras has hung logits on the output, other values with the same logits are tried: a loss that does not change reads
    only the logits. Elsewhere the loss of a fresh copy decides.
    """
    logits = getattr(output, "_keras_logits", None)
    if logits is not None:
        return "values" if any(_differ(measure(labels, other), seen) for other in _others(output, logits)) else "logits"
    if _differ(seen, on_values):
        return "logits"
    if keras.backend.backend() == "tensorflow" and _hides_operation(head) and not model.run_eagerly:
        return None
    return "values"


def _others(output, logits):
    """Two tensors of other values with the same logits: one alone may give the same loss by chance."""
    for values in formulas.draws(tuple(output.shape))[:2]:
        other = keras.ops.convert_to_tensor(values.astype(keras.backend.standardize_dtype(output.dtype)))
        other._keras_logits = logits
        yield other


def _hides_operation(head):
    """In fit's graph TensorFlow's losses also take the input of a Softmax (Sigmoid) operation that made the output: a user's own
    function may end in one, which eager mode cannot show (keras/src/backend/tensorflow/nn.py, _get_logits)."""
    return not head.known or "custom" in head.activations or "Lambda" in head.after


def _decoded(loss, measure, labels, shape, targets, sparse):
    outputs = formulas.draws(shape)
    try:
        numbers = [measure(labels, keras.ops.convert_to_tensor(p.astype("float32"))) for p in outputs]
    except Exception:  # the user's loss refuses other numbers: it stays unknown
        return loss
    found = formulas.decode(numbers, targets, outputs)
    if found is None:
        return loss
    computes, from_logits = found
    if sparse and computes == "categorical_crossentropy":
        computes = "sparse_categorical_crossentropy"
    return Loss(**(vars(loss) | dict(computes=computes, decoded=True, from_logits=from_logits)))


def _trained_as(loss, probe, output, values, targets):
    """The formula that the number fit sees agrees with: "softmax" or "sigmoid" on logits, "normalised", "plain" or "binary" on values."""
    if targets is None or not loss.is_crossentropy or probe.seen is None:
        return None
    if probe.link == "logits" or loss.from_logits:
        # Keras hangs logits on the output on every backend; only a live link reads them.
        tensor = getattr(output, "_keras_logits", None) if probe.link == "logits" else None
        logits = np.asarray(keras.ops.convert_to_numpy(tensor), dtype="float64") if tensor is not None else values
        names, at = (["sigmoid"] if loss.is_binary else ["softmax"]), logits
    else:
        names, at = (["binary"] if loss.is_binary else ["normalised", "plain"]), values
    for name in names:
        with np.errstate(all="ignore"):
            number = float(formulas.KNOWN[name][2](targets, at).mean())
        if not _differ(number, probe.seen):
            return name
    return None
