from kerasdoctor.rules.optimization.learning_rate_too_high import LearningRateTooHigh
from kerasdoctor.snapshot import Callback, Optimizer
from tests.rules.stacks import called, dense, said, stack


def at(kind, rate, momentum=0.0, reads=100, **more):
    return stack(dense(50, reads, "relu"), dense(1, 50), optimizer=Optimizer(kind, rate, momentum=momentum), **more)


def test_adam_at_a_tenth_on_a_wide_layer_is_named():
    assert said(LearningRateTooHigh, at("Adam", 0.1)) == [("warning", "optimizer")]
    assert said(LearningRateTooHigh, at("Adam", 1.0)) == [("error", "optimizer")]


def test_usual_rates_and_small_models_are_right():
    assert not said(LearningRateTooHigh, at("Adam", 0.01))
    small = stack(dense(8, 2, "tanh"), dense(1, 8), optimizer=Optimizer("Adam", 0.1))
    assert not said(LearningRateTooHigh, small)


def test_descent_counts_momentum_and_the_batch():
    """0.1 with momentum 0.9 is the rate of residual networks; large batches take more (Goyal et al. 2017)."""
    assert said(LearningRateTooHigh, at("SGD", 3.0)) == [("warning", "optimizer")]
    assert said(LearningRateTooHigh, at("SGD", 0.5, 0.9)) == [("warning", "optimizer")]
    assert not said(LearningRateTooHigh, at("SGD", 0.1, 0.9))
    assert not said(LearningRateTooHigh, at("SGD", 0.8, 0.9, fit=called(batch_size=2048)))


def test_rate_that_a_callback_sets_is_left_alone():
    steered = called(callbacks=(Callback("LearningRateScheduler"),))
    assert not said(LearningRateTooHigh, at("Adam", 0.1, fit=steered))
