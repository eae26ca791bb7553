"""Figures drawn with matplotlib: for a notebook, a slide, a PNG. Everything stands where ``layout`` puts it."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from .figure import Bars, Figure, Interval, Line, Points, Rule, Span
from .geometry import drawn, vertices
from .layout import Layout, PanelLayout, layout, layout_inside
from .measure import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOR = {
    "data": "#1f5f99", "center": "#1b2430", "limit": "#6b7482", "signal": "#b3261e", "excluded": "#556070",
    "rollout": "#5b3a91", "stage": "#1b2430", "washout": "#6b7482", "control": "#6b7482", "fit": "#1a6e42",
    "target": "#1a6e42", "specification": "#1a6e42", "zone": "#97a1ae", "event": "#8a5300",
}  # fmt: skip
_INK, _SOFT, _GRID = "#1b2430", "#556070", "#d5dae1"
_SOFT_KINDS = ("tick", "axis-name", "legend", "span-name")
_MARKER = {"signal": "D", "excluded": "x"}
_DPI = 100.0
_POINT = 72.0 / _DPI
"""Points a pixel of the layout."""


def draw(figure: Figure, ax: Axes | None = None, width: float | None = None) -> Axes:
    """Draw a figure ``width`` pixels of 1/100 inch wide. Returns the first axes.

    With ``ax`` only the first panel is drawn, with all its words inside those axes as they stand now.
    """
    if ax is not None:
        _on_axes(figure, ax)
        return ax
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    plan = layout(figure, width)
    canvas = Canvas(figsize=(plan.width / _DPI, plan.height / _DPI), dpi=_DPI)
    FigureCanvasAgg(canvas)
    axes: list[Axes] = []
    for place in plan.panels:
        tall = place.y.start - place.y.stop
        box = (
            place.x.start / plan.width, 1 - place.y.start / plan.height,
            (place.right - place.x.start) / plan.width, tall / plan.height,
        )  # fmt: skip
        each = canvas.add_axes(box, sharex=axes[0] if axes else None)
        each.set(xlim=(place.x.low, float(place.x.back(place.right))), ylim=(place.y.low, place.y.high))
        _panel(each, place)
        _ticks(each, figure, plan, place, place is plan.panels[-1])
        axes.append(each)

    def write(text: Text) -> None:
        canvas.text(text.x / plan.width, 1 - text.y / plan.height, _plain(text.text), **_font(text))

    for place in plan.panels:
        for text in place.texts:
            write(text)
    for text in (*(t for t in plan.texts if t.kind != "tick"), *(k.text for k in plan.legend)):
        write(text)
    _legend(canvas, plan)
    return axes[0]


def _on_axes(figure: Figure, ax: Axes) -> None:
    box = ax.get_window_extent()
    share = _DPI / float(ax.get_figure(root=True).dpi)  # type: ignore[union-attr]
    wide, tall = box.width * share, box.height * share
    place = layout_inside(figure, wide, tall)
    ax.set(xlim=(place.x.low, float(place.x.back(wide))), ylim=(place.y.low, float(place.y.back(0.0))))
    _panel(ax, place)
    ax.set_yticks([v for v, _ in place.y_ticks], [_plain(t) for _, t in place.y_ticks])
    ax.set_ylabel(_plain(figure.panels[0].y_label))
    ax.set_xlabel(_plain(figure.x_label))
    if figure.x_kind == "time":
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        locator = AutoDateLocator()  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    for text in place.texts:
        ax.text(text.x / wide, 1 - text.y / tall, _plain(text.text), transform=ax.transAxes, **_font(text))


def _font(text: Text) -> dict[str, Any]:
    color = _SOFT if text.kind in _SOFT_KINDS and text.role != "event" else _COLOR.get(text.role, _INK)
    return {
        "fontsize": text.size * _POINT, "fontweight": "bold" if text.bold else "normal", "color": color,
        "ha": {"start": "left", "middle": "center", "end": "right"}[text.anchor], "va": "baseline", "zorder": 6,
        "fontfamily": _family(text.text), "path_effects": _halo(text),
    }  # fmt: skip


def _halo(text: Text) -> list[Any]:
    """A rim in the colour of the paper, for words that may stand on lines."""
    from matplotlib.patheffects import withStroke

    wide = {"tag": 1.5, "limit-name": 2.2, "label": 2.2, "span-name": 2.2}.get(text.kind)
    return [withStroke(linewidth=wide, foreground="white")] if wide else []


_WIDER = ("Noto Sans CJK JP", "Noto Sans CJK SC", "Microsoft YaHei", "Yu Gothic", "PingFang SC", "Arial Unicode MS")


def _family(text: str) -> list[str]:
    """DejaVu Sans, by whose widths everything is placed; with a family that knows East Asian signs where needed."""
    if all(ord(char) < 0x2E80 for char in text):
        return ["DejaVu Sans"]
    from matplotlib.font_manager import fontManager

    here = {font.name for font in fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in _WIDER if name in here)]


def _ticks(ax: Axes, figure: Figure, plan: Layout, place: PanelLayout, last: bool) -> None:
    font: dict[str, Any] = {"fontsize": 12 * _POINT, "color": _SOFT, "fontfamily": "DejaVu Sans"}
    ax.set_yticks([v for v, _ in place.y_ticks], [_plain(t) for _, t in place.y_ticks], **font)
    ax.set_xticks([t.at for t in plan.x_ticks])
    ax.tick_params(axis="y", length=0)
    if last:
        words = [_plain(f"{t.text}\n{t.context}" if t.context else t.text) for t in plan.x_ticks]
        ax.set_xticklabels(words, **font)
    else:
        ax.tick_params(axis="x", length=0, labelbottom=False)


def _panel(ax: Axes, place: PanelLayout) -> None:
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(_COLOR["limit"])
    ax.grid(axis="y", color=_GRID, linewidth=0.5)
    ax.set_axisbelow(True)
    for index, mark in enumerate(place.panel.marks):
        _mark(ax, place, index, mark)


def _plain(text: str) -> str:
    """Text without mathtext: a dollar sign in a column name is a dollar sign."""
    return text.replace("$", r"\$")


def _mark(ax: Axes, place: PanelLayout, index: int, mark: Any) -> None:
    color = _COLOR.get(mark.role, _INK)
    if isinstance(mark, Line):
        _line(ax, place, mark, color)
    elif isinstance(mark, Points):
        keep = drawn(mark, place.x(mark.x), place.y(mark.y))
        size = 4.4 if mark.x.size <= 150 else 3.2 if mark.x.size <= 800 else 2.4
        size += 0.8 if mark.role == "signal" else 0.0
        order = {"signal": 5, "excluded": 4}.get(mark.role, 3)
        ax.plot(
            mark.x[keep], mark.y[keep], _MARKER.get(mark.role, "o"), color=color, markersize=size, zorder=order,
            markeredgewidth=0 if mark.role != "excluded" else 1.2, clip_on=False,
        )  # fmt: skip
    elif isinstance(mark, Span):
        ax.axvspan(mark.x0, mark.x1, facecolor="none", edgecolor=color, hatch="///", linewidth=0, alpha=0.4)
    elif isinstance(mark, Rule):
        _rule(ax, place, index, mark, color)
    elif isinstance(mark, Bars):
        ax.bar(mark.x, mark.y, width=mark.width, color=color)
    elif isinstance(mark, Interval):
        height, span = mark.position, np.array([[mark.estimate - mark.low], [mark.high - mark.estimate]])
        if mark.axis == "x":
            ax.errorbar([mark.estimate], [height], xerr=span, fmt="o", color=color, capsize=4)
        else:
            ax.errorbar([height], [mark.estimate], yerr=span, fmt="o", color=color, capsize=4)


def _line(ax: Axes, place: PanelLayout, mark: Line, color: str) -> None:
    px, py = vertices(mark, place.x, place.y)
    style = {"limit": "--", "zone": ":"}.get(mark.role, "-")
    wide = {"zone": 0.8, "center": 1.2, "data": 0.9}.get(mark.role, 1.1)
    order = {"zone": 1.5, "data": 2.0}.get(mark.role, 2.5)
    ax.plot(
        place.x.back(px), place.y.back(py), style, color=color, linewidth=wide, zorder=order,
        alpha=0.75 if mark.role == "data" else 1.0,
    )  # fmt: skip


def _rule(ax: Axes, place: PanelLayout, index: int, mark: Rule, color: str) -> None:
    if mark.axis == "y":
        ax.axhline(mark.at, color=color, linewidth=1.2, linestyle=":")
        return
    top = float(place.y.back(place.stems.get(index, place.y.stop)))
    wide = 0.8 if mark.role == "event" else 1.5
    style = "--" if mark.role == "event" else ":" if mark.role in ("target", "specification") else "-"
    ax.plot(
        [mark.at, mark.at], [place.y.low, top], style, color=color, linewidth=wide, clip_on=False, zorder=2.2
    )  # fmt: skip


def _legend(canvas: Any, plan: Layout) -> None:
    from matplotlib.lines import Line2D

    for key in plan.legend:
        color, y = _COLOR.get(key.role, _INK), 1 - (key.text.y - 4) / plan.height
        left, right = key.x / plan.width, (key.x + 18) / plan.width
        if key.role in ("center", "limit", "zone"):
            dashes: Any = {"limit": "dashed", "zone": "dotted"}.get(key.role, "solid")
            canvas.add_artist(Line2D([left, right], [y, y], color=color, linestyle=dashes, linewidth=1.1))
        elif key.role in ("event", "rollout"):
            middle, half = (left + right) / 2, 6 / plan.height
            canvas.add_artist(Line2D([middle] * 2, [y - half, y + half], color=color, linestyle="--", linewidth=0.8))
        else:
            marker = _MARKER.get(key.role, "o")
            canvas.add_artist(
                Line2D([(left + right) / 2], [y], color=color, marker=marker, markersize=4.4, linestyle="none")
            )


def image(figure: Figure, form: str = "png", width: float | None = None) -> bytes:
    """The figure as bytes of a PNG or SVG file; the same figure gives the same bytes."""
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "sigmatool", "svg.fonttype": "none"}), warnings.catch_warnings():
        # a sign that no font here knows is drawn as a box; that is no reason to print
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        canvas = draw(figure, width=width).get_figure(root=True)
        assert canvas is not None
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        canvas.savefig(buffer, format=form, dpi=150, metadata=metadata)
    return buffer.getvalue()
