"""The command that asks whether there is room to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import deliver, exclusions_of, output, read, source

if TYPE_CHECKING:
    from ..lean.capacity_result import CapacityCheck


@click.command()
@click.argument("data")
@click.option("--arrivals", required=True, metavar="COL", help="Column: how many arrived in each period.")
@click.option("--handling", required=True, metavar="COL", help="Column: their mean handling time.")
@click.option("--staff", required=True, metavar="COL", help="Column: people at work on average, those at projects too.")
@click.option(
    "--unit",
    required=True,
    type=click.Choice(["seconds", "minutes", "hours"]),
    help="Unit of handling times and waits.",
)
@click.option("--hours", required=True, metavar="COL|NUMBER", help="Open hours of a period.")
@click.option("-x", "--time", metavar="COL", help="Column that orders the periods.")
@click.option("--handling-sd", metavar="COL", help="Column: standard deviation of handling times inside a period.")
@source
@click.option(
    "--project",
    metavar="COL|HOURS|N%",
    help="Person-hours that projects take: a column, a number, a share of all hours.",
)
@click.option(
    "--goal", metavar="TEXT", help="A mean wait, such as 30s or 5min, or a service level, such as '80% in 20s'."
)
@click.option(
    "--arrivals-scv", type=float, default=1.0, show_default=True,
    help="Squared coefficient of variation of the times between arrivals inside a period; 1 is chance.",
)  # fmt: skip
@click.option(
    "--allocation", metavar="FILE",
    help="Hours promised: person and group (or team), period, available, operations, and a column for each project.",
)  # fmt: skip
@click.option(
    "--allocation-unit", type=click.Choice(["person", "team"]), default="person", show_default=True,
    help="What its rows are. People are never named, and groups below five enter no number.",
)  # fmt: skip
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of every interval.")
@click.option(
    "--exclude", metavar="FILE|POINTS", help="Periods left out: 3,17-19, or a table of points and reasons."
)  # fmt: skip
@output
def capacity(
    data: str, arrivals: str, handling: str, staff: str, unit: str, hours: str, time: str | None,
    handling_sd: str | None, sheet: str | None, query: str | None, project: str | None, goal: str | None,
    arrivals_scv: float, allocation: str | None, allocation_unit: str, confidence: float, exclude: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Is there room to work: how busy are people, how long does work wait, and what do projects cost?"""
    from ..lean.capacity import capacity_check

    result = capacity_check(
        read(data, sheet, query), arrivals=arrivals, handling=handling, staff=staff, unit=unit, hours=hours, time=time,
        handling_sd=handling_sd, project=project, goal=goal, arrivals_scv=arrivals_scv, allocation=allocation,
        allocation_unit=allocation_unit, confidence=confidence,  # type: ignore[arg-type]
        exclude=exclusions_of(exclude), title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, _found(result))


def _found(result: CapacityCheck) -> frozenset[str]:
    """Words for ``--fail-on``: more work than hours in a period, people promised twice."""
    promised = result.allocation is not None and result.allocation.over_rows > 0
    words = {"OVERLOADED": result.overloaded, "OVERALLOCATED": promised}
    return frozenset(word for word, held in words.items() if held)
