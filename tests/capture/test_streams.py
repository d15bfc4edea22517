"""What fit can be given: arrays behind it are found, and nothing of it is used up or put out of order."""

import random

import numpy as np
import pytest

pytestmark = pytest.mark.keras

ROWS = 100
X = np.arange(ROWS * 3, dtype="float32").reshape(ROWS, 3) / 300
Y = (np.arange(ROWS) % 3 == 0).astype("int64")


@pytest.fixture(scope="module", autouse=True)
def backend():
    pytest.importorskip("keras")


@pytest.fixture
def tf():
    return pytest.importorskip("tensorflow")


def given(x, *rest):
    from kerasdoctor.capture.streams import given

    return given(x, *rest)


def model_for(*shapes, names=None):
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    inputs = [keras.Input(shape, name=name) for shape, name in zip(shapes, names or [None] * len(shapes), strict=True)]
    joined = layers.Concatenate()(inputs) if len(inputs) > 1 else inputs[0]
    structure = dict(zip(names, inputs, strict=True)) if names else inputs if len(inputs) > 1 else inputs[0]
    model = keras.Model(structure, layers.Dense(1, activation="sigmoid")(joined))
    model.compile("sgd", "binary_crossentropy")
    return model


def diagnose(model, x, y=None, **arguments):
    import kerasdoctor

    return kerasdoctor.diagnose(model, x, y, **arguments)


def test_one_array_is_named_by_nothing_and_several_by_their_places():
    assert list(given(X, Y).x) == [""]
    assert list(given([X, X[:, :1]], Y).x) == ["0", "1"]
    assert list(given((X, X[:, :1]), Y).x) == ["0", "1"]
    assert list(given({"left": X, "right": X}, {"out": Y}).x) == ["left", "right"]
    assert list(given(X.tolist(), Y.tolist()).x) == [""]
    assert given(None).reason


def test_a_dataset_gives_its_first_rows(tf):
    found = given(tf.data.Dataset.from_tensor_slices((X, Y)).batch(8))
    assert np.array_equal(found.x[""], X[: len(found.x[""])])
    assert (found.batch_size, found.batches, found.shuffled, found.partial) == (8, 13, False, True)


def test_a_dataset_of_single_rows_is_said_to_be_unbatched(tf):
    """fit takes batches only: a row of three features is not read as three rows of one."""
    report = diagnose(model_for((3,)), tf.data.Dataset.from_tensor_slices((X, Y)))
    assert any("not batched" in note for note in report.notes)
    assert report.snapshot.inputs == ()


@pytest.mark.parametrize(
    "build",
    [
        lambda data: data.shuffle(50, seed=3).batch(8),
        lambda data: data.batch(8).shuffle(50, seed=3),
        lambda data: data.shuffle(50, seed=3).batch(8).prefetch(2),
        lambda data: data.shuffle(50, seed=3).map(lambda x, y: (x * 2, y)).batch(8),
        lambda data: data.shuffle(50, seed=3).repeat(2).batch(8),
        lambda data: data.cache().shuffle(50, seed=3, reshuffle_each_iteration=False).batch(8),
        lambda data: data.shuffle(50).batch(8),
        lambda data: data.shuffle(50, seed=3).batch(8, drop_remainder=True).take(5),
        lambda data: data.filter(lambda x, y: y < 1).shuffle(50, seed=3).batch(8),
    ],
)
def test_a_shuffled_dataset_gives_fit_the_same_rows_as_without_a_diagnosis(tf, build):
    """The order of every later pass, and what is drawn from TensorFlow's seed, are as if nobody had looked."""

    def passes(look):
        model = model_for((3,))
        tf.random.set_seed(7)
        data = build(tf.data.Dataset.from_tensor_slices((X, Y)))
        if look:
            diagnose(model, data, epochs=2)
        seen = [np.concatenate([x.numpy() for x, _ in data]) for _ in range(2)]
        return [*seen, tf.random.uniform((3,)).numpy()]

    for without, after in zip(passes(False), passes(True), strict=True):
        assert np.array_equal(without, after)


def test_fit_after_a_diagnosis_trains_as_without(tf):
    """Weights after fit are bit for bit the same: arrays shuffled by fit, and a shuffled dataset."""

    def trained(look, stream):
        import keras

        model = model_for((3,))
        keras.utils.set_random_seed(5)
        data = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(50).batch(8) if stream else X
        arguments = {"x": data} if stream else {"x": X, "y": Y}
        if look:
            diagnose(model, epochs=1, **arguments)
        model.fit(**arguments, epochs=2, verbose=0)
        return model.get_weights()

    for stream in (False, True):
        for without, after in zip(trained(False, stream), trained(True, stream), strict=True):
            assert np.array_equal(without, after)


def test_global_random_states_stay_as_they_are(tf):
    model = model_for((3,))
    states = random.getstate(), np.random.get_state()[1].tolist()
    diagnose(model, tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(50).batch(8))
    assert (random.getstate(), np.random.get_state()[1].tolist()) == states


def test_a_cache_on_disk_is_not_begun(tf, tmp_path):
    """Files of the user's are written by fit, not by a look at the data."""
    data = tf.data.Dataset.from_tensor_slices((X, Y)).cache(str(tmp_path / "rows")).batch(20)
    report = diagnose(model_for((3,)), data)
    assert report.snapshot.inputs[0].examined
    assert list(tmp_path.iterdir()) == []
    assert sum(1 for _ in data) == 5


def test_a_dataset_over_a_generator_is_not_started(tf):
    started = []

    def rows():
        started.append(True)
        yield X[0], Y[0]

    signature = (tf.TensorSpec((3,), tf.float32), tf.TensorSpec((), tf.int64))
    data = tf.data.Dataset.from_generator(rows, output_signature=signature).batch(8)
    report = diagnose(model_for((3,)), data)
    assert not started
    assert any("generator" in note for note in report.notes)


def test_a_generator_is_not_consumed():
    """Not one item is taken, and the report says that the data were not read."""

    def batches():
        for start in range(0, ROWS, 10):
            yield X[start : start + 10], Y[start : start + 10]

    source = batches()
    report = diagnose(model_for((3,)), source, steps_per_epoch=10, epochs=1)
    assert len(list(source)) == 10
    assert any("generator" in note for note in report.notes)
    assert report.snapshot.fit.steps == 10


def test_a_dataset_of_dictionaries_and_weights(tf):
    x = {"left": X, "right": X[:, :1]}
    data = tf.data.Dataset.from_tensor_slices((x, Y, np.ones(ROWS, "float32"))).batch(10)
    report = diagnose(model_for((3,), (1,), names=["left", "right"]), data)
    assert [i.name for i in report.snapshot.inputs] == ["data.x['left']", "data.x['right']"]
    assert report.snapshot.fit.sample_weight
    assert report.snapshot.contracts[0].probe.rows


def test_ragged_and_text_rows_raise_nothing(tf):
    ragged = tf.ragged.constant([[1, 2], [3]])
    assert given(tf.data.Dataset.from_tensor_slices((ragged, [0, 1])).batch(2)).x == {}
    text = tf.data.Dataset.from_tensor_slices((["a", "b"], [0, 1])).batch(2)
    assert given(text).x[""].shape == (2,)


class Recorded:
    """What a PyDataset is asked for."""

    def __init__(self):
        self.indices, self.ended = [], 0


def py_dataset(log, size=10):
    import keras

    class Rows(keras.utils.PyDataset):
        def __len__(self):
            return ROWS // size

        def __getitem__(self, index):
            log.indices.append(index)
            return X[index * size : (index + 1) * size], Y[index * size : (index + 1) * size]

        def on_epoch_end(self):
            log.ended += 1

    return Rows()


def test_a_pydataset_is_peeked_by_index():
    """A bounded number of batches, no end of an epoch, and its length for the number of steps."""
    log = Recorded()
    report = diagnose(model_for((3,)), py_dataset(log), epochs=2)
    assert len(log.indices) <= 8
    assert log.ended == 0
    assert report.snapshot.fit.steps == 10
    assert report.snapshot.inputs[0].container == "PyDataset"


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_data_loader_keeps_its_order_and_its_random_state(shuffle):
    torch = pytest.importorskip("torch")
    from torch.utils.data import DataLoader, TensorDataset

    def passes(look):
        model = model_for((3,))
        torch.manual_seed(4)
        loader = DataLoader(TensorDataset(torch.tensor(X), torch.tensor(Y)), batch_size=16, shuffle=shuffle)
        found = given(loader) if look else None
        if look:
            diagnose(model, loader)
            assert np.array_equal(found.x[""], X)
            assert (found.batch_size, found.batches, found.shuffled) == (16, 7, shuffle)
        return np.concatenate([x.numpy() for x, _ in loader])

    assert np.array_equal(passes(False), passes(True))


def test_a_data_loader_over_an_iterable_is_left_alone():
    torch = pytest.importorskip("torch")
    from torch.utils.data import DataLoader, IterableDataset

    started = []

    class Endless(IterableDataset):
        def __iter__(self):
            started.append(True)
            yield torch.tensor(X[0]), torch.tensor(Y[0])

    assert given(DataLoader(Endless(), batch_size=2)).reason
    assert not started


def test_sparse_inputs_are_examined():
    sparse = pytest.importorskip("scipy.sparse")
    report = diagnose(model_for((3,)), sparse.csr_matrix(X * 1000), Y, epochs=1)
    facts = report.snapshot.inputs[0]
    assert (facts.rows, facts.shape, facts.maximum) == (ROWS, (3,), pytest.approx(X.max() * 1000))


def test_tensors_of_the_backend_are_examined(tf):
    report = diagnose(model_for((3,)), tf.constant(X), tf.constant(Y), epochs=1)
    assert report.snapshot.inputs[0].rows == ROWS
    assert report.snapshot.contracts[0].labels.counts == {0: 66, 1: 34}


def test_lists_of_several_inputs_and_their_lengths():
    report = diagnose(model_for((3,), (1,)), [X, X[:, :1]], Y[:90], epochs=1)
    assert report.snapshot.fit.lengths == {"x[0]": 100, "x[1]": 100, "y": 90}
    assert "KD318" in {f.code for f in report.findings}


def test_sample_weights_are_noted_and_their_length_compared():
    report = diagnose(model_for((3,)), X, Y, epochs=1, sample_weight=np.ones(ROWS - 1))
    assert report.snapshot.fit.sample_weight
    assert report.snapshot.fit.lengths == {"x": 100, "y": 100, "sample_weight": 99}


def test_validation_data_of_every_form_raise_nothing(tf):
    held = tf.data.Dataset.from_tensor_slices((X, Y)).batch(10)
    for validation in (held, (X, Y), (X, Y, np.ones(ROWS)), [X, Y], py_dataset(Recorded()), (X.tolist(), Y.tolist())):
        report = diagnose(model_for((3,)), X, Y, epochs=1, validation_data=validation)
        assert report.snapshot.fit.validation
