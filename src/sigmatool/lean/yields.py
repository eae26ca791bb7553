"""How many units pass every step right the first time, and what does rework hide?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ..capability.levels import level_of
from ..caveats import Caveat, Rows
from ..columns import frame_of, numbers
from ..data import check_counts, fingerprint
from ..errors import DataError, SettingsError
from ..result import Provenance, command_line
from . import yield_words as words
from .parting import Parted, part_rows, plain_rollout, texts_of
from .yield_result import YieldStudy
from .yield_study import Sums, change_of, dispersion_of, stage_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

COUNTED: Final = ("defects", "rework", "scrap")


def rolled_yield(
    data: Any,
    *,
    step: str,
    units: str,
    defects: str | None = None,
    rework: str | None = None,
    scrap: str | None = None,
    opportunities: str | float | None = None,
    time: str | None = None,
    stage: str | None = None,
    rollout: Any = None,
    shift: float = 0.0,
    confidence: float = 0.95,
    title: str | None = None,
) -> YieldStudy:
    """Roll the yields of the steps of a process together.

    Parameters
    ----------
    data : DataFrame
        One row a step, or a step and a period; rows of one step are summed. Steps stand in the order in which they
        come.
    step : str
        Column of the step.
    units : str
        Column of the units that went in.
    defects : str, optional
        Column of the defects found; a unit can have several.
    rework, scrap : str, optional
        Columns of the units that were reworked, and scrapped; a unit counts in one of them at most.
    opportunities : str or float, optional
        Chances for a defect in one unit, a column or a number: with ``defects`` they give DPO and DPMO.
    time : str, optional
        Column that dates the rows.
    stage : str, optional
        Column of two stages, before and after.
    rollout : value, optional
        The moment at which the second stage begins; needs ``time``.
    shift : float
        Added to process Z for the sigma level. 1.5 is the convention of Six Sigma, which nothing in the data supports:
        default 0.
    confidence : float
        Of every interval; differences of steps hold all at once.
    title : str, optional

    Returns
    -------
    YieldStudy

    Raises
    ------
    DataError
        More units lost than went in, a broken count, a step that one stage does not have; by column and row.
    SettingsError
        None of ``defects``, ``rework`` and ``scrap``; opportunities without defects.

    Notes
    -----
    First-time yield (FTY) of a step is ``1 - (rework + scrap) / units``, or ``exp(-DPU)`` where only defects are known.
    ``RTY = prod FTY``, normalised yield ``RTY^(1/k)``, final yield ``prod(1 - scrap / units)``; the hidden factory is
    the final yield less RTY. Steps are taken as independent. Where rows of a step scatter by more than chance allows
    (chi-square, 1 %), its units are worth less by as much, and a caveat says so.

    References
    ----------
    Harry (1988), The Nature of Six Sigma Quality; Pyzdek & Keller (2014), The Six Sigma Handbook, 4th ed., ch. 5; Fay &
    Feuer (1997), Statistics in Medicine 16 (interval of a weighted sum).

    Examples
    --------
    >>> import pandas as pd
    >>> line = pd.DataFrame({"step": ["mix", "fill", "cap"], "in": [500, 495, 490], "rework": [5, 20, 4],
    ...                      "scrap": [5, 5, 1]})
    >>> found = rolled_yield(line, step="step", units="in", rework="rework", scrap="scrap")
    >>> round(found.now.rolled.value, 3), round(found.now.final, 3), found.now.worst.name
    (0.921, 0.978, 'fill')
    """
    level, shift = level_of("confidence", confidence), _shift(shift)
    if defects is None and rework is None and scrap is None:
        raise SettingsError("name what was lost: defects, rework or scrap is a column of counts.")
    if opportunities is not None and defects is None:
        raise SettingsError("opportunities are chances for a defect: name the column of the defects too.")
    frame = frame_of(data)
    names = texts_of(frame, step)
    amount = numbers(frame, units)
    columns = {what: numbers(frame, name) for what, name in zip(COUNTED, (defects, rework, scrap), strict=True) if name}
    chances = None if opportunities is None else _chances(frame, opportunities)
    parted = part_rows(frame, time=time, stage=stage, rollout=rollout)
    told = {"defects": defects, "rework": rework, "scrap": scrap, "units": units}
    _check(amount, columns, chances, told)
    usable = (parted.stage >= 0) & np.isfinite(amount) & np.array([bool(n) for n in names])
    for values in (*columns.values(), *([] if chances is None else [chances])):
        usable &= np.isfinite(values)
    steps = tuple(dict.fromkeys(n for n, ok in zip(names, usable.tolist(), strict=True) if ok))
    if not steps:
        raise DataError(words.nothing(step, units))
    of = np.array([steps.index(n) if ok else -1 for n, ok in zip(names, usable.tolist(), strict=True)], dtype=np.int64)
    sums = tuple(_sums(parted, s, of, len(steps), amount, columns, chances) for s in range(len(parted.names)))
    for s, held in zip(parted.names, sums, strict=True):
        absent = np.flatnonzero(held.rows == 0)
        if absent.size:
            raise DataError(
                f"stage {s!r} has no row of step {steps[absent[0]]!r}: two stages are compared step by step; add its "
                "rows, or leave the step out of both."
            )
    stages = tuple(stage_of(name, steps, held, level) for name, held in zip(parted.names, sums, strict=True))
    settings = {
        "step": step, "units": units, "defects": defects, "rework": rework, "scrap": scrap,
        "opportunities": opportunities, "time": time, "stage": stage, "rollout": plain_rollout(rollout), "shift": shift,
        "confidence": level, "title": title,
    }  # fmt: skip
    options = {k: v for k, v in settings.items() if (k, v) not in (("shift", 0.0), ("confidence", 0.95))}
    held_attrs = frame.attrs.get("sigmatool", {})
    source, used = held_attrs.get("source", ""), int(usable.sum())
    used_names = [n for n in (step, units, defects, rework, scrap, time, stage) if n]
    digest = fingerprint(
        used_names, [amount, *columns.values(), *([] if chances is None else [chances])], (*names, *parted.labels)
    )
    noted = [Caveat(c["code"], c["text"]) for c in held_attrs.get("caveats", ())]
    noted += parted.caveats
    missing = len(frame) - used - parted.undated
    if missing:
        noted.append(words.rows_missing(missing))
    noted += words.caveats_of(stages, defects is not None, rework, scrap)
    return YieldStudy(
        settings=settings,
        rows=Rows(len(frame), used, missing, 0, parted.undated),
        caveats=tuple(noted),
        provenance=Provenance(
            digest, command_line("lean yield", source, options), held_attrs.get("file_sha256"), source
        ),
        title=title or words.TITLE,
        stages=stages,
        change=change_of(sums[0], sums[1], level) if len(sums) == 2 else None,
        by_defects=sums[0].by_defects,
        shift=shift,
        confidence=level,
    )  # fmt: skip


def _shift(shift: Any) -> float:
    if isinstance(shift, bool | str) or not 0 <= float(shift) <= 5:
        raise SettingsError(f"shift must be a number from 0 to 5, such as 1.5, not {shift!r}.")
    return float(shift)


def _chances(frame: pd.DataFrame, opportunities: str | float) -> Floats:
    """Opportunities of one unit, by row."""
    if isinstance(opportunities, str):
        return numbers(frame, opportunities)
    if isinstance(opportunities, bool) or not 0 < float(opportunities) < np.inf:
        raise SettingsError(f"opportunities must be a column or a number above 0, not {opportunities!r}.")
    return np.full(len(frame), float(opportunities))


def _check(units: Floats, columns: dict[str, Floats], chances: Floats | None, told: dict[str, str | None]) -> None:
    """Refuse what cannot be, by row."""
    for what, values in columns.items():
        check_counts(values, np.where(np.isnan(units), 1.0, units), str(told[what]), str(told["units"]), False)
    check_counts(units, units, str(told["units"]), None, False)

    def refuse(bad: Bools, text: str) -> None:
        if bad.any():
            row = int(np.argmax(bad))
            values = {what: v[row] for what, v in columns.items()}
            raise DataError(f"row {row + 1} has {text.format(units=units[row], **values)}")

    with np.errstate(invalid="ignore"):
        refuse(units <= 0, f"{{units:g}} {told['units']}: nothing went in there; correct it or leave the row out.")
        lost = [columns[what] for what in ("rework", "scrap") if what in columns]
        if lost:
            both = " and ".join(f"{{{what}:g}} {told[what]}" for what in ("rework", "scrap") if what in columns)
            refuse(
                np.sum(lost, axis=0) > units,
                f"{both} of {{units:g}} {told['units']}: more units than went in; a unit is reworked or scrapped, not "
                "both.",
            )
        if chances is None:
            return
        row = int(np.argmax(chances <= 0))
        if chances[row] <= 0:
            raise DataError(f"row {row + 1} has {chances[row]:g} opportunities; a unit has more than 0.")
        over = columns["defects"] > units * chances
        refuse(
            over,
            f"{{defects:g}} {told['defects']} on {{units:g}} units: more than their opportunities; count those again.",
        )


def _sums(
    parted: Parted, s: int, of: Ints, k: int, units: Floats, columns: dict[str, Floats], chances: Floats | None
) -> Sums:  # fmt: skip
    """One stage, summed by step."""
    rows = (of >= 0) & (parted.stage == s)
    at = of[rows]

    def total(values: Floats) -> Floats:
        return np.asarray(np.bincount(at, values[rows], minlength=k), dtype=np.float64)

    held = {what: total(columns[what]) if what in columns else None for what in COUNTED}
    bare = Sums(
        total(units), np.bincount(at, minlength=k), held["defects"], held["rework"], held["scrap"],
        None if chances is None else total(units * chances), np.ones(k),
    )  # fmt: skip
    lost = columns["defects"] if bare.by_defects else sum(
        (columns[what] for what in ("rework", "scrap") if what in columns), start=np.zeros(units.size)
    )  # fmt: skip
    uneven = [dispersion_of(lost[rows][at == i], units[rows][at == i], not bare.by_defects) for i in range(k)]
    return replace(bare, dispersion=np.array(uneven))
