"""From paths of a snapshot ("layers[8]", "compile", "optimizer", "fit") to the one call in the text that each stands for."""

from __future__ import annotations

import re
from dataclasses import replace

import libcst as cst

from kerasdoctor.patch.alignment import agrees, align, fits_kind
from kerasdoctor.patch.arguments import argument
from kerasdoctor.patch.document import TargetNotFound
from kerasdoctor.patch.models import FUNCTIONAL, WrittenModels
from kerasdoctor.patch.names import LOOPS

TOP_LEVEL = re.compile(r"layers\[\d+\]")


class Locator:
    """Finds the targets of one fix. Every method raises TargetNotFound where a target does not stand in the text exactly once.

    ``edits`` are all edits of the fix: a call that makes several layers may be changed only where all of them are, alike.
    """

    def __init__(self, document, names, snapshot, edits=()):
        self.document, self.names, self.snapshot, self.edits = document, names, snapshot, tuple(edits)
        self.models = WrittenModels(names)

    def layer(self, path, edit=None):
        """The call that makes a layer. ``edit`` is what is going to be done to it."""
        layer = self.snapshot.model.layer(path)
        if layer is None:
            raise TargetNotFound(f"{path} is not a layer of the model")
        call = self._at_span(path)
        if call is None or not fits_kind(self.names.kind(call), layer):
            call = self._in_model(path, layer)
        self._refuse_several(path, call, edit)
        return call

    def inputs(self):
        """The calls of ``Input`` of the model, in the order of its written form."""
        model = self._written()
        return [step.call for step in model.steps if step.kind == "InputLayer"] if model else []

    def some_layer(self):
        """A call that makes a layer of the model, for the way in which it names layers; None if there is none to be seen."""
        model = self._written()
        return next((step.call for step in model.steps if step.call and step.kind != "InputLayer"), None) if model else None

    def first_layer(self):
        """The path of the first layer that is not an input."""
        first = next((layer for layer in self._layers() if layer.kind != "InputLayer"), None)
        if first is None:
            raise TargetNotFound("the model has no layers")
        return first.path

    def compile(self):
        return self._method("compile")

    def fit(self):
        return self._method("fit")

    def evaluations(self):
        """The ``evaluate`` calls on the model's variable."""
        return [call for call in self._method_calls("evaluate") if self._on_model(call)]

    def optimizer(self):
        """The expression of the optimizer: what ``compile`` is given, or what the variable given there holds; None if none is written."""
        arg = argument(self.compile(), "compile", "optimizer")
        if arg is None:
            return None
        expression = self.names.value(arg.value)
        if expression is None:
            raise TargetNotFound(f"what {self.document.source(arg.value)} holds is not written in the text")
        return expression

    # Spans that were recorded while the cells ran

    def _at_span(self, path):
        span = self.snapshot.sources.get(path)
        start = span and self._cell_start(span.cell)
        if start is None:
            return None
        for in_bytes in (True, False):  # Python's own code positions count the bytes of a line
            begin = self._offset(start, span.line, span.column, in_bytes)
            end = self._offset(start, span.end_line, span.end_column, in_bytes)
            if call := self.document.call_at.get((begin, end)):
                return call
        return None

    def _cell_start(self, number):
        """Where the cell that ran under a number stands in the document; None if its text is not there exactly once."""
        ran = next((cell.text for cell in self.snapshot.cells if cell.number == number), "").rstrip()
        if not ran:
            return None
        alike = [i for i, cell in enumerate(self.document.cells) if cell.text.rstrip() == ran]
        alike = [i for i in alike if self.document.cells[i].number == number] or alike
        if alike:
            return self.document.cell_starts[alike[0]] if len(alike) == 1 else None
        start = self.document.text.find(ran)
        once = start >= 0 and self.document.text.find(ran, start + 1) < 0
        return start if once and start == self.document.line_start(start) else None

    def _offset(self, start, line, column, in_bytes):
        start = self.document.line_below(start, line - 1)
        if not in_bytes:
            return start + column
        line = self.document.text[start : self.document.line_end(start)]
        return start + len(line.encode()[:column].decode(errors="ignore"))

    # The syntax tree

    def _layers(self, prefix=""):
        return [layer for layer in self.snapshot.model.layers if re.fullmatch(re.escape(prefix) + TOP_LEVEL.pattern, layer.path)]

    def _written(self):
        """The written model that is the snapshot's, or None; TargetNotFound where several may be."""
        candidates = self._candidates()
        recorded = {self._at_span(path) for path in self.snapshot.sources if path.startswith("layers[")}
        whole = [model for model in candidates if recorded & model.calls]
        whole = whole or [model for model in candidates if align(model, self._layers(), self.names)]
        if len(whole) > 1:
            # Where spans were recorded and no longer hold, the text was changed: the model that still agrees may be another one.
            exact = [model for model in whole if not recorded and self._agrees_everywhere(model)]
            if len(exact) != 1:
                raise TargetNotFound(f"{len(whole)} models in the text look like this one")
            return exact[0]
        if whole:
            return whole[0]
        return candidates[0] if len(candidates) == 1 else None

    def _agrees_everywhere(self, model):
        pairs = align(model, self._layers(), self.names)
        return all(step.call is None or agrees(step.call, self.snapshot.model.layer(path), self.names) for path, step in pairs.items())

    def _candidates(self):
        """The written models that can be the snapshot's, by its class and the variable that holds it."""
        variable, found = self.snapshot.model.variable, list(self.models.found.values())
        kind = self.snapshot.model.kind
        if kind not in ("Sequential", *FUNCTIONAL):
            return [model for model in found if model.form == "class" and model.node.name.value == kind]
        found = [model for model in found if model.form != "class"]
        if variable is None:
            return found
        named = [model for model in found if variable in model.names]
        if named or variable in self.names.bindings:
            return named
        return [model for model in found if not model.names]

    def _in_model(self, path, layer):
        model = self._written()
        pairs, prefix = (align(model, self._layers(), self.names) if model else None), ""
        *outer, _ = path.split(".")
        for part in outer:
            step = pairs.get(prefix + part) if pairs else None
            prefix += part + "."
            pairs = align(step.model, self._layers(prefix), self.names) if step and step.model else None
        if pairs and path in pairs:
            if pairs[path].call is None:
                raise TargetNotFound(f"{path} ({layer.kind}) is made where the text does not show it")
            return pairs[path].call
        return self._by_arguments(path, layer)

    def _by_arguments(self, path, layer):
        """The only call of the class whose literal arguments agree with the layer's, if they agree with no other layer's."""
        fitting = [call for call in self._free_calls() if fits_kind(self.names.kind(call), layer)]
        alike = [call for call in fitting if agrees(call, layer, self.names)]
        if len(alike) == 1 and path not in self.snapshot.sources and self._makes(alike[0]) == [layer]:
            return alike[0]
        raise TargetNotFound(f"{path} ({layer.kind}) is not found exactly once in the text")

    def _makes(self, call):
        """The layers of the model that a call can have made."""
        return [
            layer for layer in self.snapshot.model.layers if fits_kind(self.names.kind(call), layer) and agrees(call, layer, self.names)
        ]

    def _free_calls(self):
        """The calls that can have made layers where the written form of the model does not tell: none of another model's.

        There are none where what is written of the model is no longer what was made, or is all of it.
        """
        candidates = self._candidates()
        own = {call for model in candidates for call in model.calls if self.names.kind(call) != "InputLayer"}
        if not all(self._makes(call) for call in own) or any(model.whole and model.form == "Sequential" for model in candidates):
            return []
        taken = {call for model in self.models.found.values() for call in model.calls} - own
        return [call for call in self.document.calls if call not in taken]

    # Calls that stand for more than one thing

    def _refuse_several(self, path, call, edit):
        shared = self._shared(path, call)
        if not shared and not self._repetition(call):
            return
        loops = self.names.blocks(call, LOOPS)
        makes_models = any(loop in self.document.ancestors(made) for made in self.models.found for loop in loops)
        if edit is None or makes_models or not shared or not all(replace(edit, target=other) in self.edits for other in shared):
            raise TargetNotFound(f"the call that makes {path} stands in a loop or a function that makes several layers")

    def _shared(self, path, call):
        """The other layers that the same call made, as recorded."""
        span = self.snapshot.sources.get(path)
        if span is None or self._at_span(path) is not call:
            return []
        return [other for other, place in self.snapshot.sources.items() if place == span and other != path]

    def _repetition(self, node, depth=0):
        """What may run a node more than once: a loop around it, or its function or class used more than once; None if nothing."""
        loops = self.names.blocks(node, LOOPS)
        return loops[0] if loops else self._reuse(self.names.scope(node), depth)

    def _reuse(self, scope, depth=0):
        if scope is None:
            return None
        if isinstance(scope, cst.Lambda) or depth > 5:
            return scope
        uses = self._uses(scope)
        handed_on = [use for use in uses if getattr(self.document.parent(use), "func", None) is not use]
        if len(uses) > 1 or handed_on:
            return scope
        return self._repetition(uses[0] if uses else scope, depth + 1)

    def _uses(self, scope):
        """Where a function or class is named; a method's uses are attributes of its name, those of ``__init__`` the class's."""
        name = scope.name.value
        if isinstance(self.names.scope(scope), cst.ClassDef):
            return [] if name.startswith("__") else self.names.attributes(name)
        return [use for use in self.names.reads.get(name, ()) if not self._in_super(use)]

    def _in_super(self, name):
        call = self.document.enclosing(name, cst.Call)
        return call is not None and isinstance(call.func, cst.Name) and call.func.value == "super"

    # compile, fit, evaluate

    def _method_calls(self, method):
        return [c for c in self.document.calls if isinstance(c.func, cst.Attribute) and c.func.attr.value == method]

    def _method(self, method):
        call = self._at_span(method)
        if call is None or call not in self._method_calls(method):
            found = [call for call in self._method_calls(method) if self._on_model(call)]
            if len(found) > 1:
                found = [call for call in found if self._in_life(call)]
            if len(found) != 1:
                raise TargetNotFound(f"the {method} call of the model is not found exactly once in the text")
            call = found[0]
        self._refuse_repeated(method, call)
        return call

    def _on_model(self, call):
        """Whether a method is called on the model: on its variable, or on the local name under which a function makes it."""
        receiver, variable = call.func.value, self.snapshot.model.variable
        if not isinstance(receiver, cst.Name):
            return receiver in {model.node for model in self._candidates()}
        scope, binding = self.names.scope(call), self.names.reaching(receiver)
        if binding and (binding.imported or isinstance(binding.node, cst.FunctionDef | cst.ClassDef)):
            return False
        if any(model.local == (scope, receiver.value) for model in self._candidates()):
            return True
        if variable is None:
            return binding is None or self.models.held_by(receiver) is not None
        return receiver.value == variable and scope is None

    def _in_life(self, call):
        """Whether the model that a method is called on is the one written form that is the snapshot's."""
        model = self._written()
        return model is not None and self.models.held_by(call.func.value) is model

    def _refuse_repeated(self, method, call):
        for loop in self.names.blocks(call, LOOPS):
            inside = [b for b in self.names.bindings.get(_root(call), ()) if loop in self.document.ancestors(b.node) or b.node is loop]
            if inside:
                raise TargetNotFound(f"the {method} call stands in a loop over several models")
        if self._reuse(self.names.scope(call)):
            raise TargetNotFound(f"the {method} call stands in a function that is used more than once")


def _root(call):
    node = call.func
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else None
