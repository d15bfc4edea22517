"""IPython's own syntax in a cell (``%magic``, ``!command``, ``name?``), hidden so that the rest parses as Python.

Hiding keeps every line and every column: what is hidden becomes a name and a comment of the same length, so a place in
the hidden text is the same place in the cell.
"""

from __future__ import annotations

import re

# Cell magics that run their body as Python in the user's namespace; the body of any other one is not read.
PYTHON_BODIES = frozenset(["time", "timeit", "capture", "prun", "memit", "mprun", "debug", "wandb", "kerasdoctor", "fit_watch"])

NEWLINE = re.compile(r"\r\n?|\n")
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_ESCAPE = re.compile(
    r"""[ \t]*(?:
        (?P<line>[%!?])                                        # %magic  !command  ?name
      | (?P<assigned>[A-Za-z_][\w.,\[\]\ \t]*=[ \t]*)(?=[%!])   # x = %magic  x = !command
      | (?P<help>[^\s\#'"][^\#'"\r\n]*\?[ \t]*(?=[\r\n]|\Z))     # name?  name??
    )""",
    re.VERBOSE,
)
_PIECE = re.compile(
    r"""(?P<text>\"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3} | "(?:\\.|[^"\\\r\n])*" | '(?:\\.|[^'\\\r\n])*')
      | (?P<comment>\#[^\r\n]*)
      | (?P<opening>[\[({]) | (?P<closing>[\])}])
      | (?P<joined>\\(?:\r\n?|\n))
      | (?P<newline>\r\n?|\n)
      | [^"'\#\[\](){}\\\r\n]+ | .""",
    re.VERBOSE | re.DOTALL,
)


def hide_escapes(text):
    """The text with IPython's lines hidden, of the same length; a cell in another language is hidden whole."""
    magic = _CELL_MAGIC.match(text)
    if magic and magic[1] not in PYTHON_BODIES:
        return hide(text)
    parts, place = [], 0
    while place < len(text):
        escape = _ESCAPE.match(text, place)
        end = _physical_end(text, place) if escape else _logical_end(text, place)
        start = _hidden_from(escape) if escape else end
        parts.append(text[place:start])
        if escape:
            parts.append("_" + hide(text[start:end])[1:])
        place = end
    return "".join(parts)


def hide(text):
    """Comments of the same length in the place of every line."""
    return re.sub(r"[^\r\n]", "#", text)


def _hidden_from(escape):
    if escape["assigned"]:
        return escape.end()
    return escape.start("line") if escape["line"] else escape.start("help")


def _physical_end(text, place):
    """Where the line at a place ends, lines joined by a backslash included, the last line break left out."""
    while newline := NEWLINE.search(text, place):
        if text[newline.start() - 1] != "\\":
            return newline.start()
        place = newline.end()
    return len(text)


def _logical_end(text, place):
    """Where the statement line at a place ends: brackets, long strings and joined lines read to their end."""
    depth = 0
    for piece in _PIECE.finditer(text, place):
        if piece["newline"] and depth <= 0:
            return piece.end()
        depth += bool(piece["opening"]) - bool(piece["closing"])
    return len(text)
