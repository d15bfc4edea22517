"""Root causes from plain values."""

from dataclasses import dataclass, field, replace

from kerasdoctor.finding import Finding, Severity
from kerasdoctor.root_cause import NOTHING, rank_causes
from kerasdoctor.step import Incident, RunFacts, Signals

RUN = RunFacts(classes=5, loss_computes="categorical_crossentropy", head_activation="softmax")


@dataclass
class Report:
    findings: tuple = field(default=())


def incident(code, state="confirmed", message="seen", **numbers):
    return Incident(code, "name", "title", Severity.ERROR, state, message, 3, 120, 200 if state == "recovered" else None, numbers)


def finding(code, suspects, severity=Severity.ERROR):
    return Finding(code, "a-rule", f"Fault {code}", severity, "what it says", "loss", suspects)


def test_without_incidents_there_is_nothing_to_explain():
    assert rank_causes([], Report((finding("KD101", ("head_activation",)),))) == ()


def test_a_static_error_that_can_make_it_is_the_likeliest_cause():
    report = Report((finding("KD307", ("class_imbalance",)), finding("KD101", ("head_activation", "loss"))))
    first, *others = rank_causes([incident("KD504")], report, run=RUN)
    assert (first.code, first.likelihood) == ("KD101", "likely")
    assert all(cause.code != "KD307" for cause in others)


def test_a_warning_before_the_run_is_possible_and_says_what_speaks_against_it():
    (first, *_) = rank_causes([incident("KD506")], Report((finding("KD301", ("input_scale",), Severity.WARNING),)), run=RUN)
    assert first.code == "KD201" and first.likelihood == "likely"
    causes = {
        cause.code: cause for cause in rank_causes([incident("KD504")], Report((finding("KD301", ("input_scale",), Severity.WARNING),)))
    }
    assert causes["KD301"].likelihood == "possible" and causes["KD301"].evidence_against


def test_nothing_in_the_model_explains_this_is_an_answer():
    causes = rank_causes([incident("KD516")], Report(), run=RUN)
    assert [cause.title for cause in causes] == [NOTHING]


def test_sixteen_times_the_error_rate_with_zero_gradient_is_a_clipped_saturated_answer():
    found = incident("KD507", clipped_saturated=True, loss=6.42, accuracy=0.6)
    (first, *_) = rank_causes([found], None, run=RUN)
    assert (first.code, first.likelihood) == ("KD507", "likely")
    assert "6.42 = 16 x (1 - accuracy 0.60)" in first.evidence_for[0]


def test_nan_weights_behind_a_finite_loss_are_told_with_ln_k():
    (first, *_) = rank_causes([incident("KD502")], None, run=RUN)
    assert "1.6094" in first.evidence_for[1]
    assert all("finite loss" not in cause.title for cause in rank_causes([incident("KD502"), incident("KD501")], None, run=RUN))


def test_a_sigmoid_head_that_saturates_is_likely_and_one_that_is_repaired_is_ruled_out():
    sigmoid = replace(RUN, head_activation="sigmoid")
    signals = [(100, Signals(saturated=0.35, row_sum_min=1e-9))]
    (first, *_) = rank_causes([incident("KD504")], None, run=sigmoid, signals=signals)
    assert (first.code, first.likelihood) == ("KD101", "likely")
    assert "35%" in first.evidence_for[1] and "0 by 0" in first.evidence_for[2]
    last = rank_causes([incident("KD504")], None, run=replace(sigmoid, link="logits"), signals=signals)[-1]
    assert (last.code, last.likelihood) == ("KD101", "ruled out")


def test_a_burst_that_healed_speaks_for_the_learning_rate():
    (first, *_) = rank_causes([incident("KD503", state="recovered")], None, run=RUN)
    assert (first.code, first.likelihood) == ("KD201", "likely")


def test_each_code_is_named_once():
    report = Report((finding("KD101", ("head_activation",)),))
    causes = rank_causes([incident("KD504")], report, run=replace(RUN, head_activation="sigmoid", link="values"))
    assert [cause.code for cause in causes].count("KD101") == 1
