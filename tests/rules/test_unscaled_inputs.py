from dataclasses import replace

import pytest

from kerasdoctor.rules.data.unscaled_inputs import UnscaledInputs
from kerasdoctor.snapshot import Layer, Optimizer
from tests.rules.tables import FIRST, IMAGES, LAST, PIXELS, TABLE, found, snapshot

CONV = replace(FIRST, kind="Conv2D", activation="linear")
AFTER = replace(LAST, inputs=("layers[2]",))
NORM = Layer(path="layers[2]", name="norm", kind="BatchNormalization", parameters=16, inputs=("layers[0]",))


def test_raw_pixels_are_found_and_scaled_ones_are_not():
    (finding,) = found(UnscaledInputs, snapshot(PIXELS))
    assert finding.fixes[0].edits[0].kind == "Rescaling"
    assert "0 to 255" in finding.message
    assert not found(UnscaledInputs, snapshot(IMAGES))
    assert not found(UnscaledInputs, snapshot())


def test_a_large_offset_with_a_small_spread_is_found():
    """The part that varies is hidden behind the part that does not."""
    offset = replace(TABLE, column_means=(290.0,) * 4, minimum=285.0, maximum=295.0, mean=290.0)
    (finding,) = found(UnscaledInputs, snapshot(offset))
    assert finding.fixes[0].edits[0].arguments["mean"] == [290.0] * 4


@pytest.mark.parametrize(
    "values",
    [
        replace(PIXELS, rescaled=True, scaled_in_model="layers[0]", weights_see=0.6),
        replace(PIXELS, rescaled=True, weights_see=None),
        replace(PIXELS, feeds=(), indices_for="layers[0]"),
        replace(TABLE, column_means=(8.0,) * 4),
    ],
    ids=["scaled in the model", "not measured", "indices", "tens"],
)
def test_silent_where_the_weights_read_unit_scale_or_it_is_not_known(values):
    assert not found(UnscaledInputs, snapshot(values))


def test_what_the_weights_read_decides_where_a_layer_stands_before_them():
    """A Normalization that was never adapted hands raw values on."""
    norm = Layer(path="layers[2]", name="norm", kind="Normalization", inputs=("inputs[0]",))
    values = replace(PIXELS, rescaled=True, scaled_in_model="layers[2]", weights_see=147.0)
    (finding,) = found(UnscaledInputs, snapshot(values, layers=(norm, FIRST, LAST)))
    assert "although Normalization" in finding.message


def test_silent_where_a_normalisation_follows_at_once():
    """The scale of the inputs cancels there; not behind a sigmoid, which saturates before."""
    assert not found(UnscaledInputs, snapshot(PIXELS, layers=(CONV, NORM, AFTER)))
    assert not found(UnscaledInputs, snapshot(PIXELS, layers=(replace(CONV, activation="relu"), NORM, AFTER)))
    assert found(UnscaledInputs, snapshot(PIXELS, layers=(replace(CONV, activation="sigmoid"), NORM, AFTER)))


@pytest.mark.parametrize("change", [{"trainable": False}, {"fresh": False}, {"kernel": replace(FIRST.kernel, maximum=3.0)}])
def test_silent_for_weights_that_were_trained_elsewhere(change):
    assert not found(UnscaledInputs, snapshot(PIXELS, layers=(replace(FIRST, **change), LAST)))


def test_weights_that_were_trained_here_do_not_excuse_the_scale():
    layers = (replace(FIRST, fresh=False), LAST)
    assert found(UnscaledInputs, snapshot(PIXELS, layers=layers, optimizer=Optimizer("Adam", 0.001, iterations=50)))


def test_a_trained_mobilenet_reads_minus_one_to_one():
    """BatchNormalization behind its first convolution does not help: its statistics are those of the scale it was trained on."""
    body = Layer(path="layers[2]", name="mobilenetv2_1.00_224", kind="Functional", nested=True)
    first = replace(CONV, path="layers[2].layers[0]", trainable=False)
    norm = replace(NORM, path="layers[2].layers[1]", inputs=("layers[2].layers[0]",))
    layers = (body, first, norm, replace(LAST, inputs=("layers[2].layers[1]",)))
    pixels = replace(PIXELS, feeds=("layers[2].layers[0]",))
    (finding,) = found(UnscaledInputs, snapshot(pixels, layers=layers))
    assert finding.message == "mobilenetv2_1.00_224 was trained on values from -1 to 1; it reads 0 to 255."
    assert not found(UnscaledInputs, snapshot(pixels, layers=(replace(body, name="resnet50"), *layers[1:])))
    assert not found(UnscaledInputs, snapshot(replace(pixels, rescaled=True, weights_see=0.6), layers=layers))


def test_silent_for_layers_of_the_users_own():
    assert not found(UnscaledInputs, snapshot(PIXELS, layers=(replace(FIRST, builtin=False), LAST)))


def test_the_threshold_can_be_set():
    rule = UnscaledInputs()
    rule.largest = 500.0
    assert not list(rule.check(snapshot(PIXELS)))


def test_what_was_sampled_is_said():
    (finding,) = found(UnscaledInputs, snapshot(replace(PIXELS, rows=10_000_000, examined=20_000)))
    assert finding.evidence["rows examined"] == "20,000 of 10,000,000"
