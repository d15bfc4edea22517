"""Models in Keras 1 and 2: ``fit_generator`` and its like, arguments of ``fit`` and ``compile``, file names, names of metrics."""

from __future__ import annotations

import libcst as cst

from kerasdoctor.patch.document import Change
from kerasdoctor.patch.legacy_calls import LOSSES, arg_span, keyword, removals, renamed
from kerasdoctor.patch.legacy_names import METHODS, Spelling
from kerasdoctor.patch.names import UNKNOWN

GONE_METHODS = {row.old: row for row in METHODS}
# The arguments of the old methods in their order (Keras 2), of Keras 1 where they differ.
_FIT = "x steps_per_epoch epochs verbose callbacks validation_data validation_steps class_weight"
_TEST = "x steps max_queue_size workers use_multiprocessing verbose"
POSITIONS = {"fit_generator": _FIT.split(), "evaluate_generator": _TEST.split(), "predict_generator": _TEST.split()}
GENERATOR = {"generator": "x", "nb_epoch": "epochs"}
SAMPLES = {"samples_per_epoch": "steps_per_epoch", "nb_val_samples": "validation_steps", "val_samples": "steps"}
KERAS_1 = {*SAMPLES, "nb_epoch", "nb_worker", "max_q_size", "pickle_safe"}
LOADING = frozenset(["max_queue_size", "workers", "use_multiprocessing", "max_q_size", "nb_worker", "pickle_safe", "wait_time"])
OLD_METRICS = {"acc": "accuracy", "val_acc": "val_accuracy"}
METRIC = Spelling("name", "history", "acc", "accuracy", "2.3")
MONITOR = Spelling("name", "monitor", "acc", "accuracy", "2.3", "ignored")
RATE = Spelling("attribute", "optimizer", "lr", "learning_rate", "3.0")
WEIGHTS = Spelling("value", "save_weights", ".h5", ".weights.h5", "3.0")
WHOLE = Spelling("value", "ModelCheckpoint", ".hdf5", ".keras", "3.0")


def find(reader):
    """What is old in how models are compiled, trained, evaluated and saved."""
    for call in reader.document.calls:
        name = reader.keras(call.func)
        if name is not None and name.module == "callbacks":
            yield from _callback(reader, call, name)
        func = call.func
        if isinstance(func, cst.Attribute) and reader.is_model(func.value):
            yield from _method(reader, call, func.attr.value)
    for node in reader.document.nodes:
        if isinstance(node, cst.Subscript):
            yield from _history(reader, node)
        elif isinstance(node, cst.Attribute) and node.attr.value == "lr":
            yield from _rate(reader, node)


def _method(reader, call, method):
    if method in POSITIONS:
        yield from _generator(reader, call, method)
    elif method == "predict_proba":
        yield reader.found(call, method, "predict", GONE_METHODS[method], [Change(*reader.document.span(call.func.attr), "predict")])
    elif method == "predict_classes":
        yield from _classes(reader, call)
    elif method in ("fit", "evaluate", "predict", "compile"):
        yield from renamed(reader, call, method)
    if method == "compile":
        yield from _loss(reader, call)
    if method in ("save_weights", "load_weights") and call.args:
        yield from _weights(reader, call.args[0], method == "load_weights")


def _generator(reader, call, method):
    """``fit_generator(generator, 100, 10)`` -> ``fit(generator, steps_per_epoch=100, epochs=10)``."""
    document, row, gone = reader.document, GONE_METHODS[method], []
    changes = [Change(*document.span(call.func.attr), row.new)]
    first = any(arg.keyword and arg.keyword.value in KERAS_1 for arg in call.args)
    batch = _batch_size(reader, call)
    for place, arg in enumerate(call.args):
        if arg.star:
            yield reader.found(call, method, row.new, row, (), "the starred arguments may hold old names; write them out")
            return
        name = arg.keyword.value if arg.keyword else POSITIONS[method][place]
        if name in LOADING:
            gone.append(arg)
            continue
        samples = name in SAMPLES or (first and not arg.keyword and place == 1)
        value = document.source(arg.value)
        if samples and batch is None:
            yield reader.found(call, method, row.new, row, (), f"{row.new} counts batches, not samples: divide {value} by the batch size")
            return
        if samples:
            value = _divided(reader, arg.value, batch)
        new = SAMPLES.get(name) or GENERATOR.get(name, name)
        text = value if not arg.keyword and not place else f"{new}={value}"
        changes.append(Change(*arg_span(document, arg), text))
    changes = [change for change in changes if document.text[change.start : change.end] != change.text]
    yield reader.found(call, method, row.new, row, changes + removals(document, call, gone))


def _divided(reader, expression, batch):
    value = reader.names.constant(expression) if isinstance(expression, cst.Integer) else UNKNOWN
    if isinstance(value, int) and batch.isdigit():
        return str(max(value // int(batch), 1))
    source = reader.document.source(expression)
    plain = isinstance(expression, cst.Name | cst.Integer | cst.Attribute | cst.Subscript | cst.Call)
    return f"{source if plain else f'({source})'} // {batch}"


def _batch_size(reader, call):
    """The batch size of the generator that a call is given, as source: ``datagen.flow(x, y, batch_size=32)``; None where it is not seen."""
    arg = keyword(call, "generator") or (call.args[0] if call.args and not call.args[0].keyword else None)
    made = reader.names.value(arg.value) if arg else None
    if not isinstance(made, cst.Call) or not isinstance(made.func, cst.Attribute):
        return None
    if made.func.attr.value not in ("flow", "flow_from_directory", "flow_from_dataframe"):
        return None
    size = keyword(made, "batch_size")
    if size is not None:
        return reader.document.source(size.value)
    return "32" if len(made.args) < 3 or made.args[2].keyword else reader.document.source(made.args[2].value)


def _classes(reader, call):
    """``model.predict_classes(x)`` -> ``model.predict(x).argmax(axis=-1)``, or a threshold where the model has a single unit."""
    document, row = reader.document, GONE_METHODS["predict_classes"]
    units = reader.units(call.func.value) or _last_units(reader, call.func.value)
    start, end = document.bare_span(call)
    name = Change(*document.span(call.func.attr), "predict")
    if units is None:
        yield reader.found(call, row.old, None, row, (), "model.predict(x).argmax(axis=-1), or model.predict(x) > 0.5 for one unit")
    elif units == 1:
        quote = document.quote
        changes = [Change(start, start, "("), name, Change(end, end, f" > 0.5).astype({quote}int32{quote})")]
        yield reader.found(call, row.old, "predict(...) > 0.5", row, changes)
    else:
        yield reader.found(call, row.old, "predict(...).argmax(axis=-1)", row, [name, Change(end, end, ".argmax(axis=-1)")])


def _last_units(reader, name):
    """The units of the last Dense that the text adds to a model, or None."""
    if not isinstance(name, cst.Name):
        return None
    added = [
        call.args[0].value
        for call in reader.document.calls
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "add" and call.args
        if isinstance(call.func.value, cst.Name) and call.func.value.value == name.value
    ]
    dense = [call for call in added if isinstance(call, cst.Call) and (found := reader.keras(call.func)) and found.name == "Dense"]
    if not dense:
        return None
    args = dense[-1].args
    units = keyword(dense[-1], "units") or keyword(dense[-1], "output_dim") or (args[0] if args and not args[0].keyword else None)
    value = reader.names.constant(units.value) if units else UNKNOWN
    return value if isinstance(value, int) else None


def _loss(reader, call):
    arg = keyword(call, "loss") or (call.args[1] if len(call.args) > 1 and not call.args[1].keyword and not call.args[0].keyword else None)
    literal = arg.value if arg else None
    row = LOSSES.get(literal.evaluated_value) if isinstance(literal, cst.SimpleString) else None
    if row is not None:
        yield reader.found(literal, row.old, row.new, row, [_string(reader, literal, row.new)])


def _string(reader, literal, text):
    return Change(*reader.document.span(literal), literal.quote + text + literal.quote)


# File names


def _literal(reader, expression):
    """The one literal that an expression is, or that a name stands for; None where it is anything else."""
    made = reader.names.value(expression)
    return made if isinstance(made, cst.SimpleString) and isinstance(made.evaluated_value, str) and "b" not in made.prefix else None


def _weights(reader, arg, loading):
    """File names of weights must end in ``.weights.h5``; a file that is only loaded may be an old one, and keeps its name."""
    literal = _literal(reader, arg.value)
    text = literal.evaluated_value if literal else ""
    if not text.endswith((".h5", ".hdf5")) or text.endswith(".weights.h5") or (loading and not _saved(reader, text)):
        return
    yield reader.found(arg, text, _weight_file(text), WEIGHTS, [_string(reader, literal, _weight_file(text))])


def _weight_file(text):
    stem = text.rpartition(".")[0]
    return (stem.removesuffix(".weights").removesuffix("_weights") or "model") + ".weights.h5"


def _saved(reader, text):
    """Whether the program saves weights, and nothing but weights, under a name."""
    for call in reader.document.calls:
        saves = isinstance(call.func, cst.Attribute) and call.func.attr.value == "save_weights" and call.args
        name = reader.keras(call.func)
        only = keyword(call, "save_weights_only") if name is not None and name.name == "ModelCheckpoint" else None
        path = call.args[0] if saves else _path_of(call) if only and reader.names.constant(only.value) is True else None
        literal = _literal(reader, path.value) if path else None
        if literal is not None and literal.evaluated_value == text:
            return True
    return False


def _path_of(call):
    return keyword(call, "filepath") or (call.args[0] if call.args and not call.args[0].keyword else None)


def _callback(reader, call, name):
    if name.name == "ModelCheckpoint":
        yield from _checkpoint(reader, call)
    arg = keyword(call, "monitor") or (call.args[0] if name.name in ("EarlyStopping", "ReduceLROnPlateau") and call.args else None)
    literal = arg.value if arg else None
    new = OLD_METRICS.get(literal.evaluated_value) if isinstance(literal, cst.SimpleString) else None
    if new and _logs_accuracy(reader):
        yield reader.found(literal, literal.evaluated_value, new, MONITOR, [_string(reader, literal, new)])


def _checkpoint(reader, call):
    arg, only = _path_of(call), keyword(call, "save_weights_only")
    literal = _literal(reader, arg.value) if arg else None
    text = literal.evaluated_value if literal else ""
    weights = reader.names.constant(only.value) if only else False
    if not text or weights is UNKNOWN or ".tf" in text:
        return
    if weights:
        if not text.endswith(".weights.h5"):
            new = _weight_file(text) if text.endswith((".h5", ".hdf5")) else text + ".weights.h5"
            yield reader.found(arg, text, new, WEIGHTS, [_string(reader, literal, new)])
    elif not text.endswith((".keras", ".h5")):
        new = text.removesuffix(".hdf5") + ".keras"
        again = [
            _string(reader, other, new)
            for call in reader.document.calls
            if isinstance(call.func, cst.Attribute | cst.Name) and _is_load(reader, call) and call.args
            if isinstance(other := call.args[0].value, cst.SimpleString) and other.evaluated_value == text
        ]
        yield reader.found(arg, text, new, WHOLE, [_string(reader, literal, new), *again])


def _is_load(reader, call):
    if isinstance(call.func, cst.Attribute) and call.func.attr.value == "load_weights":
        return reader.is_model(call.func.value)
    name = reader.keras(call.func)
    return name is not None and name.name == "load_model"


# Names of metrics and of the learning rate


def _logs_accuracy(reader, model=None, at=0):
    """Whether every compile call of the text asks for "accuracy", under which Keras logs it since 2.3, and none for "acc".

    ``model``: only the last compile call of this variable before a place counts.
    """
    calls = [c for c in reader.document.calls if isinstance(c.func, cst.Attribute) and c.func.attr.value == "compile"]
    calls = [c for c in calls if reader.is_model(c.func.value)]
    if isinstance(model, cst.Name):
        own = [c for c in calls if isinstance(c.func.value, cst.Name) and c.func.value.value == model.value]
        calls = [c for c in own if reader.document.start(c) < at][-1:]
    asked = [reader.names.constant(arg.value) if (arg := keyword(c, "metrics")) else () for c in calls]
    return bool(asked) and all(isinstance(names, tuple) and "accuracy" in names and "acc" not in names for names in asked)


def _history(reader, node):
    """``history.history['acc']`` where the model logs "accuracy"."""
    inner = node.slice[0].slice if len(node.slice) == 1 else None
    literal = inner.value if isinstance(inner, cst.Index) else None
    new = OLD_METRICS.get(literal.evaluated_value) if isinstance(literal, cst.SimpleString) else None
    model = _history_of(reader, node.value) if new else None
    if model is not None and _logs_accuracy(reader, model, reader.document.start(node)):
        yield reader.found(node, literal.evaluated_value, new, METRIC, [_string(reader, literal, new)])


def _history_of(reader, expression):
    """The model whose ``History.history`` an expression is, or None."""
    expression = reader.names.value(expression)
    if not isinstance(expression, cst.Attribute) or expression.attr.value != "history":
        return None
    made = reader.names.value(expression.value)
    if isinstance(made, cst.Call) and isinstance(made.func, cst.Attribute) and made.func.attr.value in ("fit", "fit_generator"):
        model = made.func.value
    elif isinstance(made, cst.Attribute) and made.attr.value == "history":
        model = made.value
    else:
        model = expression.value
    return model if reader.is_model(model) else None


def _rate(reader, node):
    """``model.optimizer.lr``."""
    optimizer = node.value
    if isinstance(optimizer, cst.Attribute) and optimizer.attr.value == "optimizer" and reader.is_model(optimizer.value):
        yield reader.found(node, "lr", "learning_rate", RATE, [Change(*reader.document.span(node.attr), "learning_rate")])
