from kerasdoctor.finding import Applicability, Fix, Severity, WrapData
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class ValidationTakesSortedTail(SnapshotRule):
    """The rows are sorted by class, and validation_split holds out the last ones.

    ## Why it hurts training

    validation_split takes the last rows as they stand, before any shuffling. The classes at the end are hardly trained on, or not at
    all, and are all that is validated: training accuracy is fine, validation accuracy stays near 0.

    ## How it is detected

    The classes among the last rows, as many as validation_split takes, against those of the rest: a class is missing from one part
    although, at its share, 10 rows of it would be expected there.

    ## Example

    ```python
    x, y = rng.random((400, 4)), np.repeat(np.arange(4), 100)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(4, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, validation_split=0.2)
    ```

    ## Fix

    ```python
    x, y = rng.random((400, 4)), np.repeat(np.arange(4), 100)
    order = rng.permutation(len(x))
    x, y = x[order], y[order]
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(4, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, validation_split=0.2)
    ```
    """

    code = "KD308"
    severity = Severity.WARNING
    suspects = ("data_order",)
    expected = 10  # rows of a class; at random it is then missing once in exp(10) = 22,000 cases

    def check(self, snapshot):
        fit = snapshot.fit
        if fit is None or not 0 < fit.validation_split < 1:
            return
        for contract in snapshot.contracts:
            labels = contract.labels
            if labels is None or labels.partial or not contract.loss.is_crossentropy or not (labels.head_classes and labels.tail_classes):
                continue
            unseen = self._missing(labels, labels.head_classes, 1 - fit.validation_split)
            unchecked = self._missing(labels, labels.tail_classes, fit.validation_split)
            if unseen or unchecked:
                yield self._say(snapshot, contract, unseen, unchecked)

    def _missing(self, labels, present, share):
        return [name for name, count in labels.counts.items() if count * share >= self.expected and name not in present]

    def _say(self, snapshot, contract, unseen, unchecked):
        labels, share = contract.labels, snapshot.fit.validation_split
        if unseen:
            message = f"validation_split={share:g} holds out the last rows, and with them every row of class {_list(unseen)}."
        else:
            message = f"validation_split={share:g} holds out the last rows, which hold none of class {_list(unchecked)}."
        return self.finding(
            message,
            "fit.validation_split",
            evidence={
                "classes held out": _list(labels.tail_classes),
                "classes trained on": _list(labels.head_classes),
                "neighbouring rows of equal class": f"{labels.sorted_share:.3g}, {labels.chance_share:.3g} in random order",
            }
            | scale.sampled(labels),
            proof=("classes held out",),
            fixes=self._fixes(snapshot, contract),
            output=contract.output,
        )

    def _fixes(self, snapshot, contract):
        title = "shuffle x and y together before the split"
        arrays = (
            len(snapshot.inputs) == len(snapshot.contracts) == 1 and snapshot.inputs[0].container == contract.labels.container == "ndarray"
        )
        if not arrays or snapshot.fit.sample_weight:
            return [Fix(title, Applicability.DISPLAY_ONLY)]
        order = "{}[np.random.default_rng(0).permutation(len({}))]"
        return [Fix(title, Applicability.UNSAFE, (WrapData("x", order), WrapData("y", order)), "Other rows are held out than before.")]


def _list(names, most=8):
    return ", ".join(str(name) for name in list(names)[:most]) + (", ..." if len(names) > most else "")
