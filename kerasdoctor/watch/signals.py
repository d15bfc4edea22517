"""The probe: what a fixed small batch shows about the model between two batches of training."""

from __future__ import annotations

import math
import time

import keras
import numpy as np

from kerasdoctor.step import Signals
from kerasdoctor.watch.gradients import gradient_function, total_norm, weight_sums

SATURATED = 1 - 1e-6


class Probe:
    """Measures a model on one batch, and its weights alone where there is none. Must be called on the training thread.

    ``batch`` is ``(x, y, sample_weight)`` or None. Raises whatever the model raises; the caller decides what to switch off.
    """

    def __init__(self, state, batch=None):
        self.state, self.batch = state, batch
        self._gradients = None
        self._labels_differ = _differ(batch[1]) if batch is not None else None

    def weights(self):
        """Only whether the weights are finite."""
        begin = time.perf_counter()
        bad = self._bad_weights()
        return Signals(weights_finite=not bad, bad_weights=bad, seconds=time.perf_counter() - begin)

    def measure(self):
        """All signals; those of the batch are None where there is no batch or a weight is not finite."""
        begin = time.perf_counter()
        bad = self._bad_weights()
        facts = {} if bad or self.batch is None else self._on_batch()
        return Signals(weights_finite=not bad, bad_weights=bad, seconds=time.perf_counter() - begin, **facts)

    def _bad_weights(self):
        pairs = [(variable, value) for variable, value in self.state.weight_values() if "float" in str(variable.dtype)]
        if not pairs:
            return ()
        sums = weight_sums([value for _, value in pairs])
        suspects = [pair for pair, total in zip(pairs, sums, strict=True) if not math.isfinite(total)]
        return tuple(self._name(variable.path) for variable, value in suspects if not _finite(value))

    def _name(self, path):
        return path.removeprefix(f"{self.state.model.name}/")

    def _on_batch(self):
        if self._gradients is None:
            self._gradients = gradient_function(self.state.model, self.state)
        loss, outputs, norms = self._gradients(*self.batch)
        norm = total_norm(norms)
        if norm == 0 and "float16" in str(self.state.model.dtype_policy.compute_dtype):
            norm = None  # an unscaled half-precision gradient underflows to 0 in a healthy model
        layers = {}
        for variable, value in zip(self.state.trainable, norms, strict=True):
            if value is not None:
                layer = self._name(variable.path).rpartition("/")[0] or variable.path
                layers[layer] = math.hypot(layers.get(layer, 0.0), value)
        facts = {"probe_loss": loss, "gradient_norm": norm, "layer_gradients": layers, "labels_differ": self._labels_differ}
        return facts | _of_outputs(outputs)


def _finite(value):
    return bool(np.isfinite(keras.ops.convert_to_numpy(value)).all())


def _differ(labels):
    """Whether rows of the labels differ; None where there are none."""
    parts = [keras.ops.convert_to_numpy(part) for part in keras.tree.flatten(labels) if part is not None]
    return any(bool((part != part[:1]).any()) for part in parts) if parts else None


def _of_outputs(outputs):
    """Saturation, row sums and constancy of a single output with a class axis; saturation only where outputs lie in [0, 1]."""
    if len(keras.tree.flatten(outputs)) != 1:
        return {}
    values = keras.ops.convert_to_numpy(keras.tree.flatten(outputs)[0]).astype("float64")
    if values.ndim < 2 or values.size == 0 or not np.isfinite(values).all():
        return {}
    rows = values.reshape(-1, values.shape[-1])
    facts = {"constant": bool(len(rows) > 1 and np.ptp(rows, axis=0).max() <= 1e-6 * max(np.abs(rows).max(), 1e-12))}
    if rows.min() >= 0 and rows.max() <= 1 + 1e-6:
        facts |= {"saturated": float((rows > SATURATED).mean()), "row_sum_min": float(rows.sum(axis=1).min())}
    return facts


class Clock:
    """Says when a measurement is due, so that it takes no more than a share of the run's time.

    ``share`` of the time may be spent; ``first`` seconds must have passed before the first one, since its one-time cost is not known.
    """

    def __init__(self, share, first, least_gap=0.25):
        self.share, self.least_gap = share, least_gap
        self.due_at = time.perf_counter() + first

    def due(self, now):
        return now >= self.due_at

    def took(self, now, seconds):
        self.due_at = now + max(self.least_gap, seconds / self.share)
