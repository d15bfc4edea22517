from kerasdoctor.rules.architecture.narrow_bottleneck import NarrowBottleneck
from kerasdoctor.snapshot import Labels
from tests.rules.stacks import dense, layer, said, stack


def test_one_hidden_unit_is_named():
    assert said(NarrowBottleneck, stack(dense(1, 8, "relu"), dense(3, 1, "softmax"))) == [("warning", "layers[0]")]


def test_two_units_and_a_single_output_are_right():
    assert not said(NarrowBottleneck, stack(dense(2, 8, "relu"), dense(3, 2, "softmax")))
    assert not said(NarrowBottleneck, stack(dense(8, 8, "relu"), dense(1, 8)))


def test_places_and_autoencoders_are_left_alone():
    everywhere = dense(1, 8, input_shapes=((12, 8),), output_shape=(12, 1))
    assert not said(NarrowBottleneck, stack(everywhere, layer("Flatten"), dense(3, 12)))
    same = Labels("continuous", (8,), equals_input=True)
    assert not said(NarrowBottleneck, stack(dense(1, 8), dense(8, 1), labels=same))
