"""Incidents and the report, joined into ranked causes with evidence for and against. Plain values only."""

from __future__ import annotations

import math
from dataclasses import dataclass

LIKELY, POSSIBLE, RULED_OUT = "likely", "possible", "ruled out"
NOTHING = "Nothing in the model explains this"

# What each incident can come from: suspects of static findings that would explain it.
EXPLAINS = {
    "KD501": ("head_activation", "loss", "from_logits", "input_nan", "label_range", "learning_rate", "input_scale", "hidden_activation"),
    "KD502": ("input_nan", "head_activation", "loss", "learning_rate", "input_scale", "hidden_activation"),
    "KD503": ("head_activation", "loss", "learning_rate", "label_range", "from_logits", "input_scale", "initializer"),
    "KD504": ("head_activation", "loss", "learning_rate", "label_range", "from_logits", "input_scale", "initializer"),
    "KD505": ("head_activation", "loss", "learning_rate", "label_range", "from_logits"),
    "KD506": ("learning_rate", "input_scale", "label_range", "optimizer", "initializer", "hidden_activation"),
    "KD507": ("loss", "head_activation", "from_logits", "initializer", "learning_rate", "frozen_weights", "hidden_activation"),
    "KD508": ("label_encoding", "input_scale", "learning_rate", "initializer", "head_activation", "loss", "frozen_weights", "data_order"),
    "KD510": ("learning_rate", "hidden_activation", "initializer", "input_scale", "optimizer"),
    "KD512": ("head_activation", "loss"),
    "KD516": ("dropout", "regularizer", "epochs"),
    "KD518": ("label_range", "loss", "head_activation"),
    "KD523": ("initializer", "hidden_activation", "input_scale", "learning_rate", "frozen_weights", "head_activation"),
}
REPAIRED = "logits"  # the link by which TensorFlow's losses see what is behind the activation


@dataclass(frozen=True)
class Cause:
    """``code`` is the finding or incident that names it, "" where nothing in the model does.

    ``likelihood``: likely, possible or ruled out.
    """

    code: str
    title: str
    likelihood: str
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()


def rank_causes(incidents, report, *, run=None, signals=()):
    """Causes of the incidents, likeliest first; () where there is nothing to explain.

    ``report`` may be None, ``signals`` are ``(batch, Signals)``. What fits no finding and no fingerprint gets ``NOTHING``.
    """
    if not incidents:
        return ()
    facts = _Facts(incidents, run, tuple(signals))
    causes = [*(mark(facts) for mark in FINGERPRINTS), *_from_findings(facts, report)]
    causes = _without_doubles([cause for cause in causes if cause is not None])
    if not any(cause.likelihood == LIKELY for cause in causes):
        causes.append(_nothing(report, causes))
    order = {LIKELY: 0, POSSIBLE: 1, RULED_OUT: 2}
    return tuple(sorted(causes, key=lambda cause: order[cause.likelihood]))


class _Facts:
    """What the fingerprints look at."""

    def __init__(self, incidents, run, signals):
        self.by_code = {}
        for incident in incidents:
            self.by_code.setdefault(incident.code, incident)
        self.run, self.signals = run, [value for _, value in signals]
        self.codes = set(self.by_code)

    def number(self, code, name):
        incident = self.by_code.get(code)
        value = incident.numbers.get(name) if incident else None
        return value if isinstance(value, int | float) and math.isfinite(value) else None


def _hidden_nan(facts):
    """The loss is ln K and weights are NaN: relu and max-pool turned NaN into 0, and the model answers with one constant class."""
    if "KD502" not in facts.codes or "KD501" in facts.codes or facts.run is None or not facts.run.classes:
        return None
    return Cause(
        "KD502",
        "NaN weights behind a finite loss",
        LIKELY,
        (
            facts.by_code["KD502"].message,
            f"the loss stayed finite: relu and max-pool turn NaN into 0, which gives ln K = {math.log(facts.run.classes):.4f}",
        ),
        ("what made the first weight NaN is not shown by this: data, or one step too large",),
    )


def _clipped_saturated(facts):
    """loss = 16 x error rate with zero gradient: a saturated, constant answer on a clipped loss."""
    incident = facts.by_code.get("KD507")
    if incident is None or not incident.numbers.get("clipped_saturated"):
        return None
    loss, accuracy = facts.number("KD507", "loss"), facts.number("KD507", "accuracy")
    return Cause(
        "KD507",
        "A saturated, constant answer on a clipped loss",
        LIKELY,
        (
            f"loss {loss:.3g} = 16 x (1 - accuracy {accuracy:.2f})" if accuracy is not None else f"loss {loss:.3g}",
            "the gradient is exactly 0",
        ),
        ("a smaller first step would not have got there: the learning rate has a part in it",),
    )


def _blind_sigmoids(facts):
    """A sigmoid head under a categorical loss on values: the common level is free, so several outputs of a row go to 1, or all to 0."""
    run = facts.run
    if (
        run is None
        or run.head_activation != "sigmoid"
        or not run.classes
        or run.classes < 3
        or "categorical" not in (run.loss_computes or "")
    ):
        return None
    title = "A sigmoid head is trained with a categorical loss"
    if run.link == REPAIRED:
        return Cause("KD101", title, RULED_OUT, (), ("on this backend the loss sees the logits: it is trained as a softmax",))
    saturated = max((value.saturated for value in facts.signals if value.saturated is not None), default=None)
    lowest = min((value.row_sum_min for value in facts.signals if value.row_sum_min is not None), default=None)
    evidence = ["the loss divides by the row sum, so it does not see the common level of the outputs"]
    if saturated is not None and saturated > 1 / run.classes:
        evidence.append(f"{saturated:.0%} of the outputs are saturated at 1; one right answer a row is {1 / run.classes:.0%}")
    if lowest is not None and lowest < 1e-6:
        evidence.append(f"a row of sigmoids sums to {lowest:.1g}: the next step divides 0 by 0")
    against = ["whether the loss sees the logits was not tested"] if run.link is None else ["no output has been seen saturated"]
    return Cause(
        "KD101", title, LIKELY if len(evidence) > 1 or run.link else POSSIBLE, tuple(evidence), tuple(against if len(evidence) == 1 else ())
    )


def _unbounded(facts):
    incident = facts.by_code.get("KD518")
    if incident is None:
        return None
    return Cause("KD518", "The loss has no lower bound on these labels", LIKELY, (incident.message,), ())


def _large_step(facts):
    """The learning rate, which has a part in every burst; ruled out where only the validation or a frozen state spoke."""
    bursts = facts.codes & {"KD501", "KD503", "KD504", "KD506", "KD510"}
    if not bursts:
        return None
    healed = all(facts.by_code[code].state == "recovered" for code in bursts)
    runaway = "KD506" in bursts
    against = () if runaway else ("a model whose loss keeps its gradient recovers from a single large step",)
    if runaway:
        evidence = "the loss grew beyond ten times its start"
    else:
        evidence = "the burst healed by itself" if healed else "the loss jumped while the model was good"
    return Cause("KD201", "A learning rate too large for this model", LIKELY if runaway or healed else POSSIBLE, (evidence,), against)


FINGERPRINTS = (_clipped_saturated, _hidden_nan, _blind_sigmoids, _unbounded, _large_step)


def _from_findings(facts, report):
    """Static findings whose first suspect can make what was seen."""
    wanted = {suspect for code in facts.codes for suspect in EXPLAINS.get(code, ())}
    for finding in getattr(report, "findings", ()):
        if not wanted & set(finding.suspects) or str(finding.severity) == "info":
            continue
        error = str(finding.severity) == "error"
        against = () if error else ("a warning before the run: many models train well with it",)
        yield Cause(finding.code, finding.title, LIKELY if error else POSSIBLE, (finding.message,), against)


def _without_doubles(causes):
    """One cause a code: the evidence of both, the higher likelihood unless one is ruled out by test."""
    merged = {}
    for cause in causes:
        other = merged.get(cause.code)
        if other is None:
            merged[cause.code] = cause
        elif RULED_OUT not in (cause.likelihood, other.likelihood):
            likelihood = LIKELY if LIKELY in (cause.likelihood, other.likelihood) else POSSIBLE
            evidence = tuple(dict.fromkeys(cause.evidence_for + other.evidence_for))
            merged[cause.code] = Cause(cause.code, cause.title, likelihood, evidence, other.evidence_against or cause.evidence_against)
    return list(merged.values())


def _nothing(report, causes):
    examined = (
        "model, loss, labels and data were examined before the run" if report is not None else "the model was not examined before the run"
    )
    against = tuple(f"{cause.title[0].lower()}{cause.title[1:]} is possible" for cause in causes if cause.likelihood == POSSIBLE)
    return Cause("", NOTHING, POSSIBLE, (f"{examined}, and no finding fits",), against)
