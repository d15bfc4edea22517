"""How far a head can move in a training: what a linear head can answer after so many steps of so small a rate."""

from __future__ import annotations

import math

from kerasdoctor.rules.data.scale import NORMALISING, scale_read

# Their steps are about the learning rate for every weight, whatever the size of the gradient.
STEP_IS_RATE = ("Adam", "AdamW", "Adamax", "Nadam", "RMSprop", "Adagrad", "Ftrl", "Lion", "Lamb", "Adafactor")
BOUNDED = ("sigmoid", "tanh", "softmax", "hard_sigmoid", "softsign", "hard_tanh", "relu6")
RECURRENT = ("LSTM", "GRU", "SimpleRNN", "Bidirectional", "ConvLSTM2D")
UNKNOWN_EPOCHS = 1_000  # fit without ``epochs`` may stand in a loop


def updates_of(fit):
    """Updates of the whole training, None where it is not known how long it is."""
    if fit is None or fit.steps is None:
        return None
    given = "epochs" in fit.arguments or fit.epochs > 1
    return fit.steps * (max(fit.epochs - fit.initial_epoch, 0) if given else UNKNOWN_EPOCHS)


def reach(snapshot, contract):
    """The size that the head's output can grow to if every step of every weight went the right way; None where that is not known.

    With s = rate x updates, a weight moves by s at most: a layer of F inputs of size h gives at most h (1 + F s), down to the first
    layer or the last bounded one (whose outputs are of size 1), and the head s (1 + H h). It ends the training in sight of targets of
    that size at the very best; targets at a third of it were met in our runs, targets of twice its size never.
    """
    updates, optimizer = updates_of(snapshot.fit), snapshot.optimizer
    head = snapshot.model.layer(contract.head.layer) if contract.head.layer else None
    if updates is None or optimizer is None or not optimizer.learning_rate or optimizer.kind not in STEP_IS_RATE:
        return None
    if head is None or head.kernel is None or not snapshot.model.graph:
        return None
    moved = optimizer.learning_rate * updates
    return moved * (1 + _fan_in(head) * _size_below(snapshot, head, moved))


def _fan_in(layer):
    return math.prod(layer.kernel.shape[:-1])


def _size_below(snapshot, layer, moved, depth=0):
    """The largest size of what a layer reads, after every weight below it has moved."""
    feeders = snapshot.model.feeders(layer)
    if not feeders or depth > 200:
        return max((1.0, *(scale_read(values) or 1.0 for values in snapshot.inputs)))
    return max(_size_after(snapshot, feeder, moved, depth) for feeder in feeders)


def _size_after(snapshot, layer, moved, depth):
    if layer.kind in (*NORMALISING, *RECURRENT) or layer.activation in BOUNDED:
        return 1.0 if layer.activation != "relu6" else 6.0
    below = _size_below(snapshot, layer, moved, depth + 1)
    if layer.kernel is None or layer.kind == "Embedding" or not layer.trainable:
        return below
    return below * (1 + _fan_in(layer) * moved)
