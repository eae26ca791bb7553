"""How long does an EWMA of the variance run until it signals?

Knoth (2005), Statistics and Computing 15, 341-352: the density of a variance ends at zero with a kink or a pole, where
a quadrature fails; the run length itself is smooth in the place of the EWMA. So it is held as a polynomial
(collocation), and only the integral of the polynomial meets the density.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from .run_length import Chain, RunLength, arl, run_length, steady_arl

Floats = NDArray[np.float64]

DEGREE = 60
QUADRATURE = 160


def _cardinal(at: Floats, nodes: Floats) -> Floats:
    """Values at ``at`` (last axis new) of the polynomials that are one at a node and zero at the others."""
    count = nodes.size
    scale = 2 / (nodes.max() + nodes.min())
    order = np.arange(count)
    angle = np.arccos(np.clip(at * scale - 1, -1, 1))
    own = np.arccos(np.clip(nodes * scale - 1, -1, 1))
    transform = 2 / count * np.cos(order[:, None] * own[None, :])
    transform[0] /= 2
    return np.asarray(np.cos(angle[..., None] * order) @ transform, dtype=np.float64)


def _density_of_root(root: Floats, df: int, sigma: float) -> Floats:
    """Density of the root of the variance of normal samples with ``df`` degrees of freedom: chi over its root."""
    u = root * np.sqrt(df) / sigma
    with np.errstate(divide="ignore"):
        log = (df - 1) * np.log(u) - u**2 / 2 - (df / 2 - 1) * np.log(2) - gammaln(df / 2)
    return np.asarray(np.exp(log) * np.sqrt(df) / sigma, dtype=np.float64)


def variance_chain(weight: float, upper: float, sigma: float = 1.0, df: int = 4, start: float = 1.0) -> Chain:
    """The variance EWMA as a chain; parameters as in :func:`variance_ewma`. Its masses are those of polynomials, so
    single ones may be negative."""
    if not 0 < weight <= 1 or df < 1 or not 0 <= start < upper or not sigma > 0:
        raise ValueError(
            f"a variance EWMA needs a weight in (0, 1], df from 1 on, sigma above 0 and a start below its limit; "
            f"not {weight}, {df}, {sigma}, {start} and {upper}"
        )
    nodes = upper / 2 * (1 + np.cos(np.pi * (np.arange(DEGREE) + 0.5) / DEGREE))
    place = np.concatenate([[start], nodes])
    x, w = np.polynomial.legendre.leggauss(QUADRATURE)
    most = np.sqrt((upper - (1 - weight) * place) / weight)
    # where the limit is far beyond what a variance can reach, the nodes stay where the density is
    reach = np.minimum(most, sigma * (1 + 12 / np.sqrt(df)))
    root = (x + 1) / 2 * reach[:, None]
    mass = _density_of_root(root, df, sigma) * w / 2 * reach[:, None]
    after = (1 - weight) * place[:, None] + weight * root**2
    moved = np.einsum("ij,ijk->ik", mass, _cardinal(after, nodes))
    return Chain(moved[0], moved[1:])


def variance_ewma(weight: float, upper: float, sigma: float = 1.0, df: int = 4, start: float = 1.0) -> RunLength:
    """Run length of an EWMA of subgroup variances with an upper limit.

    Parameters
    ----------
    weight : float
        Of the newest variance, in (0, 1].
    upper : float
        Limit of the EWMA, in in-control variances.
    sigma : float
        Of the process from the first subgroup on, in in-control sigmas.
    df : int
        Degrees of freedom of each variance, the subgroup size less one.
    start : float
        First value of the EWMA; the in-control variance by default.

    Examples
    --------
    >>> round(variance_ewma(0.1, 1.4).mean, 2), round(variance_ewma(0.1, 1.4, 1.5).mean, 3)
    (229.69, 4.912)
    """
    return run_length(variance_chain(weight, upper, sigma, df, start))


def variance_ewma_arl(weight: float, upper: float, sigma: float = 1.0, df: int = 4, start: float = 1.0) -> float:
    """Average run length alone; parameters as in :func:`variance_ewma`."""
    return arl(variance_chain(weight, upper, sigma, df, start))


def variance_ewma_steady(weight: float, upper: float, sigma: float = 1.0, df: int = 4) -> float:
    """Steady-state ARL of a variance EWMA after a change of sigma."""
    return steady_arl(variance_chain(weight, upper, 1.0, df), variance_chain(weight, upper, sigma, df))
