"""What the optimization rules share: kinds of optimizers, and how far the weights can move in a fit."""

from __future__ import annotations

import math

# Each update moves a weight by about the learning rate, whatever the size of the gradient.
NORMALISED = ("Adam", "AdamW", "Nadam", "Adamax", "RMSprop", "Lion")
# Like those, with steps that shrink as 1 / sqrt(updates).
SHRINKING = ("Adagrad", "Ftrl")
# Learning rates that Keras 3 starts with, and Adadelta's of its paper (Zeiler 2012), which Keras's documentation recommends.
USUAL = {"SGD": 0.01, "Adadelta": 1.0, "Adagrad": 0.01, "Lion": 0.0001} | dict.fromkeys(
    ("Adam", "AdamW", "Nadam", "Adamax", "RMSprop"), 0.001
)


def effective_rate(optimizer):
    """The rate with momentum counted in: a steady gradient is repeated 1 / (1 - momentum) times."""
    if optimizer.learning_rate is None:
        return None
    return optimizer.learning_rate / (1 - min(max(optimizer.momentum, 0.0), 0.999))


def is_steered(snapshot):
    """The rate is changed while training, so its first value says little: a schedule, or a callback that is not known not to."""
    optimizer, fit = snapshot.optimizer, snapshot.fit
    callbacks = fit.callbacks if fit else ()
    return bool(optimizer.schedule) or any(c.kind == "LearningRateScheduler" or not c.builtin for c in callbacks)


def fan_in(layer):
    """How many numbers one unit of the layer sums up, None where that is not known."""
    if layer.kernel is None or layer.kind == "Embedding" or len(layer.kernel.shape) < 2:
        return None
    return math.prod(layer.kernel.shape[:-1])


def widest(snapshot):
    """The trainable layer whose units sum up most numbers, or None."""
    found = [layer for layer in snapshot.model.layers if layer.trainable_parameters and fan_in(layer)]
    return max(found, key=fan_in, default=None)


def is_from_scratch(snapshot):
    """No layer shows traces of earlier training, and none is frozen."""
    weighted = [layer for layer in snapshot.model.layers if layer.parameters and not layer.nested]
    trained = any(layer.fresh is False or not layer.trainable for layer in weighted)
    return not trained and not (snapshot.optimizer and snapshot.optimizer.iterations)


def input_scale(snapshot):
    """How large the inputs are: the largest absolute value, at least 1; None where nothing is known of them."""
    ends = [abs(end) for given in snapshot.inputs if given.indices_for is None for end in (given.minimum, given.maximum) if end is not None]
    if not ends and not any(given.indices_for for given in snapshot.inputs):
        return None
    return max([1.0, *ends])
