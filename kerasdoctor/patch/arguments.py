"""Arguments of a call as the text has them: found by keyword or by place, set, added and removed without disturbing the rest."""

from __future__ import annotations

from kerasdoctor.patch.document import Change, TargetNotFound

# The order of positional arguments in Keras 3 (keras.io/api), as far as people write them without keywords.
_CONV = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "activation", "use_bias")
_POOL = ("pool_size", "strides", "padding", "data_format")
_RECURRENT = ("units", "activation", "recurrent_activation", "use_bias", "kernel_initializer", "recurrent_initializer")
_RATE = ("learning_rate",)
ORDER = {
    "Dense": ("units", "activation", "use_bias", "kernel_initializer", "bias_initializer", "kernel_regularizer"),
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), _CONV),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), ("filters", "kernel_size", "strides", "padding")),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), ("filters", "kernel_size", "strides", "padding")),
    "DepthwiseConv2D": ("kernel_size", "strides", "padding", "depth_multiplier"),
    **dict.fromkeys((f"{how}Pooling{n}D" for how in ("Max", "Average") for n in (1, 2, 3)), _POOL),
    **dict.fromkeys((f"Global{how}Pooling{n}D" for how in ("Max", "Average") for n in (1, 2, 3)), ("data_format", "keepdims")),
    **dict.fromkeys(("LSTM", "GRU"), _RECURRENT),
    "SimpleRNN": ("units", "activation", "use_bias", "kernel_initializer", "recurrent_initializer"),
    "Bidirectional": ("layer", "merge_mode", "weights", "backward_layer"),
    "TimeDistributed": ("layer",),
    "Embedding": ("input_dim", "output_dim", "embeddings_initializer", "embeddings_regularizer"),
    "Activation": ("activation",),
    "Softmax": ("axis",),
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "LeakyReLU": ("negative_slope",),
    "Dropout": ("rate", "noise_shape", "seed"),
    **dict.fromkeys(("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout", "AlphaDropout"), ("rate",)),
    "GaussianNoise": ("stddev",),
    "BatchNormalization": ("axis", "momentum", "epsilon"),
    "LayerNormalization": ("axis", "epsilon"),
    "Reshape": ("target_shape",),
    "Rescaling": ("scale", "offset"),
    "RepeatVector": ("n",),
    "ZeroPadding2D": ("padding",),
    "UpSampling2D": ("size",),
    "InputLayer": ("shape", "batch_size", "dtype"),
    "Concatenate": ("axis",),
    "Sequential": ("layers",),
    "Model": ("inputs", "outputs"),
    **dict.fromkeys(("Adam", "AdamW", "Nadam", "Adamax", "Adagrad", "Adadelta", "Ftrl", "Lion"), _RATE),
    "RMSprop": ("learning_rate", "rho", "momentum"),
    "SGD": ("learning_rate", "momentum", "nesterov"),
    "compile": ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly", "steps_per_execution"),
    "fit": (
        *("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle"),
        *("class_weight", "sample_weight", "initial_epoch", "steps_per_epoch"),
    ),
    "evaluate": ("x", "y", "batch_size", "verbose"),
}
# The keywords that older Keras had for the same thing.
OLD_NAMES = {"learning_rate": "lr", "epochs": "nb_epoch", "outputs": "output", "inputs": "input", "units": "output_dim"}


def argument(call, kind, name):
    """The Arg that a call gives for a name, by keyword or by place, or None."""
    for arg in call.args:
        if arg.keyword and arg.keyword.value == name:
            return arg
    order = ORDER.get(kind, ())
    place = order.index(name) if name in order else len(call.args)
    if place < len(call.args) and not any(arg.keyword or arg.star for arg in call.args[: place + 1]):
        return call.args[place]
    old = None if OLD_NAMES.get(name) in order else OLD_NAMES.get(name)
    return next((arg for arg in call.args if arg.keyword and arg.keyword.value == old), None)


def argument_name(call, kind, arg):
    """The name that a call gives an argument for, or None where that is not known."""
    if arg.keyword:
        return arg.keyword.value
    order, place = ORDER.get(kind, ()), call.args.index(arg)
    return order[place] if not arg.star and place < len(order) else None


def set_argument(document, call, kind, name, source):
    """Changes that give a call an argument, in the place of what it says now or behind the others."""
    arg = argument(call, kind, name)
    if arg is None:
        return add_argument(document, call, name, source)
    if arg.keyword and arg.keyword.value != name:
        return [Change(*document.span(arg), f"{name}={source}")]
    return replace(document, arg.value, source)


def replace(document, expression, source):
    """The change that puts source in the place of an expression; none where it stands there already."""
    return [] if document.source(expression) == source else [Change(*document.span(expression), source)]


def add_argument(document, call, name, source):
    """Changes that add a keyword argument at the end, on a line of its own where the last one has one.

    Raises TargetNotFound where ``*`` or ``**`` may already give it.
    """
    if any(arg.star for arg in call.args):
        raise TargetNotFound(f"{name} may be given by the starred arguments of {document.source(call.func)}(...)")
    close = document.closing(call)
    if not call.args:
        return [Change(close, close, f"{name}={source}")]
    return insert_after(document, call.args, len(call.args) - 1, close, f"{name}={source}")


def insert_after(document, items, place, close, source):
    """Changes that put an item behind another one between brackets, of which the closing one stands at ``close``.

    Where the other item begins a line of its own, so does the new one.
    """
    start, stop = document.span(items[place])
    comma = after_comma(document, stop)
    line_end = document.line_end(comma or stop)
    following = document.start(items[place + 1]) if place + 1 < len(items) else close
    if not document.opens_line(start) or line_end > following != close:
        return [Change(stop, stop, f", {source}")]
    line = f"{document.newline}{document.indent(start)}{source}"
    if following < line_end or "#" not in document.masked[stop:line_end]:
        return [Change(line_end, line_end, line + ",")] if comma and following > line_end else [Change(stop, stop, "," + line)]
    behind = [] if comma else [Change(stop, stop, ",")]
    return [*behind, Change(line_end, line_end, line + ",")]


def after_comma(document, offset):
    """The offset behind the comma that follows an offset on its line or the next ones, comments skipped; None without one."""
    text = document.masked
    while offset < len(text):
        if text[offset] == ",":
            return offset + 1
        if text[offset] == "#":
            offset = document.line_end(offset)
        elif not text[offset].isspace():
            return None
        offset += 1
    return None


def remove_argument(document, call, arg):
    """Changes that take an argument away. Raises TargetNotFound where that would shift the ones behind it."""
    place = call.args.index(arg)
    behind = call.args[place + 1 :]
    if not arg.keyword and any(not other.keyword for other in behind):
        raise TargetNotFound(f"{document.source(arg)} cannot be taken out of {document.source(call.func)}(...): others follow by place")
    return [remove_item(document, call.args, place, document.closing(call))]


def remove_item(document, items, place, close):
    """The change that takes an item out from between brackets: with its lines, where it has them for itself."""
    start, stop = document.span(items[place])
    end = after_comma(document, stop) or stop
    behind = document.start(items[place + 1]) if place + 1 < len(items) else close
    if document.opens_line(start) and behind > document.line_end(end):
        return document.line_removal(start, end)
    before = document.span(items[place - 1])[1] if place else start
    ends_line = place and not document.opens_line(start) and behind > document.line_end(end)
    if behind != close and not ends_line:
        return Change(start, behind, "")
    return Change(before, stop, "") if place and "#" not in document.masked[before:start] else Change(start, end, "")
