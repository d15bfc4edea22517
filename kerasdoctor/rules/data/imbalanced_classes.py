from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class ImbalancedClasses(SnapshotRule):
    """One class makes up nearly all labels, and nothing gives the others weight.

    ## Why it hurts training

    Always naming that class gives an accuracy equal to its share, so accuracy says nothing; the rare classes add so little to the
    gradient that short trainings end there.

    ## How it is detected

    The commonest class against all others together, from 10 times up, under a cross-entropy without class_weight or sample_weight
    (focal losses weigh by themselves), with one label a row. An information up to 20 times.

    ## Example

    ```python
    x, y = rng.random((640, 4)), (np.arange(640) % 40 == 0).astype(int)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((640, 4)), (np.arange(640) % 40 == 0).astype(int)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC(curve="PR")])
    model.fit(x, y, class_weight={0: 0.51, 1: 20.0})
    ```
    """

    code = "KD307"
    severity = Severity.WARNING
    suspects = ("class_imbalance",)
    worth_knowing = 10.0  # rows of the commonest class for one of all others
    hurts = 20.0  # "always that class" is then right in 95 of 100 rows
    least_rows = 50

    def check(self, snapshot):
        weighted = snapshot.fit is not None and (snapshot.fit.class_weight or snapshot.fit.sample_weight)
        for contract in snapshot.contracts:
            labels = contract.labels
            if weighted or labels is None or labels.partial or not self._names_classes(contract):
                continue
            total, most = sum(labels.counts.values()), max(labels.counts.values(), default=0)
            if total < self.least_rows or most == total or most < self.worth_knowing * (total - most):
                continue
            yield self._say(contract, total, most)

    def _names_classes(self, contract):
        loss, labels = contract.loss, contract.labels
        one_a_row = (labels.sorted_share is not None) and not labels.equals_input
        return one_a_row and loss.is_crossentropy and "focal" not in loss.computes

    def _say(self, contract, total, most):
        labels = contract.labels
        commonest = max(labels.counts, key=labels.counts.get)
        return self.finding(
            f"{most:,} of {total:,} labels are class {commonest}: always saying so gives an accuracy of {most / total:.3g}.",
            "data.y",
            severity=Severity.WARNING if most >= self.hurts * (total - most) else Severity.INFO,
            evidence={"share of the commonest class": float(f"{most / total:.4g}"), "rows of all others": total - most}
            | scale.sampled(labels),
            proof=("share of the commonest class",),
            fixes=self._fixes(labels, total),
            output=contract.output,
        )

    def _fixes(self, labels, total):
        present = {name: count for name, count in labels.counts.items() if count}
        weights = {name: float(f"{total / (len(present) * count):.3g}") for name, count in present.items()}
        note = "Each class then adds as much to the loss as any other; predicted probabilities of rare classes become too high."
        weigh = Fix("class_weight by the inverse of the shares", Applicability.UNSAFE, (SetArgument("fit", "class_weight", weights),), note)
        return [weigh, Fix("measure with precision and recall, or AUC, rather than accuracy", Applicability.DISPLAY_ONLY)]
