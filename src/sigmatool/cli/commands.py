"""The commands. A command is its function: options are parameters, defaults are defaults."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from ..origin import amount_of
from . import metric_options as asked
from .beside_options import beside
from .chart_options import chart_of, charting
from .options import columns, deliver, exclusions_of, held_or_named, output, read, setting, subgroup_of


@click.command()
@columns
@output
def inspect(
    data: str, value: str | None, size: str | None, time: str | None, subgroup: str | None, sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """What is in this table, and which chart suits it?"""
    from ..inspection import inspect as function

    result = function(read(data, sheet, query), value=value, size=size, time=time, subgroup=subgroup_of(subgroup))
    deliver(result, out, as_json, quiet, fail_on, frozenset({"FINDINGS"} if result.findings else ()))


@click.command()
@partial(columns, several=True)
@charting
@click.option("--limits", metavar="FILE", help="Frozen limits: a ledger (.toml), or a chart saved as .json.")
@output
def chart(
    data: str, value: tuple[str, ...], size: str | None, time: str | None, subgroup: str | None, sheet: str | None, query: str | None,
    kind: str, stage: str | None, rollout: tuple[str, ...], sigma: str | None, center: float | None, nsigma: float,
    rules: str, baseline: str | None, exclude: str | None, part: str | None, nominal: str | None, events: str | None,
    limits: str | None, out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Is the process steady?"""
    result = chart_of(
        data, sheet, query, kind=kind, value=value, size=size, time=time, subgroup=subgroup, stage=stage, rollout=rollout,
        sigma=sigma, center=center, nsigma=nsigma, rules=rules, baseline=baseline, exclude=exclude, part=part,
        nominal=nominal, events=events, limits=limits, title=title,
    )  # fmt: skip
    deliver(
        result, out, as_json, quiet, fail_on, frozenset() if result.in_control else frozenset({"SIGNALS", "SIGNAL"})
    )


@click.command()
@columns
@click.option(
    "--rollout", multiple=True, metavar="WHEN[=LABEL]",
    help="When the change went live (required, here or in a plan). Repeatable: each is judged against the stage before it.",
)  # fmt: skip
@click.option(
    "--better",
    type=click.Choice(["lower", "higher", "target"]),
    help="Which way it improves (required, here or in a plan).",
)
@asked.scale
@click.option(
    "--washout",
    type=click.IntRange(min=0),
    help="Points after the rollout that are drawn, not judged; default 0.",
)
@asked.worthwhile
@asked.season
@asked.merge
@asked.control
@asked.control_size
@asked.guard
@click.option(
    "--metric", "metrics", multiple=True, metavar="COL[/SIZE]:better[:worthwhile]",
    help="A secondary metric; claims are adjusted for their number, harm is not. Repeatable.",
)  # fmt: skip
@asked.lsl
@asked.usl
@asked.target
@click.option(
    "--triggered-by-bad-results",
    is_flag=True,
    help="The rollout was started because results were bad: the worst stretch before it is not judged.",
)
@click.option(
    "--looks", metavar="N,N,...|any",
    help="Planned looks, in points after the rollout; or any, for looks nobody planned.",
)  # fmt: skip
@click.option(
    "--limits", metavar="FILE", help="Frozen limits for the second chart: a ledger (.toml), or a chart saved as .json."
)
@click.option(
    "--exclude", metavar="FILE|POINTS", help="Points left out of the judgement: 3,17-19, or a table of points and reasons."
)  # fmt: skip
@click.option(
    "--control-plan", metavar="FILE", help="The control plan that the monitor runs, printed in the hand-over."
)
@click.option(
    "--pack", metavar="DIR", help="Write what operations take over: report, control plan, frozen limits, exit criteria."
)
@click.option("--by", default="", metavar="NAME", help="Who makes the pack; named in the ledger of limits.")
@beside
@click.option(
    "--plan", metavar="FILE", help="A registered plan: settings left out here come from it; departures are told."
)
@output
def review(
    data: str, value: str | None, size: str | None, time: str | None, subgroup: str | None, sheet: str | None, query: str | None,
    rollout: tuple[str, ...], better: str | None, scale: str, washout: int | None, worthwhile: str | None, season: str | None,
    merge: str, control: tuple[str, ...], control_size: tuple[str, ...], guards: tuple[str, ...], metrics: tuple[str, ...],
    lsl: float | None, usl: float | None, target: float | None, triggered_by_bad_results: bool, looks: str | None,
    limits: str | None, exclude: str | None, gauge: str | None, gauge_changed: bool, adoption: str | None,
    adoption_size: str | None, adoption_by: str | None, money: float | None, currency: str | None, per: str | None,
    volume: float | None, project_cost: float | None, plan: str | None, control_plan: str | None, pack: str | None, by: str,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Did the rollout improve and stabilise operations?"""
    from ..review.review import review as function

    result = function(
        read(data, sheet, query), rollout=rollout, better=better, value=value, size=size, time=time,  # type: ignore[arg-type]
        subgroup=subgroup_of(subgroup), scale=scale, washout=washout, worthwhile=amount_of(worthwhile), season=season,  # type: ignore[arg-type]
        merge=merge, control=control, control_size=control_size, guards=guards, metrics=metrics, lsl=lsl, usl=usl, target=target,
        triggered_by_bad_results=triggered_by_bad_results, looks=looks, limits=limits, exclude=exclusions_of(exclude),
        gauge=held_or_named(gauge, "gauge"), gauge_changed=gauge_changed, adoption=adoption, adoption_size=adoption_size,
        adoption_by=adoption_by, money=money, currency=currency, per=per, volume=volume, project_cost=project_cost,  # type: ignore[arg-type]
        plan=plan, control_plan=control_plan, title=title,
    )  # fmt: skip
    if pack is not None:
        from ..review.pack import write_pack

        for path in write_pack(result, pack, by=by):
            click.echo(f"wrote {path}", err=True)
    found = {result.verdict, *GROUPS.get(result.verdict, ())}
    deliver(result, out, as_json, quiet, fail_on, frozenset(found))


@click.command("review-each")
@columns
@click.option("--by", required=True, metavar="COL", help="Column that names the stream of each row.")
@click.option(
    "--rollout", required=True, metavar="WHEN|COL", help="When the change went live, or a column of each stream's own."
)
@click.option(
    "--better", required=True, type=click.Choice(["lower", "higher", "target"]), help="Which way it improves."
)
@asked.scale
@click.option(
    "--washout", type=click.IntRange(min=0), default=0, show_default=True, help="Points after the rollout not judged."
)
@asked.worthwhile
@asked.season
@asked.control
@asked.control_size
@asked.target
@click.option("--exclude", metavar="FILE|POINTS", help="Points of every stream left out of the judgement: 3,17-19.")
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes; default all cores, for many streams."
)
@output
def review_each(
    data: str, value: str | None, size: str | None, time: str | None, subgroup: str | None, sheet: str | None, query: str | None,
    by: str, rollout: str, better: str, scale: str, washout: int, worthwhile: str | None, season: str | None,
    control: tuple[str, ...], control_size: tuple[str, ...], target: float | None, exclude: str | None, workers: int | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Where did the rollout help? One review a stream of a long table."""
    from ..review.each import review_each as function
    from .progress import Progress

    result = function(
        read(data, sheet, query), by=by, rollout=rollout, better=better, value=value, size=size, time=time,  # type: ignore[arg-type]
        subgroup=subgroup_of(subgroup), scale=scale, washout=washout, worthwhile=amount_of(worthwhile), season=season,  # type: ignore[arg-type]
        control=control, control_size=control_size, target=target, exclude=exclusions_of(exclude), title=title,
        workers=workers, progress=None if quiet else Progress("streams"),
    )  # fmt: skip
    found = {word for verdict in result.counts for word in (verdict, *GROUPS.get(verdict, ()))}
    deliver(result, out, as_json, quiet, fail_on, frozenset(found))


@click.command("review-waves")
@partial(columns, subgroups=False)
@click.option("--site", required=True, metavar="COL", help="Column that names the site of each row.")
@click.option(
    "--rollout", required=True, multiple=True, metavar="COL|WHEN=SITE[,SITE]",
    help="Column of each site's own go-live (empty: never), or a go-live with its sites. Repeatable.",
)  # fmt: skip
@click.option("--better", required=True, type=click.Choice(["lower", "higher"]), help="Which way it improves.")
@click.option("--adoption", metavar="COL", help="Column of the share that works in the new way, 0 to 1 or 0 to 100.")
@asked.scale
@click.option(
    "--washout", type=click.IntRange(min=0), default=0, show_default=True,
    help="Periods after each site's go-live that are not judged.",
)  # fmt: skip
@asked.worthwhile
@output
def review_waves(
    data: str, value: str | None, size: str | None, time: str | None, sheet: str | None, query: str | None, site: str,
    rollout: tuple[str, ...], better: str, adoption: str | None, scale: str, washout: int, worthwhile: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Did a rollout help that reached its sites at different dates?"""
    from ..review.waves import review_waves as function

    result = function(
        read(data, sheet, query), site=site, rollout=rollout, better=better, value=value, size=size, time=time,  # type: ignore[arg-type]
        adoption=adoption, scale=scale, washout=washout, worthwhile=amount_of(worthwhile), title=title,  # type: ignore[arg-type]
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, frozenset({result.verdict, *GROUPS.get(result.verdict, ())}))


GROUPS = {
    "DETERIORATED": ("WORSE",),
    "DESTABILISED": ("WORSE",),
    "INSUFFICIENT_DATA": ("INSUFFICIENT",),
}
"""Words of ``--fail-on`` that stand for several verdicts."""


@click.group()
def datasets() -> None:
    """The example data: list, show, export."""


@datasets.command("list")
def list_() -> None:
    """Name the data sets."""
    from ..datasets import card, names

    for name in names():
        click.echo(f"{name:<16} {card(name).splitlines()[0].partition(': ')[2]}")


@datasets.command()
@click.argument("name")
def show(name: str) -> None:
    """Print the card of a data set."""
    from ..datasets import card

    click.echo(card(name), nl=False)


@datasets.command()
@click.argument("name")
@click.argument("folder", default=".")
def export(name: str, folder: str) -> None:
    """Copy a data set and its card to FOLDER."""
    from ..datasets import path
    from ..render.writers import write_whole

    for source in (path(name), path(name).with_suffix(".md")):
        click.echo(f"wrote {write_whole(Path(folder) / source.name, source.read_bytes())}", err=True)


@click.command()
@click.option("--area", "areas", multiple=True, metavar="NAME", help="Cases of this area alone. Repeatable.")
@click.option("--folder", metavar="DIR", help="A folder of further cases, one AREA.json an area.")
@click.option(
    "-o", "--out", multiple=True, metavar="FILE", help="Write the result; the suffix is the format. Repeatable."
)
@setting
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def selftest(areas: tuple[str, ...], folder: str | None, out: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Do the reference cases come out on this installation? Ends with 1 when one fails."""
    from ..selftest.selftest import selftest as function

    result = function(areas or None, folder)
    deliver(result, out, as_json, quiet, "failed", frozenset() if result.passed else frozenset({"FAILED"}))
