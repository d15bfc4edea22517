"""A Report as JSON-ready values: what the tests of the capture compare."""

from __future__ import annotations

import dataclasses


def outline(report):
    return {
        "codes": {finding.code: str(finding.severity) for finding in report.findings},
        "messages": {finding.code: finding.message for finding in report.findings},
        "notes": list(report.notes),
        "graph": report.snapshot.model.graph,
        "built": report.snapshot.model.built,
        "layers": [layer.path for layer in report.snapshot.model.layers],
        "contracts": [contract_outline(contract) for contract in report.snapshot.contracts],
    }


def contract_outline(contract):
    facts = dict(
        output=contract.output,
        head=str(contract.head),
        path=contract.head.layer,
        activations=list(contract.head.activations),
        after=list(contract.head.after),
        axis_size=contract.head.axis_size,
        loss=contract.loss.name,
        computes=contract.loss.computes,
        decoded=contract.loss.decoded,
        from_logits=contract.loss.from_logits,
        weight=contract.loss.weight,
        labels=contract.labels.form if contract.labels else None,
        metrics=[metric.name for metric in contract.metrics],
        link=contract.link,
    )
    probe = dataclasses.asdict(contract.probe) if contract.probe else {}
    kept = ("trained_as", "row_sum_min", "row_sum_max", "finite", "error", "seen", "on_values", "minimum", "maximum")
    return facts | {name: probe.get(name) for name in kept}
