from kerasdoctor.finding import Applicability, Code, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule


class RegularizerDominates(SnapshotRule):
    """The penalty on the weights is far larger than the loss on the data.

    ## Why it hurts training

    The optimizer follows the larger part: it shrinks the weights first, and the data hardly count. The curve falls steeply and looks
    fine, accuracy stays at chance. The default of `regularizers.L1`, 0.01, does that to most layers.

    ## How it is detected

    The penalty at the start, worked out from the kernels and their L1 and L2 factors, against the loss of one batch of data. A warning
    where it is more than 10 times the data's loss and a factor is at least 0.1 (L2) or 0.01 (L1): at rest 2 x L2 x weight, or L1, must
    equal the data's gradient, which is seldom above 0.1 for one weight. Information where the penalty alone is larger than the loss: L2
    of Keras's 0.01 starts high in wide layers, shrinks, and trains. Where normalization follows every penalised layer, its scale does not
    matter.

    ## Example

    ```python
    x, y = rng.random((64, 50)), rng.integers(0, 2, 64)
    model = keras.Sequential(
        [
            keras.Input((50,)),
            layers.Dense(200, activation="relu", kernel_regularizer=keras.regularizers.L2(0.5)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 50)), rng.integers(0, 2, 64)
    model = keras.Sequential(
        [
            keras.Input((50,)),
            layers.Dense(200, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD411"
    severity = Severity.WARNING
    suspects = ("regularizer",)
    times = 10.0
    l2 = 0.1  # a gradient of 0.1 then holds a weight of 0.5
    l1 = 0.01  # weights with a smaller gradient go to 0
    usual = 1e-4  # weight decay of Krizhevsky (5e-4) and He (1e-4)

    def check(self, snapshot):
        seen = [c.probe.seen for c in snapshot.contracts if c.probe is not None and c.probe.seen is not None]
        held = [(layer, amount) for layer in snapshot.model.layers if (amount := _penalty(layer))]
        loss, penalty = sum(seen), sum(amount for _, amount in held)
        if not seen or not held or loss <= 0 or penalty <= loss or not penalty < float("inf"):
            return
        worst, amount = max(held, key=lambda pair: pair[1])
        yield self.finding(
            f"The penalty starts at {penalty:.3g}, the loss on the data at {loss:.3g}; {worst.name} alone adds {amount:.3g}.",
            worst.path,
            severity=self.severity if penalty > self.times * loss and self._is_strong(snapshot.model, held) else Severity.INFO,
            evidence={"penalty at the start": float(f"{penalty:.3g}"), "loss on the data": float(f"{loss:.3g}")},
            proof=("penalty at the start", "loss on the data"),
            fixes=[
                Fix(
                    f"L2({self.usual:g})",
                    Applicability.SAFE,
                    tuple(
                        SetArgument(layer.path, "kernel_regularizer", Code(f"keras.regularizers.L2({self.usual:g})")) for layer, _ in held
                    ),
                )
            ],
        )

    def _is_strong(self, model, held):
        factors = [layer.config["kernel_regularizer"] for layer, _ in held]
        strong = any((f.get("l2") or 0) >= self.l2 or (f.get("l1") or 0) >= self.l1 for f in factors)
        return strong and not _all_normalised(model, held)


def _penalty(layer):
    """What the layer's kernel adds to the loss; 0 for other regularizers than L1 and L2, whose sums the kernel's moments give."""
    given, kernel = layer.config.get("kernel_regularizer"), layer.kernel
    if not isinstance(given, dict) or kernel is None or not layer.trainable or given.get("class_name") not in ("L1", "L2", "L1L2"):
        return 0.0
    count = 1
    for size in kernel.shape:
        count *= size
    square = kernel.std**2 + kernel.mean**2
    # Of values that are spread evenly or normally, the mean size is 0.87 or 0.80 of the root of the mean square.
    return count * ((given.get("l2") or 0.0) * square + (given.get("l1") or 0.0) * 0.8 * square**0.5)


def _all_normalised(model, held):
    return all(any("Normalization" in other.kind for other in model.consumers(layer)) for layer, _ in held)
