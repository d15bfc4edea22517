"""KD603: exceptions and findings joined by mechanism, and what is explained without a finding."""

import pytest

from kerasdoctor.finding import Finding, Severity
from kerasdoctor.rules.source.error_explained import ErrorExplained
from kerasdoctor.snapshot import Input, Layer, Model, Snapshot

RANK = "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(32,), output.shape=(32, 6)"
SHAPE = "Invalid input shape for input Tensor. Expected shape (None, 64), but input has incompatible shape (32, 8, 8)"


def finding(code, severity=Severity.ERROR):
    return Finding(code, code.lower(), "title", severity, "message", "loss", ())


def explain(said, *findings, snapshot=None, **facts):
    return [found.code for found in ErrorExplained().explain(said, findings, snapshot, {k.replace("_", " "): v for k, v in facts.items()})]


def taken(wanted, given, first="Dense"):
    shapes = () if wanted is None else (wanted,)
    return Snapshot(
        Model("m", "Sequential", layers=(Layer("layers[0]", "a", first),), input_shapes=shapes), inputs=(Input("data.x", shape=given),)
    )


def test_a_finding_of_the_same_mechanism_explains():
    assert explain(RANK, finding("KD301"), finding("KD111")) == ["KD111"]


@pytest.mark.parametrize("findings", [(), (finding("KD301"),), (finding("KD111", Severity.WARNING),), (finding("KD318"),)])
def test_nothing_is_said_where_nothing_explains(findings):
    """Other mechanisms, and findings that would not stop fit."""
    assert explain(RANK, *findings) == []


@pytest.mark.parametrize(
    ("wanted", "given", "first", "words"),
    [
        ((64,), (8, 8), "Dense", "flatten the rows"),
        ((8, 8, 1), (8, 8), "Conv2D", "axis of length 1"),
        ((8, 8, 1), (64,), "Conv2D", "their axes back"),
        ((5,), (4,), "Dense", "let the model take rows of (4,)"),
        (None, (8, 8), "Conv2D", "axis of length 1"),
        (None, (8,), "LSTM", "axis of length 1"),
    ],
)
def test_rows_of_another_shape(wanted, given, first, words):
    (found,) = ErrorExplained().explain(SHAPE, (), taken(wanted, given, first), {})
    assert words in found.fixes[0].title


@pytest.mark.parametrize(("wanted", "given"), [((64,), (64,)), ((None, 3), (7, 3)), ((64,), None), (None, (8, 8, 3))])
def test_rows_that_fit_are_not_blamed(wanted, given):
    assert explain(SHAPE, snapshot=taken(wanted, given, "Conv2D")) == []


def test_the_nearest_name_is_offered():
    """Letters that changed places first; nothing where no name is near."""
    known = {"optimizer": ["adam", "adamax", "sgd"], "loss": ["mse"]}
    (found,) = ErrorExplained().explain("Could not interpret optimizer identifier: adma", (), None, {"known names": known})
    assert '"adam" comes nearest' in found.message
    assert explain("Could not interpret loss identifier: my_loss", known_names=known) == []
