"""The figure of a run that stays in a saved notebook: curves over batches, incidents marked, NaN hatched."""

from __future__ import annotations

import io
import math

import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullFormatter
from PIL import Image

from kerasdoctor.views import watch_outline
from kerasdoctor.views.escape import clip
from kerasdoctor.views.run_tables import RunTables, raw_line, smooth_line

STYLE = ["default", {"hatch.linewidth": 0.7}]  # the user's own style does not reach the figure
SIZE, DPI = (8.6, 4.9), 120
INK, QUIET, LINE, PAPER = "#14171a", "#5c6166", "#dadde0", "#ffffff"
RUN, OK = "#1565c0", "#00695c"
TONES = {"info": "#1d5a8f", "lost": "#8d4a00", "collapsed": "#b02a2a", "nan": "#b02a2a"}
TINTS = {"info": 0.08, "lost": 0.2, "collapsed": 0.12, "nan": 0.07}
LABELS = 4  # incidents spelt out above the chart; the text names all
ROW = 13  # points a label row is high


def draw(watch):
    """The run as a Figure with a canvas of its own: no pyplot, no change of backend or rcParams."""
    with matplotlib.style.context(STYLE):
        return _draw(watch)


def png(watch):
    """The figure as PNG bytes, 1032 x 588 pixels, on its own light background; 256 colours, which halves what the notebook keeps."""
    with matplotlib.style.context(STYLE):
        drawn, out = io.BytesIO(), io.BytesIO()
        _draw(watch).savefig(drawn, format="png", facecolor=PAPER)
    Image.open(drawn).convert("RGB").quantize(256).save(out, format="PNG", optimize=True)
    return out.getvalue()


def _draw(watch):
    tables = RunTables(watch)
    metric = next(iter(tables.lines[1:]), None)
    names = ["loss", *([metric] if metric else []), *(["gradient norm"] if tables.probes.rows else [])]
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    bands = watch_outline.bands(watch)
    top = 1 - (28 + ROW * max(min(len(bands), LABELS), 1)) / (SIZE[1] * 72)
    share = {"loss": 18, "gradient norm": 5}
    axes = figure.subplots(
        len(names),
        sharex=True,
        squeeze=False,
        gridspec_kw={
            "height_ratios": [share.get(name, 10) for name in names],
            "top": top,
            "bottom": 0.075,
            "left": 0.075,
            "right": 0.985,
            "hspace": 0.34,
        },
    )[:, 0]
    for ax, name in zip(axes, names, strict=True):
        _frame(ax, name)
        _bands(ax, bands, tables.lost.found)
        if name == "gradient norm":
            _gradient(ax, tables)
        else:
            _curve(ax, tables, name)
    _scale_loss(axes[0], tables)
    if metric:
        _scale_metric(axes[1], watch, metric, tables)
    _epochs(axes[-1], watch)
    _lost_words(axes[0], tables.lost.found)
    _labels(figure, axes, watch, bands)
    return figure


def _frame(ax, name):
    ax.set_facecolor(PAPER)
    ax.set_title(clip(name, 60), loc="left", parse_math=False, fontsize=8.5, fontweight="bold", color=INK, pad=3)
    ax.grid(axis="y", color=LINE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=8, colors=QUIET, length=3)
    for side, spine in ax.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(QUIET)


def _bands(ax, bands, lost):
    for band in bands:
        strength = TINTS[band.kind] * (0.5 if band.recovered else 1)
        patch = ax.axvspan(band.start - 1, max(band.end, band.start), color=TONES[band.kind], alpha=strength, linewidth=0, zorder=0.5)
        patch.set_gid(f"band {band.number}")
        ax.axvline(band.start - 1, color=TONES[band.kind], linewidth=1, linestyle=":" if band.recovered else "-", zorder=1)
    for first, last, _ in lost:
        # Colour with its own alpha: an alpha of the patch would take the hatching's strength as well.
        patch = ax.axvspan(first - 1, last, facecolor="none", edgecolor=(0.69, 0.16, 0.16, 0.45), hatch="////", linewidth=0, zorder=0.6)
        patch.set_gid("lost")


def _curve(ax, tables, name):
    places, values = raw_line(tables.points, name)
    ax.plot(places, values, color=RUN, linewidth=0.7, alpha=0.35, solid_joinstyle="round")
    places, values = smooth_line(tables.points, name)
    ax.plot(places, values, color=RUN, linewidth=1.5, marker="." if len(values) == 1 else None, label="training, smoothed")
    places, values = raw_line(tables.epochs, name)
    if len(values) > 60:
        ax.plot(places, values, color=INK, linewidth=0.9, linestyle="--", label="validation")
    elif any(not math.isnan(value) for value in values):
        ax.plot(places, values, "D", markersize=4, markerfacecolor=PAPER, markeredgecolor=RUN, markeredgewidth=1.1, label="validation")


def _gradient(ax, tables):
    places, values = raw_line(tables.probes, "gradient_norm")
    positive = [value for value in values if value > 0]
    if positive:
        ax.set_yscale("log")
        floor = max(min(positive), max(positive) * 1e-6)
        ax.set_ylim(floor / 2, max(positive) * 2)
        ax.yaxis.set_major_locator(FixedLocator([10.0 ** math.floor(math.log10(v)) for v in (floor, max(positive))]))
        _plain_numbers(ax)
        ax.plot(places, [max(value, floor / 2) for value in values], color=RUN, linewidth=1)
    zeros = [place for place, value in zip(places, values, strict=True) if value == 0]
    ax.plot(zeros, [0.06] * len(zeros), "|", color=TONES["nan"], markersize=5, markeredgewidth=2, transform=ax.get_xaxis_transform())


def _scale_loss(ax, tables):
    """A log scale where the loss allows it; its floor is a tenth of the smoothed line's lowest point, as in the live panel."""
    values = [value for value in raw_line(tables.points, "loss")[1] + raw_line(tables.epochs, "loss")[1] if not math.isnan(value)]
    smoothed = [value for value in smooth_line(tables.points, "loss")[1] if value > 0]
    if not values or min(values) < 0 or not smoothed:
        return
    ax.set_yscale("log")
    top = max(values) * 1.5
    ax.set_ylim(max(min(smoothed) / 10, min((v for v in values if v > 0), default=1e-9) / 1.5, top * 1e-9), top)
    ax.set_title("loss, log scale", loc="left", fontsize=8.5, fontweight="bold", color=INK, pad=3)
    _plain_numbers(ax)


def _plain_numbers(ax):
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.tick_params(axis="y", which="minor", length=0)


def _scale_metric(ax, watch, metric, tables):
    values = [value for value in raw_line(tables.points, metric)[1] if not math.isnan(value)]
    if metric == watch.run.accuracy or (values and min(values) >= 0 and 0.3 < max(values) <= 1):
        ax.set_ylim(0, 1.05)
        ax.yaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
    else:
        ax.yaxis.set_major_locator(MaxNLocator(4))
    if watch.run.chance is not None and metric == watch.run.accuracy:
        ax.axhline(watch.run.chance, color=QUIET, linewidth=0.9, linestyle=(0, (1, 2)))
        ax.annotate(
            f"chance {watch.run.chance:.2f}", (1, watch.run.chance), (0, 3), xycoords=("axes fraction", "data"), textcoords="offset points",
            fontsize=8, color=QUIET, ha="right",
        )  # fmt: skip


def _epochs(ax, watch):
    """Epoch numbers in the middle of their spans, ticks at the ends; batches where an epoch's length is not known."""
    steps, last = watch_outline.steps(watch), max(watch_outline.last_batch(watch), 1)
    planned = steps * watch_outline.epochs_planned(watch) if steps else last
    ax.set_xlim(0, max(planned, last))
    if not steps:
        ax.set_xlabel("batch", fontsize=8, color=QUIET)
        return
    count = math.ceil(max(planned, last) / steps)
    every = next((n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if count / n <= 28), count)
    first = watch.run.initial_epoch
    numbers = [i for i in range(1, count + 1) if every == 1 or (first + i) % every == 0]
    ax.xaxis.set_major_locator(FixedLocator([i * steps for i in range(0, count + 1, every)]))
    ax.xaxis.set_major_formatter(NullFormatter())
    ax.xaxis.set_minor_locator(FixedLocator([(i - 0.5) * steps for i in numbers]))
    ax.set_xticks([(i - 0.5) * steps for i in numbers], [str(first + i) for i in numbers], minor=True)
    ax.tick_params(axis="x", which="minor", length=0, labelsize=8, colors=QUIET)
    ax.annotate(
        "epoch", (0, 0), (-6, -10), xycoords="axes fraction", textcoords="offset points", fontsize=8, color=QUIET, ha="right", va="center"
    )


def _lost_words(ax, lost):
    _, width = ax.get_xlim()
    for first, last, word in lost:
        share = (last - first + 1) / width
        if share > 0.035:
            box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
            words = f"loss is {word}" if share > 0.085 else word
            ax.text((first + last) / 2, 0.4, words, transform=ax.get_xaxis_transform(), fontsize=8.5, fontweight="bold",
                    color=TONES["nan"], ha="center", bbox=box)  # fmt: skip


def _labels(figure, axes, watch, bands):
    """Above the loss: one row an incident, then the kept epochs."""
    ax = axes[0]
    _, width = ax.get_xlim()
    shown = bands[:LABELS] if len(bands) <= LABELS else bands[: LABELS - 1]
    rows = max(min(len(bands), LABELS), 1)
    for i, band in enumerate(shown):
        named = clip(f"{band.code} {band.label}", 48)
        words = f"{band.number}  {named}, epoch {band.epoch}{', recovered' if band.recovered else ''}"
        left = (band.start - 1) / width > 0.62
        height = 20 + ROW * (rows - 1 - i)
        ax.annotate(
            words, (band.start - 1, 1), (-4 if left else 4, height), xycoords=ax.get_xaxis_transform(), textcoords="offset points",
            fontsize=8.5, fontweight="bold", color=TONES[band.kind], ha="right" if left else "left", va="center", annotation_clip=False,
            parse_math=False,
        )  # fmt: skip
        ax.annotate(
            "", (band.start - 1, 1), (0, height + 4), xycoords=ax.get_xaxis_transform(), textcoords="offset points",
            arrowprops={"arrowstyle": "-", "color": TONES[band.kind], "linewidth": 1, "shrinkA": 0, "shrinkB": 0}, annotation_clip=False,
        )  # fmt: skip
    if len(shown) < len(bands):
        more = f"and {len(bands) - len(shown)} more"
        ax.annotate(
            more, (1, 1), (0, 20), xycoords="axes fraction", textcoords="offset points", fontsize=8.5, color=INK, ha="right", va="center"
        )
    marks = watch_outline.marks(watch)
    together = len(marks) == 2 and marks[0][2] == marks[1][2]
    for what, epoch, batch in marks[:1] if together else marks:
        colour = OK if what == "best" else INK
        for each in axes:
            each.axvline(batch, color=colour, linewidth=0.9, linestyle="-" if what == "best" else (0, (4, 3)), zorder=1.5)
        words = f"{'best and kept' if together else what}: {watch_outline.epoch_name(epoch)}"
        # The earlier of two neighbours is written to the left of its line, the later to the right.
        earlier = together or batch == min(mark[2] for mark in marks)
        left = (earlier and batch / width > 0.25) or batch / width > 0.85
        ax.plot(
            [batch], [1.03], "D" if what == "best" else "v", color=colour, markersize=5, clip_on=False, transform=ax.get_xaxis_transform()
        )
        ax.annotate(
            words, (batch, 1), (-6 if left else 6, 5), xycoords=ax.get_xaxis_transform(), textcoords="offset points",
            fontsize=8.5, fontweight="bold", color=colour, ha="right" if left else "left", va="center", annotation_clip=False,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip
