"""The contract of one output as five stations, and where the chain breaks."""

from __future__ import annotations

from dataclasses import dataclass

from kerasdoctor.finding import Severity
from kerasdoctor.views.wording import head_says, labels_say, link_says, loss_says, metrics_say

STATIONS = ("head", "link", "loss", "labels", "metric")
# Which station a finding speaks about, by its first suspect.
STATION_OF = {
    "head_activation": "head",
    "head_units": "head",
    "layer_shape": "head",
    "redundant_layer": "head",
    "missing_activation": "head",
    "from_logits": "loss",
    "loss": "loss",
    "label_encoding": "labels",
    "label_range": "labels",
    "metric": "metric",
}
BROKEN_RAILS = {"head": (0, 1), "loss": (0, 1), "labels": (2,), "metric": (3,)}


@dataclass(frozen=True)
class Station:
    """``state`` is "ok", "error", "warning", "broken" (the link of a broken chain) or "unknown"."""

    kind: str
    value: str
    caption: str
    state: str


@dataclass(frozen=True)
class Chain:
    """``broken`` holds the indices of the rails that are cut: rail i runs from station i to station i + 1."""

    stations: tuple[Station, ...]
    broken: tuple[int, ...] = ()


def chain_of(report, contract):
    """The chain of one output. One break at most, of the worst finding about it; other findings mark their station."""
    states, broken = {}, ()
    for finding in _about(report, contract):
        station = STATION_OF.get(finding.suspects[0] if finding.suspects else "")
        if station and station not in states:
            states[station] = str(finding.severity)
            broken = broken or BROKEN_RAILS[station]
    if broken == (0, 1):
        states["link"] = "broken"
    texts = _texts(contract)
    return Chain(tuple(Station(kind, *texts[kind], states.get(kind) or _known(kind, contract)) for kind in STATIONS), broken)


def _about(report, contract):
    alone = len(report.snapshot.contracts) == 1
    for finding in report.findings:
        mine = finding.output == contract.output or (finding.output is None and alone)
        if mine and finding.code.startswith("KD1") and finding.severity != Severity.INFO:
            yield finding


def _texts(contract):
    return {
        "head": (str(contract.head), head_says(contract.head)),
        "link": link_says(contract),
        "loss": (contract.loss.name or "none", loss_says(contract)),
        "labels": labels_say(contract.labels),
        "metric": metrics_say(contract),
    }


def _known(kind, contract):
    known = {
        "head": contract.head.known,
        "link": contract.link is not None,
        "loss": contract.loss.computes is not None,
        "labels": contract.labels is not None,
        "metric": bool(contract.metrics),
    }
    return "ok" if known[kind] else "unknown"
