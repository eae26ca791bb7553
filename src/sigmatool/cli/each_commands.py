"""The command that holds many characteristics, the columns of one table, against their specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import deliver, exclusions_of, held_or_named, number_of, output, read, source, subgroup_of
from .progress import Progress

if TYPE_CHECKING:
    from ..capability.each_result import CapabilityEach


@click.command("capability-each")
@click.argument("data")
@click.option(
    "--specification", required=True, metavar="FILE",
    help="A table with the columns characteristic, lsl, usl, target (an empty cell: no limit), or a .toml file.",
)  # fmt: skip
@click.option("-y", "--value", multiple=True, metavar="COL", help="A characteristic to judge; default all. Repeatable.")
@click.option("-x", "--time", metavar="COL", help="Column that orders the points.")
@click.option("-g", "--subgroup", metavar="COL|INT", help="Column of the subgroup, or its number of rows.")
@source
@click.option("--rollout", metavar="WHEN[=LABEL]", help="One moment that parts before from after.")
@click.option("--stage", metavar="COL", help="Column whose two runs of equal values are before and after.")
@click.option("--sigma", metavar="NAME|NUMBER", help="Estimator of sigma within, or a known sigma.")
@click.option(
    "--distribution", default="auto", show_default=True, metavar="NAME",
    help="normal, lognormal, weibull, ...; auto takes the first reasonable one of each characteristic.",
)  # fmt: skip
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of every interval.")
@click.option(
    "--wanted",
    type=float,
    default=1.33,
    show_default=True,
    help="Ppk that lower ends of intervals are counted against.",
)
@click.option("--limits", metavar="DIR", help="A folder of ledgers of frozen limits, NAME.toml by characteristic.")
@click.option(
    "--exclude", metavar="FILE|POINTS", help="Points left out: 3,17-19, or a table of points and reasons."
)  # fmt: skip
@output
def capability_each(
    data: str, specification: str, value: tuple[str, ...], time: str | None, subgroup: str | None,
    sheet: str | None, query: str | None,
    rollout: str | None, stage: str | None, sigma: str | None, distribution: str, confidence: float, wanted: float,
    limits: str | None, exclude: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Which of many characteristics meet their specifications, and which have improved?"""
    from ..capability.each import capability_each as function

    known = number_of(sigma)
    result = function(
        read(data, sheet, query), specification=held_or_named(specification, "specification"), value=value or None,
        time=time, subgroup=subgroup_of(subgroup), rollout=rollout, stage=stage,
        sigma=sigma if known is None else known, distribution=distribution, confidence=confidence, wanted=wanted,
        limits=limits, exclude=exclusions_of(exclude), title=title,
        progress=None if quiet else Progress("characteristics"),
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, _found(result))


def _found(result: CapabilityEach) -> frozenset[str]:
    """Words for ``--fail-on``: something lies below, is not stable, fell, or could not be judged."""
    words = {"BELOW": result.below, "UNSTABLE": result.unstable, "FELL": result.fell, "REFUSED": result.refused}
    return frozenset(word for word, held in words.items() if held)
