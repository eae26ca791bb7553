"""The rows of a stream against frozen limits: the chart that ``control_chart`` would draw of the same points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..axis import Axis
from ..charts.catalogue import COUNT_KINDS, PROPORTION_KINDS, make
from ..charts.control_chart import control_chart
from ..charts.result import ControlChart
from ..control_plan.fields import Characteristic, DataSource
from ..designs import design_of
from ..errors import DataError
from ..ledger import Entry
from ..timeline import parse_times
from . import monitor_words as words
from .store import Known

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """A chart of everything that is known, and the row (``seq``) that stands for each of its points."""

    chart: ControlChart
    seq: Ints


@dataclass(frozen=True, slots=True)
class Method:
    """How a characteristic is judged: its limits, its rules, and what its kind takes."""

    entry: Entry
    rules: str
    counts: bool
    sized: bool
    proportion: bool


def method_of(watched: Characteristic, entry: Entry, folder: Path) -> Method:
    """The method that the limits and the plan ask for."""
    name, design = design_of(entry.kind)
    takes = make(name, design, ()).takes
    rules = watched.rules or ",".join(entry.rules) or "none"
    if rules.endswith(".toml"):
        rules = str(folder / rules)
    counts = takes == "counts" or name in COUNT_KINDS
    return Method(entry, rules, counts, counts and name != "c", name in PROPORTION_KINDS)


def judged(rows: Known, watched: Characteristic, method: Method) -> Judged | None:
    """Everything that is known, in order, against the limits; None before there are two points, as of any chart."""
    import pandas as pd

    present = np.isfinite(rows.value)
    if int(present.sum() if rows.group is None else len(set(rows.group[present]))) < 2:
        return None
    data = watched.data
    here = rows.part(_order(rows))
    frame = pd.DataFrame({data.value: here.value})
    if method.sized:
        frame[data.size] = here.size
    if here.group is not None:
        frame[data.subgroup] = here.group
    frame.attrs["sigmatool"] = {"source": data.source}
    chart = control_chart(
        frame, value=data.value, size=data.size if method.sized else None, subgroup=data.subgroup or None,
        rules=method.rules, limits=limits_of_entry(method.entry), title=f"{watched.name}: new points on frozen limits",
    )  # fmt: skip
    first = points_of(rows)
    axis = _axis(rows, first, data.time or data.subgroup or "point")
    return Judged(replace(chart, axis=axis, metric=watched.name), first.astype(np.int64))


def limits_of_entry(entry: Entry) -> dict[str, Any]:
    """Limits as a chart takes them."""
    return {"center": entry.center, "sigma": entry.sigma, "nsigma": entry.nsigma, "kind": entry.kind}


def _order(rows: Known) -> Ints:
    return np.arange(rows.n) if np.isnan(rows.x).all() else np.argsort(rows.x, kind="stable")


def points_of(rows: Known) -> Ints:
    """The row (``seq``) that stands for each point, in order: the first one of a subgroup."""
    import pandas as pd

    order = _order(rows)
    return order if rows.group is None else order[~pd.Series(rows.group[order]).duplicated().to_numpy()]


def _axis(rows: Known, first: Ints, name: str) -> Axis:
    x = rows.x[first]
    labels = tuple(rows.label[first].tolist())
    if np.isnan(x).any():
        return Axis(name, "order", labels, np.arange(1.0, first.size + 1), np.arange(first.size), "point")
    is_time = parse_times(labels[:1]) is not None and not labels[0].isdigit()
    return Axis(name, "time" if is_time else "number", labels, x, np.arange(first.size), "point")


def before(rows: Known, kind: str, data: DataSource, entry: Entry) -> Bools:
    """Rows that are not judged: before the time that the plan names, or up to the last point of the limits.

    Numbers of rows are not held against the limits: a new file begins at 1.

    Raises
    ------
    DataError
        A time that the stream cannot be held against.
    """
    nobody = np.zeros(rows.n, dtype=bool)
    since = data.since
    ordered = not np.isnan(rows.x).any() and (since or data.time or data.subgroup)
    place = _place(since or entry.last, kind) if ordered else None
    if place is None:
        if since:
            raise DataError(words.no_since(since))
        return nobody
    return rows.x < place if since else rows.x <= place


def _place(label: str, kind: str) -> float | None:
    if kind == "time":
        times = parse_times([label])
        return None if times is None else float(times.days[0])
    try:
        return float(label)
    except ValueError:
        return None
