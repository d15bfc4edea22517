"""Which way modules may depend: the table of the design, read off the imports at the top of every module."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "kerasdoctor"
HEAVY = {
    "keras",
    "numpy",
    "tensorflow",
    "torch",
    "jax",
    "IPython",
    "ipywidgets",
    "anywidget",
    "traitlets",
    "matplotlib",
    "libcst",
    "PIL",
    "comm",
}
VALUES = {"snapshot", "finding", "step"}
ENGINE = {*VALUES, "rule", "report", "diagnosis", "root_cause", "episode", "rulebook"}

# place (file or folder below kerasdoctor/) -> what of ours it may import, which heavy libraries it may import at the top
TABLE = {
    "snapshot.py": (set(), set()),
    "finding.py": (set(), set()),
    "step.py": ({"finding"}, set()),
    "episode.py": (VALUES | {"rule"}, set()),
    "rule.py": (VALUES, set()),
    "rules": (VALUES | {"rule", "rules", "episode"}, set()),
    "report.py": (VALUES, set()),
    "diagnosis.py": (VALUES | {"rule", "report"}, set()),
    "root_cause.py": (VALUES | {"rule", "report"}, set()),
    "rulebook.py": (VALUES | {"rule", "diagnosis"}, set()),
    "calls.py": (set(), set()),
    "settings.py": (set(), set()),
    "capture": (VALUES | {"capture"}, {"keras", "numpy"}),
    "watch": (ENGINE | {"capture", "watch", "patch"}, {"keras", "numpy"}),
    "patch": (VALUES | {"patch"}, {"libcst"}),
    "views": (VALUES | {"rule", "report", "views"}, {"numpy"}),
    "views/panel.py": (VALUES | {"views"}, {"anywidget", "traitlets"}),
    "views/live_plot.py": (VALUES | {"views"}, {"anywidget", "traitlets"}),
    "views/figure.py": (VALUES | {"views"}, {"matplotlib", "PIL", "numpy"}),
    "api.py": (ENGINE | {"capture"}, set()),
    "old_spelling.py": (VALUES, set()),
    "raised.py": (set(), set()),
    "errors.py": (ENGINE | {"settings", "old_spelling", "raised"}, set()),
    "notebook.py": (VALUES | {"settings", "capture"}, set()),
    "options.py": (set(), {"IPython"}),
    "magics.py": (ENGINE | {"calls", "settings", "capture", "watching", "errors", "notebook", "options"}, {"IPython"}),
    "watching.py": (ENGINE | {"views", "watch"}, {"IPython"}),
    "__init__.py": (set(), set()),
}


def place_of(path):
    """The most exact row of the table for a module."""
    name = path.relative_to(ROOT).as_posix()
    rows = [row for row in TABLE if name == row or name.startswith(row + "/")]
    return max(rows, key=len)


def top_imports(tree):
    """Names imported when the module is: not inside functions, not for type checking."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def every_import(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_module_imports_what_its_layer_may(path):
    """A module imports only the layers below it, and only the heavy libraries of its row."""
    own, heavy = TABLE[place_of(path)]
    for name in top_imports(ast.parse(path.read_text(encoding="utf-8"))):
        root, _, rest = name.partition(".")
        if root == "kerasdoctor":
            assert rest.split(".")[0] in own, f"{name} is not for this layer"
        else:
            assert root not in HEAVY - heavy, f"{name} is not for this layer"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_tensorflow_is_imported_only_where_it_is_marked(path):
    """TensorFlow, JAX and torch are named only in the functions that are there for them."""
    found = {name.split(".")[0] for name in every_import(ast.parse(path.read_text(encoding="utf-8")))} & {"tensorflow", "jax", "torch"}
    marked = {"capture/untouched.py", "capture/probe.py", "watch/gradients.py"}
    assert not found or path.relative_to(ROOT).as_posix() in marked


def test_the_notebook_side_alone_knows_ipython():
    """IPython is imported by the magics and what runs around a cell, nowhere else."""
    users = {
        p.relative_to(ROOT).as_posix()
        for p in MODULES
        if any(n.startswith("IPython") for n in every_import(ast.parse(p.read_text(encoding="utf-8"))))
    }
    assert users <= {"magics.py", "options.py", "watching.py", "views/poll.py"}
