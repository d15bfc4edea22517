from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class ConstantFeatures(SnapshotRule):
    """Inputs that never change tell the model nothing.

    ## Why it hurts training

    A column that is the same in every row is a second bias: it does no harm and no good. Often it is a sign that something went wrong
    where the data were made. Where every input is the same, the model can only learn the shares of the labels.

    ## How it is detected

    A spread of 0 over all rows, in tables of up to 64 columns (wider ones are pixels or words, of which some are empty) with at least
    20 rows. A warning where all values of an input are one number, whatever its shape.

    ## Example

    ```python
    x, y = np.zeros((64, 4)), np.arange(64) % 2
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 2
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD305"
    severity = Severity.INFO
    suspects = ("input_scale", "other")
    widest = 64  # columns; beyond it empty ones are common: rare words, borders of images
    least_rows = 20  # with fewer, a rare value may just not have been met

    def check(self, snapshot):
        for values in snapshot.inputs:
            if values.examined < self.least_rows or values.partial:
                continue
            if values.minimum == values.maximum and len(snapshot.inputs) == 1:
                yield self._all(values)
            elif len(values.shape or ()) == 1 and 1 < values.shape[0] <= self.widest:
                yield from self._some(values)

    def _all(self, values):
        return self.finding(
            f"Every value of {values.name} is {scale.number(values.minimum)}.",
            values.name,
            severity=Severity.WARNING,
            evidence={"values": f"all {scale.number(values.minimum)}"} | scale.sampled(values),
            proof=("values",),
            fixes=[Fix("look at how the inputs are made or loaded", Applicability.DISPLAY_ONLY)],
        )

    def _some(self, values):
        ranges = zip(values.column_minima, values.column_maxima, strict=True)
        columns = [index for index, (low, high) in enumerate(ranges) if low == high]
        if columns:
            names = ", ".join(str(column) for column in columns)
            yield self.finding(
                f"Column{'s' if len(columns) > 1 else ''} {names} of {values.name} never change{'' if len(columns) > 1 else 's'}.",
                values.name,
                evidence={"constant columns": names, "columns": len(values.column_stds)} | scale.sampled(values),
                proof=("constant columns",),
                fixes=[Fix("leave the column out", Applicability.DISPLAY_ONLY)],
            )
