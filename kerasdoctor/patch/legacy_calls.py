"""Calls of Keras's classes and functions with arguments of Keras 1 and 2."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from kerasdoctor.patch.arguments import remove_item
from kerasdoctor.patch.document import Change
from kerasdoctor.patch.legacy_names import ARGUMENTS, LOSS_NAMES, Spelling
from kerasdoctor.patch.names import UNKNOWN

RENAMED = {(row.owner, row.old): row for row in ARGUMENTS}
LOSSES = {row.old: row for row in LOSS_NAMES}
# The old names for convolutions took one argument for each side of the kernel.
SIDES = {"Conv1D": 1, "Conv2D": 2, "Conv3D": 3, "SeparableConv1D": 1, "SeparableConv2D": 2}
NAMED_SIDES = ("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3")
OLD_CONVOLUTIONS = ("Convolution", "SeparableConvolution", "AtrousConvolution")
KERNEL = Spelling("argument", "Conv2D", "kernel sides", "kernel_size", "2.0", "ignored")
MERGE = Spelling("name", "layers", "merge", "concatenate, add, ...", "2.0")
MERGED = {"concat": "concatenate", "sum": "add", "mul": "multiply", "ave": "average", "max": "maximum", "dot": "dot"}
DISTRIBUTED = Spelling("name", "layers", "TimeDistributedDense", "TimeDistributed(Dense(...))", "2.0")
BATCH_SHAPE = Spelling("argument", "Layer", "batch_input_shape", "input_shape", "3.0")
STEPS = Spelling("argument", "LSTM", "input_length", "input_shape", "2.0")
REWRITTEN = {"TimeDistributedDense": ("TimeDistributed", "Dense"), "ThresholdedReLU": ("ReLU",)}
THRESHOLDED = Spelling("name", "layers", "ThresholdedReLU", "ReLU", "3.0")


def find(reader):
    """What is old in calls of Keras's classes and functions."""
    for call in reader.document.calls:
        name = reader.keras(call.func)
        if name is not None and name.module != "backend":
            yield from CallReader(reader, call, name).find()


def keyword(call, name):
    return next((arg for arg in call.args if arg.keyword and arg.keyword.value == name), None)


class CallReader:
    """One call of a class or function of Keras."""

    def __init__(self, reader, call, name):
        self.reader, self.call, self.name = reader, call, name
        self.document, self.names = reader.document, reader.names

    def find(self):
        func, row = self.call.func, self.name.row
        if row is not None and isinstance(func, cst.Name) and func.value not in self.names.bindings:  # it came with import *
            yield self._found(func, row, [Change(*self.document.span(func), self.name.name)])
        if self.name.module == "layers":
            if self.name.name == "merge":
                yield from self._merge()
                return
            yield from self._special_layers()
            yield from self._kernel()
        yield from renamed(self.reader, self.call, self.name.name)

    def _found(self, node, row, changes, old=None, new=None, note=""):
        return self.reader.found(node, old or row.old, row.new if new is None else new, row, changes, note)

    # Kernels

    def _kernel(self):
        """``Convolution2D(32, 3, 3)`` -> ``Conv2D(32, (3, 3))``: Keras 3 takes the second 3 for the stride."""
        sides = SIDES.get(self.name.name, 1)
        for names in NAMED_SIDES:
            given = [arg for side in names if (arg := keyword(self.call, side))]
            if given and len(given) == len(names) and sides == len(names):
                text = f"kernel_size=({', '.join(self.document.source(arg.value) for arg in given)})"
                rest = removals(self.document, self.call, given[1:])
                row = Spelling("argument", self.name.name, ", ".join(names), "kernel_size", "2.0")
                yield self._found(given[0], row, [Change(*self._span(given[0]), text), *rest])
                return
        args = self.call.args[: sides + 1]
        if sides < 2 or len(args) <= sides or any(arg.keyword or arg.star for arg in args) or not self._is_old_kernel(args[1:], sides):
            return
        if len(self.call.args) > sides + 1 and not self.call.args[sides + 1].keyword:
            return
        start, end = self._span(args[1])[0], self._span(args[-1])[1]
        texts = [self.document.source(arg.value) for arg in args[1:]]
        row = Spelling("argument", self.name.name, ", ".join(texts), f"({', '.join(texts)})", "2.0", "ignored")
        yield self._found(self.call, row, [Change(start, end, row.new)], f"{self._written()}(..., {row.old})", f"kernel_size={row.new}")

    def _written(self):
        return self.call.func.attr.value if isinstance(self.call.func, cst.Attribute) else self.call.func.value

    def _is_old_kernel(self, args, sides):
        values = [self.names.constant(arg.value) for arg in args]
        if any(isinstance(value, tuple | str) for value in values):
            return False
        whole = all(isinstance(value, int) for value in values)
        written = (self.names.dotted(self.call.func) or "").split(".")[-1]
        has_old = any((self.name.name, arg.keyword.value) in RENAMED for arg in self.call.args if arg.keyword)
        if written.startswith(OLD_CONVOLUTIONS):
            return whole or has_old or len({self.document.source(arg.value) for arg in args}) == 1
        return has_old and whole

    # Layers that are written otherwise

    def _special_layers(self):
        if self.name.name == "TimeDistributedDense":
            yield from self._distributed()
        if self.name.name == "ThresholdedReLU":
            yield from self._thresholded()
        yield from self._batch_shape()
        steps, width = keyword(self.call, "input_length"), keyword(self.call, "input_dim")
        if steps and width and self.name.name != "Embedding":
            text = f"input_shape=({self.document.source(steps.value)}, {self.document.source(width.value)})"
            yield self._found(steps, STEPS, [Change(*self._span(width), text), *removals(self.document, self.call, [steps])])

    def _distributed(self):
        func = self.call.func
        if isinstance(func, cst.Attribute):
            prefix = self.document.source(func.value) + "."
            opening, needed = f"{prefix}TimeDistributed({prefix}Dense", []
        else:
            opening, needed = "TimeDistributed(Dense", require(self.reader, self.call, "layers", ("TimeDistributed", "Dense"))
        end = self.document.bare_span(self.call)[1]
        yield self._found(self.call, DISTRIBUTED, [*needed, Change(*self.document.span(func), opening), Change(end, end, ")")])

    def _thresholded(self):
        theta = keyword(self.call, "theta") or (self.call.args[0] if self.call.args and not self.call.args[0].keyword else None)
        value = self.document.source(theta.value) if theta else "1.0"
        func = self.call.func
        name = f"{self.document.source(func.value)}.ReLU" if isinstance(func, cst.Attribute) else "ReLU"
        needed = [] if isinstance(func, cst.Attribute) else require(self.reader, self.call, "layers", ("ReLU",))
        yield self._found(self.call, THRESHOLDED, [*needed, Change(*self.document.span(self.call), f"{name}(threshold={value})")])

    def _batch_shape(self):
        """``batch_input_shape=(None, 28, 28)`` -> ``input_shape=(28, 28)``; a fixed batch goes into an Input of its own."""
        arg = keyword(self.call, "batch_input_shape")
        if arg is None or self.name.name == "InputLayer":
            return
        shape = arg.value if isinstance(arg.value, cst.Tuple) else None
        parts = [self.document.source(element.value) for element in shape.elements] if shape else []
        if parts and parts[0] == "None":
            text = f"input_shape=({', '.join(parts[1:])}{',' * (len(parts) == 2)})"
            yield self._found(arg, BATCH_SHAPE, [Change(*self._span(arg), text)])
            return
        statement = self._added()
        if statement is None:
            yield self._found(arg, BATCH_SHAPE, (), note="put Input(batch_shape=...) before this layer")
            return
        start = self.document.line_start(self.document.start(statement))
        func = self.call.func
        if isinstance(func, cst.Attribute):
            name, needed = f"{self.document.source(func.value)}.Input", []
        else:
            name, needed = "Input", require(self.reader, self.call, "layers", ("Input",))
        receiver = self.document.source(statement.value.func)
        text = f"{self.document.indent(start)}{receiver}({name}(batch_shape={self.document.source(arg.value)})){self.document.newline}"
        yield self._found(arg, BATCH_SHAPE, [*needed, Change(start, start, text), *removals(self.document, self.call, [arg])])

    def _added(self):
        """The statement ``model.add(<this call>)``, if it is one of its own."""
        statement = self.document.statement(self.call)
        if not isinstance(statement, cst.Expr) or not isinstance(statement.value, cst.Call) or len(statement.value.args) != 1:
            return None
        func = statement.value.func
        adds = isinstance(func, cst.Attribute) and func.attr.value == "add" and statement.value.args[0].value is self.call
        return statement if adds and self.document.opens_line(self.document.start(statement)) else None

    # merge

    def _merge(self):
        function = merge_function(self.reader, self.call)
        mode, axis = keyword(self.call, "mode"), keyword(self.call, "concat_axis")
        if function is None:
            yield self._found(self.call, MERGE, (), note="write it with concatenate, add, multiply, average, maximum or dot")
            return
        func, gone = self.call.func, [mode] if mode else []
        changes = [Change(*self.document.span(func.attr if isinstance(func, cst.Attribute) else func), function)]
        if axis is not None:
            changes += [Change(*self._span(axis), f"axis={self.document.source(axis.value)}")] if function == "concatenate" else []
            gone += [] if function == "concatenate" else [axis]
        if (dots := keyword(self.call, "dot_axes")) is not None:
            changes += [Change(*self.document.span(dots.keyword), "axes")] if function == "dot" else []
            gone += [] if function == "dot" else [dots]
        yield self._found(self.call, MERGE, [*changes, *removals(self.document, self.call, gone)], new=function)

    def _span(self, arg):
        return arg_span(self.document, arg)


def arg_span(document, arg):
    return document.span(arg.keyword or arg.value)[0], document.span(arg.value)[1]


def renamed(reader, call, owner):
    """Found values for the arguments of a call that Keras 3 calls otherwise, or no longer has."""
    rows = [(arg, RENAMED[owner, arg.keyword.value]) for arg in call.args if arg.keyword and (owner, arg.keyword.value) in RENAMED]
    gone = [arg for arg, row in rows if row.new is None and (not row.only or reader.names.constant(arg.value) in row.only)]
    for arg, row in rows:
        value = reader.names.constant(arg.value)
        if row.old == "decay":
            yield from _decay(reader, call, arg, row, gone)
        elif arg in gone:
            old = reader.document.source(arg.keyword) + (f"={value}" if row.only else "")
            yield reader.found(arg, old, "nothing", row, removals(reader.document, call, [arg], gone))
        elif row.new is None:
            if row.old != "epsilon":
                yield reader.found(arg, row.old, None, row, (), f"Keras 3 has no {row.old}")
        elif row.values:
            yield _mapped(reader, arg, row, value)
        elif not keyword(call, row.new):
            yield reader.found(arg, row.old, row.new, row, [Change(*reader.document.span(arg.keyword), row.new)])


def _decay(reader, call, arg, row, gone):
    """``decay``, which Keras 3 ignores: the schedule that computes the same rates, or nothing where it is 0."""
    document = reader.document
    taken = removals(document, call, [arg], gone)
    rate = keyword(call, "lr") or keyword(call, "learning_rate") or (call.args[0] if not call.args[0].keyword else None)
    if reader.names.constant(arg.value) == 0:
        yield reader.found(arg, "decay=0", "nothing", replace(row, effect="works"), taken)
    elif rate is None or _rate_is_set(reader):
        yield reader.found(arg, row.old, "nothing", row, taken, "a schedule does not go with a rate that is set elsewhere")
    else:
        name, func = "InverseTimeDecay", call.func
        direct = isinstance(func, cst.Name)
        needed = require(reader, call, "optimizers.schedules", (name,)) if direct else []
        name = name if direct else f"{document.source(func.value)}.schedules.{name}"
        text = f"{name}({document.source(rate.value)}, 1, {document.source(arg.value)})"
        yield reader.found(arg, row.old, "InverseTimeDecay", row, [*needed, Change(*document.span(rate.value), text), *taken])


def _rate_is_set(reader):
    """Whether callbacks, or the text, set the rate: that does not go with a schedule."""
    callbacks = ("ReduceLROnPlateau", "LearningRateScheduler")
    if any((found := reader.keras(call.func)) and found.name in callbacks for call in reader.document.calls):
        return True
    return any(isinstance(node, cst.Attribute) and node.attr.value in ("lr", "learning_rate") for node in reader.document.nodes)


def _mapped(reader, arg, row, value):
    new = next((new for old, new in row.values if old == value), None)
    if new is None:
        keep = row.old == "dim_ordering" and value is UNKNOWN and not isinstance(arg.value, cst.SimpleString)
        if keep and isinstance(arg.value, cst.Call):  # K.image_dim_ordering() is rewritten by itself
            return reader.found(arg, row.old, row.new, row, [Change(*reader.document.span(arg.keyword), row.new)])
        return reader.found(arg, row.old, row.new, row, (), f"write {row.new} with one of {', '.join(str(n) for _, n in row.values)}")
    quote = arg.value.quote[0] if isinstance(arg.value, cst.SimpleString) else reader.document.quote
    text = f"{row.new}={quote}{new}{quote}" if isinstance(new, str) else f"{row.new}={new}"
    return reader.found(arg, row.old, row.new, row, [Change(*arg_span(reader.document, arg), text)])


def removals(document, call, gone, together=()):
    """Changes that take arguments out of a call, ``together`` with others that go: at its end with the comma before them."""
    args, changes = list(call.args), []
    kept = [i for i, arg in enumerate(args) if arg not in gone and arg not in together]
    last = kept[-1] if kept else -1
    for place, arg in enumerate(args):
        if arg in gone:
            changes.append(remove_item(document, args if place < last else args[: place + 1], place, document.closing(call)))
    return changes


def require(reader, call, module, names):
    """The change that imports names from ``keras.<module>`` in a call's cell; none where the text has them."""
    from kerasdoctor.patch.spelling import Speller

    missing = [name for name in names if name not in reader.names.bindings and not _starred(reader, module)]
    if not missing or _import_is_rewritten(reader, call):
        return []
    name = reader.keras(call.func)
    package = ".".join(part for part in (name.root if name else "keras", module) if part)
    speller = Speller(reader.document, reader.names)
    speller.require(f"from {package} import {', '.join(missing)}", reader.document.start(call))
    return speller.changes


def _import_is_rewritten(reader, call):
    """Whether the import of the call's old name, in the call's cell, is to bring the new names."""
    if not isinstance(call.func, cst.Name) or call.func.value not in REWRITTEN:
        return False
    bindings = reader.names.bindings.get(call.func.value, ())
    cell = reader.document.cell_of(reader.document.start(call))
    return len(bindings) == 1 and reader.document.cell_of(reader.document.start(bindings[0].node)) == cell


def _starred(reader, module):
    return any(path == module for _, path in reader.starred)


def merge_function(reader, call):
    """The function of Keras 3 for ``merge([...], mode=...)``, or None."""
    mode = keyword(call, "mode")
    if mode is None:
        return "add" if len(call.args) == 1 else None
    return MERGED.get(reader.names.constant(mode.value))


def merge_functions(reader):
    """The functions that the merge calls of the text need, those that are imported left out; empty where one is not known."""
    named = [(call, reader.keras(call.func)) for call in reader.document.calls]
    found = [merge_function(reader, call) for call, name in named if name and (name.module, name.name) == ("layers", "merge")]
    return sorted(set(found) - set(reader.names.bindings)) if found and None not in found else []
