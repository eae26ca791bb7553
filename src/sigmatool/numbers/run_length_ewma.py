"""How long does an EWMA run until it signals?

Crowder (1987), Technometrics 29, 401-407: the integral equation of the run length, solved at the nodes of
Gauss and Legendre (Nystroem). Limits that settle with time: one step of the integral for each point until they have
(Knoth 2003, Economic Quality Control 18). Values are in sigma of the point; the EWMA starts at the centre.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from .run_length import GONE, Chain, RunLength, arl, legendre, run_length, steady_arl

Floats = NDArray[np.float64]
Limits = Literal["exact", "asymptotic"]
Sides = Literal["both", "upper"]

SETTLED = 1e-11
"""Share by which limits that settle may still be narrower than their last width."""


def _density(at: Floats, place: Floats, weight: float, shift: float) -> Floats:
    """Density of the next place (columns) of an EWMA from each place (rows)."""
    z = (at[None, :] - (1 - weight) * place[:, None]) / weight - shift
    return np.asarray(np.exp(-(z**2) / 2) / (np.sqrt(2 * np.pi) * weight), dtype=np.float64)


def _width(weight: float, nsigma: float) -> float:
    return nsigma * float(np.sqrt(weight / (2 - weight)))


def _two_sided(weight: float, nsigma: float, shift: float) -> Chain:
    limit = _width(weight, nsigma)
    nodes, weights = legendre(-limit, limit, 2 * limit / weight)
    first = _density(nodes, np.zeros(1), weight, shift)[0] * weights
    return Chain(first, _density(nodes, nodes, weight, shift) * weights)


def _settling(weight: float, nsigma: float, shift: float) -> Chain:
    """Two-sided with limits for point t of ``sqrt(1 - (1 - weight)^(2 t))`` times the last width."""
    last = _two_sided(weight, nsigma, shift)
    limit = _width(weight, nsigma)
    nodes, weights = legendre(-limit, limit, 2 * limit / weight)
    place, mass, before = np.zeros(1), np.ones(1), [1.0]
    t, scale = 1, 0.0
    while 1 - scale > SETTLED and before[-1] > GONE:
        scale = float(np.sqrt(1 - (1 - weight) ** (2 * t)))
        mass = (mass @ _density(nodes * scale, place, weight, shift)) * weights * scale
        place = nodes * scale
        before.append(float(mass.sum()))
        t += 1
    first = (mass @ _density(nodes, place, weight, shift)) * weights
    return Chain(first, last.step, tuple(before))


def _upper(weight: float, nsigma: float, shift: float) -> Chain:
    """One-sided, held up at the centre: the state at the centre has a mass of its own."""
    limit = _width(weight, nsigma)
    nodes, weights = legendre(0.0, limit, limit / weight)
    place = np.concatenate([[0.0], nodes])
    step = np.empty((place.size, place.size))
    step[:, 0] = ndtr(-(1 - weight) * place / weight - shift)
    step[:, 1:] = _density(nodes, place, weight, shift) * weights
    return Chain(step[0], step)


def ewma_chain(
    weight: float, nsigma: float, shift: float = 0.0, limits: Limits = "asymptotic", sides: Sides = "both"
) -> Chain:
    """The EWMA as a chain; parameters as in :func:`ewma`."""
    if not 0 < weight <= 1 or not nsigma > 0:
        raise ValueError(f"an EWMA needs a weight in (0, 1] and limits above 0, not {weight} and {nsigma}")
    if sides == "upper":
        if limits != "asymptotic":
            raise ValueError("a one-sided EWMA has asymptotic limits")
        return _upper(weight, nsigma, shift)
    return (_settling if limits == "exact" else _two_sided)(weight, nsigma, shift)


def ewma(
    weight: float, nsigma: float, shift: float = 0.0, limits: Limits = "asymptotic", sides: Sides = "both"
) -> RunLength:
    """Run length of an EWMA of independent normal points from the centre (zero state).

    Parameters
    ----------
    weight : float
        Of the newest point, in (0, 1].
    nsigma : float
        Width of the limits in sigma of the EWMA.
    shift : float
        Of the mean from the first point on, in sigma of the point.
    limits : {"asymptotic", "exact"}
        Constant, or for each point its own.
    sides : {"both", "upper"}
        ``upper`` holds the EWMA up at the centre.

    Examples
    --------
    >>> round(ewma(0.1, 2.814).mean, 2), round(ewma(0.1, 2.814, 1.0).mean, 3)
    (499.58, 10.331)
    """
    return run_length(ewma_chain(weight, nsigma, shift, limits, sides))


def ewma_arl(
    weight: float, nsigma: float, shift: float = 0.0, limits: Limits = "asymptotic", sides: Sides = "both"
) -> float:
    """Average run length alone; parameters as in :func:`ewma`."""
    return arl(ewma_chain(weight, nsigma, shift, limits, sides))


def ewma_steady(weight: float, nsigma: float, shift: float = 0.0, sides: Sides = "both") -> float:
    """Steady-state ARL of an EWMA, whose limits have settled by then.

    Examples
    --------
    >>> round(ewma_steady(0.1, 2.814, 1.0), 4)
    10.1195
    """
    return steady_arl(
        ewma_chain(weight, nsigma, 0.0, "asymptotic", sides), ewma_chain(weight, nsigma, shift, "asymptotic", sides)
    )
