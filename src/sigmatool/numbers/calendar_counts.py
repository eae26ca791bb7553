"""How many events fall into each day, week or month?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Per = Literal["day", "week", "month"]

_DAY = 86_400.0
_MONDAY = 3
"""1970-01-01 was a Thursday."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods of a calendar, one after the other.

    Attributes
    ----------
    per : {"day", "week", "month"}
        Weeks start on Monday.
    edges : (k + 1,) array
        Seconds since 1970-01-01.
    labels : tuple of str
        The first day of each, months without it.
    """

    per: Per
    edges: Floats
    labels: tuple[str, ...]

    def count(self, ordered: Floats) -> Ints:
        """Moments in each period (k,), from moments in order."""
        return np.diff(np.searchsorted(ordered, self.edges, side="left")).astype(np.int64)

    def whole(self, first: float, last: float) -> NDArray[np.bool_]:
        """Periods that lie inside a window (k,)."""
        return (self.edges[:-1] >= first) & (self.edges[1:] <= last)


def calendar(first: float, last: float, per: str = "auto") -> Calendar:
    """The periods from one moment to another, in seconds since 1970-01-01.

    Parameters
    ----------
    first, last : float
    per : {"auto", "day", "week", "month"}
        ``auto``: days up to 62 of them, weeks up to 2 years, then months.

    Examples
    --------
    >>> found = calendar(0.0, 86400.0 * 40, "month")
    >>> found.labels, (found.edges / 86400).tolist()
    (('1970-01', '1970-02'), [0.0, 31.0, 59.0])
    >>> calendar(0.0, 86400.0 * 10, "week").labels
    ('1969-12-29', '1970-01-05')
    """
    days = (last - first) / _DAY
    chosen: Per = "day" if days <= 62 else "week" if days <= 731 else "month"
    if per in ("day", "week", "month"):
        chosen = per  # type: ignore[assignment]
    a, b = (int(np.floor(moment / _DAY)) for moment in (first, last))
    if chosen == "month":
        months = np.arange(*(int(m) for m in (_month(a), _month(b) + 2))).astype("datetime64[M]")
        edges: Floats = months.astype("datetime64[D]").astype(np.float64) * _DAY
        return Calendar(chosen, edges, tuple(str(m) for m in months[:-1]))
    size = 7 if chosen == "week" else 1
    back = (a + _MONDAY) % 7 if chosen == "week" else 0
    starts = np.arange(a - back, b + size + 1, size)
    starts = starts[: int(np.searchsorted(starts, b, side="right")) + 1]
    return Calendar(
        chosen, starts.astype(np.float64) * _DAY, tuple(str(d) for d in starts[:-1].astype("datetime64[D]"))
    )


def _month(day: int) -> int:
    return int(np.datetime64(day, "D").astype("datetime64[M]").astype(np.int64))
