from kerasdoctor.rules.optimization.learning_rate_too_low import LearningRateTooLow
from kerasdoctor.snapshot import Optimizer
from tests.rules.stacks import called, dense, said, stack


def at(kind, rate, updates=1000, **more):
    return stack(dense(50, 100, "relu"), dense(1, 50), optimizer=Optimizer(kind, rate, **more), fit=called(updates))


def test_rates_that_cannot_move_the_weights_are_named():
    assert said(LearningRateTooLow, at("Adam", 1e-7)) == [("warning", "optimizer")]
    assert said(LearningRateTooLow, at("SGD", 1e-5)) == [("warning", "optimizer")]
    assert said(LearningRateTooLow, at("Adam", 0.0)) == [("error", "optimizer")]


def test_adadelta_at_the_default_of_keras_is_named():
    assert said(LearningRateTooLow, at("Adadelta", 0.001)) == [("warning", "optimizer")]
    assert not said(LearningRateTooLow, at("Adadelta", 1.0))


def test_long_runs_at_small_rates_are_right():
    assert not said(LearningRateTooLow, at("Adam", 1e-5))
    assert not said(LearningRateTooLow, at("SGD", 1e-4, updates=100_000))


def test_schedules_are_left_alone():
    """A warm-up starts at 0."""
    assert not said(LearningRateTooLow, at("Adam", 0.0, schedule="CosineDecay"))


def test_trained_weights_may_be_tuned_slowly():
    assert not said(LearningRateTooLow, at("SGD", 1e-5, iterations=1000))
