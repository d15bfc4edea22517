from kerasdoctor.rules.architecture.parameters_dwarf_data import ParametersDwarfData
from tests.rules.stacks import called, dense, layer, said, stack

FEW = called(rows=64)


def test_many_weights_for_few_rows_are_information():
    assert said(ParametersDwarfData, stack(dense(500, 100, "relu"), dense(1, 500), fit=FEW)) == [("info", "layers[0]")]


def test_dropout_or_more_rows_are_enough():
    assert not said(ParametersDwarfData, stack(dense(500, 100, "relu"), layer("Dropout"), dense(1, 500), fit=FEW))
    assert not said(ParametersDwarfData, stack(dense(500, 100, "relu"), dense(1, 500), fit=called(rows=1000)))
