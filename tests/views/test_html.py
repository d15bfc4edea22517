"""Reports as HTML: whole without a script, the same structure whatever the names in it, no id twice."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from cases import HOSTILE, KD101, case_a, case_b, clean, hostile

from kerasdoctor.snapshot import Model
from kerasdoctor.views.html import page, render, styles
from kerasdoctor.views.markdown import blocks, inline

VOID = {"input", "wbr", "meta", "br"}
# Elements that marks, colours and Markdown put around runs of text.
INLINE = {"code", "strong", "mark", "span", "p", "ul", "li", "wbr"}


class Outline(HTMLParser):
    """Tags with their attributes' names, ids, text, and end tags that match nothing."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.open, self.wrong, self.text, self.attributes = [], [], [], [], "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.text += data

    def of(self, tag, **wanted):
        names = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [found for kind, found in self.attributes if kind == tag and all(found.get(n) == v for n, v in names.items())]

    def blocks(self):
        return [tag for tag in self.tags if tag[0] not in INLINE]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_and_messages_cannot_change_the_structure_of_a_report(text):
    plain, drawn = Outline(render(hostile("plain"), "kd")), Outline(render(hostile(text), "kd"))
    assert drawn.blocks() == plain.blocks()
    assert not drawn.wrong and not drawn.open
    assert not [tag for tag, names in drawn.tags if tag in ("script", "img", "b" * 9) or any(name.startswith("on") for name in names)]


@pytest.mark.parametrize("text", HOSTILE)
def test_control_and_direction_characters_are_shown_as_escapes(text):
    html = page(hostile(text))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)


def test_no_id_occurs_twice_and_all_start_with_the_prefix():
    ids = Outline(render(case_b(), "kd-a")).ids
    assert len(ids) == len(set(ids)) and all(name.startswith("kd-a") for name in ids)


def test_two_reports_in_one_notebook_share_no_id():
    assert not set(Outline(render(case_b())).ids) & set(Outline(render(case_b())).ids)


def test_there_are_no_buttons_but_places_for_them():
    """A page without a kernel has none to press; panel.js makes them."""
    html = render(case_b(), "kd")
    assert "<button" not in html
    assert len(re.findall(r'class="kd-actions"[^>]* data-buttons="[a-z ]+"></', html)) == html.count('class="kd-actions"') > 2


def test_alternatives_are_radio_inputs_with_labels():
    outline = Outline(render(case_b(), "kd"))
    radios = outline.of("input", type="radio")
    assert [("checked" in radio) for radio in radios] == [True, False]
    assert [label["for"] for label in outline.of("label")] == [radio["id"] for radio in radios]


def test_the_break_is_drawn_at_the_head_and_its_link_only():
    outline = Outline(render(case_b(), "kd"))
    assert len(outline.of("li", data_rail="broken")) == 2
    assert not Outline(render(clean(), "kd")).of("li", data_rail="broken")


def test_the_number_that_proves_a_finding_has_the_red_edge():
    assert len(Outline(render(case_b(), "kd")).of("div", **{"class": "kd-off"})) == len(KD101.proof) + 1


def test_a_row_of_the_layer_table_links_to_its_finding():
    outline = Outline(render(case_b(), "kd"))
    assert [link["href"] for link in outline.of("a")] == ["#kd-f1", "#kd-f0"]
    assert {"kd-f0", "kd-f1"} <= set(outline.ids)


def test_the_section_tells_its_counts():
    assert Outline(render(case_b(), "kd")).of("section")[0]["aria-label"].endswith("1 error, 1 warning")
    assert Outline(render(clean(), "kd")).of("section")[0]["data-worst"] == "ok"


def test_a_model_of_many_layers_opens_only_the_blocks_with_findings():
    report = case_b()
    layers = tuple(replace(report.snapshot.model.layers[index % 9], path=f"layers[{index}]") for index in range(100))
    report.snapshot = replace(report.snapshot, model=replace(report.snapshot.model, layers=layers))
    blocks_drawn = Outline(render(report, "kd")).of("details", **{"class": "kd-block"})
    assert len(blocks_drawn) == 5 and sum("open" in block for block in blocks_drawn) == 1


def test_each_of_several_outputs_has_its_contract():
    report = case_b()
    first = report.snapshot.contracts[0]
    report.snapshot = replace(report.snapshot, contracts=(first, replace(first, output="other", index=1)))
    outline = Outline(render(report, "kd"))
    assert {"kd-contract0", "kd-contract1"} <= set(outline.ids)
    assert len(outline.of("li", data_rail="broken")) == 2


def test_a_model_that_was_never_built_is_drawn():
    report = clean()
    report.snapshot = replace(report.snapshot, model=Model("m", "MyModel", built=False), contracts=())
    assert "MyModel" in Outline(render(report, "kd")).text


def test_the_styles_are_inline_once_and_leave_the_watch_out():
    assert render(case_b(), "kd").count("<style>") == 1
    assert "kd-epochs" not in styles() and "kd-epochs" in styles(watch=True)


def test_a_page_needs_nothing_from_elsewhere():
    html = page(case_a())
    assert html.startswith("<!doctype html>") and "<script" not in html and not re.search(r'(?:src|href)="(?!#)', html)


def test_markdown_is_escaped_before_it_is_read():
    assert inline("`<b>` and **x < y**") == "<code>&lt;b&gt;</code> and <strong>x &lt; y</strong>"
    assert blocks("a\n\n- one\n  more\n- two\n\n```python\nx < 1\n```") == (
        "<p>a</p><ul><li>one more</li><li>two</li></ul><pre>x &lt; 1</pre>"
    )


def test_a_changed_word_is_marked_in_a_diff():
    html = render(case_b(), "kd")
    assert '<mark><span class="s">sigmoid</span></mark>' in html and '<mark><span class="s">softmax</span></mark>' in html
