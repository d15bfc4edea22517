"""Statements put beside another one, or taken out, with their lines."""

from __future__ import annotations

import libcst as cst

from kerasdoctor.patch.document import Change, TargetNotFound


def beside(document, statement, where, code):
    """Changes that put code "before" or "after" a small statement; none where it stands there already. Lines take over its indent."""
    start, stop = document.span(statement)
    block = document.parent(statement)
    if not isinstance(block, cst.SimpleStatementLine) or len(block.body) > 1:
        if "\n" in code:
            raise TargetNotFound("several statements stand on the line where new ones belong")
        return [Change(stop, stop, f"; {code}")] if where == "after" else [Change(start, start, f"{code}; ")]
    if _stands_there(document, block, where, code):
        return []
    indent = document.indent(start)
    lines = document.newline.join(indent + line if line else line for line in code.split("\n"))
    if where == "after":
        end = document.line_end(stop)
        return [Change(end, end, document.newline + lines)]
    begin = document.line_start(start)
    return [Change(begin, begin, lines + document.newline)]


def neighbour(document, statement, where):
    """The small statement before or after another one, on its line or alone on the next, or None."""
    block, step = document.parent(statement), 1 if where == "after" else -1
    on_line = block.body.index(statement) + step
    if 0 <= on_line < len(block.body):
        return block.body[on_line]
    lines = document.parent(block).body if isinstance(block, cst.SimpleStatementLine) else (block,)
    place = lines.index(block) + step
    near = lines[place] if 0 <= place < len(lines) else None
    return near.body[0 if where == "after" else -1] if isinstance(near, cst.SimpleStatementLine) else None


def _stands_there(document, block, where, code):
    """Whether the statements next to a block are those of some code, white space at the ends of lines apart."""
    blocks = document.parent(block).body
    place, count = blocks.index(block), len(cst.parse_module(code).body)
    near = blocks[place + 1 : place + 1 + count] if where == "after" else blocks[max(place - count, 0) : place]
    if not near or len(near) < count:
        return False
    text = document.text[document.start(near[0]) : document.span(near[-1])[1]]
    return [line.strip() for line in text.splitlines()] == [line.strip() for line in code.splitlines()]


def without_statement(document, statement):
    """The change that takes a small statement away; ``pass`` stays where a block would be left empty."""
    start, stop = document.span(statement)
    block = document.parent(statement)
    place, last = block.body.index(statement), len(block.body) - 1
    if not last and isinstance(block, cst.SimpleStatementLine):
        suite = document.parent(block)
        alone = len(suite.body) == 1 and not isinstance(suite, cst.Module)
        return Change(start, stop, "pass") if alone else document.line_removal(start, stop)
    if not last:
        return Change(start, stop, "pass")
    if place < last:
        return Change(start, document.start(block.body[place + 1]), "")
    return Change(document.span(block.body[place - 1])[1], stop, "")
