"""What is known while a model trains: plain values that the monitor makes and the training rules read.

Batches are counted over the whole run from 1; epochs from 1, as users count them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kerasdoctor.finding import Severity


@dataclass(frozen=True)
class RunFacts:
    """What holds for a whole fit call. ``chance`` is the accuracy of always naming the commonest class, None if unknown.

    ``classes`` is K for a classification head, ``accuracy`` the name of the accuracy metric that fit logs, if any.
    ``steps_per_execution`` batches stand behind each point. ``single_loss`` is False where fit logs several losses that need not fall
    together, such as those of a GAN.
    """

    model: str = "model"
    backend: str = "tensorflow"
    epochs: int = 1
    initial_epoch: int = 0
    steps: int | None = None
    batch_size: int | None = None
    steps_per_execution: int = 1
    metrics: tuple[str, ...] = ("loss",)
    accuracy: str | None = None
    classes: int | None = None
    chance: float | None = None
    loss_computes: str | None = None
    head_activation: str | None = None
    link: str | None = None
    single_loss: bool = True


@dataclass(frozen=True)
class Signals:
    """What one probe of the model on a fixed small batch showed; None where it was not measured.

    ``bad_weights``: names of weights that hold NaN or Inf. ``saturated``: share of the head's outputs beyond 1 - 1e-6.
    ``layer_gradients``: gradient norm a layer. ``dead_units``: share of units a layer that are 0 on every row. ``constant``: the outputs
    are the same for every row; ``labels_differ``: the labels of these rows are not.
    """

    weights_finite: bool = True
    bad_weights: tuple[str, ...] = ()
    gradient_norm: float | None = None
    layer_gradients: Mapping[str, float] = field(default_factory=dict)
    saturated: float | None = None
    row_sum_min: float | None = None
    dead_units: Mapping[str, float] = field(default_factory=dict)
    constant: bool | None = None
    probe_loss: float | None = None
    seconds: float = 0.0
    labels_differ: bool | None = None


@dataclass(frozen=True)
class Step:
    """One point of the run: the batch's own numbers, running means already differenced. ``span`` batches stand behind it."""

    batch: int
    epoch: int
    batch_in_epoch: int
    loss: float
    metrics: Mapping[str, float] = field(default_factory=dict)
    rows: int | None = None
    span: int = 1
    learning_rate: float | None = None
    signals: Signals | None = None
    run: RunFacts = field(default_factory=RunFacts)


@dataclass(frozen=True)
class Epoch:
    """The end of an epoch: ``logs`` as Keras reports them, validation included; ``batch`` the last batch of it."""

    number: int
    batch: int
    logs: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Incident:
    """A symptom with its place in the run. ``state``: "seen" (at once), "confirmed" (it held), "recovered" (it healed).

    ``until`` is the batch where it ended, None while it is open. ``numbers`` are the facts that made the rule speak.
    """

    code: str
    name: str
    title: str
    severity: Severity
    state: str
    message: str
    epoch: int
    batch: int
    until: int | None = None
    numbers: Mapping[str, object] = field(default_factory=dict)

    def to_dict(self):
        return {**vars(self), "severity": str(self.severity), "numbers": dict(self.numbers)}
