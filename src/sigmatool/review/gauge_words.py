"""What the gauge means for the verdict, in words."""

from __future__ import annotations

import math
from typing import Final

from ..caveats import Caveat
from ..numbers.estimate import Estimate
from .gauge import GaugeFound, StageShare
from .result import Check
from .words import counted, moved, number, percent

STAYED: Final = (
    "The gauge stayed the same, as declared by leaving --gauge-changed out: its random error is in the scatter of the "
    "points already, so no interval had to be widened. Other gauges, operators or calibrations after the rollout than "
    "before have to be declared."
)
NOTHING_KNOWN: Final = (
    "The gauge changed at the rollout, as declared, but its file gives neither reproducibility nor bias: the level "
    "could not be widened, and the change may be the gauge's own."
)
FORMULA: Final = (
    "Shift of the gauge between the stages: u² = 2 (reproducibility² + bias_sd²) + bias² + (linearity × change)², with "
    "the degrees of freedom that the study leaves it (GUM, annex G), summed with the uncertainty of the change "
    "(Behrens and Fisher). The error rates of the study know no such doubt: with it fewer changes are credited, and "
    "more are missed."
)
COLUMNS: Final = ("stage", "spread", "seen", "of it measurement", "95 % interval", "process alone")
WITHIN: Final = "within"
OVERALL: Final = "overall"
CAPTION: Final = (
    "Standard deviations that were seen (within: from one value to the next), measurement's share of their variance, "
    "and the spread of the process without its gauge"
)
CHECK: Final = "Measurement system"
KNOWN: Final = " (taken as known: no interval was given)"


def between(e: Estimate) -> str:
    """The interval of a spread."""
    return "" if math.isnan(e.low) or math.isnan(e.high) else f"{number(e.low)} to {number(e.high)}"


def shares(e: Estimate) -> str:
    """The interval of a share."""
    return "" if math.isnan(e.low) or math.isnan(e.high) else f"{percent(e.low)} to {percent(e.high)}"


def lead(g: GaugeFound) -> str:
    """The share of measurement before and after."""
    before, after = g.stages
    told = " and ".join(f"{percent(s.share_overall.value)}{_span(s.share_overall)} {s.name}" for s in (before, after))
    return f"Of the variance that was seen, measurement makes up {told} the rollout."


def _span(e: Estimate) -> str:
    return f" (95 % interval {shares(e)})" if shares(e) else ""


def able(g: GaugeFound) -> str:
    """Whether the change is larger than what the gauge can tell."""
    told = (
        f"A single reading has a standard deviation of {number(g.sd.value)} from measurement alone"
        f"{f' ({between(g.sd)})' if between(g.sd) else KNOWN}, and a probable error of "
        f"{number(g.probable_error.value)}: half of all readings err by more."
    )
    if g.increment is not None:
        told += f" The values come in steps of {number(g.increment)}."
    if g.increment is not None and g.increment > 2.2 * g.probable_error.value:
        told += " That is coarser than the gauge itself: the steps, and not the gauge, limit what can be told."
    if g.change is None or g.in_probable_errors is None:
        return told
    apart = "more" if g.in_probable_errors > 1 else "less"
    told += (
        f" The change of {moved(g.change, False)} comes to {number(g.in_probable_errors)} probable errors, "
        f"{apart} than one; the averages of the stages can tell a change of {number(g.averages)} or more from random "
        "error of measurement."
    )
    return told


def widening(g: GaugeFound, verdict: str) -> str:
    """What the doubt did to the interval, and to the verdict."""
    w = g.widened
    if w is None:
        return NOTHING_KNOWN if g.changed else STAYED
    why = (
        "The gauge changed at the rollout, as declared"
        if g.changed
        else "The bias of the gauge depends on the size that is measured"
    )
    known = "" if w.dof > 1000 else f", known to {counted(max(round(w.dof), 1), 'degree')} of freedom"
    told = (
        f"{why}: it may have moved the level by itself (standard uncertainty {number(w.sd)}{known}). That widens the "
        f"95 % interval of the change from {moved(w.plain_low, False)} to {moved(w.plain_high, False)}, to "
        f"{moved(w.low, False)} to {moved(w.high, False)}."
    )
    if w.verdict_plain != verdict:
        return f"{told} Without this doubt the verdict would read {w.verdict_plain}."
    return f"{told} The verdict stands with this doubt."


def capability(g: GaugeFound) -> str:
    """Ppk as seen, and of the process alone."""
    parts = [
        f"{number(s.ppk)} {s.name} as seen, {number(s.ppk_process)} of the process alone"
        for s in g.stages
        if s.ppk is not None and s.ppk_process is not None
    ]
    return (
        f"Ppk: {'; '.join(parts)}. The customer meets the process alone; what is seen carries the gauge as well."
        if parts
        else ""
    )


def turns(g: GaugeFound, verdict: str) -> tuple[str, ...]:
    """Beside the verdict: that it would read otherwise without the doubt."""
    if g.widened is None or g.widened.verdict_plain == verdict:
        return ()
    return (f"a gauge that moved could have made this change; without that doubt it reads {g.widened.verdict_plain}",)


def caveats(g: GaugeFound, verdict: str) -> tuple[Caveat, ...]:
    """A verdict that turned on the gauge, and what does not fit together."""
    found = []
    if turns(g, verdict) and g.widened is not None:
        text = (
            f"The verdict turns on the gauge: a shift of it at the rollout could have made this change. Without that "
            f"doubt it would read {g.widened.verdict_plain}."
        )
        found.append(Caveat("gauge-turns-verdict", text))
    over = [s for s in g.stages if s.process is None]
    if over:
        found.append(Caveat("gauge-exceeds-spread", _exceeds(g, over)))
    if g.changed and (g.widened is None or g.widened.sd == 0):
        found.append(Caveat("gauge-change-unknown", NOTHING_KNOWN))
    return tuple(found)


def _exceeds(g: GaugeFound, over: list[StageShare]) -> str:
    names = " and ".join(s.name for s in over)
    return (
        f"The gauge study tells more spread ({number(g.sd.value)}) than all values show {names} the rollout: is it of "
        "another gauge, another unit, or are the values averages of several readings?"
    )


def check(g: GaugeFound) -> Check:
    """The row of the report card."""
    after = g.stages[-1].share_overall
    state = "declared as changed at the rollout" if g.changed else "declared as unchanged"
    sure = not g.changed or (g.widened is not None and g.widened.sd > 0)
    todo = "Measure some of the same parts with both gauges." if g.changed else "Confirm that it is so."
    return Check(
        CHECK,
        f"a gauge study was given: {percent(after.value)} of the variance after is measurement; {state}",
        "A change of gauge, definition or clock at the rollout looks like a change of the process.",
        todo,
        "good" if sure and after.value < 1 else "open",
    )  # fmt: skip
