from kerasdoctor.finding import Applicability, Fix, Severity, WrapData
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class LabelsScaledLikeInputs(SnapshotRule):
    """Class labels were divided as the inputs were, and are no class numbers any more.

    ## Why it hurts training

    A sparse loss turns them to whole numbers, so that every row becomes class 0. Under a binary or categorical loss, 0 and 1/255 both
    ask for an output near 0: the model learns to say no to everything, with a fine loss.

    ## How it is detected

    Labels under a sparse categorical cross-entropy that are not whole numbers; or under another cross-entropy a few different values
    from 0 to at most 1/50 that are multiples of one of them. Smoothed labels, shares and the pixels of an autoencoder reach further.

    ## Example

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 5 / 255
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(5, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), np.arange(64) % 5
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(5, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD316"
    severity = Severity.ERROR
    suspects = ("label_range", "label_encoding")
    smallest = 1 / 50  # the largest label after a division by 255 of labels 0 to 5; smoothing and shares do not go there

    def check(self, snapshot):
        for contract in snapshot.contracts:
            labels, loss = contract.labels, contract.loss
            if labels is None or labels.maximum is None or labels.form == "text" or labels.whole or labels.equals_input:
                continue
            if not (loss.is_sparse or (loss.is_crossentropy and self._divided(labels))):
                continue
            yield self.finding(
                f"The labels go from {scale.number(labels.minimum)} to {scale.number(labels.maximum)} and are no class numbers.",
                "data.y",
                evidence={
                    "labels": f"{scale.number(labels.minimum)} to {scale.number(labels.maximum)}",
                    "different values": labels.distinct,
                },
                proof=("labels",),
                fixes=self._fixes(labels),
                output=contract.output,
            )

    def _divided(self, labels):
        return labels.minimum == 0 < labels.maximum <= self.smallest and labels.distinct is not None and 2 <= labels.distinct <= 6

    def _fixes(self, labels):
        times = 255 * labels.maximum
        if abs(times - round(times)) < 1e-3 and round(times) >= 1:
            edit = WrapData("y", "np.round({} * 255).astype(int)")
            return [
                Fix("labels times 255", Applicability.UNSAFE, (edit,), "Better: leave the division of the labels out where they are made.")
            ]
        return [Fix("leave the labels unscaled", Applicability.DISPLAY_ONLY)]
