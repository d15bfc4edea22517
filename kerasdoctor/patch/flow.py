"""Where labels come from and where they go: back to the call that encodes them, forward to everything that reads the encoded ones."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

PASSING_METHODS = ("astype", "copy", "to_numpy")
PASSING_FUNCTIONS = ("array", "asarray", "ascontiguousarray")
SPLITTING = ("train_test_split", "shuffle")
LOOKING = ("print", "len", "type", "display")
ENCODING = ("to_categorical", "one_hot")


@dataclass(frozen=True)
class Origin:
    """``encoder`` is the expression that makes one-hot labels and ``plain`` what would make class numbers in its place.

    ``results`` are the expressions that hold encoded labels then. Without an encoder, ``source`` is the node that the labels
    come from as far as the text shows (None: it does not).
    """

    encoder: cst.CSTNode | None = None
    plain: str = ""
    results: tuple[cst.CSTNode, ...] = ()
    source: cst.CSTNode | None = None
    imports: str = ""


class LabelFlow:
    """``takers`` are the calls that may be given labels of the new form: fit and evaluate of the model."""

    def __init__(self, names, takers):
        self.names, self.document, self.takers = names, names.document, takers

    def origin(self, expression):
        """Where an expression's labels come from, through assignments, splits and what leaves their form alone."""
        for _ in range(50):
            if found := self._encoder(expression):
                return found
            if isinstance(expression, cst.Name):
                binding = self.names.reaching(expression)
                following = self._bound(binding) if binding else None
                if following is None:
                    return Origin(source=binding and (binding.value or binding.node))
            else:
                following = self._passed(expression)
                if following is None:
                    return Origin(source=expression)
            expression = following
        return Origin()

    def _bound(self, binding):
        if not binding.path or not isinstance(binding.value, cst.Call):
            return binding.value if not binding.path else None
        function, place = self._last(binding.value.func), binding.path[0]
        place = place // 2 if function == "train_test_split" else place
        given = [arg.value for arg in binding.value.args if not arg.keyword and not arg.star]
        return given[place] if function in SPLITTING and len(binding.path) == 1 and place < len(given) else None

    def _passed(self, expression):
        """What an expression takes its labels from without changing their form, or None."""
        match expression:
            case cst.Call(func=cst.Attribute(attr=cst.Name(value=method))) if method in PASSING_METHODS:
                return expression.func.value
            case cst.Call(args=[first, *_]) if self._last(expression.func) in PASSING_FUNCTIONS:
                return first.value
            case cst.Attribute(attr=cst.Name(value="values")):
                return expression.value
            case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Slice())]):
                return expression.value
        return None

    def _last(self, function):
        dotted = self.names.dotted(function)
        return dotted.split(".")[-1] if dotted else None

    # Encoders

    def _encoder(self, expression):
        match expression:
            case cst.Subscript(value=cst.Call() as call, slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
                if self._last(call.func) in ("eye", "identity"):
                    return Origin(expression, self.document.source(index), (expression,))
            case cst.Call(func=cst.Attribute(value=cst.Name() as maker, attr=cst.Name(value="fit_transform" | "transform"))):
                return self._binarizer(maker)
            case cst.Call(args=[cst.Arg(keyword=None, star="") as first, *_]):
                return self._encoding_call(expression, first.value)
        return None

    def _encoding_call(self, call, labels):
        function, given = self._last(call.func), self.document.source(labels)
        if function in ENCODING:
            return Origin(call, given, (call,))
        if function != "get_dummies" or len(call.args) > 1 or not isinstance(call.func, cst.Attribute):
            return None
        above = self.document.parent(call)
        if isinstance(above, cst.Attribute) and above.attr.value in ("values", "to_numpy"):
            outer = self.document.parent(above)
            call_or_attribute = outer if above.attr.value == "to_numpy" else above
            return self._factorized(call_or_attribute, call, given)
        return self._factorized(call, call, given)

    def _factorized(self, whole, call, given):
        """``pd.factorize(labels, sort=True)`` numbers the classes in the order of the columns of ``pd.get_dummies(labels)``."""
        return Origin(whole, f"{self.document.source(call.func.value)}.factorize({given}, sort=True)[0]", (whole,))

    def _binarizer(self, maker):
        binding = self.names.reaching(maker)
        made = binding.value if binding else None
        if not isinstance(made, cst.Call) or made.args or self._last(made.func) != "LabelBinarizer":
            return None
        results = []
        for read in self.names.readers(binding):
            attribute = self.document.parent(read)
            method = attribute.attr.value if isinstance(attribute, cst.Attribute) else None
            if method not in ("fit", "transform", "fit_transform", "classes_"):
                return None
            if method.endswith("transform"):
                results.append(self.document.parent(attribute))
        plain = self.document.source(made.func).replace("LabelBinarizer", "LabelEncoder") + "()"
        imports = "" if isinstance(made.func, cst.Attribute) else "from sklearn.preprocessing import LabelEncoder"
        return Origin(made, plain, tuple(results), imports=imports)

    # Forward

    def only_taken(self, node, seen=()):
        """Whether encoded labels go nowhere but to the takers, through splits, slices and copies, or are merely looked at."""
        if node in seen:
            return True
        seen, parent = (*seen, node), self.document.parent(node)
        match parent:
            case cst.Arg():
                return self._argument_taken(parent, self.document.enclosing(parent, cst.Call), seen)
            case cst.Attribute():
                return self._attribute_taken(parent, seen)
            case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Slice())]):
                return self.only_taken(parent, seen)
            case cst.Subscript():
                return isinstance(self.document.parent(parent), cst.Expr)
            case cst.Element():
                holder = self.document.parent(parent)
                return self._bindings_taken(node, seen) or self.only_taken(holder, seen)
            case cst.Assign():
                return self._bindings_taken(node, seen)
        return isinstance(parent, cst.Expr)

    def _bindings_taken(self, value, seen):
        bindings = [b for group in self.names.bindings.values() for b in group if b.value is value and not b.path]
        return bool(bindings) and all(self._reads_taken(binding, seen) for binding in bindings)

    def _reads_taken(self, binding, seen):
        return all(self.only_taken(read, seen) for read in self.names.readers(binding))

    def _argument_taken(self, arg, call, seen):
        if call in self.takers:
            return True
        function = self._last(call.func)
        if function in LOOKING:
            return True
        if function in PASSING_FUNCTIONS:
            return self.only_taken(call, seen)
        if function not in SPLITTING:
            return False
        if arg.keyword:
            return arg.keyword.value == "stratify"
        width = 2 if function == "train_test_split" else 1
        place = call.args.index(arg) * width
        bound = [b for group in self.names.bindings.values() for b in group if b.value is call and b.path]
        return bool(bound) and all(self._reads_taken(b, seen) for b in bound if place <= b.path[0] < place + width)

    def _attribute_taken(self, attribute, seen):
        name, outer = attribute.attr.value, self.document.parent(attribute)
        if name in PASSING_METHODS and isinstance(outer, cst.Call):
            return self.only_taken(outer, seen)
        if name == "values":
            return self.only_taken(attribute, seen)
        if name in ("shape", "dtype", "ndim", "size"):
            return isinstance(outer, cst.Expr) or self._first_size(outer) or self._printed(outer)
        return False

    def _first_size(self, node):
        match node:
            case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=cst.Integer(value="0")))]):
                return True
        return False

    def _printed(self, node):
        call = self.document.parent(node) if isinstance(node, cst.Arg) else None
        return isinstance(call, cst.Call) and self._last(call.func) in LOOKING
