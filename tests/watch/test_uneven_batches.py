"""Batches of different sizes: fit shuffles the batches of a PyDataset, so the short one comes at any place."""

import pytest

pytestmark = pytest.mark.keras


def test_own_values_of_a_shuffled_pydataset_are_those_of_the_batches():
    """A batch of one row is 0 or 1 right wherever it comes; no accuracy leaves [0, 1]."""
    import keras
    import numpy as np

    from kerasdoctor.watch.monitor import FitWatch

    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).random((81, 4)).astype("float32")
    y = np.eye(2)[np.arange(81) % 2]

    class Rows(keras.utils.PyDataset):
        def __len__(self):
            return 9

        def __getitem__(self, i):
            return x[i * 10 : (i + 1) * 10], y[i * 10 : (i + 1) * 10]

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    watch = FitWatch()
    model.fit(Rows(), epochs=4, verbose=0, callbacks=[watch])
    series = watch.watch.series
    assert min(series["accuracy"]) > -1e-3 and max(series["accuracy"]) < 1 + 1e-3
    # The very first batch's numbers are the mean itself; from then on each point has its own rows.
    short = [i for i, rows in enumerate(series["rows"]) if rows == 1]
    assert len(short) >= 3
    assert all(min(abs(series["accuracy"][i]), abs(series["accuracy"][i] - 1)) < 1e-3 for i in short)
