"""Arrays -> Input and Labels: what is found, in every container, and how little of a large array is read."""

import numpy as np
import pytest

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module", autouse=True)
def quiet():
    pytest.importorskip("keras")


def input_of(array, **known):
    from kerasdoctor.capture.facts import input_facts

    return input_facts("data.x", array, **known)


def labels_of(array, output_shape=None, **known):
    from kerasdoctor.capture.facts import label_facts

    return label_facts(array, output_shape, **known)


class CountedRows(np.memmap):
    """A memory map that counts the rows that are taken from it."""

    taken = 0

    def __getitem__(self, key):
        found = super().__getitem__(key)
        if isinstance(key, slice) and type(found) is CountedRows:
            CountedRows.taken += len(found)
            return np.asarray(found)
        return found


@pytest.fixture
def ten_million_rows(tmp_path):
    """10 million rows of 100 float32 columns in a sparse file, which takes no room on the disk."""
    CountedRows.taken = 0
    table = CountedRows(tmp_path / "table.f32", dtype="float32", mode="w+", shape=(10_000_000, 100))
    yield table
    del table


def test_a_table_of_ten_million_rows_is_sampled(ten_million_rows):
    """A bounded number of rows is read, from the whole length of the file, and the facts say how many."""
    ten_million_rows[9_999_999, 3] = np.nan
    facts = input_of(ten_million_rows)
    assert facts.rows == 10_000_000
    assert facts.examined == CountedRows.taken <= 40_000
    assert facts.bad_rows == (9_999_999,)


def test_a_whole_program_on_ten_million_rows_reads_a_bounded_number(ten_million_rows):
    """diagnose, probe and validation included, stays far below the length of the data, and the finding says what was read."""
    import keras
    from keras import layers

    import kerasdoctor

    ten_million_rows[0, 0] = 1e6
    labels = np.zeros(10_000_000, "uint8")
    labels[::2] = 1
    model = keras.Sequential([keras.Input((100,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    report = kerasdoctor.diagnose(model, ten_million_rows, labels, epochs=1, validation_data=(ten_million_rows[:1000], labels[:1000]))
    assert CountedRows.taken < 200_000
    found = {f.code: f for f in report.findings}
    assert found["KD301"].evidence["rows examined"].endswith("of 10,000,000")
    assert any(note.startswith("data.x: 19,968 of 10,000,000 rows") for note in report.notes), report.notes


def test_a_small_array_is_read_in_full():
    table = np.random.default_rng(0).normal(size=(5000, 4))
    table[4321, 2] = np.inf
    facts = input_of(table)
    assert (facts.examined, facts.bad_rows, facts.bad_count) == (5000, (4321,), 1)
    assert np.isfinite([facts.mean, facts.std, *facts.column_means, *facts.column_stds]).all()


@pytest.mark.parametrize(
    ("array", "minimum", "maximum", "whole"),
    [
        (np.array([[True, False], [False, False]]), 0, 1, True),
        (np.array([[0, 255], [3, 4]], "uint8"), 0, 255, True),
        (np.array([[-1.5, 2.0], [0.0, 1.0]], "float16"), -1.5, 2, False),
        ([[1, 2], [3, 4]], 1, 4, True),
        (np.arange(6.0).reshape(3, 2)[::-1], 0, 5, True),
        (np.asfortranarray(np.arange(6.0).reshape(3, 2)), 0, 5, True),
    ],
)
def test_ranges_of_any_number_type(array, minimum, maximum, whole):
    facts = input_of(array)
    assert (facts.minimum, facts.maximum, facts.whole) == (minimum, maximum, whole)


@pytest.mark.parametrize(
    "array", [np.zeros((0, 3)), np.array([["a", "b"]]), [[1, 2], [3]], np.array([{}, {}], dtype=object), np.zeros((4,), "datetime64[s]")]
)
def test_what_is_no_table_of_numbers_raises_nothing(array):
    facts = input_of(array)
    assert facts.minimum is None
    assert facts.rows == len(array)


def test_pandas_columns_of_mixed_kinds_are_read_by_name_or_not_at_all():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"age": [20, 30], "paid": [1.5, None]})
    facts = input_of(frame)
    assert (facts.container, facts.shape, facts.bad_rows) == ("pandas.DataFrame", (2,), (1,))
    assert input_of(pd.DataFrame({"age": [20, 30], "name": ["a", "b"]})).minimum is None
    assert labels_of(pd.Series([0, 1, 1])).counts == {0: 1, 1: 2}
    assert labels_of(pd.Series(["cat", "dog", "cat"])).form == "text"
    assert labels_of(pd.Series(["cat", "dog"], dtype="category")).form == "text"


@pytest.mark.parametrize("kind", ["csr_matrix", "csr_array", "coo_matrix"])
def test_sparse_matrices_are_not_made_dense_as_a_whole(kind):
    """A matrix of a million rows by ten thousand columns would take 40 GB: a part of its rows is looked at."""
    sparse = pytest.importorskip("scipy.sparse")
    small = getattr(sparse, kind)(np.eye(4))
    assert (input_of(small).minimum, input_of(small).maximum, input_of(small).rows) == (0, 1, 4)
    rows = np.arange(0, 1_000_000, 1000)
    large = getattr(sparse, kind)((np.ones(1000, "float32"), (rows, rows % 10_000)), shape=(1_000_000, 10_000))
    facts = input_of(large)
    assert facts.rows == 1_000_000
    assert 0 < facts.examined < 20_000


@pytest.mark.parametrize(
    ("labels", "output", "form", "classes"),
    [
        (np.array([0, 1, 1, 0]), (1,), "binary", 2),
        (np.array([0, 2, 1, 0, 2, 1]), (3,), "integers", 3),
        (np.array([0.0, 2.0, 1.0, 0, 1, 1])[:, None], (3,), "integers", 3),
        (np.eye(3)[[0, 1, 2, 0]], (3,), "one-hot", 3),
        (np.array([[1, 1, 0], [0, 0, 1.0]]), (3,), "multi-hot", 3),
        (np.array([-1, 1, 1, -1]), (1,), "plus-minus-one", 2),
        (np.array([[0.2, 0.8], [0.5, 0.5]]), (2,), "probabilities", 2),
        (np.array([0.1, 0.7, 0.4]), (1,), "fractions", None),
        (np.array([0.1, 7.7, -3.4]), (1,), "continuous", None),
        (np.array(["a", "b"]), (2,), "text", 2),
        (np.array(["1.5", "2"], dtype=object), (1,), "other", None),
    ],
)
def test_forms_of_labels(labels, output, form, classes):
    facts = labels_of(labels, output)
    assert (facts.form, facts.classes) == (form, classes)


def test_labels_with_nan_are_described_by_the_others():
    labels = np.array([0, 1, np.nan, 1, 0, 1])
    facts = labels_of(labels, (1,))
    assert (facts.form, facts.bad_rows, facts.counts) == ("binary", (2,), {0: 2, 1: 3})


def test_the_classes_of_the_rows_that_validation_split_holds_out():
    facts = labels_of(np.repeat([0, 1, 2, 3], 25), (4,), tail=0.25)
    assert (facts.head_classes, facts.tail_classes) == ((0, 1, 2), (3,))
    assert facts.sorted_share > 0.9 > 0.25 == facts.chance_share


def test_columns_that_hold_the_label():
    from kerasdoctor.capture.pairs import columns_that_hold

    table = np.random.default_rng(0).random((200, 4))
    answers = (table[:, 0] > 0.5).astype(int)
    table[:, 2] = answers
    assert columns_that_hold({"": table}, answers) == (("", 2),)
    assert columns_that_hold({"": table}, np.eye(2)[answers]) == (("", 2),)
    assert columns_that_hold({"": table[:40]}, answers[:40]) == ()
    assert columns_that_hold({"": np.ones((200, 3))}, np.ones(200)) == ()


def test_repeated_rows_and_what_accuracy_they_leave():
    from kerasdoctor.capture.pairs import repeated_rows

    table = np.array([[0, 1], [0, 1], [2, 3], [2, 3], [2, 3], [4, 5]], "float32")
    assert repeated_rows(table, np.array([0, 1, 1, 1, 0, 1])) == (3, 5, pytest.approx(4 / 6))
    assert repeated_rows(table, np.array([0, 0, 1, 1, 1, 1])) == (3, 0, 1.0)
    assert repeated_rows(np.arange(12.0).reshape(6, 2), np.arange(6) % 2)[0] == 0
    assert repeated_rows(table, None) == (3, 0, None)


def test_rows_shared_with_validation_data():
    from kerasdoctor.capture.pairs import shared_rows

    table = np.random.default_rng(0).random((1000, 3)).astype("float32")
    assert shared_rows(table[:40], table) == (40, 40)
    assert shared_rows(np.concatenate([table[:5], table[:35] + 1]), table) == (5, 40)
    assert shared_rows(table[:, :2], table) == (0, 0)
    assert shared_rows(table[900:].astype("float64"), table) == (100, 100)
