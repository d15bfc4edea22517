"""Watch: everything that one fit call has shown so far, and the buttons' way in."""

from __future__ import annotations

import math
import time

from kerasdoctor.finding import Finding
from kerasdoctor.rule import all_rules
from kerasdoctor.step import RunFacts


class Watch:
    """One fit call. Written on the training thread; ``stop`` and ``roll_back`` only set flags and may be called from any thread."""

    def __init__(self, report=None):
        self.run = RunFacts()
        self.series = {"batch": [], "epoch": [], "loss": [], "learning_rate": [], "rows": []}
        self.epochs, self.signals, self.incidents, self.notes = [], [], [], []
        self.status, self.message = "running", ""
        self.started, self.ended = time.perf_counter(), None
        self.epoch = self.batch_in_epoch = self.batch = 0
        self.batches_per_second = self.eta = None
        self.report = report
        self.recorder = None
        self.stop_asked, self.roll_back_asked = False, None

    def stop(self):
        """End the run after the batch at hand."""
        self.stop_asked = True

    def roll_back(self, learning_rate=None):
        """Go back to the last healthy weights at the next batch's end and go on, with another learning rate if one is given."""
        self.roll_back_asked = (learning_rate,)

    def restore(self, which="best"):
        """After the run: put "best", "healthy", "start" or "end" weights into the model.

        Raises LookupError, or RuntimeError while it runs.
        """
        if self.status == "running":
            raise RuntimeError("the run has not ended: use roll_back, or stop it first")
        if self.recorder is None:
            raise LookupError("no weights were kept")
        if self.recorder.end is None:
            self.recorder.end = self.recorder.copy(self.epoch, self.batch)
        return self.recorder.restore(which)

    @property
    def best_epoch(self):
        """The epoch whose weights are kept as best, by val_loss where there is one, else by the loss."""
        return self.recorder.best.epoch if self.recorder and self.recorder.best else None

    @property
    def healthy_epoch(self):
        """The epoch whose weights a roll back returns to; 0 is the start."""
        return self.recorder.healthy.epoch if self.recorder and self.recorder.healthy else None

    @property
    def history(self):
        """Per-epoch logs by name, as ``History.history``, kept also when the run is interrupted."""
        names = dict.fromkeys(name for epoch in self.epochs for name in epoch.logs)
        return {name: [epoch.logs.get(name, math.nan) for epoch in self.epochs] for name in names}

    @property
    def findings(self):
        """Static findings that suspect what an incident suspects, then the incidents, then the other static findings."""
        live = tuple(
            _finding(incident) for incident in sorted(self.incidents, key=lambda i: (i.until is not None, i.severity.rank, i.batch))
        )
        static = tuple(getattr(self.report, "findings", ()))
        suspected = {suspect for finding in live for suspect in finding.suspects}
        explains = tuple(f for f in static if live and f.severity.rank == 0 and suspected & set(f.suspects[:1]))
        return explains + live + tuple(finding for finding in static if finding not in explains)

    @property
    def causes(self):
        """Ranked causes of the incidents (kerasdoctor.root_cause); () where there is none to explain."""
        if not self.incidents:
            return ()
        from kerasdoctor.root_cause import rank_causes

        return rank_causes(self.incidents, self.report, run=self.run, signals=self.signals)

    def to_dict(self):
        """JSON-ready: numbers that are not finite become None."""
        return _plain(
            {
                "run": vars(self.run),
                "status": self.status,
                "message": self.message,
                "seconds": (self.ended or time.perf_counter()) - self.started,
                "epochs": [vars(epoch) for epoch in self.epochs],
                "series": self.series,
                "signals": [[batch, vars(signals)] for batch, signals in self.signals],
                "incidents": [incident.to_dict() for incident in self.incidents],
                "findings": [finding.to_dict() for finding in self.findings],
                "causes": [vars(cause) for cause in self.causes],
                "best_epoch": self.best_epoch,
                "healthy_epoch": self.healthy_epoch,
                "notes": self.notes,
            }
        )


def _finding(incident):
    rule = all_rules().get(incident.code)
    return Finding(
        code=incident.code,
        name=incident.name,
        title=incident.title,
        severity=incident.severity,
        message=incident.message,
        place=f"epoch {incident.epoch}, batch {incident.batch}",
        suspects=tuple(rule.suspects) if rule else ("other",),
        evidence=dict(incident.numbers) | {"state": incident.state},
    )


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    return number if math.isfinite(number) else None
