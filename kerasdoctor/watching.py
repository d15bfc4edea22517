"""What runs around one cell: %%fit_watch watches its fit calls, %%kerasdoctor notes them and examines them afterwards."""

from __future__ import annotations

import contextlib

from IPython.display import display

from kerasdoctor.views import watch_text


class WatchedCell:
    """From the first line of a %%fit_watch cell to its end."""

    def __init__(self, notebook, options):
        self.notebook, self.options = notebook, options
        self.stack = contextlib.ExitStack()
        self.watches = []

    def begin(self):
        from kerasdoctor.watch.wrap import watched

        self.watches = self.stack.enter_context(watched(self._on_fit))

    def _on_fit(self, model, arguments):
        """A FitWatch with the model's report and the panel; the report is made before training, on the arguments as they are."""
        from kerasdoctor.watch.monitor import FitWatch

        report, note = None, ""
        try:
            report = self.notebook.examine_fit(model, arguments, self.options)
        except Exception as problem:  # the run must not wait for a report
            note = f"the model could not be examined: {type(problem).__name__}: {problem}"
        monitor = FitWatch(report=report, listeners=self._listeners(), deep="--deep" in self.options.flags, arguments=arguments)
        if note:
            monitor.watch.notes.append(note)
        return monitor

    def _listeners(self):
        if "--text" in self.options.flags or not hasattr(self.notebook.shell, "kernel"):
            from kerasdoctor.watch.print_lines import PrintLines

            return (PrintLines(), _Summary())
        from kerasdoctor.views.live_plot import LivePanel

        panel = LivePanel()
        return (panel, _Shown(panel))

    def end(self, result=None):
        self.stack.close()
        if not self.watches and result is not None and result.success:
            print("kerasdoctor: no fit() was called in this cell, so there was nothing to watch")


class _Summary:
    """Prints the summary of a run at its end, where no panel can be shown."""

    def on_end(self, watch):
        print(watch_text.summary(watch))


class _Shown:
    """The live panel's place in the cell's output: made at the start, given the saved picture at the end."""

    def __init__(self, panel):
        self.panel, self.place = panel, None

    def on_start(self, watch):
        self.place = display(self.panel, display_id=True)

    def on_end(self, watch):
        if self.place is not None:
            self.place.update(self.panel)


class ExaminedCell:
    """From the first line of a %%kerasdoctor cell to its end: its fit calls run as they are, and are examined with the models it made."""

    def __init__(self, notebook, options, show):
        self.notebook, self.options, self.show = notebook, options, show
        self.before = {id(model) for model in notebook.models().values()}
        self.calls, self._undo = [], None

    def begin(self):
        import keras

        trainer = next(cls for cls in keras.Model.__mro__ if "fit" in vars(cls))
        original = trainer.fit
        trainer.fit = _noting(original, self.calls)
        self._undo = lambda: setattr(trainer, "fit", original)

    def end(self, result=None):
        if self._undo is not None:
            self._undo()
        reports, examined = [], set()
        self.notebook.reports = []
        for model, arguments in self.calls:
            if id(model) not in examined:
                examined.add(id(model))
                reports.append(self.notebook.examine_fit(model, arguments, self.options))
        for model in self.notebook.models().values():
            if id(model) not in self.before and id(model) not in examined:
                reports.append(self.notebook.examine(model, options=self.options))
        if reports:
            self.show(reports, self.options)
        elif result is None or result.success:
            print("kerasdoctor: this cell made no Keras model and called no fit()")


def _noting(original, noted):
    import functools
    import inspect

    signature = inspect.signature(original)

    @functools.wraps(original)
    def fit(self, *args, **kwargs):
        with contextlib.suppress(TypeError):
            arguments = dict(signature.bind(self, *args, **kwargs).arguments)
            arguments.pop("self")
            noted.append((self, arguments))
        return original(self, *args, **kwargs)

    return fit
