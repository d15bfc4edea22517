"""Cells read as one program: LibCST's tree with offsets, and changes of text that fit together or are refused."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from kerasdoctor.patch.escapes import NEWLINE, hide, hide_escapes

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


class TargetNotFound(LookupError):
    """What an edit is about does not stand in the text exactly once, or cannot be changed there with certainty."""


@dataclass(frozen=True, order=True)
class Change:
    """``text`` in the place of ``start:end``; offsets count characters of ``Document.text``."""

    start: int
    end: int
    text: str


class Document:
    """The texts of cells, joined by line breaks. Cells that are not Python take part as comments.

    Raises TargetNotFound where no cell can be read.
    """

    def __init__(self, cells):
        self.cells = tuple(cells)
        hidden = [hide_escapes(cell.text) for cell in self.cells]
        readable = [_compiles(text) for text in hidden]
        if not any(readable):
            raise TargetNotFound("the text is not Python that can be read")
        self.text = "\n".join(cell.text for cell in self.cells)
        self.masked = "\n".join(text if ok else hide(text) for text, ok in zip(hidden, readable, strict=True))
        self.cell_starts = _starts([cell.text + "\n" for cell in self.cells])
        self._line_starts = [0, *(newline.end() for newline in NEWLINE.finditer(self.masked))]
        self._read()
        self.call_at = {self.bare_span(call): call for call in self.calls}
        self.quote = "'" if self.masked.count("'") > self.masked.count('"') else '"'
        self.newline = "\r\n" if "\r\n" in self.text else "\n"

    def _read(self):
        try:
            program = self.masked.rstrip() + "\n"  # LibCST 1.9 loses a blank line before white space at the very end
            module = cst.parse_module(program)
            if module.code != program:
                raise TargetNotFound("the text does not survive being read and written")
            tree = MetadataWrapper(module, unsafe_skip_copy=True)
            self._positions = tree.resolve(PositionProvider)
        except (cst.ParserSyntaxError, *UNREADABLE) as problem:
            raise TargetNotFound("the text is not Python that can be read") from problem
        self.module = tree.module
        self._parents = {}
        self.nodes = tuple(self._preorder())
        self.calls = tuple(node for node in self.nodes if isinstance(node, cst.Call))

    def _preorder(self):
        """The nodes in the order of the text; their parents are noted on the way."""
        waiting = [self.module]
        while waiting:
            node = waiting.pop()
            yield node
            children = node.children
            self._parents.update(dict.fromkeys(children, node))
            waiting.extend(reversed(children))

    def span(self, node):
        """Where a node stands, as offsets, the parentheses around an expression included."""
        if isinstance(node, cst.BaseExpression) and node.lpar:
            return self.bare_span(node.lpar[0])[0], self.bare_span(node.rpar[-1])[1]
        return self.bare_span(node)

    def bare_span(self, node):
        """Where a node stands without parentheses around it."""
        place = self._positions[node]
        return self._offset(place.start), self._offset(place.end)

    def closing(self, brackets):
        """Where the closing bracket of a call, a list or a tuple in parentheses stands."""
        end = self.span(brackets)[1] if isinstance(brackets, cst.Tuple) else self.bare_span(brackets)[1]
        return end - 1

    def _offset(self, place):
        return self._line_starts[place.line - 1] + place.column

    def start(self, node):
        return self.span(node)[0]

    def source(self, node):
        start, end = self.span(node)
        return self.text[start:end]

    def parent(self, node):
        return self._parents.get(node)

    def ancestors(self, node):
        """From the parent of a node up to the module."""
        while (node := self.parent(node)) is not None:
            yield node

    def enclosing(self, node, *kinds):
        """The nearest ancestor of some kinds, or None."""
        return next((above for above in self.ancestors(node) if isinstance(above, kinds)), None)

    def statement(self, node):
        """The small statement that holds a node, or None (in the head of an ``if``, a ``for``, a ``def``)."""
        for above in (node, *self.ancestors(node)):
            if isinstance(above, cst.BaseSmallStatement):
                return above
            if isinstance(above, cst.BaseCompoundStatement):
                return None
        return None

    def line_start(self, offset):
        return max(self.masked.rfind("\n", 0, offset), self.masked.rfind("\r", 0, offset)) + 1

    def line_end(self, offset):
        """The end of a line without its line break."""
        newline = NEWLINE.search(self.masked, offset)
        return newline.start() if newline else len(self.masked)

    def line_below(self, start, count):
        """Where the line begins that is ``count`` lines below the one that begins at ``start``."""
        return self._line_starts[min(self._line_starts.index(start) + count, len(self._line_starts) - 1)]

    def indent(self, offset):
        """The white space that the line of an offset begins with."""
        start = self.line_start(offset)
        line = self.masked[start : self.line_end(start)]
        return line[: len(line) - len(line.lstrip())]

    def opens_line(self, offset):
        """Whether only white space stands before an offset on its line."""
        return not self.masked[self.line_start(offset) : offset].strip()

    def hidden(self, offset):
        """Whether IPython's own syntax stands in the line of an offset."""
        line = slice(self.line_start(offset), self.line_end(offset))
        return self.masked[line] != self.text[line]

    def cell_of(self, offset):
        """The index of the cell that an offset lies in."""
        return max(i for i, start in enumerate(self.cell_starts) if start <= offset)

    def cell_end(self, index):
        return self.cell_starts[index] + len(self.cells[index].text)

    def line_removal(self, start, end):
        """The change that takes away the whole lines from ``start`` to ``end``, with one line break."""
        start, end = self.line_start(start), self.line_end(end)
        cell = self.cell_of(start)
        if end < self.cell_end(cell):
            return Change(start, NEWLINE.match(self.masked, end).end(), "")
        if start > self.cell_starts[cell]:
            start -= 2 if self.masked[start - 2 : start] == "\r\n" else 1
        return Change(start, end, "")

    def rewritten(self, changes):
        """The new texts of the cells. Raises TargetNotFound if changes get in each other's way or the result is not Python."""
        changes = _settled(changes)
        texts = []
        for start, cell in zip(self.cell_starts, self.cells, strict=True):
            end = start + len(cell.text)
            mine = [change for change in changes if start <= change.start and change.end <= end]
            if mine and not _compiles(_applied(self.masked, mine, start, end)):
                raise TargetNotFound("the change would leave code that is not valid Python")
            texts.append(_applied(self.text, mine, start, end))
        return texts


def _settled(changes):
    """Changes in order, twins dropped and deletions that touch joined. Raises TargetNotFound where two overlap."""
    settled = []
    for change in sorted(dict.fromkeys(changes), key=lambda change: (change.start, change.end)):
        before = settled[-1] if settled else None
        if before is None or change.start >= before.end:
            settled.append(change)
        elif not before.text and not change.text:
            settled[-1] = Change(before.start, max(before.end, change.end), "")
        else:
            raise TargetNotFound("two changes of the same code get in each other's way")
    return settled


def _applied(text, changes, start, end):
    parts, place = [], start
    for change in changes:
        parts += [text[place : change.start], change.text]
        place = change.end
    return "".join([*parts, text[place:end]])


def _compiles(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except UNREADABLE:
        return False
    return True


def _starts(texts):
    starts, place = [], 0
    for text in texts:
        starts.append(place)
        place += len(text)
    return starts
