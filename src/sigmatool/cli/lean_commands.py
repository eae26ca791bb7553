"""The commands of lean work, one group."""

from __future__ import annotations

import click

from .flow_commands import flow


@click.group()
def lean() -> None:
    """Where is the waste, and is there room to work?"""


for command in (flow,):
    lean.add_command(command)
