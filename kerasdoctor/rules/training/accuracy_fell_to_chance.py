from math import isfinite, sqrt

from kerasdoctor.episode import Episode
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class AccuracyFellToChance(TrainingRule):
    """The accuracy lost half of its gain over chance.

    ## Why it hurts training

    An accuracy that falls towards the share of the commonest class means that the model answers with one class, whatever it is shown. The
    loss need not say so: with a clipped or saturated loss it may hardly move.

    ## How it is detected

    The batch accuracies, smoothed over 20 batches, were at least 0.2 above chance, and have lost half of that gain for 5 points in a row.
    What was lost is more than 7 standard errors of such a mean, which matters for batches of a few rows.
    Chance is the share of the commonest class in the labels, or 1/K where the labels are not known. In 21 healthy runs (29,751 batches)
    it never spoke. It needs an accuracy among the metrics of fit.

    ## Example

    ```python
    model.fit(x, y)  # with labels that are shuffled from some batch on, or a learning rate that jumps
    ```

    ## Fix

    Go back to the last healthy weights with a lower learning rate; look at what the loss does with saturated outputs.
    """

    code = "KD505"
    severity = Severity.WARNING
    suspects = ("learning_rate", "loss", "head_activation")

    smoothing = 2 / 21  # an exponential mean over 20 points
    least_gain = 0.2  # below that, noise of a small batch is of the same size
    noise_factor = 7.0  # standard errors; the highest and the lowest of 3000 such means lie 6.6 apart by chance alone
    lost_share = 0.5
    healed_share = 0.25
    in_a_row = 5
    hold = 50

    def __init__(self):
        self.mean, self.best, self.points = None, 0.0, 0
        self.episode = Episode(self, in_a_row=self.in_a_row, hold=self.hold)

    def resume(self):
        """After a rollback: the gain stays known."""
        self.mean, self.points = None, 0
        self.episode = Episode(self, in_a_row=self.in_a_row, hold=self.hold)

    def observe(self, step):
        chance = step.run.chance if step.run.chance is not None else (1 / step.run.classes if step.run.classes else None)
        accuracy = step.metrics.get(step.run.accuracy)
        if chance is None or accuracy is None or not isfinite(accuracy):
            return
        self.points += 1
        self.mean = accuracy if self.mean is None else self.mean + self.smoothing * (accuracy - self.mean)
        if self.points >= 1 / self.smoothing:
            self.best = max(self.best, self.mean)
        gain = self.best - chance
        lost = (self.best - self.mean) / gain if gain >= self.least_gain else 0.0
        incident = self.episode.update(
            step,
            lost >= self.lost_share and (self.episode.open or self.best - self.mean > self.noise_factor * self._noise(step)),
            lost < self.healed_share,
            lambda: f"The accuracy fell from {self.best:.2f} to {self.mean:.2f}; always naming one class gives {chance:.2f}.",
            lambda: {"best": self.best, "now": self.mean, "chance": chance},
        )
        if incident is not None:
            yield incident

    def _noise(self, step):
        """The standard error of the smoothed accuracy: binomial, over the rows of the 20 batches. 0 where the rows are not known."""
        rows = step.rows or (step.run.batch_size or 0) * step.span
        middle = min(max((self.best + self.mean) / 2, 0.0), 1.0)
        return sqrt(middle * (1 - middle) / rows * self.smoothing / (2 - self.smoothing)) if rows else 0.0
