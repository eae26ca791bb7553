"""How many units pass every step right the first time? Yields of steps, rolled together, with intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, ndtri

from .estimate import Estimate
from .exact_counts import clopper_pearson, garwood

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def step_yields(
    lost: ArrayLike, units: ArrayLike, confidence: float = 0.95, by_defects: bool = False
) -> list[Estimate]:
    """First-time yield of each step, with its exact interval.

    Parameters
    ----------
    lost : (k,) array
        Units that were not right the first time; or defects, where ``by_defects``. They need not be whole.
    units : (k,) array
        Units that went in.
    confidence : float
        Of each interval alone.
    by_defects : bool
        Yields are ``exp(-DPU)``: the share of units without a defect, where defects fall on units at random.

    References
    ----------
    Clopper & Pearson (1934), Biometrika 26; Garwood (1936), Biometrika 28.

    Examples
    --------
    >>> [(round(e.value, 3), round(e.low, 3), round(e.high, 3)) for e in step_yields([2, 10], 200)]
    [(0.99, 0.964, 0.999), (0.95, 0.91, 0.976)]
    """
    x, n = np.broadcast_arrays(np.asarray(lost, dtype=np.float64), np.asarray(units, dtype=np.float64))
    if by_defects:
        low, high = garwood(x, n, confidence)
        ends, how = (np.exp(-x / n), np.exp(-high), np.exp(-low)), "exp(-DPU); exact: Garwood (1936)"
    else:
        low, high = clopper_pearson(x, n, confidence)
        ends, how = (1 - x / n, 1 - high, 1 - low), "exact: Clopper-Pearson (1934)"
    return [Estimate(float(v), float(a), float(b), how) for v, a, b in zip(*ends, strict=True)]


def rolled(
    lost: ArrayLike, units: ArrayLike, confidence: float = 0.95, by_defects: bool = False
) -> tuple[Estimate, Estimate]:  # fmt: skip
    """Rolled throughput yield: the chance that a unit passes every step right the first time.

    Parameters
    ----------
    lost, units, confidence, by_defects
        As in :func:`step_yields`.

    Returns
    -------
    rolled, loss : Estimate
        ``RTY = prod y_i``, and its loss ``-ln RTY``, the total defects per unit (TDPU) that would leave as many units
        whole.

    Notes
    -----
    The loss is a sum over steps, ``sum -ln(1 - x/n)`` (or ``sum x/n``), each part nearly a Poisson count times
    ``1/(n-x)`` (or ``1/n``). Such a weighted sum has a gamma interval: with variance v and mean weight w it is that
    of gamma laws of mean ``L`` and variance ``v`` below, ``L + w`` and ``v + w^2`` above. Steps with few or no
    losses keep it honest, where intervals of steps that are joined one by one lean to one side and fail
    (docs/lean.md has the coverage). Where a step loses every unit nothing rolls through: 0, with the best upper end
    of any step.

    References
    ----------
    Fay & Feuer (1997), Statistics in Medicine 16, 791-801; Tiwari, Clegg & Zou (2006), Statistical Methods in Medical
    Research 15, 547-569 (mean weight); Harry (1988), The Nature of Six Sigma Quality (rolled yield).

    Examples
    --------
    >>> found, loss = rolled([2, 10, 4, 6], 200)
    >>> round(found.value, 4), round(found.low, 3), round(found.high, 3), round(loss.value, 4)
    (0.894, 0.844, 0.932, 0.112)
    """
    x, n = np.broadcast_arrays(np.asarray(lost, dtype=np.float64), np.asarray(units, dtype=np.float64))
    how = "gamma interval of the summed loss (Fay & Feuer 1997; Tiwari et al. 2006)"
    if not by_defects and np.any(x >= n):
        high = min(e.high for e in step_yields(x, n, confidence))
        return Estimate(0.0, 0.0, high, how), Estimate(np.inf, -float(np.log(high)), np.inf, how)
    weight = 1 / n if by_defects else 1 / (n - x)
    parts = x / n if by_defects else -np.log1p(-x / n)
    variance = float((x / n**2).sum() if by_defects else (x / (n * (n - x))).sum())
    loss, w, tail = float(parts.sum()), float(weight.mean()), (1 - confidence) / 2
    low = 0.0 if loss == 0 else float(variance / loss * gammaincinv(loss**2 / variance, tail))
    mean, scatter = loss + w, variance + w * w
    high = float(scatter / mean * gammaincinv(mean**2 / scatter, 1 - tail))
    ends = (float(np.exp(-loss)), float(np.exp(-high)), float(np.exp(-low)))
    return Estimate(*ends, how), Estimate(loss, low, high, how)


def normalised(rolled_yield: Estimate, steps: int) -> Estimate:
    """Yield that every step would have if all were alike: ``RTY^(1/k)``.

    Examples
    --------
    >>> round(normalised(Estimate(0.8940393, 0.85, 0.93), 4).value, 6)
    0.972387
    """
    value, low, high = (float(v ** (1 / steps)) for v in (rolled_yield.value, rolled_yield.low, rolled_yield.high))
    return Estimate(value, low, high, f"RTY^(1/{steps})")


def hidden_factory(rework: ArrayLike, scrap: ArrayLike, units: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Share of units that come out good only because somebody reworked them: final yield less rolled yield.

    Parameters
    ----------
    rework, scrap, units : (k,) array
        Units reworked, scrapped, and that went in, by step; a unit is one of them at most.
    confidence : float

    Notes
    -----
    ``prod(1 - s) - prod(1 - s - r)``; delta method on the logarithm, with the covariance of both shares at a step.
    NaN ends where nothing was reworked.

    References
    ----------
    Harry & Schroeder (2000), Six Sigma, ch. 6 (hidden factory); Casella & Berger (2002), Statistical Inference, sec.
    5.5.4.

    Examples
    --------
    >>> found = hidden_factory([8, 5], [2, 1], [200, 198])
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.0638, 0.0377, 0.1079)
    """
    r, s, n = (np.asarray(v, dtype=np.float64) for v in (rework, scrap, units))
    n = np.broadcast_to(n, r.shape)
    r, s = r / n, s / n
    final, first = float(np.prod(1 - s)), float(np.prod(1 - s - r))
    value, how = final - first, "delta method on the logarithm"
    if not r.sum() > 0:
        return Estimate(0.0, 0.0, np.nan, how)
    with np.errstate(divide="ignore", invalid="ignore"):
        through = np.where(1 - s - r > 0, first / (1 - s - r), 0.0)
        out = np.where(1 - s > 0, final / (1 - s), 0.0)
    by_scrap, by_rework = through - out, through
    variance = float(((s * by_scrap**2 + r * by_rework**2 - (s * by_scrap + r * by_rework) ** 2) / n).sum())
    half = float(ndtri(0.5 + confidence / 2)) * np.sqrt(max(variance, 0.0)) / value
    return Estimate(value, float(value * np.exp(-half)), min(float(value * np.exp(half)), 1.0), how)


def could_be_worst(
    lost: ArrayLike, units: ArrayLike, confidence: float = 0.95, by_defects: bool = False
) -> Bools:  # fmt: skip
    """Which steps could lose the most: a set that holds the worst one with about this confidence.

    Notes
    -----
    A step is left out where the interval of its loss less that of the worst one seen (square-and-add of exact
    intervals, each difference at ``(1 - confidence) / (k - 1)`` on one side) lies below 0.

    Examples
    --------
    >>> could_be_worst([2, 30, 4, 22], 200).tolist()
    [False, True, False, True]
    """
    x, n = np.broadcast_arrays(np.asarray(lost, dtype=np.float64), np.asarray(units, dtype=np.float64))
    if x.size < 2:
        return np.ones(x.size, dtype=bool)
    level = 1 - 2 * (1 - confidence) / (x.size - 1)
    steps = step_yields(x, n, level, by_defects)
    with np.errstate(divide="ignore"):
        loss, high, low = (-np.log([getattr(e, end) for e in steps]) for end in ("value", "low", "high"))
    worst = int(np.argmax(loss))
    with np.errstate(invalid="ignore"):
        reach = loss - loss[worst] + np.hypot(high - loss, loss[worst] - low[worst])
    kept: Bools = ~(reach < 0)
    kept[worst] = True
    return kept
