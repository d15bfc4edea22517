"""The contract of one output in HTML: the chain, what it means here and elsewhere, and real rows of ``predict()``."""

from __future__ import annotations

from kerasdoctor.views.chain import chain_of
from kerasdoctor.views.escape import clip, escape
from kerasdoctor.views.markdown import inline
from kerasdoctor.views.marks import STROKES, heading, mark
from kerasdoctor.views.wording import count, elsewhere, here, off_sum, output_title, predictions

COLUMNS = 8
UNKNOWN = '<span class="kd-unknown" role="img" aria-label="not known">?</span>'
OPEN_OUTPUTS = 3


def contracts(report, prefix):
    """Every output's contract; from the fourth output on, whole ones are folded."""
    drawn = []
    for contract in report.snapshot.contracts:
        chain = chain_of(report, contract)
        whole = all(station.state in ("ok", "unknown") for station in chain.stations)
        drawn.append(_contract(report, contract, chain, prefix, folded=whole and len(report.snapshot.contracts) > OPEN_OUTPUTS))
    return "".join(drawn)


def _contract(report, contract, chain, prefix, folded):
    rows = f", tested on {count(contract.probe.rows, 'row')}" if contract.probe and contract.probe.rows else ""
    title = f"Contract of {inline(clip(output_title(contract), 60))}{rows}"
    body = f'<ol class="kd-chain">{_stations(chain)}</ol>{_readings(report, contract)}'
    if folded:
        return f'<details class="kd-section"><summary>{title}</summary>{body}</details>'
    name = f"{prefix}-contract{contract.index}"
    label = f'<div class="kd-label" role="heading" aria-level="3" id="{name}">{title}</div>'
    return f'<div class="kd-section" role="group" aria-labelledby="{name}">{label}{body}</div>'


def _stations(chain):
    html = []
    for index, station in enumerate(chain.stations):
        bad = station.state in ("error", "warning", "broken")
        rail = ' data-rail="broken"' if index in chain.broken else ""
        html.append(
            f'<li{rail}{" class=kd-bad" if bad else ""}><span class="kd-node">{_node(station.state)}</span> '
            f'<span class="kd-label">{station.kind}</span> <b>{_breakable(clip(station.value, 60))}</b> '
            f'<span class="kd-say">{inline(clip(station.caption, 200))}</span></li>'
        )
    return "".join(html)


def _node(state):
    if state == "broken":
        return STROKES
    if state == "unknown":
        return UNKNOWN
    return mark(state, "fits" if state == "ok" else state)


def _breakable(name):
    return escape(name).replace("_", "_<wbr>")


def _readings(report, contract):
    backend = report.snapshot.backend
    said = [reading for reading in (here(contract, backend), elsewhere(contract, backend)) if reading]
    returned = predictions(contract)
    left = "".join(f"<div>{heading(4, mark(one.severity) + ' ', inline(one.title))}<p>{inline(one.text)}</p></div>" for one in said)
    right = f"{heading(4, mark(returned.severity) + ' ', inline(returned.title))}{_sample(contract)}" if returned else ""
    if not left and not right:
        return ""
    return f'<div class="kd-readings">{f"<div>{left}</div>" if left else ""}{f"<div>{right}</div>" if right else ""}</div>'


def _sample(contract):
    """Real rows of ``predict()``, with their sums where those should be 1."""
    probe = contract.probe
    if not probe.sample:
        return ""
    width = min(COLUMNS, max(len(row) for row in probe.sample))
    cut = any(len(row) > width for row in probe.sample)
    shares = contract.head.ends_in("sigmoid", "softmax") and not contract.head.after
    size = contract.head.axis_size or contract.head.units or 0
    summed = shares and 1 < size == len(probe.sample[0])
    heads = "".join(f'<th scope="col">{column}</th>' for column in range(width)) + ('<th scope="col">…</th>' if cut else "")
    heads += '<th scope="col" class="kd-sum">sum</th>' if summed else ""
    body = "".join(_row(index, row, width, cut, shares, summed, off_sum(contract)) for index, row in enumerate(probe.sample))
    return (
        f'<div class="kd-scroll"><table class="kd-predict"><thead><tr><th scope="col"><span class="kd-hidden">row</span></th>{heads}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _row(index, row, width, cut, shares, summed, off):
    cells = "".join(_cell(value, shares) for value in row[:width]) + ("<td>…</td>" if cut else "")
    if summed:
        wrong = " kd-bad" if off and abs(sum(row) - 1) > 0.01 else ""
        cells += f'<td class="kd-sum{wrong}">{sum(row):.3f}</td>'
    return f'<tr><th scope="row">row {index}</th>{cells}</tr>'


def _cell(value, shares):
    bar = f' style="--v:{value:.3f}"' if shares and 0 <= value <= 1 else ""
    return f"<td{bar}>{value:.3f}</td>" if abs(value) < 1e5 else f"<td>{value:.3g}</td>"
