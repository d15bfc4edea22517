"""Runs the training rules over the steps and keeps the run's incidents."""

from __future__ import annotations

from dataclasses import replace

from kerasdoctor.rule import TrainingRule, all_rules

# Nothing was lost: a model that has not learned yet, or that learns the training rows by heart, still has its best weights.
HARMLESS = ("KD508", "KD516")


def training_rules():
    """A fresh instance of every training rule, by code."""
    return [cls() for cls in all_rules().values() if issubclass(cls, TrainingRule)]


class IncidentLog:
    """The incidents of one run, in the order they were seen, replaced in place when their state changes.

    A rule with an attribute ``incidents`` is given this list and is asked last, so that it can combine what the others saw.
    ``guard(part, error)`` is called with the exception of a rule, which is then left out for the rest of the run.
    """

    def __init__(self, rules, guard):
        self.incidents = []
        self._guard = guard
        self.rules = sorted(rules, key=lambda rule: (hasattr(rule, "incidents"), rule.code))
        for rule in self.rules:
            if hasattr(rule, "incidents"):
                rule.incidents = self.incidents

    @property
    def open(self):
        """The incidents that have not ended."""
        return [incident for incident in self.incidents if incident.until is None]

    @property
    def alarm(self):
        """Whether one is open that makes the weights at hand doubtful."""
        return any(incident.code not in HARMLESS for incident in self.open)

    def observe(self, step):
        """What began or changed at this step."""
        news = []
        for rule in tuple(self.rules):
            news += self._ask(rule, rule.observe, step)
        return news

    def observe_signals(self, step, signals):
        """What signals show that were measured after the step had been observed. Rules that count batches are not asked twice."""
        news = []
        for rule in tuple(self.rules):
            if hasattr(rule, "observe_signals") or hasattr(rule, "incidents"):
                news += self._ask(
                    rule, rule.observe_signals if hasattr(rule, "observe_signals") else rule.observe, replace(step, signals=signals)
                )
        return news

    def observe_epoch(self, epoch, step):
        """What an epoch's logs show; ``step`` is its last."""
        return [i for rule in tuple(self.rules) if hasattr(rule, "observe_epoch") for i in self._ask(rule, rule.observe_epoch, epoch, step)]

    def _ask(self, rule, method, *args):
        news = []
        try:
            for incident in method(*args) or ():
                self._put(incident)
                news.append(incident)
        except Exception as error:
            self.rules.remove(rule)
            self._guard(f"rule {rule.code}", error)
        return news

    def _put(self, incident):
        for index in range(len(self.incidents) - 1, -1, -1):
            if (self.incidents[index].code, self.incidents[index].batch) == (incident.code, incident.batch):
                self.incidents[index] = incident
                return
        self.incidents.append(incident)

    def roll_back(self, batch):
        """End what is open, since the weights are those of before, and let the rules begin anew. Returns the ended incidents."""
        ended = [replace(incident, state="recovered", until=batch) for incident in self.open]
        for incident in ended:
            self._put(incident)
        for index, rule in enumerate(self.rules):
            if hasattr(rule, "resume"):
                rule.resume()
            else:
                self.rules[index] = type(rule)()
        return ended
