"""The example data: real series and simulated operations with a known truth, each with a card."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import SettingsError
from .sources import read_table

if TYPE_CHECKING:
    import pandas as pd

_PACKAGE = Path(__file__).parent


def folder() -> Path:
    """Where the data lie: inside the installed package, or at the top of a checkout."""
    installed = _PACKAGE / "_datasets"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "datasets"


def names() -> list[str]:
    """Names of the data sets.

    Examples
    --------
    >>> "semmelweis" in names()
    True
    """
    return sorted(p.stem for p in folder().glob("*.csv"))


def path(name: str) -> Path:
    """The file of a data set."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=2)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(names())}."
        raise SettingsError(f"there is no data set {name!r}: {hint}")
    return folder() / f"{name}.csv"


def card(name: str) -> str:
    """Origin, licence, columns, units and known truth of a data set, as Markdown."""
    return path(name).with_suffix(".md").read_text(encoding="utf-8")


def load(name: str) -> pd.DataFrame:
    """A data set as a frame.

    Examples
    --------
    >>> list(load("semmelweis").columns)
    ['month', 'births', 'deaths']
    """
    frame = read_table(path(name))
    frame.attrs["sigmatool"]["source"] = f"datasets/{name}.csv"
    return frame
