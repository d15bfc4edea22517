"""Recorded runs with the interface of kerasdoctor.watch's Watch, made by hand. No Keras."""

from __future__ import annotations

import math
from types import SimpleNamespace

from kerasdoctor.finding import Severity
from kerasdoctor.root_cause import Cause
from kerasdoctor.step import Epoch, Incident, RunFacts, Signals

HOSTILE = '<img src=x onerror="alert(1)">&\x1b</script>'


class Run(SimpleNamespace):
    """What listeners read of a Watch; ``asked`` holds what the buttons asked for."""

    def stop(self):
        self.asked.append("stop")

    def roll_back(self, learning_rate=None):
        self.asked.append(("roll back", learning_rate))

    def restore(self, which="best"):
        self.asked.append(("restore", which))


def run(losses, steps=10, epochs=None, metric="accuracy", **fields):
    """A run of these losses, one a batch; the accuracy is 1 / (1 + loss), validation that of the epoch's last batch."""
    count = len(losses)
    accuracies = [1 / (1 + abs(loss)) if math.isfinite(loss) else 0.2 for loss in losses]
    done = [
        Epoch(e + 1, (e + 1) * steps, {"loss": losses[(e + 1) * steps - 1], "val_loss": losses[(e + 1) * steps - 1], f"val_{metric}": 0.5})
        for e in range(count // steps)
    ]
    made = Run(
        run=RunFacts(model="digits", epochs=epochs or math.ceil(count / steps), steps=steps, batch_size=20, accuracy=metric, chance=0.2),
        series={
            "batch": list(range(1, count + 1)),
            "epoch": [1 + i // steps for i in range(count)],
            "loss": list(losses),
            metric: accuracies,
            "learning_rate": [0.03] * count,
            "rows": [20] * count,
        },
        epochs=done,
        signals=[(batch, Signals(gradient_norm=1.0 / batch)) for batch in range(5, count, 5)],
        incidents=[],
        status="finished",
        message="",
        started=100.0,
        ended=102.0,
        batches_per_second=50.0,
        eta=None,
        epoch=max(1, math.ceil(count / steps)),
        batch_in_epoch=(count - 1) % steps + 1 if count else 0,
        best_epoch=None,
        healthy_epoch=None,
        causes=(),
        notes=[],
        asked=[],
    )
    vars(made).update(fields)
    return made


def incident(name, severity, epoch, batch, until=None, state="confirmed", **numbers):
    codes = {"progress-lost": "KD503", "collapsed": "KD504", "non-finite-loss": "KD501"}
    return Incident(codes.get(name, "KD599"), name, f"{name}.", severity, state, f"What {name} says.", epoch, batch, until, numbers)


def collapsed():
    """Six epochs of ten batches: good until batch 30, lost from 31, collapsed from 36, NaN from 51."""
    losses = [1.6 * 0.9**i for i in range(30)] + [1.0] * 5 + [4.0] * 15 + [math.nan] * 7
    return run(
        losses,
        epochs=8,
        incidents=[
            incident("progress-lost", Severity.WARNING, 4, 31, best=0.068, now=1.0),
            incident("collapsed", Severity.ERROR, 4, 36, since_batch=31),
            incident("non-finite-loss", Severity.ERROR, 6, 51, loss=math.nan),
        ],
        causes=(
            Cause("KD101", "A sigmoid head with a categorical loss.", "likely", ("the loss gets sigmoids",), ("it trained well",)),
            Cause("", "NaN in the data", "ruled out", (), ("all rows are finite",)),
        ),
        best_epoch=2,
        healthy_epoch=3,
        status="stopped",
        message="stopped after epoch 6, batch 7",
    )


def recovered():
    """A burst of loss that healed."""
    losses = [1.0 - i * 0.02 for i in range(20)] + [3.0] * 5 + [0.5] * 15
    return run(
        losses, incidents=[incident("progress-lost", Severity.WARNING, 3, 21, 26, "recovered", best=0.6)], best_epoch=4, healthy_epoch=4
    )


def healthy():
    return run([1.0 / (1 + i) for i in range(40)], best_epoch=4, healthy_epoch=4)


def hostile():
    """A run whose every text is an attack."""
    made = run([1.0, 2.0] * 10, metric=HOSTILE)
    made.run = RunFacts(model=HOSTILE, backend=HOSTILE, epochs=2, steps=10, accuracy=HOSTILE, chance=0.5)
    made.incidents = [Incident(HOSTILE, HOSTILE, HOSTILE, Severity.ERROR, "seen", HOSTILE, 1, 5, None, {HOSTILE: HOSTILE})]
    made.causes = (Cause(HOSTILE, HOSTILE, "likely", (HOSTILE,), (HOSTILE,)),)
    made.notes = [HOSTILE]
    made.message = HOSTILE
    return made
