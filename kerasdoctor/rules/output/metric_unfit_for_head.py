from kerasdoctor.finding import SetMetric, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r

ACCURACIES = ("BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy", "Accuracy")


class MetricUnfitForHead(SnapshotRule):
    """A metric does not count what its name promises for this head and these labels.

    ## Why it hurts training

    Training itself is not changed, but its judge is. Accuracy of a regression counts exact hits and stays near 0. Binary accuracy
    compares with 0 and 1: labels -1 and 1 read far too low. A threshold of 0.5 on logits is not the threshold 0 that the loss learns.
    Binary accuracy on one-hot labels counts units, not rows: 10 classes read 0.9 when nothing is learnt.

    ## How it is detected

    The class that Keras makes of the metric (by the shapes of outputs and labels) against loss, head and labels.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True), metrics=["binary_accuracy"])
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 2, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True), metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)])
    model.fit(x, y)
    ```
    """

    code = "KD116"
    severity = Severity.WARNING
    suspects = ("metric",)
    after_others = True
    explained_by = ("KD102", "KD103", "KD104", "KD105", "KD106", "KD107", "KD108", "KD109", "KD111", "KD112")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            for metric in contract.metrics:
                if metric.kind in ACCURACIES:
                    found = self._fault(contract, metric)
                    if found:
                        message, severity, new = found
                        yield self.finding(
                            message,
                            "compile",
                            severity=severity,
                            evidence={"metric": metric.name, "counted as": metric.kind} | r.label_evidence(contract),
                            proof=("counted as",),
                            fixes=self._fixes(snapshot, contract, metric, new),
                            output=contract.output,
                        )

    def _fault(self, contract, metric):
        """(what to say, severity, a better metric or None), or None for a fitting metric."""
        labels, loss, head = contract.labels, contract.loss, contract.head
        if loss.is_regression and (labels is None or labels.form in ("continuous", "fractions", "other")):
            if labels is None and head.activations:
                return None
            return f"{metric.name} counts exact hits; the targets are numbers, not classes.", Severity.INFO, "mean_absolute_error"
        if labels is not None and labels.form == "plus-minus-one" and metric.kind == "BinaryAccuracy":
            return f"{metric.name} compares with 0 and 1; the labels are -1 and 1.", Severity.WARNING, None
        if metric.kind == "BinaryAccuracy" and loss.is_binary and loss.from_logits and head.is_linear and metric.threshold in (None, 0.5):
            return f"{metric.name} takes logits above 0.5 for a yes; the loss learns 0.", Severity.WARNING, None
        if (
            metric.kind == "BinaryAccuracy"
            and labels is not None
            and labels.form == "one-hot"
            and (head.axis_size or 0) > 2
            and head.ends_in("softmax")
        ):
            return (
                f"{metric.name} counts the {head.axis_size} units, not the rows: guessing reads high.",
                Severity.WARNING,
                "categorical_accuracy",
            )
        return None

    def _fixes(self, snapshot, contract, metric, new):
        if new and metric.written:
            return [r.fix(new, r.SAFE, [SetMetric(metric.written, new, r.output_of(snapshot, contract))], "Training is not changed.")]
        if metric.threshold == 0.5 and contract.loss.from_logits:
            return [r.fix("BinaryAccuracy(threshold=0.0)", r.ADVICE, [], "keras.metrics.BinaryAccuracy(threshold=0.0)")]
        return []
