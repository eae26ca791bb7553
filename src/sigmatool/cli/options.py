"""Options that several commands share, and what they do with a result."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import SettingsError
from ..origin import Exclusions

if TYPE_CHECKING:
    from ..result import Result

F = TypeVar("F", bound=Callable[..., Any])

REPORTS = Path("reports")
"""Where a report goes whose name has no folder."""


def columns(function: F, several: bool = False, subgroups: bool = True) -> F:
    """DATA and its columns; ``several``: more than one value column; ``subgroups``: a point may have several rows."""
    told = "Column of the values, or of the count of events." + (" Repeatable, for t2 and mewma." if several else "")
    grouped = click.option("-g", "--subgroup", metavar="COL|INT", help="Column of the subgroup, or its number of rows.")
    for option in reversed(
        (
            click.argument("data"),
            click.option("-y", "--value", metavar="COL", multiple=several, help=told),
            click.option("-n", "--size", metavar="COL", help="Column of the number inspected, or of the exposure."),
            click.option("-x", "--time", metavar="COL", help="Column that orders the points."),
            *((grouped,) if subgroups else ()),
            source,
        )
    ):
        function = option(function)
    return function


def source(function: F) -> F:
    """Which part of DATA is read."""
    for option in (
        click.option("--query", metavar="SQL|@FILE", help="Of a database (sqlite:///PATH ...): one SELECT."),
        click.option("--sheet", metavar="NAME", help="Sheet of a workbook; default the first."),
    ):
        function = option(function)
    return function


def setting(function: F) -> F:
    """How a report is set: its paper and its signs."""
    for option in (
        click.option(
            "--locale", metavar="TAG", default="", callback=_look, expose_value=False,
            help="Decimal signs and dates as in de, fr, en-GB ...; default a point and ISO 8601.",
        ),
        click.option(
            "--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, callback=_look,
            expose_value=False, help="Paper of a PDF.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def output(function: F, gates: bool = False) -> F:
    """What becomes of the result. ``gates``: the verb has a title and exit codes of its own."""
    asked = (
        click.option("--title", metavar="TEXT", help="Title of the report."),
        click.option("--fail-on", metavar="LIST", help="End with 1 when the result is in LIST (4: too few data)."),
    )
    for option in reversed(
        (
            click.option(
                "-o", "--out", multiple=True, metavar="FILE",
                help="Write a report; the suffix is the format (.html .pdf .xlsx .png .svg .md .json). Repeatable. A "
                "bare name goes to reports/.",
            ),
            setting,
            click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
            click.option("--quiet", is_flag=True, help="Print nothing but errors."),
            *(() if gates else asked),
            click.option(
                "--settings", metavar="FILE", is_eager=True, callback=_settings, expose_value=False,
                help="A TOML file with any option by its long name; the command line wins.",
            ),
        )
    ):  # fmt: skip
        function = option(function)
    return function


def _look(ctx: click.Context, parameter: click.Parameter, value: str) -> None:
    """How reports are set is kept beside the command: no analysis has a use for it."""
    if parameter.name == "locale" and value:
        from ..render.locale import Place
        from ..render.look import LookError

        try:
            Place(value)
        except LookError as mistake:
            raise click.BadParameter(str(mistake)) from None
    ctx.meta[f"sigmatool.{parameter.name}"] = value


def _settings(ctx: click.Context, _: click.Parameter, path: str | None) -> None:
    """Options from a TOML file become defaults of the command."""
    if path is None:
        return
    from ..documents import read_toml

    held = read_toml(path)
    known = {o.removeprefix("--"): p for p in ctx.command.params for o in p.opts if o.startswith("--")}
    defaults: dict[str, Any] = {}
    for key, value in held.items():
        parameter = known.get(key.replace("_", "-"))
        if parameter is None or parameter.name is None:
            raise SettingsError(f"{path} names the option {key!r}, which this command does not have.")
        many = isinstance(parameter, click.Option) and parameter.multiple
        if isinstance(value, list) and not many:
            value = ",".join(str(item) for item in value)
        defaults[parameter.name] = value if not many or isinstance(value, list) else [value]
    ctx.default_map = {**(ctx.default_map or {}), **defaults}


TAKEN = "sigmatool.taken"
"""Where a command that is run again leaves its result, in place of all delivery."""

TABLE = "sigmatool.table"
"""The table such a command takes, in place of the one that DATA names."""


def read(data: str, sheet: str | None, query: str | None = None) -> Any:
    """The table that DATA names."""
    given = click.get_current_context().meta.get(TABLE)
    if given is not None:
        return given
    from ..sources import read_table

    return read_table(data, sheet=sheet, query=query)


def in_words(text: str | None) -> bool:
    """A table or a mapping is given in JSON, and not by the name of its file."""
    return text is not None and text.lstrip()[:1] in ("{", "[")


def held_or_named(text: str | None, option: str) -> Any:
    """What an option holds in JSON, or the name of its file."""
    if text is None or not in_words(text):
        return text
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise SettingsError(f"--{option} starts like JSON but is not: {problem}.") from None


def exclusions_of(text: str | None) -> str | dict[str, str] | None:
    """Points left out, as text, or with reasons: JSON, or a table of points (first column) and reasons (second)."""
    held = held_or_named(text, "exclude")
    if isinstance(held, dict):
        return {str(point): str(reason) for point, reason in held.items()}
    if text is None or Path(text).suffix.lower() not in (".csv", ".tsv", ".xlsx", ".parquet"):
        return text
    from ..sources import read_table

    frame = read_table(text)
    if frame.shape[1] < 2:
        raise SettingsError(f"{text} must hold points in its first column and reasons in its second.")
    held = {str(point): str(reason) for point, reason in zip(frame.iloc[:, 0], frame.iloc[:, 1], strict=True)}
    return Exclusions(held, text)


def subgroup_of(text: str | None) -> str | int | None:
    """A number is a size, anything else a column."""
    return int(text) if text is not None and text.isdecimal() else text


def number_of(text: str | None) -> float | None:
    """The number that a text holds; None where it holds something else."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def written(result: Result, out: tuple[str, ...], quiet: bool) -> dict[str, str]:
    """Write the reports, and tell how they are set."""
    meta = click.get_current_context().meta
    look = {"paper": meta["sigmatool.paper"], "locale": meta["sigmatool.locale"]}
    for name in out:
        path = Path(name)
        target = REPORTS / path if path.parent == Path() and not name.startswith(".") else path
        saved = result.save(target, **look)
        if not quiet:
            click.echo(f"wrote {saved}", err=True)
    return look


def deliver(
    result: Result, out: tuple[str, ...], as_json: bool, quiet: bool, fail_on: str | None, found: frozenset[str]
) -> None:
    """Write the reports, print the result, and end with the code that ``--fail-on`` asks for.

    ``found`` holds the words by which the result can be named there.
    """
    meta = click.get_current_context().meta
    if TAKEN in meta:
        meta[TAKEN].append(result)
        return
    wanted = frozenset(w.strip().upper() for w in (fail_on or "").split(",") if w.strip())
    look = written(result, out, quiet)
    if as_json:
        click.echo(result.to_json(), nl=False)
    elif not quiet:
        click.echo(_text(result, look["locale"]), nl=False)
    hit = wanted & found
    if hit:
        sys.exit(4 if hit <= {"INSUFFICIENT", "INSUFFICIENT_DATA"} else 1)


def _text(result: Result, locale: str) -> str:
    """The report for who reads it: set for a terminal, or plain text for a pipe and for ``NO_COLOR``."""
    import shutil

    from ..render.look import Look
    from ..render.writers import document_of

    width = min(shutil.get_terminal_size((80, 40)).columns, 120)
    document = document_of(result, Look(locale=locale))
    if _at_a_terminal():
        from ..render.terminal import terminal

        return terminal(document, width)
    from ..render.text import text

    return text(document, width=width)


def _at_a_terminal() -> bool:
    """Whether standard output shows colours and the signs of every language to a person who wants them."""
    import os

    told = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    return (
        sys.stdout.isatty()
        and told in ("utf8", "utf8sig")
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )
