"""How surely is a standard deviation known whose variance is a sum of two that were estimated apart?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri


@dataclass(frozen=True, slots=True)
class VarianceSum:
    """A sum of variances.

    Attributes
    ----------
    value : float
    dof : float
        Equivalent chi-square degrees of freedom (Satterthwaite 1946).
    low, high : float
        Modified large-sample interval.
    """

    value: float
    dof: float
    low: float
    high: float


def variance_sum(parts: Sequence[float], dofs: Sequence[float], level: float = 0.95) -> VarianceSum:
    """The sum of independent variances, each right on average and with degrees of freedom of its own.

    Parameters
    ----------
    parts : sequence of float
        Not negative, not all zero; each already multiplied by its weight in the sum.
    dofs : sequence of float
    level : float

    Notes
    -----
    ``low = v - sqrt(sum (g a)^2)`` with ``g = 1 - dof / chi2(1 - tail)``, ``high = v + sqrt(sum (h a)^2)`` with
    ``h = dof / chi2(tail) - 1``: exact where one part is all there is, and near its level between (95 to 96 % for
    subgroups of five, six of them or more), where the single chi-square of Satterthwaite falls to 89 %.

    References
    ----------
    Graybill & Wang (1980), Journal of the American Statistical Association 75, 869-873; Burdick & Graybill (1992),
    Confidence Intervals on Variance Components; Satterthwaite (1946), Biometrics Bulletin 2, 110-114.

    Examples
    --------
    >>> found = variance_sum([2.0, 1.0], [5.0, 24.0])
    >>> round(found.dof, 1), round(found.low, 2), round(found.high, 2)
    (10.7, 1.72, 13.07)
    """
    part, dof = np.asarray(parts, dtype=np.float64), np.asarray(dofs, dtype=np.float64)
    value = float(part.sum())
    if not value > 0 or (part < 0).any():
        raise ValueError("a sum of variances needs parts that are not negative, and one above 0")
    tail = (1 - level) / 2
    share = part / value
    below, above = 1 - dof / chdtri(dof, tail), dof / chdtri(dof, 1 - tail) - 1
    return VarianceSum(
        value,
        1 / float((share**2 / dof).sum()),
        value * (1 - float(np.sqrt(((below * share) ** 2).sum()))),
        value * (1 + float(np.sqrt(((above * share) ** 2).sum()))),
    )
