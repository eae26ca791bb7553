"""How many points, how many weeks, before a review can answer? And the plan on file, before the rollout."""

from __future__ import annotations

import click

from . import metric_options as asked
from .options import columns, deliver, exclusions_of, output, read, subgroup_of


@click.command()
@columns
@click.option(
    "--better", required=True, type=click.Choice(["lower", "higher", "target"]), help="Which way it improves."
)
@click.option(
    "--worthwhile",
    required=True,
    metavar="NUMBER|N%",
    help="Smallest change worth having, in the metric's unit or in percent.",
)
@click.option("--rollout", metavar="WHEN[=LABEL]", help="The planned moment; default the next point.")
@click.option("--effect", multiple=True, metavar="NUMBER|N%", help="A further change to plan for. Repeatable.")
@click.option("--power", type=float, default=0.8, show_default=True, help="Wanted share of reviews that answer.")
@click.option("--review-points", type=int, metavar="N", help="Points after the rollout at the planned review.")
@asked.scale
@click.option(
    "--washout",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Points after the rollout that will not be judged.",
)
@asked.season
@asked.merge
@asked.control
@asked.control_size
@asked.guard
@asked.lsl
@asked.usl
@asked.target
@click.option(
    "--triggered-by-bad-results",
    is_flag=True,
    help="The rollout is started because results are bad: the worst stretch before it is not counted with.",
)
@click.option("--looks", metavar="N,N,...|any", help="Planned looks, in points after the rollout; or any.")
@click.option("--exclude", metavar="FILE|POINTS", help="Points left out: 3,17-19, or a table of points and reasons.")
@click.option("--chart", default="auto", show_default=True, metavar="KIND", help="Chart that is kept afterwards.")
@click.option("--rules", default="nelson", show_default=True, metavar="SET|FILE", help="Its rules.")
@click.option("--register", metavar="FILE", help="Register the plan in a new .toml file, before the rollout.")
@click.option("--by", metavar="NAME", help="Who registers it; required with --register.")
@output
def plan(
    data: str, value: str | None, size: str | None, time: str | None, subgroup: str | None, sheet: str | None,
    query: str | None,
    better: str, worthwhile: str, rollout: str | None, effect: tuple[str, ...], power: float, review_points: int | None,
    scale: str, washout: int, season: str | None, merge: str, control: tuple[str, ...], control_size: tuple[str, ...],
    guards: tuple[str, ...], lsl: float | None, usl: float | None, target: float | None, triggered_by_bad_results: bool,
    looks: str | None, exclude: str | None, chart: str, rules: str, register: str | None, by: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """How many points, how many weeks, before a review can answer?"""
    from ..plans.plan import plan as function
    from ..plans.register import register_plan
    from ..plans.words import registered

    result = function(
        read(data, sheet, query), better=better, worthwhile=worthwhile, value=value, size=size, time=time,  # type: ignore[arg-type]
        subgroup=subgroup_of(subgroup), scale=scale, rollout=rollout, effect=effect, power=power,  # type: ignore[arg-type]
        review_points=review_points, washout=washout, season=season, merge=merge, control=control,
        control_size=control_size, guards=guards, lsl=lsl, usl=usl, target=target,
        triggered_by_bad_results=triggered_by_bad_results, looks=looks, exclude=exclusions_of(exclude), chart=chart,
        rules=rules, title=title,
    )  # fmt: skip
    if register is not None:
        held = register_plan(result, register, by=by or "")
        if not quiet:
            click.echo(registered(register, held), err=True)
    deliver(result, out, as_json, quiet, fail_on, frozenset({result.code}))
