"""Where the user wrote it: spans of constructor and compile calls in cells, recorded as they run."""

from __future__ import annotations

import functools
import importlib.abc
import importlib.util
import inspect
import itertools
import sys
import weakref

from kerasdoctor.snapshot import Span


class SourceRecorder:
    """Remembers, for every layer made and model compiled while it is installed, the call in a cell that did it.

    ``cell_of(filename)`` gives (cell number, lines, columns) for the file name of a cell's code object, None for what is no cell; lines
    and columns are what IPython has cut off in front of the cell before it was compiled.
    Nothing of the user's objects is written to; what is remembered goes with them.
    """

    def __init__(self, cell_of):
        self.cell_of = cell_of
        self.layers = weakref.WeakKeyDictionary()
        self.compiled = weakref.WeakKeyDictionary()
        self._undo = []

    def install(self):
        """Wrap ``Layer.__init__`` and ``compile``; once, and only when Keras is loaded.

        ``compile`` is wrapped where it is defined: a class whose ``compile`` is not the trainer's own counts as custom, and Keras then
        leaves loaded models uncompiled (keras/src/trainers/trainer.py, compile_from_config).
        """
        if self._undo or "keras" not in sys.modules:
            return
        import keras

        self._wrap(keras.layers.Layer, "__init__", self.layers)
        self._wrap(next(kind for kind in keras.Model.__mro__ if "compile" in vars(kind)), "compile", self.compiled)

    def uninstall(self):
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def _wrap(self, owner, name, spans):
        original = getattr(owner, name)

        @functools.wraps(original)
        def recorded(thing, *args, **kwargs):
            try:
                span = self._caller()
                if span is not None:
                    spans[thing] = span
            except Exception:  # recording is a courtesy; constructing a layer must never fail because of it
                pass
            return original(thing, *args, **kwargs)

        recorded.__signature__ = inspect.signature(original)  # Keras reads it without following wraps, to save and load
        setattr(owner, name, recorded)
        self._undo.append(lambda: setattr(owner, name, original))

    def _caller(self):
        """The span of the call that led here: the first frame outside Keras, if it is a cell's."""
        frame = sys._getframe(2)
        while frame is not None and _is_library(frame):
            frame = frame.f_back
        if frame is None:
            return None
        cell = self.cell_of(frame.f_code.co_filename)
        if cell is None:
            return None
        position = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
        if None in position:
            return None
        line, end_line, column, end_column = position
        number, lines, columns = cell
        return Span(number, line + lines, column + columns, end_line + lines, end_column + columns)

    def sources(self, model, paths, walk):
        """``{path: Span}`` of a model's layers and its compile call."""
        found = {paths[id(layer)]: self.layers[layer] for layer in walk if layer in self.layers and id(layer) in paths}
        if model in self.compiled:
            found["compile"] = self.compiled[model]
        return found


def _is_library(frame):
    root = frame.f_globals.get("__name__", "").split(".")[0]
    return root in ("keras", "tf_keras", "kerasdoctor", "functools", "contextlib")


class WhenImported(importlib.abc.MetaPathFinder):
    """Calls ``then()`` once, right after Keras has been imported for the first time; a finder on ``sys.meta_path`` until then."""

    def __init__(self, then):
        self.then = then

    def find_spec(self, name, path, target=None):
        if name != "keras":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec("keras")
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            self.then()

        spec.loader.exec_module = exec_module
        return spec
