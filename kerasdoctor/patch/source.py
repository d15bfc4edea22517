"""Edits in source: what a fix changes in the text of cells, with everything else kept as it was typed."""

from __future__ import annotations

import difflib
import functools
import re

import libcst as cst

from kerasdoctor import finding as edits
from kerasdoctor.finding import Applicability, CellPatch, Patch
from kerasdoctor.patch import legacy
from kerasdoctor.patch.activations import ActivationEditor
from kerasdoctor.patch.arguments import argument, remove_argument, replace, set_argument
from kerasdoctor.patch.compilation import CompileEditor
from kerasdoctor.patch.document import Document, TargetNotFound
from kerasdoctor.patch.escapes import NEWLINE
from kerasdoctor.patch.labels import DataEditor
from kerasdoctor.patch.layers import LayerEditor
from kerasdoctor.patch.locate import Locator
from kerasdoctor.patch.names import Names
from kerasdoctor.patch.spelling import Speller
from kerasdoctor.patch.statements import beside
from kerasdoctor.snapshot import Cell

__all__ = ["TargetNotFound", "patch_cells", "patch_text"]


def patch_text(text, findings, snapshot):
    """One text (several cells may be joined) with the findings put right: Patch.

    For each finding the first fix of which every edit finds its target exactly once; what gets in the way of an earlier
    finding's change is skipped, with the reason.
    """
    changes, applied, skipped = [], [], {}
    try:
        document, names = _read((Cell(0, None, text),))
    except TargetNotFound as reason:
        return Patch(text, "", skipped={finding.code: str(reason) for finding in findings})
    for finding in findings:
        try:
            new = _first_fix(finding, document, names, snapshot)
            if document.rewritten(new) == [text]:
                raise TargetNotFound("the text is so already")
            document.rewritten(changes + new)
            changes += new
            applied.append(finding.code)
        except TargetNotFound as reason:
            skipped.setdefault(finding.code, str(reason))
    (source,) = document.rewritten(changes)
    return Patch(source, diff(text, source, "cell"), tuple(dict.fromkeys(applied)), skipped)


def patch_cells(cells, fix, snapshot):
    """One fix over several cells: a CellPatch for each cell that changes.

    Raises TargetNotFound where a target of an edit is not found exactly once, or an edit cannot be made with certainty.
    """
    cells = tuple(cells)
    document, names = _read(cells)
    texts = document.rewritten(_changes(fix, document, names, snapshot))
    return tuple(
        CellPatch(cell.number, cell.id, cell.text, new, diff(cell.text, new, f"cell [{cell.number}]"))
        for cell, new in zip(cells, texts, strict=True)
        if new != cell.text
    )


def diff(old, new, name):
    """A unified diff with two lines around each change."""
    before, after = (NEWLINE.split(re.sub(r"(\r\n?|\n)\Z", "", text)) for text in (old, new))
    return "\n".join(difflib.unified_diff(before, after, name, name, n=2, lineterm=""))


@functools.lru_cache(maxsize=4)
def _read(cells):
    document = Document(cells)
    return document, Names(document)


def _first_fix(finding, document, names, snapshot):
    reason = TargetNotFound("no fix of this finding can be written into the text")
    for fix in finding.fixes:
        if not fix.edits or fix.applicability == Applicability.DISPLAY_ONLY:
            continue
        try:
            changes = _changes(fix, document, names, snapshot)
            document.rewritten(changes)
            return changes
        except TargetNotFound as problem:
            reason = problem
    raise reason


def _changes(fix, document, names, snapshot):
    """The changes of all edits of a fix, imports that they need included."""
    editor = Editor(document, names, snapshot, fix.edits)
    labels = [edit for edit in fix.edits if isinstance(edit, edits.SetLabels)]
    others = [editor.edit(edit) for edit in fix.edits if edit not in labels]
    if others and not any(others):
        return []  # the fix stands already; how labels are made does not always show that it does
    made = others + [editor.edit(edit) for edit in labels]
    return editor.speller.changes + [change for changes in made for change in changes]


class Editor:
    """Interprets the edits of one fix; each gives a list of changes, or raises TargetNotFound."""

    def __init__(self, document, names, snapshot, all_edits):
        self.document, self.snapshot = document, snapshot
        self.locator = Locator(document, names, snapshot, all_edits)
        self.speller = Speller(document, names)
        self.layers = LayerEditor(self.locator, self.speller)
        self.activations = ActivationEditor(self.locator, self.speller, self.layers)
        self.compilation = CompileEditor(self.locator, self.speller)
        self.data = DataEditor(self.locator, self.speller)

    def edit(self, edit):
        match edit:
            case edits.SetArgument():
                return self.set_argument(edit)
            case edits.RemoveArgument():
                return self.remove_argument(edit)
            case edits.ReplaceCall():
                return self.replace_call(edit)
            case edits.InsertLayer():
                return self.layers.insert(edit)
            case edits.RemoveLayer():
                return self.layers.remove(edit)
            case edits.SetActivation():
                return self.activations.set_activation(edit)
            case edits.SetLoss():
                return self.compilation.set_loss(edit)
            case edits.SetMetric():
                return self.compilation.set_metric(edit)
            case edits.SetLabels():
                return self.data.set_labels(edit)
            case edits.WrapData():
                return self.data.wrap(edit)
            case edits.InsertStatement():
                return self.insert_statement(edit)
            case edits.ModernSpelling():
                return legacy.rewrite(self.document, self.locator.names, edit, self.snapshot.backend)
        raise TargetNotFound(f"{type(edit).__name__} is not an edit of source")

    def _call(self, edit):
        """The call that an edit changes, and the class or method that its arguments belong to."""
        if edit.target in ("compile", "fit"):
            return (self.locator.compile() if edit.target == "compile" else self.locator.fit()), edit.target
        if edit.target != "optimizer":
            return self.locator.layer(edit.target, edit), self.snapshot.model.layer(edit.target).kind
        optimizer = self.locator.optimizer()
        kind = self.snapshot.optimizer.kind if self.snapshot.optimizer else None
        written = self.locator.names.kind(optimizer) if isinstance(optimizer, cst.Call) else self.locator.names.constant(optimizer)
        if kind and isinstance(written, str) and written.lower() != kind.lower():
            raise TargetNotFound(f"the optimizer in the text is {written}, not {kind}")
        return optimizer, kind

    def set_argument(self, edit):
        call, kind = self._call(edit)
        if edit.target == "optimizer" and not isinstance(call, cst.Call):
            return self._optimizer(call, kind, {edit.name: edit.value})
        arg = argument(call, kind, edit.name)
        source = self.speller.like(arg.value, edit.value) if arg else self.speller.literal(edit.value, self.document.start(call))
        return set_argument(self.document, call, kind, edit.name, source)

    def remove_argument(self, edit):
        call, kind = self._call(edit)
        arg = argument(call, kind, edit.name) if isinstance(call, cst.Call) else None
        if arg is None and isinstance(call, cst.Call) and any(given.star for given in call.args):
            raise TargetNotFound(f"{edit.name} may be given by starred arguments")
        return remove_argument(self.document, call, arg) if arg else []

    def replace_call(self, edit):
        call, _ = self._call(edit)
        if edit.target == "optimizer":
            return self._optimizer(call, edit.kind, edit.arguments)
        if edit.target in ("compile", "fit"):
            raise TargetNotFound(f"the {edit.target} call cannot be replaced")
        at = self.document.start(call)
        name = self.speller.keras_name("layers", edit.kind, at, call.func)
        return replace(self.document, call, self.speller.call(name, edit.arguments, at))

    def _optimizer(self, expression, kind, arguments):
        """An optimizer of a class in the place of the one that is written, if one is."""
        compile_call = self.locator.compile()
        at = self.document.start(expression or compile_call)
        if kind is None:
            raise TargetNotFound("the class of the optimizer is not known")
        near = expression.func if isinstance(expression, cst.Call) else None
        source = self.speller.call(self.speller.keras_name("optimizers", kind, at, near), arguments, at)
        if expression is None:
            return set_argument(self.document, compile_call, "compile", "optimizer", source)
        return replace(self.document, expression, source)

    def insert_statement(self, edit):
        place = re.fullmatch(r"before (fit|compile)", edit.where)
        if place is None:
            raise TargetNotFound(f"{edit.where!r} is not a place for a statement")
        call = self.locator.fit() if place[1] == "fit" else self.locator.compile()
        statement = self.document.statement(call)
        if statement is None:
            raise TargetNotFound(f"the {place[1]} call is no statement of its own")
        return beside(self.document, statement, "before", self.speller.code(edit.code.strip("\n"), self.document.start(statement)))
