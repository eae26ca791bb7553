"""Does a gage repeat well enough, and true enough, on one master? A type 1 study."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ..capability.levels import level_of
from ..caveats import Caveat
from ..errors import DataError, SettingsError
from ..numbers.dispersion import resolved
from ..numbers.gage_error import bias_test, type_one
from . import measure_caveat_words as words
from .study_table import a_number, chosen_options, table, value_column
from .type1_result import TypeOneStudy

CONVENTIONS: Final = {"minitab": (0.2, 6.0), "bosch": (0.2, 6.0), "vda": (0.2, 4.0)}
"""Share of the tolerance, and standard deviations of spread."""

USUAL: Final = 25
"""Readings under which a study is called small; 50 are usual."""

FINE: Final = 0.05
"""Share of the tolerance that a step may take."""


def type1_gage(
    data: Any,
    *,
    value: str | None = None,
    reference: float,
    tolerance: float | None = None,
    lsl: float | None = None,
    usl: float | None = None,
    convention: str = "minitab",
    resolution: float | None = None,
    confidence: float = 0.95,
    title: str | None = None,
) -> TypeOneStudy:
    """Judge a gage by many readings of one master part.

    Parameters
    ----------
    data : DataFrame, array or Series
        Readings in the order they were taken; empty cells are missing.
    value : str, optional
        Column of the readings; may be left out where there is only one.
    reference : float
        The true value of the master, in the unit of the readings.
    tolerance : float, optional
        Width of the specification.
    lsl, usl : float, optional
        The limits, in place of the width. One alone: twice its distance from the reference is the width.
    convention : str
        ``minitab`` and ``bosch``: 20 % of the tolerance over 6 standard deviations; ``vda``: over 4. Or both numbers,
        as ``"0.15/6"``.
    resolution : float, optional
        Step of the gage; default the smallest step between readings.
    confidence : float
        Of every interval.
    title : str

    Returns
    -------
    TypeOneStudy

    Raises
    ------
    DataError
        Fewer than 2 readings, cells that are no numbers.
    SettingsError
        Neither tolerance nor limits, or both; a setting out of range.

    Notes
    -----
    ``Cg = share T / (spread s)``, ``Cgk = (share T / 2 - |bias|) / (spread s / 2)``; the variation in percent is
    ``share / Cg`` and ``share / Cgk``. See :func:`sigmatool.numbers.gage_error.type_one` for the intervals.

    References
    ----------
    Dietrich & Schulze, Measurement Process Qualification, ch. 5; Bosch booklet 10; VDA 5.

    Examples
    --------
    >>> found = type1_gage([10.0, 10.1, 9.9, 10.0, 10.2, 9.8], reference=10, tolerance=4)
    >>> round(found.indices.cg.value, 3), round(found.indices.cgk.value, 3)
    (0.943, 0.943)
    """
    center, level = a_number("reference", reference), level_of("confidence", confidence)
    share, spread = _convention(convention)
    width, low, high = _width(center, tolerance, lsl, usl)
    value = value_column(data, value)
    held = table(data, [value])
    x = held.readings[value]
    if x.size < 2:
        raise DataError(
            f"column {value!r} has {x.size} reading; a type 1 study needs at least 2, and {2 * USUAL} are usual."
        )
    flat = resolved(float(np.std(x - x[0], ddof=1)), float(np.abs(x).max())) == 0
    y = np.full(x.size, x[0]) if flat else x
    step = _step(x) if resolution is None else a_number("resolution", resolution, 0)
    sides = (True, True) if tolerance is not None else (low is not None, high is not None)
    caveats: list[Caveat] = list(held.caveats)
    if flat:
        caveats.append(words.no_scatter(x.size))
    if x.size < USUAL:
        caveats.append(words.few_readings(x.size, 2 * USUAL))
    if tolerance is None and (low is None or high is None):
        caveats.append(words.one_sided("lsl" if high is None else "usl", center))
    if (low is not None and center <= low) or (high is not None and center >= high):
        caveats.append(words.reference_outside(center))
    if step is not None and step > FINE * width * (1 + 1e-9):
        caveats.append(words.coarse(step, step / width, FINE, resolution is not None))
    r = 0.0 if flat else neighbours(y)
    if x.size >= 20 and r > max(0.3, 2.6 / np.sqrt(x.size)):
        caveats.append(words.readings_depend(r))
    settings = {
        "value": value, "reference": center, "tolerance": None if tolerance is None else width, "lsl": low, "usl": high,
        "convention": convention, "resolution": None if resolution is None else step, "confidence": level,
        "title": title,
    }  # fmt: skip
    return TypeOneStudy(
        settings=settings,
        rows=held.rows,
        caveats=tuple(caveats),
        provenance=held.provenance(
            "msa type1", chosen_options(settings, [("convention", "minitab"), ("confidence", 0.95)])
        ),
        title=title or f"Type 1 study of {value}",
        metric=value,
        values=x,
        row=held.row,
        reference=center,
        width=width,
        limits=_limits(center, tolerance, low, high),
        share=share,
        spread=spread,
        step=step,
        correlation=r,
        bias=bias_test(y, center, level),
        indices=type_one(y, center, width, share, spread, sides, level),
        confidence=level,
    )


def neighbours(x: np.ndarray) -> float:
    """Correlation of neighbours in a series."""
    z = x - x.mean()
    below = float((z * z).sum())
    return float((z[1:] * z[:-1]).sum()) / below if below > 0 else 0.0


def _convention(text: str) -> tuple[float, float]:
    if text in CONVENTIONS:
        return CONVENTIONS[text]
    known = ", ".join(CONVENTIONS)
    try:
        share, spread = (float(part) for part in str(text).split("/"))
    except ValueError:
        raise SettingsError(
            f"convention must be {known}, or share and standard deviations such as 0.15/6, not {text!r}."
        ) from None
    if not (0 < share <= 1 and 0 < spread <= 20):
        raise SettingsError(f"convention {text!r}: the share lies between 0 and 1, the standard deviations up to 20.")
    return share, spread


def _width(center: float, tolerance: Any, lsl: Any, usl: Any) -> tuple[float, float | None, float | None]:
    if tolerance is not None and (lsl is not None or usl is not None):
        raise SettingsError("give the tolerance by its width or by its limits (lsl, usl), not by both.")
    if tolerance is not None:
        return a_number("tolerance", tolerance, 0), None, None
    low = None if lsl is None else a_number("lsl", lsl)
    high = None if usl is None else a_number("usl", usl)
    if low is None and high is None:
        raise SettingsError("a type 1 study needs the tolerance: its width, or a limit (lsl, usl).")
    if low is not None and high is not None:
        if low >= high:
            raise SettingsError(f"lsl ({low:g}) must lie below usl ({high:g}).")
        return high - low, low, high
    width = 2 * (center - low if low is not None else (high or 0.0) - center)
    if width <= 0:
        raise SettingsError(
            "the reference lies beyond the only limit: there is no tolerance left to hold the gage against."
        )
    return width, low, high


def _limits(center: float, tolerance: Any, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    return (low, high) if tolerance is None else (center - tolerance / 2, center + tolerance / 2)


def _step(x: np.ndarray) -> float | None:
    """The smallest step between different readings, beyond what floats make of equal ones."""
    apart = np.diff(np.unique(x))
    real = apart[apart > 1e-9 * max(float(np.abs(x).max()), 1e-300)]
    return float(real.min()) if real.size else None
