"""How does work flow: how long do items take, how many pass, how many are inside, and which have been there long?"""

from __future__ import annotations

from typing import Any

from ..result import Provenance, command_line
from .flow_asked import asked_of
from .flow_change import change_of
from .flow_items import items_of
from .flow_result import FlowResult
from .flow_study import study_of
from .flow_words import caveats_of


def flow(
    data: Any,
    *,
    start: str,
    end: str,
    item: str | None = None,
    touch: str | None = None,
    touch_unit: str = "hours",
    as_of: Any = None,
    since: Any = None,
    per: str = "auto",
    rollout: Any = None,
    by: str = "start",
    demand: float | None = None,
    available: float | str | None = None,
    confidence: float = 0.95,
    title: str | None = None,
) -> FlowResult:
    """See how items flow, from the moments at which they start and end.

    Parameters
    ----------
    data : DataFrame
        One row an item: a ticket, an order, a patient. Open items belong in it, with an empty end.
    start, end : str
        Columns of moments: dates and times, or texts such as ``2026-03-31 17:00``. Stamps with a zone are brought to
        UTC, those without stand as the clock showed them. A stamp that cannot be right is listed by its row and enters
        no number.
    item : str, optional
        Column with the name of each item. A row that repeats an item with the same stamps is not counted again; an item
        whose rows disagree is not counted at all.
    touch : str, optional
        Column with the time that was worked on each item, for flow efficiency: numbers in ``touch_unit``, or lengths of
        time.
    touch_unit : {"hours", "minutes", "seconds", "days"}
    as_of : moment, optional
        When the table was drawn: open items are as old as that, and later stamps are wrong. Default the last stamp in
        the table. A day stands for its end.
    since : moment, optional
        The table holds only items that were still open then, or started later (left truncation); rows that ended before
        are left out. Default: from the first start, everything.
    per : {"auto", "day", "week", "month"}
        Period of throughput; auto: days up to 62 of them, weeks up to two years, then months.
    rollout : moment, optional
        Compare before and after; ``WHEN=LABEL`` names it.
    by : {"start", "exposure"}
        ``start``: an item belongs to the side on which it started. ``exposure``: the time of an item that was under way
        at the rollout is split there.
    demand : float, optional
        Items wanted in a period, for takt; needs ``available``.
    available : str or float, optional
        Working time in a period: ``"450min"``, ``"7.5h"``, a number of hours.
    confidence : float
    title : str, optional

    Returns
    -------
    FlowResult

    Raises
    ------
    DataError
        No such column; a column without any date; no item left to use; no item on one side of the rollout.
    SettingsError
        A setting that is unknown, out of range, or does not go with another.

    Notes
    -----
    Percentiles come from the Kaplan-Meier curve: an open item has taken at least as long as it is old, and counts as
    that. Dropping open items, as a mean of finished ones does, makes every process look quick. The p-th percentile is
    the first time at which the curve has come down to 1 - p; its interval needs no distribution (Brookmeyer and
    Crowley, on the scale of log(-log)). Intervals take items for independent.

    References
    ----------
    Kaplan & Meier (1958), JASA 53; Brookmeyer & Crowley (1982), Biometrics 38; Little (2011), Operations Research 59;
    Vacanti (2015), Actionable Agile Metrics for Predictability (cycle-time percentiles, ageing, flow diagram).

    Examples
    --------
    >>> import pandas as pd
    >>> tickets = pd.DataFrame(
    ...     {
    ...         "opened": ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-09", "2026-01-12"],
    ...         "closed": ["2026-01-08", "2026-01-07", "2026-01-13", None, None],
    ...     }
    ... )
    >>> found = flow(tickets, start="opened", end="closed", as_of="2026-01-14")
    >>> found.percentile(0.5).value, found.unit, found.open
    (6.0, 'days', 2)
    """
    asked = asked_of(as_of, since, rollout, by, per, touch_unit, demand, available, confidence)
    items = items_of(data, start, end, item, touch, asked)
    study = study_of(items, asked)
    change = change_of(items, study, asked)
    settings = {
        "start": start, "end": end, "item": item, "touch": touch, "touch_unit": touch_unit if touch else None,
        "as_of": asked.as_of.text if asked.as_of else None, "since": asked.since.text if asked.since else None,
        "per": per, "rollout": _rollout(asked.rollout.text, asked.label) if asked.rollout else None,
        "by": by if rollout is not None else None, "demand": asked.demand,
        "available": None if available is None else str(available).replace(" ", ""), "confidence": asked.confidence,
        "title": title,
    }  # fmt: skip
    defaults = (("touch_unit", "hours"), ("per", "auto"), ("by", "start"), ("confidence", 0.95))
    options = {k: v for k, v in settings.items() if (k, v) not in defaults}
    return FlowResult(
        settings=settings,
        rows=items.rows,
        caveats=tuple(dict.fromkeys((*items.caveats, *caveats_of(items, study, change, by)))),
        provenance=Provenance(
            items.sha256, command_line("lean flow", items.source, options), items.file_sha256, items.source
        ),
        title=title or f"Flow from {start} to {end}",
        asked=asked,
        items=items,
        study=study,
        change=change,
    )


def _rollout(when: str, label: str) -> str:
    return when if label == "rollout" else f"{when}={label}"
