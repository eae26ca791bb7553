"""Where does the level of a series break, if it may break any number of times at unknown points?

Least squares over all partitions (Bai & Perron), the number of breaks by BIC, the largest F statistic with its p value,
and the interval of a single break. All of it takes the points for independent: it is what other packages report, not
what the verdict rests on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, erfcx

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HANSEN = np.array(
    [
        [-0.0648467, 0.99671156, 1.2573241], [-0.15305667, 0.96757645, 1.43651315],
        [-0.23071675, 0.95825013, 1.56531261], [-0.29247661, 0.95715782, 1.68851898],
        [-0.35706588, 0.95237505, 1.77889686], [-0.40514715, 0.96055795, 1.89761322],
        [-0.45248386, 0.95810999, 1.98370422], [-0.50458517, 0.96149538, 2.07086519],
        [-0.55009159, 0.96684273, 2.17244338], [-0.60241623, 0.96518399, 2.23509053],
        [-0.64308746, 0.97354902, 2.33722161], [-0.68833676, 0.97829106, 2.42776524],
        [-0.73136161, 0.9820687, 2.50833918], [-0.78078198, 0.99475319, 2.6209551],
        [-0.82894221, 1.00023473, 2.70286643], [-0.88430133, 1.00162529, 2.77835798],
        [-0.9499265, 1.00384268, 2.84325795], [-0.98828874, 1.01604712, 2.96752918],
        [-1.04892713, 1.02570939, 3.08442682], [-1.11527783, 1.03526033, 3.19770394],
        [-1.14992644, 1.06643436, 3.44739573], [-1.24010871, 1.06929468, 3.54993605],
        [-1.38522113, 1.06808543, 3.61667211], [-1.48296473, 1.1283969, 4.07202473],
        [-1.78738608, 1.17220925, 4.4726701],
    ]
)  # fmt: skip
"""Hansen (1997), one coefficient: a chi-square law with (third) degrees of freedom at ``first + second * F``, for
shares trimmed of 0.49, 0.47 ... 0.01."""


class _Squares:
    """Residual sum of squares of any stretch, from cumulated sums."""

    def __init__(self, y: Floats) -> None:
        centred = y - y.mean()
        self.sums = np.concatenate([[0.0], np.cumsum(centred)])
        self.squares = np.concatenate([[0.0], np.cumsum(centred**2)])

    def __call__(self, start: Ints | int, stop: Ints | int) -> Floats:
        total = self.sums[stop] - self.sums[start]
        length = np.subtract(stop, start)
        return np.asarray(np.maximum(self.squares[stop] - self.squares[start] - total**2 / length, 0.0))


@dataclass(frozen=True)
class LevelBreaks:
    """The best partitions of a series into stretches of constant level.

    ``rss`` and ``bic`` have an entry for 0, 1, 2 ... breaks; ``breaks`` holds, for each, the numbers of points before
    each break.
    """

    rss: Floats
    bic: Floats
    breaks: tuple[tuple[int, ...], ...]

    @property
    def best(self) -> int:
        """The number of breaks with the smallest BIC."""
        return int(np.argmin(self.bic))


def level_breaks(y: Floats, shortest: int) -> LevelBreaks:
    """The least-squares partition for every possible number of breaks.

    Parameters
    ----------
    y : (n,) array
        Without NaN.
    shortest : int
        Points that each stretch has at the least.

    Notes
    -----
    Dynamic programming over the end of the last stretch: Bai & Perron (2003), Journal of Applied Econometrics 18, 1-22.
    With m breaks, ``BIC = n (log(RSS / n) + 1 + log(2 pi)) + 2 (m + 1) log n``: m breaks, m + 1 levels, one variance.

    Examples
    --------
    >>> found = level_breaks(np.array([0.0, 1, 0, 1, 5, 6, 5, 6, 0, 1, 0, 1]), 3)
    >>> found.best, found.breaks[2]
    (2, (4, 8))
    """
    n, squares = y.size, _Squares(y)
    most = n // shortest - 1
    ends = np.arange(shortest, n + 1)
    cost = np.full(n + 1, np.inf)
    cost[ends] = squares(np.zeros_like(ends), ends)
    total, back = [cost], []
    for m in range(1, most + 1):
        cost, origin = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
        for end in range((m + 1) * shortest, n + 1):
            cuts = np.arange(m * shortest, end - shortest + 1)
            sums = total[-1][cuts] + squares(cuts, end)
            origin[end], cost[end] = cuts[np.argmin(sums)], sums.min()
        total.append(cost)
        back.append(origin)
    rss = np.array([c[n] for c in total])
    places = []
    for m in range(most + 1):
        found = [n]
        for origin in reversed(back[:m]):
            found.append(int(origin[found[-1]]))
        places.append(tuple(reversed(found[1:])))
    bic = n * (np.log(rss / n) + 1 + np.log(2 * np.pi)) + 2 * np.log(n) * np.arange(1, most + 2)
    return LevelBreaks(rss, bic, tuple(places))


def largest_f(y: Floats, shortest: int) -> tuple[float, float]:
    """The largest F statistic of a single break of the level, and its approximate p value.

    Andrews (1993), Econometrica 61, 821-856; p by Hansen (1997), Journal of Business & Economic Statistics 15, 60-67,
    linear between the shares trimmed that he gives.
    """
    n, squares = y.size, _Squares(y)
    cuts = np.arange(shortest, n - shortest + 1)
    split = squares(np.zeros_like(cuts), cuts) + squares(cuts, n)
    statistic = float(((squares(0, n) - split) / (split / (n - 2))).max())
    trimmed = shortest / n
    intercept, slope, dof = _HANSEN.T
    tails = chdtrc(dof, np.maximum(intercept + slope * statistic, 0.0))
    return statistic, float(np.interp(trimmed, np.arange(0.01, 0.5, 0.02), tails[::-1]))


def break_interval(y: Floats, at: int, level: float = 0.95) -> tuple[int, int]:
    """Interval of the number of points before a single break, each side with a spread of its own.

    Parameters
    ----------
    y : (n,) array
    at : int
        The least-squares estimate.
    level : float

    Raises
    ------
    ValueError
        A side that never varies.

    Notes
    -----
    The distance from the true break, times ``(d / s1)^2`` with the step d and the spread s1 before, is distributed as
    the place of the maximum of a two-sided Brownian motion with drift, whose right side has the variance
    ``(s2 / s1)^2``: Bai (1997), Review of Economics and Statistics 79, 551-563. The density of that place is that of a
    maximum m reached there, integrated over m times the chance that the other side stays below m.
    """
    first, second = y[:at], y[at:]
    step2 = float((second.mean() - first.mean()) ** 2)
    before, after = float(first.var()), float(second.var())
    if min(before, after) == 0.0:
        raise ValueError("a side that never varies has no interval")
    low, high = _argmax_quantiles(after / before, (1 - level) / 2)
    return int(np.floor(at - high * before / step2)), int(np.ceil(at - low * before / step2))


def _argmax_quantiles(variance: float, tail: float) -> tuple[float, float]:
    """Lower and upper quantile of the place of the maximum; variance 1 on the left, ``variance`` on the right."""
    u = np.linspace(0.0, 40.0 * max(1.0, np.sqrt(variance)), 40001)
    left = _tail(u, _place_density(u, 1.0, 1 / variance))
    right = _tail(u, _place_density(u, variance, 1.0))
    return -float(np.interp(-tail, -left, u) ** 2), float(np.interp(-tail, -right, u) ** 2)


def _tail(u: Floats, density: Floats) -> Floats:
    """P(beyond u) from the density in u, by the trapezium rule."""
    steps = 0.5 * (density[1:] + density[:-1]) * np.diff(u)
    return np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])


def _place_density(u: Floats, variance: float, other: float) -> Floats:
    """Density of the square root of the place on one side; ``other`` is the rate of the other side's maximum."""
    drift, spread = 0.5, np.sqrt(variance)
    place = u**2
    size = spread * u

    def weighted(rate: float) -> Floats:
        # integral over m of m exp(-rate m) times the normal density of m at that place
        a = drift * place + rate * size**2
        ratio = np.divide(a, size * np.sqrt(2), out=np.zeros_like(a), where=size > 0)
        return np.asarray(size**2 - a * size * np.sqrt(np.pi / 2) * erfcx(ratio))

    rate = 2 * drift / variance
    with np.errstate(invalid="ignore", divide="ignore"):
        each = (weighted(0.0) - weighted(other)) * np.exp(-(drift**2) * place / (2 * variance))
        density = rate * each / (spread * np.sqrt(2 * np.pi) * u**3) * 2 * u
    density[0] = density[1]
    return np.asarray(density)
