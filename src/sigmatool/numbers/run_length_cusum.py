"""How long does a CUSUM run until it signals?

One arm: the integral equation of Page's (1954) scheme at the nodes of Gauss and Legendre, with a mass of its own at
zero (Brook & Evans 1972, Biometrika 59, 539-549; Vance 1986, Journal of Quality Technology 18). Both arms: exact from
the arms alone, by the renewal argument of Kemp (1961) and Lucas & Crosier (1982, Technometrics 24, 199-205), here for
the whole distribution.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from .run_length import (
    GONE,
    LONGEST_HEAD,
    Chain,
    RunLength,
    arl,
    distribution,
    follow,
    legendre,
    means,
    run_length,
    settled,
    steady_arl,
)

Floats = NDArray[np.float64]
Sides = Literal["both", "upper", "lower"]


def _normal(z: Floats) -> Floats:
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi), dtype=np.float64)


def _move(place: Floats, nodes: Floats, weights: Floats, drift: float) -> Floats:
    """Mass that one point moves from each place to zero (first column) and to each node."""
    out = np.empty((place.size, nodes.size + 1))
    out[:, 0] = ndtr(-place - drift)
    out[:, 1:] = _normal(nodes[None, :] - place[:, None] - drift) * weights
    return out


def arm_chain(reference: float, decision: float, shift: float = 0.0, head_start: float = 0.0) -> Chain:
    """One arm ``S = max(0, S + x - reference)`` as a chain; the first state is zero."""
    if reference < 0 or not 0 <= head_start <= decision or not decision > 0:
        raise ValueError(
            f"a CUSUM needs a reference from 0 on, a decision above 0 and a head start up to it; "
            f"not {reference}, {decision} and {head_start}"
        )
    nodes, weights = legendre(0.0, decision, decision)
    place = np.concatenate([[0.0], nodes])
    first = _move(np.array([head_start]), nodes, weights, shift - reference)[0]
    return Chain(first, _move(place, nodes, weights, shift - reference))


def _start(
    reference: float, decision: float, shift: float, head_start: float
) -> tuple[list[float], Floats, Floats, Floats]:
    """Survival until the arms are apart, and then the places of both arms and the mass on them.

    Arms are apart when neither can signal while the other is above zero. While both are above zero their sum falls
    by twice the reference with each point, so this is so once the sum less that is not above the decision. From
    higher head starts, survival means that both arms stay above zero, and one place on a line holds both.
    """
    survival, total = [1.0], 2 * head_start
    place, mass = np.array([head_start]), np.ones(1)
    while total - 2 * reference > decision and survival[-1] > GONE:
        if len(survival) > LONGEST_HEAD:
            raise ValueError("the arms of the CUSUM do not part: give a larger reference or a smaller head start")
        total -= 2 * reference
        nodes, weights = legendre(total - decision, decision, 2 * decision - total)
        mass = mass @ _normal(nodes[None, :] - place[:, None] + reference - shift) * weights
        place = nodes
        survival.append(float(mass.sum()))
    return survival, place, total - place, mass


def _arms(reference: float, decision: float, shift: float, head_start: float) -> tuple[Chain, Chain]:
    """The upper and the lower arm from where they are apart."""
    before, up, down, mass = _start(reference, decision, shift, head_start)
    nodes, weights = legendre(0.0, decision, decision)
    place = np.concatenate([[0.0], nodes])
    chains = []
    for here, drift in ((up, shift - reference), (down, -shift - reference)):
        first = mass @ _move(here, nodes, weights, drift)
        chains.append(Chain(first, _move(place, nodes, weights, drift), tuple(before)))
    return chains[0], chains[1]


def _joined(up: float, down: float, up_zero: float, down_zero: float, mass: float) -> float:
    """Mean run length of both arms from that of each, from its start and from zero.

    From ``T_up = T`` or, when the lower arm was first, ``T`` plus a run of the upper arm from zero. An arm that
    practically never signals has a mean beyond what the linear system can hold; only ratios to it enter.
    """
    if not 0 < down_zero < 1e14:
        down, down_zero = mass * 1e14, 1e14
    if not 0 < up_zero < 1e14:
        up, up_zero = mass * 1e14, 1e14
    if up_zero > down_zero:
        up, down, up_zero, down_zero = down, up, down_zero, up_zero
    return (up + up_zero * (down / down_zero - mass)) / (1 + up_zero / down_zero)


def _two_sided_arl(reference: float, decision: float, shift: float, head_start: float) -> float:
    up, down = _arms(reference, decision, shift, head_start)
    *gone, mass = up.before
    up_means, down_means = means(up.step), means(down.step)
    return sum(gone) + _joined(
        mass + float(up.first @ up_means),
        mass + float(down.first @ down_means),
        float(up_means[0]),
        float(down_means[0]),
        mass,
    )


def _alone(first: Floats, step: Floats, mass: float) -> RunLength:
    """The run length of one arm, which may practically never signal."""
    return distribution(follow(first, lambda m: m @ step, lambda m: float(m.sum()), (mass,))[0])


def _two_sided(reference: float, decision: float, shift: float, head_start: float) -> RunLength:
    """The distribution of the first of both arms: ``a`` up and ``b`` down from the runs of each arm alone,
    ``g_up = a + b * g_up_zero`` and ``g_down = b + a * g_down_zero``, with ``*`` for a convolution."""
    arms = _arms(reference, decision, shift, head_start)
    *gone, mass = arms[0].before
    starts = [_alone(arm.first, arm.step, mass) for arm in arms]
    zeros = [_alone(arm.step[0], arm.step, 1.0) for arm in arms]
    length = 256
    while True:
        points = np.arange(1, length + 1)
        g_up, g_down, zero_up, zero_down = (run.pmf(points) for run in (*starts, *zeros))
        a, b = np.zeros(length), np.zeros(length)
        for t in range(length):
            a[t] = g_up[t] - b[:t] @ zero_up[:t][::-1]
            b[t] = g_down[t] - a[:t] @ zero_down[:t][::-1]
        left = np.maximum(mass - np.cumsum(a + b), 0.0)
        head = np.concatenate([gone, [mass], left])
        if left[-1] < 1e-12 or settled(list(head[: head.size - (head.size - 1) % 16])) or length >= 16_384:
            break
        length *= 4
    kept = head[: max(int(np.argmax(head < 1e-12)) if head[-1] < 1e-12 else head.size, 2)]
    return distribution(kept, _two_sided_arl(reference, decision, shift, head_start))


def cusum(
    reference: float, decision: float, shift: float = 0.0, head_start: float = 0.0, sides: Sides = "both"
) -> RunLength:
    """Run length of a tabular CUSUM of independent normal points (zero state).

    Parameters
    ----------
    reference : float
        k, in sigma of the point.
    decision : float
        h, in sigma: an arm above it signals.
    shift : float
        Of the mean from the first point on, in sigma of the point.
    head_start : float
        First value of the arms.
    sides : {"both", "upper", "lower"}
        Arms in force.

    Notes
    -----
    ``1 / ARL = 1 / ARL_up + 1 / ARL_down`` holds from zero only. With a head start ``s`` the mean of both arms is
    ``(U_s D_0 + U_0 D_s - U_0 D_0) / (U_0 + D_0)``, exact up to ``s = h / 2 + k``; above it the first points, at which
    both arms are above zero, are followed one by one.

    Examples
    --------
    >>> round(cusum(0.5, 5.0).mean, 2), round(cusum(0.5, 4.0, head_start=2.0).mean, 3)
    (465.44, 148.696)
    """
    if sides != "both":
        return run_length(arm_chain(reference, decision, shift if sides == "upper" else -shift, head_start))
    arm_chain(reference, decision, shift, head_start)
    return _two_sided(reference, decision, shift, head_start)


def cusum_arl(
    reference: float, decision: float, shift: float = 0.0, head_start: float = 0.0, sides: Sides = "both"
) -> float:
    """Average run length alone; parameters as in :func:`cusum`."""
    if sides != "both":
        return arl(arm_chain(reference, decision, shift if sides == "upper" else -shift, head_start))
    arm_chain(reference, decision, shift, head_start)
    return _two_sided_arl(reference, decision, shift, head_start)


def cusum_steady(reference: float, decision: float, shift: float = 0.0, sides: Sides = "both") -> float:
    """Steady-state ARL of a CUSUM.

    Notes
    -----
    Given a long silence of both arms, the places of each have the mass ``e_0 (I - z Q)^-1``, scaled to one, where Q
    moves one arm and ``1 / z`` is the ratio of successive survivals of both: the residue at the pole ``z`` of the
    transform of "no signal yet, and this arm here".

    Examples
    --------
    >>> round(cusum_steady(0.5, 4.0, 1.0, "upper"), 4), round(cusum_steady(0.5, 4.0, 1.0), 4)
    (7.7219, 7.7127)
    """
    signs = {"upper": 1.0, "lower": -1.0, "both": 1.0}
    quiet, moved = (arm_chain(reference, decision, signs[sides] * by) for by in (0.0, shift))
    if sides != "both":
        return steady_arl(quiet, moved)
    z = 1 / _two_sided(reference, decision, 0.0, 0.0).ratio
    size = quiet.first.size
    place = np.linalg.solve((np.eye(size) - z * quiet.step).T, np.eye(size)[0])
    place /= place.sum()
    up, down = means(moved.step), means(arm_chain(reference, decision, -shift).step)
    return _joined(float(place @ up), float(place @ down), float(up[0]), float(down[0]), 1.0)
