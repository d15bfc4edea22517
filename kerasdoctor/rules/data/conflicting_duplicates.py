from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule


class ConflictingDuplicates(SnapshotRule):
    """Equal inputs stand with different labels.

    ## Why it hurts training

    No model can be right for both. Accuracy cannot exceed the share of rows that have the commonest label of their group, whatever
    the model; a curve that stops there is not a fault of the model. Where labels were shuffled apart from their inputs there is
    nothing to learn at all.

    ## How it is detected

    Rows that are equal in every input, among at most the first 20,000, and the best accuracy that is left. Worth knowing from one
    conflicting row in ten; a warning where most rows conflict and the best accuracy left is hardly above the share of the commonest
    class.

    ## Example

    ```python
    x = (np.arange(256)[:, None] >> np.arange(4)) % 2
    y = rng.permutation(256) % 2
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x = (np.arange(256)[:, None] >> np.arange(4)) % 2
    y = x.sum(axis=1) % 2
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD317"
    severity = Severity.INFO
    suspects = ("label_encoding", "data_order")
    worth_knowing = 0.1  # of the rows
    most = 0.5
    hardly_above = 0.25  # of the way from the commonest class's share to 1

    def check(self, snapshot):
        if len(snapshot.inputs) != 1 or len(snapshot.contracts) != 1:
            return
        values, labels = snapshot.inputs[0], snapshot.contracts[0].labels
        rows = min(values.rows or 0, 20_000)
        if labels is None or values.best_share is None or not rows or values.conflicting_rows < self.worth_knowing * rows:
            return
        if not labels.counts or not snapshot.contracts[0].loss.is_crossentropy:
            return
        commonest = max(labels.counts.values()) / max(1, sum(labels.counts.values()))
        gain = (values.best_share - commonest) / (1 - commonest) if commonest < 1 else 1.0
        hopeless = values.conflicting_rows >= self.most * rows and gain <= self.hardly_above
        conflicts = f"{values.conflicting_rows:,} of {rows:,} rows"
        yield self.finding(
            f"{conflicts} are equal to a row with another label: no accuracy above {values.best_share:.3g} can be had.",
            "data",
            severity=Severity.WARNING if hopeless else Severity.INFO,
            evidence={
                "rows with several labels": values.conflicting_rows,
                "best accuracy left": float(f"{values.best_share:.4g}"),
                "share of the commonest class": float(f"{commonest:.4g}"),
                "rows examined": f"{rows:,} of {values.rows:,}",
            },
            proof=("best accuracy left",),
            fixes=[Fix("see whether x and y were shuffled together, and whether a column is missing", Applicability.DISPLAY_ONLY)],
            output=snapshot.contracts[0].output,
        )
