"""The group of commands, and what happens when something goes wrong.

Only click is imported here, so that ``sigmatool --help`` is quick; a command loads what it needs.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from .. import __version__
from ..errors import SigmatoolError
from .capability_commands import capability, compare, tolerance
from .commands import chart, datasets, inspect, review, review_each, review_waves, selftest
from .each_commands import capability_each
from .lean_commands import lean
from .limits_commands import limits
from .monitor_commands import gate, monitor, signals
from .msa_commands import msa
from .plan_commands import control_plan
from .record_commands import history, verify
from .review_plan_commands import plan
from .screen_commands import screen


class Group(click.Group):
    """Turns a user's mistake into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SigmatoolError as mistake:
            _refuse(str(mistake), mistake.exit_code)
        except BrokenPipeError:
            # the reader has gone; a further write at exit would fail again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except ValueError as mistake:
            if type(mistake).__name__ != "WriteError":
                _bug()
            _refuse(str(mistake), 3)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception:
            _bug()


def _refuse(sentence: str, code: int) -> None:
    click.echo(f"sigmatool: {' '.join(sentence.split())}", err=True)
    sys.exit(code)


def _bug() -> None:
    import traceback

    traceback.print_exc()
    click.echo("sigmatool: this is a bug in sigmatool, not in your data; please report the lines above.", err=True)
    sys.exit(70)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="sigmatool")
def main() -> None:
    """Did the rollout improve and stabilise operations?

    Charts, an honest verdict and its report, from a table and a date.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


for command in (
    capability, capability_each, chart, compare, control_plan, datasets, gate, history, inspect, lean, limits,
    monitor, msa, plan, review, review_each, review_waves, screen, selftest, signals, tolerance, verify,
):  # fmt: skip
    main.add_command(command)
