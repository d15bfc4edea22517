"""Marks and headings of a report in HTML."""

from __future__ import annotations

SIGNS = {"error": "×", "warning": "!", "info": "i", "ok": "✓"}
STROKES = (
    '<svg width="26" height="26" viewBox="0 0 26 26" role="img" aria-label="broken">'
    '<path d="M0 13h7M19 13h7" stroke="currentColor" stroke-width="2.5"/>'
    '<path d="M11.5 3.5L7.5 22.5M18.5 3.5L14.5 22.5" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/></svg>'
)


def mark(severity, label="", large=False):
    """A mark; without a label it is decoration beside words that say the same."""
    said = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return f'<span class="kd-mark{" kd-large" if large else ""}" data-severity="{severity}" {said}>{SIGNS[severity]}</span>'


def heading(level, before, title, after="", name=""):
    """A heading by role: JupyterLab puts h2 to h4 of outputs into the notebook's table of contents, and rewrites their ids."""
    id = f' id="{name}"' if name else ""
    return f'<div class="kd-h{level}" role="heading" aria-level="{level}"{id}>{before}<strong>{title}</strong>{after}</div>'
