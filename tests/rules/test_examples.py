"""Every documented example is run: Example raises the rule's code, Fix does not; every page has its sections."""

import pytest

from kerasdoctor.rule import SECTIONS, SnapshotRule, all_rules
from tests.rules.programs import code_of, codes, examine

RULES = list(all_rules().values())
STATIC = [cls for cls in RULES if issubclass(cls, SnapshotRule) and cls.family() != "source"]


def named(cls):
    return f"{cls.code}-{cls.name()}"


@pytest.mark.parametrize("cls", RULES, ids=named)
def test_documentation_has_the_house_form(cls):
    """The first line is the fault in one line; the sections come in the house order; file and class have one name."""
    sections = cls.sections()
    heads = [head for head in sections if head]
    assert heads == [head for head in SECTIONS if head in heads]
    assert set(SECTIONS[:2]) <= set(heads)
    assert len(cls.title()) < 110
    assert cls.__module__.rsplit(".", 1)[1] == cls.name().replace("-", "_")
    assert cls.suspects


@pytest.mark.keras
@pytest.mark.parametrize("cls", STATIC, ids=named)
def test_example_raises_the_code_and_fix_does_not(cls):
    """What the page shows as faulty is found, and what it shows as right is clean of it."""
    sections = cls.sections()
    assert cls.code in codes(examine(code_of(sections["Example"])))
    fixed = examine(code_of(sections["Fix"]))
    assert cls.code not in codes(fixed)
    assert fixed.is_clean, [f.code for f in fixed.findings]


@pytest.mark.keras
@pytest.mark.parametrize("cls", STATIC, ids=named)
def test_first_fix_makes_the_example_clean(cls):
    """The patch of the example's text gives a program that runs and no longer has the fault."""
    example = code_of(cls.sections()["Example"])
    report = examine(example)
    first = next(finding for finding in report.findings if finding.code == cls.code)
    if not any(fix.edits for fix in first.fixes):
        pytest.skip("this rule gives advice, not a patch")
    patch = report.patch(example, [cls.code])
    assert patch.source != example, patch.skipped
    assert cls.code not in codes(examine(patch.source)), patch.diff
