"""``[tool.kerasdoctor]`` of the nearest pyproject.toml: what to ignore, and the thresholds of rules.

[tool.kerasdoctor]
ignore = ["KD3", "metric-unfit-for-head"]

[tool.kerasdoctor.thresholds.KD405]
most = 0.8
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    ignore: tuple[str, ...] = ()
    thresholds: dict = field(default_factory=dict)
    problem: str = ""


def load(start=None):
    """Settings of the first pyproject.toml at or above ``start`` that has the table; a file that cannot be read becomes ``problem``."""
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        path = folder / "pyproject.toml"
        if not path.is_file():
            continue
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("kerasdoctor")
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            return Settings(problem=f"{path.name} was not read: {problem}")
        if table is not None:
            return _checked(table)
    return Settings()


def _checked(table):
    ignore = table.get("ignore", [])
    ignore = [ignore] if isinstance(ignore, str) else ignore
    thresholds = table.get("thresholds", {})
    if not isinstance(ignore, list) or not all(isinstance(item, str) for item in ignore):
        return Settings(problem="[tool.kerasdoctor] ignore must be a list of codes, prefixes or names")
    if not isinstance(thresholds, dict) or not all(isinstance(value, dict) for value in thresholds.values()):
        return Settings(ignore=tuple(ignore), problem="[tool.kerasdoctor.thresholds] must hold a table for each rule")
    return Settings(tuple(ignore), thresholds)
