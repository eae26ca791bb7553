"""Which of our processes need attention, and which rollouts worked? Over thousands to millions of streams."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..charts.rules import Rules, as_option
from ..errors import DataError, SettingsError
from ..origin import amount_of
from ..result import Provenance, command_line
from ..review.each import adjusted, caveats_of
from ..review.each_result import Stream
from ..review.each_work import Outcome, refusal
from ..review.request import Request
from ..review.result import Better
from . import caveat_words
from .asked import Asked, rules_of
from .chance import chance_of_signal
from .delivered import Engine, Streams
from .kernel import REASONS, Table, Wanted, stacked
from .measures import attention, capability, ranking, reasons
from .own import Own, own_of, stream_table
from .result import Screen
from .verdicts import Kept, Names
from .words import REFUSED

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
    ``p_stable`` is the smallest of three, times three: that neighbours are as alike, or as unlike (von Neumann 1941),
    that the points rise or fall as much, and that the farthest point is as far out (Grubbs 1969; left out where the
    law itself is heavy-tailed). Harm is never adjusted away.

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
    return _result(asked, settings, found, own, kernel, verdicts, wants, wanted, title, held.name)


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


def _result(
    asked: Asked, settings: Mapping[str, Any], found: Streams, own: Own, kernel: Table,
    outcomes: list[Outcome | None] | None, wants: Wanted, wanted: float, title: str | None, engine: str,
) -> Screen:  # fmt: skip
    judged = None if outcomes is None else _streams(found, outcomes)
    harm = np.array([s is not None and s.harm for s in judged]) if judged else np.zeros(len(found), dtype=bool)
    measured = dict(capability(kernel, "now", own.limits))
    old = capability(kernel, "before", own.limits)
    measured |= {f"before_{name}": np.where(kernel["staged"], value, np.nan) for name, value in old.items()}
    measured |= attention(kernel, measured, wanted)
    order = ranking(kernel, measured, harm)
    names = np.array(found.names, dtype=object)
    columns = _columns(kernel, measured, names, own, asked, _judged_columns(judged))
    ranked = {name: column[order] for name, column in columns.items()}
    fault = kernel["fault"] > 0
    if bool(fault.all()):
        first = int(np.argmax(fault))
        raise DataError(
            f"none of the {len(found):,} streams can be charted; the first, {found.names[first]!r}: "
            f"{REFUSED[REASONS[int(kernel['fault'][first])]]}."
        )
    used = int(kernel["rows"][~fault].sum() - kernel["missing"][~fault].sum())
    missing = int(kernel["missing"][~fault].sum())
    rows = Rows(found.read, used, missing, 0, found.read - used - missing)
    options = {k: v for k, v in settings.items() if (k, v) not in _DEFAULTS}
    return Screen(
        settings=settings,
        rows=rows,
        caveats=(*found.caveats, *_caveats(asked, found, own, kernel, measured, outcomes)),
        provenance=Provenance(
            found.origin.sha256, command_line("screen", found.origin.source, options), found.origin.file_sha256,
            found.origin.source,
        ),
        columns=ranked,
        sketches={name: kernel[name][order] for name in ("sketch", "sketch_n", "sketch_after") if name in kernel},
        rules={r.id: r.words for r in asked.rules},
        chance=_chance(kernel, wants, asked),
        verdicts=None if judged is None else tuple(judged[i] for i in order.tolist()),
        better=None if asked.review is None else asked.review.better,  # type: ignore[arg-type]
        wanted=wanted,
        value=asked.value,
        by=asked.stream,
        clock=found.clock,
        engine=engine,
        title=title or f"Screen of {asked.value} by {asked.stream}",
    )  # fmt: skip


_DEFAULTS = {
    ("kind", "auto"),
    ("rules", "nelson"),
    ("nsigma", 3.0),
    ("wanted", 1.33),
    ("scale", "auto"),
    ("engine", "duckdb"),
}


def _streams(found: Streams, outcomes: list[Outcome | None]) -> list[Stream | None]:
    asked = [(n, o) for n, o in enumerate(outcomes) if o is not None]
    told = adjusted([found.names[n] for n, _ in asked], [o for _, o in asked])
    out: list[Stream | None] = [None] * len(outcomes)
    for (number, _), one in zip(asked, told, strict=True):
        out[number] = one
    return out


def _columns(
    kernel: Table, measured: Mapping[str, NDArray[Any]], names: NDArray[np.object_], own: Own, asked: Asked,
    judged: Mapping[str, NDArray[Any]],
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """The columns of the result, by their public names."""
    fault = kernel["fault"] > 0
    refused = np.array([REFUSED[r] if r else "" for r in reasons(kernel)], dtype=object)
    for number, why in own.refused.items():
        refused[number] = refused[number] or ""
        measured["below"][number] = False
    out: dict[str, NDArray[Any]] = {"stream": names, "kind": np.where(fault, "", kernel["kind"]).astype(object)}
    out |= {name: kernel[name] for name in ("rows", "points", "gaps", "missing", "ties")}
    out["note"] = np.array([own.refused.get(n, "") for n in range(names.size)], dtype=object)
    shown = ("n", "center", "sigma", "sigma_overall", "lower", "upper", "min", "max")
    out |= {name: _blank(kernel[f"now_{name}"], fault) for name in shown}
    out["signals"] = np.where(fault, 0, kernel["signals"])
    for number, rule in enumerate(asked.rules, start=1):
        out[f"signals_{rule.id}"] = np.where(fault, 0, kernel[f"signals_{number}"])
    out["signals_spread"] = np.where(fault, 0, kernel["signals_spread"])
    out |= {name: _blank(kernel[f"now_{name}"], fault) for name in ("stability_index", "drift", "autocorrelation")}
    out |= dict(measured)
    out["lsl"], out["usl"], out["target"] = (_finite(x) for x in (own.limits.lsl, own.limits.usl, own.limits.target))
    if kernel["staged"].any():
        out["staged"] = kernel["staged"] & ~fault
        for name in (*shown[:6], "stability_index", "p"):
            held = _blank(kernel[f"before_{name}"], fault)
            out[f"before_{'p_stable' if name == 'p' else name}"] = (
                np.where(kernel["staged"], held, np.nan) if held.dtype.kind == "f" else held
            )
    else:
        out = {name: column for name, column in out.items() if not name.startswith("before_")}
    out["refused"] = refused
    return out | dict(judged)


def _blank(values: NDArray[Any], fault: NDArray[np.bool_]) -> NDArray[Any]:
    return np.where(fault, np.nan if values.dtype.kind == "f" else 0, values)


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)


def _judged_columns(judged: list[Stream | None] | None) -> dict[str, NDArray[Any]]:
    if judged is None:
        return {}
    rows = [{} if s is None else s.row() for s in judged]

    def numbers(name: str) -> NDArray[np.float64]:
        return np.array([np.nan if r.get(name) is None else float(r[name]) for r in rows])

    def texts(name: str) -> NDArray[np.object_]:
        return np.array([r.get(name) or "" for r in rows], dtype=object)

    out: dict[str, NDArray[Any]] = {"verdict": texts("verdict"), "attribution": texts("attribution")}
    told = {"level_before": "before", "level_after": "after", "change": "change", "change_low": "low", "change_high": "high",
            "p_better": "p", "p_worse": "p_worse", "q_better": "p_adjusted"}  # fmt: skip
    out |= {name: numbers(source) for name, source in told.items()}
    for name in ("claimed", "harm"):
        out[name] = np.array([bool(r.get(name)) for r in rows])
    out["sentence"] = texts("sentence")
    return out


def _chance(kernel: Table, wants: Wanted, asked: Asked) -> float:
    """Streams that would signal, were all steady."""
    usable = kernel["fault"] == 0
    total = np.zeros(usable.size)
    center, size = 0.0, 0.0
    if wants.counts:
        center, size = (float(np.median(kernel[f"now_{n}"][usable])) for n in ("center", "size"))
    values = float(np.median(np.maximum(kernel["now_values"] / np.maximum(kernel["now_n"], 1), 1)[usable]))
    silent = 1 - chance_of_signal(kernel["now_n"], wants, values, center, size)
    silent = silent * np.where(
        kernel["staged"], 1 - chance_of_signal(kernel["before_n"].astype(np.int64), wants, values, center, size), 1.0
    )
    total = np.where(usable, 1 - silent, 0.0)
    return float(total.sum())


def _caveats(
    asked: Asked, found: Streams, own: Own, kernel: Table, measured: Mapping[str, NDArray[Any]],
    outcomes: list[Outcome | None] | None,
) -> list[Caveat]:  # fmt: skip
    told: list[Caveat] = []
    fault = kernel["fault"] > 0
    names = found.names
    if found.nameless:
        told.append(caveat_words.nameless(found.nameless, asked.stream))
    if found.timeless:
        told.append(caveat_words.timeless(found.timeless, asked.time or ""))
    if fault.any():
        first = int(np.argmax(fault))
        told.append(
            caveat_words.refused(
                int(fault.sum()), len(found), names[first], REFUSED[REASONS[int(kernel["fault"][first])]]
            )
        )
    few = int(measured["few"].sum())
    if few:
        told.append(caveat_words.few(few, names[int(np.argmax(measured["few"]))]))
    ties = kernel["ties"]
    if ties.any():
        told.append(caveat_words.ties(int(ties.sum()), int((ties > 0).sum()), names[int(np.argmax(ties > 0))]))
    gaps = int((kernel["gaps"] > 0).sum())
    if gaps:
        told.append(caveat_words.gaps(int(kernel["gaps"].sum()), gaps))
    if own.refused:
        number = min(own.refused)
        told.append(caveat_words.own_refused(len(own.refused), names[number], own.refused[number]))
    if own.unmatched:
        told.append(caveat_words.unmatched(len(own.unmatched), own.unmatched[0]))
    one_sided = own.starts is not None and int(sum(s is not None for s in own.starts)) - int((kernel["staged"]).sum())
    if one_sided:
        told.append(caveat_words.one_sided(int(one_sided)))
    if outcomes is not None:
        asked_of_all = [(n, o) for n, o in enumerate(outcomes) if o is not None]
        told += caveats_of([names[n] for n, _ in asked_of_all], [o for _, o in asked_of_all])
    return told
