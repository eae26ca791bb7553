"""Can the data be told from a distribution? Tests of normality, and of any fitted distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

from .distribution import Fitted, cdf, sf
from .families import SKETCH, refit, sketch

Floats = NDArray[np.float64]

RESAMPLES = 400
"""Samples from a fitted distribution that tell how large its statistic gets by chance."""

LARGEST_RESAMPLE = 100
"""Values in each of them: beyond, the statistic's distribution no longer depends on their number (Stephens 1986)."""

SEED = 19_520_601

HOPELESS = 6.0
"""A2 that chance reaches once in a thousand even where no parameter is estimated."""

SHAPIRO_MOST = 5_000
"""Largest sample for which Royston's p value of Shapiro & Wilk's test holds."""


@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """A statistic, the same with its small-sample factor (equal where there is none), and its p value."""

    statistic: float
    modified: float
    p: float
    method: str


def anderson_darling(x: Floats, *, ordered: bool = False) -> GoodnessOfFit:
    """Anderson & Darling's test of normality with estimated mean and standard deviation.

    Parameters
    ----------
    x : (n,) array
        At least 8 values without NaN.
    ordered : bool
        ``x`` is in ascending order.

    Raises
    ------
    ValueError
        With fewer than 8 values, or all equal.

    Notes
    -----
    ``A2* = A2 (1 + 0.75/n + 2.25/n^2)`` and the polynomials of D'Agostino & Stephens (1986), Goodness-of-Fit
    Techniques, table 4.9.

    Examples
    --------
    >>> found = anderson_darling(np.array([-1.3, -0.9, -0.5, -0.2, 0.0, 0.3, 0.5, 0.8, 1.4]))
    >>> round(found.statistic, 3), found.p > 0.9
    (0.093, True)
    """
    z = _standardized(x, ordered, 8)
    return normal_p(_sum(log_ndtr(z), log_ndtr(-z)), z.size)


def normal_p(a2: float, n: int) -> GoodnessOfFit:
    """The same from the statistic."""
    a = a2 * (1 + 0.75 / n + 2.25 / n**2)
    if a < 0.2:
        p = 1 - np.exp(-13.436 + 101.14 * a - 223.73 * a**2)
    elif a < 0.34:
        p = 1 - np.exp(-8.318 + 42.796 * a - 59.938 * a**2)
    elif a < 0.6:
        p = np.exp(0.9177 - 4.279 * a - 1.38 * a**2)
    else:
        # the parabola turns upward far beyond the table
        p = np.exp(1.2937 - 5.709 * min(a, 10.0) + 0.0186 * min(a, 10.0) ** 2)
    return GoodnessOfFit(a2, a, float(p), "Anderson-Darling (D'Agostino & Stephens 1986)")


def shapiro_wilk(x: Floats) -> GoodnessOfFit:
    """Shapiro & Wilk's test of normality, for 3 to 5000 values (Royston 1995, Applied Statistics 44: AS R94).

    Raises
    ------
    ValueError
        For fewer or more values, or all equal.

    Examples
    --------
    >>> round(shapiro_wilk(np.array([1.0, 2.0, 3.0, 4.0, 5.0])).statistic, 4)
    0.9868
    """
    from scipy.stats import shapiro

    z = _standardized(x, False, 3)
    if z.size > SHAPIRO_MOST:
        raise ValueError(f"Shapiro-Wilk holds for up to {SHAPIRO_MOST} values, not {z.size}")
    found = shapiro(z)
    return GoodnessOfFit(float(found.statistic), float(found.statistic), float(found.pvalue), "Shapiro-Wilk (AS R94)")


def lilliefors(x: Floats) -> GoodnessOfFit:
    """Largest distance between the data's distribution function and the normal one with their mean and sd.

    Raises
    ------
    ValueError
        With fewer than 5 values, or all equal.

    Notes
    -----
    p: Dallal & Wilkinson (1986), The American Statistician 40; above 0.1 by Stephens' (1974) modified statistic.

    Examples
    --------
    >>> found = lilliefors(np.array([1.0, 2.0, 3.0, 4.0, 10.0]))
    >>> round(found.statistic, 4), found.p > 0.05
    (0.3, True)
    """
    z = _standardized(x, False, 5)
    n, f = z.size, ndtr(z)
    rank = np.arange(1, n + 1)
    d = float(max((rank / n - f).max(), (f - (rank - 1) / n).max()))
    d100, m = (d, n) if n <= 100 else (d * (n / 100) ** 0.49, 100)
    root = np.sqrt(m + 2.78019)
    p = float(
        np.exp(-7.01256 * (d100 * root) ** 2 + 2.99587 * d100 * root - 0.122119 + 0.974598 / m**0.5 + 1.67997 / m)
    )
    modified = (np.sqrt(n) - 0.01 + 0.85 / np.sqrt(n)) * d
    if p > 0.1:
        pieces = (
            (0.302, (1.0,)),
            (0.5, (2.76773, -19.828315, 80.709644, -138.55152, 81.218052)),
            (0.9, (-4.901232, 40.662806, -97.490286, 94.029866, -32.355711)),
            (1.31, (6.198765, -19.558097, 23.186922, -12.234627, 2.423045)),
        )
        found = [terms for end, terms in pieces if modified <= end]
        p = float(np.polynomial.polynomial.polyval(modified, found[0])) if found else 0.0
    return GoodnessOfFit(d, float(modified), p, "Lilliefors (Dallal & Wilkinson 1986)")


def cramer_von_mises(x: Floats) -> GoodnessOfFit:
    """Cramer & von Mises' test of normality with estimated mean and standard deviation.

    Raises
    ------
    ValueError
        With fewer than 8 values, or all equal.

    Notes
    -----
    ``W (1 + 0.5/n)`` and the polynomials of D'Agostino & Stephens (1986), table 4.9.

    Examples
    --------
    >>> cramer_von_mises(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 30.0])).p < 0.01
    True
    """
    z = _standardized(x, False, 8)
    n = z.size
    w = float(1 / (12 * n) + ((ndtr(z) - (2 * np.arange(1, n + 1) - 1) / (2 * n)) ** 2).sum())
    a = w * (1 + 0.5 / n)
    if a < 0.0275:
        p = 1 - np.exp(-13.953 + 775.5 * a - 12542.61 * a**2)
    elif a < 0.051:
        p = 1 - np.exp(-5.903 + 179.546 * a - 1515.29 * a**2)
    elif a < 0.092:
        p = np.exp(0.886 - 31.62 * a + 10.897 * a**2)
    else:
        p = np.exp(1.111 - 34.242 * min(a, 1.1) + 12.832 * min(a, 1.1) ** 2)
    return GoodnessOfFit(w, a, float(p), "Cramer-von Mises (D'Agostino & Stephens 1986)")


def statistic(fitted: Fitted, ordered: Floats) -> float:
    """Anderson & Darling's A2 of a sample in ascending order about a fitted distribution.

    Notes
    -----
    More than 20,000 values: ``n`` times the sum of ``(p - F)^2 / (F (1 - F)) dF`` over evenly spaced order statistics
    at their plotting positions ``p``, the integral that the statistic is.
    """
    n = ordered.size
    x = sketch(ordered)
    below, above = fitted.cdf(x), fitted.sf(x)
    if n <= SKETCH:
        return _sum(_log(below), _log(above))
    position = (((np.arange(SKETCH) + 0.5) * n / SKETCH).astype(np.int64) + 0.5) / n
    middle = 0.5 * (below[1:] + below[:-1])
    width = np.diff(np.concatenate([[0.0], middle, [1.0]]))
    return float(n * ((position - below) ** 2 / np.maximum(below * above, 1e-300) * width).sum())


def normal_scores_drawn(n: int, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """Seeded normal samples of up to 100, each in ascending order, from which those of any distribution are made."""
    drawn = np.random.default_rng(seed).standard_normal((resamples, min(n, LARGEST_RESAMPLE)))
    drawn.sort(axis=1)
    return drawn


GRID = np.linspace(-8.0, 8.0, 1_001)
"""Normal scores at which a quantile function is tabulated."""


def draw(fitted: Fitted, scores: Floats) -> Floats:
    """Values of a distribution with the same chances below them as normal scores, through a fine table."""
    upper = GRID > 0
    table = np.where(upper, fitted.isf(ndtr(-GRID)), fitted.ppf(ndtr(np.minimum(GRID, 0.0))))
    return np.asarray(np.interp(scores, GRID, table), dtype=np.float64)


def goodness(fitted: Fitted, ordered: Floats, scores: Floats | None = None) -> GoodnessOfFit:
    """Anderson & Darling's test of a fitted distribution, allowing for the parameters that were estimated.

    Parameters
    ----------
    fitted : Fitted
        By ``fit`` from the same values.
    ordered : (n,) array
        In ascending order.
    scores : (B, m) array or None
        From ``normal_scores_drawn``, to be shared by several distributions.

    Notes
    -----
    Normal and lognormal: the polynomials of D'Agostino & Stephens. Every other: samples of up to 100 values are drawn
    from the fit, fitted anew, and their statistics compared (Stute, Gonzales Manteiga & Presedo Quindimil 1993,
    Metrika 40); beyond the largest of them p falls as ``exp(-c A2)``, c from their upper tenth. A statistic above
    ``HOPELESS`` gets the p value without estimated parameters, which is larger than its own.

    Examples
    --------
    >>> from sigmatool.numbers.families import fit
    >>> x = -np.log1p(-(np.arange(50) + 0.5) / 50)
    >>> goodness(fit("exponential", x), x).p > 0.5
    True
    """
    a2 = statistic(fitted, ordered)
    if fitted.name in ("normal", "lognormal"):
        return normal_p(a2, ordered.size)
    if a2 > HOPELESS:
        return GoodnessOfFit(a2, a2, known_p(a2), "Anderson-Darling (at most; Marsaglia & Marsaglia 2004)")
    if scores is None:
        scores = normal_scores_drawn(ordered.size)
    chance = statistics(fitted, draw(fitted, scores))
    return GoodnessOfFit(
        a2, a2, _tail_chance(a2, chance[np.isfinite(chance)]), "Anderson-Darling (samples from the fit)"
    )


def statistics(fitted: Fitted, samples: Floats) -> Floats:
    """A2 of many samples (B, m), each in ascending order, about the family fitted to each of them."""
    values = [column[:, None] for column in refit(fitted, samples).T]
    below, above = _log(cdf(fitted.family, samples, *values)), _log(sf(fitted.family, samples, *values))
    m = samples.shape[1]
    return np.asarray(-m - ((below + above[:, ::-1]) * (2 * np.arange(1, m + 1) - 1)).mean(axis=1), dtype=np.float64)


def known_p(a2: float) -> float:
    """Chance of a larger A2 where no parameter was estimated, in large samples.

    References
    ----------
    Marsaglia & Marsaglia (2004), Journal of Statistical Software 9(2): within 1e-6 up to 10, where it stays.

    Examples
    --------
    >>> round(known_p(2.492), 4), round(known_p(0.5), 4)
    (0.05, 0.7468)
    """
    z = min(a2, 10.0)
    if z <= 0:
        return 1.0
    if z < 2:
        inner = 2.00012 + (0.247105 - (0.0649821 - (0.0347962 - (0.011672 - 0.00168691 * z) * z) * z) * z) * z
        return float(1 - np.exp(-1.2337141 / z) / np.sqrt(z) * inner)
    inner = 1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z
    return float(-np.expm1(-np.exp(inner)))


def _tail_chance(value: float, drawn: Floats) -> float:
    reached = int((drawn >= value).sum())
    if drawn.size == 0:
        raise ValueError("no sample from the fit could be fitted")
    if reached >= drawn.size // 40:
        return (reached + 1) / (drawn.size + 1)
    edge = float(np.quantile(drawn, 0.9))
    rate = 1 / max(float((drawn[drawn > edge] - edge).mean()), 1e-12) if (drawn > edge).any() else 1e12
    return float(0.1 * np.exp(-rate * max(value - edge, 0.0)))


def _standardized(x: Floats, ordered: bool, least: int) -> Floats:
    """Values in ascending order less their mean, in standard deviations."""
    if x.size < least:
        raise ValueError(f"{x.size} values; the test needs at least {least}")
    z = x if ordered else np.sort(x)
    if z[0] == z[-1]:
        raise ValueError("all values are equal")
    z = z - z[z.size // 2]
    z = z / float(np.abs(z).max())
    z = z - z.mean()
    return np.asarray(z / z.std(ddof=1), dtype=np.float64)


def _log(chance: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(chance, 1e-300)), dtype=np.float64)


def _sum(below: Floats, above: Floats) -> float:
    n = below.size
    return float(-n - ((2 * np.arange(1, n + 1) - 1) * (below + above[::-1])).mean())
