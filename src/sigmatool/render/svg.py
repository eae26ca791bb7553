"""Figures as SVG text: crisp, small, themable by CSS classes; every point tells its words on hover.

Roles become classes (``role-data``, ``role-limit`` ...); colours live in the style sheet alone.
"""

from __future__ import annotations

import json

from .axes import Key
from .figure import Arrow, Bars, Figure, Interval, Line, Picture, Points, Rule, Sheet, Span
from .layout import Layout, PanelLayout, layout, sheet_layout
from .svg_marks import arrow, bars, clean, interval, line, points, rule, sample, span, written

_LONGEST = 8_000
"""Characters of the names of all groups."""


def svg(picture: Picture, *, id_prefix: str = "f", width: float | None = None) -> str:
    """Draw a figure, or a sheet of them.

    Parameters
    ----------
    picture : Figure or Sheet
    id_prefix : str
        Keeps ids apart where several figures stand on one page.
    width : float, optional
        In pixels; default by the figure's size. The height follows from what there is to show.
    """
    if isinstance(picture, Figure):
        plan = layout(picture, width)
        groups = _groups(picture)
        named = f' data-groups="{clean(json.dumps(list(groups), ensure_ascii=False), _LONGEST)}"' if groups else ""
        return _whole(plan.width, plan.height, picture.alt, _drawing(plan, id_prefix, groups), named)
    return _sheet(picture, id_prefix, width)


def _groups(figure: Figure) -> dict[str, int]:
    """What points belong to, each with its place."""
    named = (n for p in figure.panels for m in p.marks if isinstance(m, Points) for own in m.groups for n in own)
    return {name: place for place, name in enumerate(dict.fromkeys(named))}


def _whole(width: float, height: float, alt: str, inside: str, named: str = "") -> str:
    return (
        f'<svg class="figure" viewBox="0 0 {width:g} {height:g}" role="img"{named} '
        f'aria-label="{clean(alt, 1000)}" xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    )


def _sheet(sheet: Sheet, id_prefix: str, width: float | None) -> str:
    plan = sheet_layout(sheet, width)
    parts = [written(plan.title)] if sheet.title else []
    for number, ((left, top, place), figure) in enumerate(zip(plan.places, sheet.figures, strict=True)):
        parts.append(
            f'<g transform="translate({left:.1f} {top:.1f})" role="img" aria-label="{clean(figure.alt, 1000)}">'
            f"{_drawing(place, f'{id_prefix}-{number}', _groups(figure))}</g>"
        )
    return _whole(plan.width, plan.height, sheet.alt, "".join(parts))


def _drawing(plan: Layout, id_prefix: str, groups: dict[str, int]) -> str:
    parts = [
        f'<g data-panel="{number}">{_panel(place, f"{id_prefix}-hatch", groups)}</g>'
        for number, place in enumerate(plan.panels)
    ]
    below = _x_ticks(plan) + "".join(written(t) for t in plan.texts) + _legend(plan.legend)
    return (
        f'<defs><pattern id="{id_prefix}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
        f"{''.join(parts)}{below}"
    )


def _panel(place: PanelLayout, hatch: str, groups: dict[str, int]) -> str:
    x, y, marks = place.x, place.y, place.panel.marks
    layers: list[str] = [_axes(place)]
    layers += [span(m, x, y.stop, y.start, hatch) for m in marks if isinstance(m, Span)]
    layers += [bars(m, x, y) for m in marks if isinstance(m, Bars)]
    lines = [m for m in marks if isinstance(m, Line)]
    # many points must not hide the limits they are held against
    order = {"zone": 0, "data": 1, "center": 3}
    layers += [line(m, x, y) for m in sorted(lines, key=lambda m: order.get(m.role, 2))]
    layers += [rule(m, x, y, place.stems.get(i), place.right) for i, m in enumerate(marks) if isinstance(m, Rule)]
    layers += [arrow(m, x, y) for m in marks if isinstance(m, Arrow)]
    layers += [interval(m, x, y) for m in marks if isinstance(m, Interval)]
    layers += [points(m, x, y, groups) for m in marks if isinstance(m, Points)]
    layers += [written(t) for t in place.texts]
    return "".join(layers)


def _axes(place: PanelLayout) -> str:
    x, y, right = place.x, place.y, place.right
    out = [f'<line class="axis" x1="{x.start:.1f}" y1="{y.start:.1f}" x2="{right:.1f}" y2="{y.start:.1f}"/>']
    for value, text in place.y_ticks:
        at = float(y(value))
        out.append(f'<line class="grid" x1="{x.start:.1f}" y1="{at:.1f}" x2="{right:.1f}" y2="{at:.1f}"/>')
        out.append(
            f'<text class="tick" x="{x.start - 7:.1f}" y="{at + 4:.1f}" text-anchor="end">{clean(text, 40)}</text>'
        )
    return "".join(out)


def _x_ticks(plan: Layout) -> str:
    last = plan.panels[-1]
    base = last.y.start
    marks = (f"M{float(last.x(t.at)):.1f} {base:.1f}v5" for t in plan.x_ticks)
    path = "".join(marks)
    return f'<path class="axis" d="{path}"/>' if path else ""


def _legend(keys: tuple[Key, ...]) -> str:
    return "".join(sample(key, key.x, key.text.y - 4) + written(key.text) for key in keys)
