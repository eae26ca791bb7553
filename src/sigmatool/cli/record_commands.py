"""The commands over saved reports: does one still follow from its data, and what do several add up to?"""

from __future__ import annotations

import sys

import click

from .options import deliver, output


@click.command()
@click.argument("report")
@click.option("--data", metavar="FILE|URL", help="Where the data are now; default the path in the report.")
@click.option("--query", metavar="SQL|@FILE", help="Of a database in --data; a server gets none of the report's own.")
@output
def verify(
    report: str, data: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Does this report still follow from its data?

    REPORT is a .json, .html, .md or .xlsx. Ends with 5 where a number, a word or a mark does not come out again.
    """
    from .verifying import verify as function

    result = function(report, data, query=query, title=title)
    deliver(result, out, as_json, quiet, fail_on, frozenset() if result.agrees else frozenset({"DIFFERS"}))
    if not result.agrees:
        sys.exit(5)


@click.command()
@click.argument("reports", nargs=-1, required=True)
@click.option("--at", metavar="DATE", help="Day on which re-reviews are due or not; default today.")
@output
def history(
    reports: tuple[str, ...], at: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """What do reviews over time add up to, and which are due again?

    REPORTS are reviews saved as .json, or folders of them; each metric is a chain of its own.
    """
    import datetime as dt

    from ..history.history import history as function

    result = function(list(reports), at=at or dt.date.today(), title=title)
    held = {"OVERDUE": result.overdue, "SLIPPED": result.slipped, "BROKEN": result.broken}
    deliver(result, out, as_json, quiet, fail_on, frozenset(word for word, number in held.items() if number))
