"""Agreement of appraisers with themselves, with each other and with the standard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from ..numbers.agreement import (
    Patterns,
    all_agree,
    category_kappa,
    cohen_of_table,
    fleiss_kappa,
    fleiss_test,
    gwet_ac,
    patterns,
    table_of,
)
from ..numbers.agreement_interval import jackknife
from ..numbers.clustered_counts import widened
from ..numbers.concordance import kendall_tau_of_table, kendall_w
from ..numbers.estimate import Estimate
from ..numbers.exact_counts import clopper_pearson
from .agreement_asked import Rated

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT: Final = "Clopper-Pearson"


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far one set of ratings agrees.

    Attributes
    ----------
    name : str
    count, of : float
        Parts on which all agree, and parts that could tell.
    share : Estimate
    coefficients : dict of str to Estimate
        ``kappa`` (Fleiss among ratings, Cohen with the standard), ``ac1``; with an order also ``kappa_linear``,
        ``kappa_quadratic``, ``ac2`` (quadratic) and ``w`` or ``tau``.
    """

    name: str
    count: float
    of: float
    share: Estimate
    coefficients: dict[str, Estimate]

    def told(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"name": self.name, "agree": self.count, "of": self.of, "share": self.share, **self.coefficients}


@dataclass(frozen=True, slots=True)
class Decisions:
    """An appraiser as one who decides, by the terms of AIAG.

    Attributes
    ----------
    name : str
    effectiveness : Estimate
        Parts always judged as the standard has it.
    miss, false_alarm : Estimate or None
        Bad parts passed, good parts failed, of the ratings of such parts.
    """

    name: str
    effectiveness: Estimate
    miss: Estimate | None
    false_alarm: Estimate | None


@dataclass(frozen=True)
class Study:
    """Everything that is told of ratings.

    Attributes
    ----------
    within, against : tuple of Agreed
        One an appraiser: with himself, with the standard; empty where there are no repeats or no standard.
    between, all_against : Agreed or None
    pairs : tuple of Agreed
        Two appraisers, trial by trial (Cohen).
    categories : tuple of Estimate
        Fleiss' kappa of each category among all ratings.
    z, p : float
        Of Fleiss' kappa among all ratings, against chance alone.
    decisions : tuple of Decisions
    """

    within: tuple[Agreed, ...]
    between: Agreed | None
    pairs: tuple[Agreed, ...]
    against: tuple[Agreed, ...]
    all_against: Agreed | None
    categories: tuple[Estimate, ...]
    z: float
    p: float
    decisions: tuple[Decisions, ...]


def study(held: Rated, confidence: float) -> Study:
    """All comparisons that the table allows."""
    k = len(held.categories)
    names = held.appraisers
    within: tuple[Agreed, ...] = ()
    if held.trials > 1:
        within = tuple(
            _among(n, patterns(held.codes[:, j, :], k), held.ordered, confidence) for j, n in enumerate(names)
        )
    whole = patterns(held.wide, k)
    several = held.wide.shape[1] > 1
    between = _among("all appraisers", whole, held.ordered, confidence) if len(names) > 1 else None
    pairs = tuple(_pair(held, a, b, confidence) for a, b in combinations(range(len(names)), 2))
    against: tuple[Agreed, ...] = ()
    together = None
    if held.standard is not None:
        against = tuple(_with_standard(held, [j], n, confidence) for j, n in enumerate(names))
        together = _with_standard(held, list(range(len(names))), "all appraisers", confidence)
    each = _categories(whole, confidence) if several else ()
    z = float("nan")
    if several and bool((held.wide >= 0).all()):
        error = fleiss_test(whole)[0]
        z = float(fleiss_kappa(whole, whole.weight)) / error
    return Study(
        within, between, pairs, against, together, each, z, 2 * float(ndtr(-abs(z))), _decisions(held, confidence)
    )


def _share(count: float, of: float, confidence: float) -> Estimate:
    if of == 0:
        return Estimate(np.nan, np.nan, np.nan, EXACT)
    low, high = clopper_pearson(count, of, confidence)
    return Estimate(count / of, float(low), float(high), EXACT)


def _among(name: str, seen: Patterns, ordered: bool, confidence: float) -> Agreed:
    """Ratings of equal standing."""
    raters = seen.codes.shape[1]
    found: dict[str, Callable[[Floats], Floats]] = {
        "kappa": lambda w: fleiss_kappa(seen, w),
        "ac1": lambda w: gwet_ac(seen, w),
    }
    if ordered:
        found["kappa_linear"] = lambda w: fleiss_kappa(seen, w, "linear")
        found["kappa_quadratic"] = lambda w: fleiss_kappa(seen, w, "quadratic")
        found["ac2"] = lambda w: gwet_ac(seen, w, "quadratic")
    held = {key: jackknife(f, seen, confidence, raters=raters) for key, f in found.items()}
    if ordered:
        complete = np.asarray((seen.codes >= 0).all(axis=1))
        held["w"] = jackknife(lambda w: kendall_w(seen, w), seen, confidence, complete, raters)
    count, of = all_agree(seen)
    return Agreed(name, count, of, _share(count, of, confidence), held)


def _pair(held: Rated, a: int, b: int, confidence: float) -> Agreed:
    """Two appraisers: first trial with first, second with second."""
    t = held.trials
    seen = patterns(np.concatenate([held.codes[:, a, :], held.codes[:, b, :]], axis=1), len(held.categories))
    columns = [(i, t + i) for i in range(t)]
    return _two(f"{held.appraisers[a]} and {held.appraisers[b]}", seen, columns, held.ordered, confidence)


def _with_standard(held: Rated, who: list[int], name: str, confidence: float) -> Agreed:
    """One appraiser, or all, with the standard in the last column."""
    assert held.standard is not None
    ratings = held.codes[:, who, :].reshape(len(held.parts), -1)
    seen = patterns(np.column_stack([ratings, held.standard]), len(held.categories))
    last = ratings.shape[1]
    return _two(name, seen, [(i, last) for i in range(last)], held.ordered, confidence)


def _two(name: str, seen: Patterns, columns: list[tuple[int, int]], ordered: bool, confidence: float) -> Agreed:
    """Pairs of columns: the mean of their coefficients, and the parts on which all ratings agree."""

    def mean_of(one: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
        def of(weight: Floats) -> Floats:
            values = np.stack([one(table_of(seen, a, b, weight)) for a, b in columns])
            known = np.isfinite(values)
            with np.errstate(invalid="ignore"):
                return np.asarray(
                    np.where(known, values, 0.0).sum(axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan)
                )

        return of

    found = {"kappa": mean_of(cohen_of_table), "ac1": mean_of(_ac_of_table)}
    if ordered:
        found["kappa_linear"] = mean_of(lambda t: cohen_of_table(t, "linear"))
        found["kappa_quadratic"] = mean_of(lambda t: cohen_of_table(t, "quadratic"))
        found["tau"] = mean_of(kendall_tau_of_table)
    known = np.any([(seen.codes[:, a] >= 0) & (seen.codes[:, b] >= 0) for a, b in columns], axis=0)
    held = {key: jackknife(f, seen, confidence, known) for key, f in found.items()}
    count, of = all_agree(seen)
    return Agreed(name, count, of, _share(count, of, confidence), held)


def _ac_of_table(table: Floats) -> Floats:
    """AC1 of two raters."""
    n = table.sum(axis=(-2, -1))
    k = table.shape[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        po = np.trace(table, axis1=-2, axis2=-1) / n
        share = (table.sum(axis=-1) + table.sum(axis=-2)) / (2 * n)[..., None]
        pe = (share * (1 - share)).sum(axis=-1) / max(k - 1, 1)
        return np.asarray(np.where(pe < 1, (po - pe) / (1 - pe), np.nan))


def _categories(seen: Patterns, confidence: float) -> tuple[Estimate, ...]:
    raters = seen.codes.shape[1]
    return tuple(
        jackknife(lambda w, c=c: category_kappa(seen, w)[..., c], seen, confidence, raters=raters)  # type: ignore[misc]
        for c in range(seen.k)
    )


def _decisions(held: Rated, confidence: float) -> tuple[Decisions, ...]:
    if held.standard is None:
        return ()
    found = []
    for j, name in enumerate(held.appraisers):
        codes = held.codes[:, j, :]
        known = codes >= 0
        right = ((codes == held.standard[:, None]) | ~known).all(axis=1) & known.any(axis=1)
        judged = float(known.any(axis=1).sum())
        miss = alarm = None
        if held.good is not None:
            bad = held.standard != held.good
            miss = _rate((codes == held.good) & known, known, bad, confidence)
            alarm = _rate((codes != held.good) & known, known, ~bad, confidence)
        found.append(Decisions(name, _share(float(right.sum()), judged, confidence), miss, alarm))
    return tuple(found)


def _rate(wrong: NDArray[np.bool_], known: NDArray[np.bool_], rows: NDArray[np.bool_], confidence: float) -> Estimate:
    """Wrong ratings of these parts; repeats of a part hang together."""
    kept = rows & known.any(axis=1)
    count = wrong[kept].sum(axis=1).astype(np.float64)
    size = known[kept].sum(axis=1).astype(np.float64)
    if count.size == 0:
        return Estimate(np.nan, np.nan, np.nan, EXACT)
    exact = _share(float(count.sum()), float(size.sum()), confidence)
    if size.max() == 1 or count.size < 2 or count.sum() in (0, size.sum()):
        return exact
    wide = widened(count, size, True, confidence)
    if wide.design_effect <= 1:
        return exact
    return Estimate(exact.value, float(wide.low), float(wide.high), "Clopper-Pearson, repeats of a part allowed for")
