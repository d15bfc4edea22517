import dataclasses

from kerasdoctor.rules.architecture.regularizer_dominates import RegularizerDominates
from kerasdoctor.snapshot import Probe
from tests.rules.stacks import dense, said, stack


def penalised(kind, loss=0.7, **factors):
    found = stack(dense(200, 50, "relu", config={"kernel_regularizer": {"class_name": kind} | factors}), dense(1, 200))
    contract = dataclasses.replace(found.contracts[0], probe=Probe(seen=loss))
    return dataclasses.replace(found, contracts=(contract,))


def test_strong_penalty_is_a_warning():
    assert said(RegularizerDominates, penalised("L2", l2=0.5)) == [("warning", "layers[0]")]
    assert said(RegularizerDominates, penalised("L1", l1=0.01)) == [("warning", "layers[0]")]


def test_usual_penalties_are_at_most_information():
    assert said(RegularizerDominates, penalised("L2", l2=0.01)) == [("info", "layers[0]")]
    assert not said(RegularizerDominates, penalised("L2", l2=0.0001))


def test_unknown_loss_is_left_alone():
    assert not said(RegularizerDominates, penalised("L2", loss=None, l2=0.5))
