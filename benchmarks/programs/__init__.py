"""Small faulty programs as notebook users write them, each with what puts it right, and sound programs that look suspicious."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

MODULES = ("heads", "labels", "metrics_and_losses", "inputs", "rows", "architecture", "shapes", "arguments", "callbacks", "sound")


@dataclass(frozen=True)
class Faulty:
    """A model cell that ends in a fit call, and the ``changes`` (old text, new text) that put it right.

    ``suspects`` are words of kerasdoctor.finding.SUSPECTS, what has to change first.
    """

    name: str
    wrong: str
    suspects: tuple[str, ...]
    source: str
    changes: tuple[tuple[str, str], ...]

    @property
    def fixed(self):
        """The program put right; each old text must stand in it exactly once."""
        text = self.source
        for old, new in self.changes:
            if text.count(old) != 1:
                raise ValueError(f"{self.name}: {old!r} stands in the program {text.count(old)} times")
            text = text.replace(old, new)
        return text


@dataclass(frozen=True)
class Sound:
    """A program that is right, and what makes it look wrong."""

    name: str
    looks: str
    source: str


def every():
    """All programs, in the order of the modules."""
    return [program for module in MODULES for program in importlib.import_module(f"{__name__}.{module}").PROGRAMS]
