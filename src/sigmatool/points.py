"""Points that have been through the door: measurements, counts, several variables; and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .axis import Axis, Stage
from .caveats import Caveat, Rows
from .columns import LARGEST
from .errors import SettingsError
from .ordering import Order

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Points:
    name: str
    axis: Axis
    stages: tuple[Stage, ...]
    excluded: Bools
    rows: Rows
    caveats: tuple[Caveat, ...]
    sha256: str
    source: str
    file_sha256: str | None
    order: Order

    @property
    def n(self) -> int:
        return len(self.axis.labels)


@dataclass(frozen=True)
class Measurements(Points):
    """Values, (n points, m within a subgroup) padded with NaN; m is 1 for individuals."""

    values: Floats
    grouped: bool

    def only(self, kept: Bools) -> Measurements:
        """The same points with all but ``kept``, (n,), excluded, and the account of their rows."""
        excluded = self.excluded | ~kept
        used = int(np.isfinite(self.values[~excluded]).sum())
        rows = replace(self.rows, used=used, excluded=self.rows.excluded + self.rows.used - used)
        return replace(self, excluded=excluded, rows=rows)


@dataclass(frozen=True)
class Vectors(Points):
    """p variables at each point, (n points, m within a subgroup, p) padded with NaN."""

    values: Floats
    names: tuple[str, ...]


@dataclass(frozen=True)
class Counts(Points):
    """Counts of events with the number inspected or the exposure, (n,) each."""

    count: Floats
    size: Floats
    size_name: str | None


@dataclass(frozen=True, slots=True)
class Specification:
    """What the customer asks for: lower and upper limit, target."""

    lsl: float | None = None
    usl: float | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        for name in ("lsl", "usl", "target"):
            limit = getattr(self, name)
            if limit is not None and not np.isfinite(limit):
                raise SettingsError(f"{name} must be a finite number, not {limit}.")
            if limit is not None and abs(limit) > LARGEST:
                raise SettingsError(
                    f"{name} is {limit:g}, too large to be squared and added up: leave out a limit that nothing can "
                    "pass, or take a larger unit."
                )
        if self.lsl is not None and self.lsl == self.usl:
            raise SettingsError(
                f"lsl and usl are both {self.lsl:g}: a specification needs a width. Give the tolerance as two limits, "
                "or, where only one side matters, that limit alone."
            )
        if self.lsl is not None and self.usl is not None and self.lsl > self.usl:
            raise SettingsError(f"lsl ({self.lsl:g}) must lie below usl ({self.usl:g}); are they swapped?")
