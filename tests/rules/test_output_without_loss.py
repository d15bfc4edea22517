from dataclasses import replace

from kerasdoctor.rules.output.output_without_loss import OutputWithoutLoss
from kerasdoctor.snapshot import Loss, Metric
from tests.rules.tables import BINARY, found, snapshot


def two_outputs(**second):
    healthy = snapshot()
    other = replace(healthy.contracts[0], output="second", index=1, **({"loss": Loss()} | second))
    return replace(healthy, contracts=(*healthy.contracts, other))


def test_labels_without_a_loss_are_a_warning():
    (finding,) = found(OutputWithoutLoss, two_outputs(labels=BINARY, metrics=()))
    assert finding.severity == "warning"


def test_outputs_for_reading_and_measured_ones_are_an_information():
    for second in ({"labels": None}, {"labels": BINARY, "metrics": (Metric("accuracy", "BinaryAccuracy"),)}):
        (finding,) = found(OutputWithoutLoss, two_outputs(**second))
        assert finding.severity == "info"
