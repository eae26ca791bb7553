"""The command that screens thousands of streams."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import SettingsError
from ..origin import amount_of
from . import metric_options as asked
from .options import REPORTS, TABLE, TAKEN, columns, deliver, held_or_named, number_of, output, subgroup_of
from .progress import Progress

if TYPE_CHECKING:
    from ..screening.result import Screen


@click.command()
@columns
@click.option("--stream", required=True, metavar="COL", help="Column that names the stream of each row.")
@click.option("--rollout", metavar="WHEN[=LABEL]|COL", help="The moment for all streams, or a column of their own.")
@click.option(
    "--better", type=click.Choice(["lower", "higher", "target"]),
    help="Which way it improves: asks for the verdict of each stream with a rollout.",
)  # fmt: skip
@click.option("--lsl", metavar="NUMBER|COL", help="Lower specification limit, for all or a column.")
@click.option("--usl", metavar="NUMBER|COL", help="Upper specification limit, for all or a column.")
@click.option("--target", metavar="NUMBER|COL", help="Target, for all or a column.")
@click.option("--streams", metavar="FILE", help="A table of streams with lsl, usl, target, rollout: each one's own.")
@click.option(
    "--kind", default="auto", show_default=True, metavar="NAME",
    help="i-mr, xbar-r, xbar-s, p, u, laney-p or laney-u; auto chooses for each stream.",
)  # fmt: skip
@click.option("--rules", default="nelson", show_default=True, metavar="SET", help="Rule sets, ids, numbers or a file.")
@click.option("--nsigma", type=float, default=3.0, show_default=True, help="Distance of the limits in sigma.")
@click.option("--wanted", type=float, default=1.33, show_default=True, help="The Ppk that a process should have.")
@asked.scale
@asked.worthwhile
@asked.season
@click.option(
    "--washout", type=click.IntRange(min=0), default=0, show_default=True,
    help="Points after each rollout that are not judged.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True, help="What sorts."
)
@click.option("--master", metavar="URL", help="Of Spark: local[2], spark://host:7077 ...")
@click.option("--memory-limit", metavar="AMOUNT", help="Such as 1GB; more is spilled to disk. Default half the memory.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes and threads; default all cores.")
@click.option(
    "--resume", metavar="DIR",
    help="Where finished verdicts are kept until the end, so that an interrupted run goes on; default the folder of "
    "the first report.",
)  # fmt: skip
@click.option("--drill", metavar="STREAM", help="The full chart of one stream, or its review.")
@click.option(
    "--table", "tables", multiple=True, metavar="FILE", help="Write every stream to a .csv or .parquet. Repeatable."
)
@output
def screen(
    data: str, value: str | None, size: str | None, time: str | None, subgroup: str | None, sheet: str | None,
    query: str | None, stream: str, rollout: str | None, better: str | None, lsl: str | None, usl: str | None,
    target: str | None, streams: str | None, kind: str, rules: str, nsigma: float, wanted: float, scale: str,
    worthwhile: str | None, season: str | None, washout: int, engine: str, master: str | None,
    memory_limit: str | None, workers: int | None, resume: str | None, drill: str | None, tables: tuple[str, ...],
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Which of thousands of streams need attention, and which rollouts worked?"""
    if value is None:
        raise SettingsError("name the column with the values: value (-y).")
    source, query = _source(data, sheet, query)
    settings: dict[str, Any] = {
        "stream": stream, "value": value, "time": time, "size": size, "subgroup": subgroup_of(subgroup),
        "rollout": rollout, "better": better, "lsl": _limit(lsl), "usl": _limit(usl), "target": _limit(target),
        "streams": held_or_named(streams, "streams"), "kind": kind, "rules": rules, "nsigma": nsigma, "scale": scale,
        "worthwhile": amount_of(worthwhile), "season": season, "washout": washout, "query": query, "title": title,
    }  # fmt: skip
    if drill is not None:
        from ..screening.drill import drill as one

        deliver(one(source, drill, **settings), out, as_json, quiet, fail_on, frozenset())
        return
    from ..screening.screen import screen as function

    told = _Told(quiet)
    result = function(
        source, wanted=wanted, engine=engine, master=master, memory_limit=memory_limit, workers=workers,  # type: ignore[arg-type]
        resume=_kept_in(resume, out), progress=told, **settings,
    )  # fmt: skip
    for name in tables:
        saved = result.write_table(name)
        if not quiet:
            click.echo(f"wrote {saved}", err=True)
    deliver(result, out, as_json, quiet, fail_on, _found(result))


def _source(data: str, sheet: str | None, query: str | None) -> tuple[Any, str | None]:
    """What is screened: the table of a command that is run again, a sheet of a workbook, or what DATA names."""
    given = click.get_current_context().meta.get(TABLE)
    if given is not None:
        return given, None
    if sheet is not None:
        from ..sources import read_table

        return read_table(data, sheet=sheet, query=query), None
    return data, query


def _limit(text: str | None) -> float | str | None:
    known = number_of(text)
    return text if known is None else known


def _kept_in(resume: str | None, out: tuple[str, ...]) -> Path | None:
    """Where finished verdicts are kept; nowhere when a report is only held against its data."""
    if TAKEN in click.get_current_context().meta:
        return None
    if resume is not None:
        return Path(resume)
    first = Path(out[0]) if out else REPORTS / "screen"
    return REPORTS if first.parent == Path() else first.parent


class _Told:
    """How far a screen has come: rows first, streams then."""

    def __init__(self, quiet: bool) -> None:
        self._quiet, self._by = quiet, dict[str, Progress]()

    def __call__(self, what: str, done: int, total: int) -> None:
        if not self._quiet:
            self._by.setdefault(what, Progress(what))(done, total)


def _found(result: Screen) -> frozenset[str]:
    """Words for ``--fail-on``."""
    words = {
        "UNSTABLE": result.unstable, "BELOW": result.below, "WORSE": result.harmed, "REFUSED": result.refused,
    }  # fmt: skip
    return frozenset(word for word, many in words.items() if many)
