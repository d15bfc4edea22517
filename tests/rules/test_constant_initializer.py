from kerasdoctor.rules.architecture.constant_initializer import ConstantInitializer
from kerasdoctor.snapshot import Kernel
from tests.rules.stacks import dense, said, stack


def constant(value, units=16):
    kernel = Kernel((8, units), value, 0.0, value, value, True)
    return dense(units, 8, "relu", kernel=kernel)


def test_zeros_under_relu_are_an_error():
    assert said(ConstantInitializer, stack(constant(0.0), dense(1, 16))) == [("error", "layers[0]")]


def test_ones_before_varied_weights_are_a_warning():
    """The next layer's weights tell the units apart in time."""
    assert said(ConstantInitializer, stack(constant(1.0), dense(1, 16))) == [("warning", "layers[0]")]


def test_zeros_in_the_last_layer_and_a_single_unit_are_right():
    assert not said(ConstantInitializer, stack(dense(8, 8, "relu"), constant(0.0)))
    assert not said(ConstantInitializer, stack(constant(1.0, units=1), dense(1, 1)))
