"""The failing runs of benchmarks/incidents.py: rates, data, losses and starts that go wrong, with the onset where it is injected."""

from __future__ import annotations

import keras

from benchmarks import tasks
from benchmarks.healthy_runs import HEALTHY
from benchmarks.runs import Run, rate

layers, ops = keras.layers, keras.ops


def clipped(y_true, y_pred):
    """binary_crossentropy of Keras 2: clipped at 1e-7, so that a saturated answer has no gradient."""
    values = ops.clip(ops.reshape(y_pred, ops.shape(y_true)), 1e-7, 1 - 1e-7)
    logits = ops.log(values / (1 - values))
    return ops.mean(ops.maximum(logits, 0) - logits * y_true + ops.log1p(ops.exp(-ops.abs(logits))), axis=-1)


def log_error(y_true, y_pred):
    """Squared error of logarithms, without a guard: a negative answer is NaN."""
    return ops.mean(ops.square(ops.log(y_pred) - ops.log(ops.abs(y_true) + 1)), axis=-1)


def distance(y_true, y_pred):
    """A root whose gradient at 0 is 0/0: finite loss, NaN weights once a row is met exactly."""
    return ops.sqrt(ops.sum(ops.square(ops.relu(ops.abs(y_true - y_pred) - 0.05)), axis=-1))


def wide(draw_seed):
    return keras.initializers.RandomUniform(seed=draw_seed)


TOO_LARGE = {
    "blobs": ("blobs", ("Adam 1", "Adam 3", "RMSprop 1", "SGD 30")),
    "digits conv": ("digits conv", ("Adam 1", "SGD 5")),
    "tokens": ("tokens LSTM", ("Adam 2", "SGD 500")),
    "numbers": ("numbers", ("SGD 1", "SGD 0.6", "Adam 5")),
    "autoencoder": ("autoencoder", ("Adam 1", "SGD 3000")),
    "deep": ("blobs tanh deep", ("Adam 0.5", "SGD 10")),
    "waves": ("waves simple", ("SGD 5", "Adam 3")),
}


def failing():
    yield from _too_large()
    yield from _data_faults()
    yield from _rate_faults()
    yield from _loss_faults()
    yield from _dead_from_the_start()
    yield from _overfitting()


def _fail(kind, name, make, optimizer, **facts):
    return Run(f"{kind}: {name}", make, optimizer, failing=True, kind=kind, **facts)


def _too_large():
    for name, (task, kinds) in TOO_LARGE.items():
        for text in kinds:
            optimizer, value = text.split()
            yield _fail("rate too large", f"{name} {text}", HEALTHY[task], rate(optimizer, float(value)))
    for text in ("SGD 0.03", "SGD 0.1"):
        make = lambda d: _scaled(tasks.numbers(d, curved=False), 100)  # noqa: E731
        yield _fail("rate too large", f"unscaled inputs {text}", make, rate("SGD", float(text.split()[1])))
    for width, value in ((24, 0.05), (32, 0.02), (16, 0.1)):
        make = lambda d, width=width: tasks.waves(d, layer="SimpleRNN", width=width, length=60, activation="relu")  # noqa: E731
        yield _fail("relu recurrent", f"{width} units SGD {value}", make, rate("SGD", value, momentum=0.9))


def _scaled(task, factor):
    return tasks.Task(task.x * factor, task.y, task.layers, task.loss, task.skill, task.metrics)


def _data_faults():
    """Faults of the data from some batch on, when the model has learned."""
    for number, (fault, names) in enumerate(
        {
            "nan": ("digits conv", "blobs tanh deep", "numbers", "waves GRU", "autoencoder"),
            "shuffled": ("blobs", "digits", "two classes", "numbers", "waves conv", "autoencoder"),
            "x255": ("blobs", "digits conv", "numbers", "several labels", "waves conv"),
            "black": ("digits conv", "blobs", "waves GRU", "numbers"),
            "noise": ("digits", "blobs norm dropout", "two classes", "numbers"),
        }.items()
    ):
        for turn, name in enumerate(names):
            batch, onset = (32, 16, 64)[(number + turn) % 3], 180 + 37 * ((number + 2 * turn) % 5)
            feed = "one pass" if (number + turn) % 3 == 1 else "stream"
            yield _fail(
                f"data {fault}",
                f"{name} from {onset}, {batch} rows, {feed}",
                HEALTHY[name],
                rate("Adam", 0.01) if turn % 2 else rate("SGD", 0.05, momentum=0.9),
                batch=batch,
                batches=onset + 200,
                feed=feed,
                fault=fault,
                onset=onset,
                by_design=True,
            )


def _rate_faults():
    """The learning rate a thousand times larger from some batch on."""
    for turn, name in enumerate(
        ("blobs", "digits conv", "tokens GRU", "numbers", "autoencoder", "two classes", "blobs norm dropout", "waves conv")
    ):
        onset = 150 + 31 * (turn % 4)
        optimizer = rate("Adam", 0.005) if turn % 2 else rate("SGD", 0.05)
        yield _fail("rate jump", f"{name} at {onset}", HEALTHY[name], optimizer, batches=onset + 200, fault="rate", onset=onset)
    for turn, value in enumerate((0.003, 0.001, 0.002)):
        onset = 200 + 20 * turn
        make = lambda d: tasks.digits(d, classes=2, loss=clipped, hidden=[layers.Flatten(), *tasks.dense(256)])  # noqa: E731
        yield _fail("rate jump", f"clipped loss Adam {value}", make, rate("Adam", value), batches=onset + 200, fault="rate", onset=onset)


def _loss_faults():
    for labels, turn in (((-1, 1), 0), ((-1, 1), 1), ((0, 2), 2), ((0, 255), 3), ((1, 2), 4)):
        make = lambda d, labels=labels: tasks.two_classes(d, labels=labels)  # noqa: E731
        optimizer = (rate("Adam", 0.01), rate("SGD", 0.05), rate("RMSprop", 0.005))[turn % 3]
        yield _fail("labels out of range", f"{labels[0]} and {labels[1]}, {turn}", make, optimizer, by_design=True)
    for classes, value, depth in ((5, 0.05, 1), (5, 0.1, 2), (4, 0.05, 2), (10, 0.05, 2), (3, 0.1, 3), (10, 0.1, 1), (5, 0.03, 3)):
        make = lambda d, classes=classes, depth=depth: tasks.digits(  # noqa: E731
            d, classes=classes, head="sigmoid", hidden=[layers.Flatten(), *tasks.dense(64, depth=depth)], cut=True
        )
        yield _fail("sigmoid categorical cut", f"{classes} classes Adam {value}", make, rate("Adam", value), batch=20, batches=700)
    for value, width in ((0.1, 256), (0.06, 512), (0.1, 512), (0.2, 256), (0.05, 512)):
        make = lambda d, width=width: tasks.digits(  # noqa: E731
            d, classes=2, loss=clipped, hidden=[layers.Flatten(), *tasks.dense(width, kernel_initializer=wide(1)), layers.Dense(64, "relu")]
        )
        yield _fail("clipped loss", f"{width} units Adam {value}", make, rate("Adam", value))
    for loss in (log_error, distance):
        for turn, optimizer in enumerate((rate("Adam", 0.01), rate("SGD", 0.02), rate("RMSprop", 0.003))):
            make = lambda d, loss=loss, turn=turn: tasks.numbers(d, noise=0.0, curved=turn == 1, offset=2.0 * turn, loss=loss)  # noqa: E731
            yield _fail("custom loss", f"{loss.__name__} {turn}", make, optimizer)


def _dead_from_the_start():
    for turn, optimizer in enumerate((rate("Adam", 0.005), rate("SGD", 0.05), rate("RMSprop", 0.002))):
        one = lambda d: tasks.two_classes(d, head="softmax", cut=True)  # noqa: E731
        yield _fail("softmax over one unit", f"{turn}", one, optimizer)
        zero = lambda d: tasks.blobs(d, classes=4, hidden=tasks.dense(32, depth=2, kernel_initializer="zeros"))  # noqa: E731
        yield _fail("zero weights", f"{turn}", zero, optimizer)
        dead = lambda d: tasks.blobs(d, classes=5, hidden=tasks.dense(24, bias_initializer=keras.initializers.Constant(-60.0)))  # noqa: E731
        yield _fail("dead relu", f"{turn}", dead, optimizer)
        black = lambda d: _scaled(tasks.digits(d), 0)  # noqa: E731
        yield _fail("inputs all zero", f"{turn}", black, optimizer)
        shuffled = lambda d, turn=turn: _wrong(tasks.blobs(d, classes=3 + 2 * turn), d)  # noqa: E731
        yield _fail("labels of other rows", f"{turn}", shuffled, optimizer, batches=500)
    for turn, (optimizer, name) in enumerate(
        ((rate("SGD", 1e-7), "digits"), (rate("Adam", 1e-9), "blobs"), (rate("SGD", 1e-6), "two classes"))
    ):
        yield _fail("rate too small", f"{name} {turn}", HEALTHY[name], optimizer, batches=500)
    for turn, value in enumerate((1.0, 2.5, 0.5)):
        deep = lambda d: tasks.digits(d, hidden=[layers.Flatten(), *tasks.dense(32, depth=6, kernel_initializer="he_normal")])  # noqa: E731
        yield _fail("dying relu", f"SGD {value} {turn}", deep, rate("SGD", value, momentum=0.5))


def _overfitting():
    """Few rows with much noise, more weights than rows, and validation."""
    held_out = {"fitted": {"validation_split": 0.3}, "by_design": True}
    for turn, optimizer in enumerate((rate("Adam", 0.01), rate("SGD", 0.05, momentum=0.9), rate("RMSprop", 0.003))):
        few = lambda d: tasks.numbers(d, rows=64, noise=1.0, hidden=tasks.dense(96, depth=2))  # noqa: E731
        yield _fail("overfitting", f"numbers {turn}", few, optimizer, batch=8, batches=500, **held_out)
        noisy = lambda d: tasks.blobs(d, rows=120, wrong=0.5, hidden=tasks.dense(96, depth=2))  # noqa: E731
        yield _fail("overfitting", f"wrong labels {turn}", noisy, optimizer, batch=16, batches=500, **held_out)


def _wrong(task, draw):
    return tasks.Task(task.x, task.y[draw.permutation(len(task.y))], task.layers, task.loss, task.skill, task.metrics)
