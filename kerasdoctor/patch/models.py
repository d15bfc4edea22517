"""Models as a text writes them: Sequential with ``add`` or a list, the functional style, and classes with layers as attributes."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from kerasdoctor.patch.arguments import argument
from kerasdoctor.patch.names import MERGING

FUNCTIONAL = ("Model", "Functional")


@dataclass(eq=False)
class Step:
    """One layer of a written model. ``call`` makes the layer (None where that is not seen), ``inputs`` are the steps that feed it.

    ``model`` is the written model that stands in the layer's place, for nested ones.
    """

    call: cst.Call | None = None
    kind: str | None = None
    inputs: tuple[Step, ...] = ()
    model: WrittenModel | None = None

    @property
    def opaque(self):
        return self.kind is None and self.model is None


@dataclass(eq=False)
class WrittenModel:
    """``node`` makes the model; ``steps`` are its layers in the order of the text, ``whole`` if they are known to be all of them.

    ``names`` are the names that the module knows it by, ``local`` is its own variable with the scope that has it.
    """

    node: cst.CSTNode
    form: str
    steps: list[Step] = field(default_factory=list)
    whole: bool = True
    names: set[str] = field(default_factory=set)
    local: tuple[cst.CSTNode | None, str] | None = None
    outputs: tuple[Step, ...] = ()

    @property
    def calls(self):
        return {step.call for step in self.steps if step.call}


class WrittenModels:
    """Every model that a document writes down."""

    def __init__(self, names):
        self.names, self.document = names, names.document
        self.found: dict[cst.CSTNode, WrittenModel] = {}
        self._applied: dict[cst.Call, Step] = {}
        for call in self.document.calls:
            kind = names.kind(call)
            if kind == "Sequential":
                self.found[call] = WrittenModel(call, "Sequential")
            elif kind in FUNCTIONAL and argument(call, "Model", "outputs"):
                self.found[call] = WrittenModel(call, "Functional")
        for model in self.found.values():
            self._name(model)
        for model in self.found.values():
            self._read_sequential(model) if model.form == "Sequential" else self._read_functional(model)
        for node in self.document.nodes:
            if isinstance(node, cst.ClassDef) and node.bases:
                self.found[node] = self._class(node)

    def _name(self, model):
        """The variables that hold a model: its own, plain copies of it, and those of a function that returns it."""
        for bindings in self.names.bindings.values():
            for binding in bindings:
                if binding.value is None or binding.path:
                    continue
                if binding.value is model.node:
                    model.local = (binding.scope, binding.name)
                if self._makes(binding.value, model) and binding.scope is None:
                    model.names.add(binding.name)

    def held_by(self, expression):
        """The written model that an expression is or holds, or None."""
        return next((model for model in self.found.values() if self._makes(expression, model)), None)

    def _makes(self, expression, model, depth=0):
        expression = self.names.value(expression)
        if expression is model.node:
            return True
        if not isinstance(expression, cst.Call) or not isinstance(expression.func, cst.Name) or depth > 3:
            return False
        made = self.names.reaching(expression.func)
        if made is None or not isinstance(made.node, cst.FunctionDef):
            return False
        returned = [n.value for n in self.document.nodes if isinstance(n, cst.Return) and n.value and self.names.scope(n) is made.node]
        return any(self._makes(value, model, depth + 1) for value in returned)

    def _read_sequential(self, model):
        written = argument(model.node, "Sequential", "layers")
        listed = self.names.value(written.value) if written else None
        if isinstance(listed, cst.List | cst.Tuple):
            for element in listed.elements:
                model.steps.append(self._made(element.value))
                model.whole &= isinstance(element, cst.Element)
        elif written:
            model.whole = False
        if model.local:
            self._read_additions(model)

    def _read_additions(self, model):
        scope, variable = model.local
        for call in self.document.calls:
            match call.func:
                case cst.Attribute(value=cst.Name(value=name), attr=cst.Name(value="add" | "pop" as method)) if name == variable:
                    binding = self.names.reaching(call.func.value)
                    if binding is None or binding.value is not model.node:
                        continue
                    straight = self.names.scope(call) is scope and set(self.names.blocks(call)) <= set(self.names.blocks(model.node))
                    model.whole &= straight and method == "add" and len(call.args) == 1
                    if method == "add" and call.args:
                        model.steps.append(self._made(call.args[0].value))

    def _made(self, expression):
        """The step for an expression that is, or holds, a layer."""
        made = self.names.value(expression)
        if made in self.found:
            return Step(model=self.found[made])
        if isinstance(made, cst.Call) and (kind := self.names.kind(made)) and kind[0].isupper():
            return Step(made, kind)
        return Step()

    def _read_functional(self, model):
        outputs = argument(model.node, "Model", "outputs").value
        model.outputs = tuple(self._result(output) for output in self._items(outputs))
        waiting, seen = list(model.outputs), []
        while waiting:
            step = waiting.pop()
            if step not in seen:
                seen.append(step)
                waiting.extend(step.inputs)
        model.steps = seen[::-1]

    def _items(self, expression):
        expression = self.names.value(expression) or expression
        if isinstance(expression, cst.List | cst.Tuple):
            return [element.value for element in expression.elements]
        return [element.value.value for element in expression.elements] if isinstance(expression, cst.Dict) else [expression]

    def _result(self, expression):
        """The step whose result an expression is: ``Dense(5)(x)``, ``dense(x)``, ``add([a, b])``, ``Input(...)``, or a name for one."""
        for _ in range(50):
            if not isinstance(expression, cst.Name):
                break
            binding = self.names.reaching(expression)
            if binding is None or binding.value is None:
                return Step()
            expression = binding.value
        if not isinstance(expression, cst.Call):
            return Step()
        if expression not in self._applied:
            step = self._applied[expression] = Step()
            self._fill(step, expression)
        return self._applied[expression]

    def _fill(self, step, call):
        kind = self.names.kind(call)
        if kind in MERGING.values() or kind == "InputLayer":
            step.call, step.kind = call, kind
        elif isinstance(call.func, cst.Call | cst.Name):
            made = self._made(call.func)
            step.call, step.kind, step.model = made.call, made.kind, made.model
        if not step.opaque and kind != "InputLayer":
            sources = [arg.value for arg in call.args if not arg.keyword and not arg.star]
            step.inputs = tuple(self._result(item) for source in sources for item in self._items(source))

    def _class(self, node):
        """A class whose ``__init__`` keeps layers as attributes; what it keeps in other ways is not seen."""
        model = WrittenModel(node, "class")
        for inner in self.document.nodes:
            if not isinstance(inner, cst.Assign) or self.document.enclosing(inner, cst.ClassDef) is not node:
                continue
            function = self.names.scope(inner)
            target = inner.targets[0].target
            if isinstance(function, cst.FunctionDef) and function.name.value == "__init__" and isinstance(target, cst.Attribute):
                step = self._made(inner.value)
                if step.opaque or self.names.blocks(inner):
                    model.whole = False
                model.steps.append(step)
        return model
