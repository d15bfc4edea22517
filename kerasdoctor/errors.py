"""After an error in a cell: the finding that explains it, shown above the traceback. What nothing explains is left as it is."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import sys

from kerasdoctor import old_spelling, raised, settings
from kerasdoctor.diagnosis import ignored_in, is_ignored
from kerasdoctor.finding import Applicability, Fix, SetLabels, WrapData
from kerasdoctor.report import Report
from kerasdoctor.snapshot import Model, Snapshot

LEFT_ALONE = ("UsageError", "SystemExit", "KeyboardInterrupt", "SyntaxError", "IndentationError")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Data edits change the arguments of fit; for another method's call they are said and not written.
ARGUMENT_EDITS = (WrapData, SetLabels)


class ErrorHook:
    """Wraps ``shell.showtraceback`` while it is installed. ``display`` shows a panel in a notebook; a terminal gets text."""

    def __init__(self, shell, notebook, display):
        self.shell, self.notebook, self.display = shell, notebook, display
        self._original = None

    def install(self):
        self._original = original = self.shell.showtraceback

        def showtraceback(exc_tuple=None, *args, **kwargs):
            with contextlib.suppress(Exception):  # the user's traceback comes first, whatever becomes of the explanation
                self._explain(exc_tuple)
            return original(exc_tuple, *args, **kwargs)

        self.shell.showtraceback = showtraceback

    def uninstall(self):
        if self._original is not None:
            vars(self.shell).pop("showtraceback", None)
            if self.shell.showtraceback != self._original:
                self.shell.showtraceback = self._original
            self._original = None

    def _explain(self, exc_tuple):
        kind, problem, trace = exc_tuple or sys.exc_info()
        if not isinstance(problem, Exception) or kind.__name__ in LEFT_ALONE or "keras" not in sys.modules:
            return
        before = self.notebook.reports
        report = explained(self.notebook, problem, trace)
        self.notebook.reports = [report] if report is not None else before
        if report is not None:
            self._show(report)

    def _show(self, report):
        if hasattr(self.shell, "kernel"):
            from kerasdoctor.views.error_panel import ErrorPanel

            self.display(ErrorPanel(report))
        else:
            from kerasdoctor.views import error_view

            print(error_view.text(report))


def explained(notebook, problem, trace):
    """The Report with what explains an exception that a cell raised; None where nothing does."""
    cells = notebook.known_cells()
    place = raised.cell_statement(trace, notebook.cell_of)
    ignored = (*settings.load().ignore, *ignored_in([cell for cell in cells if place and cell.number == place[0]]))
    report = _spelling(notebook, problem, place, cells) if place else None
    report = report or _mechanism(notebook, problem, trace, place, cells)
    if report is None:
        return None
    findings = tuple(finding for finding in report.findings if not is_ignored(_rule(finding), ignored))
    return dataclasses.replace(report, findings=findings, silenced=()) if findings else None


def _rule(finding):
    from kerasdoctor.rule import find_rule

    return find_rule(finding.code)


def _bare(name, cells, found=(), sources=None):
    """A Snapshot of cells alone, where there is no model to speak of."""
    keras = sys.modules["keras"]
    version, backend = getattr(keras, "__version__", ""), keras.config.backend()
    return Snapshot(Model(name, ""), backend=backend, keras=version, cells=cells, sources=sources or {}, old_spellings=tuple(found))


def _report(snapshot, findings):
    return Report(snapshot.model.name, snapshot.backend, snapshot.keras, tuple(findings), snapshot=snapshot)


def _spelling(notebook, problem, place, cells):
    """KD601, where the statement that raised is written for an older Keras."""
    from kerasdoctor.finding import ModernSpelling
    from kerasdoctor.rules.source.keras_one_or_two_spelling import KerasOneOrTwoSpelling

    models = {name: _units(model) for name, model in notebook.models().items()}
    found = old_spelling.raised(problem, place, cells, models, sys.modules["keras"].config.backend())
    if not found:
        return None
    snapshot = _bare(f"cell [{found[0].cell}]", cells, found, old_spelling.sources_of(found))
    edit = ModernSpelling(found[0].cell, tuple(models.items()))
    findings = [_with_edit(finding, edit) for finding in KerasOneOrTwoSpelling().check(snapshot)]
    return _report(snapshot, findings)


def _with_edit(finding, edit):
    fixes = tuple(dataclasses.replace(fix, edits=(edit,)) if fix.edits else fix for fix in finding.fixes)
    return dataclasses.replace(finding, fixes=fixes)


def _units(model):
    try:
        return int(model.output_shape[-1])
    except (AttributeError, TypeError, ValueError, IndexError):
        return None


def _mechanism(notebook, problem, trace, place, cells):
    """What the model and the data of the failed call say, joined with the exception by mechanism."""
    from kerasdoctor.rules.source.error_explained import ErrorExplained

    said, call = COLOURS.sub("", str(problem)), raised.model_call(trace)
    facts = {"known names": _known_names()}
    report = _examined(notebook, call) if call is not None else None
    if call is None and place is None:
        return None
    if call is not None:
        facts |= {"labels given": call.y is not None or call.method not in ("fit", "train_on_batch", "evaluate")}
        facts |= {"data": type(call.x).__name__, "arrays": _count(call.x), "labels": _count(call.y)}
    snapshot = report.snapshot if report else None
    found = ErrorExplained().explain(said, report.findings if report else (), snapshot, facts)
    if not found:
        return None
    if report is None:
        sources = {"source": _span(place)} if place else {}
        return _report(_bare(f"cell [{place[0]}]" if place else "this cell", cells, (), sources), found)
    if call.method not in ("fit", "compile"):
        found = [_without_arguments(finding) for finding in found]
    return dataclasses.replace(report, findings=tuple(found))


def _span(place):
    from kerasdoctor.snapshot import Span

    return Span(place[0], place[1], 0, place[2], 0)


def _examined(notebook, call):
    fit = set(_parameters(call.model))
    arguments = {name: value for name, value in call.rest.items() if name in fit} if call.method == "fit" else {}
    try:
        return notebook.examine(call.model, call.x, call.y, fit_arguments=arguments, written=call.method == "fit")
    except Exception:  # the model may be half made: what the exception's text alone explains can still be said
        return None


def _parameters(model):
    import inspect

    return inspect.signature(type(model).fit).parameters


def _count(data):
    """How many arrays some data are, as far as that shows."""
    if isinstance(data, (list, tuple, dict)):
        return len(data)
    return None if data is None else 1


def _without_arguments(finding):
    def said(fix):
        touches = any(isinstance(edit, ARGUMENT_EDITS) for edit in fix.edits)
        return Fix(fix.title, Applicability.DISPLAY_ONLY, (), fix.note) if touches else fix

    return dataclasses.replace(finding, fixes=tuple(said(fix) for fix in finding.fixes))


def _known_names():
    """``{kind: names}`` that Keras takes as text, by the kinds that its messages name."""
    keras = sys.modules["keras"]
    modules = {
        "optimizer": keras.optimizers,
        "loss": keras.losses,
        "metric": keras.metrics,
        "activation function": keras.activations,
        "initializer": keras.initializers,
        "regularizer": keras.regularizers,
        "constraint": keras.constraints,
    }
    no_names = ("get", "serialize", "deserialize", "legacy", "schedules")
    found = {kind: [name for name in dir(module) if name[0].islower() and name not in no_names] for kind, module in modules.items()}
    found["optimizer"] += [name.lower() for name in dir(keras.optimizers) if name[0].isupper() and not name.endswith("Optimizer")]
    found["metric"] += ["accuracy", "mse", "mae"]
    found["loss"] += ["mse", "mae"]
    return found
