"""kerasdoctor: what is wrong with a Keras model, before, during and after training, and the patch for the cell."""

__version__ = "0.1.0"

# Public names and where they live; imported on first use, so that loading the extension stays fast.
_PUBLIC = {
    "diagnose": "kerasdoctor.api",
    "explain": "kerasdoctor.rulebook",
    "last_watch": "kerasdoctor.watch.monitor",
    "FitWatch": "kerasdoctor.watch.monitor",
    "Report": "kerasdoctor.report",
    "Snapshot": "kerasdoctor.snapshot",
}

__all__ = [*_PUBLIC, "load_ipython_extension", "unload_ipython_extension"]


def __getattr__(name):
    if name in _PUBLIC:
        import importlib

        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'kerasdoctor' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_PUBLIC])


def load_ipython_extension(shell):
    """``%load_ext kerasdoctor``: the magics %kerasdoctor, %%kerasdoctor and %%fit_watch."""
    from kerasdoctor.magics import load

    load(shell)


def unload_ipython_extension(shell):
    """``%unload_ext kerasdoctor``: everything as it was before."""
    from kerasdoctor.magics import unload

    unload(shell)
