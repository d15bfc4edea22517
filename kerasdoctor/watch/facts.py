"""What holds for a whole fit call, from the report where there is one, else read off the model."""

from __future__ import annotations

import keras
import numpy as np

from kerasdoctor.step import RunFacts

ACCURACIES = ("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy")
HEADS = ("softmax", "sigmoid", "relu", "tanh", "linear")
LABELS_READ = 20_000


def run_facts(model, params, *, report=None, arguments=None, initial_epoch=0):
    """The RunFacts of a fit call; the names of the metrics are added at the first batch (``with_metrics``)."""
    arguments = arguments or {}
    computes, head, link, classes = _of_report(report) or _of_model(model)
    return RunFacts(
        model=model.name,
        backend=keras.backend.backend(),
        epochs=int(params.get("epochs") or 1),
        initial_epoch=int(initial_epoch or 0),
        steps=params.get("steps"),
        batch_size=_batch_size(arguments),
        steps_per_execution=int(getattr(model, "steps_per_execution", 1) or 1),
        classes=classes,
        chance=_chance(report, arguments, classes),
        loss_computes=computes,
        head_activation=head,
        link=link,
    )


def with_metrics(run, logs):
    """The same with the names that fit logs. Several losses without a "loss" among them need not fall together (a GAN's)."""
    names = tuple(logs)
    accuracy = next((name for name in names if name in ACCURACIES), None) or next(
        (name for name in names if name.endswith("accuracy")), None
    )
    losses = [name for name in names if name == "loss" or name.endswith("_loss")]
    return RunFacts(**{**vars(run), "metrics": names, "accuracy": accuracy, "single_loss": "loss" in names or len(losses) == 1})


def loss_name(logs):
    """The name under which the loss is logged, or None."""
    if "loss" in logs:
        return "loss"
    return next((name for name in logs if name.endswith("loss")), None)


def _batch_size(arguments):
    if arguments.get("batch_size"):
        return int(arguments["batch_size"])
    return 32 if isinstance(arguments.get("x"), np.ndarray) else None


def _of_report(report):
    contracts = getattr(getattr(report, "snapshot", None), "contracts", ())
    if not contracts:
        return None
    first = contracts[0]
    activation = first.head.activations[-1] if first.head.activations else ("linear" if first.head.known else None)
    return first.loss.computes, activation, first.link, _classes(first.loss.computes, first.head.axis_size)


def _classes(computes, size):
    """K of a classification head; one unit under a binary loss separates two."""
    if not computes or "crossentropy" not in computes or not size:
        return None
    return 2 if size == 1 else int(size)


def _of_model(model):
    loss = getattr(model, "loss", None)
    computes = loss if isinstance(loss, str) else loss.name if isinstance(loss, keras.losses.Loss) else None
    activation = None
    for layer in reversed(getattr(model, "layers", ())):
        name = getattr(getattr(layer, "activation", None), "__name__", None)
        name = "softmax" if type(layer).__name__ == "Softmax" else name
        if name in HEADS:
            activation = name
            break
    try:
        shape = model.output_shape
        size = shape[-1] if isinstance(shape, tuple) and not isinstance(shape[-1], tuple) else None
    except (AttributeError, ValueError):
        size = None
    return computes, activation, None, _classes(computes, size)


def _chance(report, arguments, classes):
    """The share of the commonest class: from the report's labels, else from the labels given to fit."""
    contracts = getattr(getattr(report, "snapshot", None), "contracts", ())
    labels = contracts[0].labels if contracts else None
    if labels is not None and labels.chance_share is not None:
        return labels.chance_share
    if labels is not None and labels.counts:
        return max(labels.counts.values()) / sum(labels.counts.values())
    y = arguments.get("y")
    if classes is None or not isinstance(y, np.ndarray) or y.ndim > 2 or len(y) == 0:
        return 1 / classes if classes else None
    sample = y[:: max(1, len(y) // LABELS_READ)]
    if sample.ndim == 2 and sample.shape[1] > 1:
        return float(sample.mean(axis=0).max()) if np.isin(sample, (0, 1)).all() and (sample.sum(axis=1) == 1).all() else None
    _, counts = np.unique(sample, return_counts=True)
    return float(counts.max() / counts.sum())
