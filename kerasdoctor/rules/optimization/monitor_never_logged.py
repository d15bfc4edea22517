import difflib

from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule

# Keras's own callbacks add it to the logs of an epoch.
ALWAYS = {"learning_rate"}


class MonitorNeverLogged(SnapshotRule):
    """A callback waits for a value that this fit never logs.

    ## Why it hurts training

    `EarlyStopping`, `ReduceLROnPlateau` and a `ModelCheckpoint` that saves the best only look up one name in the logs of each epoch. Where
    it is missing they print a warning among the progress bars and do nothing: training never stops early, the best model is never saved.

    ## How it is detected

    The callback's `monitor` against the names that fit will log: loss, the metrics as compile names them, and the same with `val_`
    where there is validation data. `EarlyStopping()` waits for `val_loss`. Models with training steps of their own log what they
    like and are left alone.

    ## Example

    ```python
    x, y = rng.random((256, 4)), rng.random((256, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y, epochs=50, callbacks=[keras.callbacks.EarlyStopping(patience=3)])
    ```

    ## Fix

    ```python
    x, y = rng.random((256, 4)), rng.random((256, 1))
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y, epochs=50, validation_split=0.2, callbacks=[keras.callbacks.EarlyStopping(patience=3)])
    ```
    """

    code = "KD205"
    severity = Severity.WARNING
    suspects = ("other",)
    share = 0.2  # of the rows, held out by the fix

    def check(self, snapshot):
        fit = snapshot.fit
        if fit is None or snapshot.model.own_steps or not snapshot.model.compiled:
            return
        logged = set(snapshot.metric_names)
        names = logged | ({f"val_{name}" for name in logged} if fit.validation else set())
        if any(not callback.builtin for callback in fit.callbacks):
            return  # a callback of the user's may write into the logs
        for callback in fit.callbacks:
            monitor = callback.monitor
            if monitor is None or monitor in names | ALWAYS or self._belongs_to_an_output(snapshot, monitor, fit):
                continue
            yield self.finding(
                f"{callback.kind} waits for {monitor}; this fit logs {', '.join(sorted(names))}.",
                "fit",
                evidence={"monitor": monitor, "logged": ", ".join(sorted(names))},
                proof=("monitor",),
                fixes=self._fixes(monitor, names, logged, fit),
            )

    def _belongs_to_an_output(self, snapshot, monitor, fit):
        """With several outputs Keras puts an output's name before its losses and metrics, in more than one way."""
        bare = monitor.removeprefix("val_")
        spelled = monitor == bare or fit.validation
        return spelled and len(snapshot.contracts) > 1 and any(bare.startswith(f"{c.output}_") for c in snapshot.contracts)

    def _fixes(self, monitor, names, logged, fit):
        if not fit.validation and monitor.removeprefix("val_") in logged:
            if not fit.lengths:
                return [Fix("validation_data=...", Applicability.DISPLAY_ONLY, (), "There is no validation data in this fit.")]
            edit = SetArgument("fit", "validation_split", self.share)
            return [Fix(f"validation_split={self.share}", Applicability.UNSAFE, (edit,), "The last fifth of the rows is then held out.")]
        near = difflib.get_close_matches(monitor, names, 1, 0.5) or sorted(names)[:1]
        return [Fix(f'monitor="{near[0]}"', Applicability.DISPLAY_ONLY, (), "Where the callback is made.")]
