"""A saved report, taken apart: what it says, the command that made it, and the hashes it gives of its data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..documents import read_json
from ..errors import DataError
from ..result import AGAIN
from .differences import Piece
from .pages import html_pieces, markdown_pieces
from .workbook import workbook_pieces

READERS: Final = {".html": html_pieces, ".md": markdown_pieces, ".xlsx": workbook_pieces}
"""How the pages are read that hold words; pictures and print hold no command that could be run."""

_PICTURES = (".pdf", ".png", ".svg")
_OTHERS: Final = {
    "sigmatool.ledger/1": "it is a ledger of frozen limits: sigmatool limits verify",
    "sigmatool.selftest/1": "it tells of an installation: run sigmatool selftest",
    "sigmatool.verification/1": "it verifies another report: verify that one",
    "sigmatool.history/1": "it sums up reviews: verify those, and run history again",
}


@dataclass(frozen=True, slots=True)
class Saved:
    """A report as it lies on the disk.

    Attributes
    ----------
    name, suffix : str
    data : bytes
    command : str
    data_sha256, file_sha256, version : str or None
        As the report gives them.
    source : str or None
        Of the data; None where only the command names it.
    schema : str
        Of JSON; "" of a page.
    tree : dict
        Of JSON; empty of a page.
    pieces : list of Piece
        Of a page.
    """

    name: str
    suffix: str
    data: bytes
    command: str
    data_sha256: str | None
    file_sha256: str | None
    version: str | None
    source: str | None
    schema: str
    tree: dict[str, Any]
    pieces: list[Piece]


def read_report(path: str | Path) -> Saved:
    """Read a report that was saved as .json, .html, .md or .xlsx.

    Raises
    ------
    DataError
        Not such a report, or one that cannot be made again, with the way out.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix in _PICTURES:
        raise DataError(
            f"{file.name} cannot be verified: print and pictures hold no command that could be read back; save the "
            ".json or the .html beside it, and verify that."
        )
    if suffix != ".json" and suffix not in READERS:
        raise DataError(f"{file.name} is no report that can be verified; known are .json {' '.join(READERS)}.")
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise DataError(f"cannot read the report {file}: {problem.strerror}.") from None
    return _of_json(file.name, data) if suffix == ".json" else _of_page(file.name, suffix, data)


def _of_json(name: str, data: bytes) -> Saved:
    tree = read_json(data, name)
    schema = tree.get("schema")
    if not isinstance(schema, str) or not schema.startswith("sigmatool."):
        raise DataError(f"{name} is no report of sigmatool: its schema is {schema!r}.")
    if schema in _OTHERS:
        raise DataError(f"{name} is not verified so: {_OTHERS[schema]}.")
    held = tree.get("provenance")
    if not isinstance(held, dict) or not isinstance(held.get("command"), str):
        raise DataError(f"{name} does not hold the command that made it (provenance.command).")
    told = {key: value if isinstance(value := held.get(key), str) else None for key in _TOLD}
    return Saved(
        name, ".json", data, held["command"], told["data_sha256"], told["file_sha256"], told["version"], told["source"],
        schema, tree, [],
    )  # fmt: skip


_TOLD = ("data_sha256", "file_sha256", "version", "source")


def _of_page(name: str, suffix: str, data: bytes) -> Saved:
    pieces = READERS[suffix](data, name)
    texts = [p.text for p in pieces if p.seen]
    command = _after(texts, AGAIN)
    if command is None:
        raise DataError(f"{name} does not hold the command that made it (under {AGAIN!r}); is it a whole report?")
    version = _after(texts, "Version")
    second = _after(texts, "File hash (sha256sum)") or _after(texts, "Hash of the rows")
    return Saved(
        name, suffix, data, command.replace("\u00a0", " "), _after(texts, "Data hash"), second,
        None if version is None else version.removeprefix("sigmatool ").strip(), None, "", {}, pieces,
    )  # fmt: skip


def _after(texts: list[str], label: str) -> str | None:
    """What stands behind the last of such labels."""
    return next((texts[i + 1] for i in range(len(texts) - 2, -1, -1) if texts[i].rstrip(":") == label), None)
