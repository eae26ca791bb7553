"""The commands of lean work, one group."""

from __future__ import annotations

import click

from .capacity_commands import capacity


@click.group()
def lean() -> None:
    """Where is the waste, and is there room to work?"""


for command in (capacity,):
    lean.add_command(command)
