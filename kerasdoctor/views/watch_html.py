"""A finished run as HTML without script: what a saved notebook shows when no kernel is there."""

from __future__ import annotations

import base64
import secrets
from importlib import resources

from kerasdoctor.views import watch_outline
from kerasdoctor.views.escape import escape
from kerasdoctor.views.html import styles
from kerasdoctor.views.marks import heading, mark

LIKELY = {"likely": "high", "possible": "some"}
MOST_CELLS = 150
GRAVE = ("fine", "lost", "collapsed", "nan")


def render(watch, image=None, prefix=None):
    """One element with its styles. ``image``: PNG bytes of figure.png; without it the chart is left out, not empty."""
    prefix = prefix or f"kd-{secrets.token_hex(4)}"
    bands = watch_outline.bands(watch)
    count = f"{len(bands)} incident{'' if len(bands) == 1 else 's'}"
    return (
        f'{_styles()}<section class="kd kd-live kd-saved" id="{prefix}" data-worst="{watch_outline.severity(watch)}" '
        f'aria-label="kerasdoctor, training of {escape(watch.run.model)}: {count}">'
        f"{_head(watch)}{_progress(watch, bands)}{_chart(watch, bands, image)}{_causes(watch)}{_foot(watch)}</section>"
    )


def twin(watch, image, prefix):
    """The finished run with the place for the live panel, which a page with a kernel puts over it (live_plot.js)."""
    return f'<div class="kd-twin" id="{prefix}">{render(watch, image, prefix + "-saved")}</div>'


def waiting(prefix):
    """The same place while the run goes on: all that a page without the live panel can know."""
    return (
        f'<div class="kd-twin" id="{prefix}">{_styles()}<section class="kd kd-live kd-saved" data-worst="ok" aria-label="kerasdoctor">'
        f'<div class="kd-section kd-quiet">Training. The curve is drawn here when the run ends.</div></section></div>'
    )


def _styles():
    own = resources.files("kerasdoctor.views").joinpath("live_plot.css").read_text(encoding="utf-8")
    return f"<style>{styles(watch=True)}\n{own}</style>"


def _head(watch):
    severity = watch_outline.severity(watch)
    found = watch_outline.causes(watch)
    pieces = [f"<strong>{escape(text)}</strong>" if strong else escape(text) for text, strong in watch_outline.subtitle(watch, found)]
    return (
        f'<div class="kd-head">{mark(severity, "good" if severity == "ok" else severity, large=True)}'
        f"{heading(2, '', escape(watch_outline.title(watch)))}"
        f'<div class="kd-count"><span>{escape(watch.status)}</span></div><p class="kd-sub">{"".join(pieces)}</p></div>'
    )


def _progress(watch, bands):
    states, planned = watch_outline.epoch_states(watch, bands), max(watch_outline.epochs_planned(watch), 1)
    planned = max(planned, len(states))
    group = -(-planned // MOST_CELLS)
    best = watch.best_epoch and (watch.best_epoch - watch.run.initial_epoch - 1) // group
    cells = []
    for i in range(-(-planned // group)):
        held = states[i * group : (i + 1) * group]
        state = f' data-s="{max(held, key=GRAVE.index)}"' if held else ""
        cells.append(f"<i{state}{' data-best' if best == i else ''}></i>")
    said = f"epoch {watch.epoch} of {watch.run.epochs}"
    facts = [f"epoch <b>{watch.epoch}</b> of {watch.run.epochs}", f"batch <b>{watch_outline.last_batch(watch)}</b>"]
    if watch.batches_per_second:
        facts.append(f"<b>{watch_outline.speed(watch)}</b> batches/s")
    if watch.ended:
        facts.append(f"took <b>{watch.ended - watch.started:.3g} s</b>")
    spans = "".join(f"<span>{fact}</span>" for fact in facts)
    return (
        f'<div class="kd-progress"><div class="kd-epochs" role="img" aria-label="{said}">{"".join(cells)}</div>'
        f'<div class="kd-eta">{spans}</div></div>'
    )


def _chart(watch, bands, image):
    listed = "".join(
        f'<li data-s="{band.kind}"><b>{band.number}</b><span><code>{escape(band.code)}</code> {escape(band.label)}, epoch {band.epoch}, '
        f"batch {band.start}{', recovered' if band.recovered else ''}. {escape(band.message)}</span></li>"
        for band in bands
    )
    picture = ""
    if image:
        named = " and ".join(watch_outline.lines(watch)[:2])
        told = "; ".join(f"{band.label} in epoch {band.epoch}" for band in bands) or "no incidents"
        data = base64.b64encode(image).decode("ascii")
        picture = f'<img alt="{escape(f"{named} over batches: {told}")}" src="data:image/png;base64,{data}">'
    if not picture and not listed:
        return ""
    incidents = f'<ol class="kd-incidents">{listed}</ol>' if listed else ""
    return f'<div class="kd-chart">{picture}{incidents}</div>'


def _causes(watch):
    found = watch_outline.causes(watch)
    if not found:
        return ""
    items, rank = [], 0
    for cause in found:
        rank += cause.likelihood != "ruled out"
        lists = [_proof("for", cause.evidence_for), _proof("against", cause.evidence_against)]
        two = " two" if all(lists) else ""
        code = f"<code>{escape(cause.code)}</code> " if cause.code else ""
        likely = f'<span class="kd-likely" data-s="{LIKELY.get(cause.likelihood, "")}">{escape(cause.likelihood)}</span>'
        items.append(
            f'<li><span class="kd-rank">{rank if cause.likelihood != "ruled out" else "–"}</span>'
            f"<div>{heading(4, code, escape(cause.title), likely)}"
            f'<div class="kd-proof{two}">{"".join(lists)}</div></div></li>'
        )
    title = '<div class="kd-label" role="heading" aria-level="3">Causes, most likely first</div>'
    return f'<div class="kd-section">{title}<ol class="kd-causes">{"".join(items)}</ol></div>'


def _proof(kind, lines):
    return f'<ul class="{kind}">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>' if lines else ""


def _foot(watch):
    kept, notes = watch_outline.kept_text(watch), [escape(note) for note in watch.notes]
    said = "".join(f"<span>{note}</span>" for note in notes) + (f'<span class="kd-push">weights were kept: {kept}</span>' if kept else "")
    return f'<div class="kd-foot">{said}</div>' if said else ""
