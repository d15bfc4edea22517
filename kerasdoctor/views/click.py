"""The kernel's half of one click: asks the labextension to change, run or add cells, and passes its answer on.

Every request opens a comm of its own and travels in the opening message, so a page that was reloaded or opened later answers as well
as the first one. Nothing here blocks: the answer comes to ``on_reply``, on a subshell's thread where the kernel has subshells, also while
a cell runs, and after the cell where it has none.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence

from ..finding import CellPatch

Reply = dict
OnReply = Callable[[Reply], None]

TARGET = "kerasdoctor"
# An answer takes 0.1 s, and 1 s where the page must first start a subshell; 3 s is as long as a click may seem to do nothing.
PATIENCE = 3.0
# A front end without the labextension closes the comm at once; another page with it may still answer.
PATIENCE_AFTER_CLOSE = 0.5
ABSENT = {"type": "absent"}

_available: bool | None = None
_patches: dict[str, list[dict]] = {}


def available() -> bool | None:
    """Whether a labextension answered the last request; None before the first answer."""
    return _available


def hello(on_reply: OnReply = lambda reply: None) -> str:
    """Ask for a sign of life: ``{"type": "hello", "version": ...}``, or ``{"type": "absent"}`` after three seconds."""
    return _Request({"type": "hello"}, on_reply).id


def send_patch(cell_patches: Sequence[CellPatch], on_reply: OnReply) -> str:
    """Replace the text of all these cells, or of none: the answer is "patched" (cells), "refused" (reason) or "absent".

    An answer can still follow an "absent", from a kernel without subshells. Returns the request's id, for ``undo``.
    """
    changes = [{"cell_id": patch.id, "old": patch.old, "new": patch.new} for patch in cell_patches]
    return _change("patch", changes, on_reply)


def undo(request: str, on_reply: OnReply) -> str:
    """Put the old texts of a patch back where the cells still hold the new ones: "undone", "refused" or "absent"."""
    changes = [{"cell_id": change["cell_id"], "old": change["new"], "new": change["old"]} for change in _patches[request]]
    return _change("undo", changes, on_reply)


def run_cells(ids: Sequence[str], on_reply: OnReply) -> str:
    """Run cells in this order, after what runs now: "running" at once, then "ran" (ok); or "refused" or "absent"."""
    return _Request({"type": "run", "cells": list(ids)}, on_reply).id


def new_cell(after_id: str, text: str, on_reply: OnReply) -> str:
    """Put a code cell below a cell, without running it: "inserted" (cell), "refused" or "absent"."""
    return _Request({"type": "new_cell", "after": after_id, "text": text}, on_reply).id


def route_to_frontend_subshell(widget_or_comm) -> None:
    """Let messages from the browser arrive while a cell runs.

    ipykernel 7.4 sends them to the shell that last published on the comm, which is the busy one, instead of the subshell that the
    browser asked for (``ipykernel/comm/comm.py``). Private there, so a no-op where it is missing.
    """
    comm = getattr(widget_or_comm, "comm", widget_or_comm)
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default


def _change(kind: str, changes: list[dict], on_reply: OnReply) -> str:
    request = _Request({"type": kind, "cells": changes}, on_reply)
    _patches[request.id] = changes
    return request.id


class _Request:
    """One request, its comm and its clock."""

    def __init__(self, message: dict, on_reply: OnReply):
        self.id = uuid.uuid4().hex
        self._on_reply = on_reply
        self._heard = self._ended = False
        self._clock: threading.Timer | None = None
        self._wait(PATIENCE)
        self._open(message | {"request": self.id})

    def _open(self, message: dict) -> None:
        """Never closed: JupyterLab deletes a target's subshell, answers on their way included, together with its last comm."""
        from comm import create_comm

        # Not primary: a primary comm opens itself before it has its callbacks.
        comm = create_comm(target_name=TARGET, primary=False)
        comm.on_msg(lambda received: self._receive(received["content"]["data"]))
        comm.on_close(lambda received: self._wait(PATIENCE_AFTER_CLOSE))
        route_to_frontend_subshell(comm)
        comm.open(data=message)

    def _wait(self, seconds: float) -> None:
        if self._clock:
            self._clock.cancel()
        if not self._heard:
            self._clock = threading.Timer(seconds, self._give_up)
            self._clock.daemon = True
            self._clock.start()

    def _give_up(self) -> None:
        global _available
        if not self._heard:
            _available = False
            self._on_reply(dict(ABSENT))

    def _receive(self, reply: Reply) -> None:
        global _available
        # Two browsers may both answer: the first counts.
        if self._ended:
            return
        _available = self._heard = True
        self._ended = reply["type"] != "running"
        if self._clock:
            self._clock.cancel()
        self._on_reply(reply)
