"""Synthetic runs for the training rules: steps made of plain numbers, no Keras."""

import math
import random

from kerasdoctor.step import RunFacts, Signals, Step
from kerasdoctor.watch.incidents import IncidentLog

CLASSIFICATION = RunFacts(epochs=40, steps=50, metrics=("loss", "accuracy"), accuracy="accuracy", classes=5, chance=0.2)


def steps(losses, accuracies=None, *, run=CLASSIFICATION, signals=None):
    """A Step for each loss; ``signals`` maps a batch (from 1) to Signals."""
    for index, loss in enumerate(losses):
        metrics = {"accuracy": accuracies[index]} if accuracies is not None else {}
        epoch, inside = divmod(index, run.steps or 50)
        yield Step(index + 1, epoch + 1, inside + 1, loss, metrics, 32, 1, 0.001, (signals or {}).get(index + 1), run)


def incidents(rules, run_of_steps):
    """The incidents of a run under these rules. An exception of a rule fails the test."""

    def fail(part, error):
        raise AssertionError(f"{part}: {error!r}") from error

    log = IncidentLog(list(rules), fail)
    for step in run_of_steps:
        log.observe(step)
    return log.incidents


def falling(count, *, start=1.6, end=0.02, noise=0.1, seed=0):
    """Losses of a healthy run: an exponential fall with multiplicative noise."""
    draw = random.Random(seed)
    return [(end + (start - end) * math.exp(-index / 60)) * (1 + draw.gauss(0, noise)) for index in range(count)]


def rising(count, *, top=0.99, chance=0.2, noise=0.03, seed=0):
    """Accuracies of a healthy run."""
    draw = random.Random(seed)
    return [min(1.0, max(0.0, top - (top - chance) * math.exp(-index / 60) + draw.gauss(0, noise))) for index in range(count)]


def heavy_tailed(count, *, seed=0):
    """A squared error whose single batches reach 50 times the usual: Pareto noise on a falling mean."""
    draw = random.Random(seed)
    return [(0.2 + math.exp(-index / 100)) * draw.paretovariate(1.8) / 2.25 for index in range(count)]


def warm_restarts(count, *, period=200, seed=0):
    """Cosine warm restarts: the loss rises by a fifth of its progress at each restart and comes back."""
    draw = random.Random(seed)
    return [
        0.05 + 1.5 * math.exp(-index / 80) + (0.3 * math.exp(-(index % period) / 25) if index > period else 0) + draw.gauss(0, 0.02)
        for index in range(count)
    ]


def likelihood(count, *, seed=0):
    """A Gaussian negative log-likelihood, which falls below 0 and on."""
    draw = random.Random(seed)
    return [2 - 40 * (1 - math.exp(-index / 300)) + draw.gauss(0, 0.5) for index in range(count)]


def plateau(count, *, seed=0):
    """Nothing for 200 batches, then a healthy fall."""
    draw = random.Random(seed)
    return [1.61 + draw.gauss(0, 0.05) for _ in range(200)] + falling(count - 200, seed=seed)


def memorised(count, *, seed=0):
    """Label noise: the loss falls to a floor of clipped rows at 0.5 with zero gradient on the probe."""
    draw = random.Random(seed)
    return [0.5 + 1.1 * math.exp(-index / 60) + abs(draw.gauss(0, 0.1)) for index in range(count)]


HEALTHY = {
    "falling": falling(1200),
    "small batches": falling(1200, noise=0.5, seed=3),
    "heavy tails": heavy_tailed(1200),
    "warm restarts": warm_restarts(1200),
    "negative likelihood": likelihood(1200),
    "plateau first": plateau(1200),
    "label noise": memorised(1200),
    "large targets": [1e4 * loss for loss in falling(1200, seed=5)],
    "tiny loss": [1e-4 * loss for loss in falling(1200, seed=6)],
}


def probe(**facts):
    return Signals(**facts)
