from kerasdoctor.finding import Applicability, Fix, RemoveArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import wiring

# What a unit at 0 passes back of the gradient: nothing.
FLAT_AT_ZERO = ("relu", "relu6")


class ConstantInitializer(SnapshotRule):
    """All weights of a hidden layer start at one value.

    ## Why it hurts training

    Units that start alike and are read alike get the same gradient: they stay copies of one another, and the layer is one unit wide however
    many it has. With zeros and relu it is worse: every unit gives 0, where relu passes no gradient back, and the layer never moves.

    ## How it is detected

    The spread of the kernel's values is exactly 0 in a trainable Dense or convolution layer with more than one unit that has an
    activation and feeds another layer with weights. It is an error where no gradient can pass (zeros under relu) or where the
    next layer is constant as well; else a warning, for then the next layer's weights tell the units apart in time. Zeros in a last layer,
    or at the end of a residual branch, are right and left alone.

    ## Example

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential(
        [keras.Input((8,)), layers.Dense(16, activation="relu", kernel_initializer="zeros"), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 8)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD403"
    severity = Severity.WARNING
    suspects = ("initializer",)

    def check(self, snapshot):
        model = snapshot.model
        found = [(layer, worst) for layer in model.layers if (worst := self._alike(model, layer)) is not None]
        if not found:
            return
        layer, severity = found[0]
        value = f"{layer.kernel.mean:g}"
        why = "its units stay copies of one another"
        if severity is Severity.ERROR and not layer.kernel.mean:
            why = "its units give 0, where no gradient passes"
        more = f" So are {len(found) - 1} more layers." if len(found) > 1 else ""
        yield self.finding(
            f"All {layer.kernel.shape[-1]} units of {layer.name} start with every weight at {value}: {why}.{more}",
            layer.path,
            severity=min((s for _, s in found), key=lambda s: s.rank),
            evidence={"every weight": float(value), "units": layer.kernel.shape[-1], "layers": ", ".join(other.name for other, _ in found)},
            proof=("every weight",),
            fixes=[
                Fix(
                    "Keras's own initializer (glorot_uniform)",
                    Applicability.SAFE,
                    tuple(RemoveArgument(other.path, "kernel_initializer") for other, _ in found),
                )
            ],
        )

    def _alike(self, model, layer):
        """How bad it is that this layer starts constant; None where it does not, or where that is right."""
        if not _is_constant(layer) or not layer.trainable or layer.kernel.shape[-1] < 2:
            return None
        passed, then = wiring.next_weights(model, layer)
        if then is None:
            return None
        bend = next((other.activation for other in [layer, *passed] if other.activation not in (None, "linear")), "linear")
        dead = not layer.kernel.mean and bend in FLAT_AT_ZERO
        return Severity.ERROR if dead or _is_constant(then) else Severity.WARNING


def _is_constant(layer):
    kernel = layer.kernel
    return kernel is not None and wiring.kind_of(layer) in wiring.MAPS and kernel.finite and kernel.minimum == kernel.maximum
