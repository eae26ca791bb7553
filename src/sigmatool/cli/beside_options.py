"""What a review is asked beside its verdict: the gauge, adoption, and money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def beside(function: F) -> F:
    """Options of the sections that stand beside a verdict."""
    for option in reversed(
        (
            click.option(
                "--gauge", metavar="FILE", help="The gauge: a gage R&R study (.json), or sd and more in a .toml file."
            ),
            click.option(
                "--gauge-changed", is_flag=True,
                help="Gauges, operators or calibrations changed at the rollout: intervals are widened for it.",
            ),
            click.option("--adoption", metavar="COL", help="Column of the share (or count) of work done the new way."),
            click.option("--adoption-size", metavar="COL", help="Column of all work, where adoption is counted."),
            click.option("--adoption-by", metavar="COL", help="Column of sites for the effect by adoption."),
            click.option("--money", type=float, metavar="NUMBER", help="What a unit of effect, or an event, is worth."),
            click.option("--currency", metavar="NAME", help="Of --money; default EUR."),
            click.option(
                "--per", type=click.Choice(["period", "item"]),
                help="Worth once a period (default), or on each of the --volume items of it.",
            ),
            click.option("--volume", type=float, metavar="N", help="Items a period; of counts the mean size after."),
            click.option("--project-cost", type=float, metavar="NUMBER", help="What the project cost, for payback."),
        )
    ):  # fmt: skip
        function = option(function)
    return function
