"""No rule has an error or a warning on programs that are as they should be, and each of them trains."""

import inspect
import time

import pytest

pytestmark = [pytest.mark.keras, pytest.mark.slow]
MODULES = ("tabular", "text", "image", "sequence", "generative", "several")
FEW_SECONDS = 15  # for a model of hundreds of layers on a busy machine; the benchmark has the real bar


def _names():
    """The programs, read from the source so that Keras is not imported to collect them."""
    import ast
    from pathlib import Path

    for module in MODULES:
        tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{module}.{node.name}"


@pytest.mark.parametrize("name", _names())
def test_healthy_program(name):
    """Clean report, every rule asked, the model trains a step afterwards."""
    import importlib

    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    module, function = name.split(".")
    build = getattr(importlib.import_module(f"tests.healthy.{module}"), function)
    assert not inspect.signature(build).parameters
    model, x, y, arguments = build()
    _examined(model, x, y, arguments)
    model.run_eagerly = True  # one step; tracing it would take longer
    steps = arguments | {"epochs": 1, "steps_per_epoch": 1, "verbose": 0}
    for name in ("validation_split", "validation_data", "callbacks"):
        steps.pop(name, None)
    model.fit(x, y, **steps)


def test_applications(family):
    """Hundreds of layers, no false alarm, and in a few seconds."""
    from tests.healthy.applications import built

    model, x, y, arguments = built(family)
    start = time.perf_counter()
    _examined(model, x, y, arguments)
    assert time.perf_counter() - start < FEW_SECONDS


def pytest_generate_tests(metafunc):
    if "family" in metafunc.fixturenames:
        pytest.importorskip("keras")
        from tests.healthy.applications import FAMILIES

        metafunc.parametrize("family", FAMILIES)


def _examined(model, x, y, arguments):
    import kerasdoctor

    report = kerasdoctor.diagnose(model, x, y, **arguments)
    loud = [f"{f.code} {f.severity}: {f.message}" for f in report.findings if f.severity != "info"]
    assert not loud
    assert not [note for note in report.notes if "could not be" in note or "cannot" in note]
