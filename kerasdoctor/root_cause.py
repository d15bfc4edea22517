"""Incidents and the report, joined into ranked causes with evidence for and against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """``code`` is the finding or incident that names it, "" where nothing in the model does.

    ``likelihood``: likely, possible or ruled out.
    """

    code: str
    title: str
    likelihood: str
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()


def rank_causes(incidents, report, *, run=None, signals=()):
    """Causes, likeliest first."""
    return ()
