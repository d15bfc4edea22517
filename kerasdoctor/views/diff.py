"""Unified diffs as lines with a kind, the changed words marked and Python's words told apart."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

HEADER = re.compile(r"@@ -(\d+)")
WORDS = re.compile(r"\w+|\s+|.")
PYTHON = re.compile(
    r"""(?P<c>\#.*$)|(?P<s>"[^"]*"|'[^']*')|(?P<m>^\s*%%?\w+|^\s*!.*$)"""
    r"""|(?P<k>\b(?:import|from|as|for|in|def|class|return|if|else|with|None|True|False)\b)|(?P<n>\b\d+(?:\.\d+)?(?:e-?\d+)?\b)""",
    re.MULTILINE,
)


@dataclass(frozen=True)
class DiffLine:
    """``kind`` is "hunk", "add", "del" or "same"; ``text`` has its sign; ``marks`` are (start, end) of changed words."""

    kind: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


def diff_lines(patch):
    """The lines of a CellPatch's diff; a hunk's header names cell and line instead of line counts."""
    lines = []
    for line in patch.diff.splitlines():
        header = HEADER.match(line)
        if header:
            lines.append(DiffLine("hunk", f"@@ {_place(patch.cell, int(header.group(1)))} @@"))
        elif lines and not line.startswith("\\"):
            lines.append(DiffLine({"+": "add", "-": "del"}.get(line[:1], "same"), line))
    return _with_marks(lines)


def python_spans(text):
    """(start, end, class) of what an editor would colour: c, s, m, k, n as in the style sheet."""
    return [(match.start(), match.end(), match.lastgroup) for match in PYTHON.finditer(text)]


def _place(cell, line):
    return f"line {line}" if cell is None else f"cell [{cell}], line {line}"


def _with_marks(lines):
    marked = list(lines)
    for old, new in _pairs(lines):
        for one, other in ((old, new), (new, old)):
            marked[one] = DiffLine(lines[one].kind, lines[one].text, _changed(lines[one].text, lines[other].text))
    return marked


def _pairs(lines):
    """Indices of removed and added lines that stand for each other: the n-th of each in one block of changes."""
    removed, added = [], []
    for index, line in enumerate([*lines, DiffLine("same", "")]):
        if line.kind == "del" and not added:
            removed.append(index)
        elif line.kind == "add":
            added.append(index)
        else:
            yield from zip(removed, added, strict=False)
            removed, added = ([index] if line.kind == "del" else []), []


def _changed(text, other):
    """Spans of ``text``, its sign left out, that ``other`` does not have; none where little is common to both."""
    mine, theirs = WORDS.findall(text[1:]), WORDS.findall(other[1:])
    matcher = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    if len(mine) > 400 or len(theirs) > 400 or matcher.ratio() < 0.4:
        return ()
    starts = [1]
    for word in mine:
        starts.append(starts[-1] + len(word))
    return tuple((starts[a], starts[b]) for tag, a, b, _, _ in matcher.get_opcodes() if tag in ("replace", "delete"))
