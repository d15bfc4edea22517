"""Hand-made reports of the two founding cases, a clean model and a hostile one. No Keras."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from kerasdoctor.finding import Applicability, CellPatch, Finding, Fix, SetActivation, SetLoss, SetMetric, Severity
from kerasdoctor.snapshot import Cell, Contract, Head, Input, Kernel, Labels, Layer, Loss, Metric, Model, Probe, Snapshot, Span

CELL_B = """model = keras.Sequential([
    keras.Input((75, 75, 3)),
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(128, activation="relu"),
    layers.Dense(5, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(1e-4),
              loss="categorical_crossentropy", metrics=["accuracy"])"""


@dataclass
class Report:
    """What views read of kerasdoctor.report.Report; patches are given by the fix's title."""

    snapshot: Snapshot
    findings: tuple = ()
    notes: tuple = ()
    silenced: tuple = ()
    rules_checked: int = 71
    patches: dict = field(default_factory=dict)

    @property
    def model(self):
        return self.snapshot.model.name

    backend = keras = ""

    def cell_patches(self, fix):
        found = self.patches.get(fix.title)
        return ((found,), "") if found else ((), "the layer was not found exactly once in the cells")


def cell_patch(old, new, cell=4, id="c4"):
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "before", "after", lineterm="", n=1)
    return CellPatch(cell, id, old, new, "\n".join(lines) + "\n")


def kernel(*shape, limit=0.1):
    return Kernel(shape, 0.0, limit / 1.7, -limit, limit, True, (9, 10, 8, 9, 6, 11, 8, 7, 8, 10, 9, 6))


def conv(index, name, units, side, parameters, limit):
    return Layer(
        f"layers[{index}]", name, "Conv2D", config={"kernel_size": (3, 3)}, activation="relu", units=units,
        output_shape=(side, side, units), parameters=parameters, trainable_parameters=parameters,
        kernel=kernel(3, 3, 3, units, limit=limit),
    )  # fmt: skip


def pool(index, name, side, units):
    return Layer(f"layers[{index}]", name, "MaxPooling2D", config={"pool_size": (2, 2)}, output_shape=(side, side, units))


def dense(index, name, units, activation, parameters, limit):
    return Layer(
        f"layers[{index}]", name, "Dense", activation=activation, units=units, output_shape=(units,), parameters=parameters,
        trainable_parameters=parameters, kernel=kernel(8, units, limit=limit),
    )  # fmt: skip


LAYERS_B = (
    conv(0, "conv2d", 32, 73, 896, 0.138), pool(1, "max_pooling2d", 36, 32),
    conv(2, "conv2d_1", 64, 34, 18_496, 0.083), pool(3, "max_pooling2d_1", 17, 64),
    conv(4, "conv2d_2", 64, 15, 36_928, 0.072), pool(5, "max_pooling2d_2", 7, 64),
    Layer("layers[6]", "flatten", "Flatten", output_shape=(3136,)),
    dense(7, "dense", 128, "relu", 401_536, 0.043), dense(8, "dense_1", 5, "sigmoid", 645, 0.212),
)  # fmt: skip


def snapshot_b(**changes):
    contract = Contract(
        output="dense_1",
        head=Head("layers[8]", "Dense", 5, 5, ("sigmoid",), ("layers[8]",), output_shape=(5,)),
        loss=Loss("categorical_crossentropy", "CategoricalCrossentropy", True, "categorical_crossentropy", from_logits=False),
        labels=Labels("one-hot", (5,), "float32", "ndarray", 901, 901, 0, 1, 0.2, 0.4, 5, expression="y_train"),
        metrics=(Metric("accuracy", "CategoricalAccuracy", written="accuracy"),),
        probe=Probe(
            32, 0.0, 1.0, 0.003, 3.15,
            sample=((0.111, 0, 0.726, 0, 1.0), (0, 0, 0.767, 0, 0), (0, 0, 0.002, 0, 0.001), (0, 0, 0.83, 0, 0.315)),
            seen=20.62, on_values=9.45, link="logits", trained_as="categorical_crossentropy", guessing=1.609, output_shape=(5,),
        ),
    )  # fmt: skip
    known = {
        "model": Model("sequential", "Sequential", "model", layers=LAYERS_B, parameters=458_501, trainable_parameters=458_501,
                       bytes=1_834_004, input_shapes=((75, 75, 3),), output_shapes=((5,),)),
        "backend": "tensorflow", "backend_version": "2.21", "keras": "3.15.1",
        "contracts": (contract,),
        "inputs": (Input("x", (75, 75, 3), "float32", "ndarray", 901, 901, 0, 255, 71.7, 94.9, feeds=("layers[0]",),
                         expression="x_train"),),
        "sources": {"layers[8]": Span(4, 8, 4, 8, 41), "compile": Span(4, 10, 0, 11, 68), "layers[0]": Span(4, 3, 4, 3, 43)},
        "cells": (Cell(4, "c4", CELL_B),),
        "seconds": 0.2, "probed_rows": 32,
    }  # fmt: skip
    return Snapshot(**(known | changes))


SOFTMAX = Fix(
    "softmax (fits these labels)", Applicability.UNSAFE, (SetActivation("layers[8]", "softmax"),),
    "One class per image. Changes what `predict()` returns: five shares that sum to 1.",
)  # fmt: skip
BINARY = Fix(
    "multi-label: binary_crossentropy", Applicability.UNSAFE, (SetLoss("binary_crossentropy"), SetMetric("accuracy", "binary_accuracy")),
    "Only if an image can show several classes at once. These labels do not say so: every row holds one 1.",
)  # fmt: skip
RESCALE = Fix("a Rescaling layer after the input", Applicability.SAFE)

KD101 = Finding(
    "KD101", "sigmoid-with-categorical-loss", "A sigmoid head of several units is trained with a categorical cross-entropy", Severity.ERROR,
    "The head scores each class alone; `categorical_crossentropy` compares the classes with each other.", "layers[8]",
    ("head_activation", "loss"),
    {
        "sigmoid units": 5, "label rows with exactly one 1": "901 / 901", "row sums of predict(), should be 1": "0.00 – 3.15",
        "loss that fit sees, from logits": 20.62, "loss of the scores predict() returns": 9.45,
    },
    (SOFTMAX, BINARY), ("row sums of predict(), should be 1", "loss of the scores predict() returns"), "dense_1",
)  # fmt: skip
KD301 = Finding(
    "KD301", "unscaled-inputs", "Inputs far beyond unit scale go straight into weights", Severity.WARNING,
    "Pixels from 0 to 255 go straight into `conv2d`. The first loss is 13 times that of guessing.", "data.x", ("input_scale",),
    {"range": "0 – 255", "mean ± spread": "71.7 ± 94.9", "first loss; guessing costs ln 5 = 1.61": 20.62, "first loss with x / 255": 1.62},
    (RESCALE,), ("range",),
)  # fmt: skip


def case_b():
    """Five sigmoids under categorical_crossentropy, pixels 0-255."""
    compiled = CELL_B.replace("categorical_crossentropy", "binary_crossentropy").replace('"accuracy"', '"binary_accuracy"')
    rescaled = CELL_B.replace("75, 3)),\n", "75, 3)),\n    layers.Rescaling(1 / 255),\n")
    patches = {
        SOFTMAX.title: cell_patch(CELL_B, CELL_B.replace("sigmoid", "softmax")),
        BINARY.title: cell_patch(CELL_B, compiled),
        RESCALE.title: cell_patch(CELL_B, rescaled),
    }
    return Report(snapshot_b(), (KD101, KD301), patches=patches)


CELL_A = """model.add(Dense(2, init="uniform"))
model.add(Activation("softmax"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])"""

KD102 = Finding(
    "KD102", "softmax-with-binary-loss", "A softmax head is trained with a binary cross-entropy", Severity.ERROR,
    "Two shares that sum to 1 are scored as two yes/no questions.", "loss", ("loss", "head_activation"),
    {"softmax units": 2, "label rows with exactly one 1": "250,000 / 250,000"},
    (
        Fix("categorical_crossentropy", Applicability.SAFE, (SetLoss("categorical_crossentropy"),)),
        Fix("one sigmoid unit with 0/1 labels", Applicability.DISPLAY_ONLY),
    ),
    (), "activation",
)  # fmt: skip


def case_a():
    """Two softmax units under binary_crossentropy, on JAX: nothing bypasses the softmax."""
    contract = Contract(
        "activation",
        head=Head("layers[0]", "Dense", 2, 2, ("softmax",), ("layers[1]",), output_shape=(2,), softmax_axis=-1),
        loss=Loss("binary_crossentropy", "BinaryCrossentropy", True, "binary_crossentropy", from_logits=False),
        labels=Labels("one-hot", (2,), "float32", "ndarray", 250_000, 20_000, 0, 1, 0.5, 0.5, 2),
        metrics=(Metric("accuracy", "CategoricalAccuracy", written="accuracy"), Metric("auc", "AUC")),
        probe=Probe(32, 0.1, 0.9, 1.0, 1.0, sample=((0.4, 0.6), (0.9, 0.1)), seen=0.69, on_values=0.69, link="values"),
    )
    model = Model("lenet", "Sequential", layers=(
        dense(0, "dense", 2, "linear", 130, 0.05), Layer("layers[1]", "activation", "Activation", activation="softmax", output_shape=(2,)),
    ), parameters=130, trainable_parameters=130, bytes=520)  # fmt: skip
    snapshot = Snapshot(
        model, "jax", "0.10", "3.15.1", contracts=(contract,), cells=(Cell(2, "c2", CELL_A),), sources={"compile": Span(2, 3, 0, 3, 80)},
        probed_rows=32,
    )  # fmt: skip
    patches = {"categorical_crossentropy": cell_patch(CELL_A, CELL_A.replace("binary_c", "categorical_c"), 2, "c2")}
    return Report(snapshot, (KD102,), notes=("KD404 could not run: ZeroDivisionError",), silenced=(KD301,), patches=patches)


def clean():
    """Case B put right, without data."""
    snapshot = snapshot_b()
    contract = snapshot.contracts[0]
    head = Head("layers[8]", "Dense", 5, 5, ("softmax",), ("layers[8]",), output_shape=(5,), softmax_axis=-1)
    fixed = Contract(contract.output, head=head, loss=contract.loss, metrics=contract.metrics)
    return Report(snapshot_b(contracts=(fixed,), probed_rows=0, seconds=0.1))


HOSTILE = (
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "nul\x00 bell\x07 esc\x1b[31m", "x" * 3000,
    "abc\u202edcba\u202c", "שלום \u2066x\u2069", "</style><b>", "</textarea></title>", "&amp; &lt;", "`</code><i>`", "**</strong>**",
    "lone \ud800", "a\nb\r\nc", "{0} {last}", "[x](javascript:alert(1))",
)  # fmt: skip


def hostile(text):
    """Every string that a user or a rule can set holds the text."""
    old, new = f"a = 1 # {text}\nb = 2", f"a = 2 # {text}\nb = 2"
    fix = Fix(text, Applicability.UNSAFE, (), text)
    finding = Finding(
        "KD101", text, text, Severity.ERROR, text, text, ("head_activation",), {text: text, "n": 3}, (fix, fix), (text,), text
    )
    contract = Contract(
        text,
        head=Head("layers[0]", text, 3, 3, ("sigmoid", text), ("layers[0]",), after=(text,), output_shape=(3,)),
        loss=Loss(text, text, False, text, True),
        labels=Labels(text, (3,), text, text, 3, 3, expression=text),
        metrics=(Metric(text, text, written=text),),
        probe=Probe(4, sample=((0.1, 0.2, 0.3),), error=text),
    )
    layer = Layer("layers[0]", text, text, activation=text, units=3, output_shape=(3, None), parameters=9, kernel=kernel(3, 3))
    model = Model(text, text, text, layers=(layer,), parameters=9, dtype_policy=text)
    snapshot = Snapshot(
        model, text, text, text, contracts=(contract,), inputs=(Input("x", expression=text),), cells=(Cell(1, text, old),), notes=(text,),
        sources={text: Span(1, 1, 0, 1, 1)},
    )  # fmt: skip
    return Report(snapshot, (finding,), (text,), (finding,), patches={text: cell_patch(old, new, 1, text)})
