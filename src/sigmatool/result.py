"""The base of every result: what it can be asked for, whatever the analysis.

A result is frozen. It has ``headline``, ``caveats``, ``to_frame()``, ``figure()``, ``document()`` and ``settings``
of its own; this base gives ``plot()``, ``save()``, ``to_dict()``, ``to_json()`` and the notebook's picture.
"""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .caveats import Caveat, Rows
from .errors import SettingsError
from .origin import Choice, Exclusions, given

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.figure import SubFigure

    from .render.document import Document
    from .render.figure import Picture

__all__ = ["Caveat", "Provenance", "Result", "Rows", "plain"]

VERSION = "0.1.0"

IN_MEMORY = "DATA.csv"
"""How a command names data that came from no file."""

AGAIN = "This page again"
"""What stands above the command on a page."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a reader needs to make the result again.

    Parameters
    ----------
    data_sha256 : str
        Hash of the columns used, in the order used (see :func:`sigmatool.data.fingerprint`).
    command : str
        The command line that reproduces the result.
    file_sha256 : str or None
        Hash of the file's bytes, when the data came from a file (compare with ``sha256sum``).
    source : str
        The name of the file or data set; never a path of a machine beyond what the user typed.
    version : str
    """

    data_sha256: str
    command: str = ""
    file_sha256: str | None = None
    source: str = ""
    version: str = VERSION


def plain(value: Any) -> Any:
    """The value as JSON can hold it: missing and infinite numbers as None, arrays as lists.

    Examples
    --------
    >>> plain({"x": np.array([1.0, np.nan]), "ok": np.bool_(True)})
    {'x': [1.0, None], 'ok': True}
    """
    if value is None or (isinstance(value, str | bool | int) and not isinstance(value, np.generic)):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [plain(item) for item in value]
    return str(value)


@dataclass(frozen=True, kw_only=True, repr=False)
class Result:
    """Base of every result.

    Parameters
    ----------
    settings : mapping
        Every choice that was in force, given or default, by its public name.
    rows : Rows
        Where each row of the table went.
    caveats : tuple of Caveat
        What a reader must know beside the numbers.
    provenance : Provenance
    """

    schema: ClassVar[str] = "sigmatool.result/1"
    verb: ClassVar[str] = "result"

    settings: Mapping[str, Any]
    rows: Rows
    caveats: tuple[Caveat, ...]
    provenance: Provenance

    def __post_init__(self) -> None:
        # a limit taken from a column is a number of numpy's, which no page could ask whether it is empty
        held = {k: v.tolist() if isinstance(v, np.generic | np.ndarray) else v for k, v in self.settings.items()}
        object.__setattr__(self, "settings", held)

    def __repr__(self) -> str:
        """The kind of result and its headline: what a prompt should print of a thousand points."""
        return f"<{type(self).__name__}: {self.headline}>"

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        raise TypeError(f"{type(self).__name__} has no headline")

    def to_frame(self) -> pd.DataFrame:
        """The points behind the result, one row each."""
        raise TypeError(f"{type(self).__name__} has no table")

    def figure(self) -> Picture:
        """The picture of the result, as marks: a figure, or a sheet of several."""
        raise TypeError(f"{type(self).__name__} has no figure")

    def document(self) -> Document:
        """The report of the result."""
        raise TypeError(f"{type(self).__name__} has no document")

    def body(self) -> dict[str, Any]:
        """The keys of this kind of result, as ``design`` of the JSON names them."""
        raise TypeError(f"{type(self).__name__} has no body")

    def to_dict(self) -> dict[str, Any]:
        """Everything, as JSON holds it: full precision, missing as None, never infinite."""
        return {
            "schema": self.schema,
            **plain(self.body()),
            "settings": plain(self.settings),
            "rows": plain(self.rows),
            "caveats": plain(self.caveats),
            "provenance": plain(self.provenance),
        }

    def to_json(self) -> str:
        """:meth:`to_dict` as text, two spaces deep, with a final newline."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def plot(self, ax: Axes | Canvas | SubFigure | None = None) -> Axes:
        """Draw the picture with matplotlib and return its first axes.

        Parameters
        ----------
        ax : Axes, Figure or SubFigure, optional
            Axes of yours take the first panel, a figure or sub-figure of yours the whole picture, at the size they have
            now; default a new figure. Nothing else of yours, and no setting of matplotlib, is changed.
        """
        from .render.mpl import draw

        return draw(self.figure(), ax)

    def save(self, path: str | Path, *, paper: str = "a4", locale: str = "") -> Path:
        """Write the result to ``path``; the suffix is the format. Written whole or not at all.

        Parameters
        ----------
        path : str or Path
            Ends in .html, .json, .md, .pdf, .png, .svg or .xlsx.
        paper : {"a4", "letter"}
            Of a PDF.
        locale : str
            A language tag such as ``"de"`` or ``"en-GB"``, whose decimal signs and dates are used; default a decimal
            point and ISO 8601 dates. The words stay English, JSON stays as it is, and a workbook's numbers follow the
            reader's own program.

        Raises
        ------
        SettingsError
            No such format, paper or locale.
        WriteError
            The file cannot be written.
        """
        from .render.writers import write_whole

        target = Path(path)
        return write_whole(target, self.written(target.name, paper=paper, locale=locale))

    def written(self, name: str, *, paper: str = "a4", locale: str = "") -> bytes:
        """What :meth:`save` writes to a file of that name. The command on a page also holds how the page is set."""
        from .render.look import PAPERS, Look, LookError
        from .render.writers import WRITERS

        suffix = Path(name).suffix.lower()
        writer = WRITERS.get(suffix)
        if writer is None:
            known = " ".join(sorted(WRITERS))
            raise SettingsError(f"cannot write {name!r}: the suffix must be one of {known}.")
        if paper not in PAPERS:
            raise SettingsError(f"paper must be one of {', '.join(PAPERS)}; it is {paper!r}.")
        look = {"locale": locale, "paper": paper if paper != "a4" and suffix in (".pdf", ".xlsx") else None}
        try:
            return writer(self if suffix == ".json" else self._set(look), Look(PAPERS[paper], locale))
        except LookError as mistake:
            raise SettingsError(str(mistake)) from None

    def _set(self, look: Mapping[str, str | None]) -> Result:
        """The same result, whose command also says how its page is set."""
        told = flags(look)
        if not told:
            return self
        command = f"{self.provenance.command} {shlex.join(told)}"
        return replace(self, provenance=replace(self.provenance, command=command))

    def _repr_html_(self) -> str:
        from .render.notebook import card

        return card(self)


def columns_told(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """A table column by column, as JSON holds it.

    Examples
    --------
    >>> import pandas as pd
    >>> columns_told(pd.DataFrame({"point": [1, 2], "value": [0.5, 0.7]}))
    {'point': [1, 2], 'value': [0.5, 0.7]}
    """
    return {str(name): frame[name].tolist() for name in frame.columns}


def listed(points: Any) -> str | None:
    """Point numbers as one option holds them.

    Examples
    --------
    >>> listed([3, 17]), listed("3,17-19"), listed(None)
    ('3,17', '3,17-19', None)
    """
    if points is None or isinstance(points, str):
        return points or None
    told = ",".join(str(p) for p in points) if np.iterable(points) else str(points)
    if isinstance(points, Exclusions):
        return Choice(told, points.source)
    return (
        given({str(p): str(why) for p, why in points.items()}, told) if isinstance(points, Mapping) and told else told
    )


def source_word(source: str) -> str:
    """A source as a command names it: a path that starts like an option is none.

    Examples
    --------
    >>> source_word("fills.csv"), source_word("-fills.csv"), source_word("-"), source_word("")
    ('fills.csv', './-fills.csv', '-', 'DATA.csv')
    """
    return f"./{source}" if source.startswith("-") and source != "-" else source or IN_MEMORY


def command_line(verb: str, source: str, options: Mapping[str, Any]) -> str:
    """The shell command of a verb (one word or two) with its options, quoted; None, False and empty values left out.

    Examples
    --------
    >>> command_line("chart", "my data.csv", {"value": "x y", "washout": 0, "size": None, "guard": ["a:lower"]})
    "sigmatool chart 'my data.csv' --value 'x y' --guard a:lower"
    """
    return shlex.join(
        ["sigmatool", *verb.split(), source_word(source), *flags({**getattr(source, "options", {}), **options})]
    )


def flags(options: Mapping[str, Any]) -> list[str]:
    """Options as the words of a command; None, False and empty values are left out."""
    words: list[str] = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        for item in value if isinstance(value, list | tuple) else [value]:
            if item is None or item is False or item == "" or (item == 0 and name == "washout"):
                continue
            words += [flag] if item is True else [flag, getattr(item, "option", plainly(item))]
    return words


def plainly(value: object) -> str:
    """Whole numbers without their decimals, all others in full.

    Examples
    --------
    >>> plainly(505.0), plainly(0.05), plainly("505.0")
    ('505', '0.05', '505.0')
    """
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)
