"""The graph of a model: which layer feeds which, and a walk back from an output tensor to the layer with units."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import keras

from kerasdoctor.capture.untouched import nodes_kept
from kerasdoctor.snapshot import Head

ACTIVATION_LAYERS = {
    "ReLU": "relu",
    "Softmax": "softmax",
    "LeakyReLU": "leaky_relu",
    "PReLU": "prelu",
    "ELU": "elu",
}
# Classes of keras.ops behind ops.sigmoid(x) and the like, called on symbolic tensors.
ACTIVATION_OPS = {
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "Relu": "relu",
    "Tanh": "tanh",
    "Elu": "elu",
    "Exp": "exponential",
    "Softplus": "softplus",
}
POOLING = "Global"
MERGES = {"Concatenate", "Average", "Add", "Maximum", "Minimum"}


def activation_name(layer):
    """What a layer applies last: Keras's name of it, "linear", "custom", or None for a layer without such a thing."""
    kind = type(layer).__name__
    if kind in ACTIVATION_LAYERS:
        return ACTIVATION_LAYERS[kind]
    if kind in ("Bidirectional", "TimeDistributed"):
        inner = getattr(layer, "forward_layer", None) or getattr(layer, "layer", None)
        return activation_name(inner)
    if not isinstance(layer, keras.layers.Layer):
        return ACTIVATION_OPS.get(kind)
    if not hasattr(layer, "activation"):
        return None
    function = layer.activation
    if function is None or function is keras.activations.linear:
        return "linear"
    if isinstance(function, keras.layers.Layer):
        return activation_name(function) or "custom"
    name = getattr(function, "__name__", type(function).__name__)
    if name == "linear":
        return "linear"
    known = getattr(keras.activations, name, None)
    same_name = known is not None or name in ("swish", "hard_swish", "gelu")
    # tf.nn.sigmoid and jax.nn.sigmoid do what their names say; a user's own function called "sigmoid" may not.
    library = (getattr(function, "__module__", "") or "").split(".")[0] in ("keras", "tensorflow", "jax", "torch", "tf_keras")
    return name if same_name and library else "custom"


def units_of(layer):
    """The size of the axis that the layer's own weights make, or None."""
    for name in ("units", "filters", "output_dim"):
        value = getattr(layer, name, None)
        if isinstance(value, int):
            return value
    kind = type(layer).__name__
    if kind == "TimeDistributed":
        return units_of(layer.layer)
    if kind == "Bidirectional":
        inner = units_of(layer.forward_layer)
        return inner * 2 if inner and layer.merge_mode == "concat" else inner
    if kind == "EinsumDense":
        return layer.partial_output_shape[-1] if layer.partial_output_shape else None
    return None


@dataclass
class Graph:
    """Operations by the tensors that they make, over nested models. ``inputs`` are symbolic tensors, ``paths`` of layers by id."""

    inputs: list = field(default_factory=list)
    paths: dict = field(default_factory=dict)
    stacks: dict = field(default_factory=dict)

    def producer(self, tensor):
        """(operation, its input tensors) of a symbolic tensor; (None, [the tensor]) for an input of the whole model."""
        history = getattr(tensor, "_keras_history", None)
        if history is None or history.operation is None:  # a bare symbolic tensor, given to a subclassed model
            return None, [tensor]
        operation = history.operation
        if type(operation).__name__ == "InputLayer":
            outer = self.stacks.get(id(tensor))
            return self.producer(outer) if outer is not None else (None, [tensor])
        node = operation._inbound_nodes[history.node_index]
        inner = _functional(operation)
        if inner is None:
            return operation, list(node.input_tensors)
        for inside, outside in zip(inner.inputs, node.input_tensors, strict=False):
            self.stacks[id(inside)] = outside
        return self.producer(inner.outputs[history.tensor_index])


def _functional(operation):
    """The functional model behind a nested Functional or Sequential, else None."""
    if isinstance(operation, keras.Sequential):
        return operation if operation.built and getattr(operation, "_functional", None) is not None else None
    if isinstance(operation, keras.Model) and hasattr(operation, "operations") and getattr(operation, "_nodes", None) is not None:
        return operation
    return None


def trace(model, symbolic_inputs=None):
    """Outputs of the model as symbolic tensors, flat: its own for a graph, else made by calling it on symbolic inputs.

    Nodes that the call adds are taken away again, so only what is read here may be used. Returns None where the model cannot be
    called so (its code needs values).
    """
    if _functional(model) is not None:
        return keras.tree.flatten(model.outputs)
    if symbolic_inputs is None:
        return None
    try:
        with keras.StatelessScope():  # call() may count, or draw from a generator of its own: dropped
            return keras.tree.flatten(model.call(symbolic_inputs))
    except Exception:  # any user code may stand in call(); without a graph the probe alone speaks
        return None


def read_outputs(model, paths, symbolic_inputs, read):
    """``read(graph, outputs)`` while the symbolic call's nodes are in place; None where there is no graph."""
    with nodes_kept(list(_all_layers(model))):
        outputs = trace(model, symbolic_inputs)
        if outputs is None or not all(hasattr(t, "_keras_history") for t in outputs):
            return None
        inputs = keras.tree.flatten(model.inputs if _functional(model) is not None else symbolic_inputs)
        return read(Graph(inputs, paths), outputs)


def _all_layers(model):
    yield model
    yield from model._flatten_layers(include_self=False)


def head_of(graph, tensor):
    """Walk back from an output tensor to the layer with units; what is passed on the way is remembered in order."""
    passed, current, shape = [], tensor, tuple(tensor.shape[1:])
    for _ in range(200):
        operation, inputs = graph.producer(current)
        if operation is None:
            return Head(output_shape=shape, axis_size=shape[-1] if shape else None)
        kind = type(operation).__name__
        if kind in MERGES and len(inputs) > 1:
            return _merged(graph, inputs, passed, shape, kind)
        units = units_of(operation) if isinstance(operation, keras.layers.Layer) and operation.weights else None
        own_weights = units is not None or _is_opaque(operation)
        if own_weights:
            return _head(graph, operation, units, passed, shape)
        passed.append(operation)
        if len(inputs) != 1:
            return Head(output_shape=shape, axis_size=shape[-1] if shape else None, after=_kinds(passed))
        current = inputs[0]
    return Head(output_shape=shape)


def _is_opaque(operation):
    """A layer with weights whose inside is not ours to know, a user's own for instance; normalisation is walked through."""
    if not isinstance(operation, keras.layers.Layer) or not operation.weights:
        return False
    return "Normalization" not in type(operation).__name__ and type(operation).__name__ != "PReLU"


def _kinds(operations):
    return tuple(type(operation).__name__ for operation in operations)


def _head(graph, operation, units, passed, shape):
    """``passed`` runs from the output back to the layer; activations are read in the order they are applied."""
    own = activation_name(operation)
    first = [(own, operation)] if own not in (None, "linear") else []
    return _read(graph, graph.paths.get(id(operation)), type(operation).__name__, units, first, passed, shape, operation)


def _read(graph, path, kind, units, first, passed, shape, operation):
    chain = first + [(name, step) for step in reversed(passed) if (name := activation_name(step)) not in (None, "linear")]
    last = chain[-1][1] if chain else None
    cut = passed.index(last) if last in passed else len(passed)
    plain = [step for step in passed if activation_name(step) in (None, "linear")]
    axis = getattr(last, "axis", None)
    return Head(
        layer=path,
        kind=kind,
        units=units if units is not None else (shape[-1] if shape else None),
        axis_size=shape[-1] if shape else None,
        activations=tuple(name for name, _ in chain),
        activation_paths=tuple(graph.paths.get(id(step)) or "" for _, step in chain),
        before=_kinds(reversed([step for step in passed[cut + 1 :] if step in plain])) if chain else (),
        after=_kinds(reversed([step for step in passed[:cut] if step in plain])),
        output_shape=shape,
        softmax_axis=axis if isinstance(axis, int) else None,
        dtype=str(getattr(operation, "compute_dtype", "float32")),
        pooled=any(kind.startswith(POOLING) for kind in _kinds(passed)),
    )


def _merged(graph, inputs, passed, shape, merge):
    """Several branches joined at the end: one head if all of them end alike, else none."""
    heads = [head_of(graph, tensor) for tensor in inputs]
    endings = {head.activations[-1:] for head in heads}
    if not all(head.known for head in heads) or len(endings) != 1:
        return Head(output_shape=shape, axis_size=shape[-1] if shape else None, after=(merge, *_kinds(reversed(passed))))
    joined = _read(graph, heads[0].layer, merge, shape[-1] if shape else None, [], passed, shape, None)
    return dataclasses.replace(
        joined,
        activations=(*endings.pop(), *joined.activations),
        activation_paths=(*heads[0].activation_paths[-1:], *joined.activation_paths),
        before=(merge, *joined.before) if joined.activations else joined.before,
        after=joined.after if joined.activations else (merge, *joined.after),
        dtype=heads[0].dtype,
    )
