"""What events cost: a column with the money of each row, or a table with the money of one event of each category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ..columns import column, floats, frame_of, numbers
from ..documents import read_toml
from ..errors import DataError, SettingsError
from ..origin import Choice, given
from ..sources import read_table

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

TABLES: Final = (".toml", ".csv", ".tsv", ".xlsx", ".parquet")


@dataclass(frozen=True)
class Costs:
    """What each row costs.

    Attributes
    ----------
    total : (rows,) array
        All events of the row together; NaN where it is not told.
    squares : (rows,) array
        Sum of the squares of the events' costs: those of one row are taken as equal.
    told : str
        The column or file, as the command line names it.
    """

    total: Floats
    squares: Floats
    told: str | Choice


def costs_of(frame: pd.DataFrame, cost: Any, category: str, names: list[str], count: Floats) -> Costs:
    """Costs of the rows.

    Parameters
    ----------
    frame : DataFrame
    cost : str, path, mapping or DataFrame
        A column of ``frame``; or what one event of each category costs: a mapping, a ``.toml`` file of
        ``category = money``, or a table with two columns (the category, and the money).
    category : str
        The column of the categories, for messages.
    names : list of str
        Category of each row; "" where it is empty.
    count : (rows,) array

    Raises
    ------
    SettingsError, DataError
        A negative cost; a category that the table does not hold, by its first row.
    """
    if isinstance(cost, str) and cost in [str(c) for c in frame.columns]:
        total = numbers(frame, cost)
        _refuse_negative(total, cost)
        with np.errstate(divide="ignore", invalid="ignore"):
            squares = np.where(count > 0, total**2 / np.maximum(count, 1), 0.0)
        spent = (count == 0) & (total > 0)
        if spent.any():
            row = int(np.argmax(spent))
            raise DataError(
                f"column {cost!r} is {total[row]:g} in row {row + 1}, where nothing was counted; correct the count or "
                "the cost."
            )
        return Costs(np.where(count == 0, 0.0, total), squares, cost)
    table, told = _table(frame, cost)
    unit = np.full(len(names), np.nan)
    for row, name in enumerate(names):
        if name and name not in table:
            raise DataError(
                f"the costs hold no row for {name!r} (column {category!r}, row {row + 1}); add it, with 0 where it "
                "costs nothing."
            )
        unit[row] = table.get(name, np.nan)
    return Costs(unit * count, unit**2 * count, told)


def _table(frame: pd.DataFrame, cost: Any) -> tuple[dict[str, float], str | Choice]:
    """Money by category, and how the command line names it."""
    if isinstance(cost, Mapping):
        table = _checked(cost, "the costs")
        return table, given(table)
    if isinstance(cost, str | Path):
        path = str(cost)
        suffix = Path(path).suffix.lower()
        if suffix == ".toml":
            return _checked(read_toml(path), path), path
        if suffix not in TABLES:
            column(frame, path)
        return _two_columns(read_table(path), path), path
    table = _two_columns(frame_of(cost), "the costs")
    return table, given(table)


def _two_columns(frame: pd.DataFrame, where: str) -> dict[str, float]:
    if frame.shape[1] != 2:
        raise SettingsError(
            f"{where} must have two columns, the category and what one event of it costs, not {frame.shape[1]}."
        )
    names = [str(v).strip() for v in frame.iloc[:, 0].tolist()]
    money = numbers(frame, str(frame.columns[1]))
    twice = next((n for i, n in enumerate(names) if n in names[:i]), None)
    if twice is not None:
        raise SettingsError(f"{where} holds {twice!r} twice; one row a category.")
    return _checked(dict(zip(names, money.tolist(), strict=True)), where)


def _checked(held: Mapping[Any, Any], where: str) -> dict[str, float]:
    if not held:
        raise SettingsError(f"{where} holds no category; give what one event of each costs.")
    out: dict[str, float] = {}
    for name, money in held.items():
        if isinstance(money, bool | str) or money is None or isinstance(money, Mapping | list):
            raise SettingsError(f"{where}: {str(name)!r} costs {money!r}, which is not a number.")
        value = float(floats([money], "cost")[0])
        if not 0 <= value < np.inf:
            raise SettingsError(f"{where}: {str(name)!r} costs {value:g}; a cost is a number from 0.")
        out[str(name)] = value
    return out


def _refuse_negative(total: Floats, name: str) -> None:
    with np.errstate(invalid="ignore"):
        below = total < 0
    if below.any():
        row = int(np.argmax(below))
        raise DataError(
            f"column {name!r} is {total[row]:g} in row {row + 1}: a cost is a number from 0; leave refunds out, or "
            "book them as a category of their own."
        )
