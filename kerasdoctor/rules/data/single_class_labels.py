from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class SingleClassLabels(SnapshotRule):
    """All labels are of one class.

    ## Why it hurts training

    The model learns to say that class whatever it is given: accuracy 1.0 from the first epoch, a loss that goes to 0, and nothing
    learnt.

    ## How it is detected

    One class among at least 10 labels under a cross-entropy. Of a stream only the first rows are read: there, one class is no
    evidence.

    ## Example

    ```python
    x, y = rng.random((64, 4)), np.ones(64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD306"
    severity = Severity.WARNING
    suspects = ("class_imbalance", "label_encoding")
    least_rows = 10  # of two equally common classes, ten rows show one alone in 1 of 512 cases

    def check(self, snapshot):
        for contract in snapshot.contracts:
            labels = contract.labels
            if labels is None or labels.partial or labels.equals_input or not contract.loss.is_crossentropy:
                continue
            present = [name for name, count in labels.counts.items() if count]
            if len(present) != 1 or labels.examined < self.least_rows or (labels.rows or 0) > labels.examined:
                continue
            yield self.finding(
                f"All {labels.examined:,} labels are class {present[0]}.",
                "data.y",
                evidence={"classes in the labels": f"{present[0]} alone", "rows": labels.examined} | scale.sampled(labels),
                proof=("classes in the labels",),
                fixes=[
                    Fix(
                        "look at how the labels are made: a wrong column, a filter, or the first part of a sorted file",
                        Applicability.DISPLAY_ONLY,
                    )
                ],
                output=contract.output,
            )
