"""Errors in cells of IPython's real shell: what is shown above the traceback, and what is left as it is."""

import pytest

pytestmark = pytest.mark.keras

START = """
import keras, numpy as np
from keras import layers
rng = np.random.default_rng(0)
x, y = rng.random((64, 4)).astype("float32"), np.arange(64) % 6
images = rng.random((64, 8, 8)).astype("float32")
def dense(shape, units, activation, loss, *hidden):
    model = keras.Sequential([keras.Input(shape), *hidden, layers.Dense(units, activation=activation)])
    model.compile("adam", loss, metrics=["accuracy"])
    return model
"""
HEADING = "kerasdoctor: why this cell stopped"


@pytest.fixture
def shell():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "kerasdoctor")
    shell.run_cell(START, store_history=True)
    yield shell
    shell.run_line_magic("unload_ext", "kerasdoctor")
    shell.reset(new_session=False)


@pytest.fixture
def fail(shell, capsys):
    """``fail(cell)`` -> what it printed above the traceback, and the traceback; a cell that does not fail fails the test."""

    def fail(cell):
        capsys.readouterr()
        result = shell.run_cell(cell, store_history=True)
        assert not result.success
        said = capsys.readouterr().out
        name = type(result.error_in_exec or result.error_before_exec).__name__
        above, found, below = said.partition("---------")
        return (above, found + below) if name != "UsageError" else (said, "")

    return fail


SOFTMAX = "dense((4,), {units}, 'softmax', '{loss}')"
SPARSE = "sparse_categorical_crossentropy"


@pytest.mark.parametrize(
    ("cell", "code", "words"),
    [
        (f"dense((4,), 5, 'softmax', '{SPARSE}').fit(x, y, verbose=0)", "KD110", "6 classes"),
        ("dense((4,), 5, 'softmax', 'categorical_crossentropy').fit(x, np.eye(6)[y], verbose=0)", "KD110", "6 classes"),
        ("dense((4,), 6, 'softmax', 'categorical_crossentropy').fit(x, y, verbose=0)", "KD111", ""),
        (f"dense((4,), 6, 'softmax', '{SPARSE}').fit(x, np.eye(6)[y], verbose=0)", "KD111", ""),
        (f"dense((4,), 6, 'softmax', '{SPARSE}').fit(x, y - 1, verbose=0)", "KD112", ""),
        ("dense((4,), 1, 'sigmoid', 'categorical_crossentropy').fit(x, np.eye(6)[y], verbose=0)", "KD104", ""),
        (f"dense((8, 8, 1), 6, 'softmax', '{SPARSE}', layers.Conv2D(4, 3)).fit(images[..., None], y, verbose=0)", "KD408", ""),
        (f"dense((8, 8), 6, 'softmax', '{SPARSE}', layers.LSTM(3, return_sequences=True)).fit(images, y, verbose=0)", "KD409", ""),
        (f"dense((4,), 6, 'softmax', '{SPARSE}').fit(x, y[:50], verbose=0)", "KD318", "x 64, y 50"),
        (
            "dense((4,), 1, 'sigmoid', 'binary_crossentropy', layers.Embedding(10, 3), layers.Flatten())"
            ".fit(rng.integers(0, 20, (64, 4)), y % 2, verbose=0)",
            "KD313",
            "",
        ),
        ("keras.Sequential([keras.Input((4,)), layers.Dense(6)]).fit(x, y)", "KD208", "no optimizer"),
        (f"dense((4,), 6, 'softmax', '{SPARSE}').fit(x, np.array(list('abcdef') * 11)[:64], verbose=0)", "KD112", ""),
        (f"dense((5,), 6, 'softmax', '{SPARSE}').fit(x, y, verbose=0)", "KD603", "rows of shape (5,); the rows of x have shape (4,)"),
        (f"dense((64,), 6, 'softmax', '{SPARSE}').fit(images, y, verbose=0)", "KD603", "flatten the rows"),
        ("dense((8, 8, 1), 6, 'softmax', 'mse', layers.Conv2D(2, 3), layers.Flatten()).predict(x)", "KD603", "(8, 8, 1)"),
        (
            "m = keras.Sequential([layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(6)]); m.compile('adam', 'mse'); m.fit(images, y)",
            "KD603",
            "add the axis of length 1",
        ),
        (f"dense((4,), 6, 'softmax', '{SPARSE}').fit(x.tolist(), y.tolist(), verbose=0)", "KD603", "plain list"),
        (f"dense((4,), 6, 'softmax', '{SPARSE}').fit(x.astype(str), y, verbose=0)", "KD603", "holds text"),
        (f"dense((4,), 6, 'softmax', '{SPARSE}').fit(x, verbose=0)", "KD603", "no labels"),
        ("dense((4,), 6, 'softmax', 'categorical_crosentropy').fit(x, np.eye(6)[y])", "KD603", '"categorical_crossentropy"'),
        ("dense((4,), 6, 'softmax', 'mse').compile('adma', 'mse')", "KD603", '"adam" comes nearest'),
        ("layers.Dense(3, activation='rellu')", "KD603", '"relu"'),
        ("keras.Sequential([layers.Dense(3)]).save_weights('never.weights.h5')", "KD603", "no weights yet"),
        (
            "i = keras.Input((4,)); m = keras.Model(i, [layers.Dense(1)(i), layers.Dense(1)(i)]); m.compile('adam', ['mse', 'mse'])\n"
            "m.fit(x, y[:, None])",
            "KD603",
            "The model has 2 outputs; y holds 1 array.",
        ),
    ],
)
def test_the_finding_that_explains_the_error_stands_above_the_traceback(fail, cell, code, words):
    """Joined by mechanism: model and data of the failed call, taken from the traceback."""
    above, below = fail(cell)
    assert above.startswith(HEADING)
    assert f"{code} " in above and words in above
    assert "Error" in below


@pytest.mark.parametrize(
    "cell",
    [
        "1 / 0",
        "nope",
        "x[70]",
        "int('a')",
        "raise KeyboardInterrupt",
        "%kerasdoctor nothing_here",
        "def f(:\n",
        "{'a': 1}['acc']",
        "raise ValueError('Arguments `target` and `output` must have the same rank')",
        "stop = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, l: 1 / 0)\ndense((4,), 1, None, 'mse').fit(x, y, callbacks=[stop])",
        f"dense((4,), 6, 'softmax', '{SPARSE}').fit(x, y, epoch=3)",
        "def Convolution2D(a): return a\nConvolution2D(32, 3, 3)",
        "class Adam:\n    def __init__(self): pass\nAdam(lr=3)",
        "import json\njson.dumps({}, lr=3)",
    ],
)
def test_what_nothing_explains_is_left_as_it_is(fail, cell):
    """No word above the traceback of errors that are not about models, or that no finding explains."""
    above, _ = fail(cell)
    assert "kerasdoctor" not in above or cell.startswith("%")
    assert HEADING not in above


def test_nothing_is_run_again_and_the_model_stays(fail, shell):
    """Weights and optimizer are as the failed call left them; the error and its traceback are the user's."""
    shell.run_cell(f"m = dense((4,), 6, 'softmax', '{SPARSE}')\nbefore = m.get_weights()")
    above, below = fail("m.fit(x, y[:50], verbose=0)")
    assert "KD318" in above and "cardinality is ambiguous" in below
    assert shell.run_cell("all((a == b).all() for a, b in zip(before, m.get_weights())) and m.optimizer.iterations == 0").result


def test_fix_after_an_error_gives_the_patched_cell(fail, shell, capsys):
    """``%kerasdoctor --fix`` with the code that was shown; the patched cell runs."""
    fail(f"m = dense((64,), 6, 'softmax', '{SPARSE}')\nm.fit(images, y, verbose=0)")
    offered = []
    real, shell.set_next_input = shell.set_next_input, lambda text, replace=False: offered.append(text)
    try:
        shell.run_line_magic("kerasdoctor", "--fix KD603")
    finally:
        shell.set_next_input = real
    assert "m.fit(np.reshape(images, (-1, 64)), y, verbose=0)" in offered[0]
    assert shell.run_cell(offered[0]).success


def test_settings_and_comments_silence(fail, tmp_path, monkeypatch):
    """The codes that the user ignores are not shown."""
    cell = f"m = dense((4,), 6, 'softmax', '{SPARSE}')\nm.fit(x, y[:50], verbose=0)"
    assert HEADING not in fail(cell + "  # kerasdoctor: ignore=KD318")[0]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.kerasdoctor]\nignore = ["KD3"]\n')
    assert HEADING not in fail(cell)[0]


def test_an_error_of_ours_never_disturbs_the_traceback(fail, monkeypatch):
    """Whatever breaks while explaining, the user's traceback is printed."""
    import kerasdoctor.errors

    def broken(*args):
        raise RuntimeError("ours")

    monkeypatch.setattr(kerasdoctor.errors, "explained", broken)
    above, below = fail("keras.layers.Dense(output_dim=3)")
    assert HEADING not in above and "missing 1 required positional argument" in below and "ours" not in below


def test_unloading_restores_showtraceback(shell):
    """The shell's own method is back, also after loading twice."""
    assert "showtraceback" in vars(shell)
    shell.run_line_magic("unload_ext", "kerasdoctor")
    assert "showtraceback" not in vars(shell)
    shell.run_line_magic("load_ext", "kerasdoctor")


def test_a_kernel_gets_the_panel(shell):
    """The same findings as HTML with places for buttons, and text beside it."""
    from kerasdoctor import errors
    from kerasdoctor.views.error_panel import ErrorPanel

    shell.run_cell("bad = 'layers.Dense(output_dim=3)'\nlayers.Dense(output_dim=3)", store_history=True)
    (report,) = shell._kerasdoctor[0].notebook.reports
    bundle = ErrorPanel(report)._repr_mimebundle_()
    assert "KD601" in bundle["text/html"] and 'data-buttons="apply copy run undo"' in bundle["text/html"]
    assert bundle["text/plain"].startswith(HEADING)
    assert errors.explained is not None


def test_a_model_of_an_earlier_text_of_its_cell_is_said(shell, capsys):
    """KD602: the cell was edited, run again, and stopped before it made the model."""
    made = "m = keras.Sequential([keras.Input((4,)), layers.Dense({units}, activation='softmax')])\nm.compile('adam', 'mse')"
    shell.run_cell(made.format(units=3), store_history=True, cell_id="a")
    shell.run_cell("1 / 0\n" + made.format(units=4), store_history=True, cell_id="a")
    capsys.readouterr()
    shell.run_line_magic("kerasdoctor", "m")
    assert "KD602" in capsys.readouterr().out
    shell.run_cell(made.format(units=5), store_history=True, cell_id="a")
    capsys.readouterr()
    shell.run_line_magic("kerasdoctor", "m")
    assert "KD602" not in capsys.readouterr().out


OLD = """from keras.models import Sequential
from keras.layers import Dense, Activation
from keras.optimizers import SGD
m = Sequential()
m.add(Dense(8, input_dim=4))
m.add(Activation('relu'))
m.add(Dense(6, activation='softmax'))
m.compile(SGD(0.1), 'sparse_categorical_crossentropy', metrics=['accuracy'])
"""


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("from keras.layers.core import Dense, Dropout", "keras.layers.core is now keras.layers"),
        ("from keras.utils import np_utils\nnp_utils.to_categorical(y)", "keras.utils"),
        ("from keras.optimizers import adam\nadam(lr=0.1)", "adam is now Adam"),
        ("from keras.preprocessing.text import Tokenizer", "tensorflow.keras.preprocessing.text"),
        ("keras.layers.Dense(output_dim=3, init='uniform')", "output_dim is now units"),
        ("keras.layers.Convolution2D(8, 3, 3, border_mode='same')", "border_mode is now padding"),
        ("keras.layers.MaxPooling2D((2, 2), dim_ordering='th')", "dim_ordering is now data_format"),
        ("keras.optimizers.Adam(lr=0.1)", "lr is now learning_rate"),
        ("opt = keras.optimizers.Adam(epsilon=None)\nm.compile(opt, 'mse')\nm.fit(x, np.eye(6)[y], verbose=0)", "epsilon=None"),
        ("m.compile('adam', loss='kullback_leibler_divergence')\nm.fit(x, np.eye(6)[y], verbose=0)", "kl_divergence"),
        ("h = m.fit(x, y, nb_epoch=1, verbose=0)", "nb_epoch is now epochs"),
        ("h = m.fit(x, y, epochs=1, verbose=0)\nh.history['acc']", "acc is now accuracy"),
        ("m.predict_classes(x, verbose=0)", "predict_classes is now"),
        ("m.optimizer.lr", "lr is now learning_rate"),
        ("m.save_weights('w.h5')", "w.weights.h5"),
        ("keras.callbacks.ModelCheckpoint('best.hdf5', period=1)", "KD601"),
        ("%%time\nm.fit(x, y, nb_epoch=1, verbose=0)", "nb_epoch is now epochs"),
        ("%%fit_watch --text\nm.fit(x, y, nb_epoch=1, verbose=0)", "nb_epoch is now epochs"),
        ("\n\ndef train(e):\n    return m.fit(x, y, nb_epoch=e, verbose=0)\ntrain(1)", "nb_epoch is now epochs"),
    ],
)
def test_old_spelling_is_said_and_the_patched_cell_runs(fail, shell, tmp_path, monkeypatch, cell, words):
    """At the error; ``--fix KD601`` offers the cell in Keras 3."""
    monkeypatch.chdir(tmp_path)
    assert shell.run_cell(OLD, store_history=True).success
    above, below = fail(cell)
    assert HEADING in above and "KD601 " in above and words in above and "Error" in below
    offered = []
    real, shell.set_next_input = shell.set_next_input, lambda text, replace=False: offered.append(text)
    try:
        shell.run_line_magic("kerasdoctor", "--fix KD601")
    finally:
        shell.set_next_input = real
    assert shell.run_cell(offered[0], store_history=True).success


def test_what_keras_3_runs_with_another_meaning_is_said_before_any_error(shell, capsys):
    """A kernel taken for a stride and an ignored decay, in the cells that made the model; elsewhere they are left alone."""
    cell = """from keras.layers import Convolution2D, Flatten, Dense
from keras.optimizers import SGD
net = keras.Sequential([keras.Input((8, 8, 1)), Convolution2D(4, 3, 3, activation='relu'), Flatten(), Dense(6, activation='softmax')])
net.compile(SGD(0.1, decay=1e-6), 'sparse_categorical_crossentropy')
"""
    shell.run_cell(cell, store_history=True)
    capsys.readouterr()
    shell.run_line_magic("kerasdoctor", "net.fit(images[..., None], y)")
    said = capsys.readouterr().out
    assert "! KD601" in said and "+net = " in said and "(3, 3)" in said and "decay" in said
    shell.run_cell(
        "other = keras.Sequential([keras.Input((4,)), layers.Dense(3)], name='other')\nother.compile('adam', 'mse')", store_history=True
    )
    shell.run_line_magic("kerasdoctor", "other")
    assert "KD601" not in capsys.readouterr().out


def test_weights_can_be_saved_while_the_extension_is_loaded(shell, tmp_path, monkeypatch):
    """Keras reads the names of arguments off the constructors that are recorded."""
    monkeypatch.chdir(tmp_path)
    assert shell.run_cell(OLD + "m.save_weights('w.weights.h5')\nm.save('m.keras')\nkeras.models.load_model('m.keras')").success
