"""Numbers as people read them, the same on every page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..render.numeral import Numeral

if TYPE_CHECKING:
    from .result import ControlChart


SIGNALS: Final = "Signals: places to look, not verdicts"


def number(value: float | None, digits: int = 3) -> str:
    """Figures that matter, no exponent unless needed, thousands set apart.

    Examples
    --------
    >>> number(1234567.0), number(0.098765, 3), number(-3.4), number(float("nan"))
    ('1,234,567', '0.0988', '−3.4', '-')
    """
    if value is None or not math.isfinite(value):
        return "-"
    if value == 0:
        return Numeral("0", 0.0)
    size = math.floor(math.log10(abs(value)))
    places = max(digits - 1 - size, 0)
    if places > 8:
        return Numeral(f"{value:.{digits - 1}e}".replace("-", "−"), value)
    text = f"{value:,.{places}f}".replace("-", "−")
    return Numeral(text.rstrip("0").rstrip(".") if "." in text else text, value)


def rounded(value: float, digits: int = 3) -> str:
    """Like :func:`number`, with the figures before the point rounded too.

    Examples
    --------
    >>> rounded(44566.3), rounded(3.3977), rounded(2340.2, 2)
    ('44,600', '3.4', '2,300')
    """
    return number(float(f"{value:.{digits}g}"), digits)


def shown(value: float, doubt: float = math.nan, share: bool = False, more: int = 0) -> str:
    """A value to as many places as its doubt leaves meaning; a share in percent, without the sign.

    Parameters
    ----------
    value : float
    doubt : float
        About half the width of its interval; NaN where there is none.
    share : bool
    more : int
        Further places.

    Examples
    --------
    >>> shown(-0.083726, 0.0055, share=True), shown(247.777, 59.3), shown(1e6 + 0.123, 0.02), shown(float("nan"))
    ('−8.4', '248', '1,000,000.123', '-')
    >>> shown(1.2345e-12, 1e-14), shown(3.0)
    ('1.235e−12', '3')
    """
    if not math.isfinite(value):
        return "-"
    told = value
    if share:
        value, doubt = 100 * value, 100 * doubt
    if not (math.isfinite(doubt) and doubt > 0):
        return Numeral(number(value, 4), told)
    places = more - math.floor(math.log10(doubt / 5))
    if value and (places > 7 or abs(value) >= 1e9):
        digits = min(max(math.floor(math.log10(abs(value))) + places, 0), 15)
        text = f"{value:.{digits}e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", "−")
        return Numeral(text, told)
    text = f"{value:,.{min(max(places, 0), 12)}f}"
    return Numeral(text.removeprefix("-") if not float(text.replace(",", "")) else text.replace("-", "−"), told)


def probability(p: float) -> str:
    """A p value in a table.

    Examples
    --------
    >>> probability(0.00002), probability(0.034), probability(float("nan"))
    ('< 0.001', '0.034', '-')
    """
    if not math.isfinite(p):
        return "-"
    return Numeral("< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}", p)


def p_value(p: float) -> str:
    """A p value in a sentence.

    Examples
    --------
    >>> p_value(0.00002), p_value(0.58)
    ('p < 0.001', 'p 0.58')
    """
    return f"p {probability(p)}"


def percent(value: float | None, digits: int = 3) -> str:
    """A share as a percentage.

    Examples
    --------
    >>> percent(0.0987)
    '9.87 %'
    """
    if value is None or not math.isfinite(value):
        return "-"
    return Numeral(f"{number(100 * value, digits)} %", value, share=True)


def whole(count: int) -> str:
    """A count, with a comma between thousands.

    Examples
    --------
    >>> whole(12345)
    '12,345'
    """
    return Numeral(f"{count:,}", count)


def counted(count: int, noun: str) -> str:
    """How many, with the noun in its number.

    Examples
    --------
    >>> counted(1, "block"), counted(3361, "signal")
    ('1 block', '3,361 signals')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def level(chart: ControlChart, value: float | None) -> str:
    """A value of the location panel; proportions as percentages."""
    return percent(value) if chart.percent else number(value, 4)
