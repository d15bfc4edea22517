"""What the output rules share: the fixes that make head, loss and labels agree, and how a contract is put into words."""

from __future__ import annotations

from kerasdoctor.finding import Applicability, Fix, SetActivation, SetArgument, SetLabels, SetLoss, WrapData

SAFE, UNSAFE, ADVICE = Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY_ONLY
BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "torch"}
PROBABILITIES = ("sigmoid", "hard_sigmoid", "softmax")
# Layers that hand their input's values on unchanged at inference; they still cut the link, because they make a new tensor.
RESHAPING = {"Reshape", "Flatten", "Permute", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "Identity", "ActivityRegularization"}


def backend_name(snapshot):
    return BACKENDS.get(snapshot.backend, snapshot.backend)


def link_of(snapshot, contract):
    """ "logits" or "values": as tested, or as the backend is known to do where there was no batch to test on.

    Keras's TensorFlow backend hangs the logits on what sigmoid and softmax return; any layer behind them, or a half-precision
    head, loses them (keras/src/backend/tensorflow/nn.py, _get_logits).
    """
    if contract.link is not None:
        return contract.link
    kept = snapshot.backend == "tensorflow" and not contract.head.after and contract.head.dtype == "float32"
    return "logits" if kept and contract.head.ends_in("sigmoid", "softmax") and contract.loss.builtin else "values"


def output_of(snapshot, contract):
    """The name of the output where there are several, None where there is one."""
    return contract.output if len(snapshot.contracts) > 1 else None


def place_of(contract):
    """The layer that applies the head's activation, else the layer with the units, else the loss."""
    paths = [path for path in contract.head.activation_paths if path]
    return paths[-1] if paths and contract.head.activations else contract.head.layer or "loss"


def classes_of(contract):
    """K as the labels say, where they say it."""
    labels = contract.labels
    return labels.classes if labels and labels.form in ("one-hot", "integers", "binary", "probabilities", "multi-hot") else None


def is_multi_label(contract):
    return contract.labels is not None and contract.labels.form == "multi-hot" and contract.labels.multi_hot_rows > 0


def fix(title, applicability, edits, note=""):
    """A Fix; advice only where an edit has no place in the source (an activation applied by an operation, say)."""
    found = [edit for edit in edits if edit is not None]
    if len(found) < len(edits):
        return Fix(title, ADVICE, (), note)
    return Fix(title, applicability, tuple(found), note)


def activation(contract, name):
    """The edit that makes the head end in ``name``; None where nothing in the source can be changed."""
    head = contract.head
    target = (head.activation_paths[-1] if head.activations else head.layer) or None
    return SetActivation(target, name) if target else None


def units(contract, count):
    head = contract.head
    if not head.layer:
        return None
    return SetArgument(head.layer, "filters" if head.kind and "Conv" in head.kind else "units", count)


def loss(snapshot, contract, name):
    return SetLoss(name, output_of(snapshot, contract))


def labels(snapshot, contract, form, classes=None):
    return SetLabels(form, classes, output_of(snapshot, contract))


def crossentropy_for(contract):
    """The categorical cross-entropy that takes these labels."""
    form = contract.labels.form if contract.labels else None
    if form in ("integers", "binary"):
        return "sparse_categorical_crossentropy"
    if form is None and contract.loss.is_sparse:
        return "sparse_categorical_crossentropy"
    return "categorical_crossentropy"


def one_of_many(snapshot, contract):
    """Softmax over the units that are there, with the cross-entropy that takes the labels."""
    wanted = crossentropy_for(contract)
    edits = [] if contract.head.ends_in("softmax") else [activation(contract, "softmax")]
    edits += [] if contract.loss.computes == wanted and not contract.loss.from_logits else [loss(snapshot, contract, wanted)]
    return edits


def classifier(snapshot, contract):
    """Fixes, best first, for a head of one unit that meets class labels: by how many classes the labels have."""
    count, form = classes_of(contract), contract.labels.form if contract.labels else None
    if count and count > 2:
        wanted = crossentropy_for(contract)
        return [
            fix(
                f"{count} units with softmax, {wanted}",
                UNSAFE,
                [units(contract, count), activation(contract, "softmax"), loss(snapshot, contract, wanted)],
                f"predict() then returns {count} shares that sum to 1, one for each class.",
            )
        ]
    if form == "one-hot":
        return [
            fix(
                "2 units with softmax, categorical_crossentropy",
                UNSAFE,
                [units(contract, 2), activation(contract, "softmax"), loss(snapshot, contract, "categorical_crossentropy")],
                "The labels have two columns, so the head needs two units.",
            )
        ]
    return [binary_unit(snapshot, contract)]


def binary_unit(snapshot, contract):
    """One unit that answers yes or no, with binary cross-entropy."""
    edits = [] if contract.head.axis_size == 1 else [units(contract, 1)]
    edits += [] if contract.head.ends_in("sigmoid") else [activation(contract, "sigmoid")]
    edits += [] if contract.loss.is_binary and not contract.loss.from_logits else [loss(snapshot, contract, "binary_crossentropy")]
    if contract.labels is not None and contract.labels.form == "one-hot":
        edits.append(labels(snapshot, contract, "binary"))
    return fix(
        "one sigmoid unit, binary_crossentropy",
        UNSAFE,
        edits,
        "predict() then returns one number a row: the probability of class 1.",
    )


def standardised(facts):
    """(edit, note) that gives fit its targets with mean 0 and spread 1; edit is None where they are no plain array of numbers."""
    mean, spread = float(f"{facts.mean:.6g}"), float(f"{facts.std or 1.0:.4g}")
    note = f"predict() then returns standardised values: y = prediction * {spread} + {mean}."
    plain = facts.container == "ndarray" and len(facts.shape or ()) < 2
    return (WrapData("y", f"({{}} - {mean}) / {spread}") if plain else None), note


def several_labels(snapshot, contract):
    """A sigmoid for each label, with binary cross-entropy."""
    edits = [] if contract.head.ends_in("sigmoid") else [activation(contract, "sigmoid")]
    edits += [] if contract.loss.is_binary and not contract.loss.from_logits else [loss(snapshot, contract, "binary_crossentropy")]
    return fix(
        "multi-label: sigmoid with binary_crossentropy",
        UNSAFE,
        edits,
        "Only if a row can belong to several classes at once."
        if not is_multi_label(contract)
        else f"{contract.labels.multi_hot_rows} label rows hold more than one 1, so a row can belong to several classes.",
    )


def number(value):
    """Four significant digits, as people read them."""
    return None if value is None else float(f"{value:.4g}")


def row_sums(contract):
    """The evidence of rows that do or do not sum to 1; empty where nothing was tested."""
    probe = contract.probe
    if probe is None or probe.row_sum_min is None:
        return {}
    return {"row sums of predict(), should be 1": f"{probe.row_sum_min:.2f} to {probe.row_sum_max:.2f}"}


def losses_seen(contract):
    """The two numbers that tell the link: the loss as fit computes it, and the loss of the values that predict() returns."""
    probe = contract.probe
    if probe is None or probe.seen is None:
        return {}
    return {"loss that fit sees": number(probe.seen), "loss of what predict() returns": number(probe.on_values)}


def label_evidence(contract):
    facts = contract.labels
    if facts is None or facts.form == "other":
        return {}
    if facts.form == "one-hot":
        return {"label rows with exactly one 1": f"{facts.examined:,} of {facts.examined:,}"}
    if facts.form == "multi-hot":
        return {"label rows with more than one 1": f"{facts.multi_hot_rows:,} of {facts.examined:,}"}
    if facts.classes and facts.form in ("integers", "binary"):
        return {"labels": f"whole numbers {facts.minimum:g} to {facts.maximum:g}"}
    if facts.minimum is not None:
        return {"labels": f"{facts.minimum:.4g} to {facts.maximum:.4g}"}
    return {"labels": facts.form}
