"""The values of a model's variables between two batches, on any backend, without disturbing the run.

JAX takes the values out of the variables while it trains and keeps them in ``model._jax_state`` (keras/src/backend/jax/trainer.py). Reading
them there leaves the run alone; going through ``callback.model`` would sync the whole state after every batch.
"""

from __future__ import annotations

import keras
import numpy as np


class ModelState:
    """Reads the variables of one model. Lists of variables are taken once, since walking the layers costs milliseconds on large models."""

    def __init__(self, model):
        self.model = model
        self.trainable = list(model.trainable_variables)
        self.non_trainable = list(model.non_trainable_variables)
        self.metrics = list(model.metrics_variables)
        weights = {id(variable) for variable in model.weights}
        self.weights = [variable for variable in self.trainable + self.non_trainable if id(variable) in weights]

    @property
    def optimizer(self):
        optimizer = getattr(self.model, "optimizer", None)
        return list(optimizer.variables) if optimizer is not None and optimizer.built else []

    def values(self, kind):
        """The backend's arrays of "trainable", "non_trainable", "optimizer" or "metrics" variables."""
        held = getattr(self.model, "_jax_state", None)
        if held and not self.model._jax_state_synced and held.get(f"{kind}_variables") is not None:
            return list(held[f"{kind}_variables"])
        return [variable.value for variable in getattr(self, kind)]

    def weight_values(self):
        """``[(variable, array)]`` of the weights: the trainable ones first, then BatchNormalization's and their like."""
        wanted = {id(variable) for variable in self.weights}
        pairs = zip(self.trainable + self.non_trainable, self.values("trainable") + self.values("non_trainable"), strict=True)
        return [pair for pair in pairs if id(pair[0]) in wanted]

    def metric_value(self, variable):
        """One metric variable as a float."""
        for known, value in zip(self.metrics, self.values("metrics"), strict=True):
            if known is variable:
                return float(keras.ops.convert_to_numpy(value))
        raise LookupError(variable.path)

    @property
    def _inner_optimizer(self):
        """The one with the rate: a LossScaleOptimizer wraps it."""
        optimizer = getattr(self.model, "optimizer", None)
        return getattr(optimizer, "inner_optimizer", optimizer)

    @property
    def follows_schedule(self):
        """Whether the learning rate is computed and cannot be set."""
        return callable(getattr(self._inner_optimizer, "_learning_rate", None))

    def learning_rate(self):
        """The rate now, or None. A schedule is asked at the current iteration."""
        optimizer = self._inner_optimizer
        if optimizer is None or not optimizer.built:
            return None
        rate = optimizer._learning_rate
        if self.follows_schedule:
            return float(keras.ops.convert_to_numpy(rate(self._optimizer_value(optimizer.iterations))))
        return float(keras.ops.convert_to_numpy(self._optimizer_value(rate)))

    def _optimizer_value(self, variable):
        """One optimizer variable's value."""
        held = getattr(self.model, "_jax_state", None)
        if held and not self.model._jax_state_synced:
            for known, value in zip(self.optimizer, self.values("optimizer"), strict=True):
                if known is variable:
                    return value
        return variable.value

    def sync(self):
        """Put the values back into the variables, where the backend took them out; the next batch reads them from there."""
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()


def copied(value):
    """A NumPy copy that no later batch can change. JAX and torch hand out views of buffers that the next step overwrites."""
    return np.array(keras.ops.convert_to_numpy(value), copy=True)
