"""The commands of measurement systems, one group."""

from __future__ import annotations

import click

from .gage_commands import gage_rr


@click.group()
def msa() -> None:
    """Can the measurement be trusted?"""


for command in (gage_rr,):
    msa.add_command(command)
