"""Do raters put items into the same order? Kendall's W among raters, and tau-b of two."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc
from scipy.stats import rankdata

from .agreement import Patterns

Floats = NDArray[np.float64]


def kendall_tau_of_table(table: ArrayLike) -> Floats:
    """Kendall's tau-b of tables in order, (..., k, k): -1 to 1; NaN where a rater named one category only.

    References
    ----------
    Kendall (1945), Biometrika 33, 239-251; Agresti, Analysis of Ordinal Categorical Data, ch. 7.

    Examples
    --------
    >>> float(kendall_tau_of_table([[10, 2], [3, 12]]).round(4))
    0.6298
    """
    t = np.asarray(table, dtype=np.float64)
    n = t.sum(axis=(-2, -1))
    row, col = t.sum(axis=-1), t.sum(axis=-2)
    # items later in both, and later in one but earlier in the other
    later = np.zeros_like(t)
    mixed = np.zeros_like(t)
    k = t.shape[-1]
    for i in range(k):
        for j in range(k):
            later[..., i, j] = t[..., i + 1 :, j + 1 :].sum(axis=(-2, -1))
            mixed[..., i, j] = t[..., i + 1 :, :j].sum(axis=(-2, -1))
    score = (t * (later - mixed)).sum(axis=(-2, -1))
    pairs = n * (n - 1) / 2
    untied = [pairs - (side * (side - 1) / 2).sum(axis=-1) for side in (row, col)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where((untied[0] > 0) & (untied[1] > 0), score / np.sqrt(untied[0] * untied[1]), np.nan))


def kendall_w(seen: Patterns, weight: Floats) -> Floats:
    """Kendall's W of raters in categories with an order, for weights (..., p), corrected for ties; complete items only.

    Examples
    --------
    >>> from sigmatool.numbers.agreement import patterns
    >>> seen = patterns([[0, 0], [1, 1], [2, 2], [0, 1]], 3)
    >>> float(kendall_w(seen, seen.weight).round(4))
    0.9167
    """
    whole = (seen.codes >= 0).all(axis=1)
    weight = weight[..., whole]
    codes = seen.codes[whole]
    m, n = codes.shape[1], weight.sum(axis=-1)
    total = np.zeros(weight.shape)
    ties = np.zeros(weight.shape[:-1])
    for rater in range(m):
        held = np.stack([(codes[:, rater] == c) for c in range(seen.k)], axis=1).astype(np.float64)
        count = weight @ held
        rank = np.cumsum(count, axis=-1) - (count - 1) / 2
        total += rank @ held.T
        ties += (count**3 - count).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.asarray((weight * total).sum(axis=-1) / n)
        s = (weight * (total - mean[..., None]) ** 2).sum(axis=-1)
        below = m * m * (n**3 - n) - m * ties
        return np.asarray(np.where(below > 0, 12 * s / below, np.nan))


def kendall_w_of_values(values: ArrayLike) -> tuple[float, float, float]:
    """Kendall's W of items by raters, (n, m), with its chi-square on n - 1 degrees of freedom and p.

    References
    ----------
    Kendall & Babington Smith (1939), Annals of Mathematical Statistics 10, 275-287; ties: Siegel & Castellan (1988),
    Nonparametric Statistics, sect. 9.6.

    Examples
    --------
    >>> [round(v, 4) for v in kendall_w_of_values([[1, 2], [2, 1], [3, 3], [4, 4]])]
    [0.9, 5.4, 0.1447]
    """
    x = np.asarray(values, dtype=np.float64)
    n, m = x.shape
    ranks = np.asarray(rankdata(x, axis=0), dtype=np.float64)
    total = ranks.sum(axis=1)
    ties = 0.0
    for rater in range(m):
        count = np.unique(x[:, rater], return_counts=True)[1].astype(np.float64)
        ties += float((count**3 - count).sum())
    below = m * m * (n**3 - n) - m * ties
    if below <= 0:
        return float("nan"), float("nan"), float("nan")
    w = 12 * float(((total - total.mean()) ** 2).sum()) / below
    chi2 = m * (n - 1) * w
    return w, chi2, float(gammaincc((n - 1) / 2, chi2 / 2))
