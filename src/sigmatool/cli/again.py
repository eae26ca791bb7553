"""The command that a report holds, run again: only an analysis, only files below the working folder, nothing written.

A report comes from a stranger, and so does its command. It is taken apart by the parsers of the commands themselves and
looked through before anything runs; what an analysis does not need is refused, and no shell ever sees it.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ..errors import DataError, SigmatoolError
from ..origin import GIVEN, Source
from ..result import IN_MEMORY, source_word
from .capability_commands import capability, compare, tolerance
from .capacity_commands import capacity
from .commands import chart, inspect, review, review_each, review_waves
from .each_commands import capability_each
from .flow_commands import flow
from .gage_commands import gage_rr
from .measurement_commands import agreement, bias, icc, linearity, stability, type1
from .options import TABLE, TAKEN, in_words
from .screen_commands import screen
from .waste_commands import oee, pareto, rolled_yield

if TYPE_CHECKING:
    from ..result import Result

ANALYSES: Final[dict[str, click.Command]] = {
    "capability": capability, "capability-each": capability_each, "chart": chart, "compare": compare,
    "inspect": inspect, "review": review, "review-each": review_each, "review-waves": review_waves,
    "screen": screen, "tolerance": tolerance, "lean pareto": pareto, "lean yield": rolled_yield,
    "lean oee": oee, "lean flow": flow, "lean capacity": capacity, "msa gage-rr": gage_rr,
    "msa agreement": agreement, "msa bias": bias, "msa icc": icc, "msa linearity": linearity,
    "msa stability": stability, "msa type1": type1,
}  # fmt: skip
"""The verbs that only state; the rest writes, freezes or tests the installation."""

_NEVER: Final = frozenset(
    {"out", "settings", "as_json", "quiet", "fail_on", "workers", "pack", "tables", "resume", "memory_limit", "master"}
)
"""Options that no analysis needs to come out the same: files written, settings followed, ways of telling."""

_FILES: Final = {
    "limits": (), "events": (), "specification": (), "plan": (), "control_plan": (), "streams": (),
    "allocation": (),
    "gauge": (),
    "rules": (".toml",),
    "exclude": (".csv", ".tsv", ".xlsx", ".parquet"),
    "cost": (".toml", ".csv", ".tsv", ".xlsx", ".parquet"),
}  # fmt: skip
"""Options that name a file, and by which suffixes where they can hold something else."""

_LONGEST = 100_000


class AnalysisRefused(Exception):
    """The analysis cannot be made from the data; the message is its own sentence."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A command of a report, taken apart and found harmless.

    Attributes
    ----------
    text, verb : str
    words : list of str
        After the verb.
    data : str
        The source as the command names it.
    look : dict
        How its pages are set.
    """

    text: str
    verb: str
    words: list[str]
    data: str
    look: dict[str, str] = field(default_factory=dict)
    reading: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def recorded(text: str) -> Recorded:
    """Take the command of a report apart.

    Raises
    ------
    DataError
        It is no analysis, or asks for what an analysis does not need.

    Examples
    --------
    >>> recorded("sigmatool chart nile.csv --value flow").verb
    'chart'
    >>> recorded("sigmatool chart nile.csv --out x.html")
    Traceback (most recent call last):
    ...
    sigmatool.errors.DataError: the report's command is not run: it holds --out, which no analysis needs.
    """
    if len(text) > _LONGEST:
        raise _not_run(f"it is longer than {_LONGEST:,} characters")
    try:
        words = shlex.split(text)
    except ValueError:
        raise _not_run("its quotes do not match") from None
    verb, rest = parted(words[1:])
    if len(words) < 3 or words[0] != "sigmatool" or verb not in ANALYSES:
        known = ", ".join(ANALYSES)
        raise _not_run(f"only an analysis is made again (sigmatool followed by {known}, and its data)")
    command = ANALYSES[verb]
    try:
        with click.Context(command, info_name=verb) as bare:
            given, left, _ = command.make_parser(bare).parse_args(list(rest))
    except click.ClickException as problem:
        raise _not_run(" ".join(problem.format_message().split()).rstrip(".")) from None
    allowed = {str(p.name): p.opts[-1] for p in command.params}
    never = [name for name in given if name in _NEVER or name not in allowed]
    if never:
        raise _not_run(f"it holds {allowed.get(never[0], '--help')}, which no analysis needs")
    data = given.get("data")
    if left or not isinstance(data, str) or not data:
        raise _not_run("it does not name one source of data")
    files = {name: value for name, value in given.items() if name in _FILES and _names_file(name, value)}
    look = {name: str(given[name]) for name in ("paper", "locale") if given.get(name)}
    reading = {name: str(given[name]) for name in ("sheet", "query") if given.get(name)}
    return Recorded(text, verb, rest, data, look, reading, files)


def parted(words: list[str]) -> tuple[str, list[str]]:
    """The verb, of one word or of two, and what follows it.

    Examples
    --------
    >>> parted(["lean", "flow", "tickets.csv"]), parted(["chart", "nile.csv"])
    (('lean flow', ['tickets.csv']), ('chart', ['nile.csv']))
    """
    long = 2 if " ".join(words[:2]) in ANALYSES else 1
    return " ".join(words[:long]), words[long:]


def _names_file(option: str, value: Any) -> bool:
    suffixes = _FILES[option]
    named = isinstance(value, str) and not in_words(value)
    return named and (not suffixes or Path(value).suffix.lower() in suffixes)


def made_again(command: Recorded, table: Any) -> Result:
    """Run a recorded command on a table; its result is handed back, and nothing is written or printed.

    Raises
    ------
    DataError
        An option is not understood.
    AnalysisRefused
        With the sentence of the analysis.
    """
    taken: list[Result] = []
    try:
        context = ANALYSES[command.verb].make_context(command.verb, [*command.words, "--quiet"])
    except click.ClickException as problem:
        raise _not_run(" ".join(problem.format_message().split()).rstrip(".")) from None
    with context:
        context.meta.update({TAKEN: taken, TABLE: table})
        try:
            context.command.invoke(context)
        except SigmatoolError as mistake:
            raise AnalysisRefused(str(mistake)) from None
    return taken[0]


def check_files(command: Recorded) -> None:
    """Whether every further file that a command names may be read, and is there.

    Raises
    ------
    DataError
    """
    for option, name in command.files.items():
        if not inside(name).exists():
            hint = "; it was given in memory: save it as a file and make the report again" if name == GIVEN else ""
            raise DataError(f"the report needs the file {name} (--{option}), which is not there{hint}.")


def source_of(command: Recorded, told: str | None) -> Source:
    """The source as the report tells it, so that a table from elsewhere leaves the same record."""
    if told is None:
        in_memory = command.data == IN_MEMORY and not Path(IN_MEMORY).exists()
        told = "" if in_memory else command.data
    elif source_word(told) != command.data:
        told = command.data
    return Source(told, command.reading)


def inside(name: str) -> Path:
    """A file that a stranger's report names: only below the working folder, and only a plain file.

    Raises
    ------
    DataError
        With the way out.
    """
    try:
        path = Path(name).resolve()
        outside = not path.is_relative_to(Path.cwd().resolve())
        odd = path.exists() and not path.is_file()
    except (OSError, ValueError, RuntimeError):
        raise DataError(f"the report names {name!r}, which is no path of this system.") from None
    if outside:
        raise DataError(
            f"the report names {name!r}, which lies outside the working folder; a report's own paths are followed only "
            "below it: name its data with --data, or verify from a folder above all its files."
        )
    if odd:
        raise DataError(f"the report names {name!r}, which is not a file.")
    return path


def _not_run(why: str) -> DataError:
    return DataError(f"the report's command is not run: {why}.")
