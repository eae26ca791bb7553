"""How surely would a comparison of two means see a difference, and how many values does it take?"""

from __future__ import annotations

import numpy as np
from scipy.special import nctdtr, stdtrit


def t_test_power(n: float, delta: float, sd: float = 1.0, alpha: float = 0.05) -> float:
    """Chance that the two-sided two-sample t test sees a difference, on its true side.

    Parameters
    ----------
    n : float
        Values in each group, above 1; it need not be whole.
    delta, sd : float
        True difference and standard deviation, in one unit.
    alpha : float

    Raises
    ------
    ValueError
        For ``n`` not above 1, ``sd`` not positive, or ``alpha`` outside (0, 1).

    Notes
    -----
    Noncentral t with ``2 (n - 1)`` degrees of freedom and noncentrality ``|delta| / sd sqrt(n / 2)``. A finding on the
    wrong side does not count (as R's ``power.t.test`` by default).

    References
    ----------
    Owen, D. B. (1965), Biometrika 52, 437-446.

    Examples
    --------
    >>> round(t_test_power(20, 0.8, 1.2), 4)
    0.5378
    """
    if not (n > 1 and sd > 0 and 0 < alpha < 1 and np.isfinite(delta)):
        raise ValueError(f"n = {n}, sd = {sd}, alpha = {alpha}: n lies above 1, sd above 0, alpha between 0 and 1")
    dof = 2.0 * (n - 1)
    return 1.0 - float(nctdtr(dof, abs(delta) / sd * np.sqrt(n / 2), stdtrit(dof, 1 - alpha / 2)))


def t_test_size(delta: float, sd: float = 1.0, power: float = 0.9, alpha: float = 0.05) -> float:
    """Values in each group with which the two-sided two-sample t test sees a difference this surely; round it up.

    Parameters
    ----------
    delta, sd : float
        True difference, not zero, and standard deviation, in one unit.
    power : float
        0.9 by default: one worthwhile difference in ten is missed.
    alpha : float

    Raises
    ------
    ValueError
        When no sample size gives this power, or one of two values already does.

    Examples
    --------
    >>> round(t_test_size(1.0), 3)
    22.021
    """
    if delta == 0 or not alpha / 2 < power < 1:
        raise ValueError(f"delta = {delta}, power = {power}: no sample size belongs to them")
    from scipy.optimize import brentq

    high = 4.0
    while t_test_power(high, delta, sd, alpha) < power:
        high *= 2
        if high > 1e12:
            raise ValueError(f"delta = {delta} is too small beside sd = {sd}: no feasible sample size shows it")
    low = 1.0 + 1e-6
    if t_test_power(low, delta, sd, alpha) > power:
        raise ValueError(f"delta = {delta} is so large beside sd = {sd} that two values show it")
    return float(brentq(lambda n: t_test_power(n, delta, sd, alpha) - power, low, high, xtol=1e-9))
