"""Labels of another form, and data wrapped where fit takes them."""

from __future__ import annotations

import re

import libcst as cst

from kerasdoctor.patch.arguments import argument
from kerasdoctor.patch.document import Change, Document, TargetNotFound
from kerasdoctor.patch.flow import LabelFlow
from kerasdoctor.patch.locate import Locator
from kerasdoctor.patch.names import Names
from kerasdoctor.patch.statements import without_statement

ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.List, cst.Dict, cst.BaseNumber, cst.BaseString)


class DataEditor:
    """SetLabels and WrapData. Raises TargetNotFound where the text leaves a doubt."""

    def __init__(self, locator, speller):
        self.locator, self.speller = locator, speller
        self.document, self.names, self.snapshot = locator.document, locator.names, locator.snapshot

    def set_labels(self, edit):
        fit = self.locator.fit()
        evaluations = self.locator.evaluations()
        flow = LabelFlow(self.names, (fit, *evaluations))
        given = [self._part(expression, edit.output) for expression in self._given(fit, "y")]
        origin = flow.origin(given[0])
        given += self._evaluated(evaluations, origin, flow, edit.output)
        if edit.form == "one-hot":
            return [] if origin.encoder else [change for label in given for change in self._one_hot(label, edit.classes)]
        if edit.form not in ("integers", "binary"):
            raise TargetNotFound(f"labels are not turned into {edit.form} by a change of text")
        origins = [flow.origin(label) for label in given]
        if all(o.encoder for o in origins) and all(flow.only_taken(result) for o in origins for result in o.results):
            return [change for o in origins for change in self._unwrapped(o)]
        if origin.encoder is None and origin.source is not given[0] and self._was_encoded(edit):
            raise TargetNotFound("the text no longer makes the labels in the way that it did when the model was examined")
        return [change for label in given for change in self._class_numbers(label)]

    def wrap(self, edit):
        """``template`` around an argument of fit, and around the same part of its validation data."""
        return [change for expression in self._given(self.locator.fit(), edit.name) for change in self._wrapped(expression, edit.template)]

    def _given(self, fit, name):
        """What fit is given for x or y: its argument, then the item of its validation data."""
        arg = argument(fit, "fit", name)
        if arg is None or argument(fit, "fit", "y") is None:
            raise TargetNotFound("fit is not given x and y apart: they come from a dataset or generator")
        validation = argument(fit, "fit", "validation_data")
        if validation is None:
            return [arg.value]
        pair = self.names.value(validation.value)
        if not isinstance(pair, cst.Tuple | cst.List) or len(pair.elements) < 2:
            raise TargetNotFound("the validation data are not written as a tuple of x and y")
        return [arg.value, pair.elements["xy".index(name)].value]

    def _part(self, expression, output):
        """The labels of one output."""
        outputs = [contract.output for contract in self.snapshot.contracts]
        held = self.names.value(expression)
        if isinstance(held, cst.Dict):
            found = [e.value for e in held.elements if isinstance(e, cst.DictElement) and self.names.constant(e.key) == output]
        elif isinstance(held, cst.List | cst.Tuple) and len(outputs) > 1:
            found = [held.elements[outputs.index(output)].value] if output in outputs and len(held.elements) == len(outputs) else []
        else:
            found = [expression] if len(outputs) <= 1 else []
        if len(found) != 1:
            raise TargetNotFound(f"the labels of output {output} are not found in {self.document.source(expression)}")
        return found[0]

    def _evaluated(self, evaluations, origin, flow, output):
        """Labels given to evaluate that come from where those of fit come from, or are encoded as they are."""
        found = []
        for call in evaluations:
            arg = argument(call, "evaluate", "y")
            if arg is None:
                continue
            label = self._part(arg.value, output)
            other = flow.origin(label)
            if (origin.encoder and other.encoder) or (origin.source and other.source is origin.source and not origin.encoder):
                found.append(label)
        return found

    def _unwrapped(self, origin):
        if origin.imports:
            self.speller.require(origin.imports, self.document.start(origin.encoder))
        above = self.document.parent(origin.encoder)
        if isinstance(above, cst.Assign) and len(above.targets) == 1 and self.document.source(above.targets[0].target) == origin.plain:
            return [without_statement(self.document, above)]
        return [Change(*self.document.span(origin.encoder), origin.plain)]

    def _was_encoded(self, edit):
        """Whether the cells that ran made one-hot labels: then a text without that has been changed since."""
        try:
            names = Names(Document(self.snapshot.cells))
            locator = Locator(names.document, names, self.snapshot)
            labels = DataEditor(locator, self.speller)._part(argument(locator.fit(), "fit", "y").value, edit.output)
        except (TargetNotFound, AttributeError):
            return False
        return LabelFlow(names, ()).origin(labels).encoder is not None

    def _one_hot(self, label, classes):
        function = self.speller.keras_name("utils", "to_categorical", self.document.start(label))
        count = f", num_classes={classes}" if classes else ""
        return [Change(*self.document.span(label), f"{function}({self.document.source(label)}{count})")]

    def _class_numbers(self, label):
        """``np.argmax(labels, axis=-1)``; as a method where NumPy is not imported and the labels are an array."""
        if isinstance(label, cst.Call) and isinstance(label.func, cst.Attribute) and label.func.attr.value == "argmax":
            return []
        at, container = self.document.start(label), self._container()
        if container.endswith("DataFrame"):
            return self._wrapped(label, "{}.to_numpy().argmax(axis=-1)")
        if self.speller.known("np", at) or not (container.endswith("ndarray") or not container):
            return self._wrapped(label, "np.argmax({}, axis=-1)")
        return self._wrapped(label, "{}.argmax(axis=-1)")

    def _container(self):
        return next((contract.labels.container for contract in self.snapshot.contracts if contract.labels), "")

    def _wrapped(self, expression, template):
        """A template around an expression, with parentheses where it needs them; nothing where it stands there already."""
        if isinstance(expression, cst.Dict | cst.List):
            raise TargetNotFound(f"{self.document.source(expression)} holds several arrays")
        source, at = self.document.source(expression), self.document.start(expression)
        known = re.escape(template).replace(re.escape("{}"), "(.+)")
        if re.fullmatch(known, source, re.DOTALL):
            return []
        argument_alone = re.search(r"[(,]\s*\{\}\s*[,)]", template)
        if not isinstance(expression, ATOMS) and not expression.lpar and not argument_alone:
            source = f"({source})"
        return [Change(*self.document.span(expression), self.speller.code(template.replace("{}", source), at))]
