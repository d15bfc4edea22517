import dataclasses

from kerasdoctor.rules.architecture.dropout_at_head import DropoutAtHead
from tests.rules.stacks import dense, layer, said, stack


def behind_the_head(rate):
    found = stack(dense(16, 8, "relu"), dense(1, 16), layer("Dropout", config={"rate": rate}))
    contract = found.contracts[0]
    head = dataclasses.replace(contract.head, layer="layers[1]", kind="Dense", units=1)
    return dataclasses.replace(found, contracts=(dataclasses.replace(contract, head=head),))


def test_dropout_behind_the_head_is_named():
    assert said(DropoutAtHead, behind_the_head(0.5)) == [("warning", "layers[2]")]


def test_dropout_before_the_head_or_of_nothing_is_right():
    assert not said(DropoutAtHead, stack(dense(16, 8, "relu"), layer("Dropout", config={"rate": 0.5}), dense(1, 16)))
    assert not said(DropoutAtHead, behind_the_head(0.0))
