from kerasdoctor.rules.optimization.monitor_never_logged import MonitorNeverLogged
from kerasdoctor.snapshot import Callback
from tests.rules.stacks import called, dense, said, stack


def waiting(monitor, kind="EarlyStopping", **more):
    return stack(dense(1, 8), fit=called(callbacks=(Callback(kind, monitor),), **more))


def test_validation_loss_without_validation_is_named():
    found = next(MonitorNeverLogged().check(waiting("val_loss")))
    assert found.place == "fit"
    assert found.fixes[0].edits[0].name == "validation_split"


def test_unknown_metric_is_named():
    assert said(MonitorNeverLogged, waiting("val_accuracy", validation=True)) == [("warning", "fit")]


def test_logged_names_are_right():
    assert not said(MonitorNeverLogged, waiting("val_loss", validation=True))
    assert not said(MonitorNeverLogged, waiting("mae"))
    assert not said(MonitorNeverLogged, waiting(None, "ModelCheckpoint"))


def test_callbacks_of_the_user_may_log_more():
    mine = (Callback("EarlyStopping", "f1"), Callback("F1", builtin=False))
    assert not said(MonitorNeverLogged, stack(dense(1, 8), fit=called(callbacks=mine)))
