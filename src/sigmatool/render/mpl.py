"""Figures drawn with matplotlib: for a notebook, a slide, a PNG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from .figure import Bars, Figure, Interval, Label, Line, Panel, Points, Rule, Span

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOR = {
    "data": "#1f5f99", "center": "#1b2430", "limit": "#6b7482", "signal": "#b3261e", "excluded": "#556070",
    "rollout": "#5b3a91", "stage": "#1b2430", "washout": "#6b7482", "control": "#6b7482", "fit": "#1a6e42",
    "target": "#1a6e42", "specification": "#1a6e42", "zone": "#d5dae1",
}  # fmt: skip
_MARKER = {"signal": "D", "excluded": "x"}


def draw(figure: Figure, ax: Axes | None = None) -> Axes:
    """Draw a figure; with ``ax`` only its first panel, on those axes. Returns the first axes."""
    if ax is not None:
        _panel(ax, figure, figure.panels[0], True)
        return ax
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    weights = [p.weight for p in figure.panels]
    canvas = Canvas(figsize=(9.6, 0.9 + 2.7 * sum(weights)), layout="constrained")
    FigureCanvasAgg(canvas)
    axes = np.atleast_1d(canvas.subplots(len(weights), 1, sharex=True, height_ratios=weights))
    for index, (each, panel) in enumerate(zip(axes, figure.panels, strict=True)):
        _panel(each, figure, panel, index == len(weights) - 1)
    first: Axes = axes[0]
    return first


def _panel(ax: Axes, figure: Figure, panel: Panel, last: bool) -> None:
    for mark in panel.marks:
        _mark(ax, figure, mark)
    ax.set_ylabel(_plain(panel.y_label))
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.grid(axis="y", color="#d5dae1", linewidth=0.5)
    ax.set_axisbelow(True)
    if panel.percent:
        from matplotlib.ticker import PercentFormatter

        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    if panel.categories:
        ax.set_yticks(range(len(panel.categories)), [_plain(c) for c in panel.categories])
        ax.set_ylim(-0.7, len(panel.categories) - 0.3)
    if last:
        ax.set_xlabel(_plain(figure.x_label))
    if figure.x_kind == "time":
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        locator = AutoDateLocator()  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _plain(text: str) -> str:
    """Text without mathtext: a dollar sign in a column name is a dollar sign."""
    return text.replace("$", r"\$")


def _mark(ax: Axes, figure: Figure, mark: Any) -> None:
    color = _COLOR.get(mark.role, "#1b2430")
    if isinstance(mark, Line):
        style = "--" if mark.role == "limit" else "-"
        drawn = "steps-mid" if mark.step else "default"
        ax.plot(mark.x, mark.y, style, color=color, linewidth=1.1, drawstyle=drawn)
        known = np.flatnonzero(np.isfinite(mark.y))
        if mark.label and known.size:
            at = (float(mark.x[known[-1]]), float(mark.y[known[-1]]))
            ax.annotate(_plain(mark.label), at, (4, 2), textcoords="offset points", fontsize=8, color=color)
    elif isinstance(mark, Points):
        ax.plot(mark.x, mark.y, _MARKER.get(mark.role, "o"), color=color, markersize=4)
        for x, y, tag in zip(mark.x, mark.y, mark.tags, strict=False):
            ax.annotate(_plain(tag), (x, y), (0, 5), textcoords="offset points", fontsize=7, color=color, ha="center")
    elif isinstance(mark, Span):
        ax.axvspan(mark.x0, mark.x1, facecolor="none", edgecolor=color, hatch="///", linewidth=0, alpha=0.4)
    elif isinstance(mark, Rule):
        (ax.axvline if mark.axis == "x" else ax.axhline)(mark.at, color=color, linewidth=1.6)
        if mark.label and mark.axis == "x":
            ax.annotate(
                _plain(mark.label), (mark.at, 1.0), (0, 3), xycoords=("data", "axes fraction"),
                textcoords="offset points", fontsize=8, color=color, ha="center",
            )  # fmt: skip
    elif isinstance(mark, Bars):
        ax.bar(mark.x, mark.y, width=mark.width, color=color)
    elif isinstance(mark, Interval):
        height, span = mark.position, np.array([[mark.estimate - mark.low], [mark.high - mark.estimate]])
        if mark.axis == "x":
            ax.errorbar([mark.estimate], [height], xerr=span, fmt="o", color=color, capsize=4)
        else:
            ax.errorbar([height], [mark.estimate], yerr=span, fmt="o", color=color, capsize=4)
    elif isinstance(mark, Label):
        where = ("data", "axes fraction") if mark.at_top else "data"
        ax.annotate(
            _plain(mark.text), (mark.x, 0.95 if mark.at_top else mark.y), xycoords=where, ha="center", fontsize=9,
            fontweight="bold",
        )  # fmt: skip


def image(figure: Figure, form: str = "png") -> bytes:
    """The figure as bytes of a PNG or SVG file; the same figure gives the same bytes."""
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "sigmatool", "svg.fonttype": "none"}):
        canvas = draw(figure).get_figure(root=True)
        assert canvas is not None
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        canvas.savefig(buffer, format=form, dpi=150, metadata=metadata)
    return buffer.getvalue()
