from kerasdoctor.rules.architecture.relu_recurrent import ReluRecurrent
from kerasdoctor.snapshot import Optimizer
from tests.rules.stacks import dense, layer, said, stack


def recurrent(steps, activation="relu", optimizer=None, **config):
    config = {"activation": activation} | config
    lstm = layer("LSTM", activation=activation, units=8, config=config, input_shapes=((steps, 2),), output_shape=(8,))
    return stack(lstm, dense(1, 8), optimizer=optimizer)


def test_relu_over_many_steps_is_named():
    assert said(ReluRecurrent, recurrent(60)) == [("warning", "layers[0]")]
    assert said(ReluRecurrent, recurrent(3)) == [("info", "layers[0]")]


def test_tanh_clipping_and_identity_weights_are_right():
    assert not said(ReluRecurrent, recurrent(60, "tanh"))
    assert not said(ReluRecurrent, recurrent(60, optimizer=Optimizer("Adam", 0.001, clipped=True)))
    assert not said(ReluRecurrent, recurrent(60, recurrent_initializer={"class_name": "Identity"}))
