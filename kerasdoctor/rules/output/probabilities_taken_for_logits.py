from kerasdoctor.finding import Severity
from kerasdoctor.rule import SnapshotRule
from kerasdoctor.rules.output import remedies as r


class ProbabilitiesTakenForLogits(SnapshotRule):
    """The loss is told from_logits=True, but the head already applies its activation.

    ## Why it hurts training

    - On JAX and torch, or on TensorFlow with any layer behind the head, the activation is applied twice. Softmax of values in [0, 1]
      can never be sure: for 3 classes the loss cannot fall below 0.551 = -ln(e / (e + 2)), and gradients are small.
    - On TensorFlow, with nothing behind the head, Keras finds the true logits and the loss is right; then this is only worth knowing.

    ## How it is detected

    `from_logits=True` on a cross-entropy behind a softmax or sigmoid. One batch tells whether the loss reads the logits. An error where it
    does not, an information where Keras repairs it.

    ## Example

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax"), layers.Reshape((3,))])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y)
    ```

    ## Fix

    ```python
    x, y = rng.random((64, 4)), rng.integers(0, 3, 64)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax"), layers.Reshape((3,))])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy())
    model.fit(x, y)
    ```
    """

    code = "KD106"
    severity = Severity.ERROR
    suspects = ("from_logits", "head_activation", "loss")
    explained_by = ("KD101", "KD102", "KD103", "KD104")

    def check(self, snapshot):
        for contract in snapshot.contracts:
            head, loss = contract.head, contract.loss
            if not (loss.is_crossentropy and loss.from_logits and head.ends_in(*r.PROBABILITIES)):
                continue
            repaired = r.link_of(snapshot, contract) == "logits"
            activation = head.activations[-1]
            yield self.finding(
                f"The head ends in {activation}, and the loss is told to expect logits."
                + (
                    f" {r.backend_name(snapshot)} finds the logits behind it, so training is right here; on JAX and torch it is not."
                    if repaired
                    else f" Here {'sigmoid' if loss.is_binary else 'softmax'} is applied a second time, and the loss cannot fall."
                ),
                "loss",
                severity=Severity.INFO if repaired else Severity.ERROR,
                evidence={"head": str(head), "from_logits": "True"} | r.losses_seen(contract),
                proof=("from_logits",),
                fixes=[
                    r.fix(
                        f"{loss.computes} without from_logits",
                        r.SAFE,
                        [r.loss(snapshot, contract, loss.computes)],
                        "predict() stays as it is.",
                    )
                ],
                output=contract.output,
            )
