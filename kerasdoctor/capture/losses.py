"""What compile was given, a loss and metrics for each output: read off built-in classes, never by running anything."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping

import keras

from kerasdoctor.snapshot import Loss, Metric

ALIASES = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
}
SPELT = {"KLDivergence": "kl_divergence", "CTC": "ctc"}


def per_output(spec, names):
    """One entry of ``spec`` (a single one, a list, a dictionary, nested) for each output name; None where there is none."""
    if isinstance(spec, Mapping):
        found = {str(key): value for key, value in spec.items()}
        if any(isinstance(value, Mapping) for value in found.values()):  # nested like the outputs, which Keras flattens by sorted keys
            flat = list(_leaves(spec))
            return (flat + [None] * len(names))[: len(names)]
        if any(name in found for name in names):
            return [found.get(name) for name in names]
        flat = keras.tree.flatten(spec)
        return (flat + [None] * len(names))[: len(names)]
    if isinstance(spec, (list, tuple)):
        if len(spec) == len(names):
            return list(spec)
        flat = list(spec) if len(names) == 1 else keras.tree.flatten(spec)
        return [flat[0] if flat else None] if len(names) == 1 else (flat + [None] * len(names))[: len(names)]
    return [spec] * len(names)


def _leaves(spec):
    for key in sorted(spec):
        if isinstance(spec[key], Mapping):
            yield from _leaves(spec[key])
        else:
            yield spec[key]


def _snake(name):
    return SPELT.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _is_keras(thing):
    return (getattr(thing, "__module__", "") or "").split(".")[0] in ("keras", "tf_keras")


def loss_facts(spec, weight=None):
    """A built-in loss by its class, function or name; anything else is "custom" until the probe has decoded it."""
    if spec is None:
        return Loss(weight=weight)
    if isinstance(spec, str):
        known = ALIASES.get(spec.lower(), spec)
        name = known if re.fullmatch(r"[a-z_]+", known) else _snake(known)
        return Loss(name=spec, kind=name, computes=ALIASES.get(name, name), from_logits=_default_logits(name), weight=weight)
    if isinstance(spec, keras.losses.Loss):
        return _loss_object(spec, weight)
    if isinstance(spec, functools.partial):
        inner, config = loss_facts(spec.func, weight), {k: v for k, v in spec.keywords.items() if isinstance(v, (str, int, float, bool))}
        return dataclasses.replace(inner, from_logits=config.get("from_logits", inner.from_logits), config=config)
    name = getattr(spec, "__name__", type(spec).__name__)
    if _is_keras(spec) and callable(spec):
        return Loss(name=name, kind=name, computes=ALIASES.get(name, name), from_logits=_default_logits(name), weight=weight)
    return Loss(name=name, kind=name, builtin=False, weight=weight)


def _default_logits(name):
    return False if "crossentropy" in name else None


def _loss_object(spec, weight):
    kind, wrapped = type(spec), getattr(spec, "fn", None)
    config = {k: v for k, v in getattr(spec, "_fn_kwargs", {}).items() if isinstance(v, (str, int, float, bool))}
    if kind.__name__ == "LossFunctionWrapper" and wrapped is not None:
        return loss_facts(wrapped, weight)
    if not _is_keras(kind):
        return Loss(name=spec.name, kind=kind.__name__, builtin=False, weight=weight)
    name = _snake(kind.__name__)
    logits = getattr(spec, "from_logits", config.get("from_logits", _default_logits(name)))
    return Loss(name=kind.__name__, kind=name, computes=name, from_logits=logits, weight=weight, config=config)


def metric_facts(specs, output_shape, label_shape):
    """The metrics of one output as Keras 3 resolves them: "accuracy" becomes a class by the shapes of outputs and labels."""
    if specs is None:
        return ()
    items = specs if isinstance(specs, (list, tuple)) else [specs]
    return tuple(_metric(item, output_shape, label_shape) for item in keras.tree.flatten(items) if item is not None)


def _metric(spec, output_shape, label_shape):
    if isinstance(spec, str):
        if spec.lower() in ("accuracy", "acc"):
            return Metric(name=spec, kind=_accuracy(output_shape, label_shape), threshold=0.5, written=spec)
        name = ALIASES.get(spec.lower(), spec)
        return Metric(name=spec, kind=_class_of(name), threshold=0.5 if "binary" in name.lower() else None, written=spec)
    name = getattr(spec, "name", None) or getattr(spec, "__name__", type(spec).__name__)
    kind = type(spec).__name__ if isinstance(spec, keras.metrics.Metric) else _class_of(name)
    return Metric(name=name, kind=kind, threshold=getattr(spec, "threshold", None), written=None)


def _class_of(name):
    """``binary_accuracy`` -> ``BinaryAccuracy`` where Keras has such a class, else the name itself."""
    camel = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    return camel if hasattr(keras.metrics, camel) else name


def _accuracy(output_shape, label_shape):
    """keras/src/trainers/compile_utils.py, get_metric: width 1 is binary; labels of lower rank or width 1 are sparse."""
    if not output_shape:
        return "BinaryAccuracy"
    if output_shape[-1] == 1:
        return "BinaryAccuracy"
    if label_shape is not None and (len(label_shape) < len(output_shape) or label_shape[-1:] == (1,)):
        return "SparseCategoricalAccuracy"
    return "CategoricalAccuracy"
