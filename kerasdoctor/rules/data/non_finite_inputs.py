from kerasdoctor.finding import Applicability, Fix, Severity, WrapData
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class NonFiniteInputs(SnapshotRule):
    """The inputs hold NaN or infinite values.

    ## Why it hurts training

    One NaN in a batch makes the gradient NaN, and with it every weight, for good. The loss need not show it: on TensorFlow a fused
    relu and a max-pooling layer turn NaN into a number, so that the loss settles at ln K and accuracy at the share of one class.

    ## How it is detected

    Every value of the inputs is read, or evenly spread blocks of rows where there are too many; the first rows are named. Silent
    where the model itself marks or replaces missing values before its first weights: a Masking layer with mask_value NaN, a layer or
    operation after which the probe's outputs are finite.

    ## Example

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 2
    x[17, 2] = np.nan
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 2
    x[17, 2] = np.nan
    x = np.nan_to_num(x, nan=np.nanmean(x))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD302"
    severity = Severity.ERROR
    suspects = ("input_nan", "input_scale")

    def check(self, snapshot):
        for values in snapshot.inputs:
            if not values.bad_count or self._replaced(snapshot, values):
                continue
            rows = ", ".join(str(row) for row in values.bad_rows)
            more = " and more" if values.bad_count > len(values.bad_rows) else ""
            count = f"{values.bad_count:,} rows of {values.name} hold" if values.bad_count > 1 else f"1 row of {values.name} holds"
            yield self.finding(
                f"{count} NaN or Inf: {rows}{more}.",
                values.name,
                evidence={"rows with NaN or Inf": values.bad_count, "first of them": rows} | scale.sampled(values),
                proof=("first of them",),
                fixes=self._fixes(snapshot),
            )

    def _replaced(self, snapshot, values):
        """Something stands before the weights, and a batch that begins with such a row comes out finite."""
        if any(layer.kind == "Masking" for layer in snapshot.model.layers):
            return True
        if not values.rescaled or not values.bad_rows or values.bad_rows[0] >= snapshot.probed_rows:
            return False
        return all(contract.probe is not None and contract.probe.finite for contract in snapshot.contracts)

    def _fixes(self, snapshot):
        advice = Fix("find where they come from; drop those rows, or fill them in", Applicability.DISPLAY_ONLY)
        if len(snapshot.inputs) > 1:
            return [advice]
        note = "Missing values become 0 and infinite ones the largest float: better than NaN weights, but look at why they are there."
        return [
            Fix("np.nan_to_num around the inputs", Applicability.UNSAFE, (WrapData("x", "np.nan_to_num({}, posinf=0, neginf=0)"),), note),
            advice,
        ]
