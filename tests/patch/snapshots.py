"""Snapshots made by hand, and patches applied twice, for the tests of patches."""

from __future__ import annotations

from kerasdoctor.finding import Finding, Fix, Severity
from kerasdoctor.patch.source import TargetNotFound, patch_cells, patch_text
from kerasdoctor.snapshot import Cell, Contract, Labels, Layer, Model, Optimizer, Snapshot


def layer(kind, *inputs, **config):
    """A layer without a path; ``inputs`` are numbers of the layers that feed it, -1 for the model's input."""
    feeding = tuple(f"layers[{number}]" if number >= 0 else "inputs[0]" for number in inputs)
    return Layer("", kind.lower(), kind, config=config, units=config.get("units"), inputs=feeding)


def numbered(layers, prefix=""):
    return tuple(Layer(**vars(one) | {"path": f"{prefix}layers[{index}]"}) for index, one in enumerate(layers))


def snapshot(*layers, variable="model", kind="Sequential", outputs=("output",), optimizer="Adam", container="ndarray", **facts):
    contracts = tuple(Contract(name, index, labels=Labels(form="one-hot", container=container)) for index, name in enumerate(outputs))
    model = Model("model", kind, variable=variable, layers=numbered(layers))
    return Snapshot(model, contracts=contracts, optimizer=Optimizer(optimizer), **facts)


def finding(*fixes, code="KD101"):
    return Finding(code, "name", "title", Severity.ERROR, "message", "place", (), fixes=fixes)


def fixed(*edits, code="KD101"):
    return finding(Fix("a fix", edits=edits), code=code)


def patched(text, taken, *edits):
    """The text with the edits made, after a look that making them again changes nothing."""
    patch = patch_text(text, [fixed(*edits)], taken)
    assert not patch.skipped, patch.skipped
    assert patch_text(patch.source, [fixed(*edits)], taken).source == patch.source
    return patch.source


def refused(text, taken, *edits):
    """Why the edits are not made."""
    try:
        patches = patch_cells([Cell(1, None, text)], Fix("a fix", edits=edits), taken)
    except TargetNotFound as reason:
        return str(reason)
    raise AssertionError("\n".join(patch.diff for patch in patches) or "nothing was changed, and nothing refused")


def unchanged(text, taken, *edits):
    return patch_cells([Cell(1, None, text)], Fix("a fix", edits=edits), taken) == ()
