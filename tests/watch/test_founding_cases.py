"""The two reports that this was made for, reproduced: marked soon after their onset; their healthy twins stay silent."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
pytest.importorskip("sklearn")

from kerasdoctor.watch.monitor import FitWatch  # noqa: E402

pytestmark = [
    pytest.mark.keras,
    pytest.mark.slow,
    pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="seeds give this run on TensorFlow only"),
]


def digits(below):
    from sklearn.datasets import load_digits

    found = load_digits()
    wanted = found.target < below if below < 10 else found.target >= 0
    return (found.images[wanted] / 16).astype("float32"), found.target[wanted]


def watch(model, x, y, **arguments):
    monitor = FitWatch(listeners=[object()], arguments={"x": x, "y": y})
    model.fit(x, y, verbose=0, callbacks=[monitor], **arguments)
    assert monitor.watch.notes == []
    return monitor.watch


def case_b(head, rate):
    """Five classes, small convolutions; for sigmoid a Reshape behind the head cuts the link to the logits."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(16, 2, activation="relu"),
            layers.Conv2D(16, 2, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 2, activation="relu"),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(5, activation=head),
            *([layers.Reshape((5,))] if head == "sigmoid" else []),
        ]
    )
    model.compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])
    x, y = digits(5)
    return model, x[..., None], keras.utils.to_categorical(y, 5)


def onset(values, level=0.5):
    """The first batch from which on most of the next 20 losses are above a level, after the run was good."""
    good = next(k for k in range(len(values)) if np.mean(values[k : k + 50]) < 0.1)
    return next(k + 1 for k in range(good, len(values)) if values[k] > level and np.mean(np.array(values[k : k + 20]) > level) >= 0.5)


def test_case_b_is_marked_within_20_batches_and_ends_for_good():
    """Sigmoid head, categorical loss, link cut: 0.98 up to epoch 9, then gone. The end differs by machine: NaN or zero gradient."""
    found = watch(*case_b("sigmoid", 0.03), batch_size=20, epochs=22)
    first = {}
    for incident in found.incidents:
        first.setdefault(incident.code, incident)
    began = onset(found.series["loss"])
    assert 0 <= first["KD503"].batch - began <= 20, (began, first["KD503"])
    assert "KD504" in first and first["KD504"].batch - began <= 120
    assert {"KD501", "KD502", "KD507"} & set(first)
    assert found.history["accuracy"][-1] < 0.3
    assert found.healthy_epoch in range(3, 11)
    assert found.causes[0].code == "KD101" and found.causes[0].likelihood in ("likely", "possible")
    found.restore("healthy")


def test_case_b_s_healthy_twin_is_silent():
    found = watch(*case_b("softmax", 0.001), batch_size=20, epochs=15)
    assert found.incidents == [] and found.history["accuracy"][-1] > 0.97


def clipped(y_true, y_pred):
    """binary_crossentropy of Keras 2 on TensorFlow: clip at 1e-7, back to logits, sigmoid cross-entropy."""
    ops = keras.ops
    values = ops.clip(ops.reshape(y_pred, (-1, 2)), 1e-7, 1 - 1e-7)
    logits = ops.log(values / (1 - values))
    return ops.mean(ops.maximum(logits, 0) - logits * y_true + ops.log1p(ops.exp(-ops.abs(logits))), axis=-1)


def case_a(rate):
    """Two softmax units under a binary loss that has no way back."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    wide = keras.initializers.RandomUniform
    model = keras.Sequential(
        [
            keras.Input((64,)),
            layers.Dense(256, activation="relu", kernel_initializer=wide(seed=1)),
            layers.Dense(128, activation="relu", kernel_initializer=wide(seed=2)),
            layers.Dropout(0.2),
            layers.Dense(2, kernel_initializer=wide(seed=3)),
            layers.Activation("softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(rate), clipped, metrics=["accuracy"])
    x, y = digits(10)
    return model, x.reshape(-1, 64), keras.utils.to_categorical(y < 4, 2)


def test_case_a_is_dead_from_the_start_and_its_loss_is_recognised():
    """Loss 6.4 = 16 x 0.40, accuracy 0.60, gradient exactly 0."""
    found = watch(*case_a(0.1), batch_size=32, epochs=4)
    zero = next(incident for incident in found.incidents if incident.code == "KD507")
    assert zero.batch <= 120 and zero.numbers["clipped_saturated"]
    assert found.causes[0].code == "KD507" and found.causes[0].likelihood == "likely"
    assert found.history["loss"][-1] == pytest.approx(16 * (1 - found.history["accuracy"][-1]), rel=0.05)


def test_case_a_s_healthy_twin_is_silent():
    found = watch(*case_a(0.001), batch_size=32, epochs=6)
    assert found.incidents == [] and found.history["accuracy"][-1] > 0.97


def test_one_nan_pixel_shows_in_the_weights_though_the_loss_stays_finite():
    """relu and max-pool hide NaN on a CPU: the loss settles at ln K."""
    model, x, y = case_b("softmax", 0.001)
    x[-1, 3, 3, 0] = np.nan
    found = watch(model, x, y, batch_size=20, epochs=3)
    bad = next(incident for incident in found.incidents if incident.code == "KD502")
    assert "conv2d" in bad.message
