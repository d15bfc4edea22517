"""When to probe, and on which batch: within the run's budget, at once when something was seen, on demand while nothing moves."""

from __future__ import annotations

import math
import time

import keras

from kerasdoctor.watch.batch import probe_batch
from kerasdoctor.watch.signals import Clock, Probe


class Prober:
    """The probe of one run. ``note(part, error)`` takes an exception of the data or of the model, after which only weights are checked.

    Weights may take 0.3 % of the time, the gradient 0.5 %. The first gradient waits until its one-time cost (about that of the first batch
    where it must be compiled) is 0.5 % of the run so far. While an incident is open, or the loss has not moved by batch 50, 100, 200..., it
    may take 10 %.
    """

    weights_share = 0.003
    gradient_share = 0.005
    alarm_share = 0.1
    first_weights = 0.5  # seconds
    first_gradient = 10.0  # seconds; an eager gradient costs up to 0.1 s the first time
    still_after = 50  # batches without progress, then twice as many, and so on
    still_progress = 0.1  # of the start
    deep_period = 10  # batches

    def __init__(self, state, arguments, note, *, first_batch_seconds=0.0, deep=False):
        self.state, self._note, self.deep = state, note, deep
        batch, self.why_no_batch = None, "the data of fit is not known"
        if arguments:
            try:
                batch, self.why_no_batch = probe_batch(arguments)
            except Exception as error:
                note("the probe's batch", error)
        self.probe = Probe(state, batch)
        compile_seconds = first_batch_seconds if keras.backend.backend() == "jax" else 0.0
        self._weights = Clock(self.weights_share, self.first_weights)
        self._gradient = Clock(self.gradient_share, max(self.first_gradient, compile_seconds / self.gradient_share))
        self._alarm = Clock(self.alarm_share, 0.0)
        self._first, self._mean, self._next_look = [], None, self.still_after
        self._pending = 0

    def weights(self):
        """Only whether the weights are finite."""
        return self.probe.weights()

    def signals(self, now, batch, loss, alarm, at_once):
        """Signals if some are due at this batch, else None."""
        self._pending += self._stands_still(batch, loss)
        if self._wants_gradient(now, batch, alarm, at_once):
            return self._measure()
        alarming = not math.isfinite(loss) and self._alarm.due(now)
        if not (at_once or alarming or self._weights.due(now) or self._deep_turn(batch)):
            return None
        signals = self.probe.weights()
        for clock in (self._weights, self._alarm):
            clock.took(time.perf_counter(), signals.seconds)
        return signals

    def _wants_gradient(self, now, batch, alarm, at_once):
        if self.probe.batch is None:
            return False
        if at_once or self._gradient.due(now) or self._deep_turn(batch):
            return True
        return (alarm or self._pending > 0) and self._alarm.due(now)

    def _deep_turn(self, batch):
        return self.deep and batch % self.deep_period == 0

    def _measure(self):
        self._pending = max(self._pending - 1, 0)
        try:
            signals = self.probe.measure()
        except Exception as error:
            self._note("the probe's gradient", error)
            self.probe.batch = None
            return self.probe.weights()
        now = time.perf_counter()
        for clock in (self._weights, self._gradient, self._alarm):
            clock.took(now, signals.seconds)
        return signals

    def _stands_still(self, batch, loss):
        """How many probes to ask for: two at batch 50, 100, 200... where the loss has kept 90 % of its start."""
        if not math.isfinite(loss):
            return 0
        if len(self._first) < 5:
            self._first.append(loss)
        self._mean = loss if self._mean is None else 0.9 * self._mean + 0.1 * loss
        if batch < self._next_look:
            return 0
        self._next_look *= 2
        start = sorted(self._first)[len(self._first) // 2]
        return 2 if self._mean > start - self.still_progress * abs(start) else 0
