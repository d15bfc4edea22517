from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class FeaturesOnDifferentScales(SnapshotRule):
    """Columns of the inputs are on very different scales.

    ## Why it hurts training

    The gradient of a weight grows with its column, the curvature with its square. A learning rate that is small enough for the large
    column is too small for the others by that factor: the model sees the large column only, or jumps. On the curve: a plateau early
    on, and a result that a single feature would give.

    ## How it is detected

    Tables and sequences of features: the largest spread and the largest range of a column against the smallest, from 100 times up,
    where the largest column lies beyond unit scale (a root mean square over 10). Constant columns, 0/1 columns and images do not
    count. Silent where a layer of the model scales them, or a normalisation follows the first weights at once.

    ## Example

    ```python
    age, income = rng.uniform(0, 1, (64, 1)), rng.uniform(0, 90_000, (64, 1))
    x, y = np.concatenate([age, income], axis=1), np.arange(64) % 2
    model = keras.Sequential([keras.Input((2,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    age, income = rng.uniform(0, 1, (64, 1)), rng.uniform(0, 90_000, (64, 1))
    x, y = np.concatenate([age, income], axis=1), np.arange(64) % 2
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD304"
    severity = Severity.WARNING
    suspects = ("input_scale", "normalization")

    def check(self, snapshot):
        for index, values in enumerate(snapshot.inputs):
            if not scale.speaks_of_columns(values) or not scale.wants_unit_scale(snapshot, values):
                continue
            spreads = [std for std, _ in scale.varying(values)]
            yield self.finding(
                f"The spread of the columns goes from {scale.number(min(spreads))} to {scale.number(max(spreads))}.",
                values.name,
                evidence={
                    "smallest spread": f"{scale.number(min(spreads))} (column {values.column_stds.index(min(spreads))})",
                    "largest spread": f"{scale.number(max(spreads))} (column {values.column_stds.index(max(spreads))})",
                }
                | scale.sampled(values),
                proof=("smallest spread", "largest spread"),
                fixes=scale.scaling_fixes(values, index),
            )
