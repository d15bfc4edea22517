"""``kerasdoctor.diagnose`` and what a Report offers, on real Keras models."""

import json

import pytest

pytestmark = pytest.mark.keras


@pytest.fixture
def program():
    """Case B in small: (model, x, y)."""
    import keras
    import numpy as np

    keras.utils.set_random_seed(0)
    x, y = np.random.default_rng(0).random((64, 4)).astype("float32"), np.eye(5)[np.arange(64) % 5]
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(5, activation="sigmoid")])
    model.compile("adam", "categorical_crossentropy")
    return model, x, y


def test_a_report_is_saved_shown_and_written_as_json(program, tmp_path):
    """One HTML file without script, text, JSON, and the bundle of a notebook."""
    import kerasdoctor

    report = kerasdoctor.diagnose(*program)
    report.save(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "KD101" in page and "<script" not in page
    assert json.loads(report.to_json())["findings"][0]["suspects"] == ["head_activation", "loss"]
    assert "KD101" in str(report)
    assert set(report._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_patch_takes_all_or_named_codes(program):
    """Codes in any case; what is not found is skipped with its reason; other text is left alone."""
    import kerasdoctor

    report = kerasdoctor.diagnose(*program)
    text = 'model = keras.Sequential([keras.Input((4,)), Dense(8, activation="relu"), Dense(5, activation="sigmoid")])'
    source = "import keras\nfrom keras.layers import Dense\n" + text + '\nmodel.compile("adam", "categorical_crossentropy")\n'
    assert 'Dense(5, activation="softmax")' in report.patch(source, "kd101").source
    assert report.patch(source, ["KD102"]).source == source
    patch = report.patch("print('nothing of it')\n")
    assert patch.source == "print('nothing of it')\n" and "KD101" in patch.skipped


@pytest.mark.parametrize(
    ("thing", "words"),
    [(3, "of type int"), (dict, "the class dict: give an instance"), ("model", "of type str")],
)
def test_what_is_no_model_is_refused(thing, words):
    """The message says what was given."""
    import kerasdoctor

    with pytest.raises(TypeError, match=words):
        kerasdoctor.diagnose(thing)


def test_an_argument_that_fit_has_not_is_refused(program):
    """With the one that was meant."""
    import kerasdoctor

    with pytest.raises(TypeError, match="did you mean 'epochs'"):
        kerasdoctor.diagnose(*program, epoch=3)


def test_a_rule_that_fails_becomes_a_note(program, monkeypatch):
    """The other rules still speak; the report says which one could not."""
    import kerasdoctor
    from kerasdoctor.rules.output.softmax_with_binary_loss import SoftmaxWithBinaryLoss

    def broken(self, snapshot):
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(SoftmaxWithBinaryLoss, "check", broken)
    report = kerasdoctor.diagnose(*program)
    assert report.findings[0].code == "KD101"
    assert any("KD102 could not be checked: ZeroDivisionError: of ours" in note for note in report.notes)


def test_thresholds_are_set_by_name_and_unknown_ones_are_noted(program):
    """``thresholds`` of pyproject.toml reach the rule; a wrong name is said, not swallowed."""
    from kerasdoctor.api import diagnose_call

    model, x, y = program
    report = diagnose_call(model, x, y, thresholds={"KD109": {"tolerance": 0.5}, "KD101": {"no_such": 1}})
    assert any("no threshold 'no_such'" in note for note in report.notes)
