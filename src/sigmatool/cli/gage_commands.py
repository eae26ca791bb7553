"""The command of a gage study."""

from __future__ import annotations

import click

from .options import deliver, output, read, source


@click.command("gage-rr")
@click.argument("data")
@click.option("-y", "--value", required=True, metavar="COL", help="Column of the measurements.")
@click.option("--part", required=True, metavar="COL", help="Column of the part that was measured.")
@click.option("--operator", required=True, metavar="COL", help="Column of who, or what, measured it.")
@click.option("--tolerance", type=float, metavar="NUMBER", help="Width of the specification, USL minus LSL.")
@click.option("--lsl", type=float, metavar="NUMBER", help="Lower limit, in place of the width.")
@click.option("--usl", type=float, metavar="NUMBER", help="Upper limit, in place of the width.")
@click.option("--factors", multiple=True, metavar="COL", help="A further random factor, e.g. the machine. Repeatable.")
@click.option("--fixed", multiple=True, metavar="COL", help="A further fixed factor, e.g. the fixture. Repeatable.")
@click.option(
    "--design", type=click.Choice(["auto", "crossed", "nested"]), default="auto", show_default=True,
    help="nested: each operator has parts of his own.",
)  # fmt: skip
@click.option(
    "--method", type=click.Choice(["auto", "anova", "xbar-r", "reml"]), default="auto", show_default=True,
    help="auto: ANOVA where balanced, REML elsewhere.",
)  # fmt: skip
@click.option(
    "--alpha", type=float, default=0.05, show_default=True,
    help="The interaction is pooled where its p is not below (AIAG 0.25; 1 never, 0 always).",
)  # fmt: skip
@click.option(
    "--multiplier", type=float, default=6.0, show_default=True, help="Standard deviations of study variation."
)  # fmt: skip
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of every interval.")
@source
@output
def gage_rr(
    data: str, value: str, part: str, operator: str, tolerance: float | None, lsl: float | None, usl: float | None,
    factors: tuple[str, ...], fixed: tuple[str, ...], design: str, method: str, alpha: float, multiplier: float,
    confidence: float, sheet: str | None, query: str | None,
    out: tuple[str, ...], as_json: bool, title: str | None, quiet: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """How much of what we measure is the measurement?

    In the list of --fail-on: the codes of caveats, e.g. UNSTABLE-RANGES, ROLES-SWAPPED, RESOLUTION.
    """
    from ..msa.gage import gage_rr as function

    result = function(
        read(data, sheet, query), value=value, part=part, operator=operator, tolerance=tolerance, lsl=lsl, usl=usl,
        factors=factors, fixed=fixed, design=design, method=method, alpha=alpha, multiplier=multiplier,
        confidence=confidence, title=title,
    )  # fmt: skip
    deliver(result, out, as_json, quiet, fail_on, frozenset(c.code.upper() for c in result.caveats))
