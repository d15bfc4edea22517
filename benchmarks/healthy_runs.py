"""The healthy runs of benchmarks/incidents.py: tasks crossed with optimizers, batch sizes and feeds."""

from __future__ import annotations

import numpy as np

from benchmarks import tasks
from benchmarks.runs import OPTIMIZERS, Run, rate

HEALTHY = {
    "blobs": tasks.blobs,
    "blobs one-hot overlapping": lambda d: tasks.blobs(d, classes=5, spread=2.5, coding="one-hot"),
    "blobs norm dropout": lambda d: tasks.blobs(d, classes=4, hidden=tasks.dense(32, depth=2, norm=True, dropout=0.3)),
    "blobs tanh deep": lambda d: tasks.blobs(d, classes=4, hidden=tasks.dense(24, "tanh", depth=4)),
    "blobs hard": lambda d: tasks.blobs(d, classes=8, features=4, spread=1.5),
    "wrong labels": lambda d: tasks.blobs(d, classes=4, wrong=0.3),
    "sigmoid categorical": lambda d: tasks.blobs(d, classes=4, head="sigmoid", coding="one-hot"),
    "two classes": tasks.two_classes,
    "two classes noisy": lambda d: tasks.two_classes(d, spread=3.0, wrong=0.1),
    "5 percent": lambda d: tasks.two_classes(d, rows=1600, share=0.05),
    "hinge": lambda d: tasks.two_classes(d, labels=(-1, 1), head="tanh", loss="hinge"),
    "squared two": lambda d: tasks.two_classes(d, loss="mse"),
    "digits": tasks.digits,
    "digits conv": lambda d: tasks.digits(d, convolutions=True),
    "digits 0 to 255": lambda d: tasks.digits(d, scale=255 / 16),
    "tokens LSTM": tasks.tokens,
    "tokens GRU": lambda d: tasks.tokens(d, layer="GRU"),
    "tokens pool": lambda d: tasks.tokens(d, layer="pool"),
    "waves GRU": tasks.waves,
    "waves simple": lambda d: tasks.waves(d, layer="SimpleRNN"),
    "waves conv": lambda d: tasks.waves(d, layer="Conv1D"),
    "numbers": tasks.numbers,
    "numbers exact": lambda d: tasks.numbers(d, noise=0.0, hidden=[], curved=False),
    "numbers heavy tails": lambda d: tasks.numbers(d, tail=2.0, noise=0.5),
    "numbers heavy tails mae": lambda d: tasks.numbers(d, tail=1.5, noise=0.5, loss="mae"),
    "numbers huber offset": lambda d: tasks.numbers(d, offset=5.0, loss="huber"),
    "numbers large": lambda d: tasks.numbers(d, scale=30.0, noise=0.2, offset=10.0),
    "counts": tasks.counts,
    "likelihood": tasks.likelihood,
    "directions": tasks.directions,
    "autoencoder": tasks.autoencoder,
    "autoencoder binary": lambda d: tasks.autoencoder(d, loss="binary_crossentropy", norm=True),
    "several labels": tasks.several_labels,
}
SIZES = (4, 8, 16, 32, 32, 64, 128)


def healthy():
    """Each task under three optimizers, batch sizes and feeds in turn; then what users do besides."""
    kinds = list(OPTIMIZERS)
    for number, (name, make) in enumerate(HEALTHY.items()):
        for turn in range(3):
            kind = kinds[(3 * number + 7 * turn) % len(kinds)]
            batch = SIZES[(number + 3 * turn) % len(SIZES)]
            feed = "stream" if (number + turn) % 5 == 0 else "one pass" if (number + turn) % 5 == 1 else "arrays"
            extra = {"compiled": {"steps_per_execution": 5}} if (number + 2 * turn) % 9 == 4 and feed == "arrays" else {}
            yield Run(f"{name}, {kind}, {batch} rows, {feed}", make, OPTIMIZERS[kind], batch=batch, batches=300, feed=feed, **extra)
    for name in ("blobs", "digits conv", "autoencoder", "numbers"):
        yield Run(f"{name}, gone on with", HEALTHY[name], rate("Adam", 0.005), earlier=150)
        yield Run(f"{name}, validated", HEALTHY[name], rate("Adam", 0.005), fitted={"validation_split": 0.25})
    for name in ("blobs", "numbers", "two classes"):
        yield Run(f"{name}, long", HEALTHY[name], rate("Adam", 0.01), batches=900, batch=16)
        yield Run(f"{name}, easy rows first", _sorted(HEALTHY[name]), rate("Adam", 0.005), fitted={"shuffle": False})
    yield Run("5 percent, weighted", HEALTHY["5 percent"], rate("Adam", 0.005), fitted={"class_weight": {0: 0.5, 1: 10.0}})


def _sorted(make):
    """The rows in the order of their distance from the middle: the loss swings within each epoch."""

    def sorted_task(draw):
        task = make(draw)
        order = np.argsort(-np.abs(task.x - task.x.mean(axis=0)).sum(axis=1), kind="stable")
        inner = task.skill

        def skill(predicted):
            return inner(predicted[np.argsort(order)])

        return tasks.Task(task.x[order], task.y[order], task.layers, task.loss, skill, task.metrics)

    return sorted_task
