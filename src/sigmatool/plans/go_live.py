"""Where does the planned rollout stand beside the points, and when will so many points after it be there?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..axis import Axis
from ..errors import DataError, SettingsError
from ..ordering import split_rollout
from ..pace import date_after
from ..timeline import parse_times
from .least import least

MOST_TO_COME = 10_000
"""Points between the last one and a rollout beyond which no plan is made."""


LAST_YEAR = 2200
"""Times are held in nanoseconds, which end soon after."""


@dataclass(frozen=True)
class GoLive:
    """The planned rollout.

    Attributes
    ----------
    axis : Axis
        Of the points before it alone: no other tells the pace.
    moment : str
        As it was given; "" where none was, the next point is then the first after it.
    to_come : int
        Points that the pace of the data puts between the last one and the rollout.
    seen_after : int
        Points at or after it that are there already.
    """

    axis: Axis
    moment: str
    to_come: int
    seen_after: int

    @property
    def stop(self) -> int:
        """Points before the rollout."""
        return int(self.axis.x.size)

    def date(self, points: int) -> str:
        """When that many points after the rollout are there; "" where the data hold no dates."""
        return date_after(self.axis, 0, self.to_come + points)


def go_live(axis: Axis, rollout: str | None) -> GoLive:
    """Place the rollout; it may lie beyond the last point.

    Examples
    --------
    >>> from sigmatool.axis import in_order
    >>> found = go_live(in_order("point", [str(i) for i in range(1, 25)]), "31")
    >>> found.stop, found.to_come, found.seen_after
    (24, 6, 0)
    """
    if rollout is None:
        return GoLive(axis, "", 0, 0)
    moment, _ = split_rollout(rollout)
    at = _place(axis, moment)
    start = int(np.searchsorted(axis.x, at))
    if start < 2:
        raise DataError(
            f"the rollout {moment!r} leaves {start} point{'' if start == 1 else 's'} before it: the data run from "
            f"{axis.labels[0]} to {axis.labels[-1]}, and a plan is made from the points before the rollout."
        )
    seen = axis.x.size - start
    before = axis if not seen else replace(axis, labels=tuple(axis.labels[i] for i in range(start)),
                                           x=axis.x[:start], positions=axis.positions[:start])  # fmt: skip
    return GoLive(before, moment, 0 if seen else _to_come(axis, at, moment), seen)


def _place(axis: Axis, moment: str) -> float:
    """The rollout on the axis."""
    if axis.kind == "time":
        if moment[:4].isdecimal() and len(moment) > 4 and moment[4] == "-" and int(moment[:4]) > LAST_YEAR:
            raise _too_far(axis, moment)
        times = parse_times([moment])
        if times is None:
            raise DataError(
                f"the rollout {moment!r} is not a date, but column {axis.name!r} holds dates such as {axis.labels[0]}."
            )
        return float(times.days[0])
    if axis.kind == "order" and moment in axis.labels and not moment.isdigit():
        return float(axis.x[list(axis.labels).index(moment)])
    try:
        at = float(moment)
    except ValueError:
        at = np.nan
    if not np.isfinite(at):
        what = "a point number" if axis.kind == "order" else f"a number like those of column {axis.name!r}"
        raise DataError(
            f"the rollout {moment!r} must be {what}: the data run from {axis.labels[0]} to {axis.labels[-1]}."
        )
    return at


def _to_come(axis: Axis, at: float, moment: str) -> int:
    """Points after the last one and before the rollout: the first that would not be, less one."""
    if axis.kind == "order":
        more = int(np.ceil(at)) - axis.x.size - 1
        if more > MOST_TO_COME:
            raise _too_far(axis, moment)
        return more
    found = least(lambda more: _reached(axis, more, at, moment), 0, MOST_TO_COME + 1)
    if found is None:
        raise _too_far(axis, moment)
    return found - 1


def _reached(axis: Axis, more: int, at: float, moment: str) -> bool:
    """Whether the point that many after the last lies at or beyond the rollout."""
    label = date_after(axis, 0, more)
    if not label:
        raise _too_far(axis, moment)
    times = parse_times([label]) if axis.kind == "time" else None
    where = float(times.days[0]) if times is not None else float(label)
    return where >= at - 1e-9


def _too_far(axis: Axis, moment: str) -> SettingsError:
    return SettingsError(
        f"the rollout {moment!r} lies too far beyond the last point ({axis.labels[-1]}) to be planned for at the pace "
        "of the data; check it, or leave rollout out."
    )
