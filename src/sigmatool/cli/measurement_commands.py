"""The commands of measurement studies other than gage R&R."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from .options import deliver, exclusions_of, number_of, output, read, source, subgroup_of

F = TypeVar("F", bound=Callable[..., Any])


def _confidence(function: F) -> F:
    return click.option("--confidence", type=float, default=0.95, show_default=True, help="Of every interval.")(
        function
    )


def _process(function: F) -> F:
    told = "Process variation (6 standard deviations) or tolerance, to hold it against."
    return click.option("--process", type=float, metavar="NUMBER", help=told)(function)


@click.command()
@click.argument("data")
@click.option("-y", "--value", metavar="COL", help="Column of the readings of one master, in order.")
@click.option("--reference", type=float, required=True, metavar="NUMBER", help="True value of the master.")
@click.option("--tolerance", type=float, metavar="NUMBER", help="Width of the specification, USL minus LSL.")
@click.option("--lsl", type=float, metavar="NUMBER", help="Lower limit, in place of the width.")
@click.option("--usl", type=float, metavar="NUMBER", help="Upper limit, in place of the width.")
@click.option(
    "--convention", default="minitab", show_default=True, metavar="NAME|SHARE/SD",
    help="minitab and bosch: 20 % of the tolerance over 6 standard deviations; vda: over 4; or e.g. 0.15/6.",
)  # fmt: skip
@click.option("--resolution", type=float, metavar="NUMBER", help="Step of the gage; default the smallest one seen.")
@_confidence
@source
@output
def type1(
    data: str, value: str | None, reference: float, tolerance: float | None, lsl: float | None, usl: float | None,
    convention: str, resolution: float | None, confidence: float, sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Does a gage repeat well enough, and true enough, on one master? (Cg, Cgk)

    In the list of --fail-on: the codes of caveats, e.g. RESOLUTION, DEPENDENT.
    """
    from ..msa.type1 import type1_gage

    result = type1_gage(
        read(data, sheet, query), value=value, reference=reference, tolerance=tolerance, lsl=lsl, usl=usl,
        convention=convention, resolution=resolution, confidence=confidence, title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, frozenset(c.code.upper() for c in result.caveats))


@click.command()
@click.argument("data")
@click.option("-y", "--value", metavar="COL", help="Column of the readings.")
@click.option("--reference", required=True, metavar="NUMBER|COL", help="True value, or the column that holds it.")
@click.option("--part", metavar="COL", help="Column of the part; default one for each reference.")
@_process
@_confidence
@source
@output
def bias(
    data: str, value: str | None, reference: str, part: str | None, process: float | None, confidence: float,
    sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Does a gage read true, on one master or on several?

    In the list of --fail-on: BIASED, and the codes of caveats.
    """
    from ..msa.bias import gage_bias

    known = number_of(reference)
    result = gage_bias(
        read(data, sheet, query), value=value, reference=reference if known is None else known, part=part,
        process=process, confidence=confidence, title=title,
    )  # fmt: skip
    biased = {"BIASED"} if any(p.adjusted < 1 - confidence for p in result.parts) else set()
    deliver(result, out, as_json, quiet, fail_on, frozenset(biased | {c.code.upper() for c in result.caveats}))


@click.command()
@click.argument("data")
@click.option("-y", "--value", required=True, metavar="COL", help="Column of the readings.")
@click.option("--reference", required=True, metavar="COL", help="Column of the true value of the part.")
@click.option("--part", metavar="COL", help="Column of the part; default one for each reference.")
@_process
@_confidence
@source
@output
def linearity(
    data: str, value: str, reference: str, part: str | None, process: float | None, confidence: float,
    sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Is a gage equally true over its whole range?

    In the list of --fail-on: the codes of caveats, e.g. LACK-OF-FIT, UNEVEN-SCATTER.
    """
    from ..msa.linearity import gage_linearity

    result = gage_linearity(
        read(data, sheet, query), value=value, reference=reference, part=part, process=process, confidence=confidence,
        title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, frozenset(c.code.upper() for c in result.caveats))


@click.command()
@click.argument("data")
@click.option("-y", "--value", metavar="COL", help="Column of the readings of one master.")
@click.option("-x", "--time", metavar="COL", help="Column that orders them.")
@click.option("-g", "--subgroup", metavar="COL|INT", help="Column of the subgroup, or its number of rows.")
@click.option("--reference", type=float, metavar="NUMBER", help="True value of the master.")
@click.option(
    "--kind", type=click.Choice(["auto", "i-mr", "xbar-r", "xbar-s", "i-mr-rs"]), default="auto", show_default=True,
    help="Kind of chart.",
)  # fmt: skip
@click.option("--rules", default="nelson", show_default=True, metavar="SET", help="Rules for signals.")
@click.option("--exclude", metavar="FILE|POINTS", help="Points left out: 3,17-19, or a table of points and reasons.")
@_confidence
@source
@output
def stability(
    data: str, value: str | None, time: str | None, subgroup: str | None, reference: float | None, kind: str,
    rules: str, exclude: str | None, confidence: float, sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Does a gage stay the same over time?

    In the list of --fail-on: UNSTABLE, and the codes of caveats.
    """
    from ..msa.stability import gage_stability

    result = gage_stability(
        read(data, sheet, query), value=value, time=time, subgroup=subgroup_of(subgroup), reference=reference,
        kind=kind, rules=rules, exclude=exclusions_of(exclude), confidence=confidence, title=title,
    )  # fmt: skip
    found = set() if result.stable else {"UNSTABLE"}
    deliver(result, out, as_json, quiet, fail_on, frozenset(found | {c.code.upper() for c in result.caveats}))


@click.command()
@click.argument("data")
@click.option("-y", "--value", required=True, metavar="COL", help="Column of the ratings.")
@click.option("--part", required=True, metavar="COL", help="Column of what was rated.")
@click.option("--operator", required=True, metavar="COL", help="Column of who rated it.")
@click.option("--standard", metavar="COL", help="Column of the true category.")
@click.option("--order", metavar="LIST", help="Categories, lowest first, where they have an order: low,middle,high.")
@click.option("--good", metavar="CATEGORY", help="The category that passes: miss and false-alarm rates.")
@_confidence
@source
@output
def agreement(
    data: str, value: str, part: str, operator: str, standard: str | None, order: str | None, good: str | None,
    confidence: float, sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Can judgements be trusted? Agreement of appraisers, kappa, misses.

    In the list of --fail-on: the codes of caveats, e.g. KAPPA-PARADOX, MISSING-RATINGS.
    """
    from ..msa.agreement import attribute_agreement

    result = attribute_agreement(
        read(data, sheet, query), value=value, part=part, operator=operator, standard=standard, order=order, good=good,
        confidence=confidence, title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, frozenset(c.code.upper() for c in result.caveats))


@click.command()
@click.argument("data")
@click.option("-y", "--value", required=True, metavar="COL", help="Column of the ratings, as numbers.")
@click.option("--part", required=True, metavar="COL", help="Column of what was rated.")
@click.option("--operator", required=True, metavar="COL", help="Column of who rated it.")
@_confidence
@source
@output
def icc(
    data: str, value: str, part: str, operator: str, confidence: float, sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """How much of the spread of ratings is of the parts? Intraclass correlations.

    In the list of --fail-on: the codes of caveats, e.g. INCOMPLETE, FEW-RATERS.
    """
    from ..msa.icc import icc as function

    result = function(
        read(data, sheet, query), value=value, part=part, operator=operator, confidence=confidence, title=title
    )
    deliver(result, out, as_json, quiet, fail_on, frozenset(c.code.upper() for c in result.caveats))
