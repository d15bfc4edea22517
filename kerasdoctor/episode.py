"""The course of a symptom: seen at once, then confirmed because it held, or recovered because it healed."""

from __future__ import annotations

from kerasdoctor.step import Incident


class Episode:
    """Follows one rule's symptom over the batches and says when its incident begins, is confirmed, and ends.

    ``in_a_row``: points that must agree before it begins or ends. ``hold``: batches it must last to be confirmed, or one epoch where
    that is more, but never above ``longest_hold``. ``steady``: the share of points since its beginning that must show it.
    """

    def __init__(self, rule, *, in_a_row=5, hold=50, longest_hold=1000, steady=0.8):
        self.rule, self.in_a_row, self.hold, self.longest_hold, self.steady = rule, in_a_row, hold, longest_hold, steady
        self.incident = None
        self._forget()

    @property
    def open(self):
        return self.incident is not None

    def _forget(self):
        self.incident, self._row, self._healed, self._points, self._present, self._first = None, 0, 0, 0, 0, None

    def update(self, step, present, healed, message, numbers):
        """The incident where it began or changed at this step, else None. ``message`` and ``numbers`` are called when needed."""
        if self.open:
            return self._go_on(step, present, healed)
        self._row = self._row + 1 if present else 0
        if self._row == 1:
            self._first = step
        if self._row < self.in_a_row:
            return None
        self.incident = incident_of(self.rule, self._first, "seen", message(), numbers())
        self._points = self._present = self._row
        return self.incident

    def _go_on(self, step, present, healed):
        self._points += 1
        self._present += bool(present)
        self._healed = self._healed + 1 if healed else 0
        if self._healed >= self.in_a_row:
            return self.close(step)
        if self.incident.state == "seen" and self._held(step):
            self.incident = changed(self.incident, state="confirmed")
            return self.incident
        return None

    def _held(self, step):
        epoch = step.run.steps or self.hold
        wanted = min(max(self.hold, epoch), self.longest_hold)
        return step.batch - self.incident.batch >= wanted and self._present >= self.steady * self._points

    def close(self, step):
        """The incident as recovered at this step; a later symptom begins a new one."""
        ended = changed(self.incident, state="recovered", until=step.batch)
        self._forget()
        return ended


def incident_of(rule, step, state, message, numbers):
    """An incident of a rule at a step."""
    return Incident(rule.code, rule.name(), rule.title(), rule.severity, state, message, step.epoch, step.batch, None, numbers)


def changed(incident, **fields):
    """A copy with other fields."""
    return Incident(**{**vars(incident), **fields})
