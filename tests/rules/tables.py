"""Healthy snapshots of programs on tables and images, made by hand; a test changes one fact."""

from dataclasses import replace

from kerasdoctor.snapshot import Contract, Fit, Head, Input, Kernel, Labels, Layer, Loss, Model, Optimizer, Probe, Snapshot

COLUMNS = 4
FIRST = Layer(
    path="layers[0]",
    name="dense",
    kind="Dense",
    activation="relu",
    units=8,
    input_shapes=((COLUMNS,),),
    output_shape=(8,),
    parameters=40,
    kernel=Kernel((COLUMNS, 8), 0.0, 0.4, -0.7, 0.7, True),
    config={"kernel_initializer": {"class_name": "GlorotUniform"}},
    inputs=("inputs[0]",),
)
LAST = Layer(
    path="layers[1]",
    name="head",
    kind="Dense",
    activation="sigmoid",
    units=1,
    parameters=9,
    kernel=Kernel((8, 1), 0.0, 0.4, -0.8, 0.8, True),
    inputs=("layers[0]",),
)
TABLE = Input(
    name="data.x",
    shape=(COLUMNS,),
    dtype="float64",
    container="ndarray",
    rows=400,
    examined=400,
    minimum=-3.0,
    maximum=3.0,
    mean=0.0,
    std=1.0,
    column_minima=(-3.0,) * COLUMNS,
    column_maxima=(3.0,) * COLUMNS,
    column_means=(0.0,) * COLUMNS,
    column_stds=(1.0,) * COLUMNS,
    feeds=("layers[0]",),
)
IMAGES = replace(TABLE, shape=(28, 28, 1), column_minima=(0.0,), column_maxima=(1.0,), column_means=(0.5,), column_stds=(0.3,))
IMAGES = replace(IMAGES, minimum=0.0, maximum=1.0, mean=0.5, std=0.3)
PIXELS = replace(IMAGES, dtype="uint8", whole=True, minimum=0.0, maximum=255.0, mean=128.0, std=70.0)
PIXELS = replace(PIXELS, column_minima=(0.0,), column_maxima=(255.0,), column_means=(128.0,), column_stds=(70.0,))
BINARY = Labels(
    form="binary",
    shape=(),
    dtype="int64",
    container="ndarray",
    rows=400,
    examined=400,
    minimum=0.0,
    maximum=1.0,
    mean=0.5,
    std=0.5,
    classes=2,
    counts={0: 200, 1: 200},
    whole=True,
    sorted_share=0.5,
    chance_share=0.5,
    head_classes=(0, 1),
    tail_classes=(0, 1),
)
TARGETS = Labels(
    form="continuous", shape=(), dtype="float64", container="ndarray", rows=400, examined=400, minimum=-2.0, maximum=2.0, mean=0.0, std=1.0
)
FIT = Fit(epochs=20, batch_size=32, steps=13, rows=400, written=True, lengths={"x": 400, "y": 400}, arguments=("epochs",))
BCE = Loss(name="binary_crossentropy", kind="BinaryCrossentropy", computes="binary_crossentropy")
MSE = Loss(name="mse", kind="MeanSquaredError", computes="mean_squared_error")
SPARSE = Loss(name="sparse_categorical_crossentropy", computes="sparse_categorical_crossentropy")
SIGMOID = Head(layer="layers[1]", kind="Dense", units=1, axis_size=1, activations=("sigmoid",), activation_paths=("layers[1]",))
LINEAR = Head(layer="layers[1]", kind="Dense", units=1, axis_size=1)
PROBE = Probe(rows=32, minimum=0.4, maximum=0.6, seen=0.7)


def snapshot(values=TABLE, labels=BINARY, *, layers=(FIRST, LAST), fit=FIT, loss=BCE, head=SIGMOID, probe=PROBE, optimizer=None):
    """A healthy classifier of a table of four standardised columns, with what is given in the place of its parts."""
    inputs = (values,) if isinstance(values, Input) else tuple(values)
    return Snapshot(
        model=Model(name="model", kind="Sequential", layers=tuple(layers)),
        optimizer=optimizer or Optimizer("Adam", 0.001),
        contracts=(Contract(output="out", head=head, loss=loss, labels=labels, probe=probe),),
        inputs=inputs,
        fit=fit,
        probed_rows=32,
    )


def regression(labels=TARGETS, **changes):
    """A healthy regression on the same table."""
    parts = {"layers": (FIRST, replace(LAST, activation="linear")), "loss": MSE, "head": LINEAR, "probe": Probe(minimum=-0.5, maximum=0.5)}
    return snapshot(labels=labels, **(parts | changes))


def found(rule, facts):
    return list(rule().check(facts))
