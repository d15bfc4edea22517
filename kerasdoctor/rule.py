"""The two kinds of rules, how they are found, and the sections of their documentation."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import re

from kerasdoctor.finding import SUSPECTS, Finding, Severity

FAMILIES = ("output", "optimization", "data", "architecture", "training", "source")
SECTIONS = ("Why it hurts training", "How it is detected", "Example", "Fix", "References")


class Rule:
    """What every rule has: a code that is never reused, a severity, and suspects, most likely first."""

    code: str
    severity: Severity = Severity.WARNING
    suspects: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if getattr(cls, "code", None) and not set(cls.suspects) <= SUSPECTS:
            raise TypeError(f"{cls.__name__}.suspects: unknown {sorted(set(cls.suspects) - SUSPECTS)}")

    @classmethod
    def name(cls):
        """``SoftmaxWithBinaryLoss`` -> ``softmax-with-binary-loss``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def family(cls):
        return cls.__module__.split(".")[-2]

    @classmethod
    def title(cls):
        """The fault in one line: the docstring's first line without its full stop."""
        return inspect.getdoc(cls).splitlines()[0].rstrip(".")

    @classmethod
    def sections(cls):
        """``{"": opening paragraph, "Why it hurts training": text, ...}`` of the docstring."""
        parts = re.split(r"^## (.+)$", inspect.getdoc(cls), flags=re.MULTILINE)
        return {"": "\n".join(parts[0].splitlines()[1:]).strip()} | {
            head.strip(): body.strip() for head, body in zip(parts[1::2], parts[2::2], strict=True)
        }

    def finding(self, message, place, *, severity=None, suspects=None, evidence=None, fixes=(), proof=(), output=None):
        """A finding of this rule; severity and suspects default to the rule's own."""
        return Finding(
            code=self.code,
            name=self.name(),
            title=self.title(),
            severity=severity or self.severity,
            message=message,
            place=place,
            suspects=tuple(suspects or self.suspects),
            evidence=evidence or {},
            fixes=tuple(fixes),
            proof=tuple(proof),
            output=output,
        )


class SnapshotRule(Rule):
    """A rule that reads a Snapshot. It states facts and yields findings; it never prints, draws or imports Keras."""

    def check(self, snapshot):
        raise NotImplementedError


class TrainingRule(Rule):
    """A live rule: a fresh instance for each fit, fed one ``Step`` after the other (kerasdoctor.watch.record).

    ``observe(step)`` yields nothing, or Incident values: what was seen, its state ("seen", "confirmed", "recovered") and numbers.
    """

    def observe(self, step):
        raise NotImplementedError


@functools.cache
def all_rules():
    """Every rule class of the package by code, found by walking ``kerasdoctor/rules``. Raises TypeError if a code is used twice."""
    found = {}
    for family in FAMILIES:
        package = importlib.import_module(f"kerasdoctor.rules.{family}")
        for module in pkgutil.iter_modules(package.__path__):
            source = importlib.import_module(f"{package.__name__}.{module.name}")
            for cls in vars(source).values():
                if isinstance(cls, type) and issubclass(cls, Rule) and cls.__module__ == source.__name__ and hasattr(cls, "code"):
                    if cls.code in found:
                        raise TypeError(f"{cls.code} is used by {found[cls.code].__name__} and {cls.__name__}")
                    found[cls.code] = cls
    return dict(sorted(found.items()))


def find_rule(text):
    """The rule with a code (KD101) or a name. Raises LookupError with the nearest codes."""
    wanted = text.strip()
    for cls in all_rules().values():
        if wanted.upper() == cls.code or wanted.lower() == cls.name():
            return cls
    import difflib

    known = [cls.code for cls in all_rules().values()] + [cls.name() for cls in all_rules().values()]
    near = difflib.get_close_matches(wanted, known, 3, 0.5)
    raise LookupError(f"no rule {wanted!r}" + (f"; did you mean {', '.join(near)}?" if near else "; %kerasdoctor --rules lists them all"))
