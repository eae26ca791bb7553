"""Does a gage read true? Readings of one master, or of several."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..capability.levels import level_of, number_of
from ..caveats import Caveat
from ..errors import DataError
from . import measure_caveat_words as words
from .bias_result import GageBias
from .part_bias import parts_of
from .study_table import a_number, chosen_options, table, text_of, value_column


def gage_bias(
    data: Any,
    *,
    value: str | None = None,
    reference: float | str,
    part: str | None = None,
    process: float | None = None,
    confidence: float = 0.95,
    title: str | None = None,
) -> GageBias:
    """Hold the mean reading of master parts against their references.

    Parameters
    ----------
    data : DataFrame, array or Series
        One row a reading.
    value : str, optional
        Column of the readings; may be left out where there is only one.
    reference : float or str
        The true value, or the column that holds it for each row.
    part : str, optional
        Column of the part; default one part for each reference.
    process : float, optional
        Process variation (six standard deviations) or tolerance: biases are told as a share of it too.
    confidence : float
    title : str

    Returns
    -------
    GageBias

    Raises
    ------
    DataError
        Fewer than 2 readings of every part, a part with two references, cells that are no numbers.
    SettingsError
        A setting out of range.

    Notes
    -----
    Each part by itself: ``mean - reference -+ t(n - 1) s / sqrt(n)``. For several parts p is also adjusted (Holm).

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed., ch. III sect. B.

    Examples
    --------
    >>> found = gage_bias([10.1, 10.3, 9.9, 10.2], reference=10)
    >>> round(found.parts[0].bias.value, 3), round(found.parts[0].bias.low, 3)
    (0.125, -0.147)
    """
    level = level_of("confidence", confidence)
    width = number_of("process", process)
    value = value_column(data, value)
    column = reference if isinstance(reference, str) else None
    held = table(data, [value, *([column] if column else [])], [part] if part else [])
    x = held.readings[value]
    truth = np.full(x.size, a_number("reference", reference)) if column is None else held.readings[column]
    names = held.names[part] if part else tuple(text_of(float(v)) for v in truth)
    parts = parts_of(names, truth, x, column or "reference", level)
    if all(p.n < 2 for p in parts):
        raise DataError(f"column {value!r} has no part with 2 readings: repeats are needed to tell a bias from chance.")
    caveats: list[Caveat] = [*held.caveats, words.range_method()]
    single = sum(p.n < 2 for p in parts)
    if single:
        caveats.append(words.single_readings(single))
    flat = sum(p.n for p in parts if p.n > 1 and p.sd == 0)
    if flat:
        caveats.append(words.no_scatter(flat))
    if len(parts) > 1:
        caveats.append(words.several_tests(len(parts)))
    settings = {
        "value": value, "reference": column or float(truth[0]), "part": part, "process": width, "confidence": level,
        "title": title,
    }  # fmt: skip
    return GageBias(
        settings=settings,
        rows=held.rows,
        caveats=tuple(caveats),
        provenance=held.provenance("msa bias", chosen_options(settings, [("confidence", 0.95)])),
        title=title or f"Bias of {value}",
        metric=value,
        values=x,
        truth=truth,
        names=names,
        row=held.row,
        parts=tuple(parts),
        process=width,
        confidence=level,
    )
