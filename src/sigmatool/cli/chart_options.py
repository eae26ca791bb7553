"""The options of a control chart, and the chart they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .options import F, exclusions_of, held_or_named, number_of, read, subgroup_of

if TYPE_CHECKING:
    from ..charts.result import ControlChart


def charting(function: F) -> F:
    """What a chart may be asked for, its columns apart."""
    for option in reversed(
        (
            click.option(
                "--kind",
                default="auto",
                show_default=True,
                metavar="KIND",
                help="i-mr, xbar-r, xbar-s, i-mr-rs, p, np, c, u, laney-p, laney-u, g, t, ewma, cusum, ma, run, z-mr, "
                "dnom, t2, mewma, or with settings: 'ewma(weight=0.1)'.",
            ),
            click.option("--stage", metavar="COL", help="Column whose runs of equal values are stages."),
            click.option("--rollout", multiple=True, metavar="WHEN[=LABEL]", help="Start of a new stage. Repeatable."),
            click.option("--sigma", metavar="NAME|NUMBER", help="An estimator of sigma, or a known sigma."),
            click.option("--center", type=float, help="A known centre."),
            click.option(
                "--nsigma", type=float, default=3.0, show_default=True, help="Distance of the limits in sigma."
            ),
            click.option(
                "--rules",
                default="nelson",
                show_default=True,
                metavar="SET|FILE",
                help="nelson, western-electric, aiag, juran, westgard, nhs, anhoej, none, numbers such as 1,2,5, or a "
                "rule file (.toml).",
            ),
            click.option(
                "--baseline", metavar="N|A..B", help="Freeze limits from the first N points, or from points A to B."
            ),
            click.option(
                "--exclude",
                metavar="FILE|POINTS",
                help="Points left out of limits and rules: 3,17-19, or a table of points and reasons.",
            ),
            click.option("--part", metavar="COL", help="Short runs (z-mr): column of the part."),
            click.option("--nominal", metavar="COL", help="Short runs (dnom): column of the nominal value."),
            click.option("--events", metavar="FILE", help="A table of dates and labels to mark on the axis."),
        )
    ):
        function = option(function)
    return function


def chart_of(data: str, sheet: str | None, query: str | None, **asked: Any) -> ControlChart:
    """The chart that these options ask for."""
    from ..charts.control_chart import control_chart
    from ..sources import read_table

    known, events = number_of(asked["sigma"]), held_or_named(asked["events"], "events")
    asked |= {
        "value": asked["value"] or None, "subgroup": subgroup_of(asked["subgroup"]),
        "rollout": list(asked["rollout"]) or None, "sigma": asked["sigma"] if known is None else known,
        "exclude": exclusions_of(asked["exclude"]),
        "limits": held_or_named(asked.get("limits"), "limits"),
        "events": read_table(events) if isinstance(events, str) else events,
    }  # fmt: skip
    return control_chart(read(data, sheet, query), asked.pop("kind"), **asked)
