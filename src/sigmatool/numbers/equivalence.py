"""Is a difference too small to matter? Two one-sided tests against a margin that was named beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import ndtr, ndtri, stdtr, stdtrit

from .samples import level_inside


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Whether an estimate lies surely within its margins.

    Attributes
    ----------
    value, low, high : float
        The estimate and its interval at level ``1 - 2 alpha``.
    p : float
        The larger of the two one-sided p values; NaN where only an interval was given.
    equivalent : bool
        The interval lies within the margins.
    margins : pair of float
    method : str
    """

    value: float
    low: float
    high: float
    p: float
    equivalent: bool
    margins: tuple[float, float]
    method: str


def tost(value: float, standard_error: float, dof: float, margin: float, level: float = 0.95) -> Equivalence:
    """Two one-sided t tests of an estimate against ``-margin`` and ``margin``.

    Parameters
    ----------
    value, standard_error : float
    dof : float
        Of the error; infinite for a normal law.
    margin : float
        The worthwhile effect, in the unit of the estimate.
    level : float
        ``1 - alpha``; the interval is at ``1 - 2 alpha``.

    Raises
    ------
    ValueError
        When the margin or the error is not positive.

    References
    ----------
    Schuirmann, D. J. (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.

    Examples
    --------
    >>> e = tost(0.1, 0.2, 30, 0.5)
    >>> e.equivalent, round(e.p, 4)
    (True, 0.0273)
    """
    if not standard_error > 0:
        raise ValueError(f"standard error {standard_error}: it has to be positive")
    if not margin > 0:
        raise ValueError(f"margin {margin}: it has to be positive")
    alpha = 1 - level_inside(level)
    if alpha >= 0.5:
        raise ValueError(f"level = {level:g}: equivalence needs a level above 0.5")
    normal = dof == float("inf")
    quantile = float(ndtri(1 - alpha) if normal else stdtrit(dof, 1 - alpha))
    nearest = (abs(value) - margin) / standard_error
    p = float(ndtr(nearest) if normal else stdtr(dof, nearest))
    half = quantile * standard_error
    # p is that of the nearer margin, which decides
    return Equivalence(
        value, value - half, value + half, p, p < alpha, (-margin, margin), "two one-sided tests (Schuirmann 1987)"
    )


def equivalent_by_interval(
    value: float, low: float, high: float, margins: tuple[float, float], method: str = ""
) -> Equivalence:
    """Whether an interval lies within the margins: equivalence for any estimate that has one.

    Parameters
    ----------
    value, low, high : float
        An estimate with its interval at level ``1 - 2 alpha``: 0.90 for alpha = 0.05.
    margins : pair of float
        Below and above; of a ratio for instance (0.8, 1.25).
    method : str
        What the interval was computed by.

    References
    ----------
    Westlake, W. J. (1981), Biometrics 37, 589-594.

    Examples
    --------
    >>> equivalent_by_interval(1.02, 0.91, 1.14, (0.8, 1.25)).equivalent
    True
    """
    if not margins[0] < margins[1]:
        raise ValueError(f"margins {margins}: the lower one has to be below the upper one")
    named = f"interval within margins (Westlake 1981); {method}".removesuffix("; ")
    return Equivalence(value, low, high, float("nan"), margins[0] < low and high < margins[1], margins, named)
