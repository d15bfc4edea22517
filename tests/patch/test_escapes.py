"""IPython's own syntax is hidden without moving a single column."""

import ast

import pytest

from kerasdoctor.patch.escapes import hide_escapes


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("%matplotlib inline\nx = 1\n", "_#################\nx = 1\n"),
        ("%%time\nx = 1", "_#####\nx = 1"),
        ("!pip install 'a\nx = 1", "_##############\nx = 1"),
        ("files = !ls *.png\n", "files = _########\n"),
        ("a, b = %magic (\n", "a, b = _#######\n"),
        ("model.fit?\n", "_#########\n"),
        ("?model\n??model\n", "_#####\n_######\n"),
        ("if a:\n    !ls (\n    b = 1\n", "if a:\n    _####\n    b = 1\n"),
        ("if a:\n\t%time f()\n", "if a:\n\t_########\n"),
        ("!echo a \\\n  b\nx = 1\n", "_########\n###\nx = 1\n"),
        ("!ls\r\nx = 1\r\n", "_##\r\nx = 1\r\n"),
        ("%%bash\nls (\n", "######\n####\n"),
    ],
)
def test_hidden(text, hidden):
    assert hide_escapes(text) == hidden
    assert len(hidden) == len(text)
    ast.parse(hidden)


@pytest.mark.parametrize(
    "text",
    [
        "x = (a\n  % b)\n",
        'text = """\n%matplotlib\n!ls\n"""\n',
        "y = a \\\n  % b\n",
        "x = [1,  # what?\n  2]\n",
        "x = 'why?'\n",
        "a %= 2\nb = a != 3\n",
        "f(x, **k)  # 100 %\n",
    ],
)
def test_python_is_left_alone(text):
    assert hide_escapes(text) == text
