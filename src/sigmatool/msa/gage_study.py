"""A gage study in numbers: components by the method asked for, their intervals, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, SettingsError
from ..numbers.estimate import Estimate
from ..numbers.gage_intervals import SOURCES, gathered, intervals
from ..numbers.gage_reml import Fitted, restricted_likelihood
from ..numbers.gage_satterthwaite import share_ends, sum_ends
from ..numbers.gage_shape import PROBABLE, average_range, categories, increment, misclassified
from ..numbers.gage_squares import INTERACTION, REPEAT, Against, Squares, components, f_tests, mean_squares, pooled
from .gage_asked import Asked, Measured
from .gage_design import Layout

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MLS: Final = "modified large sample (Graybill & Wang 1980; Burdick, Borror & Montgomery 2003)"
PIVOT: Final = "generalized pivotal quantity (Hamada & Weerahandi 2000)"
APPROXIMATE: Final = "Satterthwaite (1946), from the expected information"


@dataclass(frozen=True, slots=True)
class Component:
    """One source of variation, as a variance and as what is told of it.

    ``contribution`` and ``study`` are shares of the total variance and of the total standard deviation, ``tolerance``
    that of the specification; 0.1 is 10 %.
    """

    variance: Estimate
    sd: Estimate
    contribution: Estimate
    study: Estimate
    tolerance: Estimate | None


@dataclass(frozen=True, slots=True)
class Emp:
    """Wheeler's evaluation of the measurement process.

    Attributes
    ----------
    icc, icc_consistent : Estimate
        Intraclass correlation: parts over the total, and without what operators add.
    probable_error : float
        Half of all repeated measurements err by less.
    step : float
        Smallest difference between two values.
    """

    icc: Estimate
    icc_consistent: Estimate
    probable_error: Estimate
    step: float


@dataclass(frozen=True)
class Study:
    """All numbers of a gage study.

    Attributes
    ----------
    method : str
        ``anova``, ``xbar-r`` or ``reml``.
    full, reduced : Squares
        Mean squares with the interaction, and with it put to the repeats.
    tests, reduced_tests : Against
    kept : bool or None
        Whether the interaction stays in the model; None where there is none to test.
    components : dict of str to Component
        By source.
    factors : dict of str to Component
        Further random factors.
    negative : tuple of str
        Components whose estimate was below zero, told as zero.
    categories : Estimate
        Number of distinct categories, not rounded: the signal-to-noise ratio ``sqrt(2) sd(part) / sd(gage)``.
    emp : Emp
    wrong : tuple of float or None
        Chance of a good part rejected and of a bad part accepted.
    mean : float
    range_mean : float
        Of the cells with more than one value.
    """

    method: str
    full: Squares
    reduced: Squares
    tests: Against
    reduced_tests: Against
    kept: bool | None
    components: dict[str, Component]
    factors: dict[str, Component]
    negative: tuple[str, ...]
    categories: Estimate
    emp: Emp
    wrong: tuple[float, float] | None
    mean: float
    range_mean: float


def method_of(asked: Asked, lay: Layout, held: Measured) -> str:
    """The method in force: ANOVA where the study is balanced, REML elsewhere."""
    more = bool(held.random or held.fixed)
    if asked.method == "auto":
        return "anova" if lay.balanced and not more else "reml"
    if asked.method != "reml" and more:
        raise SettingsError(f"further factors need method reml (or auto), not {asked.method}.")
    if asked.method == "xbar-r":
        if lay.design == "nested":
            raise SettingsError("the X-bar/R method is for crossed designs; take anova or reml for a nested one.")
        fewest, most = lay.replicates
        if not lay.balanced or most < 2:
            raise DataError(
                f"the X-bar/R method needs every part measured by every operator equally often, at least twice; here "
                f"cells hold {fewest} to {most} values and {lay.empty} are empty. Take anova or reml."
            )
    return asked.method


def study(held: Measured, lay: Layout, asked: Asked) -> Study:
    """Everything that is told."""
    moved = held.values - held.values[0]
    if not np.ptp(moved) > 0:
        raise DataError(
            f"all {held.values.size} values of {held.name!r} are {held.values[0]:g}: a gage that always shows the same "
            "cannot be judged; does it resolve enough digits?"
        )
    method = method_of(asked, lay, held)
    full = mean_squares(lay.cells, lay.design)
    both = full.design == "crossed" and full.dof[INTERACTION] > 0 and full.dof[REPEAT] > 0
    reduced = pooled(full) if full.design == "crossed" else full
    tests = f_tests(full)
    # without any scatter of repeats nothing can be tested against them
    kept = None if not both else bool(not tests.p[INTERACTION] >= asked.alpha)
    if method == "reml" and both:
        kept = True
    fitted = None if method != "reml" else _fitted(held, lay, both)
    raw = _estimates(method, held, lay, full if kept else reduced, fitted)
    if held.random or held.fixed:
        if fitted is None:
            raise SettingsError("further factors need method reml.")
        sources, factors, shares, consistent = _expanded(held, fitted, both, asked)
    else:
        sources, shares, consistent = _plain(raw, full, asked.confidence, both)
        factors = {}
    told = {name: _component(sources[name], shares[name], asked, float(held.values.mean())) for name in SOURCES}
    more = {name: _component(*pair, asked, float(held.values.mean())) for name, pair in factors.items()}
    gage = told["gage"].contribution
    icc = Estimate(1 - gage.value, 1 - gage.high, 1 - gage.low, gage.method)
    ndc = Estimate(_ndc(gage.value), _ndc(gage.high), _ndc(gage.low), gage.method)
    seldom = None
    if asked.lsl is not None or asked.usl is not None:
        part, error = told["part"].sd.value, told["gage"].sd.value
        seldom = misclassified(float(held.values.mean()), part, error, asked.lsl, asked.usl)
    probable = _each(told["repeatability"].sd, lambda v: PROBABLE * v)
    spread = lay.cells.spread
    return Study(
        method, full, reduced, tests, f_tests(reduced), kept, told, more,
        _negative(raw, method != "xbar-r" and bool(kept)),
        ndc,
        Emp(icc, consistent, probable, increment(moved)),
        seldom,
        float(held.values[0] + moved.mean()), float(np.nanmean(spread)) if np.isfinite(spread).any() else math.nan,
    )  # fmt: skip


def _ndc(share: float) -> float:
    return categories(share) if 0 < share <= 1 else math.nan


def _fitted(held: Measured, lay: Layout, interaction: bool) -> Fitted:
    random = [lay.part, held.operator.level]
    if interaction:
        random.append(_cell(lay.part, held.operator.level))
    try:
        return restricted_likelihood(
            held.values,
            [*random, *(f.level for f in held.random)],
            [f.level for f in held.fixed],
            information=bool(held.random or held.fixed),
        )
    except (ValueError, np.linalg.LinAlgError) as problem:
        raise DataError(f"the mixed model cannot be fitted to {held.name!r}: {problem}; take method anova.") from None


def _cell(part: Ints, operator: Ints) -> Ints:
    return np.asarray(np.unique(part * (int(operator.max()) + 1) + operator, return_inverse=True)[1], dtype=np.int64)


def _estimates(method: str, held: Measured, lay: Layout, squares: Squares, fitted: Fitted | None) -> Floats:
    """Components before truncation: part, operator, interaction, repeatability."""
    if method == "xbar-r":
        found = average_range(lay.table(held.values, held.operator.level))
        return np.array([found.part**2, found.appraiser**2, 0.0, found.equipment**2])
    if fitted is not None:
        v = fitted.variances
        more = len(held.random)
        inner = v[2] if v.size - 1 - more == 3 else 0.0
        return np.array([v[0], v[1], inner, v[-1]])
    return components(squares)


def _negative(raw: Floats, interaction: bool) -> tuple[str, ...]:
    names = ("part", "operator", "interaction", "repeatability")
    held = (True, True, interaction, False)
    return tuple(n for n, v, there in zip(names, raw, held, strict=True) if there and v <= 0)


Pairs = dict[str, Estimate]


def _plain(raw: Floats, full: Squares, confidence: float, both: bool) -> tuple[Pairs, Pairs, Estimate]:
    """Variances and shares with the intervals of the mean squares."""
    value = gathered(raw)
    ends = intervals(full, confidence)
    share = value / value[-1]
    summed = ("gage", "repeatability", "total") if full.design == "crossed" else ("repeatability",)
    sources, shares = {}, {}
    for i, name in enumerate(SOURCES):
        absent = name == "interaction" and not both
        low, high = (0.0, 0.0) if absent else ends.variance[:, i]
        sources[name] = _holding(value[i], low, high, MLS if name in summed else PIVOT)
        low, high = (0.0, 0.0) if absent else ends.share[:, i]
        shares[name] = _holding(share[i], low, high, PIVOT)
    alike = value[5] / (value[5] + value[1]) if value[5] + value[1] > 0 else math.nan
    return sources, shares, _holding(alike, float(ends.consistent[0]), float(ends.consistent[1]), PIVOT)


def _holding(value: float, low: float, high: float, method: str) -> Estimate:
    """An interval that holds its estimate, also where that comes from another model than the interval."""
    return Estimate(float(value), float(min(low, value)), float(max(high, value)), method)


def _expanded(
    held: Measured, fitted: Fitted, both: bool, asked: Asked
) -> tuple[Pairs, dict[str, tuple[Estimate, Estimate]], Pairs, Estimate]:
    """Sources of a study with further factors, which belong to reproducibility."""
    k = fitted.variances.size
    inner = [2] if both else []
    extra = list(range(2 + len(inner), k - 1))
    members: dict[str, Sequence[int]] = {
        "gage": [1, *inner, *extra, k - 1], "repeatability": [k - 1], "reproducibility": [1, *inner, *extra],
        "operator": [1], "interaction": inner, "part": [0], "total": range(k),
        **{f.name: [at] for f, at in zip(held.random, extra, strict=True)},
    }  # fmt: skip
    whole = np.ones(k)

    def one(name: str) -> tuple[Estimate, Estimate]:
        a = np.zeros(k)
        a[list(members[name])] = 1
        variance = Estimate(*sum_ends(fitted.variances, fitted.covariance, a, asked.confidence), APPROXIMATE)
        share = Estimate(*share_ends(fitted.variances, fitted.covariance, a, whole, asked.confidence), APPROXIMATE)
        return variance, share

    pairs = {name: one(name) for name in members}
    a, b = np.zeros(k), np.zeros(k)
    a[0], b[[0, k - 1]] = 1, 1
    consistent = Estimate(*share_ends(fitted.variances, fitted.covariance, a, b, asked.confidence), APPROXIMATE)
    return (
        {n: pairs[n][0] for n in SOURCES}, {f.name: pairs[f.name] for f in held.random},
        {n: pairs[n][1] for n in SOURCES}, consistent,
    )  # fmt: skip


def _component(variance: Estimate, share: Estimate, asked: Asked, mean: float) -> Component:
    sd = _each(variance, math.sqrt)
    width = tolerance_width(asked, mean)
    return Component(
        variance, sd, share, _each(share, math.sqrt),
        None if width is None else _each(sd, lambda v: asked.multiplier * v / width),
    )  # fmt: skip


def _each(e: Estimate, f: Callable[[float], float]) -> Estimate:
    value, low, high = (v if math.isnan(v) else f(v) for v in (e.value, e.low, e.high))
    return Estimate(value, low, high, e.method)


def tolerance_width(asked: Asked, mean: float) -> float | None:
    """What the study variation is held against: the distance between both limits, or twice that of the mean to one."""
    if asked.tolerance is not None:
        return asked.tolerance
    if asked.lsl is not None and asked.usl is not None:
        return asked.usl - asked.lsl
    limit = asked.lsl if asked.lsl is not None else asked.usl
    if limit is None:
        return None
    side = mean - limit if asked.lsl is not None else limit - mean
    if side <= 0:
        raise SettingsError(
            f"the mean of the study ({mean:g}) lies beyond the only limit ({limit:g}): there is no tolerance to hold "
            "the gage against; give its width."
        )
    return 2 * side
