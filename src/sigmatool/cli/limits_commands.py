"""The ledger of frozen limits: freeze, show, verify, diff, advise."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from .chart_options import chart_of, charting
from .options import columns, deliver, exclusions_of, output, read, subgroup_of


@click.group()
def limits() -> None:
    """Who froze which limits, when, why, and from which points?"""


@limits.command()
@partial(columns, several=True)
@charting
@click.option("--title", metavar="TEXT", help="Title of the chart.")
@click.option("--ledger", required=True, metavar="FILE", help="The ledger, a .toml file; begun where there is none.")
@click.option("--by", required=True, metavar="NAME", help="Who freezes the limits.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--of", metavar="STAGE", help="Name of the stage; default the last.")
@click.option("--approved-by", multiple=True, metavar="NAME", help="Who else agreed. Repeatable.")
@click.option("--force", is_flag=True, help="Freeze a stage that is not shown stable; the entry says so.")
@click.option(
    "--guarantee", type=float, metavar="CHANCE",
    help="Widen the limits so that with this chance, such as 0.9, false alarms stay as rare as --arl says.",
)  # fmt: skip
@click.option("--arl", type=float, default=370.4, show_default=True, help="Points between false alarms, guaranteed.")
def freeze(
    data: str, sheet: str | None, query: str | None, ledger: str, by: str, reason: str, of: str | None,
    approved_by: tuple[str, ...], force: bool, guarantee: float | None, arl: float, **asked: Any,
) -> None:  # fmt: skip
    """Freeze the limits of a stage into a ledger.

    An unstable stage is refused: its limits would not hold.
    """
    from ..limits.basis import dependence
    from ..limits.freeze import freeze_limits
    from ..limits.guarantee import guaranteed
    from ..limits.guarantee_words import price_lines
    from ..limits.ledger_words import entry_line

    chart = chart_of(data, sheet, query, **asked)
    entry = freeze_limits(
        chart, ledger, by=by, reason=reason, of=of, approved_by=approved_by, force=force, guarantee=guarantee, arl=arl
    )
    click.echo(entry_line(entry))
    if guarantee is not None:
        alike = dependence(entry.autocorrelation, entry.points)
        for line in price_lines(guaranteed(chart, guarantee, arl, of=of), alike):
            click.echo(f"   {line}")


@limits.command()
@click.argument("ledger")
@click.option("--json", "as_json", is_flag=True, help="The entries as JSON.")
def show(ledger: str, as_json: bool) -> None:
    """The entries of a ledger, the last one last."""
    from ..ledger import SCHEMA, read_ledger
    from ..limits.ledger_words import entry_line, entry_record

    entries = read_ledger(ledger)
    if as_json:
        told = {"schema": SCHEMA, "entries": [entry.told() for entry in entries]}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for entry in entries:
        click.echo(entry_line(entry))
        for line in entry_record(entry):
            click.echo(f"   {line}")


@limits.command()
@click.argument("ledger")
def verify(ledger: str) -> None:
    """Is the past of a ledger as it was written? Exit code 5 where it is not."""
    from ..ledger import faults, read_ledger
    from ..limits.ledger_words import intact

    entries = read_ledger(ledger)
    found = faults(entries)
    for told in found:
        click.echo(told)
    if found:
        sys.exit(5)
    click.echo(intact(Path(ledger).name, len(entries)))


@limits.command()
@click.argument("ledger")
@click.option("--from", "before", type=int, metavar="N", help="Number of the older entry; default the one before.")
@click.option("--to", "after", type=int, metavar="N", help="Number of the newer entry; default the last.")
@output
def diff(
    ledger: str, before: int | None, after: int | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """What moved between two entries of a ledger?"""
    from ..limits.diff import diff_limits

    result = diff_limits(ledger, before, after, title=title)
    deliver(result, out, as_json, quiet, fail_on, frozenset())


@limits.command()
@columns
@click.option("--ledger", required=True, metavar="FILE", help="The ledger; its last entry is in force.")
@click.option("--since", metavar="WHEN", help="The first new point; default the one after the last of the entry.")
@click.option("--cause", metavar="TEXT", help="What changed the process, if somebody knows.")
@click.option("--wanted", type=click.Choice(["yes", "no"]), help="Whether the change is wanted.")
@click.option("--by", metavar="NAME", help="Who says so.")
@click.option(
    "--exclude", metavar="FILE|POINTS", help="Points left out: 3,17-19, or a table of points and reasons."
)  # fmt: skip
@output
def advise(
    data: str, value: str | None, size: str | None, time: str | None, subgroup: str | None, sheet: str | None,
    query: str | None,
    ledger: str, since: str | None, cause: str | None, wanted: str | None, by: str | None, exclude: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Should the limits be recalculated? Keep, recalculate, wait, or answer first; nothing is written."""
    from ..limits.advise import advise_limits

    result = advise_limits(
        read(data, sheet, query), ledger, value=value, size=size, time=time, subgroup=subgroup_of(subgroup),
        since=since,
        cause=cause, wanted=wanted, by=by, exclude=exclusions_of(exclude), title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, frozenset({result.advice.upper().replace(" ", "_")}))
