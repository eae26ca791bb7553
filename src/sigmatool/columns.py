"""Columns of a table by name, as numbers; a wrong cell is refused by row."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import DataError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def frame_of(data: Any) -> pd.DataFrame:
    """A DataFrame from a frame (pandas, polars, Arrow), a Series or a plain array."""
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        frame = data
    elif isinstance(data, pd.Series):
        frame = data.to_frame(str(data.name) if data.name is not None else "value").reset_index(drop=True)
    elif hasattr(data, "to_pandas"):
        frame = data.to_pandas()
        frame = frame.to_frame("value") if isinstance(frame, pd.Series) else frame
    else:
        array = np.asarray(data)
        if array.ndim != 1:
            raise DataError(f"a plain array must have one dimension, not {array.ndim}; use a table for more.")
        frame = pd.DataFrame({"value": array})
    if len(frame) == 0:
        raise DataError("the table has no rows; nothing can be judged from a header alone.")
    return frame


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column by its name, or a refusal that offers near names."""
    names = [str(c) for c in frame.columns]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"the columns are {', '.join(names[:12])}."
        raise DataError(f"there is no column {name!r}: {hint}")
    return frame.iloc[:, names.index(name)]


def numbers(frame: pd.DataFrame, name: str) -> Floats:
    """A column as floats; NaN where the cell is empty. Text and infinite values are refused by row."""
    import pandas as pd

    series = column(frame, name)
    if pd.api.types.is_bool_dtype(series):
        raise DataError(f"column {name!r} holds true and false; turn it into numbers (0 and 1) first.")
    if pd.api.types.is_numeric_dtype(series):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    elif pd.api.types.is_datetime64_any_dtype(series):
        raise DataError(f"column {name!r} holds dates, not numbers; name another column.")
    else:
        values = _numbers_of_text(series, name)
    refuse_infinite(values, name)
    return values


def refuse_infinite(values: Floats, name: str) -> None:
    """Infinite values have no place on any chart; a gap is NaN."""
    infinite = np.isinf(values)
    if infinite.any():
        row = int(np.argmax(infinite)) + 1
        raise DataError(f"column {name!r} is infinite in row {row}; correct it or leave the cell empty.")


def plain_array(data: Any) -> Floats | None:
    """An array or list of numbers as floats, in one or two dimensions; None for anything else."""
    if not isinstance(data, np.ndarray | list | tuple):
        return None
    try:
        array = np.asarray(data)
    except ValueError:
        return None
    if array.dtype.kind not in "fiu" or array.ndim not in (1, 2) or array.size == 0:
        return None
    return np.asarray(array, dtype=np.float64)


def _numbers_of_text(series: pd.Series, name: str) -> Floats:
    import pandas as pd

    text = series.astype("object").where(series.notna(), None)
    filled = text.map(lambda v: None if v is None or str(v).strip() == "" else str(v).strip())
    values = pd.to_numeric(filled, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = np.isnan(values) & filled.notna().to_numpy()
    if bad.any():
        row = int(np.argmax(bad))
        shown = str(filled.iloc[row])
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        raise DataError(
            f"row {row + 1} of column {name!r} holds {shown!r}, which is not a number; correct it or leave the "
            "cell empty."
        )
    return values


def only_column(frame: pd.DataFrame) -> str:
    if frame.shape[1] != 1:
        names = ", ".join(str(c) for c in frame.columns[:12])
        raise DataError(f"name the column with the values: value (-y) is one of {names}.")
    return str(frame.columns[0])
