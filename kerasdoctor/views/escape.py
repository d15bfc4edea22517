"""Text from models, cells and data made safe to show: control characters visible, HTML escaped."""

from __future__ import annotations

import html
import re

# C0 and C1 controls but newline and tab, lone surrogates, and the marks that turn the direction of text (they can hide what code says).
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def visible(text):
    """The text with control and direction characters written as escapes: NUL becomes ``\\x00``."""
    return HIDDEN.sub(lambda match: _written(ord(match.group())), str(text))


def escape(text):
    """Visible, and safe inside HTML elements and quoted attributes."""
    return html.escape(visible(text), quote=True)


def clip(text, length):
    """At most ``length`` characters on one line; the middle goes, because names differ at their ends."""
    text = " ".join(visible(text).split())
    if len(text) <= length:
        return text
    tail = (length - 1) // 2
    return f"{text[: length - 1 - tail]}…{text[len(text) - tail :]}"


def _written(number):
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
