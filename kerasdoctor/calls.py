"""Fit calls as text: which one is meant, and its arguments without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

FITS = ("fit", "fit_generator")


class NotACall(ValueError):
    """The text is no fit call; the message says in one sentence what to write instead."""


@dataclass
class FitCall:
    """A call ``receiver.fit(...)`` as syntax: ``expressions`` maps x, y and keyword names to their text."""

    receiver: ast.expr
    call: ast.Call
    text: str
    expressions: dict = field(default_factory=dict)

    @property
    def receiver_text(self):
        return ast.unparse(self.receiver)


def parse(text):
    """The expression in ``text``: a FitCall for ``model.fit(...)`` (also ``h = model.fit(...)``), else the expression's node.

    Raises NotACall for what is no Python expression.
    """
    try:
        body = ast.parse(text.strip()).body
    except SyntaxError as problem:
        where = f" at column {problem.offset}" if problem.offset else ""
        raise NotACall(f"cannot read {_short(text)!r}{where}: {problem.msg}") from None
    if len(body) != 1 or not isinstance(body[0], (ast.Expr, ast.Assign, ast.AnnAssign)) or body[0].value is None:
        raise NotACall(f"give one model or one call such as model.fit(x, y), not {_short(text)!r}")
    node = body[0].value
    return _fit_call(node, text) or node


def _short(text):
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def _fit_call(node, text):
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FITS):
        return None
    expressions = dict(zip(("x", "y"), (ast.unparse(arg) for arg in node.args), strict=False))
    expressions |= {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg}
    return FitCall(node.func.value, node, text, expressions)


def evaluate(node, namespace):
    """The value of an expression in the user's namespace. Raises whatever it raises."""
    return eval(compile(ast.fix_missing_locations(ast.Expression(node)), "<kerasdoctor>", "eval"), namespace)


def arguments(call, namespace):
    """(args, kwargs) of a FitCall: each argument is evaluated, the call is not made."""
    probe = ast.Call(func=ast.Name("__kerasdoctor_arguments__", ast.Load()), args=call.call.args, keywords=call.call.keywords)
    return evaluate(ast.copy_location(probe, call.call), {**namespace, "__kerasdoctor_arguments__": lambda *a, **k: (a, k)})


def last_simple_call(texts, variable, namespace):
    """The newest ``variable.fit(...)`` in the cells' texts whose data are plain names: those are looked up, nothing is evaluated.

    Returns (x, y, keyword arguments, expressions) or None. Keywords that are not names or constants are left out.
    """
    for text in texts:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        for node in reversed([n for n in ast.walk(tree) if isinstance(n, ast.Call)]):
            call = _fit_call(node, "")
            if call is None or not isinstance(call.receiver, ast.Name) or call.receiver.id != variable:
                continue
            given = list(zip(("x", "y", "batch_size", "epochs"), node.args, strict=False)) + [
                (k.arg, k.value) for k in node.keywords if k.arg
            ]
            values = {name: _looked_up(value, namespace) for name, value in given if _is_plain(value, namespace)}
            if "x" in values:
                return values.pop("x"), values.pop("y", None), values, call.expressions
    return None


def _is_plain(node, namespace):
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(_is_plain(item, namespace) for item in node.elts)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in namespace)


def _looked_up(node, namespace):
    if isinstance(node, ast.Tuple):
        return tuple(_looked_up(item, namespace) for item in node.elts)
    if isinstance(node, ast.List):
        return [_looked_up(item, namespace) for item in node.elts]
    return node.value if isinstance(node, ast.Constant) else namespace[node.id]
