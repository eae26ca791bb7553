"""One stream of a screen in full: its chart, or its review."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..charts.control_chart import control_chart
from ..charts.result import ControlChart
from ..charts.rules import Rules
from ..errors import DataError
from ..numbers.ragged import Segments
from ..result import command_line
from ..review.result import Better, Review
from ..review.review import review
from . import kernel
from .moments import Clock
from .own import own_of, stream_table
from .screen import asked_of, engine_of
from .verdicts import Names, frame_of


def drill(
    source: Any,
    at: str,
    *,
    stream: str,
    value: str,
    time: str | None = None,
    size: str | None = None,
    subgroup: str | int | None = None,
    rollout: str | int | float | None = None,
    better: Better | None = None,
    lsl: float | str | None = None,
    usl: float | str | None = None,
    target: float | str | None = None,
    streams: Any = None,
    kind: str = "auto",
    rules: Rules = "nelson",
    nsigma: float = 3.0,
    worthwhile: float | str | None = None,
    washout: int = 0,
    season: int | str | None = None,
    scale: str = "auto",
    query: str | None = None,
    title: str | None = None,
) -> ControlChart | Review:
    """Chart or review one stream of a long table, with the settings of its screen.

    Parameters
    ----------
    source, stream, value, ... : as in :func:`sigmatool.screen`
    at : str
        The name of the stream.

    Returns
    -------
    Review
        Where ``better`` and the stream has a rollout.
    ControlChart
        Otherwise; with a stage for each side of its rollout.

    Raises
    ------
    DataError
        There is no such stream; near names are offered.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> table = pd.DataFrame({"line": np.repeat(["A", "B"], 30), "fill": np.random.default_rng(1).normal(500, 1, 60)})
    >>> drill(table, "B", stream="line", value="fill").kind
    'i-mr'
    """
    asked = asked_of(
        stream, value, time, size, subgroup, kind, rules, nsigma, lsl, usl, target, rollout,
        better, worthwhile, washout, season, scale,
    )  # fmt: skip
    table = None if streams is None else stream_table(streams, stream)
    with engine_of(source, asked, query, "duckdb", None, None, None) as held:
        found = held.streams()
        if at not in found.names:
            near = difflib.get_close_matches(at, found.names, n=3)
            hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {len(found):,} others."
            raise DataError(f"there is no stream {at!r} in column {stream!r}; {hint}")
        number = found.names.index(at)
        own = own_of({n: getattr(asked, n) for n in ("lsl", "usl", "target", "rollout")}, found, table)
        chosen = np.zeros(len(found), dtype=bool)
        chosen[number] = True
        rows = kernel.Rows.joined(list(held.ordered(chosen)))
    rows, _ = kernel.settled(rows, Segments.of_keys(rows.stream), rows.group is not None)
    frame = frame_of(rows, Names(value, size, time, subgroup), found.clock)
    start = None if own.starts is None else own.starts[number]
    when = None if start is None else f"{start.when}={start.label}"
    given = {
        "stream": stream, "value": value, "time": time, "size": size, "subgroup": subgroup,
        "rollout": None if rollout is None else str(rollout), "better": better, "lsl": lsl, "usl": usl,
        "target": target, "streams": None if table is None else table.told, "kind": None if kind == "auto" else kind,
        "rules": None if rules == "nelson" else rules, "nsigma": None if nsigma == 3.0 else nsigma,
        "worthwhile": worthwhile, "washout": washout, "season": season, "scale": None if scale == "auto" else scale,
        "title": title, "drill": at,
    }  # fmt: skip
    named = title or f"{value} of {stream} {at}"
    limits = {name: _finite(getattr(own.limits, name)[number]) for name in ("lsl", "usl", "target")}
    result: ControlChart | Review
    if asked.review is not None and when is not None:
        result = review(
            frame, rollout=when, better=asked.review.better, value=value, size=size, time=time, subgroup=subgroup,  # type: ignore[arg-type]
            scale=scale, washout=washout, worthwhile=worthwhile, season=season, title=named, **limits,  # type: ignore[arg-type]
        )  # fmt: skip
    else:
        inside = _inside(when, frame, time, found.clock)
        result = control_chart(
            frame, kind, value=value, size=size, time=time, subgroup=subgroup, rollout=inside, rules=rules,
            nsigma=nsigma, title=named,
        )  # fmt: skip
    return _recorded(result, given, found.origin.source, found.origin.file_sha256)


def _recorded(
    result: ControlChart | Review, given: Mapping[str, Any], source: str, file_sha256: str | None
) -> ControlChart | Review:  # fmt: skip
    """The result with the command of the screen that drills down to it."""
    command = command_line("screen", source, given)
    told = replace(result.provenance, command=command, source=source, file_sha256=file_sha256)
    return replace(result, provenance=told)


def _inside(when: str | None, frame: Any, time: str | None, clock: Clock) -> str | None:
    """The rollout, where it has points on both sides."""
    if when is None:
        return None
    moment = clock.moment(when)[0]
    if clock.unit == "place":
        return when if 1 < moment <= len(frame) else None
    places = frame[time].to_numpy()
    if clock.dated:
        places = places.astype("datetime64[us]").astype(np.int64)
        moment = moment if clock.unit == "microseconds" else moment * 86_400_000_000
    return when if bool(np.any(places < moment)) and bool(np.any(places >= moment)) else None


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
