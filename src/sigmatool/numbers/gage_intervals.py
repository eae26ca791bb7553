"""How sure are the variance components of a gage study, their sums and their shares?

Sums of mean squares with weights above zero (total gage R&R and total variation of a crossed study, repeatability) take
the modified large-sample interval; differences and shares take generalized pivotal quantities, of which a mean square
``MS`` with ``v`` degrees of freedom has ``v MS / W``, ``W`` a chi-square of ``v``. The draws of ``W`` are the same
every time (Sobol', one written seed).

References
----------
Graybill, F. A. and Wang, C. M. (1980), Confidence intervals on nonnegative linear combinations of variances, JASA 75.
Burdick, R. K., Borror, C. M. and Montgomery, D. C. (2003), A review of methods for measurement systems capability
analysis, Journal of Quality Technology 35; (2005), Design and Analysis of Gauge R&R Studies, SIAM.
Hamada, M. and Weerahandi, S. (2000), Measurement system assessment via generalized inference, J. Quality Technology 32.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri
from scipy.stats import qmc

from .gage_squares import Squares, weights

Floats = NDArray[np.float64]

SEED: Final = 20_030_401
DRAWS: Final = 1 << 14

SOURCES: Final = ("gage", "repeatability", "reproducibility", "operator", "interaction", "part", "total")
"""In the order of a table."""

_MEMBERS: Final = ((1, 2, 3), (3,), (1, 2), (1,), (2,), (0,), (0, 1, 2, 3))
"""Which components (part, operator, interaction, repeatability) a source is the sum of."""


@dataclass(frozen=True)
class Intervals:
    """Ends by source, in the order of :data:`SOURCES`; rows low and high.

    Attributes
    ----------
    variance, share : (2, ..., 7) arrays
        Of the variance, and of its share of the total.
    consistent : (2, ...) array
        Of parts over parts and repeatability: the intraclass correlation without operators.
    """

    variance: Floats
    share: Floats
    consistent: Floats


def gathered(parts: Floats) -> Floats:
    """Sources from components (..., 4), each of which counts as zero where it is below."""
    held = np.maximum(parts, 0.0)
    return np.stack([held[..., list(members)].sum(axis=-1) for members in _MEMBERS], axis=-1)


@lru_cache(maxsize=16)
def _draws(dof: tuple[float, ...], draws: int) -> Floats:
    """Chi-square values, (draws, k)."""
    uniform = qmc.Sobol(len(dof), scramble=True, rng=np.random.default_rng(SEED)).random(draws)
    return np.column_stack([chdtri(v, u) for v, u in zip(dof, uniform.T, strict=True)])


def intervals(found: Squares, confidence: float = 0.95, squares: Floats | None = None, draws: int = DRAWS) -> Intervals:
    """Intervals of every source.

    Parameters
    ----------
    found : Squares
        With the interaction, whatever its test says: an interval must not hang on the outcome of a test.
    confidence : float
    squares : (..., 4) array, optional
        Many samples of the same design in place of that of ``found``.
    draws : int
        A power of two.

    Examples
    --------
    >>> study = Squares("crossed", np.array([88.362, 3.167, 0.359, 2.759]), np.array([9.0, 2, 18, 60]), 10, 3, 3)
    >>> ends = intervals(study)
    >>> np.round(np.sqrt(ends.variance[:, 0]), 2).tolist()
    [0.22, 1.46]
    """
    held = np.flatnonzero(found.dof > 0)
    dof = found.dof[held]
    rows = weights(found)[:, held]
    many = np.asarray(found.squares if squares is None else squares)[..., held]
    tail = (1 - confidence) / 2
    w = _draws(tuple(dof.tolist()), draws)
    # draws stand last, where they lie side by side in memory
    pivots = rows @ (many[..., None] / w.T)
    sums = np.stack([rows[list(members)].sum(axis=0) for members in _MEMBERS])
    plain = np.all(sums >= -1e-12, axis=1) & np.any(sums > 0, axis=1)
    held_at_zero = np.maximum(pivots, 0.0)
    # truncated one by one, small components would push the gage's lower end above the truth (nested: 9 %, not 2.5)
    gage = np.maximum(pivots[..., 1:, :].sum(axis=-2), 0.0)
    part, operator, inner, repeat = (held_at_zero[..., i, :] for i in range(4))
    total = gage + part
    differences = np.stack([gage, repeat, operator + inner, operator, inner, part, total], axis=-2)
    # nothing at all varies: no share is known
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.minimum(differences / total[..., None, :], 1.0)
        consistent = part / (part + repeat)
    at = (tail, 1 - tail)
    variance = _quantiles(differences, at)
    mls = _modified_large_sample(many / dof, dof, sums[plain], tail)
    variance[..., plain] = mls
    return Intervals(variance, _quantiles(share, at), _quantiles(consistent, at))


def _quantiles(x: Floats, at: tuple[float, float]) -> Floats:
    return np.asarray(np.quantile(x, at, axis=-1))


def _modified_large_sample(mean: Floats, dof: Floats, sums: Floats, tail: float) -> Floats:
    """Graybill & Wang: the square of each end's distance is the sum of squares of what each mean square alone gives."""
    below = 1 - dof / chdtri(dof, tail)
    above = dof / chdtri(dof, 1 - tail) - 1
    center = mean @ sums.T
    low = center - np.sqrt((mean * below) ** 2 @ (sums**2).T)
    high = center + np.sqrt((mean * above) ** 2 @ (sums**2).T)
    return np.stack([np.maximum(low, 0.0), high])
