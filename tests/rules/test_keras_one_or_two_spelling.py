"""KD601 on spellings made by hand: one finding a cell; what fails is an error, what is ignored a warning."""

from kerasdoctor.finding import Applicability, ModernSpelling, Severity
from kerasdoctor.rules.source.keras_one_or_two_spelling import KerasOneOrTwoSpelling
from kerasdoctor.snapshot import Model, OldSpelling, Snapshot

FAILS = OldSpelling("nb_epoch", "epochs", "2.0", "fails", 4, 2, 2)
IGNORED = OldSpelling("decay", "InverseTimeDecay", "3.0", "ignored", 5, 1, 1)
GONE = OldSpelling("Merge", None, "2.0", "fails", 6, 1, 1, rewritten=False, note="use concatenate")


def check(*found):
    model = Model("m", "Sequential", variable="net", output_shapes=((3,),))
    return list(KerasOneOrTwoSpelling().check(Snapshot(model, old_spellings=found)))


def test_one_finding_a_cell():
    first, second = check(FAILS, IGNORED)
    assert (first.severity, second.severity) == (Severity.ERROR, Severity.WARNING)
    assert (first.place, second.place) == ("In [4]", "In [5]")
    assert first.evidence == {"nb_epoch": "epochs"} and "nb_epoch is now epochs" in first.message
    assert first.fixes[0].edits == (ModernSpelling(4, (("net", 3),)),)
    assert (first.fixes[0].applicability, second.fixes[0].applicability) == (Applicability.SAFE, Applicability.UNSAFE)


def test_what_cannot_be_rewritten_is_advice():
    (found,) = check(GONE)
    assert found.fixes[0].applicability == Applicability.DISPLAY_ONLY and "use concatenate" in found.fixes[0].note
    assert "Merge is gone" in found.message


def test_nothing_old_nothing_said():
    assert check() == []
