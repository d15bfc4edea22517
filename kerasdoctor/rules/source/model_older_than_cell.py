from kerasdoctor.finding import Applicability, Fix, Severity
from kerasdoctor.rule import SnapshotRule


class ModelOlderThanCell(SnapshotRule):
    """The model is older than the text of the cell that made it.

    ## Why it hurts training

    A cell is edited and run again, and stops at an error before its last line, or no longer makes the model: the variable still holds
    the model of the earlier run. What is trained, and what is examined here, is not what the cell says. Patches cannot be placed either:
    the text that made these layers is gone.

    ## How it is detected

    Layers remember the run of the cell that made them. All layers of the model come from a run, that cell was run again later with
    another text, and no layer of the model was made by the newer run. Cells without an id (terminals, front ends that send none) are
    not compared.

    ## Example

    ```python
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
    ```

    ## Fix

    Run the whole cell again.
    """

    code = "KD602"
    severity = Severity.INFO
    suspects = ("other",)

    def check(self, snapshot):
        made = {span.cell for path, span in snapshot.sources.items() if path.startswith("layers[")}
        newer = dict(snapshot.reruns)
        if len(made) != 1 or not made & set(newer):
            return
        (run,) = made
        yield self.finding(
            f"The model was made by run [{run}] of a cell that was edited and run again as [{newer[run]}], without making it anew.",
            "layers[0]",
            evidence={"made by run": run, "newest run of that cell": newer[run]},
            proof=("made by run",),
            fixes=[Fix("run the whole cell again", Applicability.DISPLAY_ONLY)],
        )
