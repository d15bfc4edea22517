from collections import deque
from math import isfinite
from statistics import median

from kerasdoctor.episode import incident_of
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class UnboundedLoss(TrainingRule):
    """A cross-entropy is below zero, or exactly zero from the start.

    ## Why it hurts training

    A cross-entropy of labels in [0, 1] cannot be negative. With labels outside (-1 and 1, or 0 to 2 under a binary loss) it has no lower
    bound: it falls for ever, the weights grow, and the accuracy compares with labels that no output can reach. A loss that is exactly 0
    whatever the model answers teaches nothing: a categorical loss on one unit is like that.

    ## How it is detected

    Under a loss known to be a cross-entropy: the median of the last 9 batch losses is below -0.01, or the first 20 batch losses are all
    exactly 0. Losses that may be negative by right, such as a Gaussian likelihood, are not cross-entropies and are left alone.

    ## Example

    ```python
    x = np.random.rand(256, 4)
    y = np.sign(np.random.randn(256))
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y, epochs=20)
    ```

    ## Fix

    Bring the labels into the loss's range: `(y + 1) / 2` for -1 and 1, class numbers with a sparse categorical loss for more than two
    classes.
    """

    code = "KD518"
    severity = Severity.ERROR
    suspects = ("label_range", "loss", "head_units")

    window = 9
    below = -0.01  # beyond the rounding of differenced means
    zeros = 20

    def __init__(self):
        self.losses, self.points, self.always_zero, self.spoke = deque(maxlen=self.window), 0, True, False

    def observe(self, step):
        if self.spoke or not isfinite(step.loss) or "crossentropy" not in (step.run.loss_computes or ""):
            return
        self.losses.append(step.loss)
        self.points += 1
        self.always_zero = self.always_zero and step.loss == 0
        now = median(self.losses)
        if len(self.losses) == self.window and now < self.below:
            message = f"The loss is {now:.3g}; a cross-entropy of labels in [0, 1] cannot be below 0."
        elif self.always_zero and self.points == self.zeros:
            message = f"The loss has been exactly 0 in all of the first {self.zeros} batches, whatever the model answered."
        else:
            return
        self.spoke = True
        yield incident_of(self, step, "confirmed", message, {"loss": now})
