"""What explains an error, as text and as HTML: the findings alone, without the model's contract."""

from __future__ import annotations

import secrets

from kerasdoctor.views import html as report_html
from kerasdoctor.views import text as report_text
from kerasdoctor.views.escape import escape, visible
from kerasdoctor.views.summary import worst

HEADING = "kerasdoctor: why this cell stopped"


def text(report):
    """For a terminal: a heading, and each finding with its diff; how to get the patched cell."""
    blocks = [HEADING, *(report_text._finding(report, finding) for finding in report.findings)]
    patched = [finding.code for finding in report.findings if any(report.cell_patches(fix)[0] for fix in finding.fixes)]
    if patched:
        blocks.append(f"%kerasdoctor --fix {patched[0]} puts the patched cell below; --explain {patched[0]} says more.")
    return visible("\n\n".join(blocks) + "\n")


def html(report, prefix=None):
    """One element and its styles, built as the report's: panel.js finds its places for buttons."""
    prefix = prefix or f"kd-{secrets.token_hex(4)}"
    findings = "".join(report_html._finding(report, index, finding, prefix) for index, finding in enumerate(report.findings))
    return (
        f"<style>{report_html.styles()}</style>"
        f'<section class="kd" id="{prefix}" data-worst="{worst(report)}" data-lm-suppress-shortcuts="true" aria-label="{escape(HEADING)}">'
        f"{report_html._head(report)}{findings}{report_html._notes(report)}</section>"
    )
