"""The small part of Markdown that rules use, as HTML: paragraphs, lists, fenced code, `code` and **strong**. Escaped first."""

from __future__ import annotations

import re

from kerasdoctor.views.escape import escape

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```\s*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")


def inline(text):
    """One run of text: `code` and **strong**, everything else escaped. Code holds no strong."""
    pieces = CODE.split(escape(text))
    html = [f"<code>{piece}</code>" if index % 2 else STRONG.sub(r"<strong>\1</strong>", piece) for index, piece in enumerate(pieces)]
    return "".join(html)


def blocks(text):
    """Paragraphs, lists and fenced code."""
    html, position = [], 0
    for fence in FENCE.finditer(text):
        html += [_block(part) for part in _parts(text[position : fence.start()])]
        html.append(f"<pre>{escape(fence.group(1).rstrip())}</pre>")
        position = fence.end()
    return "".join(html + [_block(part) for part in _parts(text[position:])])


def _parts(text):
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def _block(part):
    if not ITEM.match(part):
        return f"<p>{inline(' '.join(part.split()))}</p>"
    items = []
    for line in part.splitlines():
        if ITEM.match(line):
            items.append(ITEM.sub("", line))
        else:
            items[-1] += " " + line.strip()
    return f"<ul>{''.join(f'<li>{inline(item)}</li>' for item in items)}</ul>"
