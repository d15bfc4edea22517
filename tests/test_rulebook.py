"""The rules' pages: what is in the repository is what the docstrings say."""

import pytest

from kerasdoctor.rule import all_rules, find_rule
from kerasdoctor.rulebook import explain, main, readme, table


def test_readme_and_pages_are_current(capsys):
    """``python -m kerasdoctor.rulebook`` has nothing to write."""
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_every_rule_is_explained_by_code_and_name():
    """Case and spelling as a user may type them."""
    for cls in all_rules().values():
        assert str(explain(cls.code)) == str(explain(cls.name())) == str(explain(cls.code.lower()))
        assert cls.title() in explain(cls.code)


def test_unknown_rule_names_what_is_near():
    """A typing error gets the rule that was meant."""
    with pytest.raises(LookupError, match="softmax-with-binary-loss"):
        find_rule("softmax-with-binary-los")


def test_table_marks_what_is_silenced():
    """By family, by code, by name."""
    said = table(("KD3", "KD101", "softmax-with-binary-loss"))
    states = {line.split("|")[1].strip(): line.split("|")[-2].strip() for line in said.splitlines()[2:]}
    assert states["KD301"] == states["KD101"] == states["KD102"] == "silenced"
    assert states["KD103"] == "on"


def test_readme_without_marks_is_refused():
    """The program never guesses where the table belongs."""
    with pytest.raises(ValueError, match="marks"):
        readme("# no marks here")
