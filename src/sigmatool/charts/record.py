"""The last section of every page: what it takes to make the page again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..caveats import Rows
from ..render.document import Block, Code, Facts, Section
from ..render.numeral import Verbatim
from ..result import AGAIN, Provenance, Result, plainly


def record(
    result: Result,
    facts: Sequence[tuple[str, str]] = (),
    *,
    account: str | None = None,
    before: tuple[Block, ...] = (),
    title: str = "Record",
    id: str = "record",
) -> Section:
    """The account of the rows, the hashes, the settings and the command.

    Parameters
    ----------
    result : Result
    facts : sequence of (str, str)
        What the analysis adds; stands first.
    account : str, optional
        Of the rows; default every row by what became of it.
    before : tuple of Block
        What stands above, such as the method.
    title, id : str
    """
    p = result.provenance
    listed = [*facts, ("Rows", account or rows_told(result.rows)), ("Data hash", Verbatim(p.data_sha256))]
    if p.file_sha256:
        listed.append((hashed(p), Verbatim(p.file_sha256)))
    listed += [("Settings", Verbatim(settings_told(result.settings))), ("Version", Verbatim(f"sigmatool {p.version}"))]
    return Section(title, (*before, Facts(tuple(listed)), Code(p.command, AGAIN)), id)


def hashed(p: Provenance) -> str:
    """What the second hash is of: a file's bytes, or the rows that a database gave."""
    return "Hash of the rows" if "://" in p.source else "File hash (sha256sum)"


def footer(p: Provenance) -> str:
    """The line under every page."""
    return f"sigmatool {p.version} · data {p.data_sha256[:12]}"


def rows_told(rows: Rows) -> str:
    """Every row by what became of it.

    Examples
    --------
    >>> rows_told(Rows(read=1200, used=1197, missing=2, excluded=1, dropped=0))
    '1,200 read = 1,197 used + 2 missing + 1 excluded + 0 dropped'
    """
    return (
        f"{rows.read:,} read = {rows.used:,} used + {rows.missing:,} missing + {rows.excluded:,} excluded + "
        f"{rows.dropped:,} dropped"
    )


def settings_told(settings: Mapping[str, Any]) -> str:
    """The choices in force, in one line; what was not chosen is left out.

    Examples
    --------
    >>> settings_told({"value": "aht", "rollout": ["2026-09-01"], "usl": None, "target": 10.0, "guards": []})
    'value = aht; rollout = 2026-09-01; target = 10'
    """
    told = ((k, ", ".join(map(plainly, v)) if isinstance(v, list | tuple) else plainly(v)) for k, v in settings.items())
    return "; ".join(f"{k} = {v}" for k, v in told if v not in ("", "None"))
