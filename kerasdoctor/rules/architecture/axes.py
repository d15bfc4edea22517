"""What KD408 and KD409 share: the axes of an output against those of its labels."""

from __future__ import annotations

import math

from kerasdoctor.rules.architecture import wiring


def cores(contract):
    """(output, labels): axes on which answers are counted, without rows, the axis of classes, and trailing axes of 1; None if unknown."""
    labels, loss = contract.labels, contract.loss
    shape = contract.probe.output_shape if contract.probe and contract.probe.output_shape is not None else contract.head.output_shape
    known = loss.is_crossentropy or loss.is_regression or loss.computes in ("hinge", "squared_hinge", "poisson", "cosine_similarity")
    if labels is None or labels.shape is None or shape is None or not known:
        return None
    return _trimmed(shape[:-1] if loss.is_sparse else shape), _trimmed(labels.shape)


def _trimmed(shape):
    return tuple(shape[:-1]) if shape and shape[-1] == 1 else tuple(shape)


def extra(contract):
    """How many answers of the output meet one label, 0 where they are even, or where it cannot be told.

    Axes are compared from the right for labels with an axis of classes, which the output has as well.
    """
    found = cores(contract)
    if found is None or len(found[0]) <= len(found[1]):
        return 0
    output, labels = found
    if output == () or (len(output) == 1 and _is_class_axis(contract)):
        return 0
    more = output[: len(output) - len(labels)]
    return 0 if None in more else math.prod(more) if math.prod(more) > 1 else 0


def missing(contract):
    """How many labels of a row meet one answer of the output, 0 where they are even."""
    found = cores(contract)
    if found is None or len(found[0]) >= len(found[1]):
        return 0
    output, labels = found
    more = labels[: len(labels) - len(output)]
    return math.prod(more) if math.prod(more) > 1 else 0


def _is_class_axis(contract):
    """One axis of several units against one number a row: classes against class numbers, the matter of the output rules."""
    shape = contract.head.output_shape or (contract.probe.output_shape if contract.probe else None)
    return shape is not None and len(shape) < 2


def written(contract):
    shape = contract.probe.output_shape if contract.probe and contract.probe.output_shape is not None else contract.head.output_shape
    return f"(rows, {', '.join(map(str, shape))})"


def written_labels(contract):
    shape = contract.labels.shape
    return f"(rows, {', '.join(map(str, shape))})" if shape else "(rows,)"


def last_recurrent(model, head):
    """The recurrent layer whose steps reach the head one by one; None where another layer made the axes."""
    layer = model.layer(head.layer) if head.layer else None
    while layer is not None:
        if layer.kind in wiring.RECURRENT:
            return layer
        feeders = model.feeders(layer)
        if len(layer.inputs) != 1 or len(feeders) != 1:
            return None
        layer = feeders[0]
        stays = layer.kind in ("Dense", "TimeDistributed", "BatchNormalization", *wiring.RECURRENT, *wiring.DROPOUT)
        if not stays and layer.kind not in wiring.UNITWISE - {"Reshape", "Permute", "RepeatVector"}:
            return None
    return None
