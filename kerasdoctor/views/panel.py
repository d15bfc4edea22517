"""The report with working buttons: the HTML of html.py as the output, and a widget without a view that answers its clicks.

A widget's own output is lost when a notebook is reopened without its kernel ("model not found"). So the output is plain HTML, complete in
itself, and panel.js finds it in the page and shows the buttons for as long as the kernel lives.
"""

from __future__ import annotations

import re
import secrets
from importlib import resources
from pathlib import Path

import anywidget
import traitlets

from kerasdoctor.finding import CellPatch
from kerasdoctor.views import click, html, text
from kerasdoctor.views.escape import visible
from kerasdoctor.views.summary import source_of

MAGIC = re.compile(r"%%\S+[^\n]*(\n|$)")


class Panel(anywidget.AnyWidget):
    """The panel of one report. Show it with ``display``, or as the last value of a cell."""

    _esm = "\n".join(resources.files("kerasdoctor.views").joinpath(name).read_text(encoding="utf-8") for name in ("twin.js", "panel.js"))

    prefix = traitlets.Unicode().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(self, report):
        self.report = report
        self._requests = {}
        super().__init__(prefix=f"kd-{secrets.token_hex(4)}", texts=_texts(report))
        self._html = html.render(report, self.prefix)
        self.on_msg(lambda widget, message, buffers: self.answer(message))
        click.route_to_frontend_subshell(self)

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self._html, "text/plain": text.summary(self.report)}

    def answer(self, message):
        """Do what a button asks: ``{"type": "apply", "key": "0.1", "finding": 0, "fix": 1}``. A failure becomes the button's status."""
        actions = {
            "apply": self._apply,
            "run": self._run,
            "undo": self._undo,
            "explain": self._explain,
            "silence": self._silence,
            "save": self._save,
        }
        try:
            actions[message["type"]](message)
        except Exception as error:
            self._say(message, f"That did not work: {type(error).__name__}: {error}")

    def _apply(self, message):
        fix = self._finding(message).fixes[message["fix"]]
        patches, reason = self.report.cell_patches(fix)
        if not patches:
            self._say(message, reason or "There is no patch for this.")
            return
        again = f"Patched. Run {_cells(patches)} again. Undo takes it back."
        self._patch(message, patches, again, shown=["run", "undo"])

    def _run(self, message):
        patches, _ = self.report.cell_patches(self._finding(message).fixes[message["fix"]])

        def on_reply(reply):
            ended = "Ran." if reply.get("ok", True) else "Ran, and stopped at an error."
            said = {"running": "Running…", "ran": ended}.get(reply["type"]) or self._refusal(message, reply)
            self._say(message, said, ["undo"])

        click.run_cells([patch.id for patch in patches], on_reply)

    def _undo(self, message):
        def on_reply(reply):
            gone = reply["type"] == "undone"
            self._say(message, "Taken back." if gone else self._refusal(message, reply), [] if gone else None)

        click.undo(self._requests[message["key"]], on_reply)

    def _explain(self, message):
        finding = self._finding(message)
        self.send({"type": "page", "key": message["key"], "finding": message["finding"], "html": html.explanation(finding.code)})

    def _silence(self, message):
        finding = self._finding(message)
        comment = f"# kerasdoctor: ignore={finding.code}"
        cell = self._cell_of(finding)
        if cell is None or cell.id is None:
            self._say(message, f"Put this into the cell: {comment}")
            return
        magic = MAGIC.match(cell.text)
        start = magic.end() if magic else 0
        new = cell.text[:start] + comment + "\n" + cell.text[start:]
        said = f"Silenced in {_cells([cell.number])}. Undo in the cell takes it back."
        self._patch(message, [CellPatch(cell.number, cell.id, cell.text, new, "")], said)

    def _save(self, message):
        name = re.sub(r"[^\w.-]+", "-", self.report.model)[:60].strip("-.") or "model"
        path = Path(f"kerasdoctor-{name}.html")
        path.write_text(html.page(self.report), encoding="utf-8")
        self._say(message, f"Saved as {path}.")

    def _patch(self, message, patches, said, shown=()):
        """Send patches to the front end; its answer becomes the status."""
        if any(patch.id is None for patch in patches):
            self._say(message, self._refusal(message, {"type": "absent"}))
            return

        def on_reply(reply):
            done = reply["type"] == "patched"
            self._say(message, said if done else self._refusal(message, reply), list(shown) if done else None)

        self._requests[message["key"]] = click.send_patch(patches, on_reply)

    def _refusal(self, message, reply):
        if reply["type"] == "refused":
            return reply.get("reason") or "The notebook refused the patch."
        code = self._finding(message).code
        return f"This front end has no kerasdoctor extension: copy the patch, or run %kerasdoctor --fix {code}"

    def _say(self, message, said, shown=None):
        self.send({"type": "status", "key": message.get("key"), "text": visible(said)} | ({} if shown is None else {"shown": shown}))

    def _finding(self, message):
        return self.report.findings[message["finding"]]

    def _cell_of(self, finding):
        snapshot = self.report.snapshot
        span = source_of(finding.place, snapshot) or source_of("compile", snapshot) or source_of("fit", snapshot)
        return next((cell for cell in snapshot.cells if span and cell.number == span.cell), None)


def _texts(report):
    """{"finding.fix": text to copy}: the patched cells, in full."""
    texts = {}
    for index, finding in enumerate(report.findings):
        for number, fix in enumerate(finding.fixes):
            patches, _ = report.cell_patches(fix)
            if patches:
                texts[f"{index}.{number}"] = "\n\n".join(patch.new for patch in patches)
    return texts


def _cells(patches):
    numbers = [getattr(patch, "cell", patch) for patch in patches]
    said = " and ".join(f"[{number}]" for number in numbers if number is not None)
    return f"cell{'s' if len(numbers) > 1 else ''} {said}" if said else "the cell"
