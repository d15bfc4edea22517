"""One run of benchmarks/incidents.py: its parameters, the feeds with their faults, the optimizers and schedules."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import keras
import numpy as np

schedules = keras.optimizers.schedules


@dataclass(frozen=True)
class Run:
    """One fit call. ``make(draw)`` gives the Task, ``optimizer(batches)`` the optimizer. ``seed`` and half follow from the name.

    ``feed``: "arrays"; "stream", a PyDataset; "one pass", arrays that hold every batch of one long epoch. ``onset``: the first batch of a
    fault: "nan", "shuffled", "x255", "black" or "noise" of the data (not with "arrays"), or "rate" times 1000. ``by_design``: failing
    whatever skill says, since its data stay wrong to the end. ``earlier``: batches before the watched fit.
    """

    name: str
    make: Callable
    optimizer: Callable
    failing: bool = False
    kind: str = ""
    batch: int = 32
    batches: int = 300
    feed: str = "arrays"
    fault: str = ""
    onset: int | None = None
    by_design: bool = False
    earlier: int = 0
    compiled: dict = field(default_factory=dict)
    fitted: dict = field(default_factory=dict)

    @property
    def seed(self):
        return zlib.crc32(self.name.encode())

    @property
    def part(self):
        """The half it belongs to; another bit of the hash than those that seed small generators."""
        return "tune" if zlib.crc32(b"part " + self.name.encode()) >> 7 & 1 else "report"


class Batches(keras.utils.PyDataset):
    """Batches in an order of their own each epoch, with the run's fault from its onset on, which counts from 1 over the whole run.

    ``epoch`` is set from outside: how often and when Keras calls ``on_epoch_end`` has changed between versions.
    """

    def __init__(self, task, run):
        super().__init__()
        self.x, self.y, self.run = task.x, task.y, run
        self.epoch, self.steps = 0, len(self.x) // run.batch

    def __len__(self):
        return self.steps

    def __getitem__(self, index):
        run = self.run
        rows = np.random.default_rng((run.seed, self.epoch)).permutation(len(self.x))[index * run.batch : (index + 1) * run.batch]
        return spoiled(run, self.epoch * self.steps + index + 1, self.x[rows], self.y[rows])


def spoiled(run, batch, x, y):
    """The batch as the run's fault leaves it."""
    if not run.onset or batch < run.onset or run.fault == "rate":
        return x, y
    draw = np.random.default_rng((run.seed, batch))
    if run.fault == "nan" and batch == run.onset:
        x = x.copy()
        x[0].flat[x[0].size // 2] = np.nan  # one value of one row, once
    elif run.fault == "shuffled":
        y = y[draw.permutation(len(y))]
    elif run.fault == "x255":
        x = 255 * x
    elif run.fault == "black":
        x = np.zeros_like(x)
    elif run.fault == "noise":
        x = draw.permuted(x.reshape(len(x), -1), axis=0).reshape(x.shape)
    return x, y


def rate(name, value, **arguments):
    """An optimizer with a fixed rate, or with a schedule where ``value`` is called with the number of batches."""
    return lambda batches: getattr(keras.optimizers, name)(value(batches) if callable(value) else value, **arguments)


SCHEDULES = {
    "cosine": lambda peak: lambda n: schedules.CosineDecay(peak, n),
    "warm-up": lambda peak: lambda n: schedules.CosineDecay(peak / 50, n - n // 5, warmup_target=peak, warmup_steps=n // 5),
    "restarts": lambda peak: lambda n: schedules.CosineDecayRestarts(peak, n // 4, t_mul=1.0, m_mul=1.0),
    "steps": lambda peak: lambda n: schedules.PiecewiseConstantDecay([n // 3, 2 * n // 3], [peak, peak / 5, peak / 25]),
    "decay": lambda peak: lambda n: schedules.ExponentialDecay(peak, n // 4, 0.5),
}

OPTIMIZERS = {
    "Adam 1e-3": rate("Adam", 1e-3),
    "Adam 5e-3": rate("Adam", 5e-3),
    "Adam 0.02": rate("Adam", 0.02),
    "AdamW 3e-3": rate("AdamW", 3e-3),
    "SGD 0.05": rate("SGD", 0.05),
    "momentum 0.02": rate("SGD", 0.02, momentum=0.9),
    "Nesterov 0.05": rate("SGD", 0.05, momentum=0.9, nesterov=True, clipnorm=1.0),
    "RMSprop 3e-3": rate("RMSprop", 3e-3),
    "Nadam 5e-3": rate("Nadam", 5e-3),
    "Lion 1e-3": rate("Lion", 1e-3),
} | {f"Adam {name}": rate("Adam", make(0.01)) for name, make in SCHEDULES.items()}
OPTIMIZERS |= {f"momentum {name}": rate("SGD", SCHEDULES[name](0.1), momentum=0.9) for name in ("restarts", "warm-up", "steps")}
