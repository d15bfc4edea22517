"""Imports of Keras 1 and 2: modules that moved, names that are called otherwise, names that only tensorflow.keras still has."""

from __future__ import annotations

import libcst as cst

from kerasdoctor.patch.document import Change
from kerasdoctor.patch.legacy import NEW_MODULES, NEW_NAMES, known_as, split_root
from kerasdoctor.patch.legacy_calls import MERGE, REWRITTEN, merge_functions
from kerasdoctor.patch.legacy_names import GONE, IN_TENSORFLOW, Spelling
from kerasdoctor.patch.names import _dotted_text

ADVICE = {(row.owner, row.old): row for row in GONE}
MOVED = {(row.owner, row.old): row for row in IN_TENSORFLOW}
ELSEWHERE = Spelling("module", "", "", None, "3.0", note="only tensorflow.keras still has it")


def find(reader):
    """What is old in imports, and in names that are reached through a module (``keras.layers.core.Dense``)."""
    found = []
    for node in reader.document.nodes:
        if isinstance(node, cst.ImportFrom) and not node.relative and node.module is not None:
            found += ImportReader(reader, node).find()
        elif isinstance(node, cst.Attribute):
            found += _attribute(reader, node)
    return found


def _attribute(reader, node):
    """An old module or name at the end of ``keras.utils.np_utils.to_categorical``, where the root is Keras itself."""
    document, parent = reader.document, reader.document.parent(node)
    if (isinstance(parent, cst.Attribute) and parent.value is node) or document.enclosing(node, cst.Import, cst.ImportFrom):
        return
    name = reader.keras(node)
    if name is None:
        return
    if (name.module, name.name) in ADVICE:
        row = ADVICE[name.module, name.name]
        yield reader.found(node, row.old, None, row, (), row.note)
    elif name.row is not None and name.row.owner != "backend":
        yield reader.found(node, node.attr.value, name.name, name.row, [Change(*document.span(node.attr), name.name)])
    if name.written in NEW_MODULES and isinstance(node.value, cst.Attribute):
        inner, old, row = node.value, name.written, NEW_MODULES[name.written]
        for _ in range(old.count(".")):
            inner = inner.value
        keep = inner.value if isinstance(inner, cst.Attribute) else None
        if keep is not None and split_root(reader.names.dotted(keep) or "") in (("keras", ""), ("tensorflow.keras", "")):
            change = Change(document.span(keep)[1], document.span(node.value)[1], f".{row.new}")
            yield reader.found(node.value, old, row.new, row, [change])


class ImportReader:
    """One ``from keras... import ...`` statement."""

    def __init__(self, reader, node):
        self.reader, self.document, self.node = reader, reader.document, node
        self.module = _dotted_text(node.module)

    def find(self):
        known = split_root(self.module)
        if known is None:
            return []
        self.root, self.path = known
        if isinstance(self.node.names, cst.ImportStar):
            row = NEW_MODULES.get(self.path)
            return [self._found(row, self.module, self._in(row.new), [self._module_change(self._in(row.new))])] if row else []
        return self._names()

    def _in(self, path, root=None):
        return f"{root or self.root}.{path}" if path else root or self.root

    def _module_change(self, module):
        return Change(*self.document.span(self.node.module), module)

    def _found(self, row, old, new, changes, note=""):
        return self.reader.found(self.node, old, new, row, changes, note)

    def _names(self):
        """The statement with every name where Keras 3 has it; statements of its own for names that went different ways."""
        places, uses, old, rows, refused = {}, [], [], [], []
        for alias in self.node.names:
            module, text, row, changes = self._target(alias)
            if row is not None and row.kind in ("gone", "unmoved"):
                refused.append(self._found(row, alias.name.value, None, (), row.note))
            elif row is not None:
                rows.append(row)
                old.append((alias.name.value, module, text))
            uses += changes
            if text not in places.setdefault(module, []):
                places[module].append(text)
        if not rows:
            return refused
        changes = self._statement(places)
        if changes is None:
            return [*refused, self._found(rows[0], self.module, None, (), "comments stand between the names; write the import again")]
        row = min(rows, key=lambda row: ("fails", "ignored", "works").index(row.effect))
        moved = list(places) != [self.module]
        before = self.module if moved else ", ".join(name for name, _, _ in old)
        after = ", ".join(places) if moved else ", ".join(text for _, _, text in old)
        return [*refused, self._found(row, before, after, [*changes, *uses])]

    def _target(self, alias):
        """(module, text, row or None, changes of the uses) of one imported name."""
        name, asname = alias.name.value, alias.asname.name.value if alias.asname else None
        plain = (self.module, self._text(alias), None, [])
        if asname is None and self._uses_here(name) and (needed := self._written_otherwise(name)):
            return self._in(known_as(self.root, self.path, name).module), ", ".join(needed), MERGE, []
        whole = f"{self.path}.{name}" if self.path else name
        if whole in NEW_MODULES:
            parent, _, last = NEW_MODULES[whole].new.rpartition(".")
            return self._in(parent), _as(last, asname or name), NEW_MODULES[whole], []
        known = known_as(self.root, self.path, name)
        if (known.module, name) in ADVICE:
            return *plain[:2], ADVICE[known.module, name], []
        if self.root == "keras" and (self.path, name) in MOVED:
            if self.reader.backend != "tensorflow":
                return *plain[:2], Spelling("unmoved", self.path, name, None, "3.0", note=ELSEWHERE.note), []
            return self._in(self.path, "tensorflow.keras"), _as(name, asname or name), MOVED[self.path, name], []
        row = NEW_NAMES.get((known.module, name))
        if row is None:
            return (self._in(known.module), plain[1], NEW_MODULES[self.path], []) if self.path in NEW_MODULES else plain
        if asname is not None:
            return self._in(known.module), _as(row.new, asname), row, []
        uses = self._uses_here(name)
        if uses:
            return self._in(known.module), row.new, row, [Change(*self.document.span(use), row.new) for use in uses]
        if row.effect == "works":
            return (self._in(known.module), name, NEW_MODULES[self.path], []) if self.path in NEW_MODULES else plain
        return self._in(known.module), _as(row.new, name), row, []

    def _written_otherwise(self, name):
        """The names that the rewritten calls of a function or layer need, where those are several or others; [] for any other name."""
        module = known_as(self.root, self.path, name).module
        if module != "layers":
            return []
        return merge_functions(self.reader) if (self.path, name) == ("layers", "merge") else list(REWRITTEN.get(name, ()))

    def _uses_here(self, name):
        """The reads of an imported name where all of them stand in the import's cell: cells that are still to run may hold others."""
        names, document = self.reader.names, self.document
        if len(names.bindings.get(name, ())) != 1:
            return []
        uses, cell = names.reads.get(name, []), document.cell_of(document.start(self.node))
        return uses if all(document.cell_of(document.start(use)) == cell for use in uses) else []

    def _statement(self, places):
        """Changes that make the statement import from ``places``; None where that would lose a comment."""
        start, end = self.document.span(self.node)
        lines = [f"from {module} import {', '.join(names)}" for module, names in places.items()]
        names = [text for texts in places.values() for text in texts]
        if len(places) == 1 and len(names) == len(self.node.names):
            ((module, texts),) = places.items()
            pairs = zip(self.node.names, texts, strict=True)
            aliases = [Change(*self._alias_span(alias), text) for alias, text in pairs if self._text(alias) != text]
            return ([] if module == self.module else [self._module_change(module)]) + aliases
        if "#" in self.document.masked[start:end]:
            return None
        line = self.document.parent(self.node)
        alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
        between = self.document.newline + self.document.indent(start) if alone else "; "
        return [Change(start, end, between.join(lines))]

    def _text(self, alias):
        return self.document.text[slice(*self._alias_span(alias))]

    def _alias_span(self, alias):
        """Where ``name as other`` stands, without the comma behind it."""
        return self.document.span(alias.name)[0], self.document.span(alias.asname.name if alias.asname else alias.name)[1]


def _as(name, asname):
    return name if name == asname else f"{name} as {asname}"
