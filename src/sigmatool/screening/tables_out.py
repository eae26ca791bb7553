"""The streams of a screen as a table for other programs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SettingsError

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_bytes(frame: pd.DataFrame, path: Path) -> bytes:
    """A frame as the bytes of a ``.csv`` or ``.parquet`` file."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        held = io.BytesIO()
        frame.to_parquet(held, index=False)
        return held.getvalue()
    if suffix == ".csv":
        texts = [c for c in frame.columns if frame[c].dtype.kind not in "biuf"]
        return frame.assign(**{c: frame[c].map(inert) for c in texts}).to_csv(index=False, lineterminator="\n").encode()
    raise SettingsError(f"cannot write a table to {path.name!r}: its name must end in .csv or .parquet.")


def inert(cell: Any) -> Any:
    """A text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> inert("=1+1"), inert("line 7"), inert("-3.5")
    ("'=1+1", 'line 7', '-3.5')
    """
    if not isinstance(cell, str) or not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
