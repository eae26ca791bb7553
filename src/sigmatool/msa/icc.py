"""How much of the spread of ratings is of the parts? Intraclass correlations."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..capability.levels import level_of
from ..caveats import Caveat
from ..errors import DataError
from ..numbers.concordance import kendall_w_of_values
from ..numbers.dispersion import resolved
from ..numbers.intraclass import intraclass
from . import measure_caveat_words as words
from .icc_result import IntraclassStudy
from .study_table import Table, chosen_options, in_order, table

FEW_RATERS = 4
"""Raters under which absolute agreement is called uncertain."""


def icc(
    data: Any,
    *,
    value: str,
    part: str,
    operator: str,
    confidence: float = 0.95,
    title: str | None = None,
) -> IntraclassStudy:
    """Tell intraclass correlations of measurements or scores: one-way, absolute agreement, consistency.

    Parameters
    ----------
    data : DataFrame
        One row a rating.
    value, part, operator : str
        Columns: the rating as a number, what was rated, by whom.
    confidence : float
    title : str

    Returns
    -------
    IntraclassStudy

    Raises
    ------
    DataError
        A part rated twice by the same rater, fewer than 2 complete parts or raters, ratings that are all equal.
    SettingsError
        A setting out of range.

    Notes
    -----
    Formulas and intervals: :func:`sigmatool.numbers.intraclass.intraclass`. Parts that lack a rating are left out, and
    counted. Kendall's W, the agreement in order alone, stands beside.

    References
    ----------
    McGraw & Wong (1996), Psychological Methods 1, 30-46.

    Examples
    --------
    >>> import pandas as pd
    >>> t = pd.DataFrame({"part": [1, 2, 3, 4] * 2, "who": list("aaaabbbb"), "y": [1, 4, 6, 9, 2, 4, 7, 9]})
    >>> round(icc(t, value="y", part="part", operator="who").agreement.value, 3)
    0.976
    """
    level = level_of("confidence", confidence)
    held = table(data, [value], [part, operator])
    parts, raters = in_order(held.names[part]), in_order(held.names[operator])
    cells = _cells(held, value, part, operator, parts, raters)
    whole = np.isfinite(cells).all(axis=1)
    if whole.sum() < 2 or len(raters) < 2:
        raise DataError(
            f"{int(whole.sum())} parts were rated by all {len(raters)} raters: intraclass correlations need at least 2 "
            "parts and 2 raters."
        )
    x = cells[whole]
    if resolved(float(np.ptp(x)), float(np.abs(x).max())) == 0:
        raise DataError(f"all ratings in {value!r} are {x[0, 0]:g}: without differences there is no correlation.")
    found = intraclass(x, level)
    caveats: list[Caveat] = list(held.caveats)
    if not whole.all():
        caveats.append(words.gaps_left_out(int((~whole).sum()), len(parts)))
    if min(e.value for e in found.single) < 0:
        caveats.append(words.below_zero())
    if len(raters) < FEW_RATERS:
        caveats.append(words.raters_few(len(raters)))
    settings = {
        "value": value, "part": part, "operator": operator, "confidence": level, "title": title,
    }  # fmt: skip
    return IntraclassStudy(
        settings=settings,
        rows=held.rows,
        caveats=tuple(caveats),
        provenance=held.provenance("msa icc", chosen_options(settings, [("confidence", 0.95)])),
        title=title or f"Intraclass correlation of {value}",
        metric=value,
        parts=tuple(p for p, w in zip(parts, whole, strict=True) if w),
        raters=tuple(raters),
        cells=x,
        study=found,
        concordance=kendall_w_of_values(x),
        confidence=level,
    )


def _cells(held: Table, value: str, part: str, operator: str, parts: list[str], raters: list[str]) -> np.ndarray:
    """Ratings as parts by raters, NaN where there is none."""
    cells = np.full((len(parts), len(raters)), np.nan)
    place = {n: i for i, n in enumerate(parts)}, {n: i for i, n in enumerate(raters)}
    rows = zip(held.row, held.readings[value], held.names[part], held.names[operator], strict=True)
    for row, reading, p, o in rows:
        at = place[0][p], place[1][o]
        if np.isfinite(cells[at]):
            raise DataError(
                f"row {row} is a second rating of part {p!r} by {o!r}: average repeats first, or take msa gage-rr, "
                "which "
                "is made for them."
            )
        cells[at] = reading
    return cells
