"""Which of our processes need attention, and which rollouts worked? Over thousands to millions of streams."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..charts.rules import Rules, as_option
from ..errors import DataError, SettingsError
from ..origin import amount_of
from ..review.each_work import Outcome, refusal
from ..review.request import Request
from ..review.result import Better
from .asked import Asked, rules_of
from .assembled import assembled
from .delivered import Engine, Streams
from .kernel import REASONS, Table, Wanted, stacked
from .own import Own, own_of, stream_table
from .result import Screen
from .verdicts import Kept, Names

Progress = Callable[[str, int, int], None]
"""``progress(what, done, total)``: rows sorted and measured, then streams reviewed."""

SKETCH = 80
"""Values of a small drawing."""

_SKETCHED = 2_000_000
"""Values kept of all small drawings together."""


def screen(
    source: Any,
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
    wanted: float = 1.33,
    worthwhile: float | str | None = None,
    washout: int = 0,
    season: int | str | None = None,
    scale: str = "auto",
    query: str | None = None,
    engine: Literal["duckdb", "spark"] = "duckdb",
    master: str | None = None,
    memory_limit: str | None = None,
    workers: int | None = None,
    resume: str | Path | None = None,
    title: str | None = None,
    progress: Progress | None = None,
) -> Screen:
    """Chart every stream of a long table, judge its rollout, and rank all by need of attention.

    Parameters
    ----------
    source : path, URL, DataFrame, Arrow table or Spark frame
        One row a value of a stream. Parquet (a file, a folder, a pattern such as ``data/*.parquet``; partitions in the
        names of folders are columns), CSV, a workbook, a DuckDB file or another database with ``query``.
    stream : str
        Column that names the stream of each row, of any type.
    value, time, size, subgroup : str
        As in a chart. ``time`` orders the rows of a stream (default: as they stand); rows with equal times stand in
        the order of their values, as no table keeps another one, and are counted as ``ties``.
    rollout : str or number, optional
        The moment for all streams, or a column that holds each stream's own.
    better : {"lower", "higher", "target"}, optional
        Which way the value improves: asks for the whole verdict of every stream that has a rollout.
    lsl, usl, target : float or str, optional
        One specification for all, or columns that hold each stream's own.
    streams : path or DataFrame, optional
        A second table with the stream's column and any of lsl, usl, target, rollout: each stream's own, which go before
        those for all.
    kind : {"auto", "i-mr", "xbar-r", "xbar-s", "p", "u", "laney-p", "laney-u"}
        ``auto`` chooses for each stream as a single chart would.
    rules, nsigma : as in a chart
    wanted : float
        The Ppk that a process should have; 1.33 is the usual one.
    worthwhile, washout, season, scale : as in a review
    query : str, optional
        Of a database.
    engine : {"duckdb", "spark"}
        A Spark frame takes its own session.
    master : str, optional
        Of a Spark that is started for this: ``local[2]``, ``spark://host:7077``.
    memory_limit : str, optional
        Such as ``"1GB"``: more is spilled to disk. Default: half of the machine's memory.
    workers : int, optional
        Processes of the verdicts, and threads of the sort. Default: the cores there are.
    resume : path, optional
        Folder where finished verdicts are kept until the end; an interrupted run of the same data and settings goes on.
    title : str, optional
    progress : callable, optional
        ``progress(what, done, total)``.

    Returns
    -------
    Screen
        Every stream, ranked. One that cannot be charted is a row with its reason.

    Raises
    ------
    DataError
        The source or a column is missing, or no stream can be charted.
    SettingsError
        Contradicting or unknown settings.

    Notes
    -----
    The numbers of a stream are those of its single chart (:func:`sigmatool.control_chart`) and its verdict that of its
    single review. Among many streams some look unsteady by luck: ``q_stable`` is ``p_stable`` adjusted over all
    streams (Benjamini and Hochberg 1995), and the streams called not stable are at most 5 % false on average.
    ``p_stable`` is the smallest of these, times their number: that neighbours are as alike, or as unlike (von Neumann
    1941); that the points rise or fall as much; and, for plain counts and means of subgroups, whose law is known, that
    the farthest point is as far out. A spike of single values is a signal, and no evidence here: no law tells it from a
    heavy tail. Harm is never adjusted away.

    Examples
    --------
    >>> import numpy as np, pandas as pd, sigmatool as st
    >>> rng = np.random.default_rng(1)
    >>> table = pd.DataFrame({"line": np.repeat(["A", "B", "C"], 60), "day": np.tile(np.arange(60), 3)})
    >>> table["fill"] = rng.normal(500, 1, 180) + 4 * ((table.line == "B") & (table.day > 30))
    >>> found = st.screen(table, stream="line", value="fill", time="day", lsl=490, usl=510)
    >>> found.columns["stream"].tolist(), found.unstable
    (['B', 'C', 'A'], 1)
    """
    asked = asked_of(
        stream, value, time, size, subgroup, kind, rules, nsigma, lsl, usl, target, rollout,
        better, worthwhile, washout, season, scale,
    )  # fmt: skip
    table = None if streams is None else stream_table(streams, stream)
    settings = {
        "stream": stream, "value": value, "time": time, "size": size, "subgroup": subgroup,
        "rollout": None if rollout is None else str(rollout), "better": better, "lsl": lsl, "usl": usl,
        "target": target, "streams": None if table is None else table.told, "kind": kind,
        "rules": as_option(rules), "nsigma": nsigma, "wanted": wanted, "worthwhile": amount_of(worthwhile),
        "washout": washout, "season": season, "scale": scale, "engine": engine, "master": master, "title": title,
    }  # fmt: skip
    with engine_of(source, asked, query, engine, master, memory_limit, workers) as held:
        found = held.streams()
        own = own_of({n: getattr(asked, n) for n in ("lsl", "usl", "target", "rollout")}, found, table)
        wants = wanted_of(asked, found, own)
        kernel = _measured(held, found, wants, progress)
        verdicts: list[Outcome | None] | None = None
        if asked.review is not None:
            if own.starts is None:
                raise SettingsError(
                    "better asks for verdicts, which need a rollout: give rollout, for all or as a column, or leave "
                    "better out."
                )
            seal = hashlib.sha256(json.dumps([found.origin.sha256, settings], default=str).encode()).hexdigest()
            kept = None if resume is None else Kept(resume, seal)
            verdicts = _verdicts(held, found, own, asked, kernel, kept, workers, progress)
    return assembled(asked, settings, found, own, kernel, verdicts, wants, wanted, title, held.name)


def asked_of(
    stream: str, value: str, time: str | None, size: str | None, subgroup: str | int | None, kind: str, rules: Rules,
    nsigma: float, lsl: float | str | None, usl: float | str | None, target: float | str | None,
    rollout: str | int | float | None, better: Better | None, worthwhile: float | str | None, washout: int,
    season: int | str | None, scale: str,
) -> Asked:  # fmt: skip
    """The settings, refused where they contradict each other."""
    for name, column in (("stream", stream), ("value", value)):
        if not isinstance(column, str) or not column:
            raise SettingsError(f"name the column of the {name}s: {name}.")
    review = None
    if better is not None:
        review = Request(
            value=value, size=size, time=time, subgroup=subgroup, scale=scale, rollouts=(), better=better,
            washout=washout, worthwhile=worthwhile, season=season, merge="auto", control=None, control_size=None,
            target=target if isinstance(target, float | int) else None, exclude=None,
        )  # fmt: skip
    elif any(x not in (None, 0, "auto") for x in (worthwhile, washout, season, scale)):
        raise SettingsError("worthwhile, washout, season and scale belong to verdicts: say which way is better too.")
    return Asked(
        stream, value, time, size, subgroup, kind, rules_of(rules), nsigma, lsl, usl, target,
        None if rollout is None else str(rollout), review,
    )  # fmt: skip


def engine_of(
    source: Any, asked: Asked, query: str | None, engine: str, master: str | None, memory_limit: str | None,
    workers: int | None,
) -> Engine:  # fmt: skip
    """DuckDB, or Spark: by name, or because the source is a frame of a Spark session."""
    if engine not in ("duckdb", "spark"):
        raise SettingsError(f"engine must be duckdb or spark, not {engine!r}.")
    if engine == "spark" or type(source).__module__.startswith("pyspark."):
        from .spark import SparkEngine

        if memory_limit is not None:
            raise SettingsError("memory_limit is for the engine duckdb; Spark's memory is set by its own settings.")
        return SparkEngine(source, asked, query, master)
    if master is not None:
        raise SettingsError("master goes with the engine spark: add engine = spark, or leave master out.")
    from .duck import DuckEngine

    return DuckEngine(source, asked, query, memory_limit, workers)


def wanted_of(asked: Asked, found: Streams, own: Own) -> Wanted:
    """What the kernel is asked of every stream."""
    room = _SKETCHED // max(len(found), 1) // 2 * 2
    rollout = own.rollout
    if rollout is not None:
        rollout = np.where(np.isnan(rollout), np.inf, rollout)
    return Wanted(
        kind=asked.kind, counts=asked.size is not None, patterns=tuple(r.pattern for r in asked.rules),
        nsigma=asked.nsigma, rollout=rollout, by_place=found.clock.unit == "place",
        width=asked.subgroup if isinstance(asked.subgroup, int) else 0, sketch=min(SKETCH, room) if room >= 8 else 0,
    )  # fmt: skip


def _measured(held: Engine, found: Streams, wanted: Wanted, progress: Progress | None) -> Table:
    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress("rows", done, total)

    table = stacked(list(held.screened(wanted, tell)))
    if not table:
        raise DataError("no row has a time; name another time column.")
    return _by_number(table, len(found))


def _by_number(table: Table, many: int) -> Table:
    """In the order of the streams' numbers; a stream whose rows all lack a time is a fault of its own."""
    number = table["stream"]
    if number.size == many and bool(np.all(number == np.arange(many))):
        return table
    out: Table = {}
    for name, held in table.items():
        empty = np.nan if held.dtype.kind == "f" else "" if held.dtype == object else 0
        whole = np.full((many, *held.shape[1:]), empty, dtype=held.dtype)
        whole[number] = held
        out[name] = whole
    out["stream"] = np.arange(many)
    absent = np.ones(many, dtype=bool)
    absent[number] = False
    out["fault"][absent] = REASONS.index("few")
    return out


def _verdicts(
    held: Engine, found: Streams, own: Own, asked: Asked, kernel: Table, kept: Kept | None, workers: int | None,
    progress: Progress | None,
) -> list[Outcome | None]:  # fmt: skip
    assert own.starts is not None
    assert asked.review is not None
    outcomes: list[Outcome | None] = [None] * len(found)
    starts = {}
    for number, start in enumerate(own.starts):
        if number in own.refused:
            outcomes[number] = refusal(int(found.rows[number]), own.refused[number] + ".")
        elif start is not None:
            starts[number] = start
    done = {} if kept is None else {n: o for n, o in kept.read().items() if n in starts}
    for number, outcome in done.items():
        outcomes[number] = outcome
    chosen = np.zeros(len(found), dtype=bool)
    chosen[[number for number in starts if number not in done]] = True
    total = int(chosen.sum())

    def tell(count: int, _: int) -> None:
        if progress is not None:
            progress("streams", len(done) + count, len(done) + total)

    names = Names(asked.value, asked.size, asked.time, asked.subgroup)
    if total:
        try:
            for number, outcome in held.judged(chosen, starts, asked.review, names, found.clock, total, workers, tell):
                outcomes[number] = outcome
                if kept is not None:
                    kept.add(number, outcome)
        finally:
            if kept is not None:
                kept.close()
    if kept is not None:
        kept.done()
    return outcomes
