"""Score the live rules on short healthy and failing runs: hits, delays, false alarms, with 95 % intervals.

    python benchmarks/incidents.py [--part tune|report] [--only TEXT] [--bare] [--verbose]

The runs (benchmarks/healthy_runs.py, failing_runs.py) are split by a hash of their names: thresholds may be tuned on the half "tune"; the
half "report" is only for the figures. A run that did not turn out as meant is left out and named: skill (0 for a constant answer, 1 for a
perfect one, measured on the clean rows after the run, without looking at any rule) must be at least 0.3 in a healthy run and below 0.3 in a
failing one, or the weights not finite; where a failing run's data or labels are wrong to the end, skill is not asked. A hit is a warning or
error of a live rule that is told at or after the fault's onset; the delay counts from there to the batch where it is told. What is told
before the onset is a false alarm. Every run is watched as the magic does, with the static report and the arguments of fit; ``--bare``
watches as ``callbacks=[FitWatch()]`` in a script does.
"""

from __future__ import annotations

import argparse
import collections
import gc
import math
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[1]))

import keras
import numpy as np

import kerasdoctor
from benchmarks.failing_runs import failing
from benchmarks.healthy_runs import healthy
from benchmarks.runs import Batches, Run, spoiled
from kerasdoctor.rule import all_rules
from kerasdoctor.watch.monitor import FitWatch

LEARNED = 0.3
SPEAKS = ("error", "warning")
COLLAPSED = "KD504"


class Told:
    """A listener that notes at which batch each incident is told for the first time, and its state last."""

    def __init__(self):
        self.first = {}

    def on_incident(self, watch, incident):
        if str(incident.severity) in SPEAKS:
            self.first.setdefault((incident.code, incident.batch), watch.batch)


class RateJump(keras.callbacks.Callback):
    """The learning rate a thousand times larger from a batch on."""

    def __init__(self, onset):
        super().__init__()
        self.onset, self.seen = onset, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.seen += 1
        if self.seen == self.onset:
            self.model.optimizer.learning_rate = 1000 * float(self.model.optimizer.learning_rate)


class EpochOf(keras.callbacks.Callback):
    """Tells a stream which epoch begins."""

    def __init__(self, stream):
        super().__init__()
        self.stream = stream

    def on_epoch_begin(self, epoch, logs=None):
        self.stream.epoch = epoch


@dataclass
class Outcome:
    """What a run came to. ``told``: ``[(code, batch where it was told)]`` in that order; ``states``: the last state of each incident."""

    run: Run
    skill: float
    told: list
    states: list
    seconds: float
    notes: list

    @property
    def as_meant(self):
        if not self.run.failing:
            return self.skill >= LEARNED
        return self.run.by_design or not self.skill >= LEARNED

    @property
    def hits(self):
        """Alarms at or after the onset of a failing run."""
        return [(code, batch) for code, batch in self.told if self.run.failing and batch >= (self.run.onset or 1)]

    @property
    def false_alarms(self):
        return [pair for pair in self.told if pair not in self.hits]


def fit_arguments(run, task):
    """``(x, y, arguments)`` of the watched fit."""
    steps = max(1, len(task.x) // run.batch)
    if run.feed == "stream":
        stream = Batches(task, run)
        return stream, None, {"epochs": math.ceil(run.batches / len(stream)), "shuffle": False}
    if run.feed == "one pass":
        drawn, feed = np.random.default_rng(run.seed), []
        for batch in range(1, run.batches + 1):
            rows = drawn.choice(len(task.x), run.batch, replace=False)
            feed.append(spoiled(run, batch, task.x[rows], task.y[rows]))
        x, y = (np.concatenate(parts) for parts in zip(*feed, strict=True))
        return x, y, {"epochs": 1, "batch_size": run.batch, "shuffle": False}
    return task.x, task.y, {"epochs": math.ceil(run.batches / steps), "batch_size": run.batch, **run.fitted}


def train(run, bare=False):
    """The Outcome of a run."""
    begin = time.perf_counter()
    keras.backend.clear_session()
    gc.collect()
    keras.utils.set_random_seed(run.seed % 2**31)
    task = run.make(np.random.default_rng(run.seed))
    model = task.model()
    model.compile(run.optimizer(run.batches), task.loss, metrics=task.metrics, **run.compiled)
    x, y, arguments = fit_arguments(run, task)
    if run.earlier:
        epochs = max(1, run.earlier * run.batch // len(task.x))
        model.fit(x, y, epochs=epochs, batch_size=run.batch, verbose=0)
        arguments |= {"initial_epoch": epochs, "epochs": epochs + arguments["epochs"]}
    told = Told()
    if bare:
        monitor = FitWatch(listeners=[told])
    else:
        monitor = FitWatch(report=kerasdoctor.diagnose(model, x, y, **arguments), listeners=[told], arguments={"x": x, "y": y, **arguments})
    others = [RateJump(run.onset)] if run.fault == "rate" else [EpochOf(x)] if run.feed == "stream" else []
    model.fit(x, y, verbose=0, callbacks=[*others, monitor], **arguments)
    watch = monitor.watch
    states = [(i.code, i.batch, i.until, i.state) for i in watch.incidents if str(i.severity) in SPEAKS]
    ordered = sorted(((code, batch) for (code, _), batch in told.first.items()), key=lambda pair: pair[1])
    return Outcome(run, skill(model, task), ordered, states, time.perf_counter() - begin, watch.notes)


def skill(model, task):
    """The task's skill of the model, -inf where a weight or an answer is not finite."""
    predicted = model.predict(task.x, batch_size=256, verbose=0)
    finite = np.isfinite(predicted).all() and all(np.isfinite(array).all() for array in model.get_weights())
    return float(task.skill(predicted)) if finite else -math.inf


def all_runs():
    """Every run, healthy first. Raises ValueError where two have one name, since halves and seeds follow from it."""
    found = [*healthy(), *failing()]
    if len({run.name for run in found}) < len(found):
        raise ValueError("two runs have one name")
    return found


def wilson(hits, of):
    """The 95 % interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - half) / (1 + z * z / of)), min(1.0, (middle + half) / (1 + z * z / of))


def share(hits, of):
    low, high = wilson(hits, of)
    return f"{hits:3}/{of:<3} {hits / of if of else 0:5.0%} [{low:4.0%},{high:4.0%}]"


def delays(outcomes, code=None):
    """Batches from the onset to the first alarm, of a code or of any, where the onset is known."""
    found = []
    for outcome in outcomes:
        batches = [batch for spoken, batch in outcome.hits if code in (None, spoken)]
        if outcome.run.onset and batches:
            found.append(min(batches) - outcome.run.onset)
    return found


def table(outcomes):
    """Print the figures of one half, and its misses and false alarms."""
    good, bad = ([o for o in outcomes if o.as_meant and o.run.failing == wanted] for wanted in (False, True))
    odd = [o for o in outcomes if not o.as_meant]
    print(f"{len(good)} healthy and {len(bad)} failing runs; {len(odd)} left out, which did not turn out as meant")
    print(f"{'':30} {'hits of failing':>20} {'delay':>6}   {'false alarms, healthy':>20}")
    for code, rule in all_rules().items():
        if code.startswith("KD5"):
            _line(f"{code} {rule.name()}", good, bad, code)
    _line("any", good, bad)
    known = delays(bad)
    middle, soon = statistics.median(known) if known else math.nan, sum(delay <= 20 for delay in known)
    print(f"delay after a known onset: median {middle:g}, {soon} of {len(known)} within 20 batches")
    kinds, caught = collections.Counter(o.run.kind for o in bad), collections.Counter(o.run.kind for o in bad if o.hits)
    print("caught by kind: " + ", ".join(f"{kind} {caught[kind]}/{count}" for kind, count in kinds.items()))
    for name, which in (
        ("false alarm", [o for o in good if o.told]),
        ("early", [o for o in bad if o.false_alarms]),
        ("missed", [o for o in bad if not o.hits]),
        ("left out", odd),
    ):
        for outcome in which:
            print(f"  {name}: {described(outcome)}")


def _line(title, good, bad, code=None):
    hit = sum(any(code in (None, spoken) for spoken, _ in o.hits) for o in bad)
    false = sum(any(code in (None, spoken) for spoken, _ in o.told) for o in good)
    known = delays(bad, code)
    delay = f"{statistics.median(known):6g}" if known else "     -"
    print(f"{title:30} {share(hit, len(bad)):>20} {delay}   {share(false, len(good)):>20}")


def described(outcome):
    states = ", ".join(f"{code} at {begin} {state}{f' at {until}' if until else ''}" for code, begin, until, state in outcome.states)
    known = f", onset {outcome.run.onset}" if outcome.run.onset else ""
    notes = f"; notes: {outcome.notes}" if outcome.notes else ""
    return f"{outcome.run.name}{known}: skill {outcome.skill:.2f}; {states or 'silent'}{notes}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=("tune", "report"))
    parser.add_argument("--only", default="", help="part of a run's name")
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    chosen = [run for run in all_runs() if options.only in run.name and options.part in (None, run.part)]
    outcomes, begin = [], time.perf_counter()
    for run in chosen:
        outcomes.append(train(run, options.bare))
        if options.verbose:
            print(f"{'failing' if run.failing else 'healthy'} {outcomes[-1].seconds:5.1f} s  {described(outcomes[-1])}", flush=True)
    mode, seconds = ", bare" if options.bare else "", time.perf_counter() - begin
    print(f"{keras.backend.backend()}, Keras {keras.__version__}, {os.cpu_count()} CPUs, {seconds:.0f} s{mode}")
    for part in ("tune", "report"):
        of_part = [outcome for outcome in outcomes if outcome.run.part == part]
        if of_part:
            print(f"\n== {part}")
            table(of_part)


if __name__ == "__main__":
    main()
