from kerasdoctor.rules.architecture.nothing_trainable import NothingTrainable
from tests.rules.stacks import dense, said, stack


def frozen(fresh=True):
    return dense(8, 8, "relu", trainable=False, trainable_parameters=0, fresh=fresh)


def test_all_frozen_is_an_error():
    assert said(NothingTrainable, stack(frozen(), frozen())) == [("error", "layers[0]")]


def test_base_frozen_at_random_weights_is_a_warning():
    assert said(NothingTrainable, stack(frozen(), frozen(), frozen(), dense(1, 8))) == [("warning", "layers[0]")]


def test_pretrained_base_and_random_features_are_right():
    assert not said(NothingTrainable, stack(frozen(False), frozen(), frozen(), frozen(), dense(1, 8)))
    assert not said(NothingTrainable, stack(frozen(), dense(1, 8)))


def test_model_that_is_only_looked_at_is_left_alone():
    assert not said(NothingTrainable, stack(frozen(), inputs=()))
