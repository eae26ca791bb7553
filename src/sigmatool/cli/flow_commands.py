"""The command over start and end stamps: how does work flow?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import deliver, output, read, source

if TYPE_CHECKING:
    from ..lean.flow_result import FlowResult


@click.command()
@click.argument("data")
@click.option("--start", required=True, metavar="COL", help="Column of the moment at which an item starts.")
@click.option("--end", required=True, metavar="COL", help="Column of the moment at which it ends; empty: still open.")
@click.option("--item", metavar="COL", help="Column with the name of each item.")
@click.option("--touch", metavar="COL", help="Column with the time worked on each item, for flow efficiency.")
@click.option(
    "--touch-unit", type=click.Choice(["seconds", "minutes", "hours", "days"]), default="hours", show_default=True,
    help="Of touch time.",
)  # fmt: skip
@click.option("--as-of", metavar="WHEN", help="When the table was drawn; default its last stamp.")
@click.option("--since", metavar="WHEN", help="The table holds only what was open then or started later.")
@click.option(
    "--per", type=click.Choice(["auto", "day", "week", "month"]), default="auto", show_default=True,
    help="Period of throughput.",
)  # fmt: skip
@click.option("--rollout", metavar="WHEN[=LABEL]", help="Compare before and after.")
@click.option(
    "--by", type=click.Choice(["start", "exposure"]), default="start", show_default=True,
    help="An item belongs to the side on which it started, or its time is split at the rollout.",
)  # fmt: skip
@click.option("--demand", type=float, metavar="N", help="Items wanted in a period, for takt.")
@click.option("--available", metavar="TIME", help="Working time in a period, such as 450min or 7.5h.")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of every interval.")
@source
@output
def flow(
    data: str, start: str, end: str, item: str | None, touch: str | None, touch_unit: str, as_of: str | None,
    since: str | None, per: str, rollout: str | None, by: str, demand: float | None, available: str | None,
    confidence: float, sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """How long do items take, how many pass, and which have been open too long?

    In the list of --fail-on: BAD_STAMPS, OLD (an open item is older than the 85th percentile).
    """
    from ..lean.flow import flow as function

    result = function(
        read(data, sheet, query), start=start, end=end, item=item, touch=touch, touch_unit=touch_unit, as_of=as_of,
        since=since, per=per, rollout=rollout, by=by, demand=demand, available=available, confidence=confidence,
        title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, _found(result))


def _found(result: FlowResult) -> frozenset[str]:
    old = next(count for share, _, count in result.study.ageing.older if share == 0.85)
    words = {"BAD_STAMPS": result.bad, "OLD": old}
    return frozenset(word for word, held in words.items() if held)
