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
