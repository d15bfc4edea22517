from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule


class ValidationOverlapsTraining(SnapshotRule):
    """Validation rows stand in the training data as well.

    ## Why it hurts training

    It does not hurt training, it hides what training does: a model that learns rows by heart looks as good on validation as on
    training, and EarlyStopping and ModelCheckpoint keep the wrong epoch.

    ## How it is detected

    The first 500 rows of the validation inputs are looked up among the training rows. Silent where training rows repeat each other
    about as often (whole-number tables do so by nature), and under 20 validation rows. An information below one row in ten.

    ## Example

    ```python
    x, y = rng.random((200, 4)), np.arange(200) % 2
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y, validation_data=(x[:50], y[:50]))
    ```

    ## Fix

    ```python
    x, y = rng.random((200, 4)), np.arange(200) % 2
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x[50:], y[50:], validation_data=(x[:50], y[:50]))
    ```
    """

    code = "KD309"
    severity = Severity.WARNING
    suspects = ("other",)
    least_rows = 20
    hurts = 0.1  # of the validation rows
    beyond_repeats = 3.0  # times the share of training rows that repeat each other

    def check(self, snapshot):
        fit = snapshot.fit
        if fit is None or not snapshot.inputs or fit.validation_examined < self.least_rows or not fit.validation_overlap:
            return
        share = fit.validation_overlap / fit.validation_examined
        values = snapshot.inputs[0]
        repeats = values.duplicate_rows / min(values.rows or 1, 20_000)
        if share <= self.beyond_repeats * repeats:
            return
        whole = "The validation data are the training data." if fit.same_data else None
        yield self.finding(
            whole or f"{fit.validation_overlap:,} of {fit.validation_examined:,} validation rows stand in the training data.",
            "fit.validation_data",
            severity=Severity.WARNING if share >= self.hurts else Severity.INFO,
            evidence={
                "validation rows found in training": f"{fit.validation_overlap:,} of {fit.validation_examined:,} examined",
                "training rows that repeat each other": values.duplicate_rows,
            },
            proof=("validation rows found in training",),
            fixes=[Fix("hold out rows that the model is not trained on", Applicability.DISPLAY_ONLY)],
        )
