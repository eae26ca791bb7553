"""Is there room to work?"""

from __future__ import annotations

from typing import Any, Literal

from ..capability.levels import level_of
from ..data import Exclude, frame_of
from ..errors import SettingsError
from ..origin import Choice
from ..result import Provenance, command_line, listed
from . import allocation as table
from .allocation_study import study_of as allocation_of
from .capacity_asked import amount_of, goal_of, scv_of, unit_of
from .capacity_result import CapacityCheck
from .capacity_study import caveats_of, study_of
from .capacity_table import Named, periods_of


def capacity_check(
    data: Any,
    *,
    arrivals: str,
    handling: str,
    staff: str,
    unit: str,
    hours: float | str,
    time: str | None = None,
    handling_sd: str | None = None,
    project: float | str | None = None,
    goal: str | None = None,
    arrivals_scv: float = 1.0,
    allocation: Any = None,
    allocation_unit: Literal["person", "team"] = "person",
    confidence: float = 0.95,
    exclude: Exclude = None,
    title: str | None = None,
) -> CapacityCheck:
    """See how busy people are, how long work waits for them, and what the hours of projects cost.

    Parameters
    ----------
    data : DataFrame
        One row a period, such as a week or half an hour.
    arrivals, handling, staff : str
        Columns: how many arrived, their mean handling time, and the people at work on average while it was open (those
        at projects too).
    unit : {"seconds", "minutes", "hours"}
        Of handling times; waits are told in it. There is no default, as a wrong one makes every number wrong.
    hours : float or str
        Open hours of a period, for all or as a column.
    time : str, optional
        Column that orders the periods.
    handling_sd : str, optional
        Column with the standard deviation of handling times inside each period; default: as large as their mean
        (exponential), which is told.
    project : str or float, optional
        Person-hours that projects take: a column, a number for each period, or a share of all hours ("15%").
    goal : str, optional
        A mean wait ("30s", "5min") or a service level ("80% in 20s"). How many hours projects could take, and the
        people needed, are told against it.
    arrivals_scv : float
        Squared coefficient of variation of the times between arrivals inside a period; 1 (chance) unless appointments
        make them steadier or bursts rougher. Differences between periods are seen in the data.
    allocation : path or DataFrame, optional
        Hours promised: columns ``person`` and ``group`` (or ``team``), ``period``, ``available``, ``operations``, and
        one for each project.
    allocation_unit : {"person", "team"}
        What a row of it is. People are never named: groups of fewer than five enter no number. Teams are named.
    confidence : float
    exclude : sequence of int, str, or mapping
        Periods left out.
    title : str

    Returns
    -------
    CapacityCheck

    Raises
    ------
    DataError
        Negative arrivals, no staff, handling times of nothing, projects that take all hours; by column and row.
    SettingsError
        An unknown unit, a goal without a unit of time.

    Notes
    -----
    Utilisation is work (arrivals times handling time) over person-hours. More work than hours is a finding and not an
    error: in a steady state waiting has no bound then, and the hours that are left over are told.

    The mean wait of a period is ``(ca2 + cs2) / 2 * C(c, a) / (c - a) * handling`` (Allen-Cunneen; C of Erlang). The
    same periods are simulated one after another, and where the formula lies more than 10 % from it, or the simulation
    is too uncertain to tell, the simulated waits are told, with a caveat. Inside a period arrivals and staff are taken
    as even.

    References
    ----------
    Gans, Koole & Mandelbaum (2003), Telephone Call Centers, M&SOM 5, 79-141; Whitt (1993), Approximations for the
    GI/G/m queue, Production and Operations Management 2, 114-161; Hopp & Spearman (2011), Factory Physics, 3rd ed.,
    chapter 8.

    Examples
    --------
    >>> import pandas as pd
    >>> weeks = pd.DataFrame({"calls": [980, 1040, 1010, 1075], "minutes": [6.0, 6.1, 5.9, 6.0], "people": 3.1})
    >>> found = capacity_check(weeks, arrivals="calls", handling="minutes", staff="people", unit="minutes", hours=40,
    ...                        project="10%", goal="5min")
    >>> round(found.utilisation.value, 2), round(found.study.use[0].overall.value, 2)
    (0.92, 0.83)
    """
    frame = frame_of(data)
    columns = [str(name) for name in frame.columns]
    known = unit_of(unit)
    wanted = goal_of(goal, known)
    level = level_of("confidence", confidence)
    scv = scv_of("arrivals_scv", arrivals_scv)
    open_hours = amount_of("hours", hours, columns)
    if open_hours.told is None:
        raise SettingsError("hours must say how many hours a period is open: a number, or a column.")
    taken = amount_of("project", project, columns, share=True)
    named = Named(arrivals, handling, staff, handling_sd, open_hours, taken, time)
    p = periods_of(frame, named, known, exclude)
    if allocation is None and allocation_unit not in table.UNITS:
        raise SettingsError(f"allocation_unit must be person or team, not {allocation_unit!r}.")
    promised = None if allocation is None else allocation_of(table.read(allocation, allocation_unit), allocation_unit)
    study = study_of(p, wanted, scv, level)
    settings = {
        "arrivals": arrivals, "handling": handling, "staff": staff, "unit": known, "hours": open_hours.told,
        "time": time, "handling_sd": handling_sd, "project": taken.told,
        "goal": None if wanted is None else wanted.text,
        "arrivals_scv": scv, "allocation": None if promised is None else Choice(promised.source),
        "allocation_unit": None if promised is None else allocation_unit, "confidence": level,
        "exclude": listed(exclude), "title": title,
    }  # fmt: skip
    defaults = (("arrivals_scv", 1.0), ("confidence", 0.95), ("allocation_unit", "person"))
    options = {k: v for k, v in settings.items() if (k, v) not in defaults}
    return CapacityCheck(
        settings=settings, rows=p.rows,
        caveats=tuple(
            dict.fromkeys((*p.caveats, *caveats_of(p, study, known), *(promised.caveats if promised else ())))
        ),
        provenance=Provenance(p.sha256, command_line("lean capacity", p.source, options), p.file_sha256, p.source),
        title=title or f"Room to work: {arrivals}", unit=known, confidence=level, goal=wanted, periods=p, study=study,
        allocation=promised,
    )  # fmt: skip
