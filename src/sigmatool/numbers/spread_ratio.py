"""By what factor do two samples of independent values differ in spread, and how surely?

Ratios are second over first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri, fdtr, fdtrc, fdtri, ndtr, ndtri, stdtr, stdtrit

from .estimate import Estimate, Tested
from .samples import level_inside, near_zero, sample

Floats = NDArray[np.float64]

_NAN = float("nan")


def sd_interval(x: ArrayLike, level: float = 0.95) -> Estimate:
    """The standard deviation with its interval, for normal values.

    Kurtosis misleads it at any sample size: with heavy tails it is far too short.

    References
    ----------
    Fisher, R. A. (1925), Statistical Methods for Research Workers (chi-square law of the sample variance).

    Examples
    --------
    >>> e = sd_interval([1.0, 2.0, 4.0, 5.0])
    >>> round(e.value, 3), round(e.low, 3), round(e.high, 3)
    (1.826, 1.034, 6.807)
    """
    values = varying(sample(x))
    tail, dof = (1 - level_inside(level)) / 2, values.size - 1
    sd = float(values.std(ddof=1))
    return Estimate(
        sd, sd * float(np.sqrt(dof / chdtri(dof, tail))), sd * float(np.sqrt(dof / chdtri(dof, 1 - tail))), "chi-square"
    )


def f_ratio(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Tested:
    """Ratio of standard deviations by the F law, for normal values.

    Parameters
    ----------
    a, b : (n,) arrays
        First and second sample, at least two values each, neither constant.
    level : float

    Returns
    -------
    Tested
        The statistic is the ratio of variances. Heavy tails mislead it badly: :func:`bonett_ratio` is the default.

    References
    ----------
    Snedecor, G. W. (1934), Calculation and Interpretation of Analysis of Variance.

    Examples
    --------
    >>> r = f_ratio([1.0, 2.0, 4.0, 5.0], [2.0, 4.0, 8.0, 10.0])
    >>> round(r.value, 3), round(r.p, 3)
    (2.0, 0.285)
    """
    x, y = two_spreads(a, b)
    f, d1, d2 = float(relative_variance(x, y)), x.size - 1, y.size - 1
    tail = (1 - level_inside(level)) / 2
    low, high = f / float(fdtri(d2, d1, 1 - tail)), f / float(fdtri(d2, d1, tail))
    p = min(2 * min(float(fdtr(d2, d1, f)), float(fdtrc(d2, d1, f))), 1.0)
    return Tested(float(np.sqrt(f)), float(np.sqrt(low)), float(np.sqrt(high)), p, "F (Snedecor 1934)", f, d2, d1)


def bonett_ratio(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Tested:
    """Ratio of standard deviations of values that need not be normal.

    Parameters
    ----------
    a, b : (n,) arrays
        First and second sample, at least five values each, neither constant.
    level : float

    Returns
    -------
    Tested
        p is one minus the level at which the interval first reaches one; the value is the plain ratio.

    Notes
    -----
    ``log(c v2 / v1) -+ z se`` with ``c = n2 (n1 - z) / (n1 (n2 - z))`` and ``se^2 = sum (g - (n - 3) / n) / (n - 1)``;
    g is the pooled kurtosis about means trimmed by ``1 / (2 sqrt(n - 4))`` at each end. In short samples of heavy tails
    the kurtosis comes out too low and the interval too short.

    References
    ----------
    Bonett, D. G. (2006), Computational Statistics & Data Analysis 50, 775-782.

    Examples
    --------
    >>> r = bonett_ratio(np.linspace(-3, 3, 25), np.linspace(-1, 1, 25))
    >>> round(r.value, 3), r.high < 0.5
    (0.333, True)
    """
    x, y = two_spreads(a, b, least=5)
    log_ratio, error = float(np.log(relative_variance(x, y))), kurtosis_error(x, y)

    def ends(z: float) -> tuple[float, float]:
        middle = log_ratio + float(np.log(y.size / (y.size - z) * (x.size - z) / x.size))
        return middle - z * error, middle + z * error

    z = float(ndtri(0.5 + level_inside(level) / 2))
    smaller = min(x.size, y.size)
    if z >= smaller:
        raise ValueError(f"{smaller} values are too few for an interval at level {level:g}")
    low, high = ends(z)
    inside, outside = 0.999 * smaller, 0.0
    for _ in range(80):
        middle = 0.5 * (inside + outside)
        reached = ends(middle)
        inside, outside = (middle, outside) if reached[0] <= 0 <= reached[1] else (inside, middle)
    p = float(2 * ndtr(-inside))
    return _of_logs((log_ratio / 2, low / 2, high / 2), p, "Bonett (2006)")


def log_ratio(
    a: ArrayLike, b: ArrayLike, level: float = 0.95, *, kurtosis: bool = True, inflation: float = 1.0
) -> Tested:
    """Ratio of standard deviations from the logarithm of the ratio of variances.

    Parameters
    ----------
    kurtosis : bool
        Standard error from the pooled kurtosis, never below that of normal values, on Student's t with
        ``n1 + n2 - 4`` degrees of freedom; else that of normal values, ``sqrt(sum 2 / (n - 1))``.
    inflation : float
        Of the squared error, for values that depend on their neighbours.

    Returns
    -------
    Tested
        The statistic is the logarithm of the ratio of variances over its standard error.

    References
    ----------
    Bartlett, M. S. and Kendall, D. G. (1946), Supplement to the Journal of the Royal Statistical Society 8, 128-138;
    Bonett (2006) for the error with kurtosis.

    Examples
    --------
    >>> r = log_ratio(np.linspace(-3, 3, 25), np.linspace(-1, 1, 25), kurtosis=False)
    >>> round(r.value, 3), round(r.low, 3), round(r.high, 3)
    (0.333, 0.223, 0.497)
    """
    x, y = two_spreads(a, b, least=5 if kurtosis else 2)
    if kurtosis:
        error, dof = kurtosis_error(x, y, at_least_normal=True), float(x.size + y.size - 4)
        told = "log variance ratio, error by kurtosis (after Bonett 2006)"
    else:
        error, dof = float(np.sqrt(2 / (x.size - 1) + 2 / (y.size - 1))), float("inf")
        told = "log variance ratio, error of normal values (Bartlett and Kendall 1946)"
    error *= float(np.sqrt(inflation))
    middle, upper = float(np.log(relative_variance(x, y))), 0.5 + level_inside(level) / 2
    half = float(stdtrit(dof, upper) if kurtosis else ndtri(upper)) * error
    z = middle / error
    p = 2 * float(stdtr(dof, -abs(z)) if kurtosis else ndtr(-abs(z)))
    return _of_logs((middle / 2, (middle - half) / 2, (middle + half) / 2), min(p, 1.0), told, z, dof)


def kurtosis_error(a: Floats, b: Floats, *, at_least_normal: bool = False) -> float:
    """Standard error of the log variance ratio by the pooled kurtosis (Bonett 2006), at least 5 values each.

    With ``at_least_normal`` the kurtosis is at least that of normal values (3) and ``n - 2`` takes the place of
    ``n - 1``: in short samples the kurtosis comes out too low.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 25)
    >>> round(kurtosis_error(x, x), 3)
    0.276
    """
    sizes = (a.size, b.size)
    scaled = [x / x.std(ddof=1) for x in (a, b)]
    fourth = 0.0
    for x in scaled:
        cut = int(0.5 / np.sqrt(x.size - 4) * x.size)
        fourth += float(((x - np.sort(x)[cut : x.size - cut].mean()) ** 4).sum())
    kurtosis = sum(sizes) * fourth / (sum(sizes) - 2) ** 2
    if at_least_normal:
        kurtosis = max(kurtosis, 3.0)
    lost = 2 if at_least_normal else 1
    return float(np.sqrt(sum(max(kurtosis - (n - 3) / n, 0.0) / (n - lost) for n in sizes)))


def brown_forsythe(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Tested:
    """Ratio of mean distances from the median, with its interval, and the Brown-Forsythe test.

    Returns
    -------
    Tested
        The statistic is F. Where more than half of a sample is tied at its median this is a statement about the rest.

    Raises
    ------
    ValueError
        When a sample is constant.

    Notes
    -----
    ``log(tau2 / tau1) -+ t se``, Student's t on ``n1 + n2 - 2`` degrees of freedom where Bonett and Seier have the
    normal quantile: it covers better in short samples; with ``tau = n / (n - 1) mean |x - median|`` and
    ``se^2 = sum (((mean - median) / tau)^2 + (s / tau)^2 - 1) / n``.

    References
    ----------
    Brown, M. B. and Forsythe, A. B. (1974), JASA 69, 364-367; Bonett, D. G. and Seier, E. (2003), Journal of
    Educational and Behavioral Statistics 28, 251-266.

    Examples
    --------
    >>> r = brown_forsythe(np.linspace(-3, 3, 25), np.linspace(-1, 1, 25))
    >>> round(r.value, 3), r.p < 0.001
    (0.333, True)
    """
    x, y = two_spreads(a, b)
    middle, squared = [], 0.0
    for v in (x, y):
        tau = float(np.abs(v - np.median(v)).mean()) * v.size / (v.size - 1)
        skew, shape = (float(v.mean()) - float(np.median(v))) / tau, float(v.var(ddof=1)) / tau**2
        # a sum of squares over the mean of distances squared is never below one, but for rounding and n / (n - 1)
        squared += max(skew**2 + shape - 1, 0.0) / v.size
        middle.append(np.log(tau))
    ratio = float(middle[1] - middle[0])
    half = float(stdtrit(x.size + y.size - 2, 0.5 + level_inside(level) / 2) * np.sqrt(squared))
    f, p = levene([np.abs(v - np.median(v)) for v in (x, y)])
    return _of_logs(
        (ratio, ratio - half, ratio + half),
        p,
        "mean distances from the median (Bonett and Seier 2003); Brown-Forsythe (1974)",
        f,
        1,
        x.size + y.size - 2,
    )


def two_spreads(a: ArrayLike, b: ArrayLike, least: int = 2) -> tuple[Floats, Floats]:
    """Both samples near zero, refused when either is constant.

    Examples
    --------
    >>> [x.tolist() for x in two_spreads([1.0, 2.0], [1.0, 4.0])]
    [[0.0, 1.0], [0.0, 3.0]]
    """
    (x,), (y,) = near_zero(sample(a, least))[1], near_zero(sample(b, least))[1]
    return varying(x), varying(y)


def varying(x: Floats) -> Floats:
    """The sample, refused when it is constant.

    Examples
    --------
    >>> varying(np.array([1.0, 2.0])).size
    2
    """
    near = x - x[0]
    if not near.any():
        raise ValueError(f"all {x.size} values of a sample are the same: its spread has no ratio and no interval")
    return x


def relative_variance(x: Floats, y: Floats) -> float:
    """Variance of y over that of x.

    Examples
    --------
    >>> relative_variance(np.array([0.0, 1.0]), np.array([0.0, 2.0]))
    4.0
    """
    return float((y.std(ddof=1) / x.std(ddof=1)) ** 2)


def levene(parts: list[Floats]) -> tuple[float, float]:
    """F of two groups of distances from their centres, and its p value.

    Examples
    --------
    >>> round(levene([np.array([1.0, 2.0, 3.0]), np.array([3.0, 4.0, 5.0])])[0], 6)
    6.0
    """
    (u, v), n = parts, parts[0].size + parts[1].size
    within = float(((u - u.mean()) ** 2).sum() + ((v - v.mean()) ** 2).sum()) / (n - 2)
    between = float((u.mean() - v.mean()) ** 2) * u.size * v.size / n
    if within == 0.0:
        raise ValueError("every value of a sample is equally far from its centre: the distances have no error")
    return between / within, float(fdtrc(1, n - 2, between / within))


def _of_logs(
    logs: tuple[float, float, float],
    p: float,
    method: str,
    statistic: float = _NAN,
    dof: float = _NAN,
    dof2: float = _NAN,
) -> Tested:
    value, low, high = (float(np.exp(v)) for v in logs)
    return Tested(value, low, high, p, method, statistic, dof, dof2)
