from dataclasses import replace

from kerasdoctor.rules.data.features_on_different_scales import FeaturesOnDifferentScales
from kerasdoctor.rules.data.unscaled_inputs import UnscaledInputs
from tests.rules.tables import TABLE, found, snapshot

MIXED = replace(
    TABLE,
    maximum=90_000.0,
    column_means=(0.0, 0.0, 0.0, 45_000.0),
    column_stds=(1.0, 1.0, 1.0, 26_000.0),
    column_minima=(-3.0, -3.0, -3.0, 0.0),
    column_maxima=(3.0, 3.0, 3.0, 90_000.0),
)


def test_it_speaks_of_the_columns_and_unscaled_inputs_leaves_it_the_word():
    (finding,) = found(FeaturesOnDifferentScales, snapshot(MIXED))
    assert finding.evidence["largest spread"].endswith("(column 3)")
    assert finding.fixes[0].edits[0].kind == "Normalization"
    assert not found(UnscaledInputs, snapshot(MIXED))
    assert not found(FeaturesOnDifferentScales, snapshot())


def test_small_columns_beside_unit_ones_are_only_small():
    assert not found(FeaturesOnDifferentScales, snapshot(replace(TABLE, column_stds=(1.0, 1.0, 1.0, 0.001))))


def test_rare_constant_and_binary_columns_do_not_count():
    """A 0/1 column of which 1 row in 10,000 is 1 has a spread of 0.01 and a range of 1."""
    binary = replace(
        TABLE,
        column_means=(12.0, 12.0, 0.0001, 5.0),
        column_stds=(3.0, 3.0, 0.01, 0.0),
        column_minima=(0.0, 0.0, 0.0, 5.0),
        column_maxima=(30.0, 30.0, 1.0, 5.0),
    )
    assert not found(FeaturesOnDifferentScales, snapshot(binary))


def test_heavy_tails_do_not_count_by_their_range_alone():
    tails = replace(TABLE, column_means=(12.0,) * 4, column_stds=(3.0, 4.0, 9.0, 30.0), column_maxima=(20.0, 30.0, 900.0, 9_000.0))
    assert not found(FeaturesOnDifferentScales, snapshot(tails))


def test_silent_where_the_model_scales():
    assert not found(FeaturesOnDifferentScales, snapshot(replace(MIXED, rescaled=True, scaled_in_model="layers[0]", weights_see=1.0)))
