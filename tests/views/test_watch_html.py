"""The HTML of a finished run: no script, everything escaped, the picture inside."""

import re
from html.parser import HTMLParser

import pytest
from runs import HOSTILE, collapsed, healthy, hostile, recovered, run

from kerasdoctor.views.watch_html import render


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.attributes = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_names_stay_text():
    """A hostile name adds no element and no attribute, and is still readable."""
    parsed = Tags(render(hostile(), b"png", "kd"))
    assert [tag for tag in parsed.tags if tag in ("script", "img")] == ["img"]
    assert not [name for _, attributes in parsed.attributes for name in attributes if name.startswith("on")]
    assert '<img src=x onerror="alert(1)">' in parsed.text
    assert HOSTILE not in render(hostile())


@pytest.mark.parametrize("made", [collapsed, recovered, healthy, lambda: run([])])
def test_there_is_no_script_no_button_and_no_address(made):
    text = render(made(), b"png")
    assert not re.search(r"<script|<button|https?://|<canvas", text)


def test_the_picture_is_inside_and_told():
    parsed = Tags(render(collapsed(), b"\x89PNG"))
    (picture,) = [attributes for tag, attributes in parsed.attributes if tag == "img"]
    assert picture["src"] == "data:image/png;base64,iVBORw=="
    assert picture["alt"] == "loss and accuracy over batches: progress lost in epoch 4; collapsed in epoch 4; non-finite loss in epoch 6"


def test_without_a_picture_there_is_no_empty_box():
    assert "img" not in Tags(render(collapsed())).tags
    assert '<div class="kd-chart">' not in render(healthy())


def test_cells_tell_the_run():
    """One cell an epoch, in its state; the best epoch is marked, epochs that never came are empty."""
    cells = [attributes for tag, attributes in Tags(render(collapsed())).attributes if tag == "i"]
    assert [cell.get("data-s") for cell in cells] == ["fine", "fine", "fine", "collapsed", "collapsed", "nan", None, None]
    assert [i for i, cell in enumerate(cells) if "data-best" in cell] == [1]


def test_a_run_of_thousands_of_epochs_has_a_bounded_number_of_cells():
    made = run([1.0] * 4000, steps=1)
    assert Tags(render(made)).tags.count("i") <= 150
