"""Sentences about a contract that must be true on each backend (tables A and B of the collapse facts)."""

from dataclasses import replace

import pytest
from cases import case_a, case_b, clean

from kerasdoctor.snapshot import Head, Labels, Loss, Probe
from kerasdoctor.views.wording import case_of, elsewhere, here, labels_say, link_says, predictions

SIGMOIDS = case_b().snapshot.contracts[0]


def contract(activations, computes, link, units=5, **changes):
    head = Head("layers[8]", "Dense", units, units, activations, ("layers[8]",), output_shape=(units,))
    loss = Loss(computes, None, True, computes, from_logits=changes.pop("from_logits", False))
    return replace(SIGMOIDS, head=replace(head, **changes), loss=loss, probe=replace(SIGMOIDS.probe, link=link))


def test_sigmoids_are_trained_as_softmax_where_keras_finds_the_logits():
    assert "**softmax** cross-entropy" in here(SIGMOIDS, "tensorflow").text
    assert "divides the sigmoids by their sum" in elsewhere(SIGMOIDS, "tensorflow").text


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_sigmoids_are_divided_by_their_sum_where_nothing_finds_the_logits(backend):
    cut = contract(("sigmoid",), "categorical_crossentropy", "values")
    assert "divides the sigmoids by their sum" in here(cut, backend).text
    assert elsewhere(cut, backend).text.startswith("On TensorFlow, Keras trains the logits")


def test_a_layer_after_the_head_is_named_as_what_cuts_the_link():
    cut = contract(("sigmoid",), "categorical_crossentropy", "values", after=("Reshape",))
    assert elsewhere(cut, "tensorflow").text.startswith("Without the `Reshape` after the head")


def test_two_softmax_units_under_binary_crossentropy_equal_the_categorical_one_on_values():
    assert "for two units equals `categorical_crossentropy`" in here(case_a().snapshot.contracts[0], "jax").text


def test_five_softmax_units_do_not_equal_it():
    five = contract(("softmax",), "binary_crossentropy", "values")
    assert "equals" not in here(five, "jax").text


def test_a_double_softmax_names_the_floor_of_its_loss():
    three = contract(("softmax",), "categorical_crossentropy", "values", units=3, from_logits=True)
    assert "cannot fall below 0.55" in here(three, "jax").text
    assert "the loss is right" in here(replace(three, probe=replace(three.probe, link="logits")), "tensorflow").text


def test_a_softmax_over_one_unit_is_trained_and_predicts_one():
    one = contract(("softmax",), "binary_crossentropy", "logits", units=1)
    assert "returns 1.0 for every row" in here(one, "tensorflow").text
    assert "nothing is learned" in elsewhere(one, "tensorflow").text


@pytest.mark.parametrize(("backend", "said"), [("tensorflow", "an error on CPU"), ("jax", "without an error"), ("torch", "IndexError")])
def test_label_one_under_one_class_is_worded_by_backend(backend, said):
    assert said in here(contract(("sigmoid",), "sparse_categorical_crossentropy", "values", units=1), backend).text


def test_without_data_nothing_is_claimed_of_link_or_predictions():
    untested = clean().snapshot.contracts[0]
    assert here(untested, "tensorflow").text == "Not tested: no data was given."
    assert elsewhere(untested, "tensorflow") is None and predictions(untested) is None
    assert link_says(untested)[0] == "not tested"


def test_an_unknown_link_makes_no_claim():
    unknown = replace(SIGMOIDS, probe=replace(SIGMOIDS.probe, link=None))
    assert here(unknown, "tensorflow") is None and elsewhere(unknown, "tensorflow") is None


def test_a_regression_has_no_case():
    assert case_of(contract((), "mean_squared_error", "values", units=1)) is None


def test_predictions_say_what_was_seen():
    assert "do not sum to 1" in predictions(SIGMOIDS).title
    assert "not finite" in predictions(replace(SIGMOIDS, probe=Probe(4, finite=False, minimum=0.0))).title
    assert "the same for every row" in predictions(replace(SIGMOIDS, probe=replace(SIGMOIDS.probe, constant=True))).title


def test_labels_of_a_stream_show_how_many_rows_were_seen():
    assert labels_say(Labels("integers", (), examined=64, minimum=0, maximum=4)) == ("integers, 64+ rows", "class numbers 0 to 4")
