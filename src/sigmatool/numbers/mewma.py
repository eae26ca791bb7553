"""Has the mean of several variables drifted, and how long until a chart says so?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, hyp0f1, ive, roots_chebyu, roots_legendre

from .multivariate import known_limit, means, squared_distance

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class State:
    """Where a series stands after its last point: the average (p,), and its variance over that of a single value.

    It is all that the next point needs, so a series may be fed in pieces.
    """

    average: Floats
    variance: float


@dataclass(frozen=True, slots=True)
class Mewma:
    """The statistic (n,), the average of the deviations (n, p) behind it, and the state to go on from."""

    statistic: Floats
    average: Floats
    state: State


def mewma(
    x: Floats,
    center: ArrayLike,
    covariance: ArrayLike,
    weight: float,
    *,
    exact: bool = True,
    state: State | None = None,
    names: Sequence[str] = (),
) -> Mewma:
    """Exponentially weighted moving average of several variables, and its squared distance from the center.

    Parameters
    ----------
    x : (n, p) or (n, m, p) array
        Individuals, or subgroups padded with NaN, of which the means are averaged.
    center, covariance : (p,) and (p, p) arrays
        Of single values.
    weight : float
        Of the newest point, in (0, 1]; 1 is Hotelling's T2. Small weights see small shifts.
    exact : bool, default True
        Divide by the variance of the average at each point, so that the first points are judged as sharply as the
        last. False: by its limit ``weight / (2 - weight) / m``, m the size of the present subgroup.
    state : State, optional
        Where an earlier piece ended. Default: an average at the center, known for certain.
    names : sequence of str, optional
        Names of the variables, for the messages.

    Returns
    -------
    Mewma
        At a gap the statistic is NaN; the average keeps its value over the gap, and its variance too, as if the point
        had not been. Pieces give the same bits as the whole.

    Raises
    ------
    ValueError
        A weight outside (0, 1], or a covariance without an inverse.

    Notes
    -----
    ``z_i = weight (x_i - center) + (1 - weight) z_(i-1)``, ``z_0 = 0``; ``T2_i = z_i' S_i^-1 z_i`` with ``S_i`` the
    covariance times ``v_i = weight^2 / m_i + (1 - weight)^2 v_(i-1)``, which for individuals is
    ``weight / (2 - weight) (1 - (1 - weight)^(2i))``.

    References
    ----------
    Lowry, Woodall, Champ & Rigdon (1992), Technometrics 34.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 1.0], [2.0, 1.0]])
    >>> whole = mewma(x, [0, 0], np.eye(2), 0.2)
    >>> whole.statistic.round(3).tolist()
    [1.0, 2.585, 7.354]
    >>> start = mewma(x[:1], [0, 0], np.eye(2), 0.2)
    >>> mewma(x[1:], [0, 0], np.eye(2), 0.2, state=start.state).statistic.round(3).tolist()
    [2.585, 7.354]
    """
    from scipy.signal import lfilter

    _check_weight(weight)
    mean, size = means(x)
    seen = size > 0
    if state is None:
        state = State(np.zeros(x.shape[-1]), 0.0)
    keep = 1.0 - weight
    fresh = mean[seen] - np.asarray(center, dtype=np.float64)
    z, v = state.average[None, :], np.array([state.variance])
    if seen.any():
        start = keep * state.average[None, :]
        z = np.concatenate([z, lfilter([weight], [1.0, -keep], fresh, axis=0, zi=start)[0]])
        v = np.concatenate([v, lfilter([weight**2], [1.0, -(keep**2)], 1.0 / size[seen], zi=keep**2 * v)[0]])
    variance = v[1:] if exact else weight / (2.0 - weight) / size[seen]
    statistic = np.full(len(x), np.nan)
    statistic[seen] = squared_distance(z[1:], np.asarray(covariance, dtype=np.float64), names) / variance
    return Mewma(statistic, z[np.cumsum(seen)], State(z[-1], float(v[-1])))


def mewma_arl(limit: float, weight: float, variables: int, shift: float = 0.0) -> float:
    """How many points, on average, until a MEWMA signals?

    Parameters
    ----------
    limit : float
        A point signals when its statistic is above.
    weight : float
        In (0, 1].
    variables : int
    shift : float, default 0
        Size of a shift of the mean, there from the first point: ``sqrt(d' covariance^-1 d)``. Its direction does not
        matter.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        A setting out of range.

    Notes
    -----
    Known parameters, independent normal points, an average that starts at the center, and the limiting covariance
    (``exact=False``); with the exact one the first points signal a little more often. In control the distance of the
    average from the center is a Markov chain, and its run length the solution of
    ``L(r) = 1 + int_0^h L(s) g(s | r) ds``, g the density of a noncentral chi. Out of control the chain is the pair of
    the component along the shift and the length of the rest. Both equations are solved at Gauss nodes, spaced by the
    width of the density: in control within 1e-10 of twice the nodes; out of control within 1e-5. Small weights and many
    variables need many nodes: some ten seconds at a weight of 0.05 and 40 variables, under one second below ten.

    References
    ----------
    Rigdon (1995a), Journal of Statistical Computation and Simulation 52; Rigdon (1995b), Statistics & Probability
    Letters 24; Runger & Prabhu (1996), Journal of the American Statistical Association 91 (the two-dimensional chain).

    Examples
    --------
    >>> round(mewma_arl(8.64, 0.1, 2), 1), round(mewma_arl(8.64, 0.1, 2, shift=1.0), 1)
    (200.5, 10.1)
    """
    _check_weight(weight)
    if limit <= 0 or variables < 1 or shift < 0:
        raise ValueError(f"limit above 0, variables from 1, shift from 0; given {limit!r}, {variables!r}, {shift!r}")
    radius = float(np.sqrt(limit / (weight * (2.0 - weight))))
    if shift == 0.0:
        return _in_control(radius, 1.0 - weight, variables)
    return _shifted(radius, 1.0 - weight, variables, shift)


def mewma_limit(weight: float, variables: int, arl: float) -> float:
    """The limit with which a MEWMA in control signals once in ``arl`` points, on average.

    Parameters
    ----------
    weight : float
        In (0, 1].
    variables : int
    arl : float
        Wanted run length in control, above 1; 370.4 is that of a three-sigma chart.

    Raises
    ------
    ValueError
        A setting out of range.

    Examples
    --------
    >>> round(mewma_limit(0.1, 2, 200), 4)
    8.6336
    """
    from scipy.optimize import brentq

    if not arl > 1:
        raise ValueError(f"arl is a number of points above 1; given was {arl!r}")
    # Averages wander slowly, so for one and the same limit they signal later than single points do.
    high = known_limit(variables, 1.0 - 1.0 / arl) * (1.0 + 1e-9)
    low = high / 2
    while mewma_arl(low, weight, variables) > arl:
        low /= 2
    return float(brentq(lambda h: np.log(mewma_arl(h, weight, variables) / arl), low, high, xtol=1e-12, rtol=1e-13))


def _check_weight(weight: float) -> None:
    if not 0.0 < weight <= 1.0:
        raise ValueError(f"weight is a number above 0, at most 1; given was {weight!r}")


def _chi(s: Floats, c: Floats, dof: int) -> Floats:
    """Density at s of the length of a normal vector of unit covariance whose mean has length c.

    The scaled Bessel function of a high order vanishes near zero, where the series about a central chi is exact.
    """
    order = dof / 2 - 1
    s, c = np.broadcast_arrays(s, c)
    product = s * c
    near = product < 2 * np.sqrt(order + 2)
    out: Floats = np.empty(product.shape)
    a, b, ab = s[near], c[near], product[near]
    log_central = (dof - 1) * np.log(a) - (a**2 + b**2) / 2 - order * np.log(2.0) - gammaln(order + 1)
    out[near] = np.exp(log_central) * hyp0f1(order + 1, ab**2 / 4)
    a, b, ab = s[~near], c[~near], product[~near]
    out[~near] = a * (a / b) ** order * np.exp(-((a - b) ** 2) / 2) * ive(order, ab)
    return out


def _nodes(count: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on (0, 1)."""
    node, weight = roots_legendre(count)
    return (node + 1) / 2, weight / 2


def _in_control(radius: float, keep: float, variables: int) -> float:
    node, weight = _nodes(max(32, int(np.ceil(4 * radius))))
    s = radius * node
    kernel = radius * weight * _chi(s, keep * s[:, None], variables)
    length = np.linalg.solve(np.eye(s.size) - kernel, np.ones(s.size))
    return 1.0 + float(radius * weight * _chi(s, np.zeros(1), variables) @ length)


def _shifted(radius: float, keep: float, variables: int, shift: float) -> float:
    """The chain of the component along the shift and the length of the rest, on a half disc.

    The integral over the rest is a smooth function times the height of the rim to the power of ``variables - 1``: a
    square root for an even number of variables, which Chebyshev's nodes take in, and Legendre's for an odd number.
    """
    count = max(24, int(np.ceil(3.6 * radius)))
    node, weight = roots_chebyu(count) if variables % 2 == 0 else roots_legendre(count)
    along = radius * node
    if variables == 1:
        return _from_center(radius * weight, along, keep, shift)
    rim = np.sqrt(1 - node**2)
    weight = weight if variables % 2 == 0 else weight * rim
    part, part_weight = _nodes(max(16 + variables // 4, int(np.ceil(1.8 * radius))))
    rest = radius * np.outer(rim, part)
    both = radius**2 * np.outer(weight, part_weight)
    return _from_center(both.ravel(), np.repeat(along, part.size), keep, shift, rest.ravel(), variables - 1)


def _from_center(
    weight: Floats, along: Floats, keep: float, shift: float, rest: Floats | None = None, dof: int = 0
) -> float:
    """Run length of the chain that starts at the center, from its lengths at the nodes."""

    def row(start_along: float, start_rest: float) -> Floats:
        normal: Floats = weight * np.exp(-((along - keep * start_along - shift) ** 2) / 2) / np.sqrt(2 * np.pi)
        return normal if rest is None else normal * _chi(rest, np.asarray(keep * start_rest), dof)

    matrix = np.eye(along.size)
    for i in range(along.size):
        matrix[i] -= row(along[i], 0.0 if rest is None else rest[i])
    length = np.linalg.solve(matrix, np.ones(along.size))
    return 1.0 + float(row(0.0, 0.0) @ length)
