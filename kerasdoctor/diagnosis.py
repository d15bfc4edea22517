"""Snapshot -> Report: every rule is asked; the worst finding comes first; a rule that fails becomes a note."""

from __future__ import annotations

import re

from kerasdoctor.report import Report
from kerasdoctor.rule import SnapshotRule, all_rules

# Before other findings of the same severity: what breaks the contract explains most of what else is seen.
FAMILY_ORDER = ("output", "data", "architecture", "optimization", "source", "training")
IN_CELL = re.compile(r"#\s*kerasdoctor:\s*ignore=([A-Za-z0-9_,\s-]+)")


def diagnose_snapshot(snapshot, ignore=(), thresholds=None):
    """A Report of what the rules say. ``ignore``: codes, prefixes or names; ``thresholds``: ``{code or name: {attribute: value}}``."""
    findings, silenced, notes, asked = [], [], list(snapshot.notes), 0
    ignored = list(ignore) + ignored_in(_cells_of_model(snapshot))
    for cls in all_rules().values():
        if not issubclass(cls, SnapshotRule):
            continue
        asked += 1
        try:
            found = list(_configured(cls, thresholds or {}).check(snapshot))
        except Exception as problem:  # a rule must never cost the user the report
            notes.append(f"{cls.code} could not be checked: {type(problem).__name__}: {problem}")
            continue
        (silenced if is_ignored(cls, ignored) else findings).extend(found)
    findings = sorted(_explained(findings), key=_order)
    return Report(
        model=snapshot.model.variable or snapshot.model.name,
        backend=snapshot.backend,
        keras=snapshot.keras,
        findings=tuple(findings),
        notes=tuple(notes),
        snapshot=snapshot,
        silenced=tuple(silenced),
        rules_checked=asked,
    )


def _configured(cls, thresholds):
    """An instance with the user's thresholds. Raises TypeError for a threshold that the rule does not have."""
    rule = cls()
    for key in (cls.code, cls.name()):
        for name, value in thresholds.get(key, {}).items():
            if not hasattr(cls, name):
                raise TypeError(f"no threshold {name!r}")
            setattr(rule, name, value)
    return rule


def _cells_of_model(snapshot):
    """The cells whose comments may silence rules: those that made or compiled the model, and the newest; all where that is not known."""
    made = {span.cell for span in snapshot.sources.values()}
    if not made or not snapshot.cells:
        return snapshot.cells
    newest = max(cell.number for cell in snapshot.cells)
    return [cell for cell in snapshot.cells if cell.number in made or cell.number == newest]


def ignored_in(cells):
    """What ``# kerasdoctor: ignore=KD101,KD3`` comments in the cells name."""
    return [item.strip() for cell in cells for match in IN_CELL.findall(cell.text) for item in match.split(",") if item.strip()]


def is_ignored(cls, ignored):
    return any(cls.code.startswith(item.upper()) or cls.name() == item.lower() for item in ignored)


def _explained(findings):
    """Leave out what another finding of the same output already says better: rules name those codes in ``explained_by``."""
    spoken = {(f.code, f.output) for f in findings}
    rules = all_rules()
    for finding in findings:
        better = getattr(rules[finding.code], "explained_by", ())
        if not any((code, finding.output) in spoken for code in better):
            yield finding


def _order(finding):
    rule = all_rules()[finding.code]
    return finding.severity.rank, getattr(rule, "after_others", False), FAMILY_ORDER.index(rule.family()), finding.code


def worst(findings):
    """The worst severity among findings, None for none."""
    return min((f.severity for f in findings), key=lambda s: s.rank, default=None)
