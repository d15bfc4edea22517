"""Which weights still hold the values they were made with, and what changed since the optimizer was built."""

from __future__ import annotations

import keras

STEPS = ("fit", "train_step", "train_function", "compute_loss", "compute_metrics", "test_step")


def is_fresh(layer):
    """Whether bias and moving statistics are as a layer of this kind starts; None where that cannot be told.

    Training moves both from the first update on, so a pretrained layer shows here, whatever its kernel looks like.
    """
    zero = [getattr(layer, name, None) for name in ("bias", "moving_mean")]
    if type(getattr(layer, "bias_initializer", None)).__name__ not in ("Zeros", "NoneType"):
        zero = zero[1:]
    found = [weight for weight in zero if hasattr(weight, "shape") and 0 not in weight.shape]
    if not found:
        return None
    return not any(keras.ops.convert_to_numpy(weight).any() for weight in found)


def has_own_steps(model):
    """Whether the user's class replaces a part of Keras's training."""
    own = {getattr(getattr(type(model), name, None), "__module__", "keras").split(".")[0] for name in STEPS}
    return not own <= {"keras", "tf_keras"}


def changed_since_built(optimizer, model):
    """(weights made trainable, weights frozen) since the optimizer was built; (0, 0) while it is not."""
    if not getattr(optimizer, "built", False):
        return 0, 0
    known = {id(variable) for variable in getattr(optimizer, "_trainable_variables", ())}
    now = {id(variable) for variable in model.trainable_variables}
    return (len(now - known), len(known - now)) if known else (0, 0)
