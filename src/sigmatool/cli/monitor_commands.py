"""Commands for operations: monitor, and the signals it told."""

from __future__ import annotations

import sys
import time
from functools import partial

import click

from .options import output, written


@click.command()
@click.argument("plan")
@click.option("--state", metavar="FILE", help="What rows and signals are remembered in; default beside the plan.")
@click.option("--data", metavar="FILE|DIR|-|URL", help="New points, in place of the source that the plan names.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "jsonl", "openmetrics", "webhook"]), default="text",
    show_default=True, help="What standard output carries.",
)  # fmt: skip
@click.option("--wait", type=float, default=30.0, show_default=True, help="Seconds to wait for another monitor.")
@click.option("--follow", is_flag=True, help="Go on until stopped: judge what is added, as it comes.")
@click.option("--every", type=click.FloatRange(min=0.1), default=2.0, show_default=True, help="Seconds between looks.")
@partial(output, gates=True)
def monitor(
    plan: str, state: str | None, data: str | None, form: str, wait: float, follow: bool, every: float,
    out: tuple[str, ...], as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Have new points brought a signal? Runs a control plan.

    Ends with 1 when a signal is told, 4 while a characteristic has no point to judge, else 0.
    """
    from ..errors import SigmatoolError
    from ..monitoring.formats import FORMATS
    from ..monitoring.monitor import Watch

    told = FORMATS["json" if as_json else form]
    code, problem, begun = 0, "", False
    try:
        while True:
            try:
                with Watch(plan, state=state, data=data, wait=wait, whole_lines=follow) as watch:
                    found = watch.result
                    written(found, out, quiet)
                    if found.alarms or not (quiet or begun):
                        click.echo(told(found), nl=False)
                        sys.stdout.flush()
                code = 1 if found.alarms or code == 1 else found.code
                begun = True
            except SigmatoolError as mistake:
                if not follow:
                    raise
                if str(mistake) != problem:
                    problem = str(mistake)
                    click.echo(f"sigmatool: {problem}", err=True)
            if not follow:
                break
            time.sleep(every)
    except KeyboardInterrupt:
        pass
    sys.exit(code)


@click.group()
def signals() -> None:
    """Which signals did a monitor tell, and why did they come?"""


@signals.command("list")
@click.argument("state")
@click.option("--open", "open_only", is_flag=True, help="Only those that nobody has acknowledged.")
@partial(output, gates=True)
def list_signals(state: str, open_only: bool, out: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """The signals of a state, the Pareto of their causes, and rows that came late or were corrected."""
    from ..monitoring.monitor_words import signal_line
    from ..monitoring.signals import read_signals

    found = read_signals(state, open_only=open_only)
    written(found, out, quiet)
    if as_json:
        click.echo(found.to_json(), nl=False)
    elif not quiet:
        for signal in found.signals:
            click.echo(signal_line(signal))
        click.echo(found.headline)
        for cause in found.causes:
            click.echo(f"  {cause.signals:>5}  {cause.share:>4.0%}  {cause.cause}")


@signals.command()
@click.argument("state")
@click.argument("number", type=int)
@click.option("--cause", required=True, metavar="TEXT", help="Why it came; the same words for the same cause.")
@click.option("--by", required=True, metavar="NAME", help="Who says so.")
def acknowledge(state: str, number: int, cause: str, by: str) -> None:
    """Say why a signal came."""
    from ..monitoring.monitor_words import signal_line
    from ..monitoring.signals import acknowledge as function

    click.echo(signal_line(function(state, number, cause=cause, by=by)))


@click.command()
@click.argument("criteria")
@partial(output, gates=True)
def gate(criteria: str, out: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Can hypercare end? Checks exit criteria; ends with 0 pass, 1 fail, 4 not yet."""
    from ..monitoring.gate import gate as function
    from ..monitoring.gate_words import line

    found = function(criteria)
    written(found, out, quiet)
    if as_json:
        click.echo(found.to_json(), nl=False)
    elif not quiet:
        for item in found.items:
            click.echo(line(item.status, item.text, item.evidence))
        click.echo(found.headline)
    sys.exit(found.code)
