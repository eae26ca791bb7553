"""The sentences of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..caveats import Caveat
from ..render.cells import plain_text
from ..review.words import number, percent, points

if TYPE_CHECKING:
    from ..registration import Registration
    from .needed import Effect, Meeting, Needed, Silence
    from .watch import Slip, Watch

SETTLED: Final = {"good": "ready", "open": "with reservations", "bad": "not ready"}
"""Whether the baseline will do, by the tone of its worst row."""


def amount(value: float, share: bool) -> str:
    """A size of change; proportions in percentage points."""
    return f"{number(100 * value)} points" if share else number(value)


def effect(e: Effect, share: bool, better: str) -> str:
    """ "−2 (10 %)": which way, how much, and how much of the level before."""
    sign = {"lower": "−", "higher": "+"}.get(better, "")
    of = "" if e.share is None else f" ({percent(e.share, 3)})"
    return f"{sign}{amount(e.size, share)}{of}"


def level(value: float, share: bool) -> str:
    """A level; proportions as percentages."""
    return percent(value, 3) if share else number(value, 4)


def noise(sd: float, low: float, high: float, scale: str) -> str:
    """The noise with its interval."""
    return f"{number(sd, 4)} on the {scale} scale (80 % interval {number(low, 3)} to {number(high, 3)})"


def after(count: int | None, date: str) -> str:
    """ "34 (2026-11)"."""
    if count is None:
        return "never"
    return f"{count:,}" + (f" ({date})" if date else "")


def headline(metric: str, found: Needed, power: float, told: str, controlled: bool) -> str:
    """When a review can answer, in one sentence."""
    chance = percent(power, 3)
    if found.credited is not None:
        seen = (
            f"; it is called better than before from {after(found.better, found.better_date)}" if not controlled else ""
        )
        return (
            f"{metric}: a lasting change of {told} is credited to the rollout in {chance} of reviews from "
            f"{points(found.credited)} after it{_by(found.credited_date)}{seen}."
        )
    if found.better is not None:
        return (
            f"{metric}: a lasting change of {told} is called better than before in {chance} of reviews from "
            f"{points(found.better)} after the rollout{_by(found.better_date)}, but with this baseline it is "
            f"never told so surely from a trend ({percent(found.alone, 2)} at the most)."
        )
    return (
        f"{metric}: with this baseline a review never sees a lasting change of {told} as surely as {chance}"
        f"{_each(found)}."
    )


def _each(found: Needed) -> str:
    return (
        "" if found.each is None else f"; it would take about {points(found.each)} before the rollout and as many after"
    )


def _by(date: str) -> str:
    return f" ({date})" if date else ""


def next_step(found: Needed, meeting: Meeting, controlled: bool) -> str:
    """What to do with the plan."""
    when = f"{points(meeting.points)} after the rollout{_by(meeting.date)}"
    if found.credited is not None:
        return f"Plan the review for {when}, and register the plan before the rollout."
    help_ = "wait with the rollout for more points before it" if controlled else (
        "name an untouched control series, or wait with the rollout for more points before it"
    )  # fmt: skip
    if found.better is not None:
        return f"To have the cause told too, {help_}; else plan the review for {when}."
    return f"Do not promise an answer: {help_}, measure more often, or name a larger change as worthwhile."


def silence(s: Silence, before: int) -> str:
    """When "no change" can be an answer."""
    if s.after is None:
        return (
            f"A review of this rollout can never answer that there was no worthwhile change: for that it needs "
            f"{points(s.each)} in each stage, and there will be {before} before the rollout. Without a finding it will "
            "say that the data were too few."
        )
    return (
        f"From {points(s.after)} after the rollout{_by(s.date)} on, a review that finds nothing answers that there was "
        "no worthwhile change; before that, that the data were too few."
    )


def least(least_points: int, stable_points: int, block: int) -> str:
    """What the policy asks for, whatever the effect."""
    told = (
        f"Whatever the effect: fewer than {least_points * block} points after the rollout are not judged, and fewer "
        f"than {stable_points * block} not called stable."
    )
    if block == 1:
        return told
    return f"{told} {block} periods at a time are judged as one, because there are few events a period."


def how_sure(sd_high: float, sd: float) -> str:
    """What the last column of the table is about."""
    return (
        f"The noise is itself estimated: at the upper end of its 80 % interval it is {number(sd_high / sd, 3)} times "
        "as large; the careful column counts with that."
    )


def method() -> str:
    """How the points were found."""
    return (
        "The points are those of the review's own tests (change of level; step beyond a common trend) under the noise "
        "and the autocorrelation of the baseline, corrected for what the review pays to learn its noise and for its "
        "further questions, as measured in the study that ships with sigmatool. A change is taken to come at once and "
        "to stay; one that builds up takes longer."
    )


def watch_line(w: Watch) -> str:
    """What the chart afterwards costs."""
    about = " Counts are taken as normal." if w.approximate else ""
    return f"A {w.kind} chart with the rules {', '.join(w.rules) or 'none'}. {w.false_alarm.text}{about}"


NO_RUN_LENGTHS: Final = "No run length is known for this kind of chart; name i-mr, xbar-r, ewma or cusum instead."

LOCATION_ONLY: Final = (
    "Points from the slip to the first signal of the location panel, for independent points and known limits: with "
    "limits from a short baseline single charts differ much from this average."
)


def slip(s: Slip, share: bool, better: str) -> str:
    """A slip by its name."""
    if s.of is None:
        return f"{number(s.sigma, 3)} sigma for the worse"
    return f"the whole gain of {effect(s.of, share, better)} is lost"


def dependent(autocorrelation: float) -> Caveat:
    """Run lengths for independent points beside dependent ones."""
    text = (
        f"The points resemble their neighbours (autocorrelation {number(autocorrelation, 2)}): a chart for independent "
        "points signals more often without cause than told here. Judge its limits by the overall sigma."
    )
    return Caveat("run-lengths-independent", text)


def rollout_past(count: int, moment: str) -> Caveat:
    """Points after the rollout are there."""
    text = (
        f"{points(count).capitalize()} at or after the rollout ({moment}) are there already. They were not looked at, "
        "but whoever registers this plan can have seen them: it says so."
    )
    return Caveat("rollout-past", text)


def no_rollout() -> Caveat:
    """Nobody said when."""
    return Caveat("no-rollout", "No rollout was named: points and dates count from the last point of the table.")


def season_left_out(season: int, span: int, cycles: float) -> Caveat:
    """A declared season that the baseline does not show often enough."""
    text = (
        f"The declared season of {season} is not counted with: the {span} periods of the baseline hold fewer than "
        f"{cycles:g} of its cycles, and a review before which no more come would not model it."
    )
    return Caveat("season-not-modelled", text)


def beyond_study(text: str) -> Caveat:
    """Outside of what was simulated."""
    return Caveat("outside-study", f"{text} The points needed are less sure there.")


def few_events(block: int) -> Caveat:
    """Merged periods."""
    text = (
        f"There are few events a period: as the review will, {block} periods at a time are judged as one. In the study "
        "such reviews found somewhat less than counted here."
    )
    return Caveat("low-counts-merged", text)


def looks_any() -> Caveat:
    """Looks that nobody planned."""
    text = "Looks nobody plans need about twice the evidence of a single look; the points needed allow for that."
    return Caveat("looks-any", text)


def target_distance() -> Caveat:
    """Better means nearer to the target."""
    text = (
        "Planned on the distance from the target, whose noise falls as it falls: the points needed are approximate "
        "(in the study such reviews found less than counted here)."
    )
    return Caveat("target-distance", text)


def registered(file: str, held: Registration) -> str:
    """The plan is on file."""
    return plain_text(f"registered {file} by {held.by}, {held.at}, SHA-256 {held.sha256}")


def coming(count: int) -> str:
    """Points that will come before the rollout."""
    return f", and {count} more by the rollout" if count else ""
