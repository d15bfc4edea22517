"""Examine a model and leave no trace: random states, automatic names and graph nodes are put back as they were."""

from __future__ import annotations

import contextlib
import copy
import random
import sys

import numpy as np


@contextlib.contextmanager
def untouched():
    """Whatever is drawn or named inside does not count: later draws and automatic names are as if nothing had happened.

    Covers Python's and NumPy's global generators, Keras's global seed and name counters, and the generators of the
    backends that are loaded. A generator that the user's own object holds is out of reach.
    """
    python, numpy = random.getstate(), np.random.get_state()
    names = _keras_globals()
    restore = [_tensorflow_state(), _torch_state()]
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        _restore_keras_globals(names)
        for put_back in restore:
            put_back()


def _global_state():
    try:
        from keras.src.backend.common import global_state
    except ImportError:  # Keras moved it: names may then skip a number, nothing worse
        return None
    return global_state


def _keras_globals():
    import keras

    state = _global_state()
    if state is None:
        return None
    generator = state.get_global_attribute("global_seed_generator")
    seed = None if generator is None else keras.ops.convert_to_numpy(generator.state.value).copy()
    return copy.deepcopy(state.get_global_attribute("object_name_uids")), generator, seed


def _restore_keras_globals(saved):
    state = _global_state()
    if state is None or saved is None:
        return
    names, generator, seed = saved
    state.set_global_attribute("object_name_uids", names)
    state.set_global_attribute("global_seed_generator", generator)
    if generator is not None:
        generator.state.assign(seed)


def _tensorflow_state():
    """TensorFlow hands eager random ops their seeds from one Python generator of its context."""
    if "tensorflow" not in sys.modules:
        return lambda: None
    from tensorflow.python.eager import context

    rng = getattr(context.context(), "_rng", None)
    if rng is None:
        return lambda: None
    saved = rng.getstate()
    return lambda: rng.setstate(saved)


def _torch_state():
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "get_rng_state"):
        return lambda: None
    saved = torch.get_rng_state()
    return lambda: torch.set_rng_state(saved)


@contextlib.contextmanager
def nodes_kept(layers):
    """Calls on symbolic tensors add nodes to the layers that they pass; take those away again."""
    kept = [(layer, len(layer._inbound_nodes), len(layer._outbound_nodes)) for layer in layers]
    try:
        yield
    finally:
        for layer, inbound, outbound in kept:
            del layer._inbound_nodes[inbound:]
            del layer._outbound_nodes[outbound:]
