"""The group of lean commands."""

from __future__ import annotations

import click

from .capacity_commands import capacity
from .flow_commands import flow
from .waste_commands import oee, pareto, rolled_yield


@click.group()
def lean() -> None:
    """Where is the waste, and is there room to work?"""


for command in (capacity, flow, oee, pareto, rolled_yield):
    lean.add_command(command)
