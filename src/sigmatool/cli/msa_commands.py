"""The commands of measurement systems, one group."""

from __future__ import annotations

import click

from .gage_commands import gage_rr
from .measurement_commands import agreement, bias, icc, linearity, stability, type1


@click.group()
def msa() -> None:
    """Can the measurement be trusted?"""


for command in (agreement, bias, gage_rr, icc, linearity, stability, type1):
    msa.add_command(command)
