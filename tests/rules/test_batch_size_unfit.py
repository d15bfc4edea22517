from kerasdoctor.rules.optimization.batch_size_unfit import BatchSizeUnfit
from tests.rules.stacks import called, dense, layer, said, stack


def normalised(shape, rows, **more):
    return stack(dense(16, 8), layer("BatchNormalization", input_shapes=(shape,), **more), dense(1, 16), fit=called(batch_size=rows))


def test_one_value_a_channel_is_an_error_and_two_are_a_warning():
    assert said(BatchSizeUnfit, normalised((16,), 1)) == [("error", "fit.batch_size")]
    assert said(BatchSizeUnfit, normalised((16,), 2)) == [("warning", "fit.batch_size")]


def test_maps_have_many_values():
    assert not said(BatchSizeUnfit, normalised((32, 32, 16), 1))
    assert not said(BatchSizeUnfit, normalised((16,), 32))


def test_frozen_normalization_does_not_look_at_the_batch():
    assert not said(BatchSizeUnfit, normalised((16,), 1, trainable=False))


def test_one_row_without_normalization_is_right():
    assert not said(BatchSizeUnfit, stack(dense(16, 8), dense(1, 16), fit=called(batch_size=1)))
