from dataclasses import replace

from kerasdoctor.rules.data.scaled_twice import ScaledTwice
from kerasdoctor.snapshot import Layer
from tests.rules.tables import FIRST, IMAGES, LAST, TABLE, found, snapshot

RESCALING = Layer(path="layers[2]", name="rescaling", kind="Rescaling", inputs=("inputs[0]",))
BEHIND = replace(IMAGES, rescaled=True, scaled_in_model="layers[2]", weights_see_span=1 / 255)


def test_a_rescaling_of_scaled_images_is_found_and_taken_out():
    (finding,) = found(ScaledTwice, snapshot(BEHIND, layers=(RESCALING, FIRST, LAST)))
    assert finding.fixes[0].edits[0].target == "layers[2]"


def test_images_that_were_divided_twice_before_are_found():
    (finding,) = found(ScaledTwice, snapshot(replace(IMAGES, maximum=1 / 255)))
    assert not finding.fixes[0].edits


def test_silent_for_whole_images_tables_and_constant_ones():
    assert not found(ScaledTwice, snapshot(IMAGES))
    assert not found(ScaledTwice, snapshot(replace(BEHIND, maximum=255.0, weights_see_span=1.0)))
    assert not found(ScaledTwice, snapshot(replace(BEHIND, weights_see_span=None)))
    assert not found(ScaledTwice, snapshot(replace(IMAGES, maximum=0.0)))
    assert not found(ScaledTwice, snapshot(replace(TABLE, minimum=0.0, maximum=0.004)))
