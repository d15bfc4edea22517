"""The panel above a traceback: a report's panel that shows only what explains the error."""

from __future__ import annotations

from kerasdoctor.views import error_view
from kerasdoctor.views.panel import Panel


class ErrorPanel(Panel):
    """Show it with ``display``; its buttons are those of the report."""

    def __init__(self, report):
        super().__init__(report)
        self._html = error_view.html(report, self.prefix)

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self._html, "text/plain": error_view.text(self.report)}
