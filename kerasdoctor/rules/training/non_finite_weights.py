from kerasdoctor.episode import changed, incident_of
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class NonFiniteWeights(TrainingRule):
    """Weights hold NaN or infinite values.

    ## Why it hurts training

    Such weights cannot be trained back: every gradient through them is NaN. The loss need not show it. On TensorFlow on a CPU, relu and
    max-pooling turn NaN into 0, so the model answers with one constant class and a loss of exactly ln K, and the log looks like a model
    that does not learn.

    ## How it is detected

    All weights are summed every few seconds and at the end of each epoch; a sum that is not finite names the weight. The first bad weight
    in the order of the model is where the values begin, or the one nearest to it.

    ## Example

    ```python
    x = np.random.rand(256, 4)
    x[200] = np.nan
    y = np.random.randint(0, 3, 256)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=2)
    ```

    ## Fix

    Go back to the last healthy weights; then look for NaN in the data, lower the learning rate, or clip the gradients.
    """

    code = "KD502"
    severity = Severity.ERROR
    suspects = ("input_nan", "learning_rate", "loss")

    names_shown = 3

    def __init__(self):
        self.incident = None

    def observe(self, step):
        if step.signals is not None:
            yield from self.observe_signals(step)

    def observe_signals(self, step):
        """The same for signals that were measured after the step."""
        signals = step.signals
        if not signals.weights_finite and self.incident is None:
            self.incident = incident_of(self, step, "confirmed", self._message(signals), {"weights": len(signals.bad_weights)})
            yield self.incident
        elif signals.weights_finite and self.incident is not None:
            yield changed(self.incident, state="recovered", until=step.batch)
            self.incident = None

    def _message(self, signals):
        bad = signals.bad_weights
        named = ", ".join(bad[: self.names_shown]) + (f" and {len(bad) - self.names_shown} more" if len(bad) > self.names_shown else "")
        return f"{len(bad)} weight{'s hold' if len(bad) != 1 else ' holds'} NaN or infinite values: {named}."
