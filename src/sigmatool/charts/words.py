"""Numbers of a chart as people read them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import ControlChart


def number(value: float | None, digits: int = 3) -> str:
    """Figures that matter, no exponent unless needed, thousands set apart.

    Examples
    --------
    >>> number(1234567.0), number(0.098765, 3), number(float("nan"))
    ('1,234,567', '0.0988', '-')
    """
    if value is None or not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    places = max(digits - 1 - size, 0)
    if places > 8:
        return f"{value:.{digits - 1}e}"
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float | None, digits: int = 3) -> str:
    """A share as a percentage.

    Examples
    --------
    >>> percent(0.0987)
    '9.87 %'
    """
    return "-" if value is None or not math.isfinite(value) else f"{number(100 * value, digits)} %"


def level(chart: ControlChart, value: float | None) -> str:
    """A value of the location panel; proportions as percentages."""
    return percent(value) if chart.percent else number(value, 4)
