from kerasdoctor.rules.architecture.saturating_hidden_activations import SaturatingHiddenActivations
from kerasdoctor.snapshot import Optimizer
from tests.rules.stacks import dense, layer, said, stack

SLOW = Optimizer("SGD", 0.01)
SIGMOIDS = [dense(8, 8, "sigmoid"), dense(8, 8, "sigmoid"), dense(8, 8, "sigmoid")]


def test_hidden_softmax_is_named():
    assert said(SaturatingHiddenActivations, stack(dense(16, 8, "softmax"), dense(1, 16))) == [("warning", "layers[0]")]


def test_softmax_of_the_head_is_left_alone():
    assert not said(SaturatingHiddenActivations, stack(dense(16, 8, "relu"), dense(3, 16, "softmax")))


def test_three_sigmoids_under_slow_descent_are_named():
    """Adam's steps do not shrink with the gradient: information."""
    assert said(SaturatingHiddenActivations, stack(*SIGMOIDS, dense(1, 8), optimizer=SLOW)) == [("warning", "layers[0]")]
    assert said(SaturatingHiddenActivations, stack(*SIGMOIDS, dense(1, 8))) == [("info", "layers[0]")]


def test_sigmoid_head_counts_under_a_squared_error_only():
    two = [*SIGMOIDS[:2], dense(1, 8, "sigmoid")]
    assert said(SaturatingHiddenActivations, stack(*two, optimizer=SLOW)) == [("warning", "layers[0]")]
    assert not said(SaturatingHiddenActivations, stack(*two, optimizer=SLOW, loss="binary_crossentropy"))


def test_normalization_between_ends_the_row():
    mixed = [SIGMOIDS[0], layer("BatchNormalization"), *SIGMOIDS[:2]]
    assert not said(SaturatingHiddenActivations, stack(*mixed, dense(1, 8), optimizer=SLOW))
