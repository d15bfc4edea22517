"""FitWatch: the Keras callback that records a fit call, runs the training rules and obeys the buttons.

First, do no harm: everything here runs guarded. An exception of a rule, a listener, the probe or the record becomes one note in
``watch.notes``, and that part is left out for the rest of the run.
"""

from __future__ import annotations

import time

import keras

from kerasdoctor.step import Epoch, Step
from kerasdoctor.watch.facts import loss_name, run_facts, with_metrics
from kerasdoctor.watch.flight_recorder import FlightRecorder
from kerasdoctor.watch.incidents import IncidentLog, training_rules
from kerasdoctor.watch.model_state import ModelState
from kerasdoctor.watch.print_lines import PrintLines
from kerasdoctor.watch.prober import Prober
from kerasdoctor.watch.record import Watch
from kerasdoctor.watch.running_means import RunningMeans

UPDATES_A_SECOND = 4
_last = None


def last_watch():
    """The Watch of the last fit call that was watched, or None."""
    return _last


class FitWatch(keras.callbacks.Callback):
    """Watch one fit call after the other: ``model.fit(x, y, callbacks=[FitWatch()])``.

    ``report``: the static Report on the model, if there is one. ``listeners``: objects with any of ``on_start(watch)``,
    ``on_update(watch)``, ``on_incident(watch, incident)``, ``on_end(watch)``; without any, incidents are printed. ``rules``: training
    rule instances instead of all. ``deep``: probe every few batches whatever it costs. ``arguments``: those of fit, from which the
    probe's batch is taken.
    """

    copy_share = 0.05  # of the time between two copies of the weights; a copy takes about 1 ms for 20 small variables

    def __init__(self, report=None, listeners=(), rules=None, deep=False, arguments=None):
        super().__init__()
        self.report, self.listeners, self.rules, self.deep, self.arguments = report, tuple(listeners), rules, deep, arguments
        self.watch = Watch(report)
        self._recording = False
        self._dead = set()

    # ---- Keras calls

    def on_train_begin(self, logs=None):
        if self._recording or self.watch.series["batch"]:
            self.watch = Watch(self.report)  # the same callback in a second fit
        self._dead = set()
        self._recording = True
        self._guarded("the record", self._begin)
        if self._recording:
            self._tell("on_start")

    def on_epoch_begin(self, epoch, logs=None):
        if self._recording:
            self._guarded("the record", self._begin_epoch, epoch)

    def on_train_batch_end(self, batch, logs=None):
        if self._recording:
            self._guarded("the record", self._record, batch, logs or {})

    def on_epoch_end(self, epoch, logs=None):
        if self._recording:
            self._guarded("the record", self._end_epoch, epoch, logs or {})

    def on_train_end(self, logs=None):
        self.ended_by(None)

    def ended_by(self, error):
        """Set status and message once: None for a normal end, else the exception that ended fit."""
        watch = self.watch
        if watch.status != "running":
            return
        watch.ended, watch.eta = time.perf_counter(), None
        if isinstance(error, KeyboardInterrupt):
            watch.status, watch.message = "interrupted", f"interrupted in epoch {watch.epoch}, batch {watch.batch_in_epoch}"
        elif error is not None:
            watch.status, watch.message = (
                "failed",
                f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}",
            )
        elif watch.stop_asked:
            watch.status, watch.message = "stopped", f"stopped after epoch {watch.epoch}, batch {watch.batch_in_epoch}"
        elif len(watch.epochs) < watch.run.epochs - watch.run.initial_epoch:
            watch.status, watch.message = "finished", f"ended by fit after epoch {watch.epoch} of {watch.run.epochs}"
        else:
            watch.status, watch.message = "finished", f"all {watch.run.epochs} epochs"
        self._recording = False
        self._tell("on_end")

    # ---- the run

    def _begin(self):
        global _last
        _last = watch = self.watch
        watch.started = time.perf_counter()
        self._model = getattr(self._model, "module", self._model)  # torch's DistributedDataParallel wraps the model
        watch.run = run_facts(self._model, self.params or {}, report=self.report, arguments=self.arguments)
        self._log = IncidentLog(training_rules() if self.rules is None else list(self.rules), self._note)
        watch.incidents = self._log.incidents
        if not self.listeners:
            self.listeners = (PrintLines(),)
        self._state = self._means = self._prober = None
        self._rate, self._updated, self._batches_before, self._epoch_began = None, 0.0, 0, watch.started
        self._last_copied, self._copy_seconds = 0.0, 0.0
        if self._model.built:
            self._guarded("the flight recorder", self._keep_start)

    def _begin_epoch(self, epoch):
        watch = self.watch
        if not watch.epochs and not watch.batch:
            watch.run = _with(watch.run, initial_epoch=epoch)
        watch.epoch, watch.batch_in_epoch = epoch + 1, 0
        self._batches_before, self._epoch_began = watch.batch, time.perf_counter()
        if self._means is not None:
            self._means.begin_epoch()

    def _first_batch(self, logs):
        """Set up at the first batch's end: only then are model and optimizer built on every backend."""
        watch = self.watch
        watch.run = with_metrics(watch.run, logs)
        self._state = ModelState(self._model)
        self._means = RunningMeans(self._state, watch.run.steps, uneven=_is_stream((self.arguments or {}).get("x")))
        self._loss = loss_name(logs)
        self._metrics = [name for name in logs if name != self._loss]
        self._columns = {name: watch.series.setdefault(name, []) for name in self._metrics}
        self._prober = Prober(
            self._state, self.arguments, self._note, first_batch_seconds=time.perf_counter() - self._epoch_began, deep=self.deep
        )
        start = watch.recorder.start if watch.recorder else None
        watch.recorder = FlightRecorder(self._state, start)
        if watch.recorder.note:
            watch.notes.append(watch.recorder.note)
        self._first_batch_ended = time.perf_counter()

    def _record(self, batch, logs):
        watch, now = self.watch, time.perf_counter()
        if self._state is None:
            self._first_batch(logs)
        own, span, rows = self._means.own(batch, logs)
        watch.batch_in_epoch = self._means.batches
        watch.batch = self._batches_before + watch.batch_in_epoch
        due = now - self._updated >= 1 / UPDATES_A_SECOND
        if due or self._rate is None:
            self._rate = self._guarded("the learning rate", self._state.learning_rate)
        loss = own.get(self._loss, float("nan"))
        self._append(own, loss, rows)
        metrics = {name: own[name] for name in self._metrics if name in own}
        signals = self._probe(now, loss)
        step = Step(watch.batch, watch.epoch, watch.batch_in_epoch, loss, metrics, rows, span, self._rate, signals, watch.run)
        self._observe(step)
        if watch.stop_asked:
            self._model.stop_training = True
        if watch.roll_back_asked:
            self._roll_back()
        if due:
            self._updated = now
            self._pace(now)
            self._tell("on_update")

    def _append(self, own, loss, rows):
        series = self.watch.series
        series["batch"].append(self.watch.batch)
        series["epoch"].append(self.watch.epoch)
        series["loss"].append(loss)
        series["learning_rate"].append(float("nan") if self._rate is None else self._rate)
        series["rows"].append(float("nan") if rows is None else rows)
        for name, column in self._columns.items():
            column.append(own.get(name, float("nan")))

    def _probe(self, now, loss, *, at_once=False):
        if "the probe" in self._dead:
            return None
        signals = self._guarded("the probe", self._prober.signals, now, self.watch.batch, loss, self._log.alarm, at_once)
        if signals is not None:
            self.watch.signals.append((self.watch.batch, signals))
        return signals

    def _observe(self, step):
        news = self._log.observe(step)
        if any(incident.until is None for incident in news) and step.signals is None:
            signals = self._probe(time.perf_counter(), step.loss, at_once=True)
            if signals is not None:
                news += self._log.observe_signals(step, signals)
        for incident in news:
            self._tell("on_incident", incident)

    def _end_epoch(self, epoch, logs):
        watch, now = self.watch, time.perf_counter()
        watch.epochs.append(Epoch(epoch + 1, watch.batch, {k: float(v) for k, v in logs.items() if _is_number(v)}, now - self._epoch_began))
        if watch.run.steps is None and watch.batch_in_epoch:
            watch.run = _with(watch.run, steps=watch.batch_in_epoch)
            self._means.steps = watch.batch_in_epoch
        if self._state is not None:
            for incident in self._log.observe_epoch(watch.epochs[-1], self._last_step()):
                self._tell("on_incident", incident)
            self._guarded("the flight recorder", self._keep, epoch + 1, logs)
        if watch.stop_asked:
            self._model.stop_training = True
        self._updated = now
        self._pace(now)
        self._tell("on_update")

    def _keep_start(self):
        """The weights before the first batch, to go back to until an epoch has ended well. The optimizer has no history yet."""
        recorder = FlightRecorder(ModelState(self._model))
        recorder.start = recorder.copy(0, 0)
        self.watch.recorder = recorder

    def _keep(self, epoch, logs):
        """At an epoch's end: copy, look whether all is finite, keep what is healthy.

        Left out where epochs are so short that it would show.
        """
        watch, begin = self.watch, time.perf_counter()
        if self._copy_seconds > self.copy_share * (begin - self._last_copied):
            return
        kept = watch.recorder.copy(epoch, watch.batch)
        if kept is not None and kept.finite:
            value = logs.get("val_loss", logs.get("loss"))
            watch.recorder.keep(kept, healthy=not self._log.alarm, value=value)
        elif "the probe" not in self._dead:
            self._signal_at_epoch_end()
        self._last_copied = time.perf_counter()
        self._copy_seconds = self._last_copied - begin

    def _signal_at_epoch_end(self):
        watch, signals = self.watch, self._guarded("the probe", self._prober.weights)
        if signals is None:
            return
        watch.signals.append((watch.batch, signals))
        for incident in self._log.observe_signals(self._last_step(), signals):
            self._tell("on_incident", incident)

    def _last_step(self):
        watch = self.watch
        return Step(watch.batch, watch.epoch, watch.batch_in_epoch, watch.series["loss"][-1], run=watch.run)

    def _roll_back(self):
        watch, (rate,) = self.watch, self.watch.roll_back_asked
        watch.roll_back_asked = None
        try:
            kept = watch.recorder.restore("healthy", learning_rate=rate)
        except (LookupError, TypeError) as error:
            watch.notes.append(f"not rolled back: {error}")
            return
        self._model.reset_metrics()
        self._means.reset()
        self._rate = None
        lowered = "" if rate is None else f" with learning rate {rate:g}"
        watch.notes.append(f"rolled back at batch {watch.batch} to the weights of epoch {kept.epoch}{lowered}")
        for incident in self._log.roll_back(watch.batch):
            self._tell("on_incident", incident)

    def _pace(self, now):
        """Speed over the whole run after its first batch, which holds the compilation, and the time that is left."""
        watch = self.watch
        passed = now - getattr(self, "_first_batch_ended", now)
        if passed <= 0 or watch.batch < 2:
            return
        watch.batches_per_second = (watch.batch - watch.run.steps_per_execution) / passed or None
        if watch.run.steps and watch.batches_per_second:
            left = (watch.run.epochs - watch.epoch) * watch.run.steps + max(watch.run.steps - watch.batch_in_epoch, 0)
            watch.eta = left / watch.batches_per_second

    # ---- guards

    def _guarded(self, part, function, *args):
        """The function's value, or None where it raised: then the part is noted once and switched off."""
        if part in self._dead:
            return None
        try:
            return function(*args)
        except Exception as error:
            self._note(part, error)
            self._dead.add(part)
            if part == "the record":
                self._recording = False
            return None

    def _note(self, part, error):
        self.watch.notes.append(f"{part} was switched off: {type(error).__name__}: {error}")

    def _tell(self, event, *args):
        for listener in self.listeners:
            method = getattr(listener, event, None)
            if method is not None and id(listener) not in self._dead:
                try:
                    method(self.watch, *args)
                except Exception as error:
                    self._dead.add(id(listener))
                    self._note(f"listener {type(listener).__name__}", error)


def _with(run, **fields):
    return type(run)(**{**vars(run), **fields})


def _is_number(value):
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_stream(x):
    """Whether fit draws batches of a size of their own from it; unknown (a bare callback sees no data) counts as such."""
    return not hasattr(x, "shape") and not isinstance(x, list | tuple | dict)
