"""Adoption and its dose-response, in words: data about the process, never about a person."""

from __future__ import annotations

from typing import Final

from ..caveats import Caveat
from ..numbers.estimate import Estimate
from .adoption import AdoptionFound
from .words import counted, moved, number, percent

CAPTION: Final = "The outcome above, the share of work done the new way below; both over the same points"
NO_PERSON: Final = (
    "Where the new way is not taken up, that is data about the process: about training, tools, time or fit of the "
    "work. It is told by site, never of a person. Sites that adopt early differ from others in more than that, so the "
    "verdict does not rest on this section."
)
DOSES: Final = {
    "after": "points after the rollout",
    "after_trend": "the same, beside a trend of their own",
    "overall": "all judged points, adoption in place of the rollout",
}
DOSE_COLUMNS: Final = ("fitted to", "points", "change for 10 points more adoption", "95 % interval")
DOSE_CAPTION: Final = "Change by dose; intervals allow for the resemblance of neighbouring points"
SITE_CAPTION: Final = "Sites from the highest adoption to the lowest"
FINDING: Final = {
    "supports": "After the rollout results are better where adoption is higher, which supports the rollout as the "
    "cause.",
    "against": "After the rollout results are worse where adoption is higher, which speaks against the rollout as the "
    "cause of a gain: look at what the new way does where it is used most.",
    "weakens": "After the rollout results are no better where adoption is higher, although the data would have shown "
    "an effect that grows with it: this weakens the rollout as the cause.",
    "silent": "Whether results are better where adoption is higher cannot be told from these points; that neither "
    "supports nor weakens the rollout as the cause.",
    "not asked": "Adoption varies too little after the rollout, or at too few points, to tell whether results "
    "follow it.",
}
WITH_TIME: Final = (
    " Adoption and time run together here: beside a trend of the points' own the slope is not shown any more, so that "
    "a trend would look the same."
)


def lead(a: AdoptionFound) -> str:
    """How much work is done the new way."""
    told = [
        f"{percent(v)} {when}"
        for v, when in ((a.before, "before the rollout"), (a.after, "after it"), (a.latest, "at the latest points"))
        if v is not None
    ]
    return f"Share of the work done the new way: {', '.join(told)}."


def finding(a: AdoptionFound, better_low: bool) -> str:
    """What the dose says; ``better_low``: lower is better."""
    text = FINDING[a.finding]
    if a.finding == "supports" and not _shown(a.doses[1].slope, better_low):
        text += WITH_TIME
    return text


def _shown(e: Estimate, better_low: bool) -> bool:
    return e.high < 0 if better_low else e.low > 0


def expected(a: AdoptionFound, share: bool) -> str:
    """What the slope would be, were the whole effect adoption's."""
    if a.expected is None:
        return ""
    return (
        f"Were the whole change of level due to adoption, ten percentage points more of it would change the metric by "
        f"{moved(a.expected, share)}."
    )


def sites(a: AdoptionFound, share: bool) -> str:
    """High against low adoption."""
    s = a.sites
    if s is None:
        return ""
    told = []
    if s.high is not None and s.low is not None:
        told.append(
            f"The half of the sites with the higher adoption changed by {moved(s.high, share)} on average, the other "
            f"half by {moved(s.low, share)}."
        )
    if s.slope is not None:
        told.append(
            f"Over the sites ten percentage points more adoption go with a change of {moved(s.slope.value, share)} "
            f"(95 % interval {moved(s.slope.low, share)} to {moved(s.slope.high, share)})."
        )
    if s.pooled:
        told.append(
            f"{counted(s.pooled, 'site')} with fewer than five rows on a side of the rollout "
            f"{'is' if s.pooled == 1 else 'are'} not told apart."
        )
    return " ".join(told)


def chart(a: AdoptionFound) -> str:
    """What the chart of adoption says of itself."""
    kind = "p chart" if a.chart == "p" else "run chart about the median"
    if not a.signals:
        return f"Adoption after the rollout as a {kind}: one steady level."
    return f"Adoption after the rollout as a {kind}: not one steady level ({counted(a.signals, 'signal')})."


def caveats(a: AdoptionFound) -> tuple[Caveat, ...]:
    """Adoption that does not fit the date of the rollout."""
    found = []
    if a.before is not None and a.after is not None and a.before > 0.5 * a.after and a.after > 0:
        text = (
            f"{percent(a.before)} of the work was done the new way before the rollout already, {percent(a.after)} "
            "after it: before and after do not compare the old way with the new one."
        )
        found.append(Caveat("adoption-before", text))
    elif a.before:
        text = f"Adoption was {percent(a.before)} before the rollout: the change of level understates the effect."
        found.append(Caveat("adoption-early", text))
    if a.after is not None and a.after < 0.01:
        text = f"Hardly any work ({percent(a.after)}) is done the new way: no change since can be the rollout's."
        found.append(Caveat("adoption-none", text))
    return tuple(found)


def level(value: float, share: bool) -> str:
    """A level in the metric's own unit."""
    return percent(value) if share else number(value, 4)
