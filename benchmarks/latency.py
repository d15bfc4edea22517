"""How long one waits: ``%load_ext kerasdoctor``, and ``%kerasdoctor`` on small and large models.

    python benchmarks/latency.py [--repeats 9]

Loading is timed in fresh interpreters, with and without the extension in turn (A B A B); the figure is the median of the paired
differences.
``%kerasdoctor`` is timed in one shell with the backend imported, on a model with data, probe and text output included.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

START = "import time; from IPython.core.interactiveshell import InteractiveShell; s = InteractiveShell.instance();"
LOAD = "a = time.perf_counter(); s.run_line_magic('load_ext', 'kerasdoctor');" + "print(time.perf_counter() - a)"
BARE = "a = time.perf_counter(); s.run_line_magic('load_ext', 'autoreload');" + "print(time.perf_counter() - a)"

TWENTY = """
import numpy as np, keras
from keras import layers
def block(n):
    return [layers.Conv2D(n, 3, padding="same"), layers.BatchNormalization(), layers.Activation("relu"), layers.MaxPooling2D()]
twenty = keras.Sequential([keras.Input((32, 32, 3)), *block(16), *block(32), *block(64), *block(64),
                           layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dropout(0.2),
                           layers.Dense(10, activation="sigmoid")])
twenty.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
x = np.random.default_rng(0).random((2000, 32, 32, 3)).astype("float32")
y = np.eye(10)[np.arange(2000) % 10]
"""
LARGE = """
large = keras.applications.MobileNetV2((96, 96, 3), weights=None, classes=10)
large.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
x2 = np.random.default_rng(0).random((256, 96, 96, 3)).astype("float32") * 2 - 1
y2 = np.eye(10)[np.arange(256) % 10]
"""


def loading(repeats):
    """Medians in ms: loading ours, loading a small extension of IPython's own, and the paired difference."""

    def once(code):
        return float(subprocess.run([sys.executable, "-c", START + code], capture_output=True, text=True, check=True).stdout) * 1000

    pairs = [(once(LOAD), once(BARE)) for _ in range(repeats)]
    ours, bare = zip(*pairs, strict=True)
    return statistics.median(ours), statistics.median(bare), statistics.median(a - b for a, b in pairs)


def examining(repeats):
    """(name, layers, first, median, worst) in seconds for each model."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "kerasdoctor")
    for cell in (TWENTY, LARGE):
        shell.run_cell(cell, store_history=True).raise_error()
    for name, call in (("20-layer CNN", "twenty.fit(x, y, epochs=9)"), ("MobileNetV2", "large.fit(x2, y2, epochs=9)")):
        times = []
        for _ in range(repeats):
            with contextlib.redirect_stdout(io.StringIO()):
                start = time.perf_counter()
                report = shell.run_line_magic("kerasdoctor", "-o " + call)
            times.append(time.perf_counter() - start)
        yield name, len(report.snapshot.model.layers), times[0], statistics.median(times[1:]), max(times[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_args().repeats
    ours, bare, difference = loading(repeats)
    print(f"%load_ext kerasdoctor      {ours:6.1f} ms (autoreload {bare:.1f} ms; paired difference {difference:.1f} ms; {repeats} pairs)")
    for name, count, first, median, worst in examining(repeats):
        print(
            f"%kerasdoctor {name:14} {count:4} layers  first {first:.2f} s, "
            f"then median {median:.3f} s, worst {worst:.3f} s of {repeats - 1}"
        )


if __name__ == "__main__":
    main()
