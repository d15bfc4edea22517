"""What the architecture rules share: kinds of layers by what they do to values, and the walk from a layer to what reads it."""

from __future__ import annotations

import math

# Layers that make a weighted sum of what they read.
DENSE = ("Dense",)
CONVOLUTIONS = tuple(f"{kind}{n}D" for kind in ("Conv", "SeparableConv") for n in (1, 2, 3))
MAPS = DENSE + CONVOLUTIONS
TRANSPOSED = tuple(f"Conv{n}DTranspose" for n in (1, 2, 3))
RECURRENT = ("SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Bidirectional")
DROPOUT = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout", "GaussianDropout", "GaussianNoise")
AVERAGING = tuple(f"{kind}AveragePooling{n}D" for kind in ("", "Global") for n in (1, 2, 3))
# At inference these are sums and products of what they read with fixed numbers: a straight line stays one.
STRAIGHT = {"BatchNormalization", "Flatten", "Identity", "Rescaling", "ActivityRegularization", *DROPOUT, *AVERAGING} | {
    f"{kind}{n}D" for kind in ("UpSampling", "ZeroPadding", "Cropping") for n in (1, 2, 3)
}

SUMS = (*DENSE, *CONVOLUTIONS, *TRANSPOSED, *RECURRENT, "EinsumDense")
# Layers that bend each value, or choose among those of one channel, and mix no channels.
UNITWISE = {"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "LayerNormalization", "GroupNormalization", "RepeatVector"} | {
    *("Reshape", "Permute", "Masking"),
    *(f"{kind}MaxPooling{n}D" for kind in ("", "Global") for n in (1, 2, 3)),
}


def kind_of(layer):
    """The kind of the layer, or of the layer that a TimeDistributed applies at every step."""
    inner = layer.config.get("layer") if layer.kind == "TimeDistributed" else None
    return str(inner["class_name"]) if isinstance(inner, dict) and "class_name" in inner else layer.kind


def owner(layer):
    """The path of the nested model that holds the layer, "" for the model itself."""
    return layer.path.rpartition(".")[0]


def is_straight(layer):
    """Nothing in the layer bends: what it does is a linear map of what it reads."""
    if layer.kind == "Activation":
        return layer.activation == "linear"
    return layer.builtin and layer.kind in STRAIGHT


def readers(model, layer):
    """(layers passed, the layer that reads): the one way on from a layer, straight layers passed; None for several or no ways."""
    passed = []
    while True:
        found = [other for other in model.consumers(layer) if not other.nested]
        if len(found) != 1 or layer.is_output or len(found[0].inputs) != 1 or found[0].through:
            return passed, None
        if not is_straight(found[0]):
            return passed, found[0]
        layer = found[0]
        passed.append(layer)


def width(shape):
    """The size of the last axis, None where it is not known."""
    return shape[-1] if shape else None


def size(shape):
    """How many values a row has, None where an axis is open."""
    return math.prod(shape) if shape is not None and None not in shape else None


def hidden_activation(model):
    """The activation that the model's hidden layers with weights use most, "relu" where they use none."""
    wanted = ("relu", "elu", "selu", "gelu", "silu", "swish", "leaky_relu", "tanh")
    used = [
        layer.activation for layer in model.layers if layer.activation in wanted and layer.kind not in RECURRENT and not layer.is_output
    ]
    return max(wanted, key=lambda name: (used.count(name), name == "relu"))


def next_weights(model, layer):
    """(layers passed, the next layer with weights that sums up what it reads): the one way on, through anything that works unit by unit.

    None for several ways, merges, operations, layers of the user's own, the end of the model.
    """
    passed = []
    while True:
        found = [other for other in model.consumers(layer) if not other.nested]
        if len(found) != 1 or layer.is_output or len(found[0].inputs) != 1 or found[0].through or not found[0].builtin:
            return passed, None
        layer = found[0]
        if kind_of(layer) in SUMS:
            return passed, layer
        if not is_straight(layer) and layer.kind not in UNITWISE:
            return passed, None
        passed.append(layer)


def rank(shape):
    return None if shape is None else len(shape)
