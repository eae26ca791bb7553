"""The commands that hold a process against its requirement, and stages against each other."""

from __future__ import annotations

from functools import partial

import click

from ..origin import amount_of
from . import metric_options as asked
from .options import columns, deliver, exclusions_of, held_or_named, number_of, output, read, subgroup_of


@click.command()
@columns
@asked.lsl
@asked.usl
@click.option("--target", type=float, help="Target; for counts the largest share or rate that is allowed.")
@click.option("--sigma", metavar="NAME|NUMBER", help="Estimator of sigma within, or a known sigma.")
@click.option(
    "--distribution", default="auto", show_default=True, metavar="NAME",
    help="normal, lognormal, weibull, gamma, box-cox, johnson, empirical, ...; auto takes the first reasonable one.",
)  # fmt: skip
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of every interval.")
@click.option("--boundary", type=click.Choice(["lsl", "usl"]), help="A limit that nothing can pass.")
@click.option("--limits", metavar="FILE", help="Frozen limits (.toml, or a chart saved as .json) that judge stability.")
@click.option(
    "--attribute", type=click.Choice(["binomial", "poisson"]),
    help="Counts of defectives or of defects, with size (-n); default: by the data.",
)  # fmt: skip
@click.option("--opportunities", type=float, metavar="N", help="Opportunities for a defect in a unit (DPMO).")
@click.option(
    "--shift", type=float, default=0.0, show_default=True, help="Shift for the sigma level; 1.5 by convention."
)
@click.option(
    "--exclude", metavar="FILE|POINTS", help="Points left out: 3,17-19, or a table of points and reasons."
)  # fmt: skip
@output
def capability(
    data: str, value: str | None, size: str | None, time: str | None, subgroup: str | None, sheet: str | None,
    query: str | None, lsl: float | None, usl: float | None, target: float | None, sigma: str | None,
    distribution: str, confidence: float, boundary: str | None, limits: str | None, attribute: str | None,
    opportunities: float | None, shift: float, exclude: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Does it meet the specification, and how sure are we?"""
    from ..capability.capability import capability as function

    known = number_of(sigma)
    result = function(  # type: ignore[misc]
        read(data, sheet, query), value=value, size=size, time=time, subgroup=subgroup_of(subgroup), lsl=lsl, usl=usl,  # type: ignore[arg-type]
        target=target, sigma=sigma if known is None else known, distribution=distribution, confidence=confidence,
        boundary=boundary, limits=held_or_named(limits, "limits"), attribute=attribute,  # type: ignore[arg-type]
        opportunities=opportunities, shift=shift,  # type: ignore[arg-type]
        exclude=exclusions_of(exclude), title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, _found(result.stable))


def _found(stable: bool | None) -> frozenset[str]:
    return frozenset({True: (), False: ("UNSTABLE",), None: ("INSUFFICIENT",)}[stable])


@click.command()
@partial(columns, subgroups=False)
@click.option("--coverage", type=float, default=0.95, show_default=True, help="Share of the values the limits hold.")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="How surely they hold it.")
@click.option(
    "--sides", type=click.Choice(["2", "1", "lower", "upper"]), default="2", show_default=True,
    help="2: between both limits; lower, upper: one limit; 1: both, each alone.",
)  # fmt: skip
@click.option(
    "--method", default="auto", show_default=True, metavar="NAME",
    help="normal, howe or nonparametric; for counts (-n) binomial or poisson.",
)  # fmt: skip
@click.option("--next-size", type=float, metavar="N", help="Counts: inspected in the next sample.")
@click.option(
    "--exclude", metavar="FILE|POINTS", help="Points left out: 3,17-19, or a table of points and reasons."
)  # fmt: skip
@output
def tolerance(
    data: str, value: str | None, size: str | None, time: str | None, sheet: str | None, query: str | None,
    coverage: float, confidence: float, sides: str, method: str, next_size: float | None, exclude: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Between which limits will nearly all values to come lie?"""
    from ..capability.tolerance import tolerance_interval

    result = tolerance_interval(
        read(data, sheet, query), value=value, size=size, time=time, coverage=coverage, confidence=confidence,
        sides=sides, method=method, next_size=next_size, exclude=exclusions_of(exclude), title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, frozenset())


@click.command()
@columns
@click.option("--rollout", multiple=True, metavar="WHEN[=LABEL]", help="Start of a new stage. Repeatable.")
@click.option("--stage", metavar="COL", help="Column whose runs of equal values are stages.")
@click.option("--group", metavar="COL", help="Column of groups that need no order, such as machines or sites.")
@click.option("--paired", metavar="COL", help="Column whose equal values make a pair, one row in each of two.")
@asked.scale
@click.option(
    "--worthwhile", metavar="NUMBER|N%", help="Smallest difference worth having: equivalence is held against it."
)
@click.option("--better", type=click.Choice(["lower", "higher", "target"]), help="Which way it improves.")
@asked.lsl
@asked.usl
@asked.target
@click.option(
    "--limits", metavar="FILE", help="Frozen limits (.toml, or a chart saved as .json) to hold each stage against."
)
@click.option(
    "--exclude", metavar="FILE|POINTS", help="Points left out: 3,17-19, or a table of points and reasons."
)  # fmt: skip
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of every interval.")
@output
def compare(
    data: str, value: str | None, size: str | None, time: str | None, subgroup: str | None, sheet: str | None,
    query: str | None, rollout: tuple[str, ...], stage: str | None, group: str | None, paired: str | None, scale: str,
    worthwhile: str | None, better: str | None, lsl: float | None, usl: float | None, target: float | None,
    limits: str | None, exclude: str | None, confidence: float,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """What differs between stages or groups, by how much, and how surely?"""
    from ..comparison.compare import compare as function

    result = function(
        read(data, sheet, query), value=value, size=size, time=time, subgroup=subgroup_of(subgroup), stage=stage,
        rollout=list(rollout) or None, group=group, paired=paired, scale=scale,  # type: ignore[arg-type]
        worthwhile=amount_of(worthwhile), better=better, lsl=lsl, usl=usl, target=target,  # type: ignore[arg-type]
        limits=limits, exclude=exclusions_of(exclude), confidence=confidence, title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, result.words)
