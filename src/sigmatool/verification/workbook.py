"""A report's workbook in pieces: every cell, and every part of the file beside the date of its making."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

from ..errors import DataError
from .differences import Piece

_DATED = "docProps/core.xml"
_LARGEST = 500_000_000
"""Bytes of a workbook when unpacked."""


def workbook_pieces(data: bytes, name: str) -> list[Piece]:
    """The cells of every sheet, row by row; then the parts of the file, which a reader sees as drawings and formats.

    Raises
    ------
    DataError
        Not a workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _LARGEST:
                raise DataError(f"{name} unpacks to more than {_LARGEST // 1_000_000} MB: that is no report.")
            parts = {part: hashlib.sha256(packed.read(part)).hexdigest() for part in sorted(packed.namelist())}
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = [piece for sheet in book.sheet_names for piece in _sheet(book, sheet)]
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as problem:
        if isinstance(problem, DataError):
            raise
        raise DataError(f"{name} is not a workbook that can be read.") from None
    told = [
        Piece("parts of the file", f"{part} {digest[:16]}", False) for part, digest in parts.items() if part != _DATED
    ]
    return cells + told


def _sheet(book: Any, sheet: str) -> list[Piece]:
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [
        Piece(f"{sheet}!{_column(j)}{i + 1}", repr(cell) if isinstance(cell, float) else str(cell))
        for i, row in enumerate(rows) for j, cell in enumerate(row) if cell not in ("", None)
    ]  # fmt: skip


def _column(place: int) -> str:
    """The letters of a column.

    Examples
    --------
    >>> _column(0), _column(27)
    ('A', 'AB')
    """
    told = ""
    while place >= 0:
        told = chr(ord("A") + place % 26) + told
        place = place // 26 - 1
    return told
