"""A report as exact text for terminals, 100 columns wide."""

from __future__ import annotations

import textwrap

from kerasdoctor.views.chain import chain_of
from kerasdoctor.views.diff import diff_lines
from kerasdoctor.views.escape import clip, visible
from kerasdoctor.views.summary import (
    caution,
    counts,
    diagnosis,
    done,
    evidence_text,
    layer_count,
    parameters,
    place_of,
    remedy,
    shape_text,
    vitals,
    worst,
)
from kerasdoctor.views.wording import count, elsewhere, here, off_sum, output_title, predictions

WIDTH = 100
SIGNS = {"error": "×", "warning": "!", "info": "i", "ok": "✓"}


def render(report):
    """The whole report. Nothing in it but printable characters and newlines."""
    blocks = [_top(report)]
    blocks += [_contract(report, contract) for contract in report.snapshot.contracts]
    blocks += [_finding(report, finding) for finding in report.findings]
    blocks.append(_end(report))
    return visible("\n\n".join(block for block in blocks if block) + "\n")


def summary(report):
    """The report in at most 12 lines, for a saved notebook."""
    lines = _top(report).splitlines()[:4]
    for finding in report.findings[: 10 - len(lines)]:
        where, path = place_of(finding, report.snapshot)
        line = f"{finding.code} {clip(finding.name, 40)}, {where or clip(path, 30)}: {_plain(finding.message)}"
        lines.append("  " + textwrap.shorten(line, WIDTH - 2, placeholder=" …"))
    left = len(report.findings) - (10 - len(_top(report).splitlines()[:4]))
    return visible("\n".join(lines + ([f"  and {left} more"] if left > 0 else [])))


def render_layers(snapshot):
    """The layers as a table: path, name, kind, output shape, activation, parameters."""
    head = ("", "name", "layer", "output", "activation", "parameters")
    rows = [
        (
            clip(layer.path, 24),
            clip(layer.name, 24),
            clip(layer.kind, 22),
            shape_text(layer.output_shape),
            clip(layer.activation or "", 12),
            f"{layer.parameters:,}",
        )
        for layer in snapshot.model.layers
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return "".join(_row(row, widths) + "\n" for row in [head, *rows])


def _row(row, widths):
    pairs = enumerate(zip(row, widths, strict=True))
    cells = [cell.rjust(width) if column in (3, 5) else cell.ljust(width) for column, (cell, width) in pairs]
    return "  ".join(cells).rstrip()


def _top(report):
    facts = dict(vitals(report))
    model = report.snapshot.model
    layers = count(layer_count(model), "layer")
    line = f"{facts['Model']}: {facts['Kind']}, {layers}, {parameters(model, ' parameters')}; {facts['Backend']}"
    numbers = ", ".join(text for _, text in counts(report))
    lines = [*_wrap(line, ""), "", *_wrap(f"{SIGNS[worst(report)]} {diagnosis(report)}" + (f" ({numbers})" if numbers else ""), "", "  ")]
    return "\n".join(lines + _wrap(remedy(report), "  "))


def _contract(report, contract):
    chain = chain_of(report, contract)
    rows = f", tested on {count(contract.probe.rows, 'row')}" if contract.probe and contract.probe.rows else ""
    lines = [f"Contract of {clip(output_title(contract), 60)}{rows}", *_links(chain)]
    for reading in (here(contract, report.snapshot.backend), elsewhere(contract, report.snapshot.backend)):
        lines += _wrap(f"{reading.title}: {reading.text}", "  ", "    ") if reading else []
    returned = predictions(contract)
    if returned:
        lines += [f"  {_plain(returned.title)}", *_sample(contract)]
    return "\n".join(lines)


def _links(chain):
    """``head -> link -×-> loss``, broken at arrows where it is too long."""
    lines, line = [], " "
    for index, station in enumerate(chain.stations):
        arrow = "" if not index else "-×-> " if index - 1 in chain.broken else "-> "
        piece = arrow + clip(station.value, 60)
        if len(line) + 1 + len(piece) > WIDTH:
            lines.append(line)
            line = "   "
        line += " " + piece
    return [*lines, line]


def _sample(contract):
    summed = contract.probe.row_sum_min is not None and off_sum(contract)
    for index, row in enumerate(contract.probe.sample):
        numbers = " ".join(f"{value:8.3f}" for value in row[:8]) + ("  …" if len(row) > 8 else "")
        yield f"    row {index}  {numbers}" + (f"   sum {sum(row):.3f}" if summed and len(row) < 12 else "")


def _finding(report, finding):
    where, path = place_of(finding, report.snapshot)
    place = f"{where} ({clip(path, 40)})" if where else clip(path, 40)
    lines = [f"{SIGNS[finding.severity]} {finding.code} {clip(finding.name, 50)}: {place}", *_wrap(finding.message, "  ")]
    width = max((len(clip(name, 60)) for name in finding.evidence), default=0)
    for name, value in finding.evidence.items():
        sign = "×" if name in finding.proof else " "
        lines += _wrap(f"{clip(name, 60).ljust(width)}  {evidence_text(value)}", f"    {sign} ", " " * (width + 8), keep=True)
    for number, fix in enumerate(finding.fixes, 1):
        lines += _fix(report, fix, f"Fix {number}" if len(finding.fixes) > 1 else "Fix")
    return "\n".join(lines)


def _fix(report, fix, label):
    patches, reason = report.cell_patches(fix)
    lines = _wrap(f"{label}: {fix.title} ({str(fix.applicability).replace('_', ' ')})", "  ")
    lines += _wrap(caution(fix), "    ") if caution(fix) else []
    for patch in patches:
        lines += [f"    {visible(line.text)}".rstrip() for line in diff_lines(patch)]
    return lines + (_wrap(f"No patch: {reason}", "    ") if reason and not patches else [])


def _end(report):
    lines = [line for note in report.notes for line in _wrap(f"Note: {note}", "", "  ")]
    if report.silenced:
        codes = ", ".join(sorted({finding.code for finding in report.silenced}))
        lines += _wrap(f"Silenced: {count(len(report.silenced), 'finding')} ({codes})", "", "  ")
    return "\n".join([*lines, done(report)[:1].upper() + done(report)[1:] + "."])


def _plain(text):
    return visible(text).replace("**", "")


def _wrap(text, indent, later=None, keep=False):
    return textwrap.wrap(
        _plain(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if later is None else later,
        break_on_hyphens=False,
        drop_whitespace=True,
        replace_whitespace=not keep,
    )
