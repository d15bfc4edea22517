"""What a user gives to fit -> arrays that may be looked at. Nothing is consumed: what cannot be read twice is not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import keras
import numpy as np

STREAM_ROWS = 2_000
STREAM_BATCHES = 8
DENSE_ELEMENTS = 16_000_000  # of a sparse matrix that is made dense as a whole


@dataclass
class Given:
    """The arguments of fit as arrays: ``x`` and ``y`` map a name to an array ("" for a single one).

    ``partial`` says that the arrays are the first rows of a stream. ``container`` names what the user gave, ``reason`` says why
    there are no arrays. ``batch_size`` and ``batches`` are known for streams that tell them.
    """

    x: dict = field(default_factory=dict)
    y: dict = field(default_factory=dict)
    x_structure: object = None
    sample_weight: object = None
    container: str = ""
    partial: bool = False
    reason: str = ""
    batch_size: int | None = None
    batches: int | None = None
    shuffled: bool | None = None


def given(x, y=None, sample_weight=None):
    """Arrays behind the arguments of fit. Raises nothing: what cannot be read comes back empty, with the reason."""
    if x is None:
        return Given(reason="no data was given")
    stream = _stream(x)
    if stream is not None:
        return stream
    return Given(
        x=named(x),
        y=named(y) if y is not None else {},
        x_structure=x,
        sample_weight=sample_weight,
        container=container_of(x),
    )


def named(data):
    """``{name: array}`` of a single array (""), a dictionary, or a list or tuple of arrays (0, 1, ...)."""
    if isinstance(data, Mapping):
        return {name: value for key in data for name, value in _under(str(key), data[key])}
    if isinstance(data, (list, tuple)) and data and all(_is_array(item) for item in data):
        return {str(index): value for index, value in enumerate(data)}
    return {"": data}


def _under(key, value):
    """A dictionary inside a dictionary gives "outer/inner" names."""
    if not isinstance(value, Mapping):
        return [(key, value)]
    return [(f"{key}/{name}", inner) for name, inner in sorted(named(value).items())]


def _is_array(value):
    return hasattr(value, "shape") or hasattr(value, "__array__")


def container_of(data):
    kind = type(data)
    root = kind.__module__.split(".")[0]
    return kind.__name__ if root in ("builtins", "numpy") else f"{root}.{kind.__name__}"


def as_numpy(array, rows=None):
    """A NumPy view or copy of an array, its first ``rows`` rows where given; None for what is no array of rows.

    None also for a sparse matrix that would become very large: ``rows_between`` gives parts of it.
    """
    if rows is not None and hasattr(array, "__getitem__"):
        array = _slice(array, 0, rows)
    if hasattr(array, "iloc"):
        return array.to_numpy()
    if hasattr(array, "toarray"):
        return array.toarray() if np.prod(array.shape, dtype="float64") <= DENSE_ELEMENTS else None
    if isinstance(array, np.ndarray):
        return array
    if hasattr(array, "to_tensor") or type(array).__name__ in ("SparseTensor", "RaggedTensor"):
        return None
    if type(array).__module__.split(".")[0] in ("tensorflow", "torch", "jax", "jaxlib"):
        return keras.ops.convert_to_numpy(array)
    try:
        found = np.asarray(array)
    except ValueError:  # rows of unequal length
        return None
    return found if found.ndim else None


def rows_between(array, start, stop):
    """Some rows of an array of any kind, without making a NumPy array of the rest."""
    return np.asarray(as_numpy(_slice(array, start, stop)))


def _slice(array, start, stop):
    if hasattr(array, "iloc"):
        return array.iloc[start:stop]
    if hasattr(array, "tocsr"):
        return array.tocsr()[start:stop]
    return array[start:stop]


def _stream(x):
    module, kind = type(x).__module__, type(x)
    if isinstance(x, keras.utils.PyDataset):
        return _pydataset(x)
    if module.startswith("tensorflow.python.data"):
        return _tf_dataset(x)
    if any(cls.__module__.startswith("torch.utils.data") and cls.__name__ == "DataLoader" for cls in kind.__mro__):
        return _data_loader(x)
    if hasattr(x, "__next__"):
        return Given(container="generator", partial=True, reason="a Python generator is read once, by fit alone: it was not touched")
    if kind.__name__ == "DistributedDataset":
        return Given(container=kind.__name__, partial=True, reason="a distributed dataset was not read")
    return None


def _from_batches(taken, container, **facts):
    """Join a few batches, each ``x``, ``(x, y)`` or ``(x, y, sample_weight)``."""
    parts = [batch if isinstance(batch, tuple) else (batch,) for batch in taken]
    if not parts:
        return Given(container=container, partial=True, reason="it gave no batch")
    x = _joined([part[0] for part in parts])
    y = _joined([part[1] for part in parts]) if len(parts[0]) > 1 and parts[0][1] is not None else {}
    structure = keras.tree.map_structure(lambda leaf: keras.ops.convert_to_numpy(leaf) if _dense(leaf) else leaf, parts[0][0])
    weight = parts[0][2] if len(parts[0]) > 2 else None
    return Given(x=x, y=y, x_structure=structure, sample_weight=weight, container=container, partial=True, **facts)


def _dense(leaf):
    return hasattr(leaf, "shape") and type(leaf).__name__ not in ("SparseTensor", "RaggedTensor")


def _joined(parts):
    columns = [named(part) for part in parts]
    out = {}
    for name in columns[0]:
        arrays = [as_numpy(column[name]) for column in columns if name in column]
        if any(array is None for array in arrays):
            continue
        same = [array for array in arrays if array.shape[1:] == arrays[0].shape[1:]]
        out[name] = np.concatenate(same) if same and same[0].ndim else same[0]
    return out


def _rows(batch):
    """Rows of a batch: the length of its first array."""
    first = next(iter(named(batch[0] if isinstance(batch, tuple) else batch).values()))
    shape = getattr(first, "shape", None)
    return int(shape[0]) if shape is not None and len(shape) and shape[0] is not None else len(first)


def _few(iterator):
    batches, rows = [], 0
    for batch in iterator:
        batches.append(batch)
        rows += _rows(batch)
        if rows >= STREAM_ROWS or len(batches) >= STREAM_BATCHES:
            break
    return batches


def _pydataset(dataset):
    """Its first batches by index, as ``fit`` reads them; its own order and ends of epochs are left alone."""
    try:
        batches = len(dataset)
    except (TypeError, NotImplementedError, ValueError):
        batches = None
    picked = range(min(batches, STREAM_BATCHES)) if batches else range(1)
    found = _few(dataset[index] for index in picked)
    size = _rows(found[0]) if found else None
    return _from_batches(found, "PyDataset", batch_size=size, batches=batches)


def _data_loader(loader):
    """Its data set by index through its own ``collate_fn``: the sampler's and the workers' random states stay as they are."""
    size = getattr(loader, "batch_size", None) or 32
    data = loader.dataset
    if not hasattr(data, "__getitem__") or not hasattr(data, "__len__"):
        return Given(container="torch.DataLoader", partial=True, reason="a DataLoader over an iterable data set is read once, by fit alone")
    rows = min(len(data), STREAM_ROWS, size * STREAM_BATCHES)
    picked = (loader.collate_fn([data[i] for i in range(at, min(at + size, rows))]) for at in range(0, rows, size))
    batches = [tuple(batch) if isinstance(batch, list) else batch for batch in picked]
    shuffled = type(loader.sampler).__name__ == "RandomSampler"
    return _from_batches(batches, "torch.DataLoader", batch_size=size, batches=len(loader), shuffled=shuffled)


# ---- tf.data: the one place that knows its datasets. TensorFlow is not imported: a dataset is there only if the user did.


def _tf_dataset(dataset):
    chain = list(_upstream(dataset))
    shuffled = any("Shuffle" in type(link).__name__ for link in chain)
    if any(_runs_python(link) for link in chain):
        return Given(
            container="tf.data.Dataset", partial=True, shuffled=shuffled, reason="a dataset over a Python generator is read by fit alone"
        )
    if _is_unbatched(dataset):
        return Given(
            container="tf.data.Dataset", partial=True, shuffled=shuffled, reason="it is not batched: fit needs dataset.batch(32), say"
        )
    source = _before_shuffle(dataset)
    if source is None:
        return Given(container="tf.data.Dataset", partial=True, shuffled=shuffled, reason="reading it would change its shuffling or cache")
    found = _few(iter(source))
    batches = int(dataset.cardinality())
    size = _rows(found[0]) if found else None
    return _from_batches(found, "tf.data.Dataset", batch_size=size, batches=batches if batches > 0 else None, shuffled=shuffled)


def _is_unbatched(dataset):
    """Labels without any axis are those of single rows."""
    spec = dataset.element_spec
    label = spec[1] if isinstance(spec, tuple) and len(spec) > 1 else None
    return label is not None and hasattr(label, "shape") and label.shape.rank == 0


def _upstream(dataset):
    yield dataset
    for source in dataset._inputs():
        yield from _upstream(source)


def _function(dataset):
    return getattr(getattr(dataset, "_map_func", None), "_func", None)


def _runs_python(dataset):
    return "from_generator" in getattr(_function(dataset), "__qualname__", "")


def _before_shuffle(dataset):
    """The same dataset without its shuffling and caches; None if it cannot be had.

    Iterating a shuffle would advance the order that fit is to get; reading a cache would write it.
    """
    if not any(name in type(link).__name__ for link in _upstream(dataset) for name in ("Shuffle", "Cache")):
        return dataset
    inputs, kind = dataset._inputs(), type(dataset).__name__
    if len(inputs) != 1:
        return None
    source = _before_shuffle(inputs[0])
    if source is None:
        return None
    if "Shuffle" in kind or any(name in kind for name in ("Prefetch", "Repeat", "Options", "Cache", "Take")):
        return source
    if "Batch" in kind and "Padded" not in kind and hasattr(dataset, "_batch_size"):
        return source.batch(dataset._batch_size)
    if "Map" in kind and _function(dataset) is not None and "FlatMap" not in kind:
        return source.map(_function(dataset))
    return None
