from kerasdoctor.rules.optimization.too_few_updates import TooFewUpdates
from kerasdoctor.snapshot import Optimizer
from tests.rules.stacks import called, dense, said, stack


def fitted(fit, reads=8, **more):
    return stack(dense(16, reads, "relu"), dense(1, 16), fit=fit, **more)


def test_ten_updates_are_a_warning():
    assert said(TooFewUpdates, fitted(called(10))) == [("warning", "fit.epochs")]


def test_some_updates_or_epochs_not_written_are_information():
    assert said(TooFewUpdates, fitted(called(50))) == [("info", "fit.epochs")]
    assert said(TooFewUpdates, fitted(called(10, arguments=()))) == [("info", "fit.epochs")]


def test_wide_layers_learn_in_fewer_updates():
    assert said(TooFewUpdates, fitted(called(20), reads=4480)) == [("info", "fit.epochs")]


def test_hundreds_of_updates_are_right():
    assert not said(TooFewUpdates, fitted(called(300)))


def test_trained_and_unknown_are_left_alone():
    assert not said(TooFewUpdates, fitted(called(10), optimizer=Optimizer("Adam", 0.001, iterations=500)))
    assert not said(TooFewUpdates, fitted(called(10, steps=None)))
