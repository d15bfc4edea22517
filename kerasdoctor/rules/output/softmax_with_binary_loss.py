from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class SoftmaxWithBinaryLoss(SnapshotRule):
    """A softmax head of several units is trained with binary cross-entropy.

    ## Why it hurts training

    Softmax gives one choice out of K; binary cross-entropy takes every unit for a yes/no question of its own.

    - On TensorFlow, with nothing behind the head, Keras finds the logits and trains K independent sigmoids. `predict()` applies softmax
      to them, a function that was not trained: its shares are not the probabilities that the loss learnt.
    - On the values (JAX, torch, half precision, any layer behind the head) two units give the same loss as categorical
      cross-entropy; more units give 1/K of its scale. The values are clipped at 1e-7, so a head that saturates on the wrong class
      costs about 16 a wrong row and has no gradient to come back: loss near 16 x the share of errors, for ever.
    - In Keras 2.2 `metrics=["accuracy"]` beside this loss counted units, not rows, and read far too high.

    ## How it is detected

    The last activation before the output is a softmax over more than one unit, and the loss is (or is found by test to compute) binary
    cross-entropy. It is an error where one batch shows that the loss reads the logits, a warning where it reads the softmax.

    ## Example

    ```python
    x, y = rng.random((64, 4)), np.eye(2)[rng.integers(0, 2, 64)]
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.Activation("softmax")])
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    Categorical cross-entropy for one-hot labels; or one sigmoid unit with labels 0 and 1.

    ```python
    x, y = rng.random((64, 4)), np.eye(2)[rng.integers(0, 2, 64)]
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.Activation("softmax")])
    model.compile("adam", "categorical_crossentropy")
    model.fit(x, y)
    ```
    """

    code = "KD102"
    severity = Severity.ERROR
    suspects = ("loss", "head_activation")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head = contract.head
            if not (head.ends_in("softmax") and (head.axis_size or 0) > 1 and contract.loss.is_binary):
                continue
            link = r.link_of(snapshot, contract)
            yield self.finding(
                self._message(snapshot, contract, link),
                "loss",
                severity=Severity.ERROR if link == "logits" or r.is_multi_label(contract) else Severity.WARNING,
                suspects=("head_activation", "loss") if r.is_multi_label(contract) else self.suspects,
                evidence={"softmax units": head.axis_size} | r.label_evidence(contract) | r.losses_seen(contract),
                proof=("loss of what predict() returns",) if link == "logits" else ("softmax units",),
                fixes=self._fixes(snapshot, contract),
                output=contract.output,
            )

    def _message(self, snapshot, contract, link):
        count = contract.head.axis_size
        start = f"softmax over {count} units answers one question; `binary_crossentropy` asks {count} separate ones."
        if r.is_multi_label(contract):
            return f"{start} The labels mark several classes in a row, which softmax cannot give."
        if link == "logits":
            return (
                f"{start} On {r.backend_name(snapshot)} the loss goes round the softmax and trains {count} sigmoids; "
                "`predict()` returns a softmax that was not trained."
            )
        return (
            f"{start} Here the loss reads the softmax, clipped at 1e-7: "
            "a head that saturates on the wrong class gets no gradient to come back."
        )

    def _fixes(self, snapshot, contract):
        if r.is_multi_label(contract):
            return [r.several_labels(snapshot, contract)]
        wanted = r.crossentropy_for(contract)
        fixes = [r.fix(wanted, r.SAFE, r.one_of_many(snapshot, contract), "The head and what predict() returns stay as they are.")]
        if contract.head.axis_size == 2:
            fixes.append(r.binary_unit(snapshot, contract))
        return fixes
