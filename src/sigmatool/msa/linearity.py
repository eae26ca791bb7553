"""Is a gage equally true over its whole range? Bias against reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..capability.levels import level_of, number_of
from ..caveats import Caveat
from ..errors import DataError
from ..numbers.dispersion import resolved
from ..numbers.gage_error import equal_scatter, linearity
from . import measure_caveat_words as words
from .linearity_result import GageLinearity
from .part_bias import parts_of
from .study_table import chosen_options, table, text_of


def gage_linearity(
    data: Any,
    *,
    value: str,
    reference: str,
    part: str | None = None,
    process: float | None = None,
    confidence: float = 0.95,
    title: str | None = None,
) -> GageLinearity:
    """Regress the bias of readings on the reference of their part.

    Parameters
    ----------
    data : DataFrame
        One row a reading.
    value, reference : str
        Columns: the reading, and the true value of its part.
    part : str, optional
        Column of the part; default one part for each reference.
    process : float, optional
        Process variation (six standard deviations) or tolerance. Linearity is ``|slope| * process``, its share
        ``|slope|``; the share of the bias is ``|mean bias| / process``.
    confidence : float
        Of every interval, and of the band.
    title : str

    Returns
    -------
    GageLinearity

    Raises
    ------
    DataError
        Fewer than 3 readings or 2 references, readings that all lie on the line.
    SettingsError
        A setting out of range.

    Notes
    -----
    Least squares on single readings. A lack-of-fit test holds the parts' means against repeats; a straight line is
    otherwise taken for granted, and the scatter for equal everywhere (Levene).

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed., ch. III sect. B; Draper & Smith, Applied Regression Analysis, ch. 2.

    Examples
    --------
    >>> import pandas as pd
    >>> t = pd.DataFrame({"ref": [1, 1, 2, 2, 3, 3], "y": [1.1, 1.2, 2.3, 2.2, 3.4, 3.3]})
    >>> found = gage_linearity(t, value="y", reference="ref")
    >>> round(found.fit.slope.value, 3), round(found.fit.intercept.value, 3)
    (0.1, 0.05)
    """
    level, width = level_of("confidence", confidence), number_of("process", process)
    held = table(data, [value, reference], [part] if part else [])
    x, truth = held.readings[value], held.readings[reference]
    different = np.unique(truth).size
    if different < 2 or x.size < 3:
        raise DataError(
            f"column {reference!r} has {different} different reference and {x.size} readings: a line needs at least 2 "
            "references and 3 readings; AIAG takes 5 parts over the range, 10 or more readings each."
        )
    off = x - truth
    names = held.names[part] if part else tuple(text_of(float(v)) for v in truth)
    parts = parts_of(names, truth, x, reference, level)
    fit = linearity(truth, off, level)
    if resolved(fit.s, float(max(np.abs(x).max(), np.abs(truth).max()))) == 0:
        raise DataError(
            f"every reading of {value!r} lies on one line of its reference: without scatter there is no interval and "
            "no "
            "test; are the readings computed from the reference?"
        )
    caveats: list[Caveat] = list(held.caveats)
    if fit.lack_of_fit.p < 1 - level:
        caveats.append(words.lack_of_fit(fit.lack_of_fit.statistic, fit.lack_of_fit.p))
    uneven = _uneven(off, names)
    if uneven is not None and uneven[1] < 1 - level:
        caveats.append(words.uneven(*uneven))
    if width is None:
        caveats.append(words.no_process())
    settings = {
        "value": value, "reference": reference, "part": part, "process": width, "confidence": level, "title": title,
    }  # fmt: skip
    return GageLinearity(
        settings=settings,
        rows=held.rows,
        caveats=tuple(caveats),
        provenance=held.provenance("msa linearity", chosen_options(settings, [("confidence", 0.95)])),
        title=title or f"Linearity of {value}",
        metric=value,
        values=x,
        truth=truth,
        names=names,
        row=held.row,
        parts=tuple(parts),
        fit=fit,
        uneven=uneven,
        process=width,
        confidence=level,
    )


def _uneven(off: np.ndarray, names: tuple[str, ...]) -> tuple[float, float] | None:
    """Largest over smallest standard deviation of the parts, and Levene's p."""
    held = np.array(names, dtype=object)
    groups = [off[held == n] for n in dict.fromkeys(names)]
    groups = [g for g in groups if g.size >= 3]
    if len(groups) < 2:
        return None
    ratio, p = equal_scatter(groups)
    return (ratio, p) if np.isfinite(ratio) and np.isfinite(p) else None
