"""What a capability study was asked for: settings checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..charts.limits_file import FrozenLimits, limits_of
from ..columns import LARGEST, SMALLEST
from ..data import Specification
from ..errors import SettingsError
from ..numbers.dispersion import INDIVIDUAL, SUBGROUP
from ..numbers.ladder import ORDER
from .levels import level_of

DISTRIBUTIONS = (*ORDER, "johnson", "empirical")
"""Distributions that can be asked for by name; ``auto`` looks for a reasonable one, ``johnson`` takes its best."""


@dataclass(frozen=True)
class Asked:
    """The settings of a study.

    ``sigma``: an estimator's name or a known sigma. ``boundaries``: sides (``lsl``, ``usl``) that nothing can pass.
    """

    specification: Specification
    boundaries: frozenset[str]
    sigma: str | float | None
    distribution: str
    confidence: float
    frozen: FrozenLimits | None

    @property
    def lsl(self) -> float | None:
        """The lower limit, where values can lie beyond it."""
        return None if "lsl" in self.boundaries else self.specification.lsl

    @property
    def usl(self) -> float | None:
        """The upper limit, where values can lie beyond it."""
        return None if "usl" in self.boundaries else self.specification.usl


def asked_of(
    lsl: float | None, usl: float | None, target: float | None, boundary: str | Sequence[str] | None,
    sigma: str | float | None, distribution: str, confidence: float, limits: Any,
) -> Asked:  # fmt: skip
    """Check the settings of a study.

    Raises
    ------
    SettingsError
        What contradicts itself or is unknown, with what is allowed.
    """
    for name, given in (("lsl", lsl), ("usl", usl), ("target", target)):
        if given is not None and (isinstance(given, bool | str) or not _is_number(given)):
            raise SettingsError(f"{name} must be a number, not {given!r}.")
    specification = Specification(_float(lsl), _float(usl), _float(target))
    if lsl is None and usl is None:
        raise SettingsError("a capability study needs a specification: give lsl, usl or both.")
    level = level_of("confidence", confidence)
    if distribution not in ("auto", *DISTRIBUTIONS):
        raise SettingsError(
            f"distribution {distribution!r} is not known; choose auto (which looks for one) or one of "
            f"{', '.join(DISTRIBUTIONS)}."
        )
    return Asked(
        specification, _boundaries(boundary, specification), _sigma(sigma), distribution, level, limits_of(limits)
    )


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _boundaries(given: str | Sequence[str] | None, specification: Specification) -> frozenset[str]:
    names = frozenset([given] if isinstance(given, str) else given or ())
    for name in names:
        if name not in ("lsl", "usl"):
            raise SettingsError(f"boundary must be lsl or usl, the side that nothing can pass, not {name!r}.")
        if getattr(specification, name) is None:
            raise SettingsError(f"boundary {name} needs the value of {name}.")
    if names == {"lsl", "usl"} or (len(names) == 1 and None in (specification.lsl, specification.usl)):
        raise SettingsError("where every limit is a boundary that nothing can pass there is nothing to judge.")
    return names


def _sigma(given: Any) -> str | float | None:
    if given is None:
        return None
    if isinstance(given, str):
        if given not in (*INDIVIDUAL, *SUBGROUP):
            raise SettingsError(
                f"sigma {given!r} is not known; choose {', '.join(INDIVIDUAL)} for single values, "
                f"{', '.join(SUBGROUP)} for subgroups, or give a known sigma as a number."
            )
        return given
    if isinstance(given, bool) or not _is_number(given) or not SMALLEST < float(given) < LARGEST:
        raise SettingsError(
            f"a known sigma must be a number above zero (from {SMALLEST:g} to {LARGEST:g}), not {given!r}."
        )
    return float(given)
