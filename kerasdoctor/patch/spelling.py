"""New code in the words of the text: its quotes, its way to name layers, and the imports that it still needs."""

from __future__ import annotations

import ast
import builtins

import libcst as cst

from kerasdoctor.finding import Code
from kerasdoctor.patch.document import Change

LIBRARIES = {"np": "import numpy as np", "pd": "import pandas as pd", "tf": "import tensorflow as tf", "keras": "import keras"}


class Speller:
    """Writes values, calls and code for a place in the document. ``changes`` collects the imports that they need."""

    def __init__(self, document, names):
        self.document, self.names = document, names
        self.changes: list[Change] = []

    def literal(self, value, at, quote=None):
        """A plain value, or Code, as source."""
        quote = quote or self.document.quote
        if isinstance(value, Code):
            return self.code(value.text, at)
        if isinstance(value, str):
            return _quoted(value, quote)
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.literal(k, at, quote)}: {self.literal(v, at, quote)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.literal(item, at, quote) for item in value) + "]"
        if isinstance(value, tuple):
            return "(" + ", ".join(self.literal(item, at, quote) for item in value) + ("," if len(value) == 1 else "") + ")"
        if isinstance(value, float) and value in (float("inf"), float("-inf")):
            return f"float({_quoted(str(value), quote)})"
        return repr(value).replace("e-0", "e-") if isinstance(value, float) else repr(value)

    def like(self, expression, value):
        """A value as source in the place of an expression: a string keeps the quotes that stand there."""
        quote = expression.quote[0] if isinstance(expression, cst.SimpleString) else None
        return self.literal(value, self.document.start(expression), quote)

    def call(self, function, arguments, at):
        """``function(*positional, name=value, ...)``; positional values stand under the key ``*``."""
        positional = arguments.get("*", ())
        positional = positional if isinstance(positional, list | tuple) else (positional,)
        parts = [self.literal(value, at) for value in positional]
        parts += [f"{name}={self.literal(value, at)}" for name, value in arguments.items() if name != "*"]
        return f"{function}({', '.join(parts)})"

    def keras_name(self, family, kind, at, near=None):
        """How the text would name ``keras.<family>.<kind>`` at a place; ``near`` is a call of the same family to take after."""
        if self._names_keras(kind, family):
            return kind
        if isinstance(near, cst.Attribute) and (prefix := self._prefix(near.value, family)):
            return f"{prefix}.{kind}"
        for name, bindings in self.names.bindings.items():
            imported = bindings[-1].imported or ""
            if imported.endswith(f"keras.{family}") and bindings[-1].at <= at:
                return f"{name}.{kind}"
        if isinstance(near, cst.Name) and (module := self._module(near, family)):
            self.require(f"from {module} import {kind}", at)
            return kind
        return self.code(f"keras.{family}.{kind}", at)

    def _names_keras(self, kind, family):
        bindings = self.names.bindings.get(kind)
        if not bindings:
            starred = any(module.endswith(f"keras.{family}") for module in self.names.star_modules)
            return starred or kind in self.names.reads
        return all(b.imported and b.imported.endswith(f".{kind}") and f"keras.{family}" in b.imported for b in bindings)

    def _prefix(self, module, family):
        """The text's words for ``keras.<family>``, read off the module that it takes a class or ``Input`` from."""
        dotted, source = self.names.dotted(module), self.document.source(module)
        if dotted is None:
            return None
        last = dotted.split(".")[-1]
        if last == "keras":
            return f"{source}.{family}"
        return source if last == family or (dotted == source and isinstance(module, cst.Name)) else None

    def _module(self, name, family):
        """The module ``...keras.layers`` that a name was imported from."""
        dotted = self.names.dotted(name) or ""
        end = dotted.find(f".{family}.")
        return dotted[: end + len(family) + 1] if end > 0 and "keras" in dotted[:end] else None

    def code(self, text, at):
        """An expression or statements with the names of libraries put as the text has them, or imported."""
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return text
        roots = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
        own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        own |= {
            alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
        }
        lines = text.split("\n")
        for root in sorted(roots, key=lambda node: (node.lineno, node.col_offset), reverse=True):
            if root.id in LIBRARIES and root.id not in own:
                line = lines[root.lineno - 1].encode()
                new = line[: root.col_offset] + self._library(root.id, at).encode() + line[root.col_offset + len(root.id) :]
                lines[root.lineno - 1] = new.decode()
        return "\n".join(lines)

    def _library(self, name, at):
        """How the text calls a library at a place; it is imported where it is not known yet."""
        if self.bound(name, at):
            return name
        module = LIBRARIES[name].split()[1]
        for other, bindings in self.names.bindings.items():
            if bindings[-1].imported == module and bindings[-1].at <= at:
                return other
        if name == "keras":
            for other, bindings in self.names.bindings.items():
                if bindings[-1].imported == "tensorflow" and bindings[-1].at <= at:
                    return f"{other}.keras"
            if any((b.imported or "").startswith("tensorflow.keras") for group in self.names.bindings.values() for b in group):
                return self.require("from tensorflow import keras", at) or name
        return self.require(LIBRARIES[name], at) or name

    def known(self, library, at):
        """Whether a library is imported under some name before a place."""
        module = LIBRARIES[library].split()[1]
        bindings = [b for group in self.names.bindings.values() for b in group if b.imported == module and b.at <= at]
        return bool(bindings) or self.bound(library, at)

    def bound(self, name, at):
        """Whether a name holds something at a place: bound before it, or read by the text, which ran, without being bound there."""
        bindings = [b for b in self.names.bindings.get(name, ()) if b.scope is None]
        if bindings:
            return any(b.at <= at for b in bindings)
        return name in self.names.reads or hasattr(builtins, name)

    def require(self, line, at):
        """Imports at the top of the cell of a place, above its first statement that is not a magic."""
        cell = self.document.cell_of(at)
        begin, end = self.document.cell_starts[cell], self.document.cell_end(cell)
        for statement in self.document.module.body:
            start = self.document.start(next(iter(getattr(statement, "decorators", ())), statement))
            if begin <= start < end and not self.document.hidden(start) and not _must_be_first(statement):
                start = self.document.line_start(start)
                self.changes.append(Change(start, start, line + self.document.newline))
                return


def _must_be_first(statement):
    first = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    if isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString):
        return True
    return isinstance(first, cst.ImportFrom) and isinstance(first.module, cst.Name) and first.module.value == "__future__"


def _quoted(text, quote):
    return repr(text) if quote in text else quote + repr(text)[1:-1] + quote
