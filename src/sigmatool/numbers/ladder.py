"""Which distribution is a reasonable one for these data? The first of a fixed order that they do not contradict.

The best fit of many is an overfit: the tails that a capability index reads are then an accident of the sample. So the
candidates stand in order, from the simplest to the most flexible, and the first reasonable one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .distribution import Fitted
from .empirical import empirical
from .families import fit
from .goodness import goodness, normal_scores_drawn

Floats = NDArray[np.float64]

ORDER = (
    "normal", "exponential", "lognormal", "weibull", "gamma", "largest-extreme-value", "smallest-extreme-value",
    "logistic", "folded-normal", "exponential-2", "box-cox", "yeo-johnson", "gamma-3", "weibull-3", "johnson-sl",
    "johnson-su", "johnson-sb",
)  # fmt: skip
"""Candidates: the normal distribution, those with one and two parameters, with three, with four; then the empirical."""

SIGNIFICANT = 0.05
"""p value below which a distribution is told from the data."""

LESS_LIKELY = 6.0
"""AICc above that of the best candidate at which one is no longer plausible (Burnham & Anderson 2002: 4-7)."""

BETTER, MUCH_BETTER = 4.0, 10.0
"""AICc by which another candidate must beat the normal distribution before that is left: told from the data, or not."""

DOUBTFUL = 0.01
"""p value above which a candidate is still better than data that are too few to speak for themselves."""

FEW = 15
"""Values below which a test has no power and the normal distribution stays."""

LEAST = 8
"""Values below which nothing else is tried."""

MANY = 10_000
"""Values from which a misfit that can be told may still be too small to matter."""

PRACTICAL = 0.04
"""Error of a percentile, in distances from the median to 0.135 or 99.865 %, that does not matter: 4 % of an index."""

TAIL = 0.00135
"""Chance beyond each percentile that an index reads."""

REPRESENTED = 2_000
"""Values from which the data themselves speak about 0.135 %: about three lie beyond."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One candidate and what became of it.

    Attributes
    ----------
    name : str
    fitted : Fitted or None
        None where it could not be fitted.
    statistic, p : float
        Anderson & Darling's, allowing for the estimated parameters; NaN where there is none.
    aicc : float
    distance : float
        Largest error of a percentile that the data can show, in distances from the median to 0.135 or 99.865 %.
    plausible : bool
        The data do not tell it from the truth: it may be used as well as the chosen one.
    reason : str
        ``"reasonable"``, ``"close-enough"`` (told from the data, but the difference does not matter), ``"misfit"``,
        ``"less-likely"``, ``"no-better-one"``, ``"too-few-points"``, ``"cannot-be"``, ``"data-themselves"``,
        ``"extrapolates"`` (data too few for 0.135 %).
    detail : str
        Why it cannot be.
    ends_inside : bool
        Its support ends between the specification limits' outer sides and the data: it calls values beyond a limit
        impossible.
    held : bool
        Its threshold comes from the smallest value, for its likelihood has no maximum.
    """

    name: str
    fitted: Fitted | None
    statistic: float
    p: float
    aicc: float
    distance: float
    plausible: bool
    reason: str
    detail: str = ""
    ends_inside: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The distribution that was chosen, and the path to it."""

    chosen: Fitted
    rungs: tuple[Rung, ...]

    @property
    def plausible(self) -> tuple[Rung, ...]:
        """Candidates that would have done as well; never empty."""
        return tuple(r for r in self.rungs if r.plausible or (r.fitted is not None and r.name == self.chosen.name))

    @property
    def reason(self) -> str:
        """Why the chosen one was chosen."""
        return next(r.reason for r in self.rungs if r.name == self.chosen.name)


def ladder(x: Floats, lsl: float | None = None, usl: float | None = None) -> Ladder:
    """The first reasonable distribution of a fixed order, and what became of every candidate.

    Parameters
    ----------
    x : (n,) array
        Without NaN, at least two different values.
    lsl, usl : float or None
        Only to note where a support ends inside the specification.

    Raises
    ------
    ValueError
        Where all values are equal, or fewer than three.

    Notes
    -----
    A candidate is reasonable where Anderson & Darling's test does not tell it from the data (p >= 0.05) and its AICc is
    within 6 of the best such candidate. The normal distribution comes first and is left only for a reasonable one whose
    AICc is lower by 4, or by 10 where the test does not speak against it. From 10,000 values on a candidate whose
    percentiles err by at most 4 % of the distance from the median to 0.135 or 99.865 % is close enough, whatever the
    test says.
    Below 15 values the normal distribution stays. Where no candidate is reasonable the first with p >= 0.01 is taken,
    from 2,000 values on the empirical distribution; so it is where there is none.

    Ties are spread over the width of the rounding before a distribution is tested, not where it is fitted.

    p values take the values as independent: autocorrelation makes misfits of what are none.

    Examples
    --------
    >>> found = ladder(np.random.default_rng(5).gamma(1.5, 2.0, 300))
    >>> found.chosen.name, found.rungs[0].reason
    ('weibull', 'misfit')
    """
    ordered = np.sort(np.asarray(x, dtype=np.float64))
    n = ordered.size
    if n < 3:
        raise ValueError(f"{n} values; a distribution needs at least three")
    scores, apart = normal_scores_drawn(n), spread_ties(ordered)
    names = ORDER if n >= LEAST else ORDER[:1]
    rungs = _judged([_rung(name, ordered, apart, scores, (lsl, usl)) for name in names], n)
    if rungs[0].fitted is None:
        raise ValueError(rungs[0].detail)
    rungs.append(_data_themselves(ordered))
    chosen = _chosen(rungs, n)
    if n < FEW:
        rungs[0] = replace(rungs[0], reason="too-few-points")
    elif not rungs[chosen].plausible and chosen < len(rungs) - 1:
        rungs[chosen] = replace(rungs[chosen], reason="no-better-one")
    fitted = rungs[chosen].fitted
    assert fitted is not None
    return Ladder(fitted, tuple(rungs))


def plainly_normal(x: Floats) -> bool:
    """Whether :func:`ladder` takes the normal distribution as reasonable, where that is known without testing others.

    Parameters
    ----------
    x : (n,) array
        As in :func:`ladder`.

    Notes
    -----
    The test does not tell the normal distribution from the data, and no other one has an AICc lower by 6, whatever a
    test would say of it. Fitting them all is quick beside testing them: this answers in a fifth of the time for most
    normal data. False says only that the ladder must be climbed.

    Examples
    --------
    >>> rng = np.random.default_rng(5)
    >>> plainly_normal(rng.normal(10, 2, 100)), plainly_normal(rng.gamma(1.5, 2.0, 300))
    (True, False)
    """
    ordered = np.sort(np.asarray(x, dtype=np.float64))
    if not FEW <= ordered.size < MANY:
        return False
    normal = _rung("normal", ordered, spread_ties(ordered), normal_scores_drawn(ordered.size), (None, None))
    if not normal.p >= SIGNIFICANT:
        return False
    return all(_aicc(name, ordered) >= normal.aicc - LESS_LIKELY for name in ORDER[1:])


def _aicc(name: str, ordered: Floats) -> float:
    """That of a candidate; infinite where it cannot be fitted or its threshold is held."""
    try:
        fitted = fit(name, ordered, ordered=True)
    except ValueError:
        return float("inf")
    return float("inf") if fitted.held else fitted.aicc


def spread_ties(ordered: Floats) -> Floats:
    """Equal values spread evenly over the width that rounding took from them: the smallest gap between values.

    Rounding alone makes every continuous distribution a misfit once the sample is large.

    Examples
    --------
    >>> spread_ties(np.array([1.0, 1.0, 2.0, 4.0])).tolist()
    [0.75, 1.25, 2.0, 4.0]
    """
    gaps = np.diff(ordered)
    real = gaps[gaps > 1e-9 * (ordered[-1] - ordered[0])]
    if real.size == 0 or real.size == gaps.size:
        return ordered
    width = float(real.min())
    _, first, count = np.unique(ordered, return_index=True, return_counts=True)
    place = np.arange(ordered.size) - np.repeat(first, count)
    share = (place + 0.5) / np.repeat(count, count) - 0.5
    # a value at a natural bound was rounded to it from inside
    lowest = 0.0 if ordered[0] >= 0 else float(ordered[0]) - width
    return np.asarray(np.maximum(ordered + width * share, lowest), dtype=np.float64)


def _rung(name: str, ordered: Floats, apart: Floats, scores: Floats, bounds: tuple[float | None, float | None]) -> Rung:
    """The candidate with its fit and its test (with ties ``apart``), not yet compared with the others."""
    missing, (lsl, usl) = float("nan"), bounds
    try:
        fitted = fit(name, ordered, ordered=True)
        low, high = fitted.support
        if max(float(fitted.cdf(low)), float(fitted.sf(high))) >= TAIL:
            raise ValueError("the scale of the transformation ends before 0.135 or 99.865 %")
        tested = fitted if apart is ordered else fit(name, apart, ordered=True)
        test = goodness(tested, apart, scores) if ordered.size >= LEAST else None
    except ValueError as problem:
        return Rung(name, None, missing, missing, missing, missing, False, "cannot-be", str(problem))
    inside = (lsl is not None and low > lsl) or (usl is not None and high < usl)
    return Rung(
        name,
        fitted,
        test.statistic if test else missing,
        test.p if test else missing,
        fitted.aicc,
        distance(fitted, ordered),
        False,
        "",
        ends_inside=inside,
        held=fitted.held,
    )


CHECKED = np.array([TAIL, 0.005, 0.02, 0.1, 0.25, 0.5])
"""Chances, on either side, at which percentiles are compared."""


def distance(fitted: Fitted, ordered: Floats) -> float:
    """Largest error of a percentile, in distances from the median to 0.135 or 99.865 %, whichever is on its side.

    Only where at least 50 values lie beyond, so that the data can show it.
    """
    n = ordered.size
    chance = CHECKED[n * CHECKED >= 50]
    if not chance.size:
        return float("nan")
    median = float(fitted.ppf(0.5))
    below, above = median - float(fitted.ppf(TAIL)), float(fitted.isf(TAIL)) - median
    if not (below > 0 and above > 0):
        return float("inf")
    at = np.maximum((chance * n - 0.5).astype(np.int64), 0)
    off = max(
        float(np.abs(fitted.ppf(chance) - ordered[at]).max()) / below,
        float(np.abs(fitted.isf(chance) - ordered[n - 1 - at]).max()) / above,
    )
    return off if np.isfinite(off) else float("inf")


def _judged(rungs: list[Rung], n: int) -> list[Rung]:
    likely = [r.aicc for r in rungs if r.p >= SIGNIFICANT and not r.held]
    best = min(likely, default=float("nan"))
    return [r if r.fitted is None else _compared(r, best, n) for r in rungs]


def _compared(rung: Rung, best: float, n: int) -> Rung:
    if n >= MANY and rung.distance <= PRACTICAL:
        told = rung.p < SIGNIFICANT or rung.aicc > best + LESS_LIKELY
        return replace(rung, plausible=True, reason="close-enough" if told else "reasonable")
    if not rung.p >= SIGNIFICANT:
        return replace(rung, reason="misfit" if rung.p < SIGNIFICANT else "too-few-points")
    if rung.aicc > best + LESS_LIKELY:
        return replace(rung, reason="less-likely")
    return replace(rung, plausible=True, reason="reasonable")


def _data_themselves(ordered: Floats) -> Rung:
    """The last resort; as plausible as any where the data reach far enough."""
    enough = ordered.size >= REPRESENTED
    missing = float("nan")
    reason = "data-themselves" if enough else "extrapolates"
    return Rung("empirical", empirical(ordered, ordered=True), missing, missing, missing, 0.0, enough, reason)


def _chosen(rungs: list[Rung], n: int) -> int:
    """Place of the first reasonable candidate, of the first doubtful one, or of the data themselves."""
    if n < FEW:
        return 0
    reasonable = [i for i, r in enumerate(rungs[:-1]) if r.plausible]
    if n < MANY and reasonable and _normal_stays(rungs):
        return 0
    doubtful = [i for i, r in enumerate(rungs[:-1]) if r.p >= DOUBTFUL]
    return (reasonable or (doubtful if n < REPRESENTED else []) or [len(rungs) - 1])[0]


def _normal_stays(rungs: list[Rung]) -> bool:
    """Nothing reasonable is so much better that the usual distribution must be left for it."""
    others = [r.aicc for r in rungs[1:-1] if r.plausible and not r.held]
    needed = BETTER if rungs[0].p < SIGNIFICANT else MUCH_BETTER
    return rungs[0].p >= DOUBTFUL and rungs[0].aicc <= min(others, default=rungs[0].aicc) + needed
