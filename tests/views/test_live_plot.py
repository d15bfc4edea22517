"""The live panel without a browser: what goes out to the page, and what its buttons ask of the run."""

import json
import math

import pytest
from runs import HOSTILE, collapsed, healthy, hostile, run

from kerasdoctor.views import live_plot
from kerasdoctor.views.buckets import unpack
from kerasdoctor.views.live_plot import LivePanel


class Page:
    """A panel whose messages are kept, and what a page would hold after them."""

    def __init__(self, monkeypatch, watch):
        self.panel, self.sent = LivePanel(), []
        monkeypatch.setattr(self.panel, "send", lambda content, buffers=None: self.sent.append((content, buffers)))
        self.panel.update_seconds = 0.0
        self.panel.on_start(watch)

    def click(self, **message):
        self.panel._receive(self.panel, message, [])
        return self.sent[-1][0].get("text")


@pytest.fixture
def page(monkeypatch):
    return lambda watch: Page(monkeypatch, watch)


def batches(data, lines):
    return [row[1] for row in unpack(data, lines)]


@pytest.mark.parametrize("made", [collapsed, healthy, hostile, lambda: run([]), lambda: run([math.inf, math.nan] * 5)])
def test_the_state_is_strict_json(made, page):
    """NaN is no JSON: numbers that may be NaN go as text, or in the binary part."""
    state = page(made()).panel.state
    json.dumps(state, allow_nan=False)


def test_only_what_is_new_goes_out(page):
    """The second update holds the second half, as binary rows behind the first."""
    watch = healthy()
    later = {name: column[20:] for name, column in watch.series.items()}
    for column in watch.series.values():
        del column[20:]
    made = page(watch)
    assert batches(made.panel.points, 3) == list(range(1, 21))
    for name, column in later.items():
        watch.series[name].extend(column)
    made.panel.on_update(watch)
    content, buffers = made.sent[-1]
    assert content["starts"]["points"] == 20
    assert batches(buffers[0], 3) == list(range(21, 41))


def test_a_page_that_asks_gets_the_whole_run(page):
    made = page(collapsed())
    made.click(type="sync")
    content, buffers = made.sent[-1]
    assert content["full"] and content["starts"] == {"points": 0, "epochs": 0, "probes": 0}
    assert [bytes(data) for data in buffers] == [made.panel.points, made.panel.epochs, made.panel.probes]


def test_a_metric_that_appears_later_starts_the_tables_anew(page):
    """Keras names its metrics with the first batch; the panel is there before."""
    watch = healthy()
    column = watch.series.pop("accuracy")
    made = page(watch)
    assert made.panel.state["lines"] == ["loss"]
    watch.series["accuracy"] = column
    made.panel.on_update(watch)
    assert made.panel.state["lines"] == ["loss", "accuracy"]
    assert batches(made.panel.points, 3) == list(range(1, 41))


def test_updates_are_at_most_four_a_second(page):
    made = page(healthy())
    made.panel.update_seconds = 0.25
    for _ in range(10):
        made.panel.on_update(made.panel.watch)
    assert made.sent == []


def test_stop_and_roll_back_reach_the_run(page):
    watch = collapsed()
    watch.status = "running"
    made = page(watch)
    assert made.click(type="stop") == "Stopping after this batch."
    assert made.click(type="rollback", to="healthy", rate="0,003") == "Going back after this batch."
    assert made.click(type="rollback", to="healthy", rate="") == "Going back after this batch."
    assert watch.asked == ["stop", ("roll back", 0.003), ("roll back", None)]


@pytest.mark.parametrize("rate", ["fast", "-1", "0", "nan", "inf"])
def test_a_rate_that_is_none_is_refused(page, rate):
    watch = collapsed()
    watch.status = "running"
    assert page(watch).click(type="rollback", to="healthy", rate=rate).startswith("That did not work")
    assert watch.asked == []


def test_after_the_run_the_weights_are_put_back(page):
    watch = collapsed()
    assert page(watch).click(type="rollback", to="best", rate="") == "The model has the weights of epoch 2 again."
    assert watch.asked == [("restore", "best")]


def test_messages_of_other_kinds_are_left_alone(page):
    made = page(collapsed())
    for content in [{}, {"type": "_state"}, {"type": None}]:
        made.panel._receive(made.panel, content, [])
    assert made.sent == [] and made.panel.watch.asked == []


def test_the_page_never_reads_text_as_html():
    """Names of models and metrics are the user's: nothing in the script parses HTML."""
    source = (
        LivePanel._esm
        if isinstance(LivePanel._esm, str)
        else live_plot._source("twin.js", "live_table.js", "live_chart.js", "live_plot.js")
    )
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://", "import "):
        assert word not in source
    assert HOSTILE  # the browser tests type this name


def test_both_columns_have_the_same_fields():
    """buckets.py and live_table.js name the same places."""
    source = live_plot._source("twin.js", "live_table.js")
    assert "const FIELDS = 5, MINIMUM = 0, MAXIMUM = 1, MEAN = 2, WEIGHT = 3, LOST = 4;" in source
