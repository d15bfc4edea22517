from kerasdoctor.rules.optimization.trainable_changed_after_compile import TrainableChangedAfterCompile
from kerasdoctor.snapshot import Optimizer
from tests.rules.stacks import dense, said, stack


def test_weights_that_the_optimizer_does_not_know_are_an_error():
    assert said(TrainableChangedAfterCompile, stack(dense(1, 8), optimizer=Optimizer("Adam", 0.001, added=2))) == [("error", "compile")]
    assert said(TrainableChangedAfterCompile, stack(dense(1, 8), optimizer=Optimizer("Adam", 0.001, dropped=2))) == [("error", "compile")]


def test_unchanged_and_only_looked_at_models_are_left_alone():
    assert not said(TrainableChangedAfterCompile, stack(dense(1, 8)))
    assert not said(TrainableChangedAfterCompile, stack(dense(1, 8), optimizer=Optimizer("Adam", 0.001, dropped=2), inputs=()))
