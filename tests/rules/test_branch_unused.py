from kerasdoctor.rules.architecture.branch_unused import BranchUnused
from tests.rules.stacks import dense, said, stack


def with_lost(**more):
    return stack(dense(8, 8, "relu"), dense(8, 8, reaches_output=False, **more), dense(1, 8), kind="Mine")


def test_layer_that_leads_nowhere_is_named():
    assert said(BranchUnused, with_lost()) == [("warning", "layers[1]")]
    assert said(BranchUnused, with_lost(parameters=0, trainable_parameters=0)) == [("info", "layers[1]")]


def test_layers_that_lead_to_the_output_and_own_training_steps_are_left_alone():
    assert not said(BranchUnused, stack(dense(8, 8), dense(1, 8), kind="Mine"))
    assert not said(BranchUnused, stack(dense(8, 8, reaches_output=False), dense(1, 8), kind="Mine", own_steps=True))
