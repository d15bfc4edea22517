"""Keeps the weights to go back to: those of the last healthy moment, of the best epoch, of the start and of the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kerasdoctor.watch.model_state import copied


@dataclass(frozen=True)
class Kept:
    """Copies in host memory. ``optimizer`` is None where its variables were not kept. ``epoch`` 0 is the state before the first batch."""

    epoch: int
    batch: int
    weights: tuple[np.ndarray, ...]
    optimizer: tuple[np.ndarray, ...] | None
    value: float | None = None

    @property
    def finite(self):
        return all(np.isfinite(array).all() for array in self.weights if np.issubdtype(array.dtype, np.floating))


class FlightRecorder:
    """Up to four states of one model, at most ``limit`` bytes of host memory together (1 GiB).

    The optimizer's variables are kept only where a healthy state with them takes no more than half of that; nothing is kept of a model
    whose weights alone take more than a quarter of it. ``note`` says so.
    """

    limit = 1 << 30

    def __init__(self, state, start=None):
        self.state, self.start = state, start
        self.healthy = start if start is not None and start.finite else None
        self.best = self.end = None
        self.note = ""
        weights, optimizer = _bytes(state.weights), _bytes(state.optimizer)
        self.keeps_weights = weights <= self.limit / 4
        self.keeps_optimizer = weights + optimizer <= self.limit / 2
        if not self.keeps_weights:
            self.note = (
                f"weights are not kept: {weights / 2**20:.0f} MiB is more than a quarter of the flight recorder's {self.limit >> 20} MiB"
            )
        elif not self.keeps_optimizer:
            self.note = "the optimizer's variables are not kept: too large for the flight recorder"

    def copy(self, epoch, batch):
        """A copy of the model as it is now, or None where it is too large to be kept."""
        if not self.keeps_weights:
            return None
        weights = tuple(copied(value) for _, value in self.state.weight_values())
        optimizer = (
            tuple(copied(value) for value in self.state.values("optimizer")) if self.keeps_optimizer and self.state.optimizer else None
        )
        return Kept(epoch, batch, weights, optimizer)

    def keep(self, kept, *, healthy, value=None):
        """Store a copy: as healthy if it is, and as the best epoch's if its value is the lowest so far."""
        if kept is None:
            return
        if healthy:
            self.healthy = kept
        if healthy and value is not None and np.isfinite(value) and (self.best is None or value < self.best.value):
            self.best = Kept(kept.epoch, kept.batch, kept.weights, None, float(value))

    def restore(self, which, *, learning_rate=None):
        """Put a kept state back into the model: "best", "healthy", "start" or "end". On the training thread, or after the run.

        The learning rate stays what it is unless one is given. Raises LookupError if nothing of the kind was kept.
        """
        kept = getattr(self, which, None) if which in ("best", "healthy", "start", "end") else None
        if kept is None:
            raise LookupError(f"no {which!r} weights were kept")
        if learning_rate is not None and self.state.follows_schedule:
            raise TypeError("the learning rate follows a schedule and cannot be set")
        rate = self.state.learning_rate() if learning_rate is None else learning_rate
        self.state.sync()
        for (variable, _), array in zip(self.state.weight_values(), kept.weights, strict=True):
            variable.assign(array)
        self._restore_optimizer(kept)
        if rate is not None and not self.state.follows_schedule:
            self.state.model.optimizer.learning_rate = rate  # last: the rate is one of the optimizer's variables
        return kept

    def _restore_optimizer(self, kept):
        """The kept variables. Without them, moments that may hold NaN are set to 0; counts, rates and loss scales go on."""
        variables = self.state.optimizer
        if kept.optimizer is not None and len(kept.optimizer) == len(variables):
            for variable, array in zip(variables, kept.optimizer, strict=True):
                variable.assign(array)
            return
        for variable in variables:
            if len(variable.shape) or not np.isfinite(copied(variable.value)):
                variable.assign(np.zeros(variable.shape, _numpy_name(variable.dtype)))


def _bytes(variables):
    return sum(int(np.prod(variable.shape)) * np.dtype(_numpy_name(variable.dtype)).itemsize for variable in variables)


def _numpy_name(dtype):
    """float32 stands for half-precision and 8-bit types that NumPy does not know."""
    try:
        return np.dtype(str(dtype)).name
    except TypeError:
        return "float32"
