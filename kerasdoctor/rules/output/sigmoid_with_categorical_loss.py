from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class SigmoidWithCategoricalLoss(SnapshotRule):
    """A sigmoid head of several units is trained with a categorical cross-entropy.

    ## Why it hurts training

    A sigmoid scores each class alone; a categorical cross-entropy compares the classes with each other and expects shares that sum to 1.

    - On TensorFlow, with nothing behind the head, Keras finds the logits behind the sigmoid and trains them with softmax
      cross-entropy. Training looks healthy, but `predict()` still returns sigmoids: scores that were never trained and do not sum to 1.
    - On JAX and torch, in half precision, or with any layer behind the head, the sigmoids are divided by their sum. That loss is blind
      to their common level: the outputs drift up together until several sit at exactly 1, where a sigmoid has no slope. On the curve:
      good epochs, then accuracy falls within two. When all units of a row reach 0 the loss is 0/0 = NaN, and so is every weight one
      step later.

    ## How it is detected

    The last activation before the output is a sigmoid over more than one unit, and the loss is (or is found by test to compute)
    categorical or sparse categorical cross-entropy. One batch tells whether the loss reads the logits or the sigmoids.
    It cannot see an activation inside a custom layer.

    ## Example

    ```python
    x, y = rng.random((64, 4)), np.eye(3)[rng.integers(0, 3, 64)]
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="sigmoid")])
    model.compile("adam", "categorical_crossentropy")
    model.fit(x, y)
    ```

    ## Fix

    One class a row: softmax. Several classes a row: keep the sigmoid and take binary cross-entropy.

    ```python
    x, y = rng.random((64, 4)), np.eye(3)[rng.integers(0, 3, 64)]
    model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "categorical_crossentropy")
    model.fit(x, y)
    ```

    ## References

    keras/src/backend/tensorflow/nn.py, `categorical_crossentropy`: divides by the sum, clips to [1e-7, 1 - 1e-7], takes the logarithm.
    """

    code = "KD101"
    severity = Severity.ERROR
    suspects = ("head_activation", "loss")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head, loss = contract.head, contract.loss
            categorical = loss.is_categorical or loss.is_sparse
            if not (head.ends_in("sigmoid", "hard_sigmoid") and (head.axis_size or 0) > 1 and categorical):
                continue
            link = r.link_of(snapshot, contract)
            if loss.from_logits and link != "logits":
                continue  # probabilities-taken-for-logits says it
            multi = r.is_multi_label(contract)
            evidence = {"sigmoid units": head.axis_size} | r.label_evidence(contract) | r.row_sums(contract) | r.losses_seen(contract)
            yield self.finding(
                self._message(snapshot, contract, link),
                r.place_of(contract),
                suspects=("loss", "head_activation") if multi else self.suspects,
                evidence=evidence,
                proof=("row sums of predict(), should be 1", "loss of what predict() returns"),
                fixes=self._fixes(snapshot, contract, multi),
                output=contract.output,
            )

    def _message(self, snapshot, contract, link):
        size, name = contract.head.axis_size, contract.loss.computes
        start = f"`{contract.head}` gives {size} separate yes/no scores; `{name}` expects one choice out of {size}."
        if link == "logits":
            return (
                f"{start} On {r.backend_name(snapshot)} the loss goes round the sigmoid and trains softmax; "
                "`predict()` returns sigmoids that were not trained."
            )
        return f"{start} Here the loss divides the sigmoids by their sum, a form that can collapse to NaN in mid-training."

    def _fixes(self, snapshot, contract, multi):
        softmax = r.fix(
            "softmax",
            r.UNSAFE,
            r.one_of_many(snapshot, contract),
            f"One class a row. predict() then returns {contract.head.axis_size} shares that sum to 1.",
        )
        alternatives = [softmax]
        if contract.labels is None or not contract.loss.is_sparse:
            alternatives.append(r.several_labels(snapshot, contract))
        return alternatives[::-1] if multi else alternatives
