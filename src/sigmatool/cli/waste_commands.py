"""The commands that tell where the waste is: causes, yields of steps, use of equipment."""

from __future__ import annotations

import click

from .options import F, deliver, held_or_named, number_of, output, read, source


def parted(function: F) -> F:
    """How rows are parted into before and after."""
    for option in (
        click.option("--rollout", metavar="WHEN[=LABEL]", help="Start of the second stage; needs the time (-x)."),
        click.option("--stage", metavar="COL", help="Column of two stages, before and after."),
        click.option("-x", "--time", metavar="COL", help="Column that dates the rows."),
    ):
        function = option(function)
    return function


confidence_of = click.option(
    "--confidence", type=float, default=0.95, show_default=True, help="Of every interval."
)  # fmt: skip


@click.command("pareto")
@click.argument("data")
@click.option("--category", required=True, metavar="COL", help="Column of the cause, the defect, the reason.")
@click.option("--count", metavar="COL", help="Column of counts; default every row is one event.")
@click.option(
    "--cost", metavar="COL|FILE",
    help="Column with the money of each row; or a table (.toml, .csv) from category to the money of one event.",
)  # fmt: skip
@click.option("--exposure", metavar="COL", help="Column with the time, volume or units behind the counts.")
@parted
@click.option("--top", type=int, metavar="N", help="Bars of their own at most, default 10; the others share one.")
@click.option(
    "--least-share", type=float, default=0.0, show_default=True, metavar="SHARE",
    help="Share of the events under which a category has no bar of its own.",
)  # fmt: skip
@confidence_of
@source
@output
def pareto(
    data: str, category: str, count: str | None, cost: str | None, exposure: str | None, time: str | None,
    stage: str | None, rollout: str | None, top: int | None, least_share: float, confidence: float,
    sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Which causes are the vital few, how surely, and did each of them fall?"""
    from ..lean.pareto import pareto as function

    result = function(
        read(data, sheet, query), category=category, count=count, cost=held_or_named(cost, "cost"), exposure=exposure,
        time=time, stage=stage, rollout=rollout, top=top, least_share=least_share, confidence=confidence, title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, frozenset(c.finding.upper() for c in result.changes))


@click.command("yield")
@click.argument("data")
@click.option("--step", required=True, metavar="COL", help="Column of the step.")
@click.option("--units", required=True, metavar="COL", help="Column of the units that went in.")
@click.option("--defects", metavar="COL", help="Column of the defects found; a unit can have several.")
@click.option("--rework", metavar="COL", help="Column of the units that were reworked.")
@click.option("--scrap", metavar="COL", help="Column of the units that were scrapped.")
@click.option("--opportunities", metavar="COL|N", help="Chances for a defect in one unit (DPMO).")
@parted
@click.option(
    "--shift", type=float, default=0.0, show_default=True, help="Shift for the sigma level; 1.5 by convention."
)
@confidence_of
@source
@output
def rolled_yield(
    data: str, step: str, units: str, defects: str | None, rework: str | None, scrap: str | None,
    opportunities: str | None, time: str | None, stage: str | None, rollout: str | None, shift: float,
    confidence: float, sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """How many units pass every step right the first time, and what does rework hide?"""
    from ..lean.yield_study import finding_of
    from ..lean.yields import rolled_yield as function

    chances = number_of(opportunities)
    result = function(
        read(data, sheet, query), step=step, units=units, defects=defects, rework=rework, scrap=scrap,
        opportunities=opportunities if chances is None else chances, time=time, stage=stage, rollout=rollout,
        shift=shift, confidence=confidence, title=title,
    )  # fmt: skip
    found = frozenset() if result.change is None else frozenset({finding_of(result.change.rolled).upper()})
    deliver(result, out, as_json, quiet, fail_on, found)


@click.command("oee")
@click.argument("data")
@click.option("--planned", required=True, metavar="COL", help="Column of the planned production time.")
@click.option(
    "--downtime", required=True, multiple=True, metavar="COL",
    help="Column of the time in which the equipment stood still. Repeatable, one a reason.",
)  # fmt: skip
@click.option("--ideal-cycle", required=True, metavar="COL|N", help="Ideal time of one unit.")
@click.option("--units", required=True, metavar="COL", help="Column of all units made, good and bad.")
@click.option("--bad", metavar="COL", help="Column of the bad units.")
@click.option("--good", metavar="COL", help="Column of the good units, in place of the bad ones.")
@click.option("--demand", metavar="COL", help="Column of the units that customers asked for (takt).")
@parted
@confidence_of
@source
@output
def oee(
    data: str, planned: str, downtime: tuple[str, ...], ideal_cycle: str, units: str, bad: str | None, good: str | None,
    demand: str | None, time: str | None, stage: str | None, rollout: str | None, confidence: float,
    sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """How much of the planned time makes good units, and where does the rest go?"""
    from ..lean.oee import oee as function
    from ..lean.yield_study import finding_of

    cycle = number_of(ideal_cycle)
    result = function(
        read(data, sheet, query), planned=planned, downtime=downtime, ideal_cycle=ideal_cycle if cycle is None else
        cycle, units=units, bad=bad, good=good, demand=demand, time=time, stage=stage, rollout=rollout,
        confidence=confidence, title=title,
    )  # fmt: skip
    found = frozenset() if result.change is None else frozenset({finding_of(result.change["oee"]).upper()})
    deliver(result, out, as_json, quiet, fail_on, found)
