"""How much of the planned time makes good units, where does the rest go, and did it get better?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..capability.levels import level_of
from ..caveats import Caveat, Rows
from ..charts.engine import chart_points
from ..columns import column, frame_of, numbers
from ..data import fingerprint, measurements
from ..errors import DataError, SettingsError
from ..result import Provenance, command_line
from . import oee_words as words
from .oee_result import Oee
from .oee_study import Periods, change_of, stage_of
from .parting import Parted, part_rows, plain_rollout

if TYPE_CHECKING:
    import pandas as pd

    from ..charts.result import ControlChart

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SLACK = 1e-9
"""Rounding that no row is blamed for."""


def oee(
    data: Any,
    *,
    planned: str,
    downtime: str | Sequence[str],
    ideal_cycle: str | float,
    units: str,
    bad: str | None = None,
    good: str | None = None,
    demand: str | None = None,
    time: str | None = None,
    stage: str | None = None,
    rollout: Any = None,
    confidence: float = 0.95,
    title: str | None = None,
) -> Oee:
    """Overall equipment effectiveness: availability, performance, quality, and their product.

    Parameters
    ----------
    data : DataFrame
        One row a period (a shift, a day).
    planned : str
        Column of the planned production time. All times are in one unit, such as minutes.
    downtime : str or sequence of str
        Column of the time in which the equipment stood still; several columns are several reasons.
    ideal_cycle : str or float
        Ideal time of one unit: a column (products differ), or a number.
    units : str
        Column of all units made, good and bad.
    bad, good : str, optional
        Column of the units that were bad, or of those that were good: one of them.
    demand : str, optional
        Column of the units that customers asked for: gives the takt time.
    time : str, optional
        Column that orders the periods.
    stage : str, optional
        Column of two stages, before and after.
    rollout : value, optional
        The moment at which the second stage begins; needs ``time``.
    confidence : float
        Of every interval.
    title : str, optional

    Returns
    -------
    Oee

    Raises
    ------
    DataError
        More downtime than planned time, more bad units than units, units made while nothing ran; by column and row.
    SettingsError
        Both or neither of ``bad`` and ``good``, an ideal cycle that is not above 0.

    Notes
    -----
    With run time = planned - downtime: ``availability = run / planned``, ``performance = ideal cycle x units / run``,
    ``quality = ideal cycle x good / (ideal cycle x units)`` (with one ideal cycle: good / units), ``OEE = ideal cycle x
    good / planned``, each of sums over periods, so that the three multiply to OEE. The average of the periods' own
    ratios is another number; a caveat shows it. Performance above 100 % is kept and named by row: the ideal cycle is
    then not the ideal one. Intervals come from how the periods differ
    (:func:`sigmatool.numbers.effectiveness.pooled_ratio`).

    References
    ----------
    Nakajima (1988), Introduction to TPM; ISO 22400-2:2014, sec. 9; Cochran (1977), Sampling Techniques, sec. 6.4.

    Examples
    --------
    >>> import pandas as pd
    >>> shifts = pd.DataFrame({"planned": [450, 450], "stops": [40, 55], "made": [310, 290], "bad": [12, 8]})
    >>> found = oee(shifts, planned="planned", downtime="stops", ideal_cycle=1.2, units="made", bad="bad")
    >>> [round(getattr(found.now, name).value, 3) for name in ("availability", "performance", "quality", "oee")]
    [0.894, 0.894, 0.967, 0.773]
    """
    level = level_of("confidence", confidence)
    if (bad is None) == (good is None):
        raise SettingsError(
            "name the bad units or the good ones: bad or good is a column of counts, and one is enough."
        )
    reasons = (downtime,) if isinstance(downtime, str) else tuple(downtime)
    if not reasons or len(set(reasons)) < len(reasons):
        raise SettingsError("downtime names one column, or several different ones.")
    frame = frame_of(data)
    held = _columns(frame, planned, reasons, units, bad or good or "", demand)
    cycle, told_cycle = _cycle(frame, ideal_cycle)
    if not np.isfinite(cycle).any():
        raise DataError(f"column {ideal_cycle!r} is empty in every row; the ideal cycle is needed.")
    parted = part_rows(frame, time=time, stage=stage, rollout=rollout)
    full = np.isfinite(cycle) & np.all([np.isfinite(v) for v in held.values()], axis=0)
    stops = np.column_stack([held[name] for name in reasons])
    other = held[bad or good or ""]
    _check(held, stops, cycle, full, (planned, units, bad or good or "", told_cycle), reasons)
    made = held[units]
    fine = other if good is not None else made - other
    everything = Periods(
        held[planned], stops, made, fine, cycle * made, cycle * fine, None if demand is None else held[demand]
    )
    usable = full & (parted.stage >= 0)
    if not usable.any():
        raise DataError(words.nothing(planned, units))
    order = np.arange(len(frame)) if parted.period is None else np.argsort(parted.period, kind="stable")
    rows = [order[usable[order] & (parted.stage[order] == s)] for s in range(len(parted.names))]
    empty = next((name for name, r in zip(parted.names, rows, strict=True) if r.size == 0), None)
    if empty is not None:
        raise DataError(f"stage {empty!r} has no row that is full; fill its cells, or leave the stages out.")
    stages = tuple(stage_of(name, everything.at(r), reasons, level) for name, r in zip(parted.names, rows, strict=True))
    settings = {
        "planned": planned, "downtime": list(reasons), "ideal_cycle": ideal_cycle, "units": units, "bad": bad,
        "good": good, "demand": demand, "time": time, "stage": stage, "rollout": plain_rollout(rollout),
        "confidence": level, "title": title,
    }  # fmt: skip
    options = {k: v for k, v in settings.items() if (k, v) != ("confidence", 0.95)}
    attrs = frame.attrs.get("sigmatool", {})
    source, used = attrs.get("source", ""), int(usable.sum())
    missing = len(frame) - used - parted.undated
    noted = [Caveat(c["code"], c["text"]) for c in attrs.get("caveats", ())]
    noted += parted.caveats
    if missing:
        noted.append(words.rows_missing(missing))
    fast = np.flatnonzero(usable & (everything.ideal > everything.run * (1 + SLACK)))
    if fast.size:
        noted.append(words.too_fast(fast + 1, everything.run[fast] / everything.units[fast], cycle[fast]))
    noted += words.caveats_of(stages)
    names = [n for n in (planned, *reasons, units, bad, good, demand, time, stage) if n]
    return Oee(
        settings=settings,
        rows=Rows(len(frame), used, missing, 0, parted.undated),
        caveats=tuple(dict.fromkeys(noted)),
        provenance=Provenance(
            fingerprint(names, [*held.values(), cycle], parted.labels), command_line("lean oee", source, options),
            attrs.get("file_sha256"), source,
        ),
        title=title or words.TITLE,
        stages=stages,
        change=change_of(*stages) if len(stages) == 2 else None,
        chart=_chart(frame, everything, usable, parted, time, stage, rollout),
        reasons=reasons,
        confidence=level,
    )  # fmt: skip


def _columns(
    frame: pd.DataFrame, planned: str, reasons: tuple[str, ...], units: str, other: str, demand: str | None
) -> dict[str, Floats]:  # fmt: skip
    """Every column by name; a column that stands for two things is refused."""
    names = [planned, *reasons, units, other, *([] if demand is None else [demand])]
    twice = next((n for i, n in enumerate(names) if n in names[:i]), None)
    if twice is not None:
        raise SettingsError(f"column {twice!r} is named for two things; each has a column of its own.")
    held = {name: numbers(frame, name) for name in names}
    for name, values in held.items():
        with np.errstate(invalid="ignore"):
            below = values < 0
        if below.any():
            row = int(np.argmax(below))
            raise DataError(f"column {name!r} is {values[row]:g} in row {row + 1}: a time or a count is not below 0.")
    return held


def _cycle(frame: pd.DataFrame, ideal_cycle: str | float) -> tuple[Floats, str]:
    """Ideal time of one unit by row, and how it is called."""
    if isinstance(ideal_cycle, str):
        cycle = numbers(frame, ideal_cycle)
        with np.errstate(invalid="ignore"):
            wrong = cycle <= 0
        if wrong.any():
            row = int(np.argmax(wrong))
            raise DataError(f"column {ideal_cycle!r} is {cycle[row]:g} in row {row + 1}: an ideal cycle is above 0.")
        return cycle, f"column {ideal_cycle!r}"
    if isinstance(ideal_cycle, bool) or not 0 < float(ideal_cycle) < np.inf:
        raise SettingsError(f"ideal_cycle must be a column or a number above 0, not {ideal_cycle!r}.")
    return np.full(len(frame), float(ideal_cycle)), "ideal_cycle"


def _check(
    held: dict[str, Floats], stops: Floats, cycle: Floats, full: Bools, names: tuple[str, str, str, str],
    reasons: tuple[str, ...],
) -> None:  # fmt: skip
    """Refuse what cannot be, by row."""
    planned, units, other, _ = names
    down = stops.sum(axis=1)

    def refuse(bad: Bools, text: str) -> None:
        if bad.any():
            at = int(np.argmax(bad))
            told = text.format(planned=held[planned][at], down=down[at], units=held[units][at], other=held[other][at])
            raise DataError(f"row {at + 1} has {told}")

    refuse(full & (held[planned] <= 0), f"{{planned:g}} {planned}: nothing was planned; leave the row out.")
    refuse(
        full & (down > held[planned] * (1 + SLACK)),
        f"{{down:g}} of downtime ({', '.join(reasons[:4])}) in {{planned:g}} {planned}: more than was planned; "
        "correct it.",
    )
    refuse(full & (held[other] > held[units]), f"{{other:g}} {other} of {{units:g}} {units}: more than were made.")
    idle = full & (held[units] > 0) & (held[planned] - down <= SLACK * held[planned])
    refuse(idle, f"{{units:g}} {units} but no time in which anything ran; correct the downtime or the units.")


def _chart(
    frame: pd.DataFrame, p: Periods, usable: Bools, parted: Parted, time: str | None, stage: str | None, rollout: Any
) -> ControlChart | None:  # fmt: skip
    """The individuals chart of the periods' own OEE, stage by stage; None of fewer than two periods."""
    import pandas as pd

    if int(usable.sum()) < 2 or any(int((usable & (parted.stage == s)).sum()) < 2 for s in range(len(parted.names))):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(usable, p.productive / p.planned, np.nan)
    name = words.free_name([c for c in (time, stage) if c])
    columns = {name: values, **{c: column(frame, c).to_numpy() for c in (time, stage) if c}}
    table = pd.DataFrame(columns)
    points = measurements(table, value=name, time=time, stage=stage, rollout=plain_rollout(rollout))
    return chart_points(points, "i-mr")
