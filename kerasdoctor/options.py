"""The options of the magics: read off a line, and offered for completion."""

from __future__ import annotations

import difflib

from IPython.core.error import UsageError

OPTIONS = ("-o", "--json", "--text", "--rules", "--explain", "--fix", "--ignore", "--help")
WITH_VALUE = ("--explain", "--fix", "--ignore")
WATCH_OPTIONS = ("--deep", "--text", "--ignore")


class Options:
    """The leading options of a magic's line, and the rest of it. Raises UsageError for one that does not exist."""

    def __init__(self, line, known):
        self.flags, self.values, rest = set(), {}, line.strip()
        while rest.startswith("-"):
            word, _, rest = rest.partition(" ")
            name, _, value = word.partition("=")
            if name not in known:
                near = difflib.get_close_matches(name, known, 1, 0.4)
                raise UsageError(f"no option {name}{f'; did you mean {near[0]}?' if near else ''}  ({' '.join(known)})")
            rest = rest.strip()
            if name in WITH_VALUE:
                if not value:
                    value, _, rest = rest.partition(" ")
                if not value:
                    raise UsageError(f"{name} needs a code, such as {name} KD101")
                self.values.setdefault(name, []).extend(part for part in value.split(",") if part)
                rest = rest.strip()
            else:
                self.flags.add(name)
        self.rest = rest

    @property
    def ignore(self):
        return tuple(self.values.get("--ignore", ()))


def completions(notebook, line):
    """Options, rule codes and names behind ``--explain``, ``--fix`` and ``--ignore``, and the names of models."""
    words = line.split()
    last = words[-1] if line and not line.endswith(" ") else ""
    before = words[-2] if last and len(words) > 1 else (words[-1] if words else "")
    if before in WITH_VALUE:
        from kerasdoctor.rule import all_rules

        rules = all_rules().values()
        return [cls.code for cls in rules] + [cls.name() for cls in rules]
    if last.startswith("-"):
        return list(OPTIONS)
    names = list(notebook.models())
    return [*names, *(f"{name}.fit(" for name in names), *OPTIONS]
