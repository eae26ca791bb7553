"""The tables that a source brings: a file, the files of a folder, a query, or a frame."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..columns import frame_of
from ..errors import DataError, SettingsError
from ..sources import read_table
from . import monitor_words as words

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet")


@dataclass(frozen=True, slots=True)
class Source:
    """Where points come from; ``folder``: the one that a relative path starts in."""

    what: Any
    folder: Path | None
    sheet: str | None = None
    query: str | None = None


@dataclass(frozen=True)
class Delivered:
    """One table. ``sha256`` is that of the file's bytes and columns asked for, "" where there are none."""

    name: str
    sha256: str
    of_several: bool
    source: Source
    whole_lines: bool = False

    @property
    def frame(self) -> pd.DataFrame:
        """The table itself, read when it is needed."""
        held = self.source.what
        if not isinstance(held, str | Path):
            return frame_of(held)
        return read_table(held, sheet=self.source.sheet, query=self.source.query, whole_lines=self.whole_lines)


def deliveries(source: Source, *, whole_lines: bool = False) -> Iterator[Delivered]:
    """The tables of a source, files of a folder by name.

    Raises
    ------
    DataError
        A folder without tables, or a file that cannot be read.
    """
    what = source.what
    if not isinstance(what, str | Path):
        yield Delivered("a table", "", False, source)
        return
    if str(what) == "-" or "://" in str(what):
        yield Delivered(str(what), "", False, source)
        return
    path = Path(what) if source.folder is None else source.folder / what
    if not path.is_dir():
        yield _file(path, source, False, whole_lines)
        return
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith((".", "~")))
    if not files:
        raise DataError(words.empty_folder(str(path)))
    for file in files:
        yield _file(file, source, len(files) > 1, whole_lines)


def _file(path: Path, source: Source, several: bool, whole_lines: bool) -> Delivered:
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError as problem:
        raise SettingsError(words.unreadable(str(path), problem.strerror or "")) from None
    return Delivered(path.name, digest, several, Source(path, None, source.sheet, source.query), whole_lines)
