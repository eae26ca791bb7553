"""Commands around a control plan: check it."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group("control-plan")
def control_plan() -> None:
    """What do operations watch, who acts, and what do they do at a signal?"""


@control_plan.command()
@click.argument("plan")
def check(plan: str) -> None:
    """Can the plan run? Every fault with its line; exit code 2 where there is one."""
    from ..control_plan.control_plan import checked
    from ..control_plan.plan_words import sound

    found, faults = checked(plan, to_run=True)
    for told in faults:
        click.echo(told)
    if faults:
        sys.exit(2)
    click.echo(sound(Path(plan).name, len(found.characteristic), found.open_fields()))
