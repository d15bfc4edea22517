"""What pip installs, without node: the files are there, JupyterLab takes the labextension, and it answers in a page."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGE_JSON = Path("kerasdoctor", "labextension", "package.json")
LABEXTENSION = Path("share", "jupyter", "labextensions", "kerasdoctor")


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """Where pip installed the project: with PATH empty, so that nothing can call node."""
    if importlib.util.find_spec("pip") is None:
        pytest.skip("pip is not installed")
    prefix = tmp_path_factory.mktemp("prefix")
    isolation = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--ignore-installed", *isolation]
    done = subprocess.run([*command, f"--prefix={prefix}", str(PROJECT)], env=os.environ | {"PATH": ""}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return prefix


@pytest.fixture(scope="module")
def server(prefix, tmp_path_factory):
    """In the place of the session's server: one with the installed labextension."""
    from lab_server import LabServer

    server = LabServer(tmp_path_factory.mktemp("server"), prefix / LABEXTENSION)
    yield server
    server.stop()


@pytest.mark.slow
def test_the_installed_package_has_every_file_that_is_not_python(prefix):
    (installed,) = prefix.glob("**/site-packages/kerasdoctor")
    package = PROJECT / "kerasdoctor"
    data = [path.relative_to(package) for path in package.rglob("*.*") if path.suffix not in (".py", ".pyc")]
    assert Path("labextension", "package.json") in data
    assert [path for path in data if not (installed / path).exists()] == []


@pytest.mark.slow
def test_jupyterlab_lists_the_installed_labextension_as_enabled(prefix, tmp_path):
    places = {"JUPYTER_PATH": str(prefix / "share" / "jupyter"), "JUPYTER_DATA_DIR": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "jupyter", "labextension", "list"]
    done = subprocess.run(command, env=os.environ | places | {"NO_COLOR": "1"}, capture_output=True, text=True)
    (line,) = [line for line in (done.stdout + done.stderr).splitlines() if line.split()[:1] == ["kerasdoctor"]]
    assert "enabled" in line and "OK" in line


@pytest.mark.slow
def test_the_installed_labextension_answers(lab):
    ask = "from kerasdoctor.views import click\nheard = []\nclick.hello(heard.append)"
    wait = "import time\nend = time.time() + 20\nwhile time.time() < end and not heard: time.sleep(0.05)"
    lab.open([ask, wait])
    lab.run_cell(0)
    lab.run_cell(1)
    assert lab.kernel_value("heard[0]['type']") == "'hello'"
    assert lab.kernel_value("heard[0]['version']") == repr(json.loads((PROJECT / PACKAGE_JSON).read_text())["version"])
