"""The forms that people write models in: what is found in each, on each backend, and that nothing false is claimed."""

import pytest

from tests.capture.backends import printed_by
from tests.capture.contract_rows import BACKENDS

pytestmark = [pytest.mark.keras, pytest.mark.slow]

# program -> (head, path of the layer with units, codes of errors and warnings of the output family)
ONE_OUTPUT = {
    "added_one_by_one": ("Dense(3, sigmoid)", "layers[2]", {"KD101"}),
    "functional_with_ops": ("Dense(3, sigmoid)", "layers[1]", {"KD101"}),
    "functional_with_activation_function": ("Dense(3, softmax)", "layers[0]", set()),
    "reshape_after_softmax": ("Dense(3, softmax)", "layers[1]", set()),
    "convolution_as_head": ("Conv2D(3, sigmoid)", "layers[1]", {"KD101"}),
    "global_pooling_after_convolution": ("Conv2D(3, softmax)", "layers[0]", set()),
    "lambda_sigmoid": ("Dense(1, linear)", "layers[1]", set()),
    "lambda_softmax": ("Dense(3, linear)", "layers[1]", set()),
    "lambda_that_scales": ("Dense(1, linear)", "layers[1]", set()),
    "own_activation_function": ("Dense(3, custom)", "layers[1]", set()),
    "nested_sequential_head": ("Dense(3, sigmoid)", "layers[1].layers[1]", {"KD101"}),
    "nested_functional_in_functional": ("Dense(3, softmax)", "layers[0].layers[1]", set()),
    "subclassed": ("Dense(3, sigmoid)", "layers[1]", {"KD101"}),
    "subclassed_not_built": ("Dense(3, sigmoid)", "layers[1]", {"KD101"}),
    "subclassed_that_needs_values": ("unknown head", None, set()),
    "half_precision_head": ("Dense(3, softmax)", "layers[1]", set()),
    "half_precision_throughout": ("Dense(3, softmax)", "layers[1]", {"KD117"}),
    "not_built": ("Dense(3, sigmoid)", "layers[1]", {"KD101"}),
    "not_compiled": ("Dense(3, softmax)", "layers[1]", set()),
    "wrong_input_width": ("Dense(3, softmax)", "layers[1]", set()),
    "bidirectional_head": ("Dense(1, sigmoid)", "layers[1]", set()),
    "per_step_head": ("TimeDistributed(3, softmax)", "layers[1]", set()),
    "two_inputs_by_name": ("Dense(3, softmax)", "layers[1]", set()),
}
SEVERAL_OUTPUTS = [
    "two_outputs_lists",
    "two_outputs_by_name",
    "two_outputs_dict",
    "two_outputs_dict_labels_in_other_order",
    "subclassed_with_dict_outputs",
]
LABEL_AND_SCORE = [
    ("label", "Dense(1, sigmoid)", "binary_crossentropy", "binary"),
    ("score", "Dense(3, sigmoid)", "categorical_crossentropy", "one-hot"),
]


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request):
    return request.param


@pytest.fixture(scope="session")
def found(backend):
    """Program -> outline of its report, all programs of a backend examined in one process."""
    return printed_by("tests.capture.examine_programs", backend)


def test_every_program_is_examined(found):
    """Nothing is raised, and every model keeps its weights and its state of being built or not."""
    assert not {name: report["raised"] for name, report in found.items() if "raised" in report}
    assert [name for name, report in found.items() if not report["left_as_it_was"]] == []
    assert not {name: notes for name, report in found.items() if (notes := [n for n in report["notes"] if "could not" in n])}


@pytest.mark.parametrize("name", ONE_OUTPUT)
def test_head_of_one_output(name, found):
    """The head is found through separate activations, reshaping, nesting and plain operations; what cannot be known is not claimed."""
    head, path, codes = ONE_OUTPUT[name]
    report = found[name]
    (contract,) = report["contracts"]
    assert (contract["head"], contract["path"]) == (head, path)
    assert spoken(report) == codes, report["messages"]


@pytest.mark.parametrize("name", SEVERAL_OUTPUTS)
def test_one_contract_for_each_output(name, found):
    """Loss, labels and metrics meet their output by name or by position, however compile was written."""
    report = found[name]
    contracts = report["contracts"]
    assert [(c["output"], c["head"], c["computes"], c["labels"]) for c in contracts] == LABEL_AND_SCORE
    assert spoken(report) == {"KD101"}


def test_metrics_and_weights_of_outputs(found):
    by_list, by_name = found["two_outputs_lists"]["contracts"], found["two_outputs_by_name"]["contracts"]
    assert [c["metrics"] for c in by_list] == [["accuracy"], ["accuracy"]]
    assert [(c["metrics"], c["weight"]) for c in by_name] == [([], 1.0), (["accuracy"], 0.5)]


def test_one_loss_for_all_outputs(found):
    contracts = found["two_outputs_one_loss"]["contracts"]
    assert [(c["output"], c["computes"], c["labels"]) for c in contracts] == [(n, "mean_squared_error", "continuous") for n in "ab"]


def test_output_without_loss(found):
    report = found["two_outputs_one_without_loss"]
    assert [c["computes"] for c in report["contracts"]] == ["binary_crossentropy", None]
    assert report["codes"].get("KD118") == "info"


def test_nested_outputs(found):
    report = found["nested_outputs"]
    assert [(c["output"], c["computes"], c["labels"]) for c in report["contracts"]] == [
        ("a", "mean_squared_error", "continuous"),
        ("c", "categorical_crossentropy", "one-hot"),
    ]
    assert spoken(report) == {"KD101"}


def test_links(backend, found):
    """On TensorFlow the link lives through a separate activation and dies behind a Reshape or Flatten; elsewhere there is none."""
    alive = "logits" if backend == "tensorflow" else "values"
    expected = {
        "added_one_by_one": alive,
        "functional_with_ops": alive,
        "nested_sequential_head": alive,
        "subclassed": alive,
        "not_built": alive,
    }
    expected |= {"reshape_after_softmax": "values", "convolution_as_head": "values", "half_precision_throughout": "values"}
    assert {name: found[name]["contracts"][0]["link"] for name in expected} == expected
    assert [c["link"] for c in found["two_outputs_lists"]["contracts"]] == [alive, alive]


def test_no_graph_where_call_needs_values(found):
    """A model that cannot be called on symbolic tensors is examined by its numbers alone."""
    report = found["subclassed_that_needs_values"]
    assert not report["graph"]
    assert report["contracts"][0]["row_sum_min"] == pytest.approx(1, abs=1e-3)


def test_data_that_does_not_fit_is_a_note(found):
    assert any("cannot take this data" in note for note in found["wrong_input_width"]["notes"])


def spoken(report):
    return {code for code, severity in report["codes"].items() if code.startswith("KD1") and severity != "info"}
