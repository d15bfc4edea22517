"""The live panel of a run: an anywidget that listens to a Watch and draws it while it trains."""

from __future__ import annotations

import base64
import secrets
import threading
import time
from inspect import signature
from pathlib import Path

import anywidget
import traitlets

from kerasdoctor.views import poll, watch_html, watch_outline, watch_text
from kerasdoctor.views.click import route_to_frontend_subshell
from kerasdoctor.views.run_tables import RunTables

HERE = Path(__file__).parent
ANSWERS = {"stop": "Stopping after this batch.", "rollback": "Going back after this batch."}


def _source(*names):
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


class LivePanel(anywidget.AnyWidget):
    """Listener of one Watch. Points go out as float32 rows of buckets.Buckets: what is new at most four times a second, everything
    every two seconds as traits, so that a second view or a reloaded page draws the whole run.
    """

    _esm = _source("twin.js", "live_table.js", "live_chart.js", "live_plot.js")

    prefix = traitlets.Unicode().tag(sync=True)

    state = traitlets.Dict().tag(sync=True)
    points = traitlets.Bytes().tag(sync=True)
    epochs = traitlets.Bytes().tag(sync=True)
    probes = traitlets.Bytes().tag(sync=True)

    update_seconds = 0.25
    full_copy_seconds = 2.0

    def __init__(self):
        super().__init__(prefix=f"kd-{secrets.token_hex(4)}")
        self.watch = None
        self._sequence = 0
        self._causes = []
        self._updated = self._copied = float("-inf")
        self._lock = threading.RLock()  # a click or a request of a new page comes in another thread
        self._tables = RunTables(None)
        self.on_msg(self._receive)

    def _repr_mimebundle_(self, **kwargs):
        """The saved twin: complete when the run has ended, a line while it trains. The page puts the live panel in its place."""
        ended = self.watch is not None and self.watch.status != "running"
        if not ended:
            return {"text/html": watch_html.waiting(self.prefix), "text/plain": "kerasdoctor watches this run"}
        from kerasdoctor.views.figure import png  # matplotlib is loaded when the first run has ended, not before training

        image = png(self.watch)
        return {
            "text/html": watch_html.twin(self.watch, image, self.prefix),
            "image/png": base64.b64encode(image).decode("ascii"),
            "text/plain": watch_text.summary(self.watch),
        }

    # The four calls of a Watch.

    def on_start(self, watch):
        self.watch = watch
        route_to_frontend_subshell(self)
        self._publish(full=True)

    def on_update(self, watch):
        self.watch = watch
        if poll.needed():
            poll.poll(self)
        if time.perf_counter() - self._updated >= self.update_seconds:
            self._publish()

    def on_incident(self, watch, incident):
        self.watch = watch
        self._publish(full=True)

    def on_end(self, watch):
        self.watch = watch
        self._publish(full=True)

    # Kernel to page.

    def _publish(self, full=False):
        with self._lock:
            now, watch = time.perf_counter(), self.watch
            if watch_outline.lines(watch) != self._tables.lines:
                self._tables, full = RunTables(watch), True
            self._tables.collect(watch)
            self._sequence += 1
            news = {name: table.take() for name, table in self._tables.items()}
            if full:  # ranking causes takes its time, and what they rest on changes with incidents only
                self._causes = watch_outline.causes(watch)
            state = self._state()
            if full or now - self._copied >= self.full_copy_seconds:
                self._copied = now
                with self.hold_sync():
                    self.state = state
                    for name, table in self._tables.items():
                        setattr(self, name, table.pack())
            else:
                starts = {name: start for name, (start, _) in news.items()}
                self.send({"type": "update", "state": state, "starts": starts}, [data for _, data in news.values()])
            self._updated = now

    def _state(self):
        """All that is not a curve, JSON-ready: numbers that may be NaN are text."""
        watch, run = self.watch, self.watch.run
        bands = watch_outline.bands(watch)
        steps = watch_outline.steps(watch)
        planned = watch_outline.epochs_planned(watch)
        return {
            "sequence": self._sequence,
            "status": watch.status,
            "message": watch.message or "",
            "model": run.model,
            "severity": watch_outline.severity(watch),
            "title": watch_outline.title(watch),
            "subtitle": watch_outline.subtitle(watch, self._causes),
            "lines": list(self._tables.lines),
            "accuracy": run.accuracy,
            "chance": run.chance,
            "sizes": {name: table.size for name, table in self._tables.items()},
            "firstEpoch": run.initial_epoch,
            "epochs": run.epochs,
            "epoch": watch.epoch,
            "steps": steps,
            "batchInEpoch": watch.batch_in_epoch,
            "batch": watch_outline.last_batch(watch),
            "total": watch_outline.last_batch(watch) if watch.status != "running" else steps * planned if steps else None,
            "rate": _finite(watch.batches_per_second),
            "elapsed": (watch.ended or time.perf_counter()) - watch.started if watch.started else 0.0,
            "eta": _finite(watch.eta),
            "cells": watch_outline.epoch_states(watch, bands),
            "bands": [vars(band) for band in bands],
            "lost": self._tables.lost.found,
            "rollbackTo": ["healthy", "best"] if _offers_best(watch) else ["healthy"],
            "marks": [list(mark) for mark in watch_outline.marks(watch)],
            "causes": [vars(cause) for cause in self._causes],
            "note": str(watch.notes[-1]) if watch.notes else "",
            "readings": {name: watch_outline.number(column[-1]) for name, column in watch.series.items() if len(column)},
        }

    # Page to kernel.

    def _receive(self, widget, content, buffers):
        kind = content.get("type")
        if kind == "sync":
            with self._lock:
                tables = [table.pack() for _, table in self._tables.items()]
                starts = dict.fromkeys(RunTables.names, 0)
                if self.watch is not None:
                    self.send({"type": "update", "state": self._state(), "starts": starts, "full": True}, tables)
        elif kind in ANSWERS and self.watch is not None:
            try:
                answer = getattr(self, f"_{kind}")(content)
            except Exception as error:
                answer = f"That did not work: {error}"
            self.send({"type": "answer", "text": answer})

    def _stop(self, content):
        self.watch.stop()
        return ANSWERS["stop"]

    def _rollback(self, content):
        to = "best" if content.get("to") == "best" else "healthy"
        if self.watch.status != "running":
            self.watch.restore(to)
            epoch = self.watch.best_epoch if to == "best" else self.watch.healthy_epoch
            return f"The model has the weights of {watch_outline.epoch_name(epoch)} again."
        which = {"to": to} if _offers_best(self.watch) else {}
        self.watch.roll_back(learning_rate=_rate(content.get("rate")), **which)
        return ANSWERS["rollback"]


def _offers_best(watch):
    """Whether a roll back during the run can go to the best epoch too, not only to the last healthy one."""
    return "to" in signature(watch.roll_back).parameters


def _finite(value):
    return None if value is None or value != value or value in (float("inf"), float("-inf")) else value


def _rate(text):
    """The learning rate of the field; None (leave it as it is) where the field is empty."""
    text = str(text or "").strip().replace(",", ".")
    if not text:
        return None
    rate = float(text)
    if not 0 < rate < float("inf"):
        raise ValueError(f"a learning rate is above 0, not {text}")
    return rate
