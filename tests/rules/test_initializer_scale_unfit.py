from kerasdoctor.rules.architecture.initializer_scale_unfit import InitializerScaleUnfit
from kerasdoctor.snapshot import Optimizer
from tests.rules.stacks import dense, said, stack

NORMAL = {"kernel_initializer": {"class_name": "RandomNormal"}}


def test_large_weights_on_many_inputs_are_named():
    """1 on 784 inputs is 20 times He's spread; on 2 inputs it is He's."""
    assert said(InitializerScaleUnfit, stack(dense(30, 784, "relu", std=1.0, config=NORMAL), dense(1, 30))) == [("warning", "layers[0]")]
    assert not said(InitializerScaleUnfit, stack(dense(30, 2, "relu", std=1.0, config=NORMAL), dense(1, 30)))


def test_initializers_that_know_the_width_are_left_alone():
    """EfficientNet's squeeze layers scale by their few outputs, on purpose."""
    scaled = {"kernel_initializer": {"class_name": "VarianceScaling"}}
    assert not said(InitializerScaleUnfit, stack(dense(30, 784, "relu", std=1.0, config=scaled), dense(1, 30)))


def test_shrinking_signal_is_a_warning_under_sgd_and_information_under_adam():
    small = [dense(32, 32, "relu", std=0.02, config=NORMAL) for _ in range(3)]
    assert said(InitializerScaleUnfit, stack(*small, optimizer=Optimizer("SGD", 0.01))) == [("warning", "layers[0]")]
    assert said(InitializerScaleUnfit, stack(*small)) == [("info", "layers[0]")]


def test_trained_weights_are_left_alone():
    trained = Optimizer("Adam", 0.001, iterations=100)
    assert not said(InitializerScaleUnfit, stack(dense(30, 784, std=1.0, config=NORMAL), dense(1, 30), optimizer=trained))
