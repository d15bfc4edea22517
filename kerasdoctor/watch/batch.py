"""A fixed small batch out of what was given to fit, taken without consuming or disturbing it."""

from __future__ import annotations

import contextlib
import random

import keras
import numpy as np

ROWS = 32

# Datasets whose elements are those of their input, in some order: the probe reads what lies before them.
KEEP_ELEMENTS = ("Prefetch", "Options", "Repeat", "Shuffle", "Cache", "Model", "AssertCardinality", "Take", "Skip")
BATCHING = ("Batch", "ParallelBatch")
# Datasets that can be iterated anew with no effect on any other iterator. Shuffle draws from a shared seed, cache keeps partial
# contents, generators run the user's code.
HARMLESS = (*BATCHING, "TensorSlice", "Tensor", "Range", "Prefetch", "Options", "Repeat", "Take", "Skip", "Zip", "Map", "ParallelMap")


def probe_batch(arguments):
    """``((x, y, sample_weight), "")``, or ``(None, why there is none)``. ``arguments`` are those of fit, by name."""
    x = arguments.get("x")
    if x is None:
        return None, "no data was given to fit"
    if _is_array_like(x):
        rows = _row_count(x)
        return _on_device(_rows(part, rows) for part in (x, arguments.get("y"), arguments.get("sample_weight"))), ""
    kind = type(x).__name__
    if isinstance(x, keras.utils.PyDataset):
        with _random_state_kept():
            return _on_device(_cut(_three(x[0]))), ""
    if hasattr(x, "element_spec") and hasattr(x, "_inputs"):
        source = _readable(x)
        if source is None:
            return None, f"{kind}: reading a batch of this dataset could change the run"
        return _on_device(_cut(_three(next(iter(source))))), ""
    return None, f"{kind}: a batch can only be had by consuming it"


def _is_array_like(x):
    parts = keras.tree.flatten(x)
    return bool(parts) and all(
        hasattr(part, "iloc") or all(hasattr(part, name) for name in ("shape", "dtype", "__getitem__")) for part in parts
    )


def _row_count(x):
    return int(keras.tree.flatten(x)[0].shape[0])


def _rows(part, count):
    """Evenly spread rows of arrays (sorted labels must not give one class); the first rows of what is costly to index."""
    if part is None:
        return None

    def take(array):
        if hasattr(array, "iloc"):
            array = array.iloc[:ROWS].to_numpy()
            return array[:, None] if array.ndim == 1 else array
        if isinstance(array, np.ndarray):
            return array[np.linspace(0, count - 1, min(ROWS, count)).astype(int)]
        return keras.ops.convert_to_numpy(array[: min(ROWS, count)])

    return keras.tree.map_structure(take, part)


@contextlib.contextmanager
def _random_state_kept():
    """The user's ``__getitem__`` may draw from the global generators, which the run then draws from."""
    kept = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])


def _three(batch):
    batch = batch if isinstance(batch, tuple | list) else (batch,)
    return tuple(batch[:3]) + (None,) * (3 - len(batch[:3]))


def _cut(parts):
    return tuple(None if part is None else keras.tree.map_structure(lambda array: array[:ROWS], part) for part in parts)


def _on_device(parts):
    return tuple(None if part is None else keras.tree.map_structure(_tensor, part) for part in parts)


def _tensor(array):
    """As Keras's data adapters hand it to the model: floating arrays in floatx, the rest as they are."""
    if isinstance(array, np.ndarray) and np.issubdtype(array.dtype, np.floating):
        array = array.astype(keras.config.floatx())
    return keras.ops.convert_to_tensor(array)


def _readable(dataset):
    """A dataset with the same batches as ``dataset`` that can be iterated anew without any effect, or None."""
    wanted, node, batch_size = dataset.element_spec, dataset, None
    while not _harmless(node):
        kind = _kind(node)
        if kind in BATCHING:
            batch_size = ROWS
        elif kind not in KEEP_ELEMENTS:
            return None
        (node,) = node._inputs()
    if batch_size:
        node = node.batch(ROWS)
    return node.take(1) if _ranks(node.element_spec) == _ranks(wanted) else None


def _kind(dataset):
    return type(dataset).__name__.strip("_").removesuffix("V2").removesuffix("Dataset")


def _harmless(dataset):
    if _kind(dataset) not in HARMLESS or ("Map" in _kind(dataset) and not _stateless(dataset)):
        return False
    return all(_harmless(upstream) for upstream in dataset._inputs())


def _stateless(mapped):
    """Whether the mapped function draws no random numbers, runs no Python and writes nothing."""
    graph = mapped._map_func.function.graph
    return not any(
        operation.op_def.is_stateful for operation in graph.get_operations() if operation.type not in ("ReadFile", "Placeholder")
    )


def _ranks(spec):
    return [len(part.shape) if part.shape.rank is not None else None for part in keras.tree.flatten(spec)]
