from kerasdoctor.rules.optimization.recurrent_without_clipping import RecurrentWithoutClipping
from kerasdoctor.snapshot import Optimizer
from tests.rules.stacks import dense, layer, said, stack


def recurrent(kind, steps, optimizer=None):
    return stack(layer(kind, units=8, input_shapes=((steps, 2),), output_shape=(8,)), dense(1, 8), optimizer=optimizer)


def test_long_simple_recurrence_is_information():
    assert said(RecurrentWithoutClipping, recurrent("SimpleRNN", 100)) == [("info", "optimizer")]
    assert said(RecurrentWithoutClipping, recurrent("LSTM", 100, Optimizer("SGD", 0.01))) == [("info", "optimizer")]


def test_gates_under_adam_clipping_and_short_sequences_are_right():
    assert not said(RecurrentWithoutClipping, recurrent("LSTM", 100))
    assert not said(RecurrentWithoutClipping, recurrent("SimpleRNN", 10))
    assert not said(RecurrentWithoutClipping, recurrent("SimpleRNN", 100, Optimizer("Adam", 0.001, clipped=True)))
