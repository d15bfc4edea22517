"""The kernel's half of one click, over a comm that a test answers."""

from __future__ import annotations

import comm
import pytest

from kerasdoctor.finding import CellPatch
from kerasdoctor.views import click

PATCHES = [CellPatch(cell=1, id="a", old="x = 1", new="x = 2", diff=""), CellPatch(cell=2, id="b", old="y = 1", new="y = 2", diff="")]


class FrontEnd(comm.base_comm.BaseComm):
    """A comm that keeps what it sends and says what a test makes it say."""

    opened: list[FrontEnd] = []

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        if msg_type == "comm_open":
            self.request = data
            FrontEnd.opened.append(self)

    def says(self, **reply):
        self.handle_msg({"content": {"data": reply}})


class Clock:
    """Stands for threading.Timer: goes off when a test says so."""

    running: list[Clock] = []

    def __init__(self, seconds, action):
        self.seconds, self._action = seconds, action

    def start(self):
        Clock.running.append(self)

    def cancel(self):
        if self in Clock.running:
            Clock.running.remove(self)

    def go_off(self):
        Clock.running.remove(self)
        self._action()


@pytest.fixture(autouse=True)
def front_end(monkeypatch):
    monkeypatch.setattr(FrontEnd, "opened", [])
    monkeypatch.setattr(Clock, "running", [])
    monkeypatch.setattr(comm, "create_comm", FrontEnd)
    monkeypatch.setattr(click.threading, "Timer", Clock)
    monkeypatch.setattr(click, "_available", None)
    return FrontEnd.opened


def test_a_patch_travels_in_the_opening_message_and_its_answer_comes_back(front_end):
    heard = []
    request = click.send_patch(PATCHES, heard.append)
    changes = [{"cell_id": "a", "old": "x = 1", "new": "x = 2"}, {"cell_id": "b", "old": "y = 1", "new": "y = 2"}]
    assert front_end[0].request == {"type": "patch", "request": request, "cells": changes}
    front_end[0].says(type="patched", cells=["a", "b"])
    assert heard == [{"type": "patched", "cells": ["a", "b"]}]
    assert click.available() is True
    assert not Clock.running


def test_undo_asks_for_the_old_texts_where_the_new_ones_are(front_end):
    request = click.send_patch(PATCHES[:1], [].append)
    click.undo(request, [].append)
    assert front_end[1].request["type"] == "undo"
    assert front_end[1].request["cells"] == [{"cell_id": "a", "old": "x = 2", "new": "x = 1"}]


def test_no_answer_in_three_seconds_is_absent(front_end):
    heard = []
    click.hello(heard.append)
    assert click.available() is None
    (clock,) = Clock.running
    assert clock.seconds == 3
    clock.go_off()
    assert heard == [{"type": "absent"}]
    assert click.available() is False


def test_a_front_end_that_closes_the_comm_shortens_the_wait(front_end):
    heard = []
    click.hello(heard.append)
    front_end[0].handle_close({})
    (clock,) = Clock.running
    assert clock.seconds < 1
    clock.go_off()
    assert heard == [{"type": "absent"}]


def test_a_late_answer_still_arrives(front_end):
    heard = []
    click.send_patch(PATCHES, heard.append)
    Clock.running[0].go_off()
    front_end[0].says(type="patched", cells=["a", "b"])
    assert [reply["type"] for reply in heard] == ["absent", "patched"]
    assert click.available() is True


def test_the_first_of_two_answers_counts(front_end):
    heard = []
    click.send_patch(PATCHES, heard.append)
    front_end[0].says(type="patched", cells=["a", "b"])
    front_end[0].says(type="refused", reason="cell [4] was edited since it ran")
    assert [reply["type"] for reply in heard] == ["patched"]


def test_running_is_followed_by_ran(front_end):
    heard = []
    click.run_cells(["a"], heard.append)
    front_end[0].says(type="running", cells=["a"])
    assert not Clock.running
    front_end[0].says(type="ran", cells=["a"], ok=True)
    assert [reply["type"] for reply in heard] == ["running", "ran"]


def test_the_fix_for_busy_kernels_leaves_other_comms_alone():
    class Widget:
        comm = None

    click.route_to_frontend_subshell(Widget())
    comm_of_7_4 = FrontEnd(primary=False)
    comm_of_7_4._reply_subshell_for = lambda data, default: "the busy shell"
    click.route_to_frontend_subshell(comm_of_7_4)
    assert comm_of_7_4._reply_subshell_for({}, "the browser's") == "the browser's"
