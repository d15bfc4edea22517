"""Small learning tasks for benchmarks/runs.py: data, layers, loss, and how well a model has learned them, each made from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import keras
import numpy as np

layers, ops = keras.layers, keras.ops


@dataclass
class Task:
    """``skill(predictions)`` is 0 for a constant answer and 1 for a perfect one, on the rows as they should be."""

    x: np.ndarray
    y: np.ndarray
    layers: list
    loss: object
    skill: Callable
    metrics: list = field(default_factory=lambda: ["accuracy"])

    def model(self):
        return keras.Sequential([keras.Input(self.x.shape[1:], dtype=self.x.dtype), *self.layers])


def balanced(classes, width):
    """Skill of class answers: the mean share of right rows over the classes, from chance to 1. ``classes``: the true class of each row."""

    def skill(predicted):
        predicted = np.asarray(predicted).reshape(len(classes), -1)
        answer = predicted.argmax(axis=1) if width > 1 else (predicted[:, 0] > 0.5).astype(int)
        known = np.unique(classes)
        return (np.mean([(answer[classes == k] == k).mean() for k in known]) - 1 / len(known)) / (1 - 1 / len(known))

    return skill


def explained(target, columns=slice(None)):
    """Skill of numbers: the part of the spread around the column medians that is explained, by median absolute errors."""

    def skill(predicted):
        predicted = np.asarray(predicted).reshape(len(target), -1)[:, columns]
        spread = np.mean(np.abs(target - np.median(target, axis=0)))
        return 1 - np.mean(np.abs(target - predicted)) / spread

    return skill


def dense(width, activation="relu", *, depth=1, norm=False, dropout=0.0, **arguments):
    """Hidden layers."""
    made = []
    for _ in range(depth):
        made.append(layers.Dense(width, activation=activation, **arguments))
        made += [layers.BatchNormalization()] if norm else []
        made += [layers.Dropout(dropout)] if dropout else []
    return made


def blobs(
    draw, *, classes=3, features=8, rows=960, spread=1.0, wrong=0.0, head="softmax", coding="numbers", loss=None, hidden=None, cut=False
):
    """Gaussian clouds. ``wrong``: share of labels drawn anew. ``cut``: a Reshape stands between head and loss, which then sees values."""
    centres = draw.normal(0, 2, (classes, features))
    truth = draw.integers(0, classes, rows)
    x = (centres[truth] + draw.normal(0, spread, (rows, features))).astype("float32")
    y = np.where(draw.random(rows) < wrong, draw.integers(0, classes, rows), truth)
    names = {"numbers": "sparse_categorical_crossentropy", "one-hot": "categorical_crossentropy"}
    y = keras.utils.to_categorical(y, classes) if coding == "one-hot" else y
    top = [layers.Dense(classes, activation=head)] + ([layers.Reshape((classes,))] if cut else [])
    return Task(x, y, [*(dense(32) if hidden is None else hidden), *top], loss or names[coding], balanced(truth, classes))


def two_classes(
    draw, *, rows=960, share=0.5, spread=1.0, wrong=0.0, labels=(0, 1), head="sigmoid", loss="binary_crossentropy", hidden=None, cut=False
):
    """Two clouds, ``share`` of the rows in the second; one output unit."""
    truth = (draw.random(rows) < share).astype(int)
    x = (draw.normal(0, spread, (rows, 6)) + 1.5 * (2 * truth[:, None] - 1) * draw.normal(0, 1, 6)).astype("float32")
    seen = np.where(draw.random(rows) < wrong, 1 - truth, truth)
    y = np.where(seen == 1, labels[1], labels[0]).astype("float32")[:, None]
    top = [layers.Dense(1, activation=head)] + ([layers.Reshape((1,))] if cut else [])
    skill = balanced(truth, 1)
    if head in ("tanh", "linear") or labels[0] < 0:
        return Task(x, y, [*(hidden or dense(16)), *top], loss, lambda predicted: balanced(truth, 1)(np.asarray(predicted) > 0))
    return Task(x, y, [*(hidden or dense(16)), *top], loss, skill)


def digits(draw, *, classes=10, convolutions=False, head="softmax", hidden=None, loss="categorical_crossentropy", cut=False, scale=1 / 16):
    """The 8x8 digits of scikit-learn."""
    from sklearn.datasets import load_digits

    found = load_digits()
    rows = draw.permutation(np.flatnonzero(found.target < classes))
    truth, x = found.target[rows], (found.images[rows] * scale).astype("float32")[..., None]
    if hidden is None:
        hidden = [layers.Flatten(), *dense(48)]
        if convolutions:
            hidden = [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), *dense(32)]
    top = [layers.Dense(classes, activation=head)] + ([layers.Reshape((classes,))] if cut else [])
    return Task(x, keras.utils.to_categorical(truth, classes), [*hidden, *top], loss, balanced(truth, classes))


def tokens(draw, *, rows=960, length=16, vocabulary=40, layer="LSTM", width=12, **arguments):
    """Rows of tokens whose class shows in how often the first half of the vocabulary occurs."""
    truth = draw.integers(0, 2, rows)
    first = draw.random((rows, length)) < np.where(truth == 1, 0.75, 0.25)[:, None]
    x = np.where(first, draw.integers(0, vocabulary // 2, (rows, length)), draw.integers(vocabulary // 2, vocabulary, (rows, length)))
    made = [layers.Embedding(vocabulary, 12)]
    made += [layers.GlobalAveragePooling1D()] if layer == "pool" else [getattr(layers, layer)(width, **arguments)]
    y = truth.astype("float32")[:, None]
    return Task(x.astype("int32"), y, [*made, layers.Dense(1, activation="sigmoid")], "binary_crossentropy", balanced(truth, 1))


def waves(draw, *, rows=640, length=24, layer="GRU", width=12, **arguments):
    """Noisy sine waves: the next value is to be foretold."""
    phase, rate = draw.uniform(0, 6.28, (rows, 1)), draw.uniform(0.2, 0.6, (rows, 1))
    values = np.sin(phase + rate * np.arange(length + 1)) + draw.normal(0, 0.05, (rows, length + 1))
    made = (
        [layers.Conv1D(width, 5, activation="relu"), layers.Flatten()]
        if layer == "Conv1D"
        else [getattr(layers, layer)(width, **arguments)]
    )
    y = values[:, -1:].astype("float32")
    return Task(values[:, :-1, None].astype("float32"), y, [*made, layers.Dense(1)], "mse", explained(y), ["mae"])


def numbers(draw, *, rows=960, features=6, noise=0.1, tail=None, scale=1.0, offset=0.0, loss="mse", hidden=None, curved=True):
    """A regression. ``tail``: degrees of freedom of Student noise. ``scale``, ``offset``: of the targets."""
    x = draw.normal(size=(rows, features))
    clean = x @ draw.normal(size=(features, 1))
    clean = clean + np.sin(2 * x[:, :1]) if curved else clean
    added = draw.standard_t(tail, (rows, 1)) if tail else draw.normal(size=(rows, 1))
    y = (scale * (clean + noise * added) + offset).astype("float32")
    made = dense(32) if hidden is None else hidden
    return Task(x.astype("float32"), y, [*made, layers.Dense(1)], loss, explained(scale * clean + offset), ["mae"])


def counts(draw, *, rows=960):
    """Poisson regression with an exponential head."""
    x = draw.normal(size=(rows, 4))
    rate = np.exp(1 + x @ np.array([[0.6], [-0.4], [0.3], [0.0]]))
    made = [*dense(16), layers.Dense(1, activation="exponential")]
    return Task(x.astype("float32"), draw.poisson(rate).astype("float32"), made, "poisson", explained(rate), ["mae"])


def likelihood(draw, *, rows=960, noise=0.02):
    """Mean and log variance under a Gaussian likelihood: the loss falls below 0 and goes on."""
    task = numbers(draw, rows=rows, noise=noise, curved=False)

    def gaussian(y_true, y_pred):
        mean, log_variance = y_pred[:, :1], y_pred[:, 1:]
        return ops.mean(0.5 * log_variance + 0.5 * ops.square(y_true - mean) * ops.exp(-log_variance), axis=-1)

    return Task(task.x, task.y, [*dense(32), layers.Dense(2)], gaussian, explained(task.y, slice(0, 1)), [])


def directions(draw, *, rows=640):
    """Cosine similarity as a loss: from 0 down to -1."""
    x = draw.normal(size=(rows, 8)).astype("float32")
    y = x @ draw.normal(size=(8, 4)).astype("float32")
    y /= np.linalg.norm(y, axis=1, keepdims=True)

    def skill(predicted):
        return float(np.mean(np.sum(predicted * y, axis=1) / np.maximum(np.linalg.norm(predicted, axis=1), 1e-9)))

    return Task(x, y, [*dense(24), layers.Dense(4)], "cosine_similarity", skill, [])


def autoencoder(draw, *, loss="mse", width=24, norm=False):
    """Digits through a narrow layer and back."""
    task = digits(draw)
    x = task.x.reshape(len(task.x), -1)
    return Task(x, x, [*dense(width, norm=norm), layers.Dense(64, activation="sigmoid")], loss, explained(x), [])


def several_labels(draw, *, rows=960, labels=6):
    """Multi-hot labels, each with a plane of its own."""
    x = draw.normal(size=(rows, 10))
    y = (x @ draw.normal(size=(10, labels)) > 0.5).astype("float32")

    def skill(predicted):
        return float(np.mean([balanced(y[:, k].astype(int), 1)(predicted[:, k]) for k in range(labels)]))

    made = [*dense(32), layers.Dense(labels, activation="sigmoid")]
    return Task(x.astype("float32"), y, made, "binary_crossentropy", skill, ["binary_accuracy"])
