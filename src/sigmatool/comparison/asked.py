"""What a comparison was asked: its settings by their public names, refused where they contradict each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np

from ..data import Exclude, Specification, size_or_column
from ..errors import SettingsError

ScaleName = Literal["continuous", "duration", "proportion", "rate"]

SCALES = ("auto", "continuous", "duration", "proportion", "rate")

LEAST_CONFIDENCE, MOST_CONFIDENCE = 0.6, 0.9999
"""Outside these an interval says nothing, or next to everything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The settings of a comparison, by their public names."""

    value: str | None
    size: str | None
    time: str | None
    subgroup: str | int | None
    stage: str | None
    rollout: tuple[Any, ...]
    group: str | None
    paired: str | None
    scale: str
    worthwhile: float | str | None
    better: str | None
    specification: Specification
    exclude: Exclude
    confidence: float

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise SettingsError(f"scale must be {', '.join(SCALES[:-1])} or {SCALES[-1]}, not {self.scale!r}.")
        if self.better not in (None, "lower", "higher", "target"):
            raise SettingsError(f"better must be lower, higher or target, not {self.better!r}.")
        if self.better == "target" and self.specification.target is None:
            raise SettingsError("better = target needs the target itself: give target, for example --target 500.")
        self._check_who()
        self._check_counts()

    def _check_who(self) -> None:
        """Exactly one of stage, rollout and group says who is compared."""
        given = [name for name in ("stage", "rollout", "group") if getattr(self, name)]
        if not given:
            raise SettingsError(
                "say who is compared: rollout (a moment), stage (a column whose runs are stages) or group (a column "
                "of names)."
            )
        if len(given) > 1:
            raise SettingsError(f"give {' or '.join(given)}, not {len(given)} of them: each says who is compared.")

    def _check_counts(self) -> None:
        if self.scale == "proportion" and self.size is None:
            raise SettingsError("scale = proportion needs size: the column with the number inspected.")
        if self.size is not None and self.scale in ("continuous", "duration"):
            raise SettingsError(f"scale = {self.scale} takes no size; leave it out, or compare a proportion or a rate.")
        if not self.counted:
            return
        if self.value is None:
            raise SettingsError("name the column with the count of events: value (-y).")
        for name in ("subgroup", "paired"):
            if getattr(self, name) is not None:
                raise SettingsError(f"{name} goes with measurements, not with counts of events: leave it out.")
        limits = [name for name in ("lsl", "usl", "target") if getattr(self.specification, name) is not None]
        if limits:
            raise SettingsError(f"{limits[0]} is for measurements; counts of events have no specification here.")

    @property
    def counted(self) -> bool:
        """Events are counted, not measured."""
        return self.size is not None or self.scale == "rate"

    @property
    def scale_name(self) -> ScaleName:
        """The scale in force."""
        if self.counted:
            return "rate" if self.scale == "rate" else "proportion"
        return "duration" if self.scale == "duration" else "continuous"


def asked(
    *, confidence: Any, rollout: Any, worthwhile: Any, subgroup: Any, specification: Specification, **columns: Any
) -> Asked:
    """The settings as plain values, checked once."""
    return Asked(
        confidence=_confidence(confidence),
        rollout=_moments(rollout),
        worthwhile=None if worthwhile is None else worthwhile_given(worthwhile),
        subgroup=size_or_column(subgroup),
        specification=specification,
        **columns,
    )


def _confidence(given: Any) -> float:
    number = isinstance(given, Real) and not isinstance(given, bool | np.bool_)
    if not number or not LEAST_CONFIDENCE <= float(given) <= MOST_CONFIDENCE:
        raise SettingsError(
            f"confidence must be a share from {LEAST_CONFIDENCE:g} to {MOST_CONFIDENCE:g} such as 0.95, not {given!r}."
        )
    return float(given)


def _moments(given: Any) -> tuple[Any, ...]:
    if given is None or (isinstance(given, str) and not given):
        return ()
    return tuple(given) if isinstance(given, Sequence | np.ndarray) and not isinstance(given, str) else (given,)


def worthwhile_given(given: Any) -> float | str:
    """A smallest worthwhile effect: a number above zero, or a share such as ``10%``, checked.

    Examples
    --------
    >>> worthwhile_given("10%"), worthwhile_given("2.5")
    ('10%', 2.5)
    """
    text = str(given).strip()
    try:
        size = float(text.removesuffix("%"))
    except ValueError:
        size = math.nan
    if isinstance(given, bool | np.bool_) or not math.isfinite(size) or size <= 0:
        raise SettingsError(
            f"worthwhile {given!r} must be a number above zero in the metric's own unit, or a share like 10%."
        )
    return text if text.endswith("%") else size


def worthwhile_size(given: float | str, level: float) -> float:
    """The smallest worthwhile effect in the metric's own unit; a share is one of ``level``."""
    if not isinstance(given, str):
        return given
    size = abs(level) * float(given.removesuffix("%")) / 100
    if not size > 0:
        raise SettingsError(f"worthwhile {given!r} of a level of {level:g} is nothing; give a number in its own unit.")
    return size
