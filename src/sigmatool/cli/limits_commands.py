"""The ledger of frozen limits: freeze, show, verify."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from .chart_options import chart_of, charting
from .options import columns


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
def freeze(
    data: str, sheet: str | None, query: str | None, ledger: str, by: str, reason: str, of: str | None,
    approved_by: tuple[str, ...], force: bool, **asked: Any,
) -> None:  # fmt: skip
    """Freeze the limits of a stage into a ledger.

    An unstable stage is refused: its limits would not hold.
    """
    from ..limits.freeze import freeze_limits
    from ..limits.ledger_words import entry_line

    chart = chart_of(data, sheet, query, **asked)
    entry = freeze_limits(chart, ledger, by=by, reason=reason, of=of, approved_by=approved_by, force=force)
    click.echo(entry_line(entry))


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
