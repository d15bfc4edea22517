from kerasdoctor.rules.optimization.model_not_compiled import ModelNotCompiled
from kerasdoctor.snapshot import Labels
from tests.rules.stacks import dense, said, stack


def test_fit_without_compile_is_an_error():
    found = next(ModelNotCompiled().check(stack(dense(1, 8), labels=Labels("continuous", (1,)), compiled=False)))
    assert found.place == "compile"
    assert 'loss="mean_squared_error"' in found.fixes[0].edits[0].code


def test_compiled_models_and_models_without_data_are_left_alone():
    assert not said(ModelNotCompiled, stack(dense(1, 8)))
    assert not said(ModelNotCompiled, stack(dense(1, 8), compiled=False, inputs=()))
    assert not said(ModelNotCompiled, stack(dense(1, 8), compiled=False, own_steps=True))
