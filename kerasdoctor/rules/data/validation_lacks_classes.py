from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule


class ValidationLacksClasses(SnapshotRule):
    """Training and validation do not hold the same classes.

    ## Why it hurts training

    A class that is validated but never trained on is always wrong; one that is trained on but not validated is not measured. Often
    one of the two was cut out of sorted data, or class names were numbered separately for each.

    ## How it is detected

    Class labels of both sets, given as arrays: a class is missing from one although, at its share in the other, 10 rows would be
    expected.

    ## Example

    ```python
    x, y = rng.random((400, 4)), np.repeat(np.arange(4), 100)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(4, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x[:300], y[:300], validation_data=(x[300:], y[300:]))
    ```

    ## Fix

    ```python
    x, y = rng.random((400, 4)), np.arange(400) % 4
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(4, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x[:300], y[:300], validation_data=(x[300:], y[300:]))
    ```
    """

    code = "KD310"
    severity = Severity.WARNING
    suspects = ("data_order", "label_encoding")
    expected = 10  # rows of a class; at random it is then missing once in exp(10) = 22,000 cases

    def check(self, snapshot):
        fit, contracts = snapshot.fit, snapshot.contracts
        if fit is None or not fit.validation_counts or len(contracts) != 1:
            return
        labels = contracts[0].labels
        if labels is None or labels.partial or labels.sorted_share is None or not contracts[0].loss.is_crossentropy:
            return
        trained = {name: count for name, count in labels.counts.items() if count}
        untrained = self._missing(fit.validation_counts, trained)
        unchecked = self._missing(trained, fit.validation_counts)
        if untrained or unchecked:
            yield self.finding(
                f"Validation has class {_list(untrained)}, training has not."
                if untrained
                else f"Training has class {_list(unchecked)}, validation has not.",
                "fit.validation_data",
                evidence={"classes trained on": _list(sorted(trained)), "classes validated": _list(sorted(fit.validation_counts))},
                proof=("classes validated",),
                fixes=[Fix("shuffle before splitting, and number the classes once for both", Applicability.DISPLAY_ONLY)],
                output=contracts[0].output,
            )

    def _missing(self, there, here):
        rows, total = sum(here.values()), sum(there.values())
        return [name for name, count in sorted(there.items()) if name not in here and count / total * rows >= self.expected]


def _list(names, most=8):
    return ", ".join(str(name) for name in names[:most]) + (", ..." if len(names) > most else "")
