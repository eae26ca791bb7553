"""How long does a Shewhart chart with limits alone run until it signals? Exactly geometric, for known parameters."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import ndtr

from .run_length import RunLength

Sides = Literal["both", "upper", "lower"]


def beyond(nsigma: float, shift: float = 0.0, n: int = 1, sides: Sides = "both") -> float:
    """Chance that a point is beyond its limits; parameters as in :func:`shewhart`."""
    if not nsigma > 0 or n < 1:
        raise ValueError(f"a Shewhart chart needs limits above 0 and n from 1 on, not {nsigma} and {n}")
    moved = shift * float(np.sqrt(n))
    above, below = float(ndtr(moved - nsigma)), float(ndtr(-moved - nsigma))
    return {"both": above + below, "upper": above, "lower": below}[sides]


def shewhart(nsigma: float = 3.0, shift: float = 0.0, n: int = 1, sides: Sides = "both") -> RunLength:
    """Run length of limits on means of ``n`` independent normal values.

    Parameters
    ----------
    nsigma : float
        Width of the limits in sigma of the mean.
    shift : float
        Of the mean, in sigma of one value.
    n : int
        Values in a subgroup.
    sides : {"both", "upper", "lower"}

    Notes
    -----
    No point remembers another, so the steady state is the zero state.

    Examples
    --------
    >>> round(shewhart().mean, 4), round(shewhart(shift=1.0, n=4).mean, 4)
    (370.3983, 6.303)
    """
    signal = beyond(nsigma, shift, n, sides)
    if signal == 0:
        raise ValueError(f"limits at {nsigma} sigma are never passed")
    return RunLength(np.array([1.0, 1 - signal]), 1 - signal, 1 / signal)
