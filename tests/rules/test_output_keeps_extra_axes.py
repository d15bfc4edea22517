from kerasdoctor.rules.architecture.output_keeps_extra_axes import OutputKeepsExtraAxes
from kerasdoctor.snapshot import Labels
from tests.rules.stacks import dense, layer, said, stack


def answering(shape, labels, **more):
    convolved = layer("Conv1D", activation="relu", input_shapes=((16, 2),), output_shape=(14, 8))
    head = dense(shape[-1], 8, input_shapes=((14, 8),), output_shape=shape)
    return stack(convolved, head, labels=Labels("continuous", labels), **more)


def test_answers_at_every_place_against_one_label_are_an_error():
    found = answering((14, 1), (1,))
    assert said(OutputKeepsExtraAxes, found) == [("error", "layers[1]")]
    fix = next(OutputKeepsExtraAxes().check(found)).fixes[0]
    assert (fix.edits[0].kind, fix.edits[0].target) == ("Flatten", "layers[1]")


def test_even_axes_are_right():
    """One label a place, a column of one, class numbers under a sparse loss."""
    assert not said(OutputKeepsExtraAxes, answering((14, 1), (14, 1)))
    assert not said(OutputKeepsExtraAxes, answering((14, 1), (14,)))
    assert not said(OutputKeepsExtraAxes, answering((14, 5), (14,), loss="sparse_categorical_crossentropy"))
    assert not said(OutputKeepsExtraAxes, stack(dense(3, 8), labels=Labels("integers", ())))


def test_unknown_loss_is_left_alone():
    assert not said(OutputKeepsExtraAxes, answering((14, 5), (3,), loss="ctc"))
