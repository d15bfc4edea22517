"""Every row of the table on the installed Keras: the old name fails or is ignored, the new one exists."""

import contextlib
import importlib
import inspect
import warnings

import pytest

from kerasdoctor.patch.legacy_names import ARGUMENTS, GONE, IN_TENSORFLOW, LOSS_NAMES, METHODS, MODULES, NAMES, OPS

pytestmark = pytest.mark.keras
NEEDED = {
    "Dense": (3,),
    **{name: (3, 3) for name in ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv3DTranspose", "SeparableConv1D", "SeparableConv2D")},
    "DepthwiseConv2D": (3,),
    **{f"AveragePooling{n}D": (2,) for n in (1, 2, 3)},
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), (3,)),
    **dict.fromkeys(("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout", "GaussianNoise"), (0.5,)),
    "Reshape": ((2,),),
    "Embedding": (10, 4),
    "ModelCheckpoint": ("a.keras",),
}
VALUES = {"dim_ordering": "channels_first", "lr": 0.1, "learning_rate": 0.1, "decay": 0.1, "epsilon": 1e-3, "p": 0.5, "sigma": 0.5}
VALUES |= {
    "forget_bias_init": True,
    "bias": False,
    "mode": 0,
    "init": "zeros",
    "beta_init": "zeros",
    "gamma_init": "ones",
    "inner_init": "zeros",
}
VALUES |= {"border_mode": "same", "inner_activation": "tanh", "dims": (2,), "l": 0.1, "alpha": 0.2, "dropout_W": 0.1, "dropout_U": 0.1}
NO_VALUE = ("W_regularizer", "b_regularizer", "W_constraint", "b_constraint", "U_regularizer", "sample_weight_mode", "target_tensors")


def named(row):
    return f"{row.owner}.{row.old}"


def owner_of(name):
    import keras

    places = (keras.layers, keras.optimizers, keras.callbacks, keras.utils, keras.regularizers, keras, keras.datasets.imdb)
    return next(getattr(place, name) for place in places if hasattr(place, name))


def small_model():
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile("sgd", "mse")
    return model


def call(row, name, value):
    """The owner called with one argument by name, and warnings taken for failures of their own kind."""
    import numpy as np

    x = np.zeros((4, 4), "float32")
    if row.owner in ("fit", "evaluate", "predict", "compile"):
        model = small_model()
        data = {"fit": (x, x[:, :3]), "evaluate": (x, x[:, :3]), "predict": (x,), "compile": ("sgd", "mse")}[row.owner]
        return getattr(model, row.owner)(*data, **({} if row.owner == "compile" else {"verbose": 0}), **{name: value})
    if row.owner == "to_categorical":
        return owner_of(row.owner)([0, 1], **{name: 2})
    if row.owner == "Model":
        import keras

        a = keras.Input((2,))
        pair = {"input": {"outputs": a}, "inputs": {"outputs": a}, "output": {"inputs": a}, "outputs": {"inputs": a}}[name]
        return keras.Model(**pair, **{name: a})
    owner = owner_of(row.owner)
    given = dict(zip(inspect.signature(owner).parameters, NEEDED.get(row.owner, ()), strict=False))
    return owner(**(given | {name: value} if name == row.new or row.new not in ("filters", "units", "kernel_size") else {name: value}))


def value_of(row):
    if row.old in NO_VALUE or (row.only and None in row.only):
        return None
    return VALUES.get(row.old, row.only[0] if row.only else 1)


@pytest.mark.parametrize("row", MODULES, ids=lambda row: row.old)
def test_old_modules_are_gone_and_the_new_ones_exist(row):
    with pytest.raises(ImportError):
        importlib.import_module(f"keras.{row.old}")
    assert importlib.import_module(f"keras.{row.new}")


@pytest.mark.parametrize("row", NAMES, ids=named)
def test_old_names_are_gone_or_second_names(row):
    module = importlib.import_module(f"keras.{row.owner}")
    assert hasattr(module, row.new)
    assert hasattr(module, row.old) == (row.effect == "works")


@pytest.mark.parametrize("row", ARGUMENTS, ids=named)
def test_old_arguments_fail_or_are_ignored_and_the_new_ones_are_taken(row):
    """Ignored: taken, and the object does not have the value."""
    if row.owner == "load_data":
        parameters = inspect.signature(owner_of("load_data")).parameters
        assert row.new in parameters and row.old not in parameters
        return
    value = value_of(row)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if row.old == "epsilon" and row.only:
            return test_epsilon_none_fails_in_fit(row.owner)
        if row.effect == "fails":
            with pytest.raises((TypeError, ValueError)):
                call(row, row.old, value)
        else:
            made = call(row, row.old, value)
            assert row.effect == "works" or value not in (getattr(made, row.new or row.old, None),)
        if row.new:
            new = value if value is not None else None
            assert call(row, row.new, new) is not None


def test_epsilon_none_fails_in_fit(owner="Adam"):
    """Taken by the constructor, fatal in the first update."""
    import numpy as np

    model = small_model()
    model.compile(owner_of(owner)(epsilon=None), "mse")
    with pytest.raises((ValueError, TypeError)):
        model.fit(np.ones((4, 4)), np.zeros((4, 3)), verbose=0)


@pytest.mark.parametrize("row", LOSS_NAMES, ids=lambda row: row.old)
def test_losses_by_name(row):
    import keras

    with pytest.raises(ValueError):
        keras.losses.get(row.old)
    assert callable(keras.losses.get(row.new))


@pytest.mark.parametrize("row", METHODS, ids=lambda row: row.old)
def test_methods(row):
    import keras

    assert not hasattr(keras.Model, row.old) and hasattr(keras.Model, row.new)


@pytest.mark.parametrize("row", GONE, ids=named)
def test_what_is_gone(row):
    import keras

    module = keras
    for part in row.owner.split("."):
        module = getattr(module, part, None)
    assert not hasattr(module, row.old) and row.note


@pytest.mark.parametrize("row", IN_TENSORFLOW, ids=named)
def test_what_tensorflow_alone_still_has(row):
    with contextlib.suppress(ImportError):
        assert not hasattr(importlib.import_module(f"keras.{row.owner}"), row.old)
    module = pytest.importorskip(f"tensorflow.keras.{row.owner}")
    assert hasattr(module, row.new)


@pytest.mark.parametrize("row", OPS, ids=named)
def test_operations(row):
    import keras

    assert not hasattr(keras.backend, row.old) and hasattr(keras.ops, row.new)


def test_decay_is_the_schedule(tmp_path):
    """Keras 2 divided the rate by 1 + decay x iterations; InverseTimeDecay(rate, 1, decay) gives the same."""
    import keras

    schedule = keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 1e-2)
    assert [float(schedule(step)) for step in (0, 1, 50)] == pytest.approx([0.1 / (1 + 1e-2 * step) for step in (0, 1, 50)])
