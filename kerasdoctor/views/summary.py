"""What a report says at the top of every view: diagnosis, what to do, counts, vitals, places, evidence as text."""

from __future__ import annotations

from collections import Counter

from kerasdoctor.finding import Applicability, Severity
from kerasdoctor.views.wording import backend_name, count

# Where the source of a path is looked up when the path itself was not recorded.
WIDER = {"loss": "compile", "optimizer": "compile", "metrics": "compile"}
UNSAFE = "Changes outputs, shapes or the experiment: read the diff first."
DISPLAY_ONLY = "Advice: nothing here can be put into a cell."


def worst(report):
    """ "error", "warning", "info", or "ok" where nothing was found."""
    return str(report.findings[0].severity) if report.findings else "ok"


def diagnosis(report):
    return report.findings[0].title if report.findings else "Nothing found"


def remedy(report):
    """What to do first, in one line of Markdown; for a clean report, what was checked."""
    if not report.findings:
        return f"{count(report.rules_checked, 'check')} passed."
    finding = report.findings[0]
    if not finding.fixes:
        return finding.message
    where, path = place_of(finding, report.snapshot)
    return f"What to do: **{finding.fixes[0].title}**, {where or f'`{path}`'}."


def counts(report):
    """[("error", "1 error"), ...] of the severities that occur."""
    numbers = Counter(finding.severity for finding in report.findings)
    nouns = {Severity.INFO: "remark"}
    return [(str(severity), count(numbers[severity], nouns.get(severity, str(severity)))) for severity in Severity if numbers[severity]]


def vitals(report):
    """(name, value) pairs of the model's line."""
    model = report.snapshot.model
    pairs = [
        ("Model", report.model),
        ("Kind", model.kind),
        ("Layers", f"{layer_count(model):,}"),
        ("Parameters", parameters(model)),
        ("Backend", backend_name(report.snapshot)),
    ]
    if model.dtype_policy not in ("", "float32"):
        pairs.insert(4, ("Precision", model.dtype_policy))
    return pairs


def layer_count(model):
    return sum(not layer.nested for layer in model.layers)


def parameters(model, noun=""):
    """``458,501 parameters, 512 frozen (1.7 MiB)``, with or without the noun."""
    frozen = model.parameters - model.trainable_parameters
    return (
        f"{model.parameters:,}{noun}"
        + (f", {frozen:,} frozen" if frozen > 0 else "")
        + (f" ({_bytes(model.bytes)})" if model.bytes else "")
    )


def source_of(place, snapshot):
    """The Span where a place was written, or None."""
    sources = snapshot.sources
    return sources.get(place) or sources.get(WIDER.get(place, "")) or (sources.get("fit") if place.startswith("fit.") else None)


def place_of(finding, snapshot):
    """(where, path): ``cell [4], line 8`` (empty if unknown) and the path, or the user's own expression for data."""
    path = finding.place
    if path in ("data.x", "data.y"):
        values = snapshot.inputs if path == "data.x" else [contract.labels for contract in snapshot.contracts if contract.labels]
        path = next((value.expression for value in values if value.expression), path)
    span = source_of(finding.place, snapshot)
    return (str(span) if span else "", path)


def caution(fix):
    """What is said above a fix's diff about its safety, "" for a safe fix without a note."""
    if fix.applicability == Applicability.DISPLAY_ONLY:
        return f"{fix.note} {DISPLAY_ONLY}".strip()
    return fix.note or (UNSAFE if fix.applicability == Applicability.UNSAFE else "")


def evidence_text(value):
    """Numbers with at most four digits and thousands apart; whatever else as text."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if 10_000 <= abs(value) < 1e9 else f"{value:.4g}"
    if isinstance(value, (tuple, list)):
        return ", ".join(evidence_text(item) for item in value)
    return str(value)


def shape_text(shape):
    return "" if shape is None else ", ".join("?" if size is None else str(size) for size in shape) or "scalar"


def done(report):
    """What was done to make the report: nothing is trained."""
    snapshot = report.snapshot
    rows = f"{count(snapshot.probed_rows, 'row')} through the model" if snapshot.probed_rows else "no rows were run"
    return f"nothing was trained; {rows}" + (f"; {snapshot.seconds:.1f} s" if snapshot.seconds else "")


def _bytes(number):
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < 1024 or unit == "GiB":
            return f"{number:.1f} {unit}" if unit != "B" else f"{number} B"
        number /= 1024
