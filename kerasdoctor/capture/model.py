"""A Keras model -> Model, Optimizer and one Head an output."""

from __future__ import annotations

import keras
import numpy as np

from kerasdoctor.capture.first_values import changed_since_built, has_own_steps, is_fresh
from kerasdoctor.capture.graph import ACTIVATION_LAYERS, activation_name, head_of, read_outputs, units_of
from kerasdoctor.snapshot import Head, Kernel, Layer, Model, Optimizer

KERNEL_SAMPLE = 50_000
HISTOGRAM_BINS = 12


def layer_paths(model):
    """``{id(layer): path}`` for every layer of the model, nested ones below their path, InputLayers left out."""
    paths = {}

    def visit(owner, prefix):
        for index, layer in enumerate(_own_layers(owner)):
            path = f"{prefix}layers[{index}]"
            paths.setdefault(id(layer), path)
            visit(layer, path + ".")

    visit(model, "")
    return paths


def _own_layers(owner):
    """A model's layers in the order of ``model.layers``, without InputLayers."""
    if not isinstance(owner, keras.Model):
        return []
    return [layer for layer in owner.layers if type(layer).__name__ != "InputLayer"]


def _walk(model):
    for layer in _own_layers(model):
        yield layer
        yield from _walk(layer)


def capture_model(model, symbolic_inputs=None, variable=None):
    """Model and heads. ``symbolic_inputs`` (Keras tensors) let a subclassed model show its graph; shapes leave out the batch axis."""
    paths = layer_paths(model)
    found = read_outputs(model, paths, symbolic_inputs, lambda graph, outputs: _from_graph(graph, outputs, model, paths))
    edges, reached, heads, shapes, last = found or ({}, None, [], {}, ())
    layers = tuple(_layer(layer, paths, edges, reached, shapes, last) for layer in _walk(model))
    outputs = [tuple(t.shape[1:]) for t in keras.tree.flatten(_attribute(model, "outputs") or [])]
    return (
        Model(
            name=model.name,
            kind=type(model).__name__,
            variable=variable,
            built=model.built,
            compiled=bool(model.compiled),
            graph=found is not None,
            layers=layers,
            parameters=_count(model.weights),
            trainable_parameters=_count(model.trainable_weights),
            bytes=sum(int(np.prod(w.shape)) * _bytes(w.dtype) for w in model.weights),
            input_shapes=tuple(tuple(t.shape[1:]) for t in keras.tree.flatten(_attribute(model, "inputs") or [])),
            output_shapes=tuple(outputs) or tuple(head.output_shape for head in heads if head.output_shape is not None),
            dtype_policy=model.dtype_policy.name,
            own_steps=has_own_steps(model),
        ),
        heads,
    )


def _attribute(thing, name):
    """An attribute that Keras may refuse before the model is built."""
    try:
        return getattr(thing, name, None)
    except (AttributeError, ValueError):
        return None


def _from_graph(graph, outputs, model, paths):
    edges, reached, shapes, todo, seen = {}, set(), {}, list(outputs), set()
    while todo:
        tensor = todo.pop()
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        operation, inputs = graph.producer(tensor)
        if operation is None:
            continue
        reached.add(id(operation))
        shapes.setdefault(id(operation), tuple(tensor.shape[1:]))
        feeding, through = edges.setdefault(id(operation), ([], []))
        for source in inputs:
            for path in _sources(graph, source, paths, through):
                if path not in feeding:
                    feeding.append(path)
        todo.extend(inputs)
    last = {path for tensor in outputs for path in _sources(graph, tensor, paths, [])}
    return edges, reached, [head_of(graph, tensor) for tensor in outputs], shapes, last


def _sources(graph, tensor, paths, through, depth=0):
    """Paths of the layers behind a tensor, plain operations (``x + y``, ``ops.reshape``) looked through; a model input by number.

    The kinds of those operations are added to ``through``.
    """
    operation, inputs = graph.producer(tensor)
    if operation is None:
        return [f"inputs[{index}]" for index, given in enumerate(graph.inputs) if given is inputs[0]]
    if id(operation) in paths:
        return [paths[id(operation)]]
    through.append(type(operation).__name__)
    if depth > 30:
        return []
    return [path for source in inputs for path in _sources(graph, source, paths, through, depth + 1)]


def _layer(layer, paths, edges, reached, shapes, last):
    kernel = _main_weight(layer)
    feeding, through = edges.get(id(layer), ((), ()))
    return Layer(
        path=paths[id(layer)],
        name=layer.name,
        kind=type(layer).__name__,
        builtin=type(layer).__module__.split(".")[0] in ("keras", "tf_keras"),
        config=_config(layer),
        activation=activation_name(layer) or _squash(layer),
        units=units_of(layer),
        input_shapes=_input_shapes(layer),
        output_shape=shapes.get(id(layer)) or _output_shape(layer),
        parameters=_count(layer.weights),
        trainable_parameters=_count(layer.trainable_weights),
        trainable=bool(layer.trainable),
        dtype=str(layer.compute_dtype),
        kernel=_kernel(kernel) if kernel is not None and not isinstance(layer, keras.Model) else None,
        inputs=tuple(feeding),
        through=tuple(through),
        is_output=paths[id(layer)] in last,
        fresh=is_fresh(layer),
        reaches_output=reached is None or id(layer) in reached or isinstance(layer, keras.Model),
        nested=isinstance(layer, keras.Model),
    )


def _squash(layer):
    return ACTIVATION_LAYERS.get(type(layer).__name__)


def _config(layer):
    """The layer's configuration as plain values: objects become their class name, nested dictionaries are kept one level."""
    try:
        config = layer.get_config()
    except Exception:  # a user's own layer need not have one
        return {}
    return {key: _plain(value) for key, value in config.items()}


def _plain(value):
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, dict):
        if "class_name" in value:
            inner = value.get("config")
            return {"class_name": value["class_name"]} | (
                {k: v for k, v in inner.items() if isinstance(v, (str, int, float, bool, type(None)))} if isinstance(inner, dict) else {}
            )
        return {str(k): v for k, v in value.items() if isinstance(v, (str, int, float, bool, type(None)))}
    return type(value).__name__


def _input_shapes(layer):
    shapes = _attribute(layer, "input")
    if shapes is not None:
        return tuple(tuple(t.shape[1:]) for t in keras.tree.flatten(shapes) if hasattr(t, "shape"))
    built = getattr(layer, "_build_shapes_dict", None) or {}
    return tuple(tuple(shape[1:]) for shape in built.values() if isinstance(shape, (tuple, list)) and all(_is_size(s) for s in shape))


def _is_size(value):
    return value is None or isinstance(value, int)


def _output_shape(layer):
    output = _attribute(layer, "output")
    flat = keras.tree.flatten(output) if output is not None else []
    return tuple(flat[0].shape[1:]) if flat and hasattr(flat[0], "shape") else None


def _count(weights):
    return int(sum(int(np.prod(w.shape)) for w in weights))


def _bytes(dtype):
    try:
        return np.dtype(str(dtype)).itemsize
    except TypeError:  # bfloat16 and the float8 family are not NumPy's
        return 2 if "16" in str(dtype) else 1


def _main_weight(layer):
    for name in ("kernel", "depthwise_kernel", "embeddings"):
        weight = _attribute(layer, name)
        if weight is not None:
            return weight
    cell = getattr(layer, "cell", None) or getattr(layer, "forward_layer", None) or getattr(layer, "layer", None)
    return _main_weight(cell) if cell is not None and cell is not layer else None


def _kernel(weight):
    """Facts of a weight from a fixed-size sample, so that a model of any size is read in bounded time."""
    values = _sample(weight)
    if not values.size:
        return None
    finite = np.isfinite(values)
    good = values[finite] if finite.any() else np.zeros(1)
    histogram = np.histogram(good, HISTOGRAM_BINS)[0]
    return Kernel(
        shape=tuple(int(s) for s in weight.shape),
        mean=float(good.mean()),
        std=float(good.std()),
        minimum=float(good.min()),
        maximum=float(good.max()),
        finite=bool(finite.all()),
        histogram=tuple(int(count) for count in histogram),
    )


def _sample(weight):
    size = int(np.prod(weight.shape))
    value = weight.value
    if size > KERNEL_SAMPLE:
        # Rows of a fixed stride: a slice is cheap on every backend, the whole weight may be hundreds of megabytes.
        axis = int(np.argmax(weight.shape))
        step = -(-size // KERNEL_SAMPLE)
        index = [slice(None)] * len(weight.shape)
        index[axis] = slice(None, None, min(step, int(weight.shape[axis])))
        value = value[tuple(index)]
    return np.asarray(keras.ops.convert_to_numpy(value), dtype="float64").ravel()


def capture_optimizer(model):
    """The optimizer as compile left it, the inner one where a loss-scaling wrapper stands around it."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return None
    scaled = optimizer
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    schedule = getattr(optimizer, "_learning_rate", None)
    added, dropped = changed_since_built(optimizer, model)
    config = {k: _plain(v) for k, v in optimizer.get_config().items()}
    return Optimizer(
        kind=type(optimizer).__name__,
        learning_rate=_rate(optimizer),
        schedule=type(schedule).__name__ if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule) else None,
        momentum=float(config.get("momentum") or 0.0),
        clipped=any(config.get(name) is not None for name in ("clipnorm", "clipvalue", "global_clipnorm")),
        iterations=int(keras.ops.convert_to_numpy(scaled.iterations)),
        config=config,
        added=added,
        dropped=dropped,
    )


def _rate(optimizer):
    try:
        return float(keras.ops.convert_to_numpy(optimizer.learning_rate))
    except (TypeError, ValueError, AttributeError):  # a user's own schedule may give anything
        return None


def unknown_heads(count, shapes):
    """Heads of a model whose graph is not known: shapes only."""
    return [Head(output_shape=s, axis_size=s[-1] if s else None) for s in (list(shapes) + [None] * count)[:count]]
