"""What a run is said to be, in values that every view shows."""

import math

import pytest
from runs import collapsed, healthy, incident, recovered, run

from kerasdoctor.finding import Severity
from kerasdoctor.views import watch_outline
from kerasdoctor.views.watch_outline import LostStretches


def test_a_band_ends_where_a_graver_incident_begins():
    bands = watch_outline.bands(collapsed())
    assert [(band.kind, band.start, band.end) for band in bands] == [("lost", 31, 35), ("collapsed", 36, 50), ("nan", 51, 57)]


def test_a_recovered_burst_keeps_its_own_end():
    (band,) = watch_outline.bands(recovered())
    assert (band.start, band.end, band.recovered) == (21, 26, True)


def test_each_epoch_has_the_gravest_state_that_touches_it():
    assert watch_outline.epoch_states(collapsed()) == ["fine", "fine", "fine", "collapsed", "collapsed", "nan"]


def test_an_incident_in_the_first_batch_of_an_epoch_leaves_the_epoch_before_alone():
    made = run([1.0] * 30, incidents=[incident("collapsed", Severity.ERROR, 2, 11, 20)])
    assert watch_outline.epoch_states(made) == ["fine", "collapsed", "fine"]


@pytest.mark.parametrize(
    ("made", "title", "severity"),
    [
        (collapsed(), "Collapsed in epoch 4; non-finite loss since epoch 6", "error"),
        (recovered(), "Progress lost in epoch 3, recovered", "info"),
        (healthy(), "Nothing unusual in 40 batches", "ok"),
        (run([], status="running"), "Nothing unusual so far", "ok"),
        (run([1.0] * 3, status="failed", message="ValueError: no"), "Training failed with an error", "info"),
    ],
)
def test_the_diagnosis_is_one_sentence(made, title, severity):
    assert (watch_outline.title(made), watch_outline.severity(made)) == (title, severity)


def test_the_start_can_be_what_is_kept():
    """Epoch 0 is the start: a run that fell in its first epoch goes back there."""
    assert watch_outline.marks(run([1.0] * 3, healthy_epoch=0)) == [("kept", 0, 0)]
    assert watch_outline.kept_text(run([1.0] * 3, healthy_epoch=0)) == "the start (last healthy)"


def test_stretches_without_a_number_are_named_and_bounded():
    """Each stretch says NaN or infinite; a line that is NaN every other batch does not make thousands of them."""
    assert LostStretches([1, 2, 3, 4, 5], [1.0, math.nan, math.nan, 1.0, math.inf]).found == [[2, 3, "NaN"], [5, 5, "infinite"]]
    many = LostStretches(range(1, 1001), [math.nan, 1.0] * 500).found
    assert len(many) == LostStretches.limit and many[-1][1] == 999


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "NaN"),
        (-math.inf, "minus infinite"),
        (0.0, "0"),
        (3, "3"),
        (1.23456, "1.235"),
        (1e-7, "1e-07"),
        (True, "True"),
    ],
)
def test_numbers_are_written_as_people_write_them(value, text):
    assert watch_outline.number(value) == text


def test_the_accuracy_comes_after_the_loss():
    made = run([1.0])
    made.series = {"batch": [1], "auc": [0.5], "accuracy": [0.5], "loss": [1.0], "learning_rate": [0.1], "rows": [20], "epoch": [1]}
    assert watch_outline.lines(made) == ("loss", "accuracy", "auc")
