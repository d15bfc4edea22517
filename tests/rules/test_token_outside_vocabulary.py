from dataclasses import replace

from kerasdoctor.rules.data.token_outside_vocabulary import TokenOutsideVocabulary
from tests.rules.tables import TABLE, found, snapshot

TOKENS = replace(TABLE, dtype="int64", whole=True, minimum=0.0, maximum=99.0, feeds=(), indices_for="layers[0]", vocabulary=100)


def test_an_index_beyond_the_table_is_an_error_with_a_patch():
    (finding,) = found(TokenOutsideVocabulary, snapshot(replace(TOKENS, maximum=100.0)))
    assert finding.message == "The Embedding has rows 0 to 99; the indices go from 0 to 100."
    assert finding.fixes[0].edits[0].value == 101
    (finding,) = found(TokenOutsideVocabulary, snapshot(replace(TOKENS, minimum=-1.0)))
    assert not finding.fixes[0].edits


def test_silent_within_the_table_or_where_the_values_change_on_the_way():
    assert not found(TokenOutsideVocabulary, snapshot(TOKENS))
    assert not found(TokenOutsideVocabulary, snapshot(replace(TOKENS, minimum=-1.0, rescaled=True)))
    assert not found(TokenOutsideVocabulary, snapshot())
