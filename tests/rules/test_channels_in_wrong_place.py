from dataclasses import replace

import pytest

from kerasdoctor.rules.data.channels_in_wrong_place import ChannelsInWrongPlace
from tests.rules.tables import FIRST, IMAGES, LAST, found, snapshot

CONV = replace(FIRST, kind="Conv2D", config={"data_format": "channels_last"})


def of(shape, **config):
    layer = replace(CONV, input_shapes=(shape,), config=dict(CONV.config) | config)
    return found(ChannelsInWrongPlace, snapshot(IMAGES, layers=(layer, LAST)))


def test_colours_in_front_under_channels_last():
    (finding,) = of((3, 64, 64))
    assert "64 channels" in finding.message
    (finding,) = of((64, 64, 3), data_format="channels_first")
    assert "64 channels" in finding.message


@pytest.mark.parametrize(
    "shape", [(64, 64, 3), (64, 64, 1), (22, 128, 1), (3, 100, 64), (1, 20, 56), (5, 5, 5), (3, 3, 3), (None, None, 3)]
)
def test_silent_for_images_in_place_and_what_is_no_square_image(shape):
    assert not of(shape)


def test_a_layer_further_on_reads_features_not_colours():
    layer = replace(CONV, input_shapes=((3, 64, 64),), inputs=("layers[0]",), path="layers[2]")
    assert not found(ChannelsInWrongPlace, snapshot(IMAGES, layers=(FIRST, layer, LAST)))
