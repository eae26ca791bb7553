"""What a distribution is here: a kernel on its own scale, and how values get there.

A family takes values ``x`` to ``z`` on the scale of a kernel (normal, logistic, extreme value, gamma, folded normal);
every family and every transformation to normality is then the same four functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Law = Callable[..., Floats]


@dataclass(frozen=True, slots=True)
class Kernel:
    """A distribution on its own scale; every function takes ``z`` and the parameters of the family.

    ``sf`` and ``isf`` are computed from the upper tail itself, never as a difference from 1.
    """

    cdf: Law
    sf: Law
    log_density: Law
    ppf: Law
    isf: Law


@dataclass(frozen=True, slots=True)
class Family:
    """A distribution with named parameters.

    Attributes
    ----------
    name : str
    parameters : tuple of str
        In the order in which the functions take them.
    free : int
        How many of them are estimated by likelihood; the rest are a unit or an origin.
    kernel : Kernel
    to_kernel, from_kernel : callable
        ``z`` of ``x`` and back; increasing.
    log_slope : callable
        Logarithm of ``dz / dx``.
    support : callable
        Lowest and highest value that can occur.
    """

    name: str
    parameters: tuple[str, ...]
    free: int
    kernel: Kernel
    to_kernel: Law
    from_kernel: Law
    log_slope: Law
    support: Callable[..., tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A distribution with its parameters in the unit of the data.

    Attributes
    ----------
    name : str
    parameters : mapping of str to float
    log_likelihood : float
        Of the values it was fitted to; NaN where there is none.
    n : int
        Number of those values.
    family : Family
    start : tuple of float
        Where the search for the likelihood's maximum ended, free of unit and origin: the next one begins there.
    held : bool
        The threshold comes from the smallest value, for the likelihood has no maximum below it: it flatters the fit.
    lowest, highest : float
        Probabilities below and above which a quantile only repeats the smallest or largest value; 0 and 1 but for
        the empirical distribution.

    Examples
    --------
    >>> from sigmatool.numbers.families import fit
    >>> found = fit("exponential", np.array([1.0, 2.0, 3.0]))
    >>> dict(found.parameters), round(float(found.sf(4.0)), 4)
    ({'rate': 0.5}, 0.1353)
    """

    name: str
    parameters: Mapping[str, float]
    log_likelihood: float
    n: int
    family: Family
    start: tuple[float, ...] = ()
    held: bool = False
    lowest: float = 0.0
    highest: float = 1.0

    @property
    def values(self) -> tuple[float, ...]:
        """Parameters in the family's order."""
        return tuple(self.parameters[name] for name in self.family.parameters)

    @property
    def support(self) -> tuple[float, float]:
        """Lowest and highest value that can occur."""
        return self.family.support(*self.values)

    @property
    def aicc(self) -> float:
        """Akaike's criterion with Hurvich & Tsai's (1989) small-sample term; infinite where n does not allow it."""
        k = self.family.free
        if self.n - k - 1 <= 0:
            return float("inf")
        return 2 * k - 2 * self.log_likelihood + 2 * k * (k + 1) / (self.n - k - 1)

    def cdf(self, x: ArrayLike) -> Floats:
        """Chance of a value at or below ``x``."""
        return cdf(self.family, np.asarray(x, dtype=np.float64), *self.values)

    def sf(self, x: ArrayLike) -> Floats:
        """Chance of a value above ``x``."""
        return sf(self.family, np.asarray(x, dtype=np.float64), *self.values)

    def pdf(self, x: ArrayLike) -> Floats:
        """Density at ``x``, per unit of ``x``."""
        at = np.asarray(x, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
            density = np.exp(log_density(self.family, at, *self.values))
        low, high = self.support
        return np.asarray(np.where((at < low) | (at > high) | np.isnan(density), 0.0, density), dtype=np.float64)

    def ppf(self, probability: ArrayLike) -> Floats:
        """Value that is not exceeded with this chance."""
        return ppf(self.family, np.asarray(probability, dtype=np.float64), *self.values)

    def isf(self, probability: ArrayLike) -> Floats:
        """Value that is exceeded with this chance."""
        return isf(self.family, np.asarray(probability, dtype=np.float64), *self.values)


def cdf(family: Family, x: Floats, *values: Floats | float) -> Floats:
    """Chance of a value at or below ``x``; parameters broadcast."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        return np.asarray(family.kernel.cdf(family.to_kernel(x, *values), *values), dtype=np.float64)


def sf(family: Family, x: Floats, *values: Floats | float) -> Floats:
    """Chance of a value above ``x``; parameters broadcast."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        return np.asarray(family.kernel.sf(family.to_kernel(x, *values), *values), dtype=np.float64)


def ppf(family: Family, probability: Floats, *values: Floats | float) -> Floats:
    """Value not exceeded with this chance; parameters broadcast."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        return np.asarray(family.from_kernel(family.kernel.ppf(probability, *values), *values), dtype=np.float64)


def isf(family: Family, probability: Floats, *values: Floats | float) -> Floats:
    """Value exceeded with this chance; parameters broadcast."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        return np.asarray(family.from_kernel(family.kernel.isf(probability, *values), *values), dtype=np.float64)


def log_density(family: Family, x: Floats, *values: Floats | float) -> Floats:
    """Logarithm of the density within the support."""
    z = family.to_kernel(x, *values)
    return np.asarray(family.kernel.log_density(z, *values) + family.log_slope(x, *values), dtype=np.float64)
