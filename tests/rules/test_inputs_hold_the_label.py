from dataclasses import replace

from kerasdoctor.rules.data.inputs_hold_the_label import InputsHoldTheLabel
from tests.rules.tables import BINARY, found, snapshot


def test_the_column_is_named():
    (finding,) = found(InputsHoldTheLabel, snapshot(labels=replace(BINARY, held_by=(("", 3),))))
    assert finding.message == "Column 3 of x equals the labels in every row."
    (finding,) = found(InputsHoldTheLabel, snapshot(labels=replace(BINARY, held_by=(("left", 3),))))
    assert "x['left']" in finding.message


def test_an_autoencoder_is_right():
    assert not found(InputsHoldTheLabel, snapshot())
    assert not found(InputsHoldTheLabel, snapshot(labels=replace(BINARY, held_by=(("", 0),), equals_input=True)))
