from kerasdoctor.episode import changed, incident_of
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class Collapsed(TrainingRule):
    """The training collapsed.

    ## Why it hurts training

    What the model had learned is gone and does not come back by itself: the loss stays high, the accuracy at the share of one class, and
    often the weights become NaN some epochs later. Every further batch is wasted.

    ## How it is detected

    progress-lost or accuracy-fell-to-chance has been confirmed (it held for 50 batches or one epoch, whichever is more), or two of the
    live rules agree: progress-lost is open and so is one of non-finite-loss, non-finite-weights, accuracy-fell-to-chance, runaway-loss,
    zero-gradient, constant-answer. The incident stands at the batch where that was known, and is closed when those have healed. One
    rule's first alarm is never called a collapse: about one healthy run in ten has a burst that heals.

    ## Example

    ```python
    model = keras.Sequential([..., keras.layers.Dense(5, activation="sigmoid"), keras.layers.Reshape((5,))])
    model.compile(keras.optimizers.Adam(0.03), "categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=20, epochs=22)  # 0.98 up to epoch 9, 0.41 in epoch 11, NaN from epoch 14
    ```

    ## Fix

    Stop, go back to the last healthy weights, and remove the cause that the panel ranks first.
    """

    code = "KD504"
    severity = Severity.ERROR
    suspects = ("loss", "head_activation", "learning_rate")

    held_alone = ("KD503", "KD505")  # confirmed, each is a collapse of its own
    seconding = ("KD501", "KD502", "KD505", "KD506", "KD507", "KD523")

    def __init__(self):
        self.incident = None
        self.incidents = ()  # the run's incidents; the monitor puts its list here

    def resume(self):
        """After a rollback the run starts anew."""
        self.incident = None

    def observe(self, step):
        live = {i.code: i for i in self.incidents if i.until is None and i.code != self.code}
        reason = self._reason(live)
        if self.incident is None and reason:
            basis = live.get("KD503") or live.get("KD505")
            self.incident = incident_of(self, step, "confirmed", f"The training has collapsed: {reason}.", {"since_batch": basis.batch})
            yield self.incident
        elif self.incident is not None and not set(live) & {*self.held_alone, *self.seconding}:
            yield changed(self.incident, state="recovered", until=step.batch)
            self.incident = None

    def _reason(self, live):
        for code in self.held_alone:
            if code in live and live[code].state == "confirmed":
                return f"{live[code].name.replace('-', ' ')}, and it has held since batch {live[code].batch}"
        second = next((live[code] for code in self.seconding if code in live), None)
        if "KD503" in live and second:
            return f"half of the progress is lost and {second.name.replace('-', ' ')} confirms it"
        return None
