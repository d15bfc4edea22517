"""A notebook in a real browser, as a user has it: JupyterLab or Notebook 7 in Chromium."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

SECONDS = 60
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark", "high contrast": "JupyterLab Dark High Contrast"}

# What the expressions of this file begin with. Names of Lab's own objects: NotebookPanel, Notebook, Cell.
_PANEL = "const app = window.jupyterapp, panel = app.shell.currentWidget, cell = (i) => panel.content.widgets[i];"
_READY = "() => { const panel = window.jupyterapp?.shell?.currentWidget; return !!panel?.content?.widgets && panel.context.isReady; }"
_IDLE = f"() => {{ {_PANEL} return panel.sessionContext.session?.kernel?.status === 'idle'; }}"


class NotebookPage:
    """``interface`` is "lab" or "notebook". Every wait ends after a minute with an error."""

    def __init__(self, page: Page, server, interface: str, artefacts: Path):
        self.page = page
        self.interface = interface
        self.server = server
        self.console: list[str] = []
        self.errors: list[str] = []
        self._artefacts = artefacts
        page.set_default_timeout(SECONDS * 1000)
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    # Opening

    def open(self, cells: list[str] | None = None, name: str = "book.ipynb"):
        """Open a notebook, written first when ``cells`` are given, and wait for its kernel."""
        if cells is not None:
            self.server.write_notebook(name, cells)
        path = f"/lab/tree/{name}?reset" if self.interface == "lab" else f"/notebooks/{name}"
        self.page.goto(self.server.url + path)
        self.wait_until_idle()

    def open_beside(self, cells: list[str], name: str):
        """Open one more notebook in this JupyterLab, which becomes the current one."""
        self.server.write_notebook(name, cells)
        self._evaluate(f"await app.commands.execute('docmanager:open', {{path: {name!r}}});")
        self.page.wait_for_function("name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=name)
        self.wait_until_idle()

    def show(self, name: str):
        """Bring an open notebook of this JupyterLab to the front."""
        self._evaluate(f"await app.commands.execute('docmanager:open', {{path: {name!r}}});")
        self.page.wait_for_function("name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=name)

    def reload(self):
        self.save()
        self.page.reload()
        self.wait_until_idle()

    def save(self):
        self._evaluate("await panel.context.save();")

    def restart_kernel(self):
        self._evaluate("await panel.sessionContext.session.kernel.restart();")
        self.wait_until_idle()

    def wait_until_idle(self):
        try:
            self.page.wait_for_function(_READY)
            self.page.wait_for_selector(".jp-Notebook:visible .jp-CodeCell")
            self.page.wait_for_function(_IDLE)
        except Exception as error:
            # A labextension that fails to load shows only as a blank page and here.
            raise AssertionError("\n".join([f"No notebook with an idle kernel: {error}", *self.errors, *self.console])) from error

    # Cells, by their place from 0

    def run_cell(self, index: int):
        """Run one cell and wait until it has ended."""
        self._evaluate(f"panel.content.activeCellIndex = {index}; await app.commands.execute('notebook:run-cell');")

    def start_cell(self, index: int):
        """Run one cell and come back once its kernel is busy."""
        self._evaluate(f"panel.content.activeCellIndex = {index}; void app.commands.execute('notebook:run-cell');")
        self.page.wait_for_function(f"() => {{ {_PANEL} return panel.sessionContext.session.kernel.status === 'busy'; }}")

    def cell_text(self, index: int) -> str:
        return self._evaluate(f"return cell({index}).model.sharedModel.getSource();")

    def wait_for_cell_text(self, index: int, text: str):
        self._wait(f"cell({index})?.model.sharedModel.getSource() === arg", text)

    def cell_count(self) -> int:
        return self._evaluate("return panel.content.widgets.length;")

    def execution_count(self, index: int) -> int | None:
        return self._evaluate(f"return cell({index}).model.executionCount;")

    def wait_for_execution_count(self, index: int, count: int):
        self._wait(f"cell({index}).model.executionCount === arg", count)

    def type_at_end(self, index: int, text: str):
        """Type at the end of a cell, key by key."""
        self._focus(index)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def delete_cell(self, index: int):
        self._evaluate(f"panel.content.activeCellIndex = {index}; await app.commands.execute('notebook:delete-cell');")

    def undo(self, index: int):
        """Ctrl+Z in the cell."""
        self._focus(index)
        self.page.keyboard.press("Control+z")

    def _focus(self, index):
        self._evaluate(f"panel.content.activeCellIndex = {index}; panel.content.mode = 'edit'; cell({index}).editor.focus();")
        expect(self.page.locator(".jp-Cell.jp-mod-active .cm-content")).to_be_focused()

    # Outputs

    def outputs(self, index: int) -> list[dict]:
        """The outputs as nbformat has them."""
        return self._evaluate(f"return cell({index}).model.outputs.toJSON();")

    def output_text(self, index: int) -> str:
        """What a reader sees in the output, text only."""
        return self.output(index).inner_text()

    def output(self, index: int):
        """Locator of a cell's output area."""
        return self.page.locator(".jp-Notebook:visible .jp-Cell").nth(index).locator(".jp-Cell-outputArea")

    def button(self, name: str, index: int | None = None):
        """Locator of the last button with this name, in one cell's output or on the page."""
        return (self.page if index is None else self.output(index)).get_by_role("button", name=name, exact=True).last

    def click(self, name: str, index: int | None = None):
        self.button(name, index).click()

    def wait_for_text(self, text: str):
        """Wait until this text is to be seen in the open notebook's outputs."""
        expect(self.page.locator(".jp-Notebook:visible .jp-OutputArea").filter(has_text=text).first).to_be_visible(timeout=SECONDS * 1000)

    # Looks

    def set_theme(self, name: str):
        """ "light", "dark" or "high contrast"."""
        theme = THEMES[name]
        self._evaluate(f"await app.commands.execute('apputils:change-theme', {{theme: {theme!r}}});")
        self.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)

    def set_output_width(self, width: int, index: int):
        """Make a cell's output this many pixels wide, by the width of the window."""
        if self.interface == "lab":
            self._evaluate("app.shell.collapseLeft(); app.shell.collapseRight();")
        output = self.output(index).locator(".jp-OutputArea-output").first
        for _ in range(4):
            now = output.bounding_box()["width"]
            if abs(now - width) < 1:
                return
            size = self.page.viewport_size
            self.page.set_viewport_size({"width": round(size["width"] + width - now), "height": size["height"]})
            self._wait("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))")
        raise AssertionError(f"The output is {now} pixels wide, not {width}")

    def screenshot(self, name: str) -> Path:
        path = self._artefacts / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
        return path

    # Beneath

    def kernel_value(self, expression: str) -> str:
        """The repr of an expression in the notebook's kernel, once that is idle."""
        result = self._evaluate(
            "const asked = panel.sessionContext.session.kernel.requestExecute("
            f"{{code: '', silent: true, store_history: false, user_expressions: {{value: {expression!r}}}}});"
            "return (await asked.done).content.user_expressions.value;"
        )
        assert result["status"] == "ok", result
        return result["data"]["text/plain"]

    def _evaluate(self, body: str):
        late = f"new Promise((_, reject) => setTimeout(() => reject(new Error('no end after {SECONDS} s')), {SECONDS * 1000}))"
        return self.page.evaluate(f"() => Promise.race([(async () => {{ {_PANEL} {body} }})(), {late}])")

    def _wait(self, condition: str, arg=None):
        self.page.wait_for_function(f"(arg) => {{ {_PANEL} return {condition}; }}", arg=arg)
