"""Browser tests: a JupyterLab server and a Chromium for the session, a fresh page for each test.

``lab`` is JupyterLab, ``lab_or_notebook`` JupyterLab and then Notebook 7. What a failed test leaves lies in ``artefacts/``.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

ARTEFACTS = Path(__file__).parent / "artefacts"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Notebook 7.6 throws these by itself, without any labextension.
NOTEBOOK_7_ERRORS = ("Cannot read properties of undefined (reading 'schema')", "Command 'filebrowser:open-path' not registered.")


def _missing():
    """Why the browser tests cannot run here, or nothing."""
    for module in ("playwright", "jupyterlab", "notebook"):
        if importlib.util.find_spec(module) is None:
            return f"{module} is not installed"
    return "" if _chromium() else "Chromium is not installed (looked for " + ", ".join(CHROMIUM_NAMES) + ")"


def _chromium():
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_collection_modifyitems(items):
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    reason = _missing() if here else ""
    for item in here:
        item.add_marker(pytest.mark.browser)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))
    # Last: while Playwright's synchronous interface is open, an event loop runs in this thread, and IPython cannot start its own.
    items[:] = [item for item in items if item not in here] + here


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.when == "call":
        item.stash[_failed] = report.failed


_failed = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    from lab_server import LabServer

    server = LabServer(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browsing(chromium, request):
    """A fresh browser profile, whose trace is kept when the test fails."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.tracing.start(screenshots=False, snapshots=True)
    yield context
    if request.node.stash.get(_failed, True):
        context.tracing.stop(path=_artefacts(request.node) / "trace.zip")
    context.close()


@pytest.fixture
def new_page(server, browsing, request):
    """Opens pages on the server: ``new_page("lab")``. An exception in a page fails the test."""
    from notebook_page import NotebookPage

    pages = []

    def new_page(interface):
        pages.append(NotebookPage(browsing.new_page(), server, interface, _artefacts(request.node)))
        return pages[-1]

    yield new_page
    for number, page in enumerate(pages):
        if request.node.stash.get(_failed, True):
            page.screenshot(f"page-{number}")
            _artefacts(request.node).joinpath(f"console-{number}.txt").write_text("\n".join([*page.errors, *page.console]))
        page.page.close()
    server.clear()
    assert not [error for page in pages for error in page.errors if error not in NOTEBOOK_7_ERRORS]


@pytest.fixture
def lab(new_page):
    return new_page("lab")


@pytest.fixture(params=["lab", "notebook"])
def lab_or_notebook(request, new_page):
    return new_page(request.param)


def _artefacts(item):
    return ARTEFACTS / re.sub(r"[^\w-]+", "_", item.name).strip("_")
