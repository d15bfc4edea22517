from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class InputsHoldTheLabel(SnapshotRule):
    """A column of the inputs is the label itself.

    ## Why it hurts training

    The model copies that column: accuracy 1.0 or a loss near 0 within epochs, in validation as well, and nothing of use where the
    answer is not known beforehand.

    ## How it is detected

    A column of a table equals the labels (the class number of one-hot rows) in every row compared, of at least 50. Where y is x as a
    whole, an autoencoder, nothing is wrong. A column that holds the label in another form is not seen.

    ## Example

    ```python
    table = np.concatenate([rng.random((200, 3)), rng.integers(0, 2, (200, 1))], axis=1)
    x, y = table, table[:, 3]
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    table = np.concatenate([rng.random((200, 3)), rng.integers(0, 2, (200, 1))], axis=1)
    x, y = table[:, :3], table[:, 3]
    model = keras.Sequential([keras.Input((3,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD311"
    severity = Severity.WARNING
    suspects = ("other",)

    def check(self, snapshot):
        for contract in snapshot.contracts:
            labels = contract.labels
            if labels is None or not labels.held_by or labels.equals_input:
                continue
            name, column = labels.held_by[0]
            which = f"column {column} of x" + (f"[{name!r}]" if name else "")
            yield self.finding(
                f"{which[0].upper() + which[1:]} equals the labels in every row.",
                "data.x",
                evidence={"the label's column": which} | scale.sampled(labels),
                proof=("the label's column",),
                fixes=[Fix(f"leave {which} out", Applicability.DISPLAY_ONLY)],
                output=contract.output,
            )
