"""What the extension remembers of a session: which cells ran, where layers were made, the last reports."""

from __future__ import annotations

import dataclasses
import re
import sys

from kerasdoctor import settings
from kerasdoctor.capture.source import SourceRecorder
from kerasdoctor.snapshot import Cell


class Notebook:
    """What the extension remembers of a session: the cells that ran, where layers were made, the last reports."""

    def __init__(self, shell):
        self.shell = shell
        self.cells, self.reports = {}, []
        self.recorder = SourceRecorder(self.cell_of)
        self.running = None  # what ends with the cell at hand
        self._started = None

    def cell_of(self, filename):
        """(number, lines, columns) of the cell whose code object has this file name, None for any other file.

        IPython takes empty lines and a common indentation off the front of a cell; lines and columns say how much.
        """
        number = getattr(self.shell.compile, "_filename_map", {}).get(filename)
        if number is None:
            return None
        history = self.shell.history_manager.input_hist_raw
        raw = history[number] if number < len(history) else ""
        front = re.match(r"(?:[^\S\n]*\n)*", raw).group()
        return number, front.count("\n"), len(re.match(r"[^\S\n]*", raw[len(front) :]).group())

    def note_cell(self, info):
        """A cell begins; its number is known when it has been put into the history (IPython counts at different moments)."""
        self.recorder.install()
        self._started = info if info.store_history and info.raw_cell else None

    def number_cell(self, number):
        """The cell that began last has this number."""
        info, self._started = self._started, None
        if info is not None:
            self.cells[number] = Cell(number, getattr(info, "cell_id", None), info.raw_cell)

    def known_cells(self):
        """The cells as they last ran, oldest first; those from before the extension was loaded have no id."""
        history = self.shell.history_manager.input_hist_raw
        self.number_cell(len(history) - 1)
        before = {n: Cell(n, None, text) for n, text in enumerate(history) if text.strip() and n not in self.cells}
        every = dict(sorted((before | self.cells).items()))
        newest = {cell.id or cell.text: number for number, cell in every.items()}  # run again: the last time counts
        return tuple(cell for number, cell in every.items() if newest[cell.id or cell.text] == number)

    def reruns(self):
        """((run, newest run), ...) of cells that were edited and run again."""
        newest = {cell.id: cell for cell in self.cells.values() if cell.id}  # in the order of their runs
        edited = (cell for cell in self.cells.values() if cell.id and newest[cell.id].text != cell.text)
        return tuple((cell.number, newest[cell.id].number) for cell in edited)

    def models(self):
        """``{name: model}`` of the user's namespace, each model once."""
        keras = sys.modules.get("keras")
        if keras is None:
            return {}
        found, seen = {}, set()
        for name, value in list(self.shell.user_ns.items()):
            if not name.startswith("_") and isinstance(value, keras.Model) and id(value) not in seen:
                seen.add(id(value))
                found[name] = value
        return found

    def name_of(self, model):
        return next((name for name, value in self.models().items() if value is model), None)

    def examine(self, model, x=None, y=None, options=None, **given):
        """A Report on one model, kept as one of the last; settings of pyproject.toml and ``--ignore`` are respected."""
        from kerasdoctor.api import diagnose_call

        configured = settings.load()
        report = diagnose_call(
            model,
            x,
            y,
            ignore=(*configured.ignore, *(options.ignore if options else ())),
            thresholds=configured.thresholds,
            variable=given.pop("variable", None) or self.name_of(model),
            recorder=self.recorder,
            cells=self.known_cells(),
            reruns=self.reruns(),
            **given,
        )
        if configured.problem:
            report = _with_note(report, configured.problem)
        self.reports.append(report)
        return report

    def examine_fit(self, model, arguments, options):
        """A Report on a model with the arguments of a fit call by name, as that call was made."""
        rest = {name: value for name, value in arguments.items() if name not in ("x", "y")}
        return self.examine(model, arguments.get("x"), arguments.get("y"), options=options, fit_arguments=rest, written=True)


def _with_note(report, note):
    return dataclasses.replace(report, notes=(*report.notes, note))
