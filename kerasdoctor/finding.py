"""Findings, fixes and edits: plain values that rules make and everything else reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self):
        return list(Severity).index(self)


class Applicability(StrEnum):
    """safe: only training changes; unsafe: outputs, shapes or the experiment change; display_only: advice."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY_ONLY = "display_only"


# What to change, in the words of the design; a finding names at most three, most likely first.
_SUSPECTS = """
    loss head_activation head_units label_encoding label_range from_logits hidden_activation missing_activation initializer
    learning_rate optimizer input_scale input_nan batch_size epochs dropout regularizer missing_layer redundant_layer layer_shape
    normalization metric class_imbalance frozen_weights data_order other
"""
SUSPECTS = frozenset(_SUSPECTS.split())


@dataclass(frozen=True)
class Code:
    """A Python expression that goes into the cell as it stands, where a plain value would be written as a literal."""

    text: str


# Targets of edits are paths of snapshot.py: "layers[8]", "compile", "optimizer", "fit".


@dataclass(frozen=True)
class SetArgument:
    """Give a call's argument a value, whether it was written or not."""

    target: str
    name: str
    value: object


@dataclass(frozen=True)
class RemoveArgument:
    target: str
    name: str


@dataclass(frozen=True)
class ReplaceCall:
    """Another class or function in the place of a call: ``kind`` with ``arguments`` (positional under the key ``*``)."""

    target: str
    kind: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class InsertLayer:
    """A new layer next to a layer: ``where`` is "before" or "after" ``target``. "inputs[0]" stands for the model's input."""

    target: str
    where: str
    kind: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class RemoveLayer:
    target: str


@dataclass(frozen=True)
class SetActivation:
    """The activation of a head or hidden layer, wherever it is written: on the layer, or as a layer of its own.

    ``target`` is the layer that applies the activation now, or the layer with units where none is applied.
    """

    target: str
    activation: str


@dataclass(frozen=True)
class SetLoss:
    """``value`` is Keras's name of a loss, or Code; ``output`` names one of several outputs."""

    value: object
    output: str | None = None


@dataclass(frozen=True)
class SetMetric:
    """Replace metric ``old`` (as the user wrote it) by ``new``; ``output`` names one of several outputs."""

    old: str
    new: str
    output: str | None = None


@dataclass(frozen=True)
class SetLabels:
    """Labels of another form: ``form`` is "integers" (class numbers), "one-hot" (``classes`` columns) or "binary" (0/1).

    In source: ``to_categorical`` is taken away from, or put around, the labels where they are made; where they are not made
    in the text, the argument of fit is wrapped.
    """

    form: str
    classes: int | None = None
    output: str | None = None


@dataclass(frozen=True)
class WrapData:
    """Wrap an argument of fit: ``template`` is an expression with ``{}`` for what stands there. ``name`` is "x" or "y"."""

    name: str
    template: str


@dataclass(frozen=True)
class InsertStatement:
    """A statement before the fit call ("before fit") or after the model's layers, before compile ("before compile")."""

    where: str
    code: str


@dataclass(frozen=True)
class ModernSpelling:
    """Names of Keras 1 and 2 as Keras 3 has them, in one cell (None: in every one).

    ``models`` are the variables that hold Keras models, with the units of their last layer (None where that is not known).
    """

    cell: int | None = None
    models: tuple[tuple[str, int | None], ...] = ()


Edit = (
    SetArgument
    | RemoveArgument
    | ReplaceCall
    | InsertLayer
    | RemoveLayer
    | SetActivation
    | SetLoss
    | SetMetric
    | SetLabels
    | WrapData
    | InsertStatement
    | ModernSpelling
)


@dataclass(frozen=True)
class Fix:
    """One way to put a finding right; several are alternatives, best first. ``note`` says what changes for the user."""

    title: str
    applicability: Applicability = Applicability.SAFE
    edits: tuple[Edit, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """What a rule says. ``title`` is the rule's first line, ``message`` the case at hand, ``proof`` the evidence that decides."""

    code: str
    name: str
    title: str
    severity: Severity
    message: str
    place: str
    suspects: tuple[str, ...]
    evidence: Mapping[str, object] = field(default_factory=dict)
    fixes: tuple[Fix, ...] = ()
    proof: tuple[str, ...] = ()
    output: str | None = None

    def to_dict(self):
        """JSON-ready, edits included by class name."""
        return {
            "code": self.code,
            "name": self.name,
            "title": self.title,
            "severity": str(self.severity),
            "message": self.message,
            "place": self.place,
            "suspects": list(self.suspects),
            "evidence": dict(self.evidence),
            "fixes": [
                {"title": fix.title, "applicability": str(fix.applicability), "note": fix.note, "edits": [_edit(e) for e in fix.edits]}
                for fix in self.fixes
            ],
        }


def _edit(edit):
    return {"edit": type(edit).__name__} | {k: f"<{v.text}>" if isinstance(v, Code) else v for k, v in vars(edit).items()}


@dataclass(frozen=True)
class CellPatch:
    """What one fix does to one cell: ``old`` is the cell's text as it must still be, ``new`` what it becomes."""

    cell: int | None
    id: str | None
    old: str
    new: str
    diff: str


@dataclass(frozen=True)
class Patch:
    """A patched text. ``applied`` holds codes, ``skipped`` maps a code to why it was left out."""

    source: str
    diff: str
    applied: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
