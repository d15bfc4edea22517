"""Layers put in and taken out, in the style in which the text builds its model."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from kerasdoctor.finding import Code, InsertLayer
from kerasdoctor.patch.arguments import insert_after, remove_argument, remove_item, replace
from kerasdoctor.patch.document import Change, TargetNotFound
from kerasdoctor.patch.models import FUNCTIONAL
from kerasdoctor.patch.names import MERGING
from kerasdoctor.patch.statements import beside, neighbour, without_statement

INPUT_ARGUMENTS = ("input_shape", "batch_input_shape", "batch_shape", "input_dim")


@dataclass(frozen=True)
class Place:
    """Where a layer goes into its model. ``node`` is the ``model.add(...)`` call, the list element, or the call on tensors.

    ``made`` is the statement that makes the layer beforehand, if there is one.
    """

    style: str
    node: cst.CSTNode
    made: cst.CSTNode | None = None


class LayerEditor:
    """InsertLayer and RemoveLayer. Every method returns changes and raises TargetNotFound where the text leaves a doubt."""

    def __init__(self, locator, speller):
        self.locator, self.speller = locator, speller
        self.document, self.names = locator.document, locator.names

    # Places

    def _place(self, call):
        """Where the layer that a call makes goes into the model. Raises TargetNotFound where that is not one place."""
        parent = self.document.parent(call)
        if isinstance(parent, cst.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0].target, cst.Name):
            return self._place_of_variable(parent)
        place = self._direct_place(call)
        if place is None and self.names.kind(call) in MERGING.values():
            place = Place("chain", call)
        if place is None:
            raise TargetNotFound(f"{self.document.source(call.func)}(...) is put into the model in a way that cannot be followed")
        return place

    def _direct_place(self, node):
        parent = self.document.parent(node)
        if isinstance(parent, cst.Call) and parent.func is node:
            return Place("chain", parent)
        if isinstance(parent, cst.Element):
            return Place("list", parent)
        outer = self.document.parent(parent) if isinstance(parent, cst.Arg) else None
        if isinstance(outer, cst.Call) and isinstance(outer.func, cst.Attribute) and outer.func.attr.value == "add":
            return Place("add", outer) if isinstance(self.document.parent(outer), cst.Expr) else None
        return None

    def _place_of_variable(self, statement):
        name = statement.targets[0].target
        binding = next(b for b in self.names.bindings[name.value] if b.node is statement)
        places = [self._direct_place(read) for read in self.names.readers(binding)]
        if len(places) != 1 or places[0] is None:
            raise TargetNotFound(f"the layer {name.value} is not used in exactly one place")
        return Place(places[0].style, places[0].node, statement)

    # Layers put in

    def insert(self, edit):
        if edit.target.startswith("inputs["):
            return self._insert_behind_input(edit)
        call = self.locator.layer(edit.target, edit)
        moved = self._moved_input(call) if edit.where == "before" else []
        return self._insert(self._place(call), edit, self._new_layer(edit, call, moved)) + self._taken(call, moved)

    def _taken(self, call, arguments):
        return [change for arg in arguments for change in remove_argument(self.document, call, arg)]

    def _new_layer(self, edit, near, moved=()):
        at = self.document.start(near)
        arguments = dict(edit.arguments) | {arg.keyword.value: Code(self.document.source(arg.value)) for arg in moved}
        return self.speller.call(self.speller.keras_name("layers", edit.kind, at, near.func), arguments, at)

    def _moved_input(self, call):
        """The arguments that give the shape of the model's input, which belong to its first layer."""
        named = [arg for arg in call.args if arg.keyword and arg.keyword.value in INPUT_ARGUMENTS]
        return [arg for arg in named if not (self.names.kind(call) == "Embedding" and arg.keyword.value == "input_dim")]

    def _insert(self, place, edit, new):
        """Changes that put a layer beside a place; none where a layer of its class stands there already."""
        if place.style == "list":
            return self._insert_element(place.node, edit, new)
        if place.style == "chain":
            return self._apply_after(place.node, edit, new) if edit.where == "after" else self._apply_before(place.node, edit, new)
        statement = self.document.parent(place.node)
        match neighbour(self.document, statement, edit.where):
            case cst.Expr(value=cst.Call(func=cst.Attribute(attr=cst.Name(value="add")), args=[cst.Arg(value=layer)])):
                if self._is_layer(layer, edit.kind):
                    return []
        return beside(self.document, statement, edit.where, f"{self.document.source(place.node.func)}({new})")

    def _is_layer(self, expression, kind):
        """Whether an expression makes a layer of a class, or is the result of one."""
        if isinstance(expression, cst.Call) and isinstance(expression.func, cst.Call):
            expression = expression.func
        return isinstance(expression, cst.Call) and self.names.kind(expression) == kind

    def _insert_element(self, element, edit, new):
        brackets = self.document.parent(element)
        items = brackets.elements
        place = items.index(element)
        beside_it = items[place + 1 : place + 2] if edit.where == "after" else items[max(place - 1, 0) : place]
        if beside_it and self._is_layer(beside_it[0].value, edit.kind):
            return []
        if edit.where == "after":
            return insert_after(self.document, items, place, self.document.closing(brackets), new)
        start = self.document.start(element)
        between = self.document.newline + self.document.indent(start) if self.document.opens_line(start) else " "
        return [Change(start, start, f"{new},{between}")]

    def _assigned(self, application):
        """The statement ``x = layer(...)`` of an application with the name x, or None."""
        statement = self.document.parent(application)
        if isinstance(statement, cst.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0].target, cst.Name):
            return statement, statement.targets[0].target.value
        return None, None

    def _apply_after(self, application, edit, new):
        statement, name = self._assigned(application)
        if statement:
            following = neighbour(self.document, statement, "after")
            if isinstance(following, cst.Assign) and self._is_layer(following.value, edit.kind):
                return []
            return beside(self.document, statement, "after", f"{name} = {new}({name})")
        outer = self.document.enclosing(application, cst.Call)
        return [] if self._is_layer(outer, edit.kind) else self._wrap(application, new)

    def _apply_before(self, application, edit, new):
        given = application.args[0].value if application.args else None
        if given is None or isinstance(given, cst.List | cst.Tuple):
            raise TargetNotFound("the layer takes several tensors")
        if self._is_layer(self.names.value(given), edit.kind):
            return []
        statement, name = self._assigned(application)
        if statement and isinstance(given, cst.Name) and (given.value == name or not self._reads(application, name)):
            return beside(self.document, statement, "before", f"{name} = {new}({given.value})") + replace(self.document, given, name)
        return self._wrap(given, new)

    def _wrap(self, expression, new):
        start, stop = self.document.span(expression)
        return [Change(start, start, f"{new}("), Change(stop, stop, ")")]

    def _reads(self, node, name):
        return any(node in self.document.ancestors(read) for read in self.names.reads.get(name, ()))

    def _insert_behind_input(self, edit):
        index, inputs = int(re.search(r"\d+", edit.target)[0]), self.locator.inputs()
        if edit.where != "after" or (inputs and index >= len(inputs)):
            raise TargetNotFound(f"nothing can be put {edit.where} {edit.target}")
        if not inputs:
            return self.insert(InsertLayer(self.locator.first_layer(), "before", edit.kind, edit.arguments))
        call = inputs[index]
        new, (statement, name) = self._new_layer(edit, self.locator.some_layer() or call), self._assigned(call)
        if statement is None:
            return self._insert(self._place(call), edit, new)
        binding = next(b for b in self.names.bindings[name] if b.node is statement)
        reads = [read for read in self.names.readers(binding) if not self._in_model_call(read)]
        return self._feed_all(statement, name, reads, edit, new)

    def _in_model_call(self, read):
        return any(isinstance(above, cst.Call) and self.names.kind(above) in FUNCTIONAL for above in self.document.ancestors(read))

    def _feed_all(self, statement, name, reads, edit, new):
        """The layer between an input and everything that takes it, under a name of its own where that is more than one."""
        applications = [self.document.parent(self.document.parent(read)) for read in reads]
        if not reads or not all(isinstance(node, cst.Call) for node in applications):
            raise TargetNotFound(f"what takes {name} cannot be followed")
        if any(self._is_layer(node, edit.kind) for node in applications):
            return []
        if len(applications) == 1:
            return self._apply_before(applications[0], edit, new)
        fed = f"{name}_{re.sub(r'(?<!^)(?=[A-Z])', '_', edit.kind).lower()}"
        changes = beside(self.document, statement, "after", f"{fed} = {new}({name})")
        return changes + [change for read in reads for change in replace(self.document, read, fed)]

    # Layers taken out

    def remove(self, edit):
        return self.remove_call(self.locator.layer(edit.target, edit))

    def remove_call(self, call):
        if self._moved_input(call):
            raise TargetNotFound("the layer also says the shape of the model's input")
        place = self._place(call)
        made = [without_statement(self.document, place.made)] if place.made else []
        if place.style == "add":
            return [*made, without_statement(self.document, self.document.parent(place.node))]
        if place.style == "list":
            brackets = self.document.parent(place.node)
            index, close = brackets.elements.index(place.node), self.document.closing(brackets)
            return [*made, remove_item(self.document, brackets.elements, index, close)]
        return made + self._bypass(place.node)

    def _bypass(self, application):
        """``x = layer(x)`` goes; elsewhere the layer's input takes the place of its output."""
        if len(application.args) != 1 or isinstance(application.args[0].value, cst.List | cst.Tuple):
            raise TargetNotFound("the layer takes more than one tensor")
        given = application.args[0].value
        statement, name = self._assigned(application)
        if statement and isinstance(given, cst.Name):
            if given.value == name:
                return [without_statement(self.document, statement)]
            if reads := self._reads_to_rewire(statement, name, given):
                return [without_statement(self.document, statement), *(Change(*self.document.span(read), given.value) for read in reads)]
        return [Change(*self.document.span(application), self.document.source(given))]

    def _reads_to_rewire(self, statement, name, given):
        """The reads of a removed layer's output, if the name of its input still means the same at each of them."""
        binding = next(b for b in self.names.bindings[name] if b.node is statement)
        reads, source = self.names.readers(binding), self.names.reaching(given)
        same = all(self.names.reaching(read) is binding and self.names.reaching(read, given.value) is source for read in reads)
        return reads if same and source else []
