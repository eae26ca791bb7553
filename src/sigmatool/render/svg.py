"""Figures as SVG text: crisp, small, themable by CSS classes; every point tells its words on hover.

Roles become classes (``role-data``, ``role-limit`` ...); colours live in the style sheet alone.
"""

from __future__ import annotations

from .axes import Key
from .figure import Bars, Figure, Interval, Line, Points, Rule, Span
from .layout import Layout, PanelLayout, layout
from .svg_marks import bars, clean, interval, line, points, rule, sample, span, written


def svg(figure: Figure, *, id_prefix: str = "f", width: float | None = None) -> str:
    """Draw a figure.

    Parameters
    ----------
    figure : Figure
    id_prefix : str
        Keeps ids apart where several figures stand on one page.
    width : float, optional
        In pixels; default by the figure's size. The height follows from what there is to show.
    """
    plan = layout(figure, width)
    parts = [_panel(plan, place, f"{id_prefix}-hatch") for place in plan.panels]
    below = _x_ticks(plan) + "".join(written(t) for t in plan.texts) + _legend(plan.legend)
    return (
        f'<svg class="figure" viewBox="0 0 {plan.width:g} {plan.height:g}" role="img" '
        f'aria-label="{clean(figure.alt, 1000)}" xmlns="http://www.w3.org/2000/svg"><defs>'
        f'<pattern id="{id_prefix}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
        f"{''.join(parts)}{below}</svg>"
    )


def _panel(plan: Layout, place: PanelLayout, hatch: str) -> str:
    x, y, marks = place.x, place.y, place.panel.marks
    layers: list[str] = [_axes(place)]
    layers += [span(m, x, y.stop, y.start, hatch) for m in marks if isinstance(m, Span)]
    layers += [bars(m, x, y) for m in marks if isinstance(m, Bars)]
    lines = [m for m in marks if isinstance(m, Line)]
    # many points must not hide the limits they are held against
    order = {"zone": 0, "data": 1, "center": 3}
    layers += [line(m, x, y) for m in sorted(lines, key=lambda m: order.get(m.role, 2))]
    layers += [rule(m, x, y, place.stems.get(i), place.right) for i, m in enumerate(marks) if isinstance(m, Rule)]
    layers += [interval(m, x, y) for m in marks if isinstance(m, Interval)]
    layers += [points(m, x, y) for m in marks if isinstance(m, Points)]
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
    return "".join(sample(key.role, key.x, key.text.y - 4) + written(key.text) for key in keys)
