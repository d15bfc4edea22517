from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule


class LengthsDiffer(SnapshotRule):
    """Inputs and labels have different numbers of rows.

    ## Why it hurts training

    fit stops with "Data cardinality is ambiguous". Cutting the longer one to size is no cure: most often a row was dropped from one
    of them, and from there on every input stands with its neighbour's label.

    ## How it is detected

    The rows of every array given to fit: inputs, labels, sample_weight, and the same of the validation data.

    ## Example

    ```python
    x, y = rng.random((64, 4)), np.arange(63) % 2
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 2
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD318"
    severity = Severity.ERROR
    suspects = ("other", "data_order")

    def check(self, snapshot):
        fit = snapshot.fit
        if fit is None:
            return
        for place, lengths in (("data", fit.lengths), ("fit.validation_data", fit.validation_lengths)):
            if len(set(lengths.values())) > 1:
                said = ", ".join(f"{name} {rows:,}" for name, rows in lengths.items())
                yield self.finding(
                    f"Different numbers of rows{' in validation_data' if place != 'data' else ''}: {said}.",
                    place,
                    evidence={f"rows of {name}": rows for name, rows in lengths.items()},
                    proof=tuple(f"rows of {name}" for name in lengths),
                    fixes=[Fix("see where rows were dropped from one and not from the other", Applicability.DISPLAY_ONLY)],
                )
