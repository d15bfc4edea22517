"""The figure of a run: bands at their batches, and no trace left in the user's matplotlib."""

import io
import math
import subprocess
import sys

import matplotlib
import pytest
from PIL import Image
from runs import collapsed, healthy, hostile, recovered, run

from kerasdoctor.views.figure import draw, png


def spans(ax, gid):
    return [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches if (patch.get_gid() or "").startswith(gid)]


def test_incidents_are_shaded_from_their_batch_to_their_end():
    """Batch 31 is drawn from 30 to 31 on the axis: a band begins before its first batch and ends with its last."""
    figure = draw(collapsed())
    assert len(figure.axes) == 3
    for ax in figure.axes:
        assert spans(ax, "band") == [(30, 35), (35, 50), (50, 57)]
        assert spans(ax, "lost") == [(50, 57)]


def test_incidents_carry_code_and_epoch():
    words = [text.get_text() for text in draw(collapsed()).axes[0].texts]
    assert "1  KD503 progress lost, epoch 4" in words
    assert "loss is NaN" in words
    assert "best: epoch 2" in words and "kept: epoch 3" in words


def test_a_lost_value_is_never_drawn_as_a_number():
    """No line of the loss has a point inside the NaN stretch."""
    for line in draw(collapsed()).axes[0].lines:
        if line.get_transform() == line.axes.transData and len(line.get_xdata()) > 2:
            assert not [x for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True) if x > 50.5 and math.isfinite(y)]


def test_the_axis_spans_all_planned_epochs():
    assert draw(collapsed()).axes[0].get_xlim() == (0, 80)


@pytest.mark.parametrize(
    "made",
    [
        healthy(),
        recovered(),
        hostile(),
        run([]),
        run([2.0]),
        run([math.nan] * 20),
        run([-1.0, -5.0] * 10),
        run([0.0] * 20),
        run([1e300, 1e-300] * 20),
        run([1.0] * 5000, steps=1),
    ],
    ids=["healthy", "recovered", "hostile", "empty", "one batch", "all NaN", "negative", "zero", "runaway", "5000 epochs"],
)
def test_any_run_can_be_drawn(made):
    assert Image.open(io.BytesIO(png(made))).size == (1032, 588)


def test_the_users_settings_stay_as_they_are():
    """rcParams and the backend are the same before and after, and the user's style does not reach the figure."""
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30}):
        before = dict(matplotlib.rcParams)
        figure = draw(healthy())
        png(healthy())
        assert dict(matplotlib.rcParams) == before
    assert figure.axes[0].get_facecolor() == (1, 1, 1, 1)


def test_pyplot_is_not_imported():
    code = "import sys, kerasdoctor.views.figure as f; assert 'matplotlib.pyplot' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
