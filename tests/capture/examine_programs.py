"""Examine every model of ``model_programs.py`` on the backend that KERAS_BACKEND names; print the outlines as JSON, by name."""

from __future__ import annotations

import json
import traceback


def examine(build):
    import kerasdoctor
    from tests.capture.outline import outline

    model, x, y = build()
    was_built, weights = model.built, len(model.weights)
    found = outline(kerasdoctor.diagnose(model, x, y))
    return found | {"left_as_it_was": (model.built, len(model.weights)) == (was_built, weights)}


def main():
    import keras

    from tests.capture.model_programs import PROGRAMS

    found = {}
    for name, build in PROGRAMS.items():
        keras.utils.set_random_seed(11)
        try:
            found[name] = examine(build)
        except Exception:  # the test of this program says it
            found[name] = {"raised": traceback.format_exc()[-1500:]}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
