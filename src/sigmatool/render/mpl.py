"""Figures drawn with matplotlib: for a notebook, a slide, a PNG. Everything stands where ``layout`` puts it."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .figure import Figure, Picture, Sheet
from .layout import Layout, PanelLayout, layout, layout_inside, sheet_layout
from .measure import Text
from .mpl_marks import DASHES, INK, MARKER, panel
from .palette import LIGHT, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.figure import SubFigure

_SOFT = LIGHT["soft"]
_SOFT_KINDS = ("tick", "axis-name", "legend", "span-name")
_DPI = 100.0
_POINT = 72.0 / _DPI
"""Points a pixel of the layout."""


@dataclass(frozen=True)
class _Page:
    """A canvas and a place on it: from pixels of a layout to shares of the canvas."""

    canvas: Canvas | SubFigure
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0

    def x(self, px: float) -> float:
        return (self.left + px) / self.width

    def y(self, py: float) -> float:
        return 1 - (self.top + py) / self.height

    def write(self, text: Text) -> None:
        self.canvas.text(self.x(text.x), self.y(text.y), _plain(text.text), **_font(text))
        if text.tie is not None and text.tie_end is not None:
            from matplotlib.lines import Line2D

            (a, b), (c, d) = text.tie, text.tie_end
            self.canvas.add_artist(Line2D([self.x(a), self.x(c)], [self.y(b), self.y(d)], color=_SOFT, linewidth=0.5))


def draw(picture: Picture, ax: Axes | Canvas | SubFigure | None = None, width: float | None = None) -> Axes:
    """Draw a figure, or a sheet of them, ``width`` pixels of 1/100 inch wide. Returns the first axes.

    Parameters
    ----------
    picture : Figure or Sheet
    ax : Axes, Figure or SubFigure, optional
        On axes of yours only the first panel (of the first figure) is drawn, with all its words inside those axes as
        they stand now. A figure or sub-figure of yours takes the whole picture, as wide and as high as it is now; what
        else stands in it is left as it was.
    width : float, optional
        Of a new figure; default by the picture's size.
    """
    from matplotlib.axes import Axes

    if isinstance(ax, Axes):
        _on_axes(picture.figures[0] if isinstance(picture, Sheet) else picture, ax)
        return ax
    if ax is not None:
        width = ax.bbox.width * _DPI / ax.get_figure(root=True).dpi
    if isinstance(picture, Figure):
        plan = layout(picture, width)
        return _figure(picture, plan, _page(plan.width, plan.height, ax))
    whole = sheet_layout(picture, width)
    page = _page(whole.width, whole.height, ax)
    page.write(whole.title)
    drawn = [
        _figure(figure, plan, _Page(page.canvas, page.width, page.height, left, top))
        for figure, (left, top, plan) in zip(picture.figures, whole.places, strict=True)
    ]
    return drawn[0]


def _page(width: float, height: float, given: Canvas | SubFigure | None = None) -> _Page:
    if given is not None:
        return _Page(given, width, height)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(width / _DPI, height / _DPI), dpi=_DPI)
    FigureCanvasAgg(canvas)
    return _Page(canvas, width, height)


def _figure(figure: Figure, plan: Layout, page: _Page) -> Axes:
    axes: list[Axes] = []
    for place in plan.panels:
        left, bottom = page.x(place.x.start), page.y(place.y.start)
        box = (left, bottom, page.x(place.right) - left, page.y(place.y.stop) - bottom)
        each = page.canvas.add_axes(box, sharex=axes[0] if axes else None)
        each.set(xlim=(place.x.low, float(place.x.back(place.right))), ylim=(place.y.low, place.y.high))
        panel(each, place)
        _ticks(each, plan, place, place is plan.panels[-1])
        axes.append(each)
    for place in plan.panels:
        for text in place.texts:
            page.write(text)
    for text in (*(t for t in plan.texts if t.kind != "tick"), *(k.text for k in plan.legend)):
        page.write(text)
    _legend(page, plan)
    return axes[0]


def _on_axes(figure: Figure, ax: Axes) -> None:
    box = ax.get_window_extent()
    share = _DPI / float(ax.get_figure(root=True).dpi)  # type: ignore[union-attr]
    wide, tall = box.width * share, box.height * share
    place = layout_inside(figure, wide, tall)
    ax.set(xlim=(place.x.low, float(place.x.back(wide))), ylim=(place.y.low, float(place.y.back(0.0))))
    panel(ax, place)
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
        if text.tie is not None and text.tie_end is not None:
            (a, b), (c, d) = text.tie, text.tie_end
            ends = ([a / wide, c / wide], [1 - b / tall, 1 - d / tall])
            ax.plot(*ends, transform=ax.transAxes, color=_SOFT, linewidth=0.5, scalex=False, scaley=False)


def _font(text: Text) -> dict[str, Any]:
    color = _SOFT if text.kind in _SOFT_KINDS and text.role != "event" else colour(text.role)
    color = INK if text.kind == "point-name" else color
    return {
        "fontsize": text.size * _POINT, "fontweight": "bold" if text.bold else "normal", "color": color,
        "ha": {"start": "left", "middle": "center", "end": "right"}[text.anchor], "va": "baseline", "zorder": 6,
        "fontfamily": _family(text.text), "path_effects": _halo(text),
    }  # fmt: skip


_RIM = {"tag": 1.5, "point-name": 2.0, "words": 2.2, "limit-name": 2.2, "label": 2.2, "span-name": 2.2}


def _halo(text: Text) -> list[Any]:
    """A rim in the colour of the paper, for words that may stand on lines."""
    from matplotlib.patheffects import withStroke

    wide = _RIM.get(text.kind)
    return [withStroke(linewidth=wide, foreground="white")] if wide else []


_WIDER = ("Noto Sans CJK JP", "Noto Sans CJK SC", "Microsoft YaHei", "Yu Gothic", "PingFang SC", "Arial Unicode MS")


def _family(text: str) -> list[str]:
    """DejaVu Sans, by whose widths everything is placed; with a family that knows East Asian signs where needed."""
    if all(ord(char) < 0x2E80 for char in text):
        return ["DejaVu Sans"]
    from matplotlib.font_manager import fontManager

    here = {font.name for font in fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in _WIDER if name in here)]


def _ticks(ax: Axes, plan: Layout, place: PanelLayout, last: bool) -> None:
    font: dict[str, Any] = {"fontsize": 12 * _POINT, "color": _SOFT, "fontfamily": "DejaVu Sans"}
    ax.set_yticks([v for v, _ in place.y_ticks], [_plain(t) for _, t in place.y_ticks], **font)
    ax.set_xticks([t.at for t in plan.x_ticks])
    ax.tick_params(axis="y", length=0)
    if last:
        words = [_plain(f"{t.text}\n{t.context}" if t.context else t.text) for t in plan.x_ticks]
        ax.set_xticklabels(words, **font)
    else:
        ax.tick_params(axis="x", length=0, labelbottom=False)


def _plain(text: str) -> str:
    """Text without mathtext: a dollar sign in a column name is a dollar sign."""
    return text.replace("$", r"\$")


def _legend(page: _Page, plan: Layout) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    for key in plan.legend:
        color, y = colour(key.role), page.y(key.text.y - 4)
        left, right = page.x(key.x), page.x(key.x + 18)
        middle, half = (left + right) / 2, 6 / page.height
        dashes = DASHES.get(key.role, "-")
        if key.shape == "line":
            page.canvas.add_artist(Line2D([left, right], [y, y], color=color, linestyle=dashes, linewidth=1.1))
        elif key.shape == "rule":
            page.canvas.add_artist(
                Line2D([middle] * 2, [y - half, y + half], color=color, linestyle=dashes, linewidth=0.8)
            )
        elif key.shape == "bar":
            box = Rectangle(
                (page.x(key.x + 2), page.y(key.text.y + 1)), 14 / page.width, 10 / page.height, facecolor=color,
                edgecolor="white", linewidth=0.4, transform=page.canvas.transSubfigure,
            )  # fmt: skip
            page.canvas.add_artist(box)
        else:
            dot = Line2D(
                [middle], [y], color=color, marker=MARKER.get(key.role, "o"), markersize=4.4, linestyle="none",
                markerfacecolor="white" if key.role == "before" else color,
            )  # fmt: skip
            page.canvas.add_artist(dot)


def image(picture: Picture, form: str = "png", width: float | None = None) -> bytes:
    """The picture as bytes of a PNG or SVG file; the same picture gives the same bytes."""
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "sigmatool", "svg.fonttype": "none"}), warnings.catch_warnings():
        # a sign that no font here knows is drawn as a box; that is no reason to print
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        canvas = draw(picture, width=width).get_figure(root=True)
        assert canvas is not None
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        canvas.savefig(buffer, format=form, dpi=150, metadata=metadata)
    return _shorter(buffer.getvalue()) if form == "svg" else buffer.getvalue()


def _shorter(drawing: bytes) -> bytes:
    """Paths and places with two decimals of a point, which is finer than any screen; words stay as they are."""

    def rounded(found: re.Match[bytes]) -> bytes:
        return re.sub(rb"(\.\d\d)\d+", rb"\1", found[0])

    return re.sub(rb'(?<=<path )[^>]*?\bd="[^"]*"|<use [^>]*>', rounded, drawing)
