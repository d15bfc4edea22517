"""%kerasdoctor, %%kerasdoctor and %%fit_watch, and the extension's hooks in IPython."""

from __future__ import annotations

import contextlib
import difflib
import re
import sys

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class
from IPython.display import display

from kerasdoctor import calls, settings
from kerasdoctor.capture.source import WhenImported
from kerasdoctor.errors import ErrorHook
from kerasdoctor.notebook import Notebook
from kerasdoctor.options import OPTIONS, WATCH_OPTIONS, Options, completions

FIRST_LINE = re.compile(r"%%(kerasdoctor|fit_watch)(?![\w.])(.*)")


@magics_class
class KerasDoctorMagics(Magics):
    """The magics; each says in its docstring what ``?`` shows."""

    def __init__(self, shell):
        super().__init__(shell)
        self.notebook = Notebook(shell)

    @line_cell_magic
    def kerasdoctor(self, line, cell=None):
        """Examine Keras models: head, loss, labels and metric of every output, layers, data and the fit call.

        %kerasdoctor                               every model in the notebook
        %kerasdoctor model                         one model
        %kerasdoctor model.fit(x, y, epochs=50)    model, data and this call together; nothing is run
        %%kerasdoctor                              run this cell, then examine its models and fit calls

        Options, before the model:
          -o                return the Report
          --explain CODE    the rule, in full           --rules          all rules
          --fix CODE        the patched cell, below     --json, --text   other output
          --ignore CODES    leave out codes, families (KD3) or names; in a cell: # kerasdoctor: ignore=KD101
        """
        if cell is not None:  # only when called by hand: the input transformer has taken the cell otherwise
            return _run_below(self.shell, "kerasdoctor_begin", line, cell)
        options = Options(line, OPTIONS)
        if "--help" in options.flags:
            print(type(self).kerasdoctor.__doc__)
            return None
        for name, action in (("--explain", self._explain), ("--fix", self._fix)):
            if name in options.values:
                return action(options)
        if "--rules" in options.flags:
            from kerasdoctor.rulebook import table

            display(table((*settings.load().ignore, *options.ignore)))
            return None
        reports = self._reports(options)
        return self._show(reports, options)

    def _reports(self, options):
        notebook = self.notebook
        notebook.reports = []
        if not options.rest:
            models = notebook.models()
            if not models:
                raise UsageError(
                    "no Keras model is defined in this notebook yet; run the cell that makes it, or name one: %kerasdoctor model"
                )
            return [self._remembered(name, model, options) for name, model in models.items()]
        try:
            target = calls.parse(options.rest)
        except calls.NotACall as problem:
            raise UsageError(str(problem)) from None
        if isinstance(target, calls.FitCall):
            return [self._call(target, options)]
        model = self._evaluated(target, options.rest)
        self._must_be_model(model, options.rest)
        import ast

        variable = target.id if isinstance(target, ast.Name) else None
        return [self._remembered(variable, model, options)] if variable else [notebook.examine(model, options=options)]

    def _remembered(self, name, model, options):
        """A model by name, with the data of its last fit call where that names them plainly."""
        transform = self.shell.input_transformer_manager.transform_cell
        texts = (transform(cell.text) for cell in reversed(self.notebook.known_cells()))
        found = calls.last_simple_call(texts, name, self.shell.user_ns)
        if found is None:
            return self.notebook.examine(model, options=options, variable=name)
        x, y, arguments, expressions = found
        try:
            return self.notebook.examine(
                model, x, y, options=options, variable=name, fit_arguments=arguments, expressions=expressions, written=True
            )
        except TypeError:  # an old spelling in that call, for instance: the model alone can still be examined
            return self.notebook.examine(model, options=options, variable=name)

    def _call(self, call, options):
        model = self._evaluated(call.receiver, call.receiver_text)
        self._must_be_model(model, call.receiver_text)
        try:
            args, kwargs = calls.arguments(call, self.shell.user_ns)
        except Exception as problem:
            raise UsageError(f"an argument of this fit call cannot be evaluated: {type(problem).__name__}: {problem}") from None
        import inspect

        try:
            bound = inspect.signature(model.fit).bind(*args, **kwargs).arguments
        except TypeError as problem:
            raise UsageError(f"fit would refuse this call: {problem}{self._near_argument(problem, model)}") from None
        arguments = dict(bound)
        arguments |= arguments.pop("kwargs", {}) if isinstance(arguments.get("kwargs"), dict) else {}
        x, y = arguments.pop("x", None), arguments.pop("y", None)
        variable = call.receiver_text if call.receiver_text.isidentifier() else None
        try:
            return self.notebook.examine(
                model,
                x,
                y,
                options=options,
                variable=variable,
                fit_arguments=arguments,
                expressions=call.expressions,
                written=True,
                call=call.text.strip(),
            )
        except TypeError as problem:
            raise UsageError(str(problem)) from None

    def _near_argument(self, problem, model):
        import inspect

        wrong = re.search(r"argument '(\w+)'", str(problem))
        near = difflib.get_close_matches(wrong.group(1), inspect.signature(model.fit).parameters, 1) if wrong else []
        return f"; did you mean {near[0]!r}?" if near else ""

    def _evaluated(self, node, text):
        try:
            return calls.evaluate(node, self.shell.user_ns)
        except NameError as problem:
            near = difflib.get_close_matches(problem.name or text, self.notebook.models(), 1)
            known = ", ".join(self.notebook.models()) or "none yet"
            hint = f"did you mean {near[0]}?" if near else f"models in this notebook: {known}"
            raise UsageError(f"no name {problem.name or text!r} is defined; {hint}") from None
        except Exception as problem:
            raise UsageError(f"{text!r} cannot be evaluated: {type(problem).__name__}: {problem}") from None

    def _must_be_model(self, thing, text):
        keras = sys.modules.get("keras")
        if keras is None or not isinstance(thing, keras.Model):
            from kerasdoctor.api import described

            known = ", ".join(self.notebook.models()) or "none yet"
            raise UsageError(f"{text} is no Keras model but {described(thing)}; models in this notebook: {known}")

    def _show(self, reports, options):
        if "--json" in options.flags:
            print("[" + ",\n".join(report.to_json() for report in reports) + "]" if len(reports) > 1 else reports[0].to_json())
        else:
            for report in reports:
                show_report(self.shell, report, text="--text" in options.flags)
        if "-o" in options.flags:
            return reports[0] if len(reports) == 1 else reports
        return None

    def _explain(self, options):
        from kerasdoctor.rulebook import explain

        for code in options.values["--explain"]:
            try:
                display(explain(code))
            except LookupError as problem:
                raise UsageError(str(problem)) from None

    def _fix(self, options):
        reports = self.notebook.reports or self._reports(options)
        for code in options.values["--fix"]:
            self._fix_one(code, reports)

    def _fix_one(self, code, reports):
        found = [
            (report, finding)
            for report in reports
            for finding in report.findings
            if code.upper() == finding.code or code.lower() == finding.name
        ]
        if not found:
            spoken = ", ".join(sorted({finding.code for report in reports for finding in report.findings})) or "nothing"
            raise UsageError(f"{code} was not found in this notebook's models; found: {spoken}")
        report, finding = found[0]
        reasons = []
        for fix in finding.fixes:
            patches, reason = report.cell_patches(fix)
            if patches:
                print(f"{finding.code}: {fix.title}. {fix.note}".rstrip())
                for patch in patches:
                    print(patch.diff)
                many = len(patches) > 1
                self.shell.set_next_input(
                    "\n\n".join((f"# instead of cell [{p.cell}]\n" if many else "") + p.new.rstrip("\n") for p in patches)
                )
                return
            reasons.append(f"{fix.title}: {reason}")
        raise UsageError(f"{finding.code} has no patch for these cells. {'; '.join(reasons) or 'It is advice: ' + finding.message}")

    @line_cell_magic
    def fit_watch(self, line, cell=None):
        """Run this cell; every fit() in it gets the live panel.

        %%fit_watch [--deep] [--text] [--ignore CODES]

        The panel draws loss and metrics a batch, marks where training breaks and says why, keeps the last healthy weights, and has buttons
        to stop and to roll back. --deep probes every few batches whatever it costs. What fit computes is not changed.
        Afterwards: kerasdoctor.last_watch().
        """
        if cell is None:
            raise UsageError("%%fit_watch is a cell magic: put it on the first line of the cell that calls fit")
        return _run_below(self.shell, "fit_watch_begin", line, cell)

    @line_magic
    def fit_watch_begin(self, line):
        """The first line of a %%fit_watch cell, put there by the input transformer."""
        from kerasdoctor.watching import WatchedCell

        self._begin(WatchedCell(self.notebook, Options(line, WATCH_OPTIONS)))

    @line_magic
    def kerasdoctor_begin(self, line):
        """The first line of a %%kerasdoctor cell, put there by the input transformer."""
        from kerasdoctor.watching import ExaminedCell

        self._begin(ExaminedCell(self.notebook, Options(line, OPTIONS), lambda reports, options: self._show(reports, options)))

    def _begin(self, running):
        self.end_cell()
        self.notebook.running = running
        running.begin()

    def end_cell(self, result=None):
        if result is not None:
            self.notebook.number_cell(result.execution_count)
        running, self.notebook.running = self.notebook.running, None
        if running is not None:
            running.end(result)


def show_report(shell, report, text=False):
    """The panel where the front end can show one, else text."""
    if text or not hasattr(shell, "kernel"):
        print(report)
        return
    from kerasdoctor.views.panel import Panel

    display(Panel(report))


def _run_below(shell, begin, line, cell):
    """A cell magic called by hand (``run_cell_magic``): the begin line and the cell, as the transformer would have it."""
    if not cell.strip():
        raise UsageError("the cell is empty: put the code to run below the first line")
    shell.run_line_magic(begin, line)
    try:
        shell.run_cell(cell).raise_error()
    finally:
        shell.find_line_magic(begin).__self__.end_cell()


def begin_line(lines):
    """``%%fit_watch ...`` on the first line -> a line that calls its begin magic: line numbers, ``await`` and the last value stay.

    A ``%%magic`` on the second line is moved to the first. An empty cell and ``%%fit_watch?`` are left to IPython.
    """
    if not lines or not (found := FIRST_LINE.match(lines[0])) or lines[0].rstrip().endswith("?"):
        return lines
    if not "".join(lines[1:]).strip():
        return lines
    name, rest = found.groups()
    call = f"get_ipython().run_line_magic({name + '_begin'!r}, {rest.strip()!r})\n"
    if lines[1].startswith("%%"):
        return [lines[1], call, *lines[2:]]
    return [call, *lines[1:]]


def load(shell):
    """Register magics, events, completion and the transformer. Loading twice is loading once."""
    if getattr(shell, "_kerasdoctor", None) is not None:
        return
    magics = KerasDoctorMagics(shell)
    magics.errors = ErrorHook(shell, magics.notebook, display)
    magics.errors.install()
    shell.register_magics(magics)
    shell.input_transformers_cleanup.append(begin_line)
    shell.events.register("pre_run_cell", magics.notebook.note_cell)
    shell.events.register("post_run_cell", magics.end_cell)
    hook = WhenImported(magics.notebook.recorder.install)
    if "keras" not in sys.modules:
        sys.meta_path.insert(0, hook)
    magics.notebook.recorder.install()
    for name in ("%kerasdoctor", "%%kerasdoctor"):
        shell.set_hook("complete_command", lambda ip, event: completions(magics.notebook, event.line), str_key=name)
    shell._kerasdoctor = magics, hook


def unload(shell):
    """Take back what ``load`` did."""
    loaded = getattr(shell, "_kerasdoctor", None)
    if loaded is None:
        return
    magics, hook = loaded
    magics.end_cell()
    magics.errors.uninstall()
    magics.notebook.recorder.uninstall()
    shell.input_transformers_cleanup.remove(begin_line)
    shell.events.unregister("pre_run_cell", magics.notebook.note_cell)
    shell.events.unregister("post_run_cell", magics.end_cell)
    with contextlib.suppress(ValueError):
        sys.meta_path.remove(hook)
    for kind, names in (
        ("line", ("kerasdoctor", "fit_watch", "fit_watch_begin", "kerasdoctor_begin")),
        ("cell", ("kerasdoctor", "fit_watch")),
    ):
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)
    shell._kerasdoctor = None
