"""Examine every row of the tables on the backend that KERAS_BACKEND names; print what was found as JSON, by row name."""

from __future__ import annotations

import json
import sys
import time

import numpy as np

ROWS = 64
rng = np.random.default_rng(7)
classes = np.arange(ROWS) % 3
two = (np.arange(ROWS) % 5 < 2).astype("int64")
rng.shuffle(classes)
rng.shuffle(two)
targets = rng.normal(size=ROWS)
LABELS = {
    "zero_one": two,
    "zero_one_column": two[:, None],
    "one_hot_2": np.eye(2)[two],
    "classes_3": classes,
    "classes_3_column": classes[:, None],
    "one_hot_3": np.eye(3)[classes],
    "multi_hot_3": (rng.random((ROWS, 3)) > 0.5).astype("float32"),
    "plus_minus": two * 2 - 1,
    "one_to_three": classes + 1,
    "zero_to_three": np.arange(ROWS) % 4,
    "some_minus_one": np.where(np.arange(ROWS) % 9 == 0, -1, classes),
    "targets": targets,
    "targets_column": targets[:, None],
}


def examine(row, keras, custom_losses):
    import kerasdoctor
    from tests.capture.outline import outline

    scope = vars(custom_losses) | {"keras": keras, "layers": keras.layers}
    keras.utils.set_random_seed(3)
    x = np.random.default_rng(1).normal(size=(ROWS, 4)).astype("float32")
    head = eval(f"[{row.head}]", scope)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), *head])
    model.compile("adam", eval(row.loss, scope), metrics=[row.metrics] if row.metrics else None)
    return outline(kerasdoctor.diagnose(model, x, LABELS[row.labels]))


def main():
    import keras

    from tests.capture import custom_losses
    from tests.capture.contract_rows import ROWS as rows

    start, found = time.perf_counter(), {}
    for row in rows:
        try:
            found[row.name] = examine(row, keras, custom_losses)
        except Exception as problem:  # the test of this row says it
            found[row.name] = {"raised": f"{type(problem).__name__}: {problem}"}
    print(json.dumps({"backend": keras.backend.backend(), "rows": found, "seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    sys.exit(main())
