"""When will so many more points be there, at the pace of the data?"""

from __future__ import annotations

import math

import numpy as np

from .axis import Axis

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LONGEST = 100 * 365.25


def date_after(axis: Axis, first: int, more: int) -> str:
    """The label of the place ``more`` points after the last, at the pace of the points from ``first`` on.

    Examples
    --------
    >>> from sigmatool.axis import Axis
    >>> days = np.array(["2026-01", "2026-02", "2026-03"], dtype="datetime64[D]").astype(float)
    >>> date_after(Axis("month", "time", ("2026-01", "2026-02", "2026-03"), days, np.arange(3), "month"), 0, 4)
    '2026-07'
    """
    if axis.x.size - first < 2:
        return ""
    if axis.kind == "number" and axis.step != "point":
        pace = (axis.x[-1] - axis.x[first]) / (axis.x.size - 1 - first)
        return f"{axis.x[-1] + pace * more:.10g}"
    if axis.kind != "time":
        return ""
    last = np.datetime64(math.floor(axis.x[-1]), "D")
    size, _, step = axis.step.rpartition(" ") if axis.step[:1].isdigit() else ("1", "", axis.step)
    # a block of merged periods, or gaps in the calendar, take more than one step a point
    steps = int(size) * (axis.positions[-1] - axis.positions[first]) / (axis.x.size - 1 - first) * more
    if step in ("month", "quarter", "year"):
        months = math.ceil(steps - 1e-9) * _MONTHS[step]
        if months > _LONGEST / 30:
            return ""
        day = (last - last.astype("datetime64[M]")).astype(int)
        whole = str((last.astype("datetime64[M]") + months).astype("datetime64[D]") + day)
        return whole[:7] if len(axis.labels[-1]) == 7 else whole
    if step == "working day" and steps < _LONGEST:
        return str(np.busday_offset(last, math.ceil(steps - 1e-9), roll="forward"))
    days = (axis.x[-1] - axis.x[first]) / (axis.x.size - 1 - first) * more
    if days > _LONGEST:
        return ""
    return str(last + math.ceil(axis.x[-1] - math.floor(axis.x[-1]) + days - 1e-9))
