"""What a watch says, as plain values that the live panel, the figure, the text and the HTML of a run share."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from kerasdoctor.finding import Severity

KINDS = ("info", "lost", "collapsed", "nan")  # in order of gravity; the first has no colour of its own in the progress cells
NOT_METRICS = frozenset({"batch", "epoch", "rows", "learning_rate"})
BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "torch"}
SAID = {"best": "best", "kept": "last healthy"}
COLUMNS = 6  # lines of a chart: more metrics than that cannot be told apart


@dataclass(frozen=True)
class Band:
    """An incident as a stretch of batches. ``kind`` is one of KINDS; ``end`` is its last batch, before a graver incident takes over."""

    number: int
    code: str
    label: str
    kind: str
    epoch: int
    start: int
    end: int
    recovered: bool
    message: str


@dataclass(frozen=True)
class Cause:
    """``likelihood`` is "likely", "possible" or "ruled out"."""

    code: str
    title: str
    likelihood: str
    evidence_for: tuple[str, ...]
    evidence_against: tuple[str, ...]


def number(value, digits=3):
    """A number as people write it; NaN and infinity in words, never as a number."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    if isinstance(value, int) or value == 0:
        return str(int(value))
    return f"{value:.{digits}g}" if abs(value) < 0.001 or abs(value) >= 10**6 else f"{value:.{digits}f}"


def speed(watch):
    """Batches a second, in words; empty where it is not known."""
    rate = watch.batches_per_second
    return "" if not rate else f"{rate:.1f}" if rate < 10 else f"{rate:.0f}"


def lines(watch):
    """The columns that are drawn: the loss, the accuracy if there is one, the other metrics."""
    names = [name for name in watch.series if name not in NOT_METRICS]
    first = ("loss", watch.run.accuracy)
    return tuple(sorted(names, key=lambda name: first.index(name) if name in first else len(first))[:COLUMNS])


def last_batch(watch):
    batches = watch.series.get("batch")
    return int(batches[-1]) if batches else 0


def steps(watch):
    """Batches an epoch: as fit was told, or as the first epoch showed; None before that."""
    return watch.run.steps or (watch.epochs[0].batch if watch.epochs else None)


def epochs_planned(watch):
    return watch.run.epochs - watch.run.initial_epoch


def label(incident):
    return incident.name.replace("-", " ").replace("non finite", "non-finite")


def kind(incident):
    if {"finite", "nan"} & set(incident.name.lower().split("-")):
        return "nan"
    return {Severity.ERROR: "collapsed", Severity.WARNING: "lost"}.get(incident.severity, "info")


def bands(watch):
    """Incidents in the order of their batches. One that is open ends where a graver one begins, so that each stretch has one colour."""
    incidents = sorted(watch.incidents, key=lambda incident: (incident.batch, KINDS.index(kind(incident))))
    now = last_batch(watch)
    made = []
    for i, incident in enumerate(incidents):
        grave = KINDS.index(kind(incident))
        later = [n.batch - 1 for n in incidents[i + 1 :] if KINDS.index(kind(n)) > grave and n.batch > incident.batch]
        end = min([incident.until or now, *later])
        made.append(
            Band(
                number=i + 1,
                code=incident.code,
                label=label(incident),
                kind=kind(incident),
                epoch=incident.epoch,
                start=incident.batch,
                end=max(end, incident.batch),
                recovered=incident.state == "recovered",
                message=incident.message,
            )
        )
    return made


def epoch_states(watch, made=None):
    """The state of each epoch that has begun: "fine" or the gravest kind of the bands that touch it."""
    ends = [epoch.batch for epoch in watch.epochs]
    begun = len(ends) + (last_batch(watch) > (ends[-1] if ends else 0))
    states = ["fine"] * begun
    for band in sorted(bands(watch) if made is None else made, key=lambda band: KINDS.index(band.kind)):
        if band.kind != "info":
            for i in range(bisect_left(ends, band.start), min(bisect_left(ends, band.end), begun - 1) + 1):
                states[i] = band.kind
    return states


def marks(watch):
    """The epochs whose weights are kept, as (what, epoch, last batch of it); epoch 0 is the start."""
    ends = {0: 0} | {epoch.number: epoch.batch for epoch in watch.epochs}
    named = [("best", watch.best_epoch), ("kept", watch.healthy_epoch)]
    return [(what, epoch, ends[epoch]) for what, epoch in named if epoch in ends]


def severity(watch):
    """The mark of the head: "error", "warning", "info" (interrupted or failed without an incident) or "ok"."""
    kinds = {band.kind for band in bands(watch) if not band.recovered}
    if kinds & {"nan", "collapsed"}:
        return "error"
    if "lost" in kinds:
        return "warning"
    return "info" if watch.status in ("interrupted", "failed") or any(watch.incidents) else "ok"


def title(watch):
    """The diagnosis in one sentence, without a full stop."""
    made = bands(watch)
    grave = [b for b in made if not b.recovered and b.kind in ("collapsed", "nan")] or [b for b in made if not b.recovered] or made
    if not grave:
        return _nothing_found(watch)
    first, last = grave[0], grave[-1]
    sentence = f"{_capital(first.label)} in epoch {first.epoch}"
    if last.label != first.label:
        sentence += f"; {last.label} in epoch {last.epoch}" if last.recovered else f"; {last.label} since epoch {last.epoch}"
    return sentence + (", recovered" if all(band.recovered for band in made) else "")


def subtitle(watch, found):
    """What to do, as (text, emphasised) pieces; ``found`` are the causes."""
    pieces = []
    likely = next((cause for cause in found if cause.likelihood == "likely"), None)
    if likely and watch.incidents:
        pieces += [("Most likely: ", False), (_sentence_start(likely.title), True), (". ", False)]
    kept = marks(watch)
    if watch.incidents and kept and watch.status == "running":
        pieces.append(("The weights from before the fall are kept: roll back, or stop and patch.", False))
    elif watch.incidents and kept:
        pieces.append((f"Weights kept: {kept_text(watch)}.", False))
    if not pieces:
        name = f"{watch.run.model} on {BACKENDS.get(watch.run.backend, watch.run.backend)}"
        pieces.append((f"{name}: {watch.message}" if watch.message else name, False))
    return pieces


def kept_text(watch):
    return ", ".join(f"{epoch_name(epoch)} ({SAID[what]})" for what, epoch, _ in marks(watch))


def epoch_name(epoch):
    return f"epoch {epoch}" if epoch else "the start"


def causes(watch):
    return [
        Cause(
            code=str(_of(cause, "code") or ""),
            title=_plain(_of(cause, "title") or "").rstrip("."),
            likelihood=str(_of(cause, "likelihood") or "possible"),
            evidence_for=tuple(_plain(line) for line in _of(cause, "evidence_for") or ()),
            evidence_against=tuple(_plain(line) for line in _of(cause, "evidence_against") or ()),
        )
        for cause in watch.causes or ()
    ]


class LostStretches:
    """Where a line is not a number: ``found`` holds [first batch, last batch, "NaN" or "infinite"] for each stretch."""

    limit = 60  # a line that is NaN every other batch is drawn as one stretch, not as thousands

    def __init__(self, batches=(), values=()):
        self.found = []
        self._open = False
        for batch, value in zip(batches, values, strict=False):
            self.add(batch, value)

    def add(self, batch, value):
        lost = value is not None and not math.isfinite(value)
        if lost and (self._open or len(self.found) >= self.limit):
            self.found[-1][1] = int(batch)
        elif lost:
            self.found.append([int(batch), int(batch), "NaN" if math.isnan(value) else "infinite"])
        self._open = lost


def _nothing_found(watch):
    done = {
        "running": "Nothing unusual so far",
        "finished": f"Nothing unusual in {last_batch(watch)} {'batch' if last_batch(watch) == 1 else 'batches'}",
        "stopped": "Stopped; nothing unusual until then",
        "interrupted": "Interrupted; nothing unusual until then",
        "failed": "Training failed with an error",
    }
    return done.get(watch.status, watch.status)


def _plain(text):
    """The words of a finding without the marks of its Markdown: causes are shown as plain text everywhere."""
    return str(text).replace("`", "")


def _of(cause, name):
    return cause.get(name) if isinstance(cause, dict) else getattr(cause, name, None)


def _capital(text):
    return text[:1].upper() + text[1:]


def _sentence_start(text):
    """The title of a rule goes on after a colon: its first letter becomes small, unless the word is a name."""
    word = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if word[1:].islower() or len(word) == 1 else text
