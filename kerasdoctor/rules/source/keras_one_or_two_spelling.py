from itertools import groupby

from kerasdoctor.finding import Applicability, Fix, ModernSpelling, Severity
from kerasdoctor.rule import SnapshotRule


class KerasOneOrTwoSpelling(SnapshotRule):
    """The cell is written for Keras 1 or 2.

    ## Why it hurts training

    Most of what was written from 2015 to 2019 no longer runs: modules such as `keras.layers.core` are gone, arguments such as `nb_epoch`,
    `border_mode` and `lr` have other names, and `fit_generator` and `predict_classes` do not exist. Some of it runs and means something
    else, without an error: `Convolution2D(32, 3, 3)` once was a kernel of 3 by 3 and is a stride of 3 today, `decay=` of an optimizer is
    ignored, so the learning rate never falls, and `epsilon=` of ReduceLROnPlateau is ignored too.

    ## How it is detected

    After an error in a cell: the statement that raised it holds a name of Keras 1 or 2. Names are followed to their imports; a function
    of your own that is called `Convolution2D`, or `lr=` of another library, is left alone. Before any error: only what Keras 3 runs with
    another meaning, in the cells that made the model. What has no safe translation (`Merge`, `Highway`, `multi_gpu_model`) is said and
    not rewritten.

    ## Example

    ```python
    from keras.layers.core import Dense
    from keras.optimizers import SGD
    model.add(Dense(output_dim=10, init="uniform"))
    model.compile(SGD(lr=0.01, decay=1e-6), "mse")
    model.fit(x, y, nb_epoch=5)
    ```

    ## Fix

    ```python
    from keras.layers import Dense
    from keras.optimizers import SGD
    from keras.optimizers.schedules import InverseTimeDecay
    model.add(Dense(units=10, kernel_initializer="uniform"))
    model.compile(SGD(learning_rate=InverseTimeDecay(0.01, 1, 1e-6)), "mse")
    model.fit(x, y, epochs=5)
    ```

    ## References

    [Keras 2 release notes](https://github.com/keras-team/keras/wiki/Keras-2.0-release-notes),
    [migrating to Keras 3](https://keras.io/guides/migrating_to_keras_3/)
    """

    code = "KD601"
    severity = Severity.ERROR
    suspects = ("other",)
    shown = 12  # old names in the evidence: more are in the diff

    def check(self, snapshot):
        spellings = snapshot.old_spellings
        order = list(dict.fromkeys(one.cell for one in spellings))
        for cell, group in groupby(sorted(spellings, key=lambda one: order.index(one.cell)), key=lambda one: one.cell):
            yield self._cell(snapshot, cell, list(group))

    def _cell(self, snapshot, cell, found):
        fails = any(one.effect == "fails" for one in found)
        told = list({one.old: one for one in found if one.effect != "works"}.values())
        return self.finding(
            self._message(told, fails),
            f"In [{cell}]",
            severity=Severity.ERROR if fails else Severity.WARNING,
            evidence={one.old: _becomes(one) for one in told[: self.shown]},
            proof=tuple(one.old for one in told[:1]),
            fixes=[self._fix(snapshot, cell, found)],
        )

    def _message(self, told, fails):
        first, more = told[0], len(told) - 1
        rest = f", and {more} more" if more else ""
        if fails:
            said = f"is now {first.new}" if first.new not in (None, "nothing") else "is gone"
            return f"Written for Keras 1 or 2, this is Keras 3: {first.old} {said}{rest}."
        return f"Keras 3 runs this and means something else than Keras 1 or 2 did: {first.old}{rest}."

    def _fix(self, snapshot, cell, found):
        advice = [f"{one.old}: {one.note}" for one in found if not one.rewritten and one.note]
        left = "Left as it is: " + "; ".join(dict.fromkeys(advice)) + "." if advice else ""
        if not any(one.rewritten for one in found):
            return Fix("write it otherwise", Applicability.DISPLAY_ONLY, (), left)
        changed = any(one.effect == "ignored" for one in found)
        edit = ModernSpelling(cell, _models(snapshot))
        return Fix("write the cell in Keras 3", Applicability.UNSAFE if changed else Applicability.SAFE, (edit,), left)


def _becomes(one):
    return one.new if one.rewritten and one.new else one.note or "gone"


def _models(snapshot):
    """The model's variable and the size of its output's last axis."""
    variable, shapes = snapshot.model.variable, snapshot.model.output_shapes
    return ((variable, shapes[0][-1] if shapes and shapes[0] else None),) if variable else ()
