from kerasdoctor.episode import changed, incident_of
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class SaturatedHead(TrainingRule):
    """More outputs are saturated at 1 than there are right answers.

    ## Why it hurts training

    A sigmoid at exactly 1 has no gradient. Under a categorical loss only the ratio of the outputs counts, so several of a row can drift
    to 1, and then nothing pulls the wrong ones down: each row with m saturated outputs costs ln m for good. This comes some 30 batches
    before the loss collapses.

    ## How it is detected

    A sigmoid head of K units under a categorical loss that sees the outputs, not the logits: more than 1/K of the outputs on the fixed
    batch lie beyond 1 - 1e-6, in two probes in a row. One right answer a row is exactly 1/K. Where the loss sees the logits (TensorFlow,
    nothing after the head) saturation does no harm to training, and the rule is silent.

    ## Example

    ```python
    model = keras.Sequential([..., keras.layers.Dense(5, activation="sigmoid"), keras.layers.Reshape((5,))])
    model.compile(keras.optimizers.Adam(0.03), "categorical_crossentropy")
    ```

    ## Fix

    Use softmax as the head's activation.
    """

    code = "KD512"
    severity = Severity.WARNING
    suspects = ("head_activation", "loss")

    in_a_row = 2
    beyond_right_answers = 1.1  # a tenth more than 1/K: a row of a labelled pair can be truly both

    def __init__(self):
        self.incident, self._row = None, 0

    def resume(self):
        """After a rollback."""
        self.incident, self._row = None, 0

    def observe(self, step):
        if step.signals is not None:
            yield from self.observe_signals(step)

    def observe_signals(self, step):
        """The same for signals that were measured after the step."""
        run, share = step.run, step.signals.saturated
        categorical = run.loss_computes in ("categorical_crossentropy", "sparse_categorical_crossentropy")
        if share is None or run.link != "values" or run.head_activation != "sigmoid" or not categorical or (run.classes or 0) < 2:
            return
        self._row = self._row + 1 if share > self.beyond_right_answers / run.classes else 0
        if self._row >= self.in_a_row and self.incident is None:
            message = f"{share:.0%} of the outputs are saturated at 1; one right answer a row is {1 / run.classes:.0%}."
            self.incident = incident_of(self, step, "confirmed", message, {"saturated": share, "classes": run.classes})
            yield self.incident
        elif self._row == 0 and self.incident is not None:
            yield changed(self.incident, state="recovered", until=step.batch)
            self.incident = None
