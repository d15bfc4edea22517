from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring


class DropoutTooHigh(SnapshotRule):
    """A dropout layer throws away most of what passes.

    ## Why it hurts training

    `rate` is the share that is dropped, not the share that is kept (as it was in TensorFlow 1 and in many papers). At 0.9 one value in ten
    passes, scaled up tenfold: each batch sees another tiny network, the loss falls slowly and stops high, and validation looks
    much better than training.

    ## How it is detected

    The rate of Dropout, SpatialDropout, AlphaDropout or GaussianDropout at 0.8 or more is a warning, above 0.7 information, at 1 an error.
    Rates of 0.5 are usual; beyond 0.7 the noise that dropout adds, rate / (1 - rate) times the signal's own square, is more than double.

    ## Example

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(64, activation="relu"), layers.Dropout(0.9), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(64, activation="relu"), layers.Dropout(0.5), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD405"
    severity = Severity.WARNING
    suspects = ("dropout",)
    most = 0.8  # the noise is 4 times the signal's square
    much = 0.7

    def check(self, snapshot):
        for layer in snapshot.model.layers:
            rate = layer.config.get("rate")
            if layer.kind not in wiring.DROPOUT or not layer.builtin or not isinstance(rate, (int, float)) or rate <= self.much:
                continue
            severity = Severity.ERROR if rate >= 1 else self.severity if rate >= self.most else Severity.INFO
            kept = f"keeps {1 - rate:.0%}" if rate < 1 else "keeps nothing"
            # A rate that is likely to have been meant as the share to keep is turned round; others come down to the usual one.
            usual = 0.5
            yield self.finding(
                f"{layer.name} drops {rate:.0%} of its values and {kept}.",
                layer.path,
                severity=severity,
                evidence={"rate": rate, "kept": f"{max(1 - rate, 0):.0%}"},
                proof=("rate",),
                fixes=[
                    Fix(
                        f"rate={value:g}",
                        Applicability.SAFE,
                        (SetArgument(layer.path, "rate", value),),
                        note,
                    )
                    for value, note in ((usual, ""), (round(1 - rate, 2), "If the number was meant as the share to keep."))
                    if rate < 1 or value == usual
                ],
            )
