"""What a study of flow tells, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..caveats import Caveat
from ..charts.words import number, percent, shown
from ..numbers.estimate import Estimate
from . import flow_caveat_words as caveats
from .flow_change import FEW

if TYPE_CHECKING:
    from .flow_change import Change
    from .flow_items import Items
    from .flow_result import FlowResult
    from .flow_study import Study

STEADY: Final = 0.2
"""Work in process of both halves that differs by no more than this share is called steady."""

_YOUNG: Final = 0.95
"""The percentile that the side after a rollout should be able to show."""


def steady(study: Study) -> bool:
    """Whether work in process was about the same in both halves of the window."""
    a, b = study.first_half.average, study.second_half.average
    return abs(a - b) <= STEADY * max(a, b)


def long(value: float, unit: str, doubt: float = math.nan) -> str:
    """A time in its unit.

    Examples
    --------
    >>> long(3.4, "days"), long(1.0, "hours"), long(float("nan"), "days")
    ('3.4 days', '1 hour', 'not reached yet')
    """
    if math.isnan(value):
        return "not reached yet"
    told = shown(value, doubt) if doubt > 0 else number(value)
    return f"{told} {unit[:-1] if told == '1' else unit}"


def bare(found: Estimate) -> str:
    """A time without its unit, to as many places as its interval leaves meaning.

    Examples
    --------
    >>> bare(Estimate(3.4567, 3.1, 3.9)), bare(Estimate(3.4567, 3.1, float("nan")))
    ('3.46', '3.46')
    """
    return shown(found.value, half(found)) if half(found) > 0 else number(found.value)


def half(found: Estimate) -> float:
    """Half the width of an interval, NaN where an end is open."""
    return (found.high - found.low) / 2


def interval(found: Estimate) -> str:
    """Both ends of an interval, or the one that is known.

    Examples
    --------
    >>> interval(Estimate(3.0, 2.51, 3.6)), interval(Estimate(3.0, 2.5, float("nan")))
    ('2.5 to 3.6', '2.5 upwards')
    """
    if math.isnan(found.low) and math.isnan(found.high):
        return "-"
    doubt = half(found)
    if math.isnan(found.high):
        return f"{number(found.low)} upwards"
    if math.isnan(found.low):
        return f"up to {number(found.high)}"
    return f"{shown(found.low, doubt)} to {shown(found.high, doubt)}"


def headline(found: FlowResult) -> str:
    """The study in one or two sentences."""
    unit, middle, slow = found.unit, found.percentile(0.5), found.percentile(0.85)
    parts = []
    if not math.isnan(slow.value):
        parts.append(
            f"half of the items are finished within {long(middle.value, unit, half(middle))}, 85 % within "
            f"{long(slow.value, unit, half(slow))} ({interval(slow)})"
        )
    elif not math.isnan(middle.value):
        parts.append(
            f"half of the items are finished within {long(middle.value, unit, half(middle))} ({interval(middle)}); the "
            "85th percentile cannot be told yet"
        )
    else:
        parts.append("so few items are finished that not even the median time can be told yet")
    parts.append(_inside(found))
    told = "; ".join(parts)
    return f"{told[0].upper()}{told[1:]}.{_changed(found)}"


def _inside(found: FlowResult) -> str:
    if not found.open:
        return "no item is open"
    items = "1 item is" if found.open == 1 else f"{found.open:,} items are"
    old = next(entry for entry in found.study.ageing.older if entry[0] == 0.85)
    if math.isnan(old[1]):
        return f"{items} open"
    return f"{items} open, {old[2]:,} of them older than that 85th percentile"


def _changed(found: FlowResult) -> str:
    c = found.change
    if c is None:
        return ""
    share, d = next(
        ((p, e) for p, e in reversed(c.differences) if p in (0.5, 0.85) and not math.isnan(e.value)), (0.5, None)
    )
    if d is None:
        return " Before and after the rollout cannot be told apart yet: too few items are finished."
    name = "median" if share == 0.5 else "85th percentile"
    pairs = ((dict(side.percentiles))[share] for side in (c.before, c.after))
    was, now = (long(e.value, found.unit, half(e)) for e in pairs)
    if math.isnan(d.low) or math.isnan(d.high):
        return f" The {name} went from {was} before the rollout to {now} after it."
    sure = "the interval of the difference holds zero" if d.low <= 0 <= d.high else "more than chance gives"
    return (
        f" The {name} went from {was} before the rollout to {now} after it (difference {signed(d)} {found.unit}, "
        f"{interval_signed(d)}): {sure}."
    )


def signed(found: Estimate) -> str:
    """A difference with its sign."""
    text = shown(found.value, half(found))
    return f"+{text}" if found.value > 0 else text


def interval_signed(found: Estimate) -> str:
    """The interval of a difference."""
    if math.isnan(found.low) or math.isnan(found.high):
        return "no interval"
    doubt = half(found)
    ends = (f"+{shown(e, doubt)}" if e > 0 else shown(e, doubt) for e in (found.low, found.high))
    return " to ".join(ends)


def little_in_words(found: FlowResult) -> tuple[str, str]:
    """Little's law: the identity, and what the usual product misses."""
    f, unit = found.study.flow, found.unit
    one = unit[:-1]
    first = (
        f"Over the window of {number(f.window)} {unit}, {number(f.average)} items were inside on average: "
        f"{number(f.rate)} a {one} that were present, for {number(f.stay)} {unit} inside the window each. This "
        "holds exactly for any window."
    )
    if not f.finished:
        return first, "No item has finished in the window, so that throughput and cycle time say nothing yet."
    before = (
        f", less {number(f.cut_before / f.window)} for the time that finished items had behind them when the window "
        "began"
        if f.cut_before > 0
        else ""
    )
    usual = (
        f"Throughput times the mean time of finished items gives {number(f.naive)}: {number(f.naive_rate)} a {one} "
        f"times {number(f.naive_stay)} {unit}."
    )
    if f.still_open == 0 and f.cut_before == 0:
        return first, f"{usual} Nothing was under way at either end of the window, so both agree."
    second = (
        f"{usual} The rest, {number(f.gap)}, is owed to the ends of the window: {number(f.still_open / f.window)} for "
        f"the {f.inside_last:,} items still open{before}."
    )
    return first, second


def takt_in_words(found: FlowResult) -> str:
    """Takt against the time that each finished item has had."""
    t = found.study.takt
    if t is None:
        return ""
    per = found.study.periods.calendar.per
    share = found.study.throughput.value / t.demand
    return (
        f"{number(t.demand)} items are wanted a {per}, and {number(t.available)} {t.unit} are worked: one every "
        f"{number(t.takt)} {t.unit} (takt). One was finished every {number(t.observed.value)} {t.unit} of working "
        f"time: {percent(share)} of the demand."
    )


def caveats_of(items: Items, study: Study, change: Change | None, by: str) -> tuple[Caveat, ...]:
    """What a reader must know."""
    told = [caveats.bad_stamps(bad.code, int(bad.rows.size), int(bad.rows[0])) for bad in items.bad]
    if items.rows.missing:
        told.append(caveats.start_missing(items.rows.missing))
    open_items = int(items.start.size) - study.curve.ended
    lost = next((share for share, e in study.percentiles if math.isnan(e.value)), None)
    if lost is not None:
        told.append(caveats.not_reached(lost, open_items, study.curve.n))
    if not open_items:
        told.append(caveats.only_finished())
    if not steady(study):
        told.append(caveats.wip_not_steady(study.first_half.average, study.second_half.average))
    if study.alike > 0.1:
        told.append(caveats.neighbours_alike(study.alike))
    whole = int(study.periods.whole.sum())
    if whole < 3:
        told.append(caveats.few_periods(study.periods.calendar.per, whole))
    if items.touch_long.size:
        told.append(caveats.touch_too_long(int(items.touch_long.size), int(items.touch_long[0])))
    if study.efficiency is not None:
        told.append(caveats.calendar_time())
    if change is not None:
        told += _of_change(change, study, by)
    return tuple(told)


def _of_change(change: Change, study: Study, by: str) -> list[Caveat]:
    told = []
    if change.straddling:
        told.append(caveats.straddling(change.straddling, by))
    for side, name in ((change.before, "before"), (change.after, "after")):
        if side.curve.ended < FEW:
            told.append(caveats.few_on_a_side(name, side.curve.ended))
    slow = dict(change.before.percentiles)[_YOUNG].value
    if not slow <= change.after.curve.longest:
        told.append(caveats.after_is_young(change.after.curve.longest, study.unit))
    return told
