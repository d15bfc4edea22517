"""The magics in IPython's real shell: what a user types, what is printed, and what stays as it was."""

import json
import sys

import pytest

pytestmark = pytest.mark.keras

MODEL = """
import keras, numpy as np
from keras import layers
rng = np.random.default_rng(0)
x, y = rng.random((90, 4)).astype("float32"), np.eye(3)[np.arange(90) % 3]
model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="sigmoid")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
"""


@pytest.fixture
def shell():
    """A shell with the extension loaded and an empty namespace; unloaded afterwards."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "kerasdoctor")
    yield shell
    shell.run_line_magic("unload_ext", "kerasdoctor")
    shell.reset(new_session=False)


@pytest.fixture
def run(shell, capsys):
    """``run(cell)`` -> what it printed; an error that is not a UsageError fails the test."""

    def run(cell):
        capsys.readouterr()
        result = shell.run_cell(cell, store_history=True)
        said = capsys.readouterr()
        error = result.error_before_exec or result.error_in_exec
        assert error is None or type(error).__name__ in ("UsageError", "ZeroDivisionError", "SyntaxError"), error
        return said.out + said.err

    return run


def test_loading_imports_no_heavy_library():
    """``%load_ext kerasdoctor`` in a fresh interpreter leaves Keras, TensorFlow, matplotlib, NumPy and LibCST unloaded."""
    import subprocess

    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell;"
        "InteractiveShell.instance().run_line_magic('load_ext', 'kerasdoctor');"
        "print([n for n in ('keras', 'tensorflow', 'matplotlib', 'numpy', 'libcst', 'anywidget') if n in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_fit_call_is_examined_and_not_run(run, shell):
    """The call's arguments are evaluated; no weight moves."""
    run(MODEL)
    before = [w.copy() for w in shell.user_ns["model"].get_weights()]
    said = run("%kerasdoctor model.fit(x, y, epochs=5)")
    assert "KD101" in said and "-×->" in said and 'activation="softmax"' in said
    after = shell.user_ns["model"].get_weights()
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    assert shell.user_ns["model"].optimizer.iterations == 0


def test_without_arguments_every_model_is_examined_with_its_last_fit_call(run):
    """Data come from the newest fit call that names them plainly; two names of one model are one model."""
    run(MODEL + "same = model\nother = keras.Sequential([keras.Input((4,)), layers.Dense(1)], name='other')\nother.compile('sgd', 'mse')")
    run("model.fit(x, y, epochs=1, verbose=0)")
    said = run("%kerasdoctor")
    assert said.count("KD101 sigmoid-with-categorical-loss") == 1
    assert "tested on 32 rows" in said
    assert "other: Sequential" in said


def test_o_returns_the_report(run, shell):
    """As ``%timeit -o`` does; a Report can be written as JSON."""
    run(MODEL)
    report = shell.run_line_magic("kerasdoctor", "-o model.fit(x, y)")
    assert report.to_dict()["findings"][0]["code"] == "KD101"
    assert json.loads(report.to_json())["backend"] == "tensorflow"


def test_json_is_json(run):
    """``--json`` prints nothing else."""
    run(MODEL)
    assert json.loads(run("%kerasdoctor --json model"))["findings"][0]["code"] == "KD101"


def test_the_cell_magic_runs_the_cell_and_examines_it(run, shell):
    """%%kerasdoctor: fit runs, the last value is shown, models and fit calls of the cell are examined."""
    run(MODEL)
    said = run("%%kerasdoctor\nhistory = model.fit(x, y, epochs=1, verbose=0)\n40 + 2")
    assert "KD101" in said and "42" in said
    assert int(shell.user_ns["model"].optimizer.iterations) == 3
    assert "KD101" in run("%%kerasdoctor" + MODEL)


def test_fix_puts_the_patched_cell_below(run, shell):
    """``--fix`` prints the diff and offers the whole patched cell as the next input."""
    run(MODEL)
    run("%kerasdoctor model.fit(x, y)")
    offered = []
    real, shell.set_next_input = shell.set_next_input, lambda text, replace=False: offered.append((text, replace))
    try:
        said = run("%kerasdoctor --fix KD101")
    finally:
        shell.set_next_input = real
    assert "-model = " in said and "+model = " in said
    assert offered == [(MODEL.replace("sigmoid", "softmax").rstrip("\n"), False)]


def test_ignore_silences_and_counts(run):
    """By option, by family, by name and by a comment in the cell; a silenced finding is counted."""
    run(MODEL)
    for ignored in ("KD101", "kd1", "sigmoid-with-categorical-loss"):
        said = run(f"%kerasdoctor --ignore {ignored} model")
        assert "KD101 sigmoid" not in said and "Silenced: 1 finding (KD101)" in said
        assert json.loads(run(f"%kerasdoctor --json --ignore {ignored} model"))["silenced"] == 1
    run(MODEL + "# kerasdoctor: ignore=KD101")
    assert json.loads(run("%kerasdoctor --json model"))["silenced"] == 1


def test_settings_of_pyproject_are_respected(run, tmp_path, monkeypatch):
    """``[tool.kerasdoctor]`` of the nearest pyproject.toml; one that cannot be read is a note, not an error."""
    run(MODEL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.kerasdoctor]\nignore = ["KD1"]\n')
    assert json.loads(run("%kerasdoctor --json model"))["silenced"] == 1
    (tmp_path / "pyproject.toml").write_text("[tool.kerasdoctor\n")
    assert "was not read" in json.loads(run("%kerasdoctor --json model"))["notes"][-1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%kerasdoctor nothing_here", "no name 'nothing_here' is defined"),
        ("%kerasdoctor modle", "did you mean model?"),
        ("%kerasdoctor x", "x is no Keras model but of type numpy.ndarray"),
        ("%kerasdoctor keras.Sequential", "the class Sequential: give an instance"),
        ("%kerasdoctor model.fit(x, y, epoch=3)", "did you mean 'epochs'?"),
        ("%kerasdoctor model.fit(x, nope)", "an argument of this fit call cannot be evaluated: NameError"),
        ("%kerasdoctor model.fit(x, y", "cannot read"),
        ("%kerasdoctor --fixx KD101", "did you mean --fix?"),
        ("%kerasdoctor --explain", "--explain needs a code"),
        ("%kerasdoctor --explain KD999", "no rule 'KD999'"),
        ("%kerasdoctor --fix KD302", "KD302 was not found"),
        ("%%kerasdoctor", "empty"),
        ("%%fit_watch", "empty"),
        ("%fit_watch model.fit(x, y)", "%%fit_watch is a cell magic"),
    ],
)
def test_bad_input_gets_one_clear_sentence(run, shell, line, words):
    """What was wrong, which value, what to do; no traceback, nothing changed."""
    run(MODEL)
    said = run(line)
    assert words in said
    assert "Traceback" not in said
    assert int(shell.user_ns["model"].optimizer.iterations) == 0


def test_no_model_is_said(run):
    """An empty notebook gets a hint, not an empty report."""
    assert "no Keras model is defined" in run("%kerasdoctor")


@pytest.mark.parametrize(
    ("change", "code"),
    [("y = y[:50]", "KD318"), ("y = np.array(list('abc') * 30)", "KD112")],
)
def test_bad_data_is_a_finding(run, change, code):
    """x and y of different length, labels as text: found, not raised."""
    run(MODEL)
    run(change)
    assert code in run("%kerasdoctor model.fit(x, y)")


def test_a_model_that_is_not_built_or_compiled_is_examined(run, shell):
    """Both are said; the model stays as it is."""
    run(MODEL + "raw = keras.Sequential([layers.Dense(3)])")
    assert "not built" in run("%kerasdoctor raw")
    assert not shell.user_ns["raw"].built


def test_fit_watch_watches_and_leaves_the_cell_as_it_is(run, shell):
    """Last value, printed text and errors of the cell stay; the run is kept."""
    run(MODEL)
    said = run("%%fit_watch\nh = model.fit(x, y, epochs=2, verbose=0)\nlen(h.epoch)")
    assert "2" in said.splitlines()[-1]
    import kerasdoctor

    watch = kerasdoctor.last_watch()
    assert watch.status == "finished" and watch.series["batch"] == [1, 2, 3, 4, 5, 6]
    assert watch.findings[0].code == "KD101"


def test_fit_watch_beside_other_cell_magics_and_await(run):
    """%%time before and after, top-level await, and a cell without fit."""
    run(MODEL)
    for cell in ("%%time\n%%fit_watch\nmodel.fit(x, y, verbose=0);", "%%fit_watch\n%%time\nmodel.fit(x, y, verbose=0);"):
        assert "Wall time" in run(cell)
    assert "no fit() was called" in run("%%fit_watch\nimport asyncio\nawait asyncio.sleep(0)")


def test_an_error_in_a_watched_cell_has_its_own_line(run, shell):
    """The traceback's line is the user's; fit is unwrapped again."""
    import keras

    run(MODEL)
    trainer = next(cls for cls in keras.Model.__mro__ if "fit" in vars(cls))
    fit = trainer.fit
    said = run("%%fit_watch\nmodel.fit(x, y, verbose=0)\n1 / 0")
    assert "line 3" in said or "----> 3" in said
    assert trainer.fit is fit
    run("%%fit_watch\nmodel.fit(x, y, verbose=0\n")
    assert trainer.fit is fit


def test_completion_offers_options_codes_and_models(shell, run):
    """Tab behind the magic's name, behind a dash and behind ``--explain``."""
    from kerasdoctor.options import completions

    run(MODEL)
    notebook = shell._kerasdoctor[0].notebook
    assert "model.fit(" in completions(notebook, "%kerasdoctor ")
    assert "--explain" in completions(notebook, "%kerasdoctor --e")
    assert {"KD101", "sigmoid-with-categorical-loss"} <= set(completions(notebook, "%kerasdoctor --explain KD"))
    assert "--fix" in shell.complete("--f", "%kerasdoctor --f", len("%kerasdoctor --f"))[1]


def test_help_and_explain(run):
    """``?`` shows the docstring; ``--explain`` the rule's page; ``--rules`` the table."""
    assert "every model in the notebook" in run("%kerasdoctor?")
    assert "Why it hurts training" in run("%kerasdoctor --explain KD101")
    assert "Why it hurts training" in run("%kerasdoctor --explain softmax-with-binary-loss")
    rules = run("%kerasdoctor --rules --ignore KD3")
    assert any("KD101" in line and line.rstrip().endswith("on |") for line in rules.splitlines())
    assert any("KD301" in line and line.rstrip().endswith("silenced |") for line in rules.splitlines())


def test_unloading_leaves_nothing(shell):
    """Hooks, magics and the wrapped constructor are gone; loading again works."""
    import keras

    init = keras.layers.Layer.__init__
    shell.run_line_magic("unload_ext", "kerasdoctor")
    assert keras.layers.Layer.__init__ is not init
    assert "compile" not in vars(keras.Model)
    assert "kerasdoctor" not in shell.magics_manager.magics["line"]
    shell.run_line_magic("load_ext", "kerasdoctor")
    assert "kerasdoctor" in shell.magics_manager.magics["line"]
