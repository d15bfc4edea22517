"""Watches every fit call for the duration of a ``with`` block, by wrapping ``fit`` of Keras's trainer class."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import inspect

import keras

from kerasdoctor.watch.monitor import FitWatch

_inside = contextvars.ContextVar("inside a watched fit", default=False)


@contextlib.contextmanager
def watched(on_watch=None):
    """Give every fit call in the block a FitWatch. A fit inside a fit (of a callback, of a tuner's model) is left alone.

    ``on_watch(model, arguments)`` returns the FitWatch to use (``arguments`` are those of fit by name), or None for a plain one. If it
    raises, the fit runs with a plain one that notes it. Yields the list of watches, which grows.
    """
    trainer = next(cls for cls in keras.Model.__mro__ if "fit" in vars(cls))
    original, watches = trainer.fit, []
    trainer.fit = _watching(original, on_watch, watches)
    try:
        yield watches
    finally:
        trainer.fit = original


def _watching(original, on_watch, watches):
    signature = inspect.signature(original)

    @functools.wraps(original)
    def fit(self, *args, **kwargs):
        if _inside.get():
            return original(self, *args, **kwargs)
        try:
            bound = signature.bind(self, *args, **kwargs)
        except TypeError:
            return original(self, *args, **kwargs)  # Keras words the error
        arguments = {name: value for name, value in bound.arguments.items() if name != "self"}
        monitor = _make(on_watch, self, arguments)
        watches.append(monitor.watch)
        token = _inside.set(True)
        try:
            with _attached(monitor, arguments, self) as callbacks:
                result = original(self, **{**arguments, "callbacks": callbacks})
        except BaseException as error:
            monitor.ended_by(error)
            raise
        finally:
            _inside.reset(token)
        monitor.ended_by(None)
        return result

    return fit


def _make(on_watch, model, arguments):
    problem = None
    if on_watch is not None:
        try:
            monitor = on_watch(model, arguments)
            if monitor is not None:
                monitor.arguments = arguments
                return monitor
        except Exception as error:
            problem = error
    monitor = FitWatch(arguments=arguments)
    if problem is not None:
        monitor.watch.notes.append(f"the watch could not be set up as asked: {type(problem).__name__}: {problem}")
    return monitor


@contextlib.contextmanager
def _attached(monitor, arguments, model):
    """The callbacks to give to fit: the user's own list is never changed; a CallbackList is given back as it was."""
    given = arguments.get("callbacks")
    if not isinstance(given, keras.callbacks.CallbackList):
        yield [*keras.tree.flatten(given or []), monitor]
        return
    dispatched = given._async_train
    given.callbacks.append(monitor)
    given._async_train = False  # in order and on this thread
    monitor.set_model(model)
    monitor.set_params(given.params)
    try:
        yield given
    finally:
        given.callbacks.remove(monitor)
        given._async_train = dispatched
