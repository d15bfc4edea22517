"""What a contract is called in words: short sentences that are true on the backend at hand.

Markdown subset: `code` and **strong**. Facts: Keras 3's ``_get_logits`` (keras/src/backend/tensorflow/nn.py) takes the logits
behind a sigmoid or softmax whatever the loss; JAX and torch do not, and the link is lost in half precision or behind another layer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "torch", "numpy": "NumPy", "openvino": "OpenVINO"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
AWAY = "On JAX or torch, in float16, or with any layer after the head,"
LOSS_SAYS = {
    "softmax": "one choice: shares that sum to 1",
    "sparse": "one choice, labels as class numbers",
    "sigmoid": "each score a yes/no question",
    "mean_squared_error": "squared distance of numbers",
    "mean_absolute_error": "distance of numbers",
    "hinge": "labels -1 and 1, scores around 0",
}
LABELS_SAY = {
    "one-hot": "one 1 in every row",
    "integers": "class numbers",
    "binary": "0 or 1 in every row",
    "multi-hot": "several 1s in a row",
    "plus-minus-one": "-1 or 1",
    "probabilities": "shares that sum to 1",
    "fractions": "numbers from 0 to 1",
    "continuous": "numbers",
    "text": "text, not numbers",
}
METRICS_SAY = {
    "CategoricalAccuracy": "categorical: largest score wins",
    "SparseCategoricalAccuracy": "largest score against the class number",
    "BinaryAccuracy": "each score against {threshold}",
    "AUC": "area under the curve",
    "MeanSquaredError": "squared distance of numbers",
    "MeanAbsoluteError": "distance of numbers",
}


@dataclass(frozen=True)
class Reading:
    """A titled statement with the mark it stands under: "ok", "info", "warning" or "error"."""

    title: str
    severity: str
    text: str


def backend_name(snapshot):
    """``TensorFlow 2.21, Keras 3.15.1``."""
    name = f"{BACKENDS.get(snapshot.backend, snapshot.backend)} {snapshot.backend_version}".strip()
    return f"{name}, Keras {snapshot.keras}" if snapshot.keras else name


def count(number, noun):
    """``1 error``, ``2 errors``, ``458,501 parameters``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def head_says(head):
    """What the head's numbers mean, from its activation and the size of its last axis."""
    if not head.known:
        return "what makes this output is not known"
    units, last = _units(head), head.activations[-1] if head.activations else "linear"
    many = f"{_number(units)} " if units else ""
    if last == "softmax" and head.softmax_axis not in (None, -1, len(head.output_shape or ())):
        said = f"shares that sum to 1 along axis {head.softmax_axis}"
    elif units == 1:
        one = {"sigmoid": "one score, 0 to 1", "softmax": "one share: always 1", "linear": "one number"}
        said = one.get(last, f"one number after {last}")
    else:
        said = {
            "sigmoid": f"{many}separate scores, each 0 to 1",
            "softmax": f"{many}shares that sum to 1",
            "linear": f"{many}numbers of any size",
            "relu": f"{many}numbers from 0 up",
            "tanh": f"{many}numbers from -1 to 1",
        }.get(last, f"{many}numbers after {last}")
    return f"{said}, then {', '.join(f'`{kind}`' for kind in head.after)}" if head.after else said


def loss_says(contract):
    loss = contract.loss
    if loss.computes is None:
        return "its formula is not known" if loss.name else "no loss"
    said = LOSS_SAYS.get("sparse" if loss.is_sparse else loss_family(loss) or loss.computes, "")
    if loss.decoded:
        said = f"computes `{loss.computes}`" + (f"; {said}" if said else "")
    return f"{said}, from logits" if loss.from_logits and said else said


def labels_say(labels):
    """Value and caption of the labels' station."""
    if labels is None:
        return "not given", "no data was given"
    columns = (labels.shape or ())[-1:]
    rows = f"{labels.rows:,}" if labels.rows is not None else f"{labels.examined:,}+"
    size = f"{rows} × {columns[0]}" if columns and columns[0] is not None else f"{rows} rows"
    caption = LABELS_SAY.get(labels.form, "")
    if labels.form == "integers" and labels.minimum is not None:
        caption = f"class numbers {labels.minimum:g} to {labels.maximum:g}"
    if labels.form == "continuous" and labels.minimum is not None:
        caption = f"numbers from {labels.minimum:.3g} to {labels.maximum:.3g}"
    return f"{labels.form}, {size}", caption


def metrics_say(contract):
    """Value and caption of the metrics' station."""
    if not contract.metrics:
        return "none", "only the loss is watched"
    first = contract.metrics[0]
    caption = METRICS_SAY.get(first.kind, "") if len(contract.metrics) == 1 else ""
    threshold = 0.5 if first.threshold is None else first.threshold
    return ", ".join(metric.name for metric in contract.metrics), caption.format(threshold=f"{threshold:g}")


def link_says(contract):
    """Value and caption of the link's station: what of the head's result reaches the loss."""
    probe, last = contract.probe, contract.head.activations[-1] if contract.head.activations else None
    if probe is None:
        return "not tested", "no data was given"
    if probe.error:
        return "not tested", "the batch could not be run"
    if probe.link == "logits":
        if case_of(contract) == "fits":
            return "logits", f"the loss reads the values before the {last}"
        return f"{last or 'activation'} bypassed", "the loss reads the logits, `predict()` does not"
    if probe.link == "values":
        return "outputs", "the loss reads what `predict()` returns"
    return "not known", "the test could not tell"


def loss_family(loss):
    """The activation that a cross-entropy's probabilities come from, None for other losses."""
    if loss.is_categorical or loss.is_sparse:
        return "softmax"
    return "sigmoid" if loss.is_binary else None


def case_of(contract):
    """Which known pair of head and loss this is: a key of the tables below, "fits", or None where nothing is known."""
    head, loss, family = contract.head, contract.loss, loss_family(contract.loss)
    if not head.known or family is None:
        return None
    last, units = (head.activations[-1] if head.activations else "linear"), _units(head)
    if units == 1 and family == "softmax":
        return "one class"
    if units == 1 and last == "softmax":
        return "one share"
    if last in ("softmax", "sigmoid"):
        if loss.from_logits:
            return "activated logits"
        return "fits" if last == family else f"{last} under {family}"
    if last == "linear":
        return "fits" if loss.from_logits else "raw scores"
    return "out of range"


def here(contract, backend):
    """A Reading of what the loss computes on this backend, or None where nothing is known."""
    probe, title = contract.probe, f"Here, on {BACKENDS.get(backend, backend)}"
    if probe is None:
        return Reading(title, "info", "Not tested: no data was given.")
    if probe.error:
        return Reading(title, "warning", f"Not tested: {probe.error}")
    case = case_of(contract)
    text = _untied(case, contract, backend) or HERE.get((case, probe.link))
    if not text:
        return None
    severity = "ok" if case == "fits" else "info" if probe.link == "logits" else "warning"
    return Reading(title, severity, text.format(**_facts(contract)))


def elsewhere(contract, backend):
    """A Reading of what the same model does where the link is alive, or is not; None where nothing is known."""
    probe = contract.probe
    text = ELSEWHERE.get((case_of(contract), probe.link)) if probe and not probe.error else None
    return Reading("Elsewhere", "warning", text.format(**_facts(contract), without=_without(contract, backend))) if text else None


def predictions(contract):
    """A Reading whose title says what ``predict()`` returns; its text is empty. None where no batch was run."""
    probe = contract.probe
    if probe is None or probe.error or (probe.minimum is None and not probe.sample):
        return None
    if not probe.finite:
        return Reading("What `predict()` returns: values that are not finite", "error", "")
    if probe.constant:
        return Reading("What `predict()` returns: the same for every row", "info", "")
    units, family = _units(contract.head), loss_family(contract.loss)
    if off_sum(contract):
        return Reading("What `predict()` returns: scores that do not sum to 1", "error", "")
    if (units or 0) > 1 and _sums_to_one(probe):
        return Reading("What `predict()` returns: shares that sum to 1", "ok", "")
    if family and contract.head.is_linear:
        return Reading("What `predict()` returns: raw scores, not probabilities", "info", "")
    if probe.minimum is None:
        return Reading("What `predict()` returns", "info", "")
    return Reading(f"What `predict()` returns: {probe.minimum:.3g} to {probe.maximum:.3g}", "ok" if family else "info", "")


def off_sum(contract):
    """Whether rows that should be shares of one choice do not sum to 1."""
    probe = contract.probe
    if probe is None or probe.row_sum_min is None or loss_family(contract.loss) != "softmax" or (_units(contract.head) or 0) < 2:
        return False
    return not contract.head.is_linear and max(abs(probe.row_sum_min - 1), abs(probe.row_sum_max - 1)) > 0.01


def output_title(contract):
    """``output 1``, or the output's name in code."""
    return contract.output if contract.output.startswith("output ") else f"output `{contract.output}`"


def _sums_to_one(probe):
    known = None not in (probe.minimum, probe.row_sum_min, probe.row_sum_max)
    return known and probe.minimum >= 0 and max(abs(probe.row_sum_min - 1), abs(probe.row_sum_max - 1)) <= 0.01


HERE = {
    ("fits", "logits"): "The loss reads the logits behind the {last}: the stable form.",
    ("fits", "values"): "The loss reads what the head gives, as it should.",
    ("sigmoid under softmax", "logits"): "Keras finds the logits behind the sigmoid and trains them with **softmax** cross-entropy. "
    "Training may look healthy.",
    ("sigmoid under softmax", "values"): "The loss divides the sigmoids by their sum. That form **can collapse** to NaN in mid-training.",
    ("softmax under sigmoid", "logits"): "Keras finds the logits behind the softmax and trains each with its own **sigmoid**: "
    "{many} yes/no questions instead of one choice. Training may look healthy.",
    ("softmax under sigmoid", "values"): "The loss takes the softmax shares one by one and clips them{twice}. "
    "A fully wrong answer **can** be left without a gradient.",
    ("one share", "logits"): "Keras trains the logit behind the softmax, so the loss falls. `predict()` returns 1.0 for every row.",
    ("one share", "values"): "The loss sees the constant 1.0, which has no gradient: nothing is learned.",
    ("activated logits", "logits"): "Keras finds the logits behind the {last} and uses those: the loss is right.",
    ("activated logits", "values"): "The loss puts a {family} on top of the {last}{floor}.",
}
ELSEWHERE = {
    ("sigmoid under softmax", "logits"): AWAY + " the loss divides the sigmoids by their sum. "
    "That form **can collapse** to NaN in mid-training.",
    ("sigmoid under softmax", "values"): "{without}, Keras trains the logits behind the sigmoid with softmax cross-entropy. "
    "`predict()` returns sigmoids there as well.",
    ("softmax under sigmoid", "logits"): AWAY + " the loss takes the softmax shares one by one{twice}. "
    "A fully wrong answer **can** be left without a gradient there.",
    ("softmax under sigmoid", "values"): "{without}, Keras trains each logit behind the softmax with its own sigmoid.",
    ("one share", "logits"): AWAY + " the loss sees the constant 1.0, which has no gradient: nothing is learned.",
    ("one share", "values"): "{without}, the loss falls, and `predict()` still returns 1.0 for every row.",
    ("activated logits", "logits"): AWAY + " the loss puts a {family} on top of the {last}{floor}.",
    ("activated logits", "values"): "{without}, Keras uses the logits behind the {last}, and the loss is right.",
}


def _untied(case, contract, backend):
    """Sentences that do not depend on the link."""
    loss, last = contract.loss, contract.head.activations[-1] if contract.head.activations else "linear"
    if case == "one class" and loss.is_categorical:
        return "With one class the loss is 0 from the first batch: nothing is learned."
    if case == "one class":
        return {
            "tensorflow": "Label 1 lies outside the one class: an error on CPU, NaN where XLA compiles the step.",
            "jax": "Label 1 lies outside the one class and adds nothing to the loss, without an error.",
            "torch": "Label 1 lies outside the one class: an IndexError.",
        }.get(backend)
    if case == "raw scores" and (loss.is_categorical or backend != "tensorflow") and not loss.is_binary:
        return "The loss divides raw scores by their sum, which **can** be negative or 0."
    if case == "raw scores":
        return "The loss clips raw scores to between 0 and 1; outside, they get no gradient."
    if case == "out of range" and last == "relu" and loss.is_categorical:
        return "The loss divides by the sum of the row. A row of zeros is 0/0 = NaN, and so is every weight one step later."
    if case == "out of range" and last == "tanh" and loss.is_categorical:
        return "The loss takes values below 0 for probabilities."
    return None


def _facts(contract):
    units, last = _units(contract.head), contract.head.activations[-1] if contract.head.activations else "linear"
    family = loss_family(contract.loss)
    floor = -math.log(math.e / (math.e + units - 1)) if units and units > 1 and family == "softmax" else None
    one_choice = contract.labels is not None and contract.labels.form == "one-hot"
    return {
        "last": last,
        "many": _number(units) if units else "several",
        "family": family,
        "floor": f", and it cannot fall below {floor:.2f}" if floor else "",
        "twice": ", which for two units equals `categorical_crossentropy`" if units == 2 and one_choice else "",
    }


def _without(contract, backend):
    if backend != "tensorflow":
        return "On TensorFlow"
    if contract.head.after:
        return f"Without the `{contract.head.after[0]}` after the head"
    if contract.head.dtype in ("float16", "bfloat16"):
        return f"With the head in float32 instead of {contract.head.dtype}"
    return "Where the loss is handed the head's own result"


def _units(head):
    return head.axis_size or head.units


def _number(number):
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
