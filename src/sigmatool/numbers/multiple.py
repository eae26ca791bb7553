"""Which of many findings stand, when each had its chance of being false?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """P values adjusted so that, of the findings at or below q, at most the share q is false on average.

    Parameters
    ----------
    p : (n,) array
        P values; NaN is a question that was not asked: it stays NaN and does not count among the m.

    Returns
    -------
    (n,) array

    Notes
    -----
    The k-th smallest of m becomes ``min over j >= k of p(j) m / j``, at most 1. Holds for independent p values and
    for positively dependent ones (Benjamini and Yekutieli 2001); not for every dependence.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, np.nan, 0.03]).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    given = np.asarray(p, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    asked = np.flatnonzero(np.isfinite(given))
    if asked.size:
        order = asked[np.argsort(given[asked], kind="stable")]
        raised = given[order] * asked.size / np.arange(1, asked.size + 1)
        adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted


def bonferroni(p: ArrayLike) -> Floats:
    """P values adjusted so that any false finding at or below q has at most the chance q: times m, at most 1.

    NaN stays NaN and does not count among the m; :func:`holm` promises the same and finds more.

    References
    ----------
    Dunn, O. J. (1961), Journal of the American Statistical Association 56, 52-64.

    Examples
    --------
    >>> bonferroni([0.01, 0.04, np.nan, 0.5]).round(3).tolist()
    [0.03, 0.12, nan, 1.0]
    """
    given = np.asarray(p, dtype=np.float64)
    return np.asarray(np.minimum(given * np.isfinite(given).sum(), 1.0), dtype=np.float64)


def holm(p: ArrayLike) -> Floats:
    """As :func:`bonferroni`, stepping down: the smallest times m, the next times m - 1, and so on.

    Holds for every dependence.

    References
    ----------
    Holm, S. (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, np.nan, 0.03]).round(3).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    adjusted, order, raised = _stepped(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return adjusted


def hochberg(p: ArrayLike) -> Floats:
    """As :func:`holm`, stepping up: never larger, but only for independent or positively dependent p values.

    References
    ----------
    Hochberg, Y. (1988), Biometrika 75, 800-802.

    Examples
    --------
    >>> hochberg([0.01, 0.04, np.nan, 0.03]).round(3).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    adjusted, order, raised = _stepped(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted


def _stepped(p: ArrayLike) -> tuple[Floats, NDArray[np.intp], Floats]:
    """NaN to fill in, the order of the p values that were asked for, and each times those not below it."""
    given = np.asarray(p, dtype=np.float64)
    asked = np.flatnonzero(np.isfinite(given))
    order = asked[np.argsort(given[asked], kind="stable")]
    return np.full(given.shape, np.nan), order, np.asarray(given[order] * np.arange(asked.size, 0, -1))
