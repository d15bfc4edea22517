"""A run as plain text: what a saved notebook, a terminal and a screen reader get."""

from __future__ import annotations

from kerasdoctor.views import watch_outline
from kerasdoctor.views.escape import clip

WIDTH = 140
INCIDENTS, CAUSES, NUMBERS = 5, 3, 4


def summary(watch):
    """At most 12 lines: the diagnosis, the state of the run, incidents with their numbers, causes, what was kept."""
    lines = [f"kerasdoctor: {watch_outline.title(watch)}", _state(watch)]
    lines += _incidents(watch)
    lines += [_cause(cause) for cause in watch_outline.causes(watch)[:CAUSES]]
    if watch.epochs:
        lines.append("last epoch: " + ", ".join(f"{name} {watch_outline.number(value)}" for name, value in watch.epochs[-1].logs.items()))
    kept = watch_outline.kept_text(watch)
    if kept:
        lines.append(f"weights kept: {kept}")
    return "\n".join(clip(line, WIDTH) for line in lines)


def _state(watch):
    run = watch.run
    words = f"{run.model}: {watch.status}" + (f" ({watch.message})" if watch.message else "")
    words += f", epoch {watch.epoch} of {run.epochs}, batch {watch_outline.last_batch(watch)}"
    if watch.batches_per_second:
        words += f", {watch_outline.speed(watch)} batches/s"
    return words


def _incidents(watch):
    made = watch_outline.bands(watch)
    by_place = {(incident.code, incident.batch): incident for incident in watch.incidents}
    shown = made if len(made) <= INCIDENTS else made[: INCIDENTS - 1]
    lines = []
    for band in shown:
        numbers = list(by_place[band.code, band.start].numbers.items())[:NUMBERS]
        facts = ", ".join(f"{name.replace('_', ' ')} {watch_outline.number(value)}" for name, value in numbers) or band.message
        recovered = ", recovered" if band.recovered else ""
        lines.append(f"{band.number}. {band.code} {band.label}, epoch {band.epoch}, batch {band.start}{recovered}: {facts}")
    if len(shown) < len(made):
        lines.append(f"and {len(made) - len(shown)} more incidents")
    return lines


def _cause(cause):
    """The cause with the first of its evidence: for it, or against it where it is ruled out."""
    proof = cause.evidence_against if cause.likelihood == "ruled out" else cause.evidence_for
    name = f"{cause.likelihood}: " + f"{cause.code} {cause.title}".strip()
    fits = proof and len(name) + len(proof[0]) + 3 <= WIDTH
    return f"{name} ({proof[0]})" if fits else name
