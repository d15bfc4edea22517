from kerasdoctor.rules.architecture.dropout_too_high import DropoutTooHigh
from tests.rules.stacks import dense, layer, said, stack


def dropping(rate):
    return stack(dense(16, 8, "relu"), layer("Dropout", config={"rate": rate}), dense(1, 16))


def test_severity_follows_the_rate():
    assert said(DropoutTooHigh, dropping(0.9)) == [("warning", "layers[1]")]
    assert said(DropoutTooHigh, dropping(0.75)) == [("info", "layers[1]")]
    assert said(DropoutTooHigh, dropping(1.0)) == [("error", "layers[1]")]


def test_half_is_usual():
    assert not said(DropoutTooHigh, dropping(0.5))
