"""A JupyterLab server of its own for the browser tests: none of the user's settings, this Python as its only kernel."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import kerasdoctor.views

PACKAGE = Path(kerasdoctor.views.__file__).resolve().parents[1]
START_SECONDS = 90
STOP_SECONDS = 20


class LabServer:
    """JupyterLab and Notebook 7 over ``folder / "notebooks"``. ``extension`` is the labextension's folder; None disables it."""

    def __init__(self, folder: Path, extension: Path | None = PACKAGE / "labextension"):
        self.notebooks = folder / "notebooks"
        self.notebooks.mkdir(parents=True)
        self._folder = folder
        _write_kernel(folder / "jupyter" / "kernels" / "python3")
        if extension:
            installed = folder / "jupyter" / "labextensions" / "kerasdoctor"
            installed.parent.mkdir(parents=True)
            installed.symlink_to(extension, target_is_directory=True)
        else:
            _disable_extension(folder / "config" / "labconfig")
        self._write_settings()
        self._log = folder / "server.log"
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._process = self._start()
        self._wait_until_up()

    def _start(self):
        command = [sys.executable, "-m", "jupyterlab", *self._flags()]
        with self._log.open("w") as log:
            return subprocess.Popen(command, cwd=self.notebooks, env=self._environment(), stdout=log, stderr=subprocess.STDOUT)

    def _flags(self):
        flags = [
            "--no-browser",
            "--ip=127.0.0.1",
            f"--port={self.url.rpartition(':')[2]}",
            "--ServerApp.port_retries=0",
            # No token: only this machine can reach the server.
            "--IdentityProvider.token=",
            "--ServerApp.password=",
            "--ServerApp.disable_check_xsrf=True",
            f"--ServerApp.root_dir={self.notebooks}",
            "--ServerApp.terminals_enabled=False",
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True",
            "--LabApp.news_url=None",
        ]
        return flags + ["--allow-root"] * (hasattr(os, "geteuid") and os.geteuid() == 0)

    def _environment(self):
        folder = self._folder
        return os.environ | {
            "HOME": str(folder),
            "IPYTHONDIR": str(folder / "ipython"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            # Comes before all other places, an installed kerasdoctor included.
            "JUPYTER_PATH": str(folder / "jupyter"),
            "PYTHONPATH": str(PACKAGE.parent),
            "CUDA_VISIBLE_DEVICES": "-1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }

    def _wait_until_up(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"JupyterLab ended with status {self._process.returncode}:\n{self.log()}")
            try:
                self._ask("api/status")
                return
            except OSError:
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"JupyterLab was not up after {START_SECONDS} seconds:\n{self.log()}")

    def log(self):
        return self._log.read_text()

    def _ask(self, path, method="GET"):
        request = urllib.request.Request(f"{self.url}/{path}", method=method)
        with urllib.request.urlopen(request, timeout=STOP_SECONDS) as response:
            return json.loads(response.read() or "null")

    def _write_settings(self):
        """Only these: the question about news would lie over the page."""
        notification = self._folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        shutil.rmtree(self._folder / "settings", ignore_errors=True)
        notification.parent.mkdir(parents=True)
        notification.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))

    def clear(self):
        """End all kernels and forget what a test has set, such as a theme."""
        self._write_settings()
        for session in self._ask("api/sessions"):
            self._ask(f"api/sessions/{session['id']}", "DELETE")

    def stop(self):
        """SIGTERM also ends the kernels."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def write_notebook(self, name: str, cells: list[str]) -> str:
        """Cells get the ids "c0", "c1", ... Returns the name."""
        notebook = {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "cells": [_code_cell(f"c{index}", text) for index, text in enumerate(cells)],
        }
        (self.notebooks / name).write_text(json.dumps(notebook))
        return name


def _code_cell(id, text):
    return {"cell_type": "code", "id": id, "metadata": {}, "execution_count": None, "outputs": [], "source": text}


def _write_kernel(folder):
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python", "metadata": {"debugger": False}}
    (folder / "kernel.json").write_text(json.dumps(spec))


def _disable_extension(folder):
    folder.mkdir(parents=True)
    (folder / "page_config.json").write_text(json.dumps({"disabledExtensions": {"kerasdoctor": True}}))


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
