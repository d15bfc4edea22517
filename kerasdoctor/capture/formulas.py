"""Known loss formulas in NumPy, and what a loss computes, told by comparing numbers.

Shapes: ``t`` and ``p`` are (rows, ..., K) float64. The formulas follow keras/src/losses/losses.py and the TensorFlow
backend's crossentropies (clip at 1e-7).
"""

from __future__ import annotations

import numpy as np

EPSILON = 1e-7


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _clip(p):
    """In float32, as the losses do it: there 1 - 1e-7 is 1 - 1.19e-7, a hundredth of the logarithm of a saturated unit."""
    return np.clip(p, EPSILON, 1 - EPSILON).astype("float32").astype("float64")


def _softplus(z):
    return np.logaddexp(0, z)


def normalised_crossentropy(t, p):
    return -(t * np.log(_clip(p / p.sum(-1, keepdims=True)))).sum(-1)


def plain_crossentropy(t, p):
    return -(t * np.log(_clip(p))).sum(-1)


def softmax_crossentropy(t, z):
    return -(t * (z - z.max(-1, keepdims=True) - np.log(np.exp(z - z.max(-1, keepdims=True)).sum(-1, keepdims=True)))).sum(-1)


def binary_crossentropy(t, p):
    return -(t * np.log(_clip(p)) + (1 - t) * np.log(1 - _clip(p))).mean(-1)


def sigmoid_crossentropy(t, z):
    return (_softplus(z) - t * z).mean(-1)


# name of the formula -> (Keras's name, from_logits, function of (t, values))
KNOWN = {
    "normalised": ("categorical_crossentropy", False, normalised_crossentropy),
    "plain": ("categorical_crossentropy", False, plain_crossentropy),
    "softmax": ("categorical_crossentropy", True, softmax_crossentropy),
    "binary": ("binary_crossentropy", False, binary_crossentropy),
    "sigmoid": ("binary_crossentropy", True, sigmoid_crossentropy),
    "mse": ("mean_squared_error", None, lambda t, p: ((t - p) ** 2).mean(-1)),
    "mae": ("mean_absolute_error", None, lambda t, p: np.abs(t - p).mean(-1)),
    "hinge": ("hinge", None, lambda t, p: np.maximum(1 - t * p, 0).mean(-1)),
    "huber": ("huber", None, lambda t, p: np.where(np.abs(t - p) <= 1, 0.5 * (t - p) ** 2, np.abs(t - p) - 0.5).mean(-1)),
    "log_cosh": ("log_cosh", None, lambda t, p: np.log(np.cosh(t - p)).mean(-1)),
    "poisson": ("poisson", None, lambda t, p: (p - t * np.log(p + EPSILON)).mean(-1)),
}
DRAWS = 3
TOLERANCE = 1e-4


def draws(shape, seed=20):
    """Outputs to try a loss on: in (0, 1), rows not summing to 1, so that the formulas give different numbers."""
    rng = np.random.default_rng(seed)
    return [rng.uniform(0.05, 0.95, shape) for _ in range(DRAWS)]


def as_targets(labels, shape):
    """Labels as (rows, ..., K) for the formulas, and whether they were class numbers; None where they do not fit the shape."""
    labels, classes = np.asarray(labels), shape[-1]
    if labels.shape == tuple(shape):
        return labels.astype("float64"), False
    squeezed = labels[..., 0] if labels.ndim == len(shape) and labels.shape[-1] == 1 else labels
    if squeezed.shape != tuple(shape[:-1]):
        return None, False
    if classes == 1:
        return squeezed[..., None].astype("float64"), False
    whole = np.isfinite(squeezed).all() and (squeezed == np.round(squeezed)).all() and squeezed.min() >= 0 and squeezed.max() < classes
    return (np.eye(classes)[squeezed.astype(int)], True) if whole else (None, False)


def decode(loss_values, targets, outputs):
    """Which formula gives the numbers ``loss_values`` (one a draw), up to one factor; (Keras's name, from_logits) or None.

    A factor is allowed because sums over the batch instead of means, or weights, do not change what is computed. Three draws
    that agree to 1e-4 leave no room for chance.
    """
    for computes, from_logits, formula in KNOWN.values():
        with np.errstate(all="ignore"):
            ours = np.array([formula(targets, p).mean() for p in outputs])
            ratio = np.asarray(loss_values) / ours
        if np.isfinite(ratio).all() and ratio[0] > 0 and np.ptp(ratio) <= TOLERANCE * ratio[0]:
            return computes, from_logits
    return None
