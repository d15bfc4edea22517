from kerasdoctor.finding import Applicability, Fix, RemoveArgument, Severity
from kerasdoctor.rule import SnapshotRule


class ShuffleOffOnSortedData(SnapshotRule):
    """The rows lie sorted by class, and this fit takes them in order.

    ## Why it hurts training

    Each batch then holds one class. The model learns to answer that class whatever it sees, then the next one, and forgets the first:
    the loss within an epoch is a sawtooth, and what is left at the end is a bias towards the last class.

    ## How it is detected

    `shuffle=False`, or a dataset without `shuffle`, and the classes lie in blocks: along the rows the class changes at most twice as often
    as there are classes. Of a dataset the first batches are read: for a head of three units or more they must not be of one class.
    Sequences in which states come and go (activities, weather) change more often and are left alone; so are
    stateful recurrent layers, which need the order.

    ## Example

    ```python
    x, y = rng.random((300, 4)), np.repeat([0, 1, 2], 100)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=20, shuffle=False)
    ```

    ## Fix

    ```python
    x, y = rng.random((300, 4)), np.repeat([0, 1, 2], 100)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(16, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=20)
    ```
    """

    code = "KD207"
    severity = Severity.WARNING
    suspects = ("data_order",)
    blocks = 2  # changes of class a class has, at most: sorted data have one
    first_batches = 4  # of one class: by chance that takes a class of nearly all rows
    block = 2  # batches that a class must fill on average, else batches are mixed all the same

    def check(self, snapshot):
        fit = snapshot.fit
        if fit is None or fit.shuffle or any(layer.config.get("stateful") for layer in snapshot.model.layers):
            return
        array = bool(fit.lengths)
        if not array and not any(given.container == "tf.data.Dataset" for given in snapshot.inputs):
            return  # a PyDataset or generator may pick its rows in any order
        for contract in snapshot.contracts:
            labels = contract.labels
            if not self._in_blocks(labels, fit) and not self._begins_with_one_class(contract, fit):
                continue
            changes = round((1 - labels.sorted_share) * (labels.examined - 1))
            along = "Along the first" if labels.partial else "Along"
            yield self.finding(
                f"{along} {labels.examined} rows the class changes {changes} times, and the rows are taken in that order.",
                "fit",
                evidence={"changes of class": changes, "classes": len(_classes(labels)), "batch size": fit.batch_size},
                proof=("changes of class",),
                fixes=[
                    Fix("shuffle again", Applicability.SAFE, (RemoveArgument("fit", "shuffle"),))
                    if array
                    else Fix("dataset.shuffle(rows)", Applicability.DISPLAY_ONLY, (), "Before batch(), with a buffer as long as the data.")
                ],
                output=contract.output,
            )

    def _in_blocks(self, labels, fit):
        if labels is None or labels.sorted_share is None or labels.examined < 2:
            return False
        count = len(_classes(labels))
        changes = (1 - labels.sorted_share) * (labels.examined - 1)
        long_enough = labels.examined >= count * self.block * (fit.batch_size or 32)
        return count > 1 and changes <= self.blocks * count and long_enough

    def _begins_with_one_class(self, contract, fit):
        """Of two classes one may be so common that the first batches show no other."""
        labels = contract.labels
        if labels is None or not labels.partial or not contract.loss.is_crossentropy or (contract.head.axis_size or 0) < 3:
            return False
        return len(_classes(labels)) == 1 and labels.examined >= self.first_batches * (fit.batch_size or 32)


def _classes(labels):
    return [name for name, rows in labels.counts.items() if rows]
