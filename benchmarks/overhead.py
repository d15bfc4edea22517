"""What watching costs: the same fit alone and watched, in pairs A B A B on one model, medians with their spread.

    python benchmarks/overhead.py [--pairs 9] [--widget] [--others] [--model mlp|cnn]

``--others`` adds the TensorBoard callback and livelossplot where they are installed.

Every fit trains the same compiled model on the same data with verbose=0, so nothing is traced inside a timing. The ratio is the median
over the pairs of watched seconds / mean of the two unwatched fits around it; the spread is that of the middle half of the pairs. On a
shared machine that spread is wider than the bars, so the CPU time of the training thread inside FitWatch is printed too, as a share of
the fit's wall time.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[1]))

import keras
import numpy as np

from kerasdoctor.watch.monitor import FitWatch


class Timed(FitWatch):
    """Adds up the training thread's CPU seconds inside the callback."""

    inside = 0.0


def _timed(name):
    method = getattr(FitWatch, name)

    def call(self, *args, **kwargs):
        begin = time.thread_time()
        method(self, *args, **kwargs)
        Timed.inside += time.thread_time() - begin

    setattr(Timed, name, call)


for event in ("on_train_begin", "on_epoch_begin", "on_train_batch_end", "on_epoch_end", "on_train_end"):
    _timed(event)


class Silent:
    """A listener that does nothing, in the place of the printing one."""


def mlp():
    """A tiny network whose batches take about 2 ms: Keras's own loop is most of it."""
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((64,)), layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu"), layers.Dense(10)]
    )
    return model, (64,), 32, 300, 4


def cnn():
    """A small convolutional network whose batches take 10 ms or more."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )
    return model, (28, 28, 1), 64, 100, 4


class Hushed(keras.callbacks.Callback):
    """Another callback whose printing is dropped."""

    def __init__(self, other):
        super().__init__()
        self.other = other

    def __getattribute__(self, name):
        if not name.startswith(("on_epoch", "on_train")):
            return super().__getattribute__(name)
        method = getattr(super().__getattribute__("other"), name)

        def hushed(*args, **kwargs):
            with contextlib.redirect_stdout(io.StringIO()):
                return method(*args, **kwargs)

        return hushed

    def set_model(self, model):
        self.other.set_model(model)

    def set_params(self, params):
        self.other.set_params(params)


def prepared(make):
    """``(fit, batches)``: fit(callbacks) trains the compiled, traced model and returns seconds."""
    keras.utils.set_random_seed(0)
    model, shape, batch, steps, epochs = make()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    draw = np.random.default_rng(0)
    x = draw.normal(size=(batch * steps, *shape)).astype("float32")
    y = (x.reshape(len(x), -1)[:, :10]).argmax(axis=1)

    def fit(callbacks):
        begin = time.perf_counter()
        model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0, callbacks=callbacks(x, y))
        return time.perf_counter() - begin

    fit(lambda x, y: [])
    return fit, steps * epochs


def variants(widget, others):
    """``{name: make_callbacks}``."""
    found = {"FitWatch": lambda x, y: [Timed(listeners=[Silent()], arguments={"x": x, "y": y})]}
    if widget:
        from kerasdoctor.views.live_plot import LivePanel

        found["FitWatch + live panel"] = lambda x, y: [Timed(listeners=[LivePanel()], arguments={"x": x, "y": y})]
    found["do-nothing callback"] = lambda x, y: [keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None)]
    if others:
        if importlib.util.find_spec("tensorboard"):
            found["TensorBoard(update_freq='batch')"] = lambda x, y: [keras.callbacks.TensorBoard(tempfile.mkdtemp(), update_freq="batch")]
        with contextlib.suppress(ImportError):
            from livelossplot import PlotLossesKeras

            found["livelossplot"] = lambda x, y: [Hushed(PlotLossesKeras())]
    return found


def measure(fit, batches, make, pairs):
    """Ratios of watched to unwatched seconds, the median seconds a batch alone, and the median share of CPU time inside."""
    fit(make)
    alone, ratios, shares = [fit(lambda x, y: [])], [], []
    for _ in range(pairs):
        Timed.inside = 0.0
        watched = fit(make)
        shares.append(Timed.inside / watched)
        alone.append(fit(lambda x, y: []))
        ratios.append(watched / (0.5 * (alone[-2] + alone[-1])))
    return ratios, statistics.median(alone) / batches, statistics.median(shares)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--widget", action="store_true")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--model", choices=("mlp", "cnn"))
    options = parser.parse_args()
    print(
        f"{keras.backend.backend()}, Keras {keras.__version__}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, {options.pairs} pairs"
    )
    for make in [mlp, cnn] if options.model is None else [globals()[options.model]]:
        fit, batches = prepared(make)
        for name, callbacks in variants(options.widget, options.others).items():
            ratios, seconds, share = measure(fit, batches, callbacks, options.pairs)
            low, middle, high = statistics.quantiles(ratios, n=4)
            spread = f"{middle:.3f}x  (middle half {low:.3f} to {high:.3f})"
            print(f"{make.__name__:4} {1000 * seconds:6.2f} ms a batch alone   {name:30} {spread}   inside {share:.2%}", flush=True)


if __name__ == "__main__":
    main()
