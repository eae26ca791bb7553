"""Which of many findings stand, when each had its chance of being false?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """P values adjusted so that, of the findings at or below q, at most the share q is false on average.

    Parameters
    ----------
    p : (n,) array
        P values; NaN is a question that was not asked: it stays NaN and does not count among the m.

    Returns
    -------
    (n,) array

    Notes
    -----
    The k-th smallest of m becomes ``min over j >= k of p(j) m / j``, at most 1. Holds for independent p values and
    for positively dependent ones (Benjamini and Yekutieli 2001); not for every dependence.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, np.nan, 0.03]).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    given = np.asarray(p, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    asked = np.flatnonzero(np.isfinite(given))
    if asked.size:
        order = asked[np.argsort(given[asked], kind="stable")]
        raised = given[order] * asked.size / np.arange(1, asked.size + 1)
        adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted
