from kerasdoctor.finding import Applicability, Fix, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.data import scale


class TokenOutsideVocabulary(SnapshotRule):
    """The inputs hold indices that the Embedding has no row for.

    ## Why it hurts training

    On TensorFlow's CPU and on torch fit stops with an index error, maybe epochs later, when the batch comes up; on a GPU and on JAX
    the lookup gives zeros or another word's row without a message. A negative index is read from the end of the table.

    ## How it is detected

    The smallest and largest value of what an Embedding reads, against 0 and its input_dim. Silent where a layer or operation changes
    the values on the way there.

    ## Example

    ```python
    x, y = rng.integers(0, 101, (64, 10)), np.arange(64) % 2
    x[0, 0] = 100
    model = keras.Sequential([keras.Input((10,)), layers.Embedding(100, 8), layers.LSTM(8), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.integers(0, 101, (64, 10)), np.arange(64) % 2
    x[0, 0] = 100
    model = keras.Sequential([keras.Input((10,)), layers.Embedding(101, 8), layers.LSTM(8), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD313"
    severity = Severity.ERROR
    suspects = ("layer_shape", "input_scale")

    def check(self, snapshot):
        for values in snapshot.inputs:
            if not values.indices_for or not values.vocabulary or values.minimum is None or values.rescaled or not snapshot.model.graph:
                continue
            if values.minimum < 0 or values.maximum >= values.vocabulary:
                found = f"{scale.number(values.minimum)} to {values.maximum:.10g}"
                yield self.finding(
                    f"The Embedding has rows 0 to {values.vocabulary - 1}; the indices go from {found}.",
                    values.indices_for,
                    evidence={"indices": found, "input_dim": values.vocabulary} | scale.sampled(values),
                    proof=("indices",),
                    fixes=self._fixes(values),
                )

    def _fixes(self, values):
        if values.minimum < 0:
            return [Fix("number the tokens from 0", Applicability.DISPLAY_ONLY)]
        wanted = int(values.maximum) + 1
        edit = SetArgument(values.indices_for, "input_dim", wanted)
        return [
            Fix(
                f"input_dim={wanted}",
                Applicability.UNSAFE,
                (edit,),
                "The table gets a row for every index up to the largest in these data.",
            )
        ]
