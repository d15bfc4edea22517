from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class NonFiniteLabels(SnapshotRule):
    """The labels hold NaN or infinite values.

    ## Why it hurts training

    The loss of such a row is NaN, so is the gradient of its batch, and after that one step every weight is NaN for good.

    ## How it is detected

    Every label is read, or evenly spread blocks of rows where there are too many; the first rows are named. Silent where the user's
    own loss gives a finite number on a batch that holds such a row: it leaves missing labels out.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.random(64)
    y[5] = np.nan
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.random(64)
    y[5] = np.nan
    x, y = x[np.isfinite(y)], y[np.isfinite(y)]
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD303"
    severity = Severity.ERROR
    suspects = ("input_nan", "label_encoding")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            labels = contract.labels
            if labels is None or not labels.bad_count or self._left_out(snapshot, contract):
                continue
            rows = ", ".join(str(row) for row in labels.bad_rows)
            more = " and more" if labels.bad_count > len(labels.bad_rows) else ""
            yield self.finding(
                f"{labels.bad_count:,} label row{'s hold' if labels.bad_count > 1 else ' holds'} NaN or Inf: {rows}{more}.",
                "data.y",
                evidence={"label rows with NaN or Inf": labels.bad_count, "first of them": rows} | scale.sampled(labels),
                proof=("first of them",),
                fixes=[self._fix()],
                output=contract.output,
            )

    def _left_out(self, snapshot, contract):
        """A loss of the user's own that takes such rows; where the probe met none, it gets the benefit of the doubt."""
        if contract.loss.builtin:
            return False
        met = contract.labels.bad_rows[0] < snapshot.probed_rows
        seen = contract.probe.seen if contract.probe else None
        return not met or (seen is not None and seen == seen)

    def _fix(self):
        note = "Rows without a label teach nothing: leave them out of x, y and sample_weight together."
        return Fix("drop the rows without a label", Applicability.DISPLAY_ONLY, (), note)
