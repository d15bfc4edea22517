from dataclasses import replace

from kerasdoctor.rules.optimization.shuffle_off_on_sorted_data import ShuffleOffOnSortedData
from kerasdoctor.snapshot import Input
from tests.rules.stacks import called, classes, dense, said, stack


def ordered(changes, **fit):
    labels = classes(100, 100, 100, sorted_share=1 - changes / 299, chance_share=1 / 3)
    return stack(dense(3, 8, "softmax"), labels=labels, fit=called(**({"shuffle": False} | fit)))


def test_blocks_of_classes_in_order_are_named():
    assert said(ShuffleOffOnSortedData, ordered(2)) == [("warning", "fit")]


def test_shuffling_and_mixed_rows_are_right():
    assert not said(ShuffleOffOnSortedData, ordered(2, shuffle=True))
    assert not said(ShuffleOffOnSortedData, ordered(200))


def test_states_that_come_and_go_are_left_alone():
    assert not said(ShuffleOffOnSortedData, ordered(30))


def test_batch_that_holds_all_classes_is_left_alone():
    assert not said(ShuffleOffOnSortedData, ordered(2, batch_size=300))


def streamed(units, rows):
    labels = replace(classes(rows, sorted_share=1.0, chance_share=1.0), partial=True)
    given = Input("data.x", container="tf.data.Dataset")
    contract_loss = "sparse_categorical_crossentropy"
    return stack(dense(units, 8, "softmax"), labels=labels, loss=contract_loss, inputs=(given,), fit=called(shuffle=False, lengths={}))


def test_dataset_that_begins_with_one_class_of_three_is_named():
    assert said(ShuffleOffOnSortedData, streamed(3, 256)) == [("warning", "fit")]


def test_two_classes_and_few_batches_say_nothing_of_order():
    assert not said(ShuffleOffOnSortedData, streamed(2, 256))
    assert not said(ShuffleOffOnSortedData, streamed(3, 32))
