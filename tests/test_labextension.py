"""The labextension's description: JupyterLab reads it from package.json, pip's part of it stands in pyproject.toml."""

import json
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1]
FOLDER = PROJECT / "kerasdoctor" / "labextension"


def test_the_labextension_has_the_version_of_the_package():
    package = json.loads((FOLDER / "package.json").read_text())
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    assert package["version"] == version
    # The query makes browsers load the new file after an update, and tells the script its version.
    file, _, query = package["jupyterlab"]["_build"]["load"].partition("?")
    assert query == f"v={version}"
    assert (FOLDER / file).is_file()


def test_the_labextension_names_the_package_that_brings_it():
    assert json.loads((FOLDER / "install.json").read_text())["packageName"] == "kerasdoctor"
