"""A report as HTML that needs no script: complete in a saved notebook, in an exported page and in a file.

It has no buttons, only places for them: panel.js makes those while a kernel is there to answer.
"""

from __future__ import annotations

import functools
import re
import secrets
from importlib import resources
from itertools import pairwise

from kerasdoctor.finding import Applicability, Severity
from kerasdoctor.rule import find_rule
from kerasdoctor.views.contract_html import contracts
from kerasdoctor.views.diff import diff_lines, python_spans
from kerasdoctor.views.escape import clip, escape
from kerasdoctor.views.layers_html import layers
from kerasdoctor.views.markdown import blocks, inline
from kerasdoctor.views.marks import heading, mark
from kerasdoctor.views.summary import caution, counts, diagnosis, done, evidence_text, place_of, remedy, vitals, worst
from kerasdoctor.views.wording import count

WHY = "Why it hurts training"
PAGE_STYLE = (
    ":root { color-scheme: light dark; --jp-layout-color1: light-dark(#fff, #161616); --jp-content-font-color0: light-dark(#000, #fff);"
    " --jp-error-color1: light-dark(#d32f2f, #ff6b6b); --jp-warn-color1: light-dark(#f57c00, #ffb74d);"
    " --jp-brand-color1: light-dark(#1976d2, #64b5f6); }"
    " body { margin: 24px auto; max-width: 1000px; padding: 0 12px; background: var(--jp-layout-color1); }"
)


def render(report, prefix=None):
    """The report as one element and its styles; ``prefix`` starts every id (one of its own by default), so that two outputs share none."""
    prefix = prefix or f"kd-{secrets.token_hex(4)}"
    numbers = ", ".join(text for _, text in counts(report)) or "nothing found"
    findings = "".join(_finding(report, index, finding, prefix) for index, finding in enumerate(report.findings))
    return (
        f"<style>{styles()}</style>"
        f'<section class="kd" id="{prefix}" data-worst="{worst(report)}" data-lm-suppress-shortcuts="true" '
        f'aria-label="kerasdoctor report for model {escape(clip(report.model, 60))}: {numbers}">'
        f"{_head(report)}{_vitals(report)}{contracts(report, prefix)}{findings}{layers(report, prefix)}{_notes(report)}{_foot(report)}"
        "</section>"
    )


def page(report):
    """A whole HTML file of the report, light or dark as the reader's system is."""
    title = f"kerasdoctor: {escape(clip(report.model, 60))}"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{PAGE_STYLE}</style></head><body>{render(report, 'kd')}</body></html>\n"
    )


@functools.cache
def styles(watch=False):
    """The style sheet without its comments; without the part for watches, unless asked for."""
    sheet = resources.files("kerasdoctor.views").joinpath("kerasdoctor.css").read_text(encoding="utf-8")
    if not watch:
        sheet = re.sub(r"/\* watch \*/.*?(?=/\* every view)", "", sheet, flags=re.DOTALL)
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)).strip()


def explanation(code):
    """The rule's whole page as HTML, or a sentence where there is no such rule."""
    try:
        rule = find_rule(code)
    except LookupError:
        return f"<p>{escape(code)} has no page.</p>"
    sections = rule.sections()
    parts = [heading(4, "", inline(rule.title())) + blocks(sections.pop(""))]
    return "".join(parts + [heading(4, "", escape(name)) + blocks(text) for name, text in sections.items()])


def _head(report):
    level = worst(report)
    numbers = "".join(f"{mark(severity)} <span>{text}</span> " for severity, text in counts(report))
    return (
        f'<header class="kd-head">{mark(level, "nothing found" if level == "ok" else level, large=True)}'
        f"{heading(2, '', inline(diagnosis(report)))}"
        f'<div class="kd-count">{numbers}</div><p class="kd-sub">{inline(remedy(report))}</p></header>'
    )


def _vitals(report):
    pairs = [(name, escape(clip(value, 80))) for name, value in vitals(report)]
    pairs[0] = (pairs[0][0], f"<code>{pairs[0][1]}</code>")
    items = "".join(f"<div><dt>{name}</dt> <dd>{value}</dd></div>" for name, value in pairs)
    return f'<dl class="kd-vitals">{items}</dl>'


def _finding(report, index, finding, prefix):
    where, path = place_of(finding, report.snapshot)
    place = f"{escape(where)} · <code>{escape(clip(path, 40))}</code>" if where else f"<code>{escape(clip(path, 40))}</code>"
    severity, name = str(finding.severity), escape(clip(finding.name, 80).replace("-", " "))
    title = heading(3, f"{mark(severity, severity)} <code>{escape(finding.code)}</code> ", name, f' <span class="kd-place">{place}</span>')
    body = _evidence(finding) + _why(finding) + _fixes(report, index, finding, prefix) + _asides(finding)
    return (
        f'<article class="kd-section kd-finding" id="{prefix}-f{index}" data-finding="{index}">{title}'
        f'<p>{inline(finding.message)}</p><div class="kd-body">{body}</div></article>'
    )


def _evidence(finding):
    if not finding.evidence:
        return ""
    items = "".join(
        f"<div{' class=kd-off' if name in finding.proof else ''}><dt>{inline(name)}</dt><dd>{escape(evidence_text(value))}</dd></div>"
        for name, value in finding.evidence.items()
    )
    return f'<dl class="kd-facts">{items}</dl>'


def _why(finding):
    try:
        text = find_rule(finding.code).sections().get(WHY, "")
    except LookupError:
        return ""
    return f'<details><summary>{WHY}</summary><div class="kd-prose">{blocks(text)}</div></details>' if text else ""


def _fixes(report, index, finding, prefix):
    """Tabs for alternatives; folded below the first finding unless it is an error."""
    if not finding.fixes:
        return ""
    panels = [_fix(report, index, number, fix) for number, fix in enumerate(finding.fixes[:6])]
    titles = [inline(fix.title) for fix in finding.fixes[:6]]
    body = _tabs(finding, titles, panels, f"{prefix}-f{index}") if len(panels) > 1 else panels[0]
    if index and finding.severity != Severity.ERROR:
        title = f"Patch: {titles[0]}" if len(titles) == 1 else f"Patch: {titles[0]}, or {count(len(titles) - 1, 'other')}"
        return f"<details><summary>{title}</summary>{body}</details>"
    return body if len(panels) > 1 else f'<div class="kd-fix"><b>{titles[0]}</b>{body}</div>'


def _tabs(finding, titles, panels, name):
    """Radio inputs with labels: arrow keys move and no script is needed."""
    heads = "".join(
        f'<input type="radio" name="{name}" id="{name}-x{number}"{"" if number else " checked"}>'
        f'<label for="{name}-x{number}">{title}</label> '
        for number, title in enumerate(titles)
    )
    bodies = "".join(f'<div class="kd-tab">{panel}</div>' for panel in panels)
    return f'<div class="kd-tabs" role="radiogroup" aria-label="Fixes for {escape(finding.code)}">{heads}{bodies}</div>'


def _fix(report, index, number, fix):
    patches, reason = report.cell_patches(fix)
    note = f'<p class="kd-panel-note">{inline(caution(fix))}</p>' if caution(fix) else ""
    if not patches and fix.applicability != Applicability.DISPLAY_ONLY and reason:
        note += f'<p class="kd-panel-note">No patch: {inline(reason)}.</p>'
    if not patches:
        return note
    actions = f'<div class="kd-actions" data-fix="{number}" data-buttons="apply copy run undo"></div>'
    return note + "".join(_diff(patch) for patch in patches) + actions


def _diff(patch):
    said = "patch" if patch.cell is None else f"patch for cell {patch.cell}"
    lines = "".join(f'<span class="l {line.kind}">{_coloured(line)}</span>' for line in diff_lines(patch))
    return f'<pre class="kd-diff" tabindex="0" aria-label="{said}">{lines}</pre>'


def _coloured(line):
    """A diff's line with Python's words coloured and changed words marked; both may meet anywhere."""
    if line.kind == "hunk":
        return escape(line.text) + "\n"
    spans = python_spans(line.text)
    edges = sorted({0, len(line.text)} | {edge for span in (*spans, *line.marks) for edge in span[:2]})
    pieces = []
    for start, end in pairwise(edges):
        piece = escape(line.text[start:end])
        style = next((kind for a, b, kind in spans if a <= start < b), None)
        piece = f'<span class="{style}">{piece}</span>' if style else piece
        pieces.append(f"<mark>{piece}</mark>" if any(a <= start < b for a, b in line.marks) else piece)
    return "".join(pieces) + "\n"


def _asides(finding):
    code = escape(finding.code)
    row = f'<div class="kd-actions" data-aside data-code="{code}" data-buttons="explain silence"></div>'
    return f'{row}<div class="kd-page kd-prose"></div>'


def _notes(report):
    items = [f"<li>{inline(note)}</li>" for note in report.notes]
    if report.silenced:
        codes = ", ".join(sorted({escape(finding.code) for finding in report.silenced}))
        items.append(f"<li>{count(len(report.silenced), 'finding')} silenced: {codes}</li>")
    if not items:
        return ""
    label = '<div class="kd-label" role="heading" aria-level="3">Notes</div>'
    return f'<div class="kd-section">{label}<ul class="kd-notes">{"".join(items)}</ul></div>'


def _foot(report):
    return (
        f'<footer class="kd-foot"><span class="kd-actions" data-foot data-buttons="save"></span>'
        f'<span class="kd-push">{escape(done(report))}</span></footer>'
    )
