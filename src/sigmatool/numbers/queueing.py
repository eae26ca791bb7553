"""How long does work wait for people who are busy? Queues with many servers, arrays in, arrays out.

``load`` is the offered work in erlangs: arrivals a unit of time times mean handling time, the servers that would be
busy all the time. ``servers`` need not be whole: 14.3 people on average have formulas too. Times are in the unit of
the handling time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc, gammaln

Floats = NDArray[np.float64]

_FAINT = 1e-200
"""Below it a tail of the gamma distribution is no longer trusted, and a continued fraction taken."""

_HALVINGS = 80


def erlang_b(load: ArrayLike, servers: ArrayLike) -> Floats:
    """Share of arrivals that find every server busy, where none may wait (Erlang B).

    Parameters
    ----------
    load, servers : array_like
        Zero or more, broadcast against each other.

    Returns
    -------
    array

    Notes
    -----
    ``1 / B = a * integral of exp(-a t) (1 + t)^c dt`` over t > 0, which for whole c is the sum of the textbooks; that
    is ``B = a^c exp(-a) / Gamma(c + 1, a)``, and stays a number for many thousands of servers.

    References
    ----------
    Jagers & van Doorn (1986), On the continued Erlang loss function, Operations Research Letters 5, 43-46. Press et al.
    (2007), Numerical Recipes, section 6.2 (the continued fraction of the incomplete gamma function).

    Examples
    --------
    >>> erlang_b(10, [10, 14]).round(4)
    array([0.2146, 0.0568])
    """
    a, c = np.broadcast_arrays(np.asarray(load, dtype=float), np.asarray(servers, dtype=float))
    a, c = np.array(a), np.array(c)
    found = np.where(a > 0, 1.0, np.where(c > 0, 0.0, 1.0))
    tail = gammaincc(c + 1.0, a)
    plain = (a > 0) & (c > 0) & (tail > _FAINT)
    log = c[plain] * np.log(a[plain]) - a[plain] - gammaln(c[plain] + 1.0)
    found[plain] = np.exp(log) / tail[plain]
    swamped = (a > 0) & (c > 0) & ~plain
    if swamped.any():
        found[swamped] = 1.0 / (a[swamped] * _fraction(c[swamped] + 1.0, a[swamped]))
    return np.minimum(found, 1.0)


def _fraction(s: Floats, x: Floats) -> Floats:
    """``Gamma(s, x) exp(x) x^-s`` for x well above s, by Lentz's method."""
    b = x + 1.0 - s
    c = np.full_like(x, 1e300)
    d = 1.0 / b
    h = d.copy()
    for i in range(1, 500):
        step = -i * (i - s)
        b = b + 2.0
        d = 1.0 / (step * d + b)
        c = b + step / c
        h = h * c * d
        if np.all(np.abs(c * d - 1.0) < 1e-15):
            break
    return h


def erlang_c(load: ArrayLike, servers: ArrayLike) -> Floats:
    """Share of arrivals that wait, where all may wait (Erlang C, M/M/c); 1 where the load is not below the servers.

    Notes
    -----
    ``C = B / (1 - (a / c) (1 - B))`` with B of Erlang's loss formula.

    References
    ----------
    Gans, Koole & Mandelbaum (2003), Telephone Call Centers, Manufacturing & Service Operations Management 5, 79-141,
    section 4.1. Hopp & Spearman (2011), Factory Physics, 3rd ed., section 8.6.

    Examples
    --------
    >>> erlang_c(10, [10, 14]).round(4)
    array([1.    , 0.1741])
    """
    a, c = np.broadcast_arrays(np.asarray(load, dtype=float), np.asarray(servers, dtype=float))
    lost = erlang_b(a, c)
    room = a < c
    busy = np.divide(a, c, out=np.ones(a.shape), where=room)
    return np.where(room, lost / np.where(room, 1.0 - busy * (1.0 - lost), 1.0), 1.0)


def _factor(load: Floats, servers: Floats, ca: Floats, cs: Floats) -> Floats:
    """Half the sum of both scv, corrected for many servers and for arrivals that are not Poisson."""
    u = load / servers
    spread = (1.0 - u) * (servers - 1.0) * (np.sqrt(4.0 + 5.0 * servers) - 2.0) / (16.0 * servers * u)
    gamma = np.clip(spread, 0.0, 0.24)
    poisson = 0.5 * (1.0 + cs) * _whitt(u, gamma, np.ones_like(ca), cs)
    known = cs + (1.0 - cs) * 0.5 * (1.0 + gamma)
    # very uneven handling: the straight line through M/D/c and M/M/c is followed no further than it holds
    known = np.maximum(known, 0.25 * (1.0 + cs))
    return 0.5 * (ca + cs) * _whitt(u, gamma, ca, cs) * known / poisson


def _whitt(u: Floats, gamma: Floats, ca: Floats, cs: Floats) -> Floats:
    """Whitt's correction of the formula of Allen and Cunneen, (2.24) and (2.25); 1 where all is exponential."""
    regular = 1.0 + gamma
    late = (1.0 - 4.0 * gamma) * np.exp(-2.0 * (1.0 - u) / (3.0 * u))
    middle = np.minimum(1.0, 0.5 * (regular + late))
    mean = 0.5 * (ca + cs)
    psi = np.where(mean >= 1.0, 1.0, middle ** (2.0 * (1.0 - np.minimum(mean, 1.0))))
    first = np.where(ca > cs, 4.0 * ca - 3.0 * cs, 1.0)
    rough = (4.0 * (ca - cs) * regular + cs * psi) / first
    total = np.where(ca + cs > 0, 2.0 * (ca + cs), 1.0)
    smooth = ((cs - ca) * late + (cs + 3.0 * ca) * psi) / total
    return np.where(ca > cs, rough, np.where(ca + cs > 0, smooth, 1.0))


def waiting(
    load: ArrayLike, servers: ArrayLike, handling: ArrayLike = 1.0, scv_arrivals: ArrayLike = 1.0,
    scv_handling: ArrayLike = 1.0,
) -> Floats:  # fmt: skip
    """Mean wait of an arrival before it is served (G/G/c); infinite where the load is not below the servers.

    Parameters
    ----------
    load, servers : array_like
    handling : array_like
        Mean handling time; the wait is in its unit.
    scv_arrivals, scv_handling : array_like
        Squared coefficients of variation of the times between arrivals and of handling times.

    Notes
    -----
    The formula of Allen and Cunneen, ``(ca2 + cs2) / 2 * C(c, a) / (c - a) * handling``, corrected: with Poisson
    arrivals to ``cs2 W(M/M/c) + (1 - cs2) W(M/D/c)``, the latter by Cosmetatos, and with others by Whitt's factor
    (against that of Poisson arrivals). Exact for M/M/c, and for one server with Poisson arrivals the formula of
    Pollaczek and Khinchine; else an approximation, poor where arrivals are far from Poisson and the load is light.

    References
    ----------
    Allen (1990), Probability, Statistics, and Queueing Theory, 2nd ed., section 5.3.7. Cosmetatos (1976), Some
    approximate equilibrium results for the multi-server queue (M/G/r), Operational Research Quarterly 27, 615-620.
    Whitt (1993), Approximations for the GI/G/m queue, Production and Operations Management 2, 114-161, section 2.

    Examples
    --------
    >>> waiting(10, [14, 9], handling=180).round(2)
    array([7.84,  inf])
    >>> waiting(0.8, 1, scv_handling=[0.0, 1.0]).round(2)
    array([2., 4.])
    """
    a, c, tau, ca, cs = _five(load, servers, handling, scv_arrivals, scv_handling)
    room = (a < c) & (a > 0)
    spare = np.where(room, c - a, 1.0)
    factor = _factor(np.where(room, a, 0.5), np.where(room, c, 1.0), ca, cs)
    found = factor * erlang_c(a, c) / spare * tau
    return np.where(a == 0, 0.0, np.where(room, found, np.inf))


def waiting_vut(
    load: ArrayLike, servers: ArrayLike, handling: ArrayLike = 1.0, scv_arrivals: ArrayLike = 1.0,
    scv_handling: ArrayLike = 1.0,
) -> Floats:  # fmt: skip
    """Mean wait by the VUT equation of Hopp and Spearman, which needs no Erlang C; as :func:`waiting` otherwise.

    Notes
    -----
    ``W = (ca2 + cs2) / 2 * u^(sqrt(2 (c + 1)) - 1) / (c (1 - u)) * handling``; for one server Kingman's formula.

    References
    ----------
    Hopp & Spearman (2011), Factory Physics, 3rd ed., section 8.6.6; Sakasegawa (1977), Annals of the Institute of
    Statistical Mathematics 29, 67-75.

    Examples
    --------
    >>> waiting_vut(10, [14], handling=180).round(2)
    array([9.98])
    """
    a, c, tau, ca, cs = _five(load, servers, handling, scv_arrivals, scv_handling)
    room = a < c
    u = np.where(room, a / np.where(room, c, 1.0), 0.5)
    found = 0.5 * (ca + cs) * u ** (np.sqrt(2.0 * (c + 1.0)) - 1.0) / np.where(room, c * (1.0 - u), 1.0) * tau
    return np.where(a == 0, 0.0, np.where(room, found, np.inf))


def served_within(
    time: ArrayLike, load: ArrayLike, servers: ArrayLike, handling: ArrayLike = 1.0, scv_arrivals: ArrayLike = 1.0,
    scv_handling: ArrayLike = 1.0,
) -> Floats:  # fmt: skip
    """Share of arrivals whose wait is at most ``time`` (the service level); 0 where the load is not below c.

    Notes
    -----
    ``1 - C exp(-C time / W)`` with the W of :func:`waiting`: exact for M/M/c, else the wait of those who wait is taken
    as exponential.

    References
    ----------
    Whitt (1993), section 5; Gans, Koole & Mandelbaum (2003), section 4.1.

    Examples
    --------
    >>> served_within(20, 10, [14], handling=180).round(4)
    array([0.8884])
    """
    a, c, tau, ca, cs = _five(load, servers, handling, scv_arrivals, scv_handling)
    t = np.asarray(time, dtype=float)
    busy = erlang_c(a, c)
    wait = waiting(a, c, tau, ca, cs)
    room = np.isfinite(wait) & (wait > 0)
    fall = np.where(room, np.exp(-busy * t / np.where(room, wait, 1.0)), 0.0)
    return np.where((a == 0) | (wait == 0), 1.0, np.where(room, 1.0 - busy * fall, 0.0))


def servers_for_wait(
    goal: ArrayLike, load: ArrayLike, handling: ArrayLike = 1.0, scv_arrivals: ArrayLike = 1.0,
    scv_handling: ArrayLike = 1.0,
) -> Floats:  # fmt: skip
    """Servers with which the mean wait is just ``goal`` (> 0); not rounded up to whole ones.

    Examples
    --------
    >>> servers_for_wait([7.83], 10, handling=180).round(2)
    array([14.])
    """
    a, wanted, tau, ca, cs = _five(load, goal, handling, scv_arrivals, scv_handling)
    return _least(a, lambda c: waiting(a, c, tau, ca, cs) <= wanted)


def servers_for_service(
    share: ArrayLike, time: ArrayLike, load: ArrayLike, handling: ArrayLike = 1.0, scv_arrivals: ArrayLike = 1.0,
    scv_handling: ArrayLike = 1.0,
) -> Floats:  # fmt: skip
    """Servers with which just ``share`` of the arrivals wait at most ``time``; not rounded up to whole ones.

    Examples
    --------
    >>> servers_for_service(0.8, [20], 10, handling=180).round(2)
    array([13.04])
    """
    a, within, tau, ca, cs = _five(load, time, handling, scv_arrivals, scv_handling)
    wanted = np.asarray(share, dtype=float)
    return _least(a, lambda c: served_within(within, a, c, tau, ca, cs) >= wanted)


def _least(load: Floats, enough: Callable[[Floats], NDArray[np.bool_]]) -> Floats:
    """The fewest servers that are enough, by halving; more servers are never fewer than enough."""
    low = load.copy()
    high = load + 1.0
    for _ in range(_HALVINGS):
        short = ~enough(high)
        if not short.any():
            break
        low = np.where(short, high, low)
        high = np.where(short, load + 2.0 * (high - load), high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        good = enough(middle)
        high = np.where(good, middle, high)
        low = np.where(good, low, middle)
    return np.where(load == 0, 0.0, high)


def _five(*given: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.array(x) for x in np.broadcast_arrays(*(np.asarray(g, dtype=float) for g in given)))
