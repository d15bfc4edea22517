from collections import deque
from math import isfinite, log
from statistics import fmean, median

from kerasdoctor.episode import Episode
from kerasdoctor.finding import Severity
from kerasdoctor.rule import TrainingRule


class StuckAtChance(TrainingRule):
    """The model has not learned anything yet.

    ## Why it hurts training

    After hundreds of updates the loss is still that of guessing (ln K for K classes) and the accuracy that of always naming one class.
    Labels that do not belong to their rows, inputs far from unit scale, weights that cannot move or a learning rate off by orders of
    magnitude look like this.

    ## How it is detected

    After at least 300 batches and 3 epochs the median of the last 50 losses is not below 97 % of ln K, and the mean accuracy of these
    batches is less than 0.03 above chance, and never was 0.09 above it: what had learned and lost it again is another fault. Some
    healthy deep models sit on such a plateau at first; the incident ends as recovered when they leave it. It cannot see a model that
    answers the share of each class on unbalanced labels: its loss is below ln K.

    ## Example

    ```python
    x = np.random.rand(640, 8)
    y = np.random.randint(0, 3, 640)  # labels that have nothing to do with x
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=20)
    ```

    ## Fix

    Try to overfit 32 rows: if that fails, the fault is in the model or its loss, else in data or labels.
    """

    code = "KD508"
    severity = Severity.WARNING
    suspects = ("label_encoding", "learning_rate", "input_scale")

    least_batches = 300
    least_epochs = 3
    window = 50
    high = 0.97  # of ln K; batch noise of a median of 50 is far below 3 %
    least_gain = 0.03  # over chance
    single_label = ("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy")

    def __init__(self):
        self.losses, self.accuracies = deque(maxlen=self.window), deque(maxlen=self.window)
        self.episode, self.learned = Episode(self), False

    def resume(self):
        """After a rollback."""
        self.losses.clear()
        self.accuracies.clear()
        self.episode = Episode(self)

    def observe(self, step):
        run, accuracy = step.run, step.metrics.get(step.run.accuracy)
        if not isfinite(step.loss) or accuracy is None or run.chance is None or not self._applies(run):
            return
        self.losses.append(step.loss)
        self.accuracies.append(accuracy)
        if self.learned or len(self.losses) < self.window or (not self.episode.open and step.batch % 10):
            return  # a plateau can be looked at every tenth batch
        mean = fmean(self.accuracies)
        self.learned = mean > run.chance + 3 * self.least_gain and not self.episode.open
        if step.batch < self.least_batches or step.epoch - run.initial_epoch <= self.least_epochs:
            return
        guessing, loss = log(run.classes), median(self.losses)
        stuck = loss >= self.high * guessing and mean <= run.chance + self.least_gain
        incident = self.episode.update(
            step,
            stuck,
            loss < 0.9 * guessing or mean > run.chance + 3 * self.least_gain,
            lambda: f"The loss is {loss:.3g}, guessing among {run.classes} classes gives {guessing:.3g}; the accuracy is {mean:.2f}.",
            lambda: {"loss": loss, "guessing": guessing, "accuracy": mean, "chance": run.chance},
        )
        if incident is not None:
            yield incident

    def _applies(self, run):
        if run.classes is None or run.loss_computes not in self.single_label:
            return False
        return run.classes == 2 or run.loss_computes != "binary_crossentropy"
