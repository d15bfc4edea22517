"""What is known about a model, its data and its fit call: frozen dataclasses that hold plain values only.

Paths name things the way a user would: ``layers[8]``, ``layers[3].layers[1]`` (nested), ``loss``, ``optimizer``,
``compile``, ``fit``, ``fit.epochs``, ``data.x``, ``data.y``. Batch axes are left out of every shape; None is an unknown size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Shape = tuple["int | None", ...]

CATEGORICAL = ("categorical_crossentropy", "categorical_focal_crossentropy")
SPARSE = ("sparse_categorical_crossentropy",)
BINARY = ("binary_crossentropy", "binary_focal_crossentropy")
REGRESSION = (
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "huber",
    "log_cosh",
)


@dataclass(frozen=True)
class Span:
    """Where an expression stands: cell number as in ``In [4]`` (None outside a notebook), 1-based lines, 0-based columns."""

    cell: int | None
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self):
        return f"line {self.line}" if self.cell is None else f"cell [{self.cell}], line {self.line}"


@dataclass(frozen=True)
class Cell:
    """One executed cell: its number, its id in the notebook (None in a terminal) and its text as typed."""

    number: int
    id: str | None
    text: str


@dataclass(frozen=True)
class Kernel:
    """The main weight of a layer; ``mean`` to ``maximum`` and the 12 bins come from at most 50,000 of its values."""

    shape: tuple[int, ...]
    mean: float
    std: float
    minimum: float
    maximum: float
    finite: bool
    histogram: tuple[int, ...] = ()


@dataclass(frozen=True)
class Layer:
    """One layer of the model, flattened: nested models contribute their own layers below their path.

    ``activation`` is what the layer applies last ("linear" when it could and does not, None when it cannot);
    ``inputs`` are the paths of the layers that feed it ("inputs[0]" for a model input), where a graph is known; ``through``
    the kinds of plain operations (``x + y``, ``ops.relu``) that stand between those and this layer; ``is_output`` says that an
    output of the model is this layer's own. ``fresh`` tells that its bias and moving statistics still hold their first values
    (None where it has neither): pretrained layers do not.
    """

    path: str
    name: str
    kind: str
    builtin: bool = True
    config: Mapping[str, object] = field(default_factory=dict)
    activation: str | None = None
    units: int | None = None
    input_shapes: tuple[Shape, ...] = ()
    output_shape: Shape | None = None
    parameters: int = 0
    trainable_parameters: int = 0
    trainable: bool = True
    dtype: str = "float32"
    kernel: Kernel | None = None
    inputs: tuple[str, ...] = ()
    reaches_output: bool = True
    nested: bool = False
    through: tuple[str, ...] = ()
    is_output: bool = False
    fresh: bool | None = None


@dataclass(frozen=True)
class Model:
    """``kind`` is Sequential, Functional or the user's class; ``graph`` says whether the layers' inputs are known.

    ``own_steps``: the user's class has its own fit, train_step, compute_loss or the like.
    """

    name: str
    kind: str
    variable: str | None = None
    built: bool = True
    compiled: bool = True
    graph: bool = True
    layers: tuple[Layer, ...] = ()
    parameters: int = 0
    trainable_parameters: int = 0
    bytes: int = 0
    input_shapes: tuple[Shape, ...] = ()
    output_shapes: tuple[Shape, ...] = ()
    dtype_policy: str = "float32"
    own_steps: bool = False

    def layer(self, path):
        """The layer at a path, or None."""
        return next((layer for layer in self.layers if layer.path == path), None)

    def feeders(self, layer):
        """The layers that feed a layer directly, in order."""
        return [found for path in layer.inputs if (found := self.layer(path)) is not None]

    def consumers(self, layer):
        """The layers that a layer feeds directly."""
        return [other for other in self.layers if layer.path in other.inputs]


@dataclass(frozen=True)
class Optimizer:
    """``learning_rate`` is the rate now (None if it cannot be read); ``schedule`` the class of a schedule, if there is one.

    ``added`` and ``dropped`` count the weights that became trainable, or were frozen, since the optimizer was built.
    """

    kind: str
    learning_rate: float | None = None
    schedule: str | None = None
    momentum: float = 0.0
    clipped: bool = False
    iterations: int = 0
    config: Mapping[str, object] = field(default_factory=dict)
    added: int = 0
    dropped: int = 0


@dataclass(frozen=True)
class Head:
    """What produces one output: the last layer with units, the activations behind it, and the layers that follow those.

    ``activations`` holds the names in the order they are applied, "linear" left out. ``activation_paths`` says, for each,
    which layer applies it. ``after`` are the kinds of layers between the last activation and the output; ``before`` those
    between the units and the last activation. ``axis_size`` is the size of the output's last axis.
    """

    layer: str | None = None
    kind: str | None = None
    units: int | None = None
    axis_size: int | None = None
    activations: tuple[str, ...] = ()
    activation_paths: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    output_shape: Shape | None = None
    softmax_axis: int | None = None
    dtype: str = "float32"
    pooled: bool = False

    @property
    def known(self):
        return self.layer is not None

    @property
    def is_linear(self):
        return self.known and not self.activations

    def ends_in(self, *names):
        return bool(self.activations) and self.activations[-1] in names

    def __str__(self):
        if not self.known:
            return "unknown head"
        return f"{self.kind}({self.units}, {self.activations[-1] if self.activations else 'linear'})"


@dataclass(frozen=True)
class Loss:
    """The loss of one output. ``computes`` is Keras's name of the formula: read off a built-in class, decoded by test otherwise.

    ``from_logits`` is what was asked for (None where the loss has no such argument). ``decoded`` tells that ``computes``
    was found by comparing numbers. ``expects`` is "probabilities", "logits", "values" or None when nothing is known.
    """

    name: str | None = None
    kind: str | None = None
    builtin: bool = True
    computes: str | None = None
    decoded: bool = False
    from_logits: bool | None = None
    weight: float | None = None
    config: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_categorical(self):
        return self.computes in CATEGORICAL

    @property
    def is_sparse(self):
        return self.computes in SPARSE

    @property
    def is_binary(self):
        return self.computes in BINARY

    @property
    def is_crossentropy(self):
        return self.is_categorical or self.is_sparse or self.is_binary

    @property
    def is_regression(self):
        return self.computes in REGRESSION

    @property
    def expects(self):
        if self.is_crossentropy:
            return "logits" if self.from_logits else "probabilities"
        return "values" if self.computes else None


@dataclass(frozen=True)
class Labels:
    """The labels of one output.

    ``form``: one-hot, integers (whole numbers, two or more classes), binary (0/1, one column), multi-hot, plus-minus-one,
    probabilities (rows of shares that sum to 1), fractions (all in [0, 1], not rows that sum to 1), continuous, text, other.
    ``counts`` maps class to number of rows where classes are known (at most 1,000 classes). ``rows`` is the full length,
    ``examined`` how many rows the facts come from. ``sorted_share``: the share of neighbouring rows with equal class.
    ``tail_classes``/``head_classes`` are the classes in the last fifth (or validation_split) and in the rest. ``partial``: these are
    the first rows of a stream that goes on. ``distinct`` counts different values where there are at most 1,000; ``held_by`` names
    columns of the inputs that equal the labels.
    """

    form: str = "other"
    shape: Shape | None = None
    dtype: str = ""
    container: str = ""
    rows: int | None = None
    examined: int = 0
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    classes: int | None = None
    counts: Mapping[int, int] = field(default_factory=dict)
    bad_rows: tuple[int, ...] = ()
    bad_count: int = 0
    whole: bool = False
    sorted_share: float | None = None
    chance_share: float | None = None
    head_classes: tuple[int, ...] = ()
    tail_classes: tuple[int, ...] = ()
    equals_input: bool = False
    expression: str | None = None
    column_stds: tuple[float, ...] = ()
    examples: tuple[str, ...] = ()
    multi_hot_rows: int = 0
    partial: bool = False
    distinct: int | None = None
    held_by: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Metric:
    """One metric of one output: ``name`` as the user wrote it, ``kind`` the class that Keras made of it."""

    name: str
    kind: str
    threshold: float | None = None
    written: str | None = None


@dataclass(frozen=True)
class Probe:
    """One small batch through model and loss, ``training=False``, nothing of the model's state changed.

    ``seen`` is the loss as fit computes it, ``on_values`` the loss of a fresh copy of the outputs. ``link`` is "logits" where
    they differ (the loss sees what is behind the activation), "values" where they agree, None when that cannot be told.
    ``trained_as`` is the formula that ``seen`` agrees with. ``sample`` holds up to 4 rows of outputs, 12 columns at most.
    ``in_column`` is the loss of labels (n,) written as a column (n, 1), where the loss is the user's own and the outputs are one.
    """

    rows: int = 0
    minimum: float | None = None
    maximum: float | None = None
    row_sum_min: float | None = None
    row_sum_max: float | None = None
    finite: bool = True
    constant: bool = False
    sample: tuple[tuple[float, ...], ...] = ()
    seen: float | None = None
    on_values: float | None = None
    link: str | None = None
    trained_as: str | None = None
    guessing: float | None = None
    gradient: float | None = None
    output_shape: Shape | None = None
    error: str | None = None
    in_column: float | None = None


@dataclass(frozen=True)
class Contract:
    """Head, link, loss, labels and metrics of one output."""

    output: str
    index: int = 0
    head: Head = field(default_factory=Head)
    loss: Loss = field(default_factory=Loss)
    labels: Labels | None = None
    metrics: tuple[Metric, ...] = ()
    probe: Probe | None = None

    @property
    def link(self):
        return self.probe.link if self.probe else None


@dataclass(frozen=True)
class Input:
    """One input array or stream. Facts come from ``examined`` of ``rows`` rows; ``bad_rows`` are the first rows with NaN or Inf.

    ``columns_*`` describe the last axis. ``scaled_in_model`` names the layer that scales the values before the first weights;
    ``indices_for`` the Embedding that reads them as indices. ``feeds`` are the first layers with weights that read them.
    ``rescaled`` says that anything before those layers may change the values; ``weights_see`` (the largest root mean square of
    an entry of the last axis) and ``weights_see_most`` (the largest size) are what they are fed, measured in the probe;
    ``weights_see_span`` is the largest of these values less the smallest; ``merged``: they read something else as well.
    ``duplicate_rows`` repeat an earlier row, ``conflicting_rows`` stand with several labels, ``best_share`` is the share of rows that
    have the commonest label of their group (pairs.repeated_rows).
    """

    name: str
    shape: Shape | None = None
    dtype: str = ""
    container: str = ""
    rows: int | None = None
    examined: int = 0
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    column_minima: tuple[float, ...] = ()
    column_maxima: tuple[float, ...] = ()
    column_stds: tuple[float, ...] = ()
    whole: bool = False
    bad_rows: tuple[int, ...] = ()
    bad_count: int = 0
    feeds: tuple[str, ...] = ()
    scaled_in_model: str | None = None
    indices_for: str | None = None
    vocabulary: int | None = None
    expression: str | None = None
    duplicate_rows: int = 0
    conflicting_rows: int = 0
    column_means: tuple[float, ...] = ()
    rescaled: bool = False
    weights_see: float | None = None
    weights_see_most: float | None = None
    merged: bool = False
    weights_see_span: float | None = None
    partial: bool = False
    best_share: float | None = None


@dataclass(frozen=True)
class Callback:
    """``monitor`` is the name that the callback waits for; None where it waits for none."""

    kind: str
    monitor: str | None = None
    builtin: bool = True


@dataclass(frozen=True)
class Fit:
    """The arguments of a fit call, and what follows from them: ``steps`` is updates an epoch.

    ``arguments`` names those that were given, data aside. ``call`` is the text of a call that stands in no cell: it was given to the magic.
    """

    epochs: int = 1
    initial_epoch: int = 0
    batch_size: int | None = None
    steps: int | None = None
    rows: int | None = None
    shuffle: bool = True
    validation_split: float = 0.0
    validation: bool = False
    validation_rows: int | None = None
    validation_classes: tuple[int, ...] = ()
    validation_overlap: int = 0
    class_weight: bool = False
    sample_weight: bool = False
    callbacks: tuple[Callback, ...] = ()
    written: bool = False
    lengths: Mapping[str, int] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    validation_examined: int = 0
    validation_counts: Mapping[int, int] = field(default_factory=dict)
    validation_lengths: Mapping[str, int] = field(default_factory=dict)
    same_data: bool = False
    call: str = ""

    @property
    def updates(self):
        """How often the weights are changed in all, None where the length of the data is not known."""
        return None if self.steps is None else self.steps * max(self.epochs - self.initial_epoch, 0)


@dataclass(frozen=True)
class OldSpelling:
    """A name of Keras 1 or 2 in a cell, and Keras 3's name for it (None where there is none; ``note`` then says what to do).

    ``keras`` is the version that changed it; ``effect`` in Keras 3: "fails", "ignored", "works". ``rewritten``: a patch can write it.
    """

    old: str
    new: str | None
    keras: str
    effect: str
    cell: int
    line: int
    end_line: int
    rewritten: bool = True
    note: str = ""


@dataclass(frozen=True)
class Snapshot:
    """Everything that rules may look at. ``sources`` maps a path to where it was written; ``cells`` are the texts meant there.

    ``reruns``: (run, newest run) of cells that were edited and run again; their older texts are not in ``cells``.
    """

    model: Model
    backend: str = "tensorflow"
    backend_version: str = ""
    keras: str = ""
    optimizer: Optimizer | None = None
    contracts: tuple[Contract, ...] = ()
    inputs: tuple[Input, ...] = ()
    fit: Fit | None = None
    metric_names: tuple[str, ...] = ()
    sources: Mapping[str, Span] = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    probed_rows: int = 0
    penalty: float | None = None
    old_spellings: tuple[OldSpelling, ...] = ()
    reruns: tuple[tuple[int, int], ...] = ()
