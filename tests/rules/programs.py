"""Run the code of a rule's documentation, or of a test, as a notebook would: its fit call is noted, not run, and then examined."""

from __future__ import annotations

import re

import numpy as np


def code_of(section):
    """The Python code block of a docstring section."""
    return re.search(r"```python\n(.*?)```", section, re.DOTALL).group(1)


def examine(code, **names):
    """The Report of the first fit call in ``code``, or of ``model`` where none is called."""
    import keras

    import kerasdoctor

    space = {"keras": keras, "layers": keras.layers, "np": np, "rng": np.random.default_rng(0)} | names
    calls, real = [], keras.Model.fit
    keras.utils.set_random_seed(0)

    def noted(model, *args, **kwargs):
        calls.append((model, args, kwargs))

    keras.Model.fit = noted
    try:
        exec(compile(code, "<example>", "exec"), space)
    finally:
        keras.Model.fit = real
    if not calls:
        return kerasdoctor.diagnose(space["model"])
    model, args, kwargs = calls[0]
    return kerasdoctor.diagnose(model, *args, **kwargs)


def codes(report):
    return {finding.code for finding in report.findings}
