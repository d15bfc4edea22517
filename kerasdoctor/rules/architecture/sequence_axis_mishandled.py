from kerasdoctor.finding import Applicability, Fix, InsertLayer, SetArgument, Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.architecture import axes, wiring


class SequenceAxisMishandled(SnapshotRule):
    """A recurrent layer returns all steps where one answer is wanted, or one where all are wanted.

    ## Why it hurts training

    With `return_sequences=True` on the last recurrent layer each of T steps gets an answer of its own, and under a squared error all T are
    compared with the row's one label: the first steps, which have seen next to nothing, weigh as much as the last. The other way round, one
    answer is compared with T labels and learns their mean. A sequence of one step makes a recurrent layer a costly Dense layer.

    ## How it is detected

    The shape of the output against the shape of the labels, where a recurrent layer makes the axis in question: an error. A recurrent
    layer whose time axis is 1: information.

    ## Example

    ```python
    x, y = rng.random((64, 12, 2)), rng.random((64, 1))
    model = keras.Sequential(
        [keras.Input((12, 2)), layers.LSTM(8, return_sequences=True), layers.LSTM(8, return_sequences=True), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 12, 2)), rng.random((64, 1))
    model = keras.Sequential([keras.Input((12, 2)), layers.LSTM(8, return_sequences=True), layers.LSTM(8), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y)
    ```
    """

    code = "KD409"
    severity = Severity.ERROR
    suspects = ("layer_shape",)

    def check(self, snapshot):
        for contract in snapshot.contracts:
            layer = axes.last_recurrent(snapshot.model, contract.head)
            if layer is None:
                continue
            if axes.extra(contract):
                yield self._say(
                    contract,
                    layer,
                    f"{layer.name} returns every step, so {axes.extra(contract)} answers meet the one label of a row.",
                    self._last_step(layer),
                )
            elif axes.missing(contract) and axes.missing(contract) == _steps(layer):
                yield self._say(
                    contract,
                    layer,
                    f"{layer.name} returns its last step only, so one answer meets the {axes.missing(contract)} labels of a row.",
                    [Fix("return_sequences=True", Applicability.UNSAFE, (SetArgument(layer.path, "return_sequences", True),))]
                    if layer.kind != "Bidirectional"
                    else [],
                )
        yield from self._single_step(snapshot.model)

    def _say(self, contract, layer, message, fixes):
        return self.finding(
            message,
            layer.path,
            evidence={"output shape": axes.written(contract), "label shape": axes.written_labels(contract)},
            proof=("output shape", "label shape"),
            fixes=fixes,
            output=contract.output,
        )

    def _last_step(self, layer):
        pooled = InsertLayer(layer.path, "after", "GlobalAveragePooling1D")
        fixes = [Fix("the mean over the steps", Applicability.UNSAFE, (pooled,), "predict() then returns one answer a row.")]
        if layer.kind == "Bidirectional":  # its argument stands on the layer inside
            return fixes
        last = SetArgument(layer.path, "return_sequences", False)
        return [
            Fix("return_sequences=False", Applicability.UNSAFE, (last,), "predict() then returns one answer a row, from the last step."),
            *fixes,
        ]

    def _single_step(self, model):
        for layer in model.layers:
            if layer.kind in wiring.RECURRENT and layer.builtin and _steps(layer) == 1:
                yield self.finding(
                    f"{layer.name} reads sequences of one step: nothing is remembered from step to step.",
                    layer.path,
                    severity=Severity.INFO,
                    evidence={"input shape": str(layer.input_shapes[0])},
                    fixes=[Fix("rows of several steps, shape (rows, steps, features)", Applicability.DISPLAY_ONLY)],
                )
                return


def _steps(layer):
    return layer.input_shapes[0][0] if layer.input_shapes and layer.input_shapes[0] else None
