"""What names stand for at a place in the text: which assignment reaches them, where they are imported from, which constant they hold."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

UNKNOWN = object()
CONSTANTS = {"True": True, "False": False, "None": None}
NOT_KERAS = frozenset(["torch", "flax", "jax", "sklearn", "numpy", "pandas", "scipy", "mxnet"])
BLOCKS = (cst.If, cst.For, cst.While, cst.Try, cst.TryStar, cst.Match)
LOOPS = (cst.For, cst.While, cst.CompFor)

# Names of Keras 1 and 2 and Keras's own second names for the classes whose ``__name__`` the snapshot holds.
SECOND_NAMES = {
    "Input": "InputLayer",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
}
MERGING = {name.lower(): name for name in ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"]}


@dataclass(frozen=True, eq=False)
class Binding:
    """A name given a value: ``path`` tells which item of ``value`` when it is unpacked; ``value`` is None if not an expression.

    ``at`` is the offset from which it holds, ``scope`` the function or class it belongs to (None: the module), ``imported``
    the dotted name that an import stands for.
    """

    name: str
    at: int
    scope: cst.CSTNode | None
    node: cst.CSTNode
    value: cst.BaseExpression | None = None
    path: tuple[int, ...] = ()
    imported: str | None = None


class Names:
    """The bindings and reads of a document."""

    def __init__(self, document):
        self.document = document
        self.bindings: dict[str, list[Binding]] = {}
        self.star_modules: list[str] = []
        self._targets: set[cst.Name] = set()
        for node in document.nodes:
            self._bind(node)
        self.reads: dict[str, list[cst.Name]] = {}
        for node in document.nodes:
            if isinstance(node, cst.Name) and node not in self._targets and self._is_read(node):
                self.reads.setdefault(node.value, []).append(node)

    def _bind(self, node):
        match node:
            case cst.Assign():
                for target in node.targets:
                    self._bind_target(target.target, node, node.value)
            case cst.AnnAssign() | cst.NamedExpr():
                self._bind_target(node.target, node, node.value)
            case cst.AugAssign() | cst.For() | cst.CompFor():
                self._bind_target(node.target, node, None)
            case cst.With():
                for item in node.items:
                    if item.asname:
                        self._bind_target(item.asname.name, node, None)
            case cst.Del():
                self._bind_target(node.target, node, None)
            case cst.FunctionDef() | cst.ClassDef():
                self._add(node.name, node)
            case cst.Param():
                self._add(node.name, node)
            case cst.ExceptHandler() if node.name:
                self._bind_target(node.name.name, node, None)
            case cst.Import():
                for alias in node.names:
                    self._bind_import(alias, node, "")
            case cst.ImportFrom():
                self._bind_from(node)

    def _bind_target(self, target, node, value, path=()):
        if isinstance(target, cst.Tuple | cst.List):
            items = value.elements if isinstance(value, cst.Tuple | cst.List) and not path else None
            for index, element in enumerate(target.elements):
                if items and len(items) == len(target.elements) and not any(isinstance(e, cst.StarredElement) for e in items):
                    self._bind_target(element.value, node, items[index].value)
                else:
                    self._bind_target(element.value, node, value, (*path, index))
        elif isinstance(target, cst.Name):
            self._add(target, node, value, path)

    def _add(self, name, node, value=None, path=(), imported=None):
        whole = node if isinstance(node, cst.BaseSmallStatement) else name
        binding = Binding(name.value, self.document.span(whole)[1], self.scope(node), node, value, path, imported)
        self.bindings.setdefault(name.value, []).append(binding)
        self._targets.add(name)

    def _bind_import(self, alias, node, module):
        dotted = alias.evaluated_name
        name = alias.asname.name if alias.asname else alias.name
        while isinstance(name, cst.Attribute):
            name = name.value
        imported = f"{module}.{dotted}" if module else (dotted if alias.asname else dotted.split(".")[0])
        self._add(name, node, imported=imported)

    def _bind_from(self, node):
        module = _dotted_text(node.module) if node.module else ""
        if node.relative:
            module = "." + module
        if isinstance(node.names, cst.ImportStar):
            self.star_modules.append(module)
            return
        for alias in node.names:
            self._bind_import(alias, node, module)

    def _is_read(self, node):
        parent = self.document.parent(node)
        if isinstance(parent, cst.Attribute | cst.Arg) and parent.value is not node:
            return False
        return not isinstance(parent, cst.NameItem) and not self.document.enclosing(node, cst.Import, cst.ImportFrom)

    def scope(self, node):
        """The function or class whose names a node sees first; None for the module."""
        inner = node
        for above in self.document.ancestors(node):
            if isinstance(above, cst.FunctionDef) and inner in (above.body, above.params):
                return above
            if isinstance(above, cst.Lambda) or (isinstance(above, cst.ClassDef) and inner is above.body):
                return above
            inner = above
        return None

    def blocks(self, node, kinds=BLOCKS):
        """The conditional or repeated blocks around a node, up to the function or class that it stands in."""
        scope = self.scope(node)
        found = []
        for above in self.document.ancestors(node):
            if above is scope:
                break
            if isinstance(above, kinds) or (
                kinds is LOOPS and isinstance(above, cst.ListComp | cst.GeneratorExp | cst.SetComp | cst.DictComp)
            ):
                found.append(above)
        return found

    def reaching(self, place, name=None):
        """The one binding that a read sees, or that ``name`` would have in its place; None where that depends on how the program runs."""
        scope, own = self.scope(place), True
        while True:
            bindings = [b for b in self.bindings.get(name or place.value, ()) if b.scope is scope]
            if bindings:
                return self._last(bindings, place) if own else (bindings[0] if len(bindings) == 1 else None)
            if scope is None:
                return None
            scope, own = self._outer(scope), False

    def _outer(self, scope):
        scope = self.scope(scope)
        while isinstance(scope, cst.ClassDef):
            scope = self.scope(scope)
        return scope

    def _last(self, bindings, place):
        before = [b for b in bindings if b.at <= self.document.start(place)]
        if not before:
            return None
        last, around = before[-1], self.blocks(place)
        if not all(block in around for block in self.blocks(last.node)):
            return None
        for block in around:
            inside = [b for b in bindings if block in self.blocks(b.node)]
            if isinstance(block, cst.For | cst.While) and inside and last not in inside:
                return None
        return last

    def value(self, expression):
        """The expression that a name holds, followed through plain assignments; other expressions as they are, None if unknown."""
        for _ in range(20):
            if not isinstance(expression, cst.Name) or expression.value in CONSTANTS:
                return expression
            binding = self.reaching(expression)
            if binding is None or binding.path or binding.value is None:
                return None
            expression = binding.value
        return None

    def dotted(self, expression):
        """``layers.Dense`` as it is known to Python, ``keras.layers.Dense``; None if it is no plain name or its root is something else."""
        if isinstance(expression, cst.Attribute):
            root = self.dotted(expression.value)
            return root and f"{root}.{expression.attr.value}"
        if not isinstance(expression, cst.Name):
            return None
        bindings = self.bindings.get(expression.value, ())
        if not bindings:
            return expression.value
        found = self.reaching(expression)
        if found is None and all(b.imported for b in bindings):
            found = bindings[-1]
        if found is None:
            return None
        if found.imported:
            return found.imported
        if isinstance(found.node, cst.FunctionDef | cst.ClassDef):
            return found.name
        return self.dotted(found.value) if isinstance(found.value, cst.Name | cst.Attribute) and not found.path else None

    def kind(self, call):
        """The class that a call makes, by Keras's own name, or None: ``L.MaxPool2D(2)`` -> ``MaxPooling2D``."""
        dotted = self.dotted(call.func)
        if dotted is None or dotted.split(".")[0] in NOT_KERAS:
            return None
        *module, last = dotted.split(".")
        if last in MERGING:
            return MERGING[last] if not module or "layers" in module else None
        return SECOND_NAMES.get(last, last)

    def constant(self, expression):
        """The plain value of an expression, names of constants followed; UNKNOWN where it has none that can be read."""
        expression = self.value(expression)
        match expression:
            case cst.Name():
                return CONSTANTS.get(expression.value, UNKNOWN)
            case cst.Integer() | cst.Float() | cst.SimpleString() | cst.ConcatenatedString():
                return expression.evaluated_value
            case cst.UnaryOperation(operator=cst.Minus()):
                value = self.constant(expression.expression)
                return -value if isinstance(value, int | float) else UNKNOWN
            case cst.Tuple() | cst.List():
                values = tuple(self.constant(element.value) for element in expression.elements)
                return UNKNOWN if UNKNOWN in values else values
        return UNKNOWN

    def readers(self, binding):
        """The reads that may see a binding, those in functions that look it up when they run included."""
        found = []
        for name in self.reads.get(binding.name, ()):
            seen = self.reaching(name)
            if seen is binding or (seen is None and self.document.start(name) >= binding.at):
                found.append(name)
        return found

    def attributes(self, name):
        """The places where an attribute of a name is looked up."""
        return [node for node in self.document.nodes if isinstance(node, cst.Attribute) and node.attr.value == name]


def _dotted_text(node):
    return f"{_dotted_text(node.value)}.{node.attr.value}" if isinstance(node, cst.Attribute) else node.value
