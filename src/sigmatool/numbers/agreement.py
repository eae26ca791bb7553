"""How far do ratings in categories agree beyond chance? Kappas and their kin, from items by raters.

Every coefficient is a function of how often each pattern of ratings was seen, and takes a batch of such weights: so an
interval by the jackknife costs one call more (:mod:`sigmatool.numbers.agreement_interval`). Ratings are codes 0 .. k-1
in the order of the categories; -1 is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Weighting = Literal["none", "linear", "quadratic"]


@dataclass(frozen=True)
class Patterns:
    """Items by raters, equal rows together.

    Attributes
    ----------
    codes : (p, m) array
        The different rows.
    weight : (p,) array
        Items that show each of them.
    k : int
        Categories.
    """

    codes: Ints
    weight: Floats
    k: int

    @property
    def counts(self) -> Floats:
        """Raters who named each category, (p, k)."""
        return np.stack([(self.codes == c).sum(axis=1) for c in range(self.k)], axis=1).astype(np.float64)


def patterns(codes: ArrayLike, k: int) -> Patterns:
    """Items, (n, m), as different rows and how often each was seen.

    Examples
    --------
    >>> found = patterns([[0, 0], [0, 1], [0, 0]], 2)
    >>> found.codes.tolist(), found.weight.tolist()
    ([[0, 0], [0, 1]], [2.0, 1.0])
    """
    rows, weight = np.unique(np.asarray(codes, dtype=np.int64), axis=0, return_counts=True)
    return Patterns(rows, weight.astype(np.float64), k)


def agreement_weights(k: int, weighting: Weighting = "none") -> Floats:
    """How much a pair of categories counts as agreement, (k, k): 1 on the diagonal.

    Examples
    --------
    >>> agreement_weights(3, "linear").tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / max(k - 1, 1)
    if weighting == "none":
        return np.eye(k)
    return 1.0 - (apart if weighting == "linear" else apart**2)


def table_of(seen: Patterns, a: int, b: int, weight: Floats) -> Floats:
    """Items by the categories of two raters, (..., k, k); an item that either left out is not counted."""
    x, y = seen.codes[:, a], seen.codes[:, b]
    known = (x >= 0) & (y >= 0)
    cell = np.zeros((x.size, seen.k * seen.k))
    cell[np.flatnonzero(known), x[known] * seen.k + y[known]] = 1.0
    return (weight @ cell).reshape(*np.shape(weight)[:-1], seen.k, seen.k)


def cohen_of_table(table: ArrayLike, weighting: Weighting = "none") -> Floats:
    """Cohen's kappa of tables (..., k, k); NaN where chance alone would agree always.

    Parameters
    ----------
    table : (..., k, k) array
        Items by the categories of the first and of the second rater.
    weighting : {"none", "linear", "quadratic"}

    Notes
    -----
    ``(po - pe) / (1 - pe)`` with ``po = sum w_ij p_ij`` and ``pe = sum w_ij p_i. p_.j``.

    References
    ----------
    Cohen (1960), Educational and Psychological Measurement 20, 37-46; Cohen (1968), Psychological Bulletin 70, 213-220.

    Examples
    --------
    >>> float(cohen_of_table([[20, 5], [10, 15]]).round(10))
    0.4
    """
    t = np.asarray(table, dtype=np.float64)
    w = agreement_weights(t.shape[-1], weighting)
    n = t.sum(axis=(-2, -1), keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = t / n
        po = (w * p).sum(axis=(-2, -1))
        pe = (w * p.sum(axis=-1)[..., :, None] * p.sum(axis=-2)[..., None, :]).sum(axis=(-2, -1))
        return _beyond_chance(po, pe)


def cohen_error(table: ArrayLike, weighting: Weighting = "none") -> float:
    """Large-sample standard error of Cohen's kappa, (k, k); 0 where a rater named one category only.

    References
    ----------
    Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72, 323-327.

    Examples
    --------
    >>> round(cohen_error([[20, 5], [10, 15]]), 4)
    0.127
    """
    t = np.asarray(table, dtype=np.float64)
    w, n = agreement_weights(t.shape[-1], weighting), t.sum()
    p = t / n
    row, col = p.sum(axis=1), p.sum(axis=0)
    po, pe = (w * p).sum(), (w * np.outer(row, col)).sum()
    if pe >= 1.0:
        return float("nan")
    mean = np.add.outer(w @ col, row @ w)
    inner = (p * (w * (1 - pe) - mean * (1 - po)) ** 2).sum() - (po * pe - 2 * pe + po) ** 2
    # what is left of a difference of equal numbers is no variance
    return float(np.sqrt((inner if inner > 1e-14 else 0.0) / n) / (1 - pe) ** 2)


def fleiss_kappa(seen: Patterns, weight: Floats, weighting: Weighting = "none") -> Floats:
    """Fleiss' kappa of any number of raters, for weights (..., p).

    An item rated by one rater alone tells of the categories, not of agreement.

    Notes
    -----
    Agreement of an item: the share of its pairs of ratings that agree; by chance ``sum w_kl pi_k pi_l`` with the mean
    shares of the categories.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76, 378-382; with missing ratings Gwet (2014), Handbook of Inter-Rater
    Reliability, ch. 2.

    Examples
    --------
    >>> seen = patterns([[0, 0, 0], [0, 1, 1], [1, 1, 1], [0, 0, 1]], 2)
    >>> float(fleiss_kappa(seen, seen.weight).round(4))
    0.3333
    """
    w = agreement_weights(seen.k, weighting)
    pa, share = _observed(seen, weight, w)
    return _beyond_chance(pa, (share @ w * share).sum(axis=-1))


def gwet_ac(seen: Patterns, weight: Floats, weighting: Weighting = "none") -> Floats:
    """Gwet's AC1 (unweighted) or AC2, for weights (..., p): agreement beyond chance that skewed shares leave in place.

    Notes
    -----
    By chance ``T / (k (k - 1)) sum pi_k (1 - pi_k)`` with the sum T of the weights.

    References
    ----------
    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48; Gwet (2014), ch. 4.

    Examples
    --------
    >>> seen = patterns([[0, 0]] * 18 + [[0, 1], [1, 0]], 2)
    >>> float(gwet_ac(seen, seen.weight).round(3)), float(fleiss_kappa(seen, seen.weight).round(3))
    (0.89, -0.053)
    """
    w = agreement_weights(seen.k, weighting)
    pa, share = _observed(seen, weight, w)
    k = max(seen.k, 2)
    return _beyond_chance(pa, w.sum() / (k * (k - 1)) * (share * (1 - share)).sum(axis=-1))


def category_kappa(seen: Patterns, weight: Floats) -> Floats:
    """Fleiss' kappa of each category against all others, (..., k); NaN where a category was never or always named.

    References
    ----------
    Fleiss (1971).
    """
    counts = seen.counts
    raters = counts.sum(axis=1)
    usable = raters >= 2
    pairs = np.where(usable[:, None], counts * (counts - 1), 0.0) / np.where(usable, raters - 1, 1.0)[:, None]
    named = np.where(usable[:, None], counts, 0.0)
    share = _shares(seen, weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        again = (weight @ pairs) / (weight @ named)
        return np.where((share > 0) & (share < 1), (again - share) / (1 - share), np.nan)


def fleiss_test(seen: Patterns) -> tuple[float, Floats]:
    """Standard errors of Fleiss' kappa, and of that of each category, if there were no agreement but by chance.

    For items that all raters rated; they test, and make no interval.

    References
    ----------
    Fleiss, Nee & Landis (1979), Psychological Bulletin 86, 974-977.
    """
    n, raters = float(seen.weight.sum()), float(seen.codes.shape[1])
    p = _shares(seen, seen.weight)
    q = 1 - p
    unlike = float((p * q).sum())
    base = 2 / (n * raters * (raters - 1))
    if unlike == 0:
        return float("nan"), np.full(seen.k, np.nan)
    overall = np.sqrt(base * (unlike**2 - float((p * q * (q - p)).sum()))) / unlike
    return float(overall), np.where((p > 0) & (p < 1), np.sqrt(base), np.nan)


def all_agree(seen: Patterns) -> tuple[float, float]:
    """Items on which all ratings are the same, and items with two ratings or more.

    Examples
    --------
    >>> all_agree(patterns([[0, 0], [0, 1], [0, -1]], 2))
    (1.0, 2.0)
    """
    counts = seen.counts
    rated = counts.sum(axis=1)
    usable = rated >= 2
    same = usable & (counts.max(axis=1) == rated)
    return float(seen.weight[same].sum()), float(seen.weight[usable].sum())


def _shares(seen: Patterns, weight: Floats) -> Floats:
    """Mean share of each category over the items that were rated at all, (..., k)."""
    counts = seen.counts
    rated = counts.sum(axis=1)
    each = np.where(rated[:, None] > 0, counts / np.maximum(rated, 1)[:, None], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weight @ each) / (weight @ (rated > 0).astype(np.float64))[..., None])


def _observed(seen: Patterns, weight: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Mean agreement of pairs, (...), and shares of the categories, (..., k)."""
    counts = seen.counts
    rated = counts.sum(axis=1)
    usable = (rated >= 2).astype(np.float64)
    pairs = (counts * (counts @ w - 1)).sum(axis=1) / np.maximum(rated * (rated - 1), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weight @ (pairs * usable)) / (weight @ usable)), _shares(seen, weight)


def _beyond_chance(po: Floats, pe: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(pe < 1 - 1e-12, (po - pe) / (1 - pe), np.nan))
