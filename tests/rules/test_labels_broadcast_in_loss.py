from dataclasses import replace

import pytest

from kerasdoctor.rules.output.labels_broadcast_in_loss import LabelsBroadcastInLoss
from kerasdoctor.snapshot import Probe
from tests.rules.tables import BINARY, found, snapshot

NUMBERS = replace(BINARY, form="continuous", shape=(), counts={}, classes=None)
OWN_CLASS = """
class Own(keras.losses.Loss):
    def call(self, y_true, y_pred):
        {first}
        return keras.ops.mean(keras.ops.square(y_true - y_pred))

x = rng.normal(size=(64, 4)).astype("float32")
model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
model.compile("adam", Own())
model.fit(x, x[:, 0]{column}, epochs=100)
"""


def probed(in_column):
    healthy = snapshot(labels=NUMBERS)
    contract = replace(healthy.contracts[0], probe=Probe(rows=32, on_values=2.0, in_column=in_column))
    return replace(healthy, contracts=(contract,))


def test_own_loss_that_changes_with_a_column_of_labels_is_named():
    (finding,) = found(LabelsBroadcastInLoss, probed(1.5))
    assert finding.suspects[0] == "label_encoding"
    assert finding.fixes[0].edits


def test_same_number_and_losses_that_were_not_tried_are_left_alone():
    assert not found(LabelsBroadcastInLoss, probed(2.0))
    assert not found(LabelsBroadcastInLoss, probed(None))


@pytest.mark.keras
@pytest.mark.parametrize(
    ("first", "column", "speaks"),
    [("pass", "", True), ("pass", "[:, None]", False), ("y_true = keras.ops.reshape(y_true, (-1, 1))", "", False)],
)
def test_loss_classes_get_labels_as_they_are(first, column, speaks):
    from tests.rules.programs import codes, examine

    assert ("KD113" in codes(examine(OWN_CLASS.format(first=first, column=column)))) is speaks
