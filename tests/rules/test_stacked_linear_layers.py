from kerasdoctor.rules.architecture.stacked_linear_layers import StackedLinearLayers
from kerasdoctor.snapshot import Labels
from tests.rules.stacks import dense, layer, said, stack


def test_linear_hidden_layer_before_another_is_named():
    """With dropout and batch normalization between, the two are still one linear layer."""
    between = [layer("Dropout", output_shape=(16,)), layer("BatchNormalization", output_shape=(16,))]
    assert said(StackedLinearLayers, stack(dense(16, 8), *between, dense(1, 16))) == [("warning", "layers[0]")]


def test_bends_between_make_it_right():
    """An activation of any kind, max pooling, or a narrow layer that limits the rank."""
    assert not said(StackedLinearLayers, stack(dense(16, 8, "relu"), dense(1, 16)))
    assert not said(StackedLinearLayers, stack(dense(16, 8), layer("LeakyReLU", activation="leaky_relu"), dense(1, 16)))
    assert not said(StackedLinearLayers, stack(dense(16, 8), layer("LayerNormalization"), dense(1, 16)))
    assert not said(StackedLinearLayers, stack(dense(2, 8), dense(16, 2, "relu"), dense(1, 16)))


def test_operation_between_is_not_looked_through():
    """``ops.relu(x)`` is no layer, but it bends."""
    assert not said(StackedLinearLayers, stack(dense(16, 8), dense(1, 16, through=("Relu",))))


def test_frozen_layer_is_left_alone():
    assert not said(StackedLinearLayers, stack(dense(16, 8, trainable=False), dense(1, 16)))


def test_copying_the_input_is_information():
    """A linear autoencoder may be meant."""
    same = Labels("continuous", (8,), equals_input=True)
    assert said(StackedLinearLayers, stack(dense(32, 8), dense(8, 32), labels=same)) == [("info", "layers[0]")]
