"""Code of Keras 1 and 2 in cells: what of it is old, and the changes that make it Keras 3.

Names are followed to their imports; what does not come from Keras is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from kerasdoctor.patch.arguments import ORDER
from kerasdoctor.patch.document import Change, Document, TargetNotFound
from kerasdoctor.patch.legacy_names import MODULES, NAMES, OPTIMIZERS
from kerasdoctor.patch.names import Names
from kerasdoctor.snapshot import OldSpelling

ROOTS = ("tensorflow.keras", "keras")
NEW_MODULES = {row.old: row for row in MODULES}
NEW_NAMES = {(row.owner, row.old): row for row in NAMES}
# What ``import *`` of a module brings, as far as something about it is old.
STARRED = {
    "layers": frozenset(ORDER) - {*OPTIMIZERS, "Model", "Sequential", "compile", "fit", "evaluate"}
    | {"merge", "PReLU", "ThresholdedReLU", "TimeDistributedDense"},
    "optimizers": frozenset(OPTIMIZERS),
    "models": frozenset(["Sequential", "Model", "load_model"]),
    "callbacks": frozenset(["ModelCheckpoint", "EarlyStopping", "ReduceLROnPlateau", "TensorBoard"]),
}
FAMILIES = ("layers", "optimizers", "utils", "losses", "initializers", "regularizers", "constraints", "callbacks", "models")


@dataclass(frozen=True)
class Found:
    """One old spelling in the text at ``at:end``. ``changes`` are all it takes to make it new; without any, ``note`` says what to do.

    ``effect`` in Keras 3: "fails", "ignored", "works".
    """

    old: str
    new: str | None
    keras: str
    effect: str
    at: int
    end: int
    changes: tuple[Change, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class KerasName:
    """What an expression stands for: ``root`` "keras" or "tensorflow.keras", ``module`` and ``name`` below it as Keras 3 has them.

    ``written`` is the module as the import has it, ``row`` tells of a renaming.
    """

    root: str
    module: str
    name: str
    written: str
    row: object = None


class Reader:
    """Resolves names to Keras, and models to the calls that make them.

    ``models``: ``{variable: units of its last layer, or None}`` of the Keras models in the user's namespace.
    """

    def __init__(self, document, names, models=None, backend="tensorflow"):
        self.document, self.names = document, names
        self.models, self.backend = dict(models or {}), backend
        self.starred = [found for module in names.star_modules if (found := split_root(module))]

    def keras(self, expression):
        """The KerasName of a function or class, or None where it is not certain that it is Keras's."""
        if not isinstance(expression, cst.Name | cst.Attribute):
            return None
        dotted = self.names.dotted(expression)
        found = split_root(dotted) if dotted else None
        if found is None:
            return self._starred(expression) if isinstance(expression, cst.Name) else None
        root, path = found
        module, _, name = path.rpartition(".")
        return known_as(root, module, name)

    def _starred(self, name):
        """``from keras.layers import *``: names that Keras's own tables know, bound nowhere else."""
        if name.value in self.names.bindings:
            return None
        for root, path in self.starred:
            found = known_as(root, path, name.value)
            if found.row is not None or found.name in STARRED.get(found.module, ()):
                return found
        return None

    def is_model(self, expression, depth=0):
        """Whether an expression is a Keras model: made in the text by Keras, or a variable that is known to hold one."""
        if isinstance(expression, cst.Call):
            return self._makes_model(expression, depth)
        if not isinstance(expression, cst.Name) or depth > 5:
            return False
        bindings = [b for b in self.names.bindings.get(expression.value, ()) if b.scope is self._scope_of(expression)]
        if not bindings:
            return self._scope_of(expression) is None and expression.value in self.models
        binding = self.names.reaching(expression)
        made = [binding] if binding else bindings
        if all(b.value is not None and not b.path and self.is_model(b.value, depth + 1) for b in made):
            return True
        return bindings[0].scope is None and expression.value in self.models and not any(b.imported for b in bindings)

    def _scope_of(self, name):
        """The function that a name belongs to where it is read, None for the module."""
        scope = self.names.scope(name)
        while scope is not None and not any(b.scope is scope for b in self.names.bindings.get(name.value, ())):
            scope = self.names.scope(scope)
        return scope

    def _makes_model(self, call, depth):
        found = self.keras(call.func)
        if found:
            made = found.name in ("Sequential", "Model", "Functional", "load_model", "model_from_json", "clone_model")
            return made or (found.module.split(".")[0] == "applications" and found.name[:1].isupper())
        if not isinstance(call.func, cst.Name) or depth > 3:
            return False
        binding = self.names.reaching(call.func)
        if binding is None or not isinstance(binding.node, cst.FunctionDef):
            return False
        returns = [n for n in self.document.nodes if isinstance(n, cst.Return) and binding.node in self.document.ancestors(n)]
        return bool(returns) and all(n.value is not None and self.is_model(n.value, depth + 1) for n in returns)

    def units(self, name):
        """The size of a model's last axis where the namespace tells, or None."""
        return self.models.get(name.value) if isinstance(name, cst.Name) else None

    def found(self, node, old, new, row, changes, note=""):
        """A Found at a node; ``row`` gives version and effect."""
        at, end = self.document.span(node)
        return Found(old, new, row.keras, row.effect, at, end, tuple(changes), note)


def split_root(dotted):
    """("keras", "layers.Dense") of ``keras.layers.Dense``; None for what is not Keras."""
    for root in ROOTS:
        if dotted == root or dotted.startswith(root + "."):
            return root, dotted[len(root) + 1 :]
    return None


def known_as(root, module, name):
    """The KerasName of a name in a module, both brought up to date."""
    written, row = module, NEW_MODULES.get(module)
    module = row.new if row else module
    family = module if module in FAMILIES or module == "backend" else module.split(".")[0]
    renamed = NEW_NAMES.get((family, name))
    return KerasName(root, module, renamed.new if renamed else name, written, renamed)


def find(document, names, models=None, backend="tensorflow"):
    """Every old spelling in the document, in the order of the text; none where all of it works as it did."""
    from kerasdoctor.patch import legacy_backend, legacy_calls, legacy_imports, legacy_training

    reader = Reader(document, names, models, backend)
    parts = (legacy_imports, legacy_calls, legacy_backend, legacy_training)
    found = [one for part in parts for one in part.find(reader)]
    return sorted(found, key=lambda one: (one.at, one.end)) if any(one.effect != "works" for one in found) else []


def rewrite(document, names, edit, backend):
    """The changes of a ModernSpelling. Raises TargetNotFound where the text has no old spelling that can be rewritten."""
    found = find(document, names, dict(edit.models), backend)
    if edit.cell is not None:
        inside = [i for i, cell in enumerate(document.cells) if cell.number == edit.cell] or list(range(len(document.cells)))
        found = [one for one in found if document.cell_of(one.at) in inside]
    changes = [change for one in found for change in one.changes]
    if found and not changes:
        raise TargetNotFound("; ".join(dict.fromkeys(f"{one.old}: {one.note}" for one in found if one.note)) or "nothing can be rewritten")
    return changes


def spellings(cells, models=None, backend="tensorflow"):
    """Every old spelling in cells, as plain values: tuple[OldSpelling]. Empty where no cell can be read."""
    try:
        document = Document(tuple(cells))
    except TargetNotFound:
        return ()
    return tuple(_plain(document, one) for one in find(document, Names(document), models, backend))


def _plain(document, one):
    index = document.cell_of(one.at)
    text, start = document.text, document.cell_starts[index]
    lines = [text.count("\n", start, place) + 1 for place in (one.at, max(one.at, one.end - 1))]
    return OldSpelling(one.old, one.new, one.keras, one.effect, document.cells[index].number, *lines, bool(one.changes), one.note)
