from kerasdoctor.rules.architecture.batchnorm_hardly_updated import BatchnormHardlyUpdated
from tests.rules.stacks import called, dense, layer, said, stack


def normalised(updates, momentum=0.99, fit=None, **more):
    norm = layer("BatchNormalization", config={"momentum": momentum}, fresh=more.pop("fresh", True), **more)
    return stack(dense(16, 8), norm, dense(1, 16), fit=fit or called(updates))


def test_few_updates_at_the_usual_momentum_are_named():
    assert said(BatchnormHardlyUpdated, normalised(40)) == [("warning", "layers[1]")]
    assert said(BatchnormHardlyUpdated, normalised(40, fit=called(40, arguments=()))) == [("info", "layers[1]")]


def test_enough_updates_or_a_lower_momentum_are_right():
    assert not said(BatchnormHardlyUpdated, normalised(100))
    assert not said(BatchnormHardlyUpdated, normalised(40, momentum=0.9))


def test_frozen_and_pretrained_layers_are_left_alone():
    assert not said(BatchnormHardlyUpdated, normalised(40, trainable=False))
    assert not said(BatchnormHardlyUpdated, normalised(40, fresh=False))
