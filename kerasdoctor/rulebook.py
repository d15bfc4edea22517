"""The pages of the rules: ``--explain``, ``--rules``, docs/rules/ and README's table, all from the rules' docstrings.

``python -m kerasdoctor.rulebook`` rewrites docs/rules/ and README's table; with ``--check`` it only says whether they are current.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kerasdoctor.rule import all_rules, find_rule

BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"


class Page(str):
    """A Markdown text that notebooks render and terminals print as it is."""

    def _repr_markdown_(self):
        return str(self)

    def __repr__(self):
        return str(self)


def explain(rule):
    """The page of a rule, in Markdown. ``rule``: a code (KD101) or a name. Raises LookupError with what comes near."""
    cls = find_rule(rule)
    body = [f"# {cls.code} {cls.name()}", f"**{cls.title()}.**", f"*{cls.severity}; suspects: {', '.join(cls.suspects)}*"]
    for head, text in cls.sections().items():
        if text:
            body.append(f"## {head}\n\n{text}" if head else text)
    return Page("\n\n".join(body) + "\n")


def table(ignored=None):
    """All rules as a Markdown table; with ``ignored`` (codes, prefixes, names) each has its state, on or silenced."""
    from kerasdoctor.diagnosis import is_ignored

    stated = ignored is not None
    rows = ["| code | name | severity | speaks when |" + " state |" * stated, "| --- | --- | --- | --- |" + " --- |" * stated]
    for cls in all_rules().values():
        state = f" {'silenced' if is_ignored(cls, ignored) else 'on'} |" if stated else ""
        rows.append(f"| {cls.code} | {cls.name()} | {cls.severity} | {cls.title()} |{state}")
    return Page("\n".join(rows) + "\n")


def pages():
    """``{file name: text}`` of docs/rules/."""
    found = {f"{cls.name()}.md": str(explain(cls.code)) for cls in all_rules().values()}
    lines = [f"- [{cls.code} {cls.name()}]({cls.name()}.md): {cls.title()}." for cls in all_rules().values()]
    return found | {"README.md": "# The rules\n\n" + "\n".join(lines) + "\n"}


def readme(text):
    """README with its table of rules brought up to date. Raises ValueError where the two marks are missing."""
    if BEGIN not in text or END not in text:
        raise ValueError(f"README needs the marks {BEGIN} and {END}")
    linked = re.sub(r"^\| (KD\d+) \| ([a-z0-9-]+) \|", r"| \1 | [\2](docs/rules/\2.md) |", str(table()), flags=re.MULTILINE)
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: f"{BEGIN}\n{linked}{END}", text, flags=re.DOTALL)


def main(arguments):
    root = Path(__file__).parents[1]
    wanted = {root / "docs" / "rules" / name: text for name, text in pages().items()}
    wanted[root / "README.md"] = readme((root / "README.md").read_text(encoding="utf-8"))
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    gone = [path for path in (root / "docs" / "rules").glob("*.md") if path not in wanted]
    if "--check" in arguments:
        for path in stale + gone:
            print(f"not current: {path.relative_to(root)}; run python -m kerasdoctor.rulebook")
        return 1 if stale or gone else 0
    (root / "docs" / "rules").mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    for path in gone:
        path.unlink()
    print(f"{len(stale)} written, {len(gone)} removed, {len(wanted) - len(stale)} current")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
