"""Checks of comparisons: levels, spreads, proportions, rates, several groups, power, adjusted p values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ..numbers import many_groups, multiple, power, rate_ratio, spread_ratio, spread_tests
from ..numbers.effect_size import cliffs_delta, cohen_d, hedges_g
from ..numbers.estimate import Tested
from ..numbers.level_difference import (
    mann_whitney_shift,
    one_sample,
    paired_difference,
    signed_rank_difference,
    student_difference,
    welch_difference,
)
from ..numbers.proportion_difference import fisher_odds, newcombe_difference, risk_ratio, score_test, table_law, wilson
from ..numbers.ranks import mid_ranks, tie_sum
from .comparison import Comparison

Floats = NDArray[np.float64]

ROUTES = (
    "Differences and ratios of the cases are of x against y: x is handed in as the second sample.",
    "R finds the shift and its interval under the normal approximation, and the odds ratio, as roots to 1e-4 only "
    "(uniroot). Brent's root finder is run from R's brackets to R's tolerance, and its answer has to lie within that "
    "tolerance of the one given here.",
    "R stops the series of the Kolmogorov-Smirnov p value early: compared through the stopped series, from which the "
    "one given here may differ by no more than the first term left out.",
    "With ties R's mood.test takes N - t where Mielke's variance has the distance of the tied ranks from the middle: "
    "the Z given here is compared at R's variance.",
    "Ratios of variances are the squares of the ratios of standard deviations.",
)

_SHIFT_ROOT, _ODDS_ROOT, _SERIES = 1e-4, np.finfo(float).eps ** 0.25, 1e-6


def check(c: Comparison) -> None:
    """By what the case expects."""
    for key, of in (
        ("welch", _two_samples), ("newcombe_ci", _proportions), ("p_minlike", _rates), ("wilcoxon_V", _one_sample),
        ("mean_diff", _paired), ("tukey_diff", _groups), ("n_per_group", _power), ("cramers_v", _table),
        ("holm", _adjusted),
    ):  # fmt: skip
        if key in c.case.expected:
            of(c)
            return
    raise LookupError(c.case.id)


def _two_samples(c: Comparison) -> None:
    x, y, level = c.column("x"), c.column("y"), c.case.params["confidence"]
    for name, v in (("x", x), ("y", y)):
        c.numbers(f"mean_{name}", one_sample(v).value)
        c.numbers(f"var_{name}", spread_ratio.sd_interval(v).value ** 2)
    for key, told in (("welch", welch_difference(y, x, level)), ("student", student_difference(y, x, level))):
        c.numbers(f"{key}/t", told.statistic)
        c.numbers(f"{key}/df", told.dof)
        c.numbers(f"{key}/p", told.p)
        c.numbers(f"{key}/ci", [told.low, told.high])
    _spreads(c, x, y, level)
    _ranks(c, x, y, level)
    c.numbers("cohen_d", cohen_d(y, x).value)
    c.numbers("hedges_g_approxJ", hedges_g(y, x).value)
    c.numbers("cliffs_delta", cliffs_delta(y, x).value)


def _spreads(c: Comparison, x: Floats, y: Floats, level: float) -> None:
    f = spread_ratio.f_ratio(y, x, level)
    for key, got in (
        ("f_test/F", f.statistic), ("f_test/p", f.p), ("f_test/ratio", f.value**2), ("f_test/ci", [f.low**2, f.high**2])
    ):  # fmt: skip
        c.numbers(key, got)
    for key, statistic, of in (
        ("brown_forsythe", "F", spread_ratio.brown_forsythe), ("levene_mean", "F", spread_tests.levene_mean),
        ("ansari_normal", "AB", spread_tests.ansari), ("fligner", "chi2", spread_tests.fligner),
        ("bartlett", "K2", spread_tests.bartlett),
    ):  # fmt: skip
        told = of(y, x)
        c.numbers(f"{key}/{statistic}", told.statistic)
        c.numbers(f"{key}/p", told.p)
    z = spread_tests.mood(y, x).statistic * _mood_error(x, y)
    c.numbers("mood/Z", z)
    c.numbers("mood/p", 2 * float(ndtr(-abs(z))))
    distance = spread_tests.kolmogorov_smirnov(y, x)
    c.numbers("ks_asymptotic/D", distance.value)
    stopped, left_out = _stopped_series(distance.value * float(np.sqrt(x.size * y.size / (x.size + y.size))))
    # the further terms together are far below rounding of the first one left out
    c.numbers("ks_asymptotic/p", _no_further(stopped, distance.p, left_out * (1 + _SERIES)))


def _ranks(c: Comparison, x: Floats, y: Floats, level: float) -> None:
    told, key = mann_whitney_shift(y, x, level, exact=False), "wilcoxon_normal_cc"
    c.numbers(f"{key}/W", told.statistic)
    c.numbers(f"{key}/p", told.p)
    low, high = float(x.min() - y.max()), float(x.max() - y.min())
    z = float(ndtri(0.5 + level / 2))

    def root(goal: float, corrected: bool) -> float:
        return _brent(lambda d: _standardised(x - d, y, corrected) - goal, low, high, _SHIFT_ROOT)

    # the statistic may be zero over a whole stretch: R stops anywhere in it, its middle is given here
    near = 1e-9 * (high - low)
    crossed = _standardised(x - (told.value - near), y, False) >= 0 >= _standardised(x - (told.value + near), y, False)
    c.numbers(f"{key}/hodges_lehmann", root(0.0, False) if crossed else told.value)
    ends = [_no_further(root(goal, True), own, _SHIFT_ROOT) for goal, own in ((z, told.low), (-z, told.high))]
    c.numbers(f"{key}/ci", ends)
    if "wilcoxon_exact" in c.case.expected:
        exact = mann_whitney_shift(y, x, level, exact=True)
        for name, got in (
            ("W", exact.statistic), ("p", exact.p), ("hodges_lehmann", exact.value), ("ci", [exact.low, exact.high])
        ):  # fmt: skip
            c.numbers(f"wilcoxon_exact/{name}", got)


def _proportions(c: Comparison) -> None:
    x1, n1, x2, n2 = (int(c.case.data[k]) for k in ("x1", "n1", "x2", "n2"))
    plain, yates = (score_test(x2, n2, x1, n1, yates=of) for of in (False, True))
    hybrid, odds = newcombe_difference(x2, n2, x1, n1), fisher_odds(x2, n2, x1, n1)
    for key, got in (
        ("diff", hybrid.value), ("newcombe_ci", [hybrid.low, hybrid.high]), ("fisher_p", hybrid.p),
        ("chi2", plain.statistic), ("p", plain.p), ("ci_wald", [plain.low, plain.high]),
        ("z_pooled", np.sign(plain.value) * np.sqrt(plain.statistic)),
        ("chi2_yates", yates.statistic), ("p_yates", yates.p), ("ci_yates", [yates.low, yates.high]),
        ("risk_ratio", risk_ratio(x2, n2, x1, n1).value),
    ):  # fmt: skip
        c.numbers(key, got)
    for key, x, n in (("wilson_1", x1, n1), ("wilson_2", x2, n2)):
        score = wilson(x, n)
        c.numbers(key, [score.low, score.high])
    law = table_law(x2, n2, x1, n1)
    roots = [
        _odds_root(law.mean, x1, odds.value),
        _odds_root(lambda r: law.above(x1, r), 0.025, odds.low),
        _odds_root(lambda r: -law.below(x1, r), -0.025, odds.high),
    ]
    c.numbers("fisher_or_cmle", roots[0])
    c.numbers("fisher_ci", roots[1:])


def _odds_root(rises: Callable[[float], float], goal: float, own: float) -> float:
    """The odds ratio at which a function of its logarithm reaches a goal, sought below one as R does."""
    if own == 0:
        return own
    if rises(0.0) > goal:
        with np.errstate(divide="ignore"):
            found = _brent(lambda t: rises(float(np.log(t))) - goal, 0.0, 1.0, _ODDS_ROOT)
        return _no_further(found, own, _ODDS_ROOT)
    least = float(np.finfo(float).eps)
    turned = _brent(lambda t: rises(-float(np.log(t))) - goal, least, 1.0, _ODDS_ROOT)
    return 1 / _no_further(turned, 1 / own, _ODDS_ROOT)


def _rates(c: Comparison) -> None:
    c1, t1, c2, t2 = (c.case.data[k] for k in ("count1", "time1", "count2", "time2"))
    told = rate_ratio.exact_rate_ratio(c2, t2, c1, t1)
    c.numbers("rate_ratio", told.value)
    c.numbers("ci", [told.low, told.high])
    c.numbers("p_central", told.p)
    c.numbers("p_minlike", rate_ratio.exact_rate_ratio(c2, t2, c1, t1, tails="minlike").p)
    for key, count, time in (("rate1_ci", c1, t1), ("rate2_ci", c2, t2)):
        rate = rate_ratio.poisson_rate(count, time)
        c.numbers(key, [rate.low, rate.high])


def _one_sample(c: Comparison) -> None:
    x, mu = c.column("x"), c.case.params["mu"]
    told, ranks, sd = one_sample(x, mu), signed_rank_difference(x - mu), spread_ratio.sd_interval(x)
    for key, got in (
        ("t", told.statistic), ("p", told.p), ("ci", [told.low, told.high]), ("wilcoxon_V", ranks.statistic),
        ("wilcoxon_p", ranks.p), ("sd_ci", [sd.low, sd.high]),
    ):  # fmt: skip
        c.numbers(key, got)


def _paired(c: Comparison) -> None:
    d = c.column("x") - c.column("y")
    told, ranks = paired_difference(d), signed_rank_difference(d)
    for key, got in (
        ("t", told.statistic), ("df", told.dof), ("p", told.p), ("mean_diff", told.value),
        ("ci", [told.low, told.high]), ("V", ranks.statistic), ("wilcoxon_p", ranks.p),
    ):  # fmt: skip
        c.numbers(key, got)


def _groups(c: Comparison) -> None:
    held = np.array(c.case.data["group"])
    parts = [c.column("y")[held == name] for name in np.unique(held)]
    plain, welch, ranks = many_groups.anova(parts), many_groups.welch_anova(parts), many_groups.kruskal(parts)
    pairs: list[Tested] = [pair.tested for pair in many_groups.tukey(parts)]
    for key, got in (
        ("F", plain.statistic), ("p", plain.p), ("df", [plain.dof, plain.dof2]), ("welch_F", welch.statistic),
        ("welch_df2", welch.dof2), ("welch_p", welch.p), ("kruskal", ranks.statistic), ("kruskal_p", ranks.p),
        ("tukey_diff", [pair.value for pair in pairs]), ("tukey_p", [pair.p for pair in pairs]),
    ):  # fmt: skip
        c.numbers(key, got)
    c.beside("tukey_pairs")


def _power(c: Comparison) -> None:
    p = c.case.params
    n = p["n"] if "n" in p else power.t_test_size(p["delta"], p["sd"], p["power"])
    c.numbers("n_per_group", n)
    c.numbers("power", power.t_test_power(n, p["delta"], p["sd"]))


def _table(c: Comparison) -> None:
    told = many_groups.chi_square(c.case.data["table"])
    for key, got in (
        ("chi2", told.tested.statistic), ("df", told.tested.dof), ("p", told.tested.p), ("expected", told.expected),
        ("cramers_v", told.tested.value),
    ):  # fmt: skip
        c.numbers(key, got)


def _adjusted(c: Comparison) -> None:
    p = c.column("p")
    for key, of in (
        ("holm", multiple.holm), ("bh", multiple.benjamini_hochberg), ("bonferroni", multiple.bonferroni),
        ("hochberg", multiple.hochberg),
    ):  # fmt: skip
        c.numbers(key, of(p))


def _mood_error(x: Floats, y: Floats) -> float:
    """Error of Mood's statistic over that of R's ``mood.test``; one without ties."""
    n = float(x.size + y.size)
    t = np.unique(np.concatenate([x, y]), return_counts=True)[1].astype(np.float64)
    last = np.cumsum(t)
    whole = n * (n - 1) * (n + 1) * (n * n - 4)
    ours, theirs = (
        whole - float((t * (t * t - 1) * (t * t - 4 + 15 * away**2)).sum()) for away in (n - 2 * last + t, n - t)
    )
    return float(np.sqrt(ours / theirs))


def _stopped_series(x: float) -> tuple[float, float]:
    """One minus Kolmogorov's law with its series stopped where R stops it, and the first term left out."""
    if x < 1:
        k = np.arange(1, int(np.sqrt(2 - np.log(_SERIES))) + 2, 2)
        terms = np.sqrt(2 * np.pi) / x * np.exp(-((k * np.pi) ** 2) / (8 * x * x))
        return 1 - float(terms[:-1].sum()), float(terms[-1])
    law, k1 = 1.0, 0
    while True:
        k1 += 1
        term = 2 * float(np.exp(-2 * (k1 * x) ** 2))
        law += (-1) ** k1 * term
        if term <= _SERIES:
            return 1 - law, _SERIES


def _standardised(x: Floats, y: Floats, corrected: bool) -> float:
    """Z of the rank sum of x, its ties and its continuity corrected as R does at each shift."""
    both = np.concatenate([x, y])
    n, pairs = both.size, x.size * y.size
    away = float(mid_ranks(both)[: x.size].sum()) - x.size * (x.size + 1) / 2 - pairs / 2
    error = np.sqrt(pairs / 12 * (n + 1 - tie_sum(both) / (n * (n - 1))))
    return float((away - (0.5 * np.sign(away) if corrected else 0.0)) / error)


def _no_further(stopped: float, own: float, tolerance: float) -> float:
    """What R stops at, if the number given here lies within R's tolerance of it; else that number."""
    return stopped if abs(stopped - own) <= tolerance else own


def _brent(f: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """Zero of a function by Brent's method (1973, chapter 4), step for step as Netlib's ``zeroin``."""
    a, b, c = low, high, low
    fa, fb, fc = f(a), f(b), f(a)
    while True:
        last = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        least = 2 * np.finfo(float).eps * abs(b) + tolerance / 2
        step = (c - b) / 2
        if abs(step) <= least or fb == 0:
            return b
        if abs(last) >= least and abs(fa) > abs(fb):
            step = _interpolated((a, b, c), (fa, fb, fc), last, least, step)
        if abs(step) < least:
            step = least if step > 0 else -least
        a, fa = b, fb
        b += step
        fb = f(b)
        if fb * fc > 0:
            c, fc = a, fa


def _interpolated(
    at: tuple[float, float, float], f: tuple[float, float, float], last: float, least: float, halved: float
) -> float:
    """The step of a secant or an inverse parabola where it is safe, else the halving."""
    (a, b, c), (fa, fb, fc) = at, f
    t = fb / fa
    if a == c:
        p, q = (c - b) * t, 1 - t
    else:
        r, s = fa / fc, fb / fc
        p, q = t * ((c - b) * r * (r - s) - (b - a) * (s - 1)), (r - 1) * (s - 1) * (t - 1)
    p, q = (p, -q) if p > 0 else (-p, q)
    safe = p < 0.75 * (c - b) * q - abs(least * q) / 2 and p < abs(last * q / 2)
    return p / q if safe else halved
