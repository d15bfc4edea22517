"""Functions of ``keras.backend`` in Keras 1 and 2: the order of an image's axes, and what lives in ``keras.ops`` now."""

from __future__ import annotations

import libcst as cst

from kerasdoctor.patch.document import Change
from kerasdoctor.patch.legacy_calls import require
from kerasdoctor.patch.legacy_names import AXIS_DIFFERS, OPS

OPERATIONS = {row.old: row for row in OPS}
ORDERINGS = {"th": "channels_first", "tf": "channels_last"}


def find(reader):
    """What is old in calls of ``K.<function>``."""
    for call in reader.document.calls:
        name = reader.keras(call.func)
        if name is not None and name.module == "backend":
            yield from _backend(reader, call, name)


def _backend(reader, call, name):
    """``K.image_dim_ordering() == 'th'``, ``K.set_image_dim_ordering('th')``, and functions that live in keras.ops now."""
    document, func = reader.document, call.func
    if not isinstance(func, cst.Attribute):
        return
    changes = []
    if name.row is not None:
        changes = [Change(*document.span(func.attr), name.name)]
        literals = [arg.value for arg in call.args] + _compared(document, call)
        for literal in literals:
            if isinstance(literal, cst.SimpleString) and (new := ORDERINGS.get(literal.evaluated_value)):
                changes.append(Change(*document.span(literal), literal.quote[0] + new + literal.quote[0]))
        yield reader.found(call, func.attr.value, name.name, name.row, changes)
    elif name.root == "keras" and name.name in OPERATIONS:
        row = OPERATIONS[name.name]
        if name.name in AXIS_DIFFERS and len(call.args) < 2:
            yield reader.found(call, f"K.{name.name}", None, row, (), f"write keras.ops.{row.new} and give the axis")
            return
        needed = require(reader, call, "", ("ops",))
        yield reader.found(call, f"K.{name.name}", f"ops.{row.new}", row, [*needed, Change(*document.span(func), f"ops.{row.new}")])


def _compared(document, call):
    parent = document.parent(call)
    if not isinstance(parent, cst.Comparison):
        return []
    return [target.comparator for target in parent.comparisons] + [parent.left]
