from __future__ import annotations

import difflib
import math
import re

from kerasdoctor.finding import Applicability, Fix, SetArgument, SetLoss, SetMetric, Severity, WrapData
from kerasdoctor.rule import Rule

ADVICE = Applicability.DISPLAY_ONLY
# What an exception's text tells of where it broke, and the findings that explain a break there.
MECHANISMS = (
    (
        r"Arguments `target` and `output` must have|Argument `output` must have rank|Dimensions must be equal|Incompatible shapes|"
        r"must be broadcastable|[Bb]roadcast|size of tensor a",
        ("KD104", "KD110", "KD111", "KD113", "KD408", "KD409"),
    ),
    (r"SparseSoftmaxCrossEntropy|outside the valid range|Target -?\d+ is out of bounds", ("KD104", "KD110", "KD112")),
    (r"cardinality is ambiguous", ("KD318",)),
    (r"indices\[.*\] = .* is not in|GatherV2|index out of range in self", ("KD313",)),
    (
        r"is incompatible with the layer|Invalid input shape|expected min_ndim|expected ndim|Matrix size-incompatible|mat1 and mat2",
        ("KD315", "KD409"),
    ),
    (r"must call `compile\(\)`", ("KD208",)),
    (r"Invalid dtype: (str|object)|could not convert string to float|Cast string to|Unsupported object type", ("KD112",)),
)
UNKNOWN_NAME = re.compile(
    r"Could not interpret (optimizer|loss|metric|activation function|initializer|regularizer|constraint) identifier: (\w+)"
)
INPUT_SHAPE = re.compile(MECHANISMS[4][0])
TEXT = re.compile(MECHANISMS[6][0])


class ErrorExplained(Rule):
    """fit, compile or another call of a model raised an error, and what the model and the data say explains it.

    ## Why it hurts training

    Keras's errors name tensors and nodes of a graph; the cause is in the model, the data or the compile call, often several cells above.
    "Arguments `target` and `output` must have the same rank" may be labels in another form, a missing Flatten, or a head of the wrong
    width: three faults with three different cures.

    ## How it is detected

    When a cell stops with an exception out of `fit`, `evaluate`, `predict`, `train_on_batch` or `compile`, the model and the arguments are
    taken from the exception's traceback; nothing is run again. They are examined as `%kerasdoctor` would, and a finding is shown above the
    traceback where its mechanism and the exception's are the same: labels and outputs that do not fit (KD104, KD110, KD111, KD113, KD408,
    KD409), classes out of range (KD110, KD112), arrays of different length (KD318), tokens outside the vocabulary (KD313), axes in the
    wrong place (KD315), a model that was not compiled (KD208). Explained here: rows of another shape than the model takes, text or mixed
    objects in the data, plain lists, missing labels, another number of inputs or outputs than arrays, names that Keras does not know, and
    models that were not built. Where nothing explains the exception, nothing is said.

    ## Example

    ```python
    x, y = rng.random((64, 28, 28)), np.arange(64) % 10
    model = keras.Sequential([keras.Input((784,)), layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 28, 28)), np.arange(64) % 10
    model = keras.Sequential([keras.Input((784,)), layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(np.reshape(x, (-1, 784)), y)
    ```
    """

    code = "KD603"
    severity = Severity.ERROR
    suspects = ("layer_shape", "label_encoding", "other")
    near = 0.75  # how alike a known name must be to be offered (difflib's ratio)

    def explain(self, said, findings, snapshot=None, facts=None):
        """The findings that explain an exception, best first; () for none.

        ``said`` is the exception's text, ``findings`` those of the model and data at hand, ``snapshot`` what is known of them.
        ``facts``: "known names" by kind, "labels given", "data" (the class of plain data), "arrays" and "labels" (how many).
        """
        facts = facts or {}
        codes = [code for pattern, codes in MECHANISMS if re.search(pattern, said) for code in codes]
        joined = [finding for finding in findings if finding.code in codes and finding.severity == Severity.ERROR]
        if joined:
            return tuple(joined[:2])
        return tuple(self._own(said, snapshot, facts))[:1]

    def _own(self, said, snapshot, facts):
        yield from self._unknown_name(said, snapshot, facts)
        if "Unrecognized data type" in said and facts.get("data") in ("list", "tuple"):
            yield self._advice(
                f"x is a plain {facts['data']} of rows; fit takes arrays.",
                "data.x",
                "np.asarray(x), and the same for y",
                {"x": facts["data"]},
            )
        if TEXT.search(said):
            yield from self._text(snapshot)
        if "None values not supported" in said and facts.get("labels given") is False:
            yield self._advice("fit was given no labels, and the loss needs them.", "data.y", "model.fit(x, y)", {"y": "not given"})
        if re.search(r"not yet been built|isn't built|hasn't been built|has never been called", said):
            yield self._advice(
                "The model has no weights yet: it learns its input's shape from an Input layer, or from the first call on data.",
                "layers[0]",
                "start the model with keras.Input(shape)",
                {"built": "no"},
            )
        if snapshot is not None:
            yield from self._counts(said, snapshot, facts)
            if INPUT_SHAPE.search(said):
                yield from self._input_shape(snapshot)

    def _advice(self, message, place, title, evidence, suspects=("other",)):
        return self.finding(message, place, suspects=suspects, evidence=evidence, proof=tuple(evidence)[:1], fixes=[Fix(title, ADVICE)])

    def _unknown_name(self, said, snapshot, facts):
        """``categorical_crosentropy``: a name that Keras does not know, and the one that is nearest."""
        found = UNKNOWN_NAME.search(said)
        if found is None:
            return
        kind, name = found.groups()
        near = difflib.get_close_matches(name, facts.get("known names", {}).get(kind, ()), 3, self.near)
        near.sort(key=lambda known: sorted(known) != sorted(name))  # letters that changed places come before letters that are missing
        if not near:
            return
        place = {"loss": "loss", "optimizer": "optimizer", "metric": "compile"}.get(kind, "layers[0]" if snapshot else "source")
        edits = {
            "loss": (SetLoss(near[0]),),
            "optimizer": (SetArgument("compile", "optimizer", near[0]),),
            "metric": (SetMetric(name, near[0]),),
        }
        fix = (
            Fix(f'write "{near[0]}"', Applicability.SAFE, edits[kind]) if snapshot and kind in edits else Fix(f'write "{near[0]}"', ADVICE)
        )
        yield self.finding(
            f'Keras has no {kind} "{name}"; "{near[0]}" comes nearest.',
            place,
            suspects=({"loss": "loss", "optimizer": "optimizer", "metric": "metric"}.get(kind, "other"),),
            evidence={"written": name, "known": near[0]},
            proof=("written",),
            fixes=[fix],
        )

    def _text(self, snapshot):
        for data in snapshot.inputs if snapshot else ():
            if data.dtype in ("text", "object"):
                yield self._advice(
                    f"{data.expression or 'x'} holds text or Python objects, not numbers.",
                    "data.x",
                    "make every column a number: drop or encode text columns, pad rows of unequal length, then x.astype('float32')",
                    {"values": data.dtype},
                )
                return

    def _counts(self, said, snapshot, facts):
        inputs, outputs = len(snapshot.model.input_shapes), len(snapshot.model.output_shapes)
        arrays, labels = facts.get("arrays"), facts.get("labels")
        if re.search(r"different structures|expects \d+ (named )?input", said):
            for what, count, given, place in (("input", inputs, arrays, "data.x"), ("output", outputs, labels, "data.y")):
                if count and given and count != given:
                    yield self._advice(
                        f"The model has {count} {what}s; {place[-1]} holds {given} array{'s' if given != 1 else ''}.",
                        place,
                        f"give {count} arrays, in the order of the model's {what}s: {place[-1]}=[...]",
                        {f"{what}s of the model": count, "arrays given": given},
                        ("layer_shape", "label_encoding"),
                    )
                    return

    def _input_shape(self, snapshot):
        model, inputs = snapshot.model, snapshot.inputs
        if len(inputs) != 1 or not inputs[0].shape or len(model.input_shapes) > 1:
            return
        given, name = tuple(inputs[0].shape), inputs[0].expression or "x"
        if not model.input_shapes:
            yield from self._rank(snapshot, given, name)
            return
        wanted = tuple(model.input_shapes[0])
        if _fits(wanted, given):
            return
        yield self.finding(
            f"The model takes rows of shape {wanted}; the rows of {name} have shape {given}.",
            "data.x",
            suspects=("layer_shape",),
            evidence={"the model takes": str(wanted), f"rows of {name}": str(given)},
            proof=(f"rows of {name}",),
            fixes=_reshaping(wanted, given),
        )

    def _rank(self, snapshot, given, name):
        """A model without an Input: its first layer tells how many axes it takes."""
        first = next((layer for layer in snapshot.model.layers if layer.kind != "InputLayer"), None)
        axes = re.search(r"Conv(?:LSTM)?(\d)D|Pooling(\d)D", first.kind) if first else None
        wanted = (
            int(axes[1] or axes[2]) + 1 if axes else 2 if first and first.kind in ("LSTM", "GRU", "SimpleRNN", "Bidirectional") else None
        )
        if wanted is None or len(given) == wanted:
            return
        fixes = _reshaping((*given, 1), given) if len(given) == wanted - 1 else [Fix(f"give each row {wanted} axes", ADVICE)]
        yield self.finding(
            f"{first.kind} takes rows of {wanted} axes; the rows of {name} have shape {given}.",
            "data.x",
            suspects=("layer_shape",),
            evidence={"axes of a row": wanted, f"rows of {name}": str(given)},
            proof=(f"rows of {name}",),
            fixes=fixes,
        )


def _fits(wanted, given):
    return len(wanted) == len(given) and all(a is None or b is None or a == b for a, b in zip(wanted, given, strict=True))


def _reshaping(wanted, given):
    """How rows of one shape become rows of another, where that is only another order of the same numbers; else advice."""
    note = "The same for validation data, and before predict."
    if wanted[-1] == 1 and _fits(wanted[:-1], given):
        return [
            Fix("add the axis of length 1 that the model takes", Applicability.UNSAFE, (WrapData("x", "np.expand_dims({}, -1)"),), note)
        ]
    whole = None not in wanted and None not in given
    if whole and len(wanted) == 1 and math.prod(given) == wanted[0]:
        return [Fix("flatten the rows", Applicability.UNSAFE, (WrapData("x", f"np.reshape({{}}, (-1, {wanted[0]}))"),), note)]
    if whole and len(given) == 1 and math.prod(wanted) == given[0]:
        text = ", ".join(str(size) for size in wanted)
        return [Fix("give the rows their axes back", Applicability.UNSAFE, (WrapData("x", f"np.reshape({{}}, (-1, {text}))"),), note)]
    return [Fix(f"let the model take rows of {given}, or give it rows of {wanted}", ADVICE)]
