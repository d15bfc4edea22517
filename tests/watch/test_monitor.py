"""The watch on real fits: what it records, what it obeys, and that nothing of it reaches the user's fit."""

import json
import math

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from kerasdoctor.rule import TrainingRule  # noqa: E402
from kerasdoctor.watch.monitor import FitWatch, last_watch  # noqa: E402
from kerasdoctor.watch.wrap import watched  # noqa: E402

pytestmark = pytest.mark.keras


class Listener:
    """Writes down what it is told."""

    def __init__(self):
        self.told = []

    def on_start(self, watch):
        self.told.append("start")

    def on_update(self, watch):
        self.told.append("update")

    def on_incident(self, watch, incident):
        self.told.append(incident.code)

    def on_end(self, watch):
        self.told.append("end")


class At(keras.callbacks.Callback):
    """Does something at one batch of the run."""

    def __init__(self, batch, action):
        super().__init__()
        self.batch, self.action, self.seen = batch, action, 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen == self.batch:
            self.action(self)


@pytest.fixture(autouse=True)
def every_epoch_is_kept(monkeypatch):
    """On a busy machine a copy can take more than its share of such short epochs, and is then left out."""
    monkeypatch.setattr(FitWatch, "copy_share", float("inf"))


@pytest.fixture
def data():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(100, 4)).astype("float32")
    return x, (x[:, 0] + x[:, 1] > 0).astype("int32")


def classifier(rate=0.01, **arguments):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2, activation="softmax")])
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"], **arguments)
    return model


def watch_of(model, *args, callbacks=(), **kwargs):
    listener = Listener()
    monitor = FitWatch(listeners=[listener])
    model.fit(*args, verbose=0, callbacks=[*callbacks, monitor], **kwargs)
    return monitor.watch, listener


def epoch_means(watch, name):
    """The mean by rows of each epoch's own values."""
    values, rows, epochs = (np.array(watch.series[key]) for key in (name, "rows", "epoch"))
    return [np.average(values[epochs == epoch], weights=rows[epochs == epoch]) for epoch in sorted(set(epochs))]


# ---- what is recorded


def test_own_values_average_to_what_keras_reports_with_a_short_last_batch(data):
    watch, _ = watch_of(classifier(), *data, batch_size=30, epochs=3)
    assert watch.series["rows"] == [30, 30, 30, 10] * 3
    assert watch.series["batch"] == list(range(1, 13)) and watch.series["epoch"] == [1] * 4 + [2] * 4 + [3] * 4
    for name in ("loss", "accuracy"):
        assert np.allclose(epoch_means(watch, name), watch.history[name], atol=1e-5)


def test_own_losses_are_those_of_the_batches_themselves(data):
    """With a rate of 0 the model stands still, so each batch's loss can be computed afterwards."""
    model = classifier(rate=0.0)
    watch, _ = watch_of(model, *data, batch_size=30, epochs=1, shuffle=False)
    x, y = data
    expected = [model.evaluate(x[k : k + 30], y[k : k + 30], verbose=0)[0] for k in range(0, 100, 30)]
    assert np.allclose(watch.series["loss"], expected, atol=1e-5)


def test_sample_weights_weight_the_loss_inside_the_batch_only(data):
    """Keras weights its mean of losses by rows, whatever the sample weights are; a weighted metric is left as reported."""
    x, y = data
    weights = np.linspace(0.01, 5, 100).astype("float32")
    model = classifier(rate=0.0, weighted_metrics=["sparse_categorical_crossentropy"])
    watch, _ = watch_of(model, x, y, sample_weight=weights, batch_size=30, epochs=1, shuffle=False)
    expected = [
        model.evaluate(x[k : k + 30], y[k : k + 30], sample_weight=weights[k : k + 30], verbose=0, return_dict=True)["loss"]
        for k in range(0, 100, 30)
    ]
    assert np.allclose(watch.series["loss"], expected, atol=1e-4)


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="torch has no steps_per_execution")
def test_one_point_stands_for_several_batches(data):
    watch, _ = watch_of(classifier(steps_per_execution=3), *data, batch_size=10, epochs=2)
    assert watch.series["batch"] == [3, 6, 9, 10, 13, 16, 19, 20]
    assert watch.series["rows"] == [30, 30, 30, 10] * 2
    assert np.allclose(epoch_means(watch, "loss"), watch.history["loss"], atol=1e-5)


def test_batches_are_counted_over_the_run_and_epochs_as_the_user_counts(data):
    watch, _ = watch_of(classifier(), *data, batch_size=50, epochs=5, initial_epoch=3)
    assert watch.series["batch"] == [1, 2, 3, 4] and watch.series["epoch"] == [4, 4, 5, 5]
    assert watch.run.initial_epoch == 3 and watch.message == "all 5 epochs"


def test_steps_that_are_not_known_are_learned_from_the_first_epoch(data):
    x, y = data

    def batches():
        while True:
            yield from ((x[k : k + 25], y[k : k + 25]) for k in range(0, 100, 25))

    taken = []
    stream = (taken.append(1) or batch for batch in batches())
    watch, _ = watch_of(classifier(), stream, steps_per_epoch=4, epochs=2)
    assert watch.run.steps == 4 and len(watch.series["loss"]) == 8
    assert not watch.notes


def test_validation_every_other_epoch_stands_in_the_history(data):
    watch, _ = watch_of(classifier(), *data, batch_size=50, epochs=4, validation_split=0.2, validation_freq=2)
    assert ["val_loss" in epoch.logs for epoch in watch.epochs] == [False, True, False, True]
    assert math.isnan(watch.history["val_loss"][0])


def test_what_is_no_running_mean_is_left_as_reported(data):
    """AUC is no mean, and this train_step logs raw values: differencing either would make noise of it."""

    class Raw(keras.Sequential):
        def train_step(self, *args):
            result = super().train_step(*args)
            logs, state = result if isinstance(result, tuple) else (result, None)
            logs = {**logs, "raw": logs["loss"] * 0 + 0.5, "auc": logs["accuracy"]}
            return logs if state is None else (logs, state)

    model = Raw(classifier().layers)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    watch, _ = watch_of(model, *data, batch_size=10, epochs=2)
    assert np.allclose(watch.series["raw"], 0.5)


def test_learning_rate_and_facts_of_the_run(data):
    with watched() as watches:
        classifier(rate=0.02).fit(*data, batch_size=20, epochs=1, verbose=0)
    (watch,) = watches
    assert watch is last_watch()
    assert watch.series["learning_rate"] == pytest.approx([0.02] * 5)
    assert (watch.run.accuracy, watch.run.classes, watch.run.head_activation) == ("accuracy", 2, "softmax")
    assert watch.run.chance == pytest.approx(max(np.mean(data[1]), 1 - np.mean(data[1])))
    json.dumps(watch.to_dict(), allow_nan=False)


def test_listeners_are_told_four_times_a_second_at_most(data):
    watch, listener = watch_of(classifier(), *data, batch_size=2, epochs=2)
    seconds = watch.ended - watch.started
    assert listener.told[0] == "start" and listener.told[-1] == "end"
    assert 2 <= listener.told.count("update") <= 4 * seconds + 4


def test_the_same_callback_watches_a_second_fit_anew(data):
    monitor, model = FitWatch(listeners=[Listener()]), classifier()
    model.fit(*data, verbose=0, callbacks=[monitor])
    first = monitor.watch
    model.fit(*data, verbose=0, callbacks=[monitor])
    assert monitor.watch is not first and len(monitor.watch.series["loss"]) == len(first.series["loss"]) == 4


# ---- controls


def test_stop_ends_the_run_after_the_batch(data):
    with watched() as watches:
        classifier().fit(*data, batch_size=10, epochs=5, verbose=0, callbacks=[At(13, lambda _: last_watch().stop())])
    assert (watches[0].status, watches[0].batch) == ("stopped", 13)
    assert watches[0].message == "stopped after epoch 2, batch 3"


def test_roll_back_restores_weights_and_optimizer_sets_the_rate_and_goes_on(data):
    model = classifier()

    def poison(callback):
        kernel = callback.model.layers[0].kernel
        kernel.assign(np.full(kernel.shape, np.nan, "float32"))

    actions = [At(35, poison), At(40, lambda _: last_watch().roll_back(0.002))]
    with watched(lambda model, given: FitWatch(listeners=[Listener()])) as watches:
        model.fit(*data, batch_size=10, epochs=8, verbose=0, callbacks=actions)
    (watch,) = watches
    assert any(note.startswith("rolled back at batch 40 to the weights of epoch 3") for note in watch.notes)
    assert watch.status == "finished" and all(np.isfinite(weight).all() for weight in model.get_weights())
    assert float(model.optimizer.learning_rate) == pytest.approx(0.002)
    assert int(model.optimizer.iterations) == 80 - 10
    assert watch.history["loss"][-1] < watch.history["loss"][2]


def test_roll_back_before_the_first_epoch_goes_to_the_start(data):
    model = classifier()
    before = model.get_weights()
    kept = []
    actions = [At(3, lambda _: last_watch().roll_back()), At(4, lambda callback: kept.append(callback.model.get_weights()))]
    with watched() as watches:
        model.fit(*data, batch_size=10, epochs=1, verbose=0, callbacks=actions)
    assert "epoch 0" in watches[0].notes[0]
    assert np.abs(kept[0][0] - before[0]).max() < 0.02  # one step of the optimizer away


def test_best_healthy_and_end_can_be_restored_after_the_run(data):
    model = classifier(rate=0.05)
    weights = []
    keep = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: weights.append(model.get_weights()))
    with watched() as watches:
        model.fit(*data, batch_size=50, epochs=6, validation_split=0.3, verbose=0, callbacks=[keep])
    (watch,) = watches
    end = model.get_weights()
    assert watch.restore("best").epoch == watch.best_epoch
    assert np.array_equal(model.get_weights()[0], weights[watch.best_epoch - 1][0])
    watch.restore("end")
    assert all(np.array_equal(now, then) for now, then in zip(model.get_weights(), end, strict=True))
    with pytest.raises(LookupError):
        watch.restore("elsewhere")


# ---- ends


def test_an_exception_passes_through_and_is_told(data):
    def fail(_):
        raise ValueError("the user's own error")

    with watched() as watches, pytest.raises(ValueError, match="the user's own error"):
        classifier().fit(*data, batch_size=10, epochs=2, verbose=0, callbacks=[At(12, fail)])
    assert (watches[0].status, watches[0].message) == ("failed", "ValueError: the user's own error")


def test_an_interrupt_passes_through_and_keeps_what_was_recorded(data):
    def interrupt(_):
        raise KeyboardInterrupt

    model = classifier()
    with watched() as watches, pytest.raises(KeyboardInterrupt):
        model.fit(*data, batch_size=10, epochs=3, verbose=0, callbacks=[At(25, interrupt)])
    (watch,) = watches
    assert watch.status == "interrupted" and len(watch.epochs) == 2 and watch.best_epoch
    assert watch.restore("best").epoch == watch.best_epoch
    assert math.isfinite(model.fit(*data, verbose=0).history["loss"][-1])


# ---- first, do no harm


class Broken(TrainingRule):
    """A rule that raises."""

    code = "KD599"

    def observe(self, step):
        raise RuntimeError("broken rule")


class BrokenListener:
    def on_update(self, watch):
        raise RuntimeError("broken listener")


def result_of(data, monitor=None, callbacks=()):
    model = classifier()
    history = model.fit(*data, batch_size=10, epochs=3, verbose=0, callbacks=[*callbacks, *([monitor] if monitor else [])])
    return history.history, model.get_weights()


def same(one, other):
    return one[0] == other[0] and all(np.array_equal(a, b) for a, b in zip(one[1], other[1], strict=True))


@pytest.mark.parametrize("part", ["rule", "listener", "probe", "record", "recorder"])
def test_a_fault_of_ours_leaves_the_result_alone_and_becomes_one_note(data, part, monkeypatch):
    alone = result_of(data)
    monitor = FitWatch(listeners=[BrokenListener() if part == "listener" else Listener()], deep=True)
    if part == "rule":
        monitor.rules = [Broken()]

    def broken(*args, **kwargs):
        raise RuntimeError(f"broken {part}")

    target = {
        "probe": "kerasdoctor.watch.signals.Probe._bad_weights",
        "record": "kerasdoctor.watch.running_means.RunningMeans.own",
        "recorder": "kerasdoctor.watch.flight_recorder.FlightRecorder.keep",
    }.get(part)
    if target:
        monkeypatch.setattr(target, broken)
    assert same(result_of(data, monitor), alone)
    assert len(monitor.watch.notes) == 1 and f"broken {part}" in monitor.watch.notes[0], monitor.watch.notes
    assert monitor.watch.status == "finished"


def test_the_users_callbacks_are_not_changed_and_fit_is_put_back(data):
    callbacks, before = [At(1, lambda _: None)], keras.Model.fit
    with watched():
        classifier().fit(*data, verbose=0, callbacks=callbacks)
        assert keras.Model.fit is not before
    assert len(callbacks) == 1 and keras.Model.fit is before


def test_a_plan_that_fails_gives_a_plain_watch_with_a_note(data, capsys):
    def plan(model, given):
        raise RuntimeError("no panel")

    with watched(plan) as watches:
        classifier().fit(*data, verbose=0)
    assert watches[0].status == "finished" and "no panel" in watches[0].notes[0]


def test_each_fit_of_a_block_is_watched_and_a_fit_inside_a_fit_is_not(data):
    inner = classifier()
    with watched() as watches:
        classifier().fit(*data, verbose=0, callbacks=[At(2, lambda _: inner.fit(*data, verbose=0))])
        classifier().fit(*data, epochs=2, verbose=0)
    assert [len(watch.epochs) for watch in watches] == [1, 2]


def test_a_subclass_that_overrides_fit_is_seen(data):
    class Own(keras.Sequential):
        def fit(self, *args, **kwargs):
            return super().fit(*args, **kwargs)

    model = Own(classifier().layers)
    model.compile("adam", "sparse_categorical_crossentropy")
    with watched() as watches:
        model.fit(*data, epochs=2, verbose=0)
    assert len(watches) == 1 and len(watches[0].epochs) == 2


def test_a_callback_list_is_watched_and_given_back_as_it_was(data):
    model = classifier()
    callbacks = keras.callbacks.CallbackList([], add_history=True, model=model, epochs=2, steps=4)
    count = len(callbacks.callbacks)
    with watched() as watches:
        model.fit(*data, epochs=2, verbose=0, callbacks=callbacks)
    assert len(callbacks.callbacks) == count and len(watches[0].epochs) == 2


def test_wrong_arguments_get_keras_own_error(data):
    with watched() as watches, pytest.raises(TypeError, match="nonsense"):
        classifier().fit(*data, nonsense=1)
    assert watches == []
