"""Columns of a table by name, as numbers; a wrong cell is refused by row."""

from __future__ import annotations

import difflib
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import DataError, SettingsError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LARGEST, SMALLEST = 1e75, 1e-75
"""Between these a fourth power is a number, so that no statistic overflows or vanishes."""

EXACT = 2.0**53
"""Whole numbers above it are rounded when they become floats."""


def frame_of(data: Any) -> pd.DataFrame:
    """A DataFrame from a frame (pandas, polars, Arrow), a Series, an array or a list of numbers."""
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        frame = data
    elif isinstance(data, pd.Series):
        frame = data.to_frame(str(data.name) if data.name is not None else "value").reset_index(drop=True)
    elif hasattr(data, "to_pandas"):
        frame = data.to_pandas()
        frame = frame.to_frame("value") if isinstance(frame, pd.Series) else frame
    else:
        frame = pd.DataFrame({"value": _one_dimension(data)})
    if len(frame) == 0:
        raise DataError("the table has no rows; nothing can be judged from a header alone.")
    return frame


def _one_dimension(data: Any) -> NDArray[Any]:
    array = _array(data)
    if array.ndim == 0:
        raise DataError(
            f"data is of type {type(data).__name__}; give a table, a Series, an array or a list of numbers."
        )
    if array.ndim > 1 and array.size:
        raise DataError(f"a plain array must have one dimension, not {array.ndim}; use a table for more.")
    return array.ravel()


def _array(data: Any) -> NDArray[Any]:
    """An array as numpy reads it; masked values are missing, and True is not a number."""
    if isinstance(data, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(data)
        return np.where(mask, np.array(None), data.data) if mask.any() else np.asarray(data.data)
    try:
        array = np.asarray(data)
    except ValueError:
        raise DataError(
            "the rows of the list are of unequal length; fill the shorter ones up with None, or give a table with a "
            "column for subgroup."
        ) from None
    if isinstance(data, list | tuple) and array.dtype.kind in "fiu" and array.ndim in (1, 2):
        # numpy makes 1 of True without a word; as an object it is refused as in a table
        kinds = set(map(type, data if array.ndim == 1 else itertools.chain.from_iterable(data)))
        return np.asarray(data, dtype=object) if kinds & {bool, np.bool_} else array
    return array


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column by its name, or a refusal that offers near names."""
    if not isinstance(name, str):
        raise SettingsError(f"a column is named by text, not by {name!r}.")
    names = [str(c) for c in frame.columns]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"the columns are {', '.join(names[:12])}."
        raise DataError(f"there is no column {name!r}: {hint}")
    if names.count(name) > 1:
        raise DataError(f"the table has {names.count(name)} columns named {name!r}; rename all but one of them.")
    return frame.iloc[:, names.index(name)]


def numbers(frame: pd.DataFrame, name: str) -> Floats:
    """A column as floats; NaN where the cell is empty. Text, infinite and extreme values are refused by row."""
    values = _floats(column(frame, name), name)
    refuse_vanishing(values, name)
    return values


def floats(data: Any, name: str) -> Floats:
    """Numbers in the shape they are given, one alone in one dimension; None and masked values are NaN."""
    import pandas as pd

    array = np.atleast_1d(_array(data))
    if array.size == 0:
        return np.zeros(array.shape)
    if array.dtype.kind != "f":
        return _floats(pd.Series(array.ravel()), name).reshape(array.shape)
    values = np.asarray(array, dtype=np.float64)
    refuse_extreme(values.reshape(array.shape[0], -1), name)
    return values


def _floats(series: pd.Series, name: str) -> Floats:
    import pandas as pd

    if pd.api.types.is_bool_dtype(series):
        raise DataError(f"column {name!r} holds true and false; turn it into numbers (0 and 1) first.")
    if pd.api.types.is_complex_dtype(series):
        raise DataError(f"column {name!r} holds complex numbers; name a column of real ones.")
    if pd.api.types.is_numeric_dtype(series):
        if pd.api.types.is_integer_dtype(series):
            _refuse_rounded(series.dropna().to_numpy(), np.flatnonzero(series.notna().to_numpy()), name)
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    elif pd.api.types.is_datetime64_any_dtype(series):
        raise DataError(f"column {name!r} holds dates, not numbers; name another column.")
    else:
        values = _numbers_of_text(series, name)
    refuse_extreme(values, name)
    return values


def _largest(values: Floats) -> float:
    """The largest absolute value; NaN where there is none."""
    if values.size == 0:
        return np.nan
    return float(max(np.fmax.reduce(values, axis=None), -np.fmin.reduce(values, axis=None)))


def refuse_extreme(values: Floats, name: str) -> None:
    """Infinite values have no place on any chart (a gap is NaN), nor have those whose squares cannot be added up."""
    if _largest(values) > LARGEST:
        at = int(np.argmax(np.abs(np.nan_to_num(values.ravel(), posinf=np.inf, neginf=-np.inf)) > LARGEST))
        width = values.shape[1] if values.ndim > 1 else 1
        where = f"row {at // width + 1}" + (f" (value {at % width + 1} of it)" if width > 1 else "")
        value = float(values.ravel()[at])
        if np.isinf(value):
            raise DataError(f"column {name!r} is infinite in {where}; correct it or leave the cell empty.")
        raise DataError(
            f"column {name!r} is {value:g} in {where}, too large to be squared and added up; correct it or take a "
            "larger unit."
        )


def refuse_vanishing(values: Floats, name: str) -> None:
    """Values so small that their squares are zero would show no spread."""
    top = _largest(values)
    if 0 < top < SMALLEST:
        raise DataError(f"column {name!r} holds nothing above {top:g}, too small to be squared; take a smaller unit.")


def _refuse_rounded(whole: NDArray[Any], rows: Ints, name: str) -> None:
    """Whole numbers that a float cannot hold would be changed in silence; ``rows`` are theirs (0-based)."""
    if whole.size == 0 or max(int(whole.max()), -int(whole.min())) <= EXACT:
        return
    for row, value in zip(rows.tolist(), whole.tolist(), strict=True):
        if int(float(value)) != value:
            raise DataError(
                f"column {name!r} is {value} in row {row + 1}: whole numbers above 2^53 lose their last digits; "
                "subtract a constant first."
            )


def plain_array(data: Any) -> Floats | None:
    """An array or list of numbers as floats, in one or two dimensions; None for anything else."""
    if not isinstance(data, np.ndarray | list | tuple):
        return None
    array = _array(data)
    if array.dtype.kind == "O" and array.ndim == 2 and array.size:
        return _cells(array)
    if array.dtype.kind not in "fiu" or array.ndim not in (1, 2) or array.size == 0:
        return None
    if array.dtype.kind in "iu":
        _refuse_rounded(array.ravel(), np.arange(array.size) // (array.shape[1] if array.ndim == 2 else 1), "value")
    return np.asarray(array, dtype=np.float64)


def _cells(array: NDArray[Any]) -> Floats:
    """Two dimensions of mixed cells, such as rows with None in them."""
    import pandas as pd

    frame = pd.DataFrame({f"value {j + 1}": array[:, j] for j in range(array.shape[1])})
    return np.column_stack([numbers(frame, name) for name in frame.columns])


def _numbers_of_text(series: pd.Series, name: str) -> Floats:
    import pandas as pd

    text = series.astype("object").where(series.notna(), None)
    filled = text.map(lambda v: None if v is None or str(v).strip() == "" else str(v).strip())
    values = pd.to_numeric(filled, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    for row in np.flatnonzero((np.abs(values) > EXACT) & (np.abs(values) <= LARGEST)):
        if str(filled.iloc[row]).lstrip("+-").isdecimal():
            _refuse_rounded(np.array([int(filled.iloc[row])], dtype=object), np.array([row]), name)
    bad = np.isnan(values) & filled.notna().to_numpy()
    if bad.any():
        first = int(np.argmax(bad))
        shown = str(filled.iloc[first])
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        raise DataError(
            f"row {first + 1} of column {name!r} holds {shown!r}, which is not a number; correct it or leave the "
            "cell empty."
        )
    return values


def only_column(frame: pd.DataFrame) -> str:
    if frame.shape[1] != 1:
        names = ", ".join(str(c) for c in frame.columns[:12])
        raise DataError(f"name the column with the values: value (-y) is one of {names}.")
    return str(frame.columns[0])
