"""First, do no harm, proved: with a fixed seed a watched fit leaves every bit as an unwatched one does, on all three backends."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.keras

HERE = Path(__file__).parent
KINDS = {
    "tensorflow": ("arrays", "sequence", "generator", "dataset"),
    "jax": ("arrays", "sequence", "generator"),
    "torch": ("arrays", "sequence", "generator"),
}


@pytest.mark.slow
@pytest.mark.parametrize("backend", KINDS)
def test_a_watched_fit_leaves_every_bit_as_an_unwatched_one(backend):
    """Weights, seeds, optimizer, history, the global random state and an evaluation afterwards, with the probe every third batch."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    environment = {**os.environ, "KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment["PYTHONPATH"] = str(HERE.parents[1])
    command = [sys.executable, HERE / "no_harm_run.py", *KINDS[backend]]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.splitlines() == [f"{kind} same" for kind in KINDS[backend]]
