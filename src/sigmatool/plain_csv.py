"""A large csv without quotes, read on all cores; what it does not take is left to the reader that takes everything."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

LARGE = 2_000_000
"""Bytes from which it is worth another way."""


def texts(data: bytes, delimiter: str, missing: Sequence[str]) -> pd.DataFrame | None:
    """Every cell as text, those in ``missing`` empty; None where the file is small, quoted, padded or irregular.

    Parameters
    ----------
    data : bytes
        In UTF-8, with or without its mark.
    delimiter : str
    missing : sequence of str

    Examples
    --------
    >>> table = b"a,b" + b"\\n1,x\\n2," * 300_000
    >>> texts(table, ",", [""]).iloc[:2, 1].tolist(), texts(b"a,b\\n1,2", ",", [""])
    (['x', nan], None)
    """
    mark = delimiter.encode()
    if len(data) < LARGE or any(sign in data for sign in (b'"', mark + b" ", b"\n ", b"\x00")):
        return None
    import pyarrow as pa
    import pyarrow.csv as reader

    names = data[: data.index(b"\n") if b"\n" in data else 0].removeprefix(b"\xef\xbb\xbf").decode().rstrip("\r")
    columns = names.split(delimiter)
    if len(columns) < 2 or "" in columns or names.startswith(" ") or "\r" in names:
        return None
    try:
        table = reader.read_csv(
            io.BytesIO(data),
            parse_options=reader.ParseOptions(delimiter=delimiter, quote_char=False),
            convert_options=reader.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), null_values=list(missing), strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    frame: pd.DataFrame = table.to_pandas()
    return frame


def longest_line(data: bytes) -> int:
    """Bytes of the longest line.

    Examples
    --------
    >>> longest_line(b"day,wait\\n1,2\\n")
    8
    """
    signs = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero((signs == ord("\n")) | (signs == ord("\r")))
    return int(np.diff(np.concatenate(([-1], ends, [len(data)]))).max()) - 1
