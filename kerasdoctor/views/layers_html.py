"""The table of layers in HTML: share of the parameters, output shape, activation, kernel histogram, marks of findings."""

from __future__ import annotations

import re

from kerasdoctor.views.escape import clip, escape
from kerasdoctor.views.marks import mark
from kerasdoctor.views.summary import layer_count, shape_text
from kerasdoctor.views.wording import count

# Above this many layers the table comes in blocks, and only those with findings are open.
OPEN_ROWS = 40
BLOCK_ROWS = 20
COLUMNS = (
    ("#", "wide"), ("name", "t"), ("layer", "t wide"), ("output", ""), ("activation", "t"), ("parameters", ""), ("share", "t share"),
    ("kernel", "wide"), ("finding", "t kd-flag"),
)  # fmt: skip


def layers(report, prefix):
    """The folded section of all layers, or nothing for a model that has none yet."""
    model = report.snapshot.model
    if not model.layers:
        return ""
    marks = _marks(report)
    shapes = ", ".join(" × ".join(shape_text(shape).split(", ")) for shape in model.input_shapes)
    title = f"Layers ({layer_count(model)}), parameters {model.parameters:,}" + (f", input {shapes}" if shapes else "")
    rows = [(layer, _row(layer, marks.get(layer.path, ()), model.parameters, prefix)) for layer in model.layers]
    opened = " open" if report.findings and len(rows) <= OPEN_ROWS else ""
    body = _table([row for _, row in rows]) if len(rows) <= OPEN_ROWS else "".join(_blocks(rows, marks))
    return f'<details class="kd-section"{opened}><summary>{title}</summary>{body}</details>'


def _blocks(rows, marks):
    for start in range(0, len(rows), BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        known = [layer for layer, _ in part]
        found = sum(len(marks.get(layer.path, ())) for layer in known)
        numbers = f"{_number(known[0])} to {_number(known[-1])}"
        said = f"{numbers}: {sum(layer.parameters for layer in known):,} parameters" + (f", {count(found, 'finding')}" if found else "")
        table = _table([row for _, row in part])
        yield f'<details class="kd-block"{" open" if found else ""}><summary>{said}</summary>{table}</details>'


def _table(rows):
    heads = "".join(f'<th scope="col" class="{style}"><span>{name}</span></th>' for name, style in COLUMNS)
    return (
        '<div class="kd-scroll" tabindex="0" role="region" aria-label="Layers"><table class="kd-layers">'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(layer, found, total, prefix):
    worst = f' class="kd-row-{found[0][1].severity}"' if found else ""
    share = layer.parameters / total if total else 0
    bar = f'<div class="kd-share"><i style="--v:{share:.2%}"></i><span>{100 * share:.1f} %</span></div>' if layer.parameters else ""
    flags = "".join(
        f'{mark(str(finding.severity), str(finding.severity))} <a href="#{prefix}-f{index}">{escape(finding.code)}</a> '
        for index, finding in found[:3]
    )
    return (
        f'<tr{worst}><td class="wide">{_number(layer)}</td><th scope="row"><code>{escape(clip(layer.name, 40))}</code></th>'
        f'<td class="t wide">{escape(clip(layer.kind, 40))}{_size(layer)}</td><td>{shape_text(layer.output_shape)}</td>'
        f'<td class="t">{escape(clip(layer.activation or "", 24))}</td>'
        f"<td{'' if layer.parameters else ' class=kd-quiet'}>{layer.parameters:,}{_frozen(layer)}</td>"
        f'<td class="share">{bar}</td><td class="wide">{_histogram(layer)}</td><td class="kd-flag">{flags}</td></tr>'
    )


def _number(layer):
    return ".".join(re.findall(r"\[(\d+)\]", layer.path))


def _size(layer):
    """The window of a convolution or pooling, the rate of a dropout."""
    for key in ("kernel_size", "pool_size"):
        size = layer.config.get(key)
        if isinstance(size, (tuple, list)) and all(isinstance(n, int) for n in size):
            return " " + "×".join(str(n) for n in size)
    rate = layer.config.get("rate")
    return f" {rate:g}" if isinstance(rate, (int, float)) and "Dropout" in layer.kind else ""


def _frozen(layer):
    return ' <span class="kd-quiet">frozen</span>' if layer.parameters and not layer.trainable else ""


def _histogram(layer):
    """Twelve bars of the kernel's values; their range is the label."""
    kernel = layer.kernel
    if kernel is None or not kernel.histogram:
        return ""
    if not kernel.finite:
        return '<span class="kd-bad">not finite</span>'
    top = max(kernel.histogram) or 1
    heights = [max(14 * number / top, 0.5 if number else 0) for number in kernel.histogram]
    bars = "".join(f"M{4 * index} 16v-{height:.1f}h3v{height:.1f}z" for index, height in enumerate(heights))
    said = f"{kernel.minimum:.3g} to {kernel.maximum:.3g}"
    label = f"kernel of {escape(clip(layer.name, 40))}: {said}"
    return f'<svg width="48" height="16" viewBox="0 0 48 16" role="img" aria-label="{label}"><title>{said}</title><path d="{bars}"/></svg>'


def _marks(report):
    """{layer path: [(index, finding), ...]}; a finding on the inputs marks the layers that read them."""
    feeds = [path for value in report.snapshot.inputs for path in value.feeds]
    marks = {}
    for index, finding in enumerate(report.findings):
        paths = feeds if finding.place.startswith("data.x") else [finding.place]
        for path in paths:
            marks.setdefault(path, []).append((index, finding))
    return marks
