from kerasdoctor.rules.architecture.sequence_axis_mishandled import SequenceAxisMishandled
from kerasdoctor.snapshot import Labels
from tests.rules.stacks import dense, layer, said, stack


def recurrent(steps, shape, labels):
    lstm = layer("LSTM", activation="tanh", units=8, input_shapes=((steps, 2),), output_shape=(*shape[:-1], 8))
    head = dense(shape[-1], 8, input_shapes=((*shape[:-1], 8),), output_shape=shape)
    return stack(lstm, head, labels=Labels("continuous", labels))


def test_every_step_against_one_label_is_an_error():
    found = next(SequenceAxisMishandled().check(recurrent(12, (12, 1), (1,))))
    assert (str(found.severity), found.place) == ("error", "layers[0]")
    assert found.fixes[0].edits[0].name == "return_sequences"


def test_last_step_against_labels_of_all_steps_is_an_error():
    assert said(SequenceAxisMishandled, recurrent(12, (1,), (12, 1))) == [("error", "layers[0]")]


def test_even_axes_are_right():
    assert not said(SequenceAxisMishandled, recurrent(12, (1,), (1,)))
    assert not said(SequenceAxisMishandled, recurrent(12, (12, 2), (12, 2)))


def test_sequence_of_one_step_is_information():
    assert said(SequenceAxisMishandled, recurrent(1, (1,), (1,))) == [("info", "layers[0]")]
