"""The Report: findings worst first, and the ways to use them. Views and patches are imported when they are asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from kerasdoctor.finding import Finding, Patch, SetLoss, SetMetric, Severity
from kerasdoctor.snapshot import Cell, Snapshot

UNWRITTEN = -1  # the number of a cell that is not there
NEWEST = 60  # cells looked through for labels and data


def _place(edit):
    """The path that an edit changes, "" for one that has to be looked for: labels, data, statements."""
    if isinstance(edit, (SetLoss, SetMetric)):
        return "compile"
    target = getattr(edit, "target", "")
    return "compile" if target == "optimizer" else target


@dataclass(frozen=True)
class Report:
    """What ``%kerasdoctor`` and ``diagnose`` return. ``silenced`` holds findings that the user asked not to see."""

    model: str
    backend: str
    keras: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    snapshot: Snapshot = field(default=None, repr=False)
    silenced: tuple[Finding, ...] = ()
    rules_checked: int = 0

    def to_dict(self):
        """JSON-ready: model, backend, keras, findings (worst first), notes, how many were silenced."""
        return {
            "model": self.model,
            "backend": self.backend,
            "keras": self.keras,
            "findings": [finding.to_dict() for finding in self.findings],
            "notes": list(self.notes),
            "silenced": len(self.silenced),
            "rules_checked": self.rules_checked,
        }

    def to_json(self):
        return json.dumps(self.to_dict(), indent=1, default=str)

    def count(self, severity):
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def is_clean(self):
        """No error and no warning."""
        return not self.count(Severity.ERROR) and not self.count(Severity.WARNING)

    def patch(self, text, codes=None):
        """``text`` with the best fix of every finding (or of ``codes`` only) put in.

        Returns a Patch; what could not be placed with certainty is in ``skipped`` with the reason, the text left as it is there.
        """
        from kerasdoctor.patch.source import patch_text

        wanted = None if codes is None else {code.upper() for code in ([codes] if isinstance(codes, str) else codes)}
        chosen = [finding for finding in self.findings if wanted is None or finding.code in wanted]
        return patch_text(text, chosen, self.snapshot) if chosen else Patch(source=text, diff="")

    def cell_patches(self, fix):
        """(patches, one for each cell that ``fix`` changes; why there are none, or ""). Never raises."""
        from kerasdoctor.patch.source import TargetNotFound, patch_cells

        if not fix.edits:
            return (), "advice only"
        if not self.snapshot.cells:
            return (), "the source of this model is not in a cell"
        call, cells = self.snapshot.fit.call if self.snapshot.fit else "", self._cells_for(fix)
        try:
            patches = patch_cells(cells, fix, self.snapshot)
        except TargetNotFound as reason:
            if not call:
                return (), str(reason)
            return self._with_call(fix, cells, call, str(reason))
        return patches, ""

    def _cells_for(self, fix):
        """The cells that a fix may read or change: reading one takes some 20 ms, and a notebook may have hundreds.

        Where every target was recorded as it ran, those cells and the imports are enough; labels and data may come from any cell.
        """
        sources, cells = self.snapshot.sources, self.snapshot.cells
        places = {_place(edit) for edit in fix.edits}
        if places <= {*sources, "fit"}:
            wanted = {sources[place].cell for place in places if place in sources}
            wanted |= {cell.number for cell in cells if "fit" in places and ".fit(" in cell.text} | {
                sources[s].cell for s in list(sources)[:1]
            }
        else:
            wanted = {span.cell for span in sources.values()} | {cell.number for cell in cells[-NEWEST:]}
        imports = {tuple(line.strip() for line in cell.text.splitlines() if "import " in line): cell.number for cell in reversed(cells)}
        wanted |= {number for lines, number in imports.items() if lines}
        return tuple(cell for cell in cells if cell.number in wanted)

    def _with_call(self, fix, cells, call, reason):
        """The patches where the fit call was only given to the magic: it tells which data are meant, and stands in no cell."""
        from kerasdoctor.patch.source import TargetNotFound, patch_cells

        try:
            patches = patch_cells((*cells, Cell(UNWRITTEN, None, call)), fix, self.snapshot)
        except TargetNotFound:
            return (), reason
        new = next((patch.new for patch in patches if patch.cell == UNWRITTEN), "")
        return (patches, "") if not new else ((), f"write the call as {new}")

    def save(self, path):
        """Write the report as one HTML file that needs nothing else."""
        from pathlib import Path

        from kerasdoctor.views.html import page

        Path(path).write_text(page(self), encoding="utf-8")

    def __str__(self):
        from kerasdoctor.views.text import render

        return render(self)

    def _repr_mimebundle_(self, include=None, exclude=None):
        from kerasdoctor.views.html import render

        return {"text/plain": str(self), "text/html": render(self)}
