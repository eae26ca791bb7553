"""A number with its interval, and a comparison with its p value: what every estimate here is told as."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval; NaN where an end does not exist.

    Attributes
    ----------
    value, low, high : float
    method : str
        Name of the formula and its source, e.g. ``"noncentral t (Owen 1985)"``.
    """

    value: float
    low: float
    high: float
    method: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """What differs, by how much in its unit, and how surely: never a p value without its effect.

    Attributes
    ----------
    value, low, high : float
        The effect and its interval; NaN where the method has none.
    p : float
        Two-sided unless ``method`` says otherwise.
    method : str
        Name of the test and of the interval, with its source.
    statistic, dof, dof2 : float
        NaN where the method has none.
    """

    value: float
    low: float
    high: float
    p: float
    method: str
    statistic: float = float("nan")
    dof: float = float("nan")
    dof2: float = float("nan")
