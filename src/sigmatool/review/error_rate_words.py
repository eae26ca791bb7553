"""How often a verdict is wrong, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .words import number

if TYPE_CHECKING:
    from .error_rates import ErrorRates


def rate_sentences(rates: ErrorRates) -> tuple[str, ...]:
    """The rates, one sentence each."""
    told = [
        f"A steady process would be called improved by the rollout in at most {one_in(rates.false_credit.upper)} such "
        f"reviews; one with a trend already running in at most {one_in(rates.trend_credit.upper)}.",
        f"A lasting change of the worthwhile size ({number(rates.change, 2)} noise standard deviations) would be "
        f"credited in about {out_of_ten(rates.credited)} such reviews, seen with its cause left open in "
        f"{out_of_ten(rates.cause_open)}, and missed in {out_of_ten(rates.missed)}.",
    ]
    if rates.this_verdict is not None:
        told.append(f"A steady process would get this very verdict in at most {one_in(rates.this_verdict.upper)}.")
    return (*told, rates.outside) if rates.outside else tuple(told)


def outside_study(points: tuple[int, int] | None, autocorrelation: float | None) -> str:
    """What of a review lies beyond the study; empty where nothing does."""
    found = [] if points is None else [f"{points[0]} to {points[1]} points a stage"]
    if autocorrelation is not None:
        found.append(f"autocorrelation up to {autocorrelation:g}")
    return f"The study covers {' and '.join(found)}; the nearest of it is shown." if found else ""


def one_in(share: float) -> str:
    """ "1 in 66".

    Examples
    --------
    >>> one_in(0.0151), one_in(0.3)
    ('1 in 66', '1 in 3')
    """
    return f"1 in {max(int(1 / max(share, 1e-9)), 1)}"


def out_of_ten(share: float) -> str:
    """ "4 of 10", or of 100 where ten is too coarse.

    Examples
    --------
    >>> out_of_ten(0.42), out_of_ten(0.03), out_of_ten(0.001)
    ('4 of 10', '3 of 100', 'fewer than 1 of 100')
    """
    if 0.095 <= share <= 0.95:
        return f"{round(10 * share)} of 10"
    if share < 0.005:
        return "fewer than 1 of 100"
    return "more than 99 of 100" if share > 0.995 else f"{round(100 * share)} of 100"
