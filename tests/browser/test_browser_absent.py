"""A page without the labextension, as VS Code and Colab are."""

import pytest


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """In the place of the session's server."""
    from lab_server import LabServer

    server = LabServer(tmp_path_factory.mktemp("server"), extension=None)
    yield server
    server.stop()


def test_a_page_without_the_labextension_is_absent_at_once(lab):
    # Far more patience than the test has: the page's own "no such target" must end the wait.
    ask = "from kerasdoctor.views import click\nclick.PATIENCE = 600\nheard = []\nclick.hello(heard.append)"
    wait = "import time\nend = time.time() + 20\nwhile time.time() < end and not heard: time.sleep(0.05)"
    lab.open([ask, wait])
    lab.run_cell(0)
    lab.run_cell(1)
    assert lab.kernel_value("heard, click.available()") == "([{'type': 'absent'}], False)"
