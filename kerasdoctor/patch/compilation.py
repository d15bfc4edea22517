"""What ``compile`` is given: the loss and the metrics, as names, objects, lists or dicts."""

from __future__ import annotations

import re

import libcst as cst

from kerasdoctor.patch.arguments import add_argument, argument, replace
from kerasdoctor.patch.document import TargetNotFound


class CompileEditor:
    """SetLoss and SetMetric. Raises TargetNotFound where the text leaves a doubt."""

    def __init__(self, locator, speller):
        self.locator, self.speller = locator, speller
        self.document, self.names = locator.document, locator.names
        self.outputs = [contract.output for contract in locator.snapshot.contracts]

    def set_loss(self, edit):
        call = self.locator.compile()
        arg = argument(call, "compile", "loss")
        if arg is None:
            if edit.output and len(self.outputs) > 1:
                raise TargetNotFound("compile is given no loss, and the model has several outputs")
            return add_argument(self.document, call, "loss", self.speller.literal(edit.value, self.document.start(call)))
        expression = self._for_output(arg.value, edit.output)
        if expression is not None:
            return self._value(expression, edit.value)
        return self._spread(arg.value, edit)

    def _value(self, expression, value):
        return replace(self.document, expression, self.speller.like(expression, value))

    def _for_output(self, expression, output):
        """The part of a loss or metrics argument that is one output's; None where one expression serves several outputs."""
        held = self.names.value(expression)
        if isinstance(held, cst.Dict):
            return self._item(held, output)
        if isinstance(held, cst.List | cst.Tuple):
            place = 0 if len(held.elements) == 1 else self._place(output)
            if place >= len(held.elements) or isinstance(held.elements[place], cst.StarredElement):
                raise TargetNotFound(f"the part of output {output} is not found in {self.document.source(expression)}")
            return held.elements[place].value
        return expression if output is None or len(self.outputs) <= 1 else None

    def _item(self, dictionary, output):
        items = [e for e in dictionary.elements if isinstance(e, cst.DictElement)]
        found = items if output is None else [e for e in items if self.names.constant(e.key) == output]
        if len(found) != 1 or len(items) != len(dictionary.elements):
            raise TargetNotFound(f"the part of output {output} is not found in {self.document.source(dictionary)}")
        return found[0].value

    def _place(self, output):
        if output not in self.outputs:
            raise TargetNotFound("which of several outputs is meant is not said")
        return self.outputs.index(output)

    def _spread(self, expression, edit):
        """One loss for all outputs becomes a dict, in which one of them has its own."""
        self._place(edit.output)
        quote, held = self.document.quote, self.document.source(expression)
        values = {name: self.speller.like(expression, edit.value) if name == edit.output else held for name in self.outputs}
        return replace(self.document, expression, "{" + ", ".join(f"{quote}{k}{quote}: {v}" for k, v in values.items()) + "}")

    def set_metric(self, edit):
        arg = argument(self.locator.compile(), "compile", "metrics")
        if arg is None:
            raise TargetNotFound("compile is given no metrics")
        found = [e for e in self._metrics(arg.value, edit.output) if self._is_metric(e, edit.old)]
        if not found and any(self._is_metric(e, edit.new) for e in self._metrics(arg.value, edit.output)):
            return []
        if len(found) != 1:
            raise TargetNotFound(f"the metric {edit.old} is not found exactly once in compile")
        return self._value(found[0], edit.new)

    def _metrics(self, expression, output):
        """The expressions of the metrics of one output, or of all outputs."""
        held = self.names.value(expression)
        if isinstance(held, cst.Dict):
            parts = [self._item(held, output)] if output else [e.value for e in held.elements]
            return [metric for part in parts for metric in self._metrics(part, None)]
        if not isinstance(held, cst.List | cst.Tuple):
            return [expression]
        parts = [element.value for element in held.elements]
        if output and len(self.outputs) > 1 and any(isinstance(part, cst.List | cst.Tuple) for part in parts):
            parts = parts[self._place(output) : self._place(output) + 1]
        return [metric for part in parts for metric in (self._metrics(part, None) if isinstance(part, cst.List | cst.Tuple) else [part])]

    def _is_metric(self, expression, name):
        """Whether an expression is a metric: by its text, or the name or class that it writes out in full."""
        if self.names.constant(expression) == name or self.document.source(expression) == name:
            return True
        named = expression.func if isinstance(expression, cst.Call) else expression
        dotted = self.names.dotted(named) if isinstance(named, cst.Name | cst.Attribute) else None
        last = (dotted or "").split(".")[-1]
        return bool(last) and name in (last, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).lower())
