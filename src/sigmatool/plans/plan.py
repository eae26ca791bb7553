"""How many points, how many weeks, before a review can answer?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from ..caveats import Caveat, Rows
from ..data import Exclude, Specification
from ..designs import Design as ChartDesign
from ..registration import baseline_fingerprint
from ..result import Provenance, command_line, listed
from ..review.departures import registered_columns
from ..review.error_rates import error_rates
from ..review.given import several
from ..review.guards import Guard
from ..review.metric_text import names_of
from ..review.policy import POLICY
from . import words
from .asked import Asked, asked_of
from .baseline import Baseline, baseline_of
from .baseline_card import baseline_card
from .needed import Meeting, design_of, effects_of, meeting_of, needed_for, silence_of
from .power import Design
from .result import Plan
from .watch import Watch, watch_of


def plan(
    data: Any,
    *,
    better: Literal["lower", "higher", "target"],
    worthwhile: float | str,
    value: str | None = None,
    size: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    scale: Literal["auto", "continuous", "duration", "proportion", "rate"] = "auto",
    rollout: str | float | None = None,
    effect: float | str | Sequence[float | str] = (),
    power: float = 0.8,
    review_points: int | None = None,
    washout: int = 0,
    season: int | str | None = None,
    merge: int | str = "auto",
    control: str | Sequence[str] | None = None,
    control_size: str | Sequence[str] | None = None,
    guards: Sequence[Guard | str] = (),
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    triggered_by_bad_results: bool = False,
    looks: str | Sequence[int] | None = None,
    exclude: Exclude = None,
    chart: str | ChartDesign = "auto",
    rules: Any = "nelson",
    title: str | None = None,
) -> Plan:
    """Plan a review before the rollout, from the points that are there.

    Parameters
    ----------
    data : DataFrame, array or Series
        As for :func:`sigmatool.review`; points at or after ``rollout`` are not looked at.
    better : {"lower", "higher", "target"}
    worthwhile : float or str
        Smallest change worth having, in the metric's own unit, or as a share of the level before ("10%").
    value, size, time, subgroup, scale, washout, season, merge, control, control_size, guards, lsl, usl, target
        As the review will take them; all are part of the registered plan.
    rollout : str or number
        The planned moment, mostly beyond the last point; default: the next point.
    effect : float or str, or a sequence of them
        Changes to plan for beside the worthwhile one; default 1.5 and 2 times it.
    power : float
        Wanted share of reviews that answer, 0.5 to 0.9.
    review_points : int
        Points after the rollout at the planned review; default the last look, else as many as credit the worthwhile
        effect and let the stage after be called stable.
    triggered_by_bad_results : bool
        The rollout is started because results are bad: the worst stretch before it is not counted with.
    looks : str or sequence of int
        Planned looks, as for the review.
    exclude : sequence of int or str
    chart : str or Design
        Chart that will be kept afterwards; default that of the review.
    rules : str or list
        Its rules.
    title : str

    Returns
    -------
    Plan
        ``needed`` (points by effect), ``report_card`` (the baseline), ``watch`` (what the monitor will see),
        ``meeting`` (the planned review).

    Raises
    ------
    DataError
        Fewer than 8 usable points before the rollout, or values that cannot be judged.
    SettingsError
        Contradicting or unknown settings.

    Notes
    -----
    The standard error of the change of level, or of a step beyond a common trend (half as precise; not needed with
    a control), is that of generalised least squares under the baseline's autocorrelation. Its noncentrality is reduced
    by what the review was seen to keep in the regular cells of the shipped study, and the chance bounded by 0.96
    (called better) and 0.95 (credited). See ``docs/plan.md`` for the check by simulation.

    Examples
    --------
    >>> import sigmatool as st
    >>> before = st.datasets.load("contact_centre").head(60)
    >>> p = st.plan(before, value="aht_s", time="day", rollout="2026-09-01", better="lower", worthwhile=10, washout=7,
    ...             control="aht_other_team", rules="1")
    >>> p.needed[0].better, p.needed[0].credited, p.needed[0].credited_date
    (23, 28, '2026-10-05')
    """
    asked = asked_of(
        {
            "value": value, "size": size, "time": time, "subgroup": subgroup, "scale": scale, "better": better,
            "washout": washout, "worthwhile": worthwhile, "season": season, "merge": merge, "control": control,
            "control_size": control_size, "target": target, "exclude": exclude, "looks": looks, "rollout": rollout,
            "triggered_by_bad_results": triggered_by_bad_results, "effect": effect, "power": power,
            "review_points": review_points,
        }
    )  # fmt: skip
    Specification(lsl, usl, target)
    request = asked.request
    known = names_of(data)
    parsed = tuple(g if isinstance(g, Guard) else Guard.parse(g, known) for g in several(guards, "guards"))
    b = baseline_of(data, asked)
    texts = tuple(str(g) for g in parsed)
    columns = registered_columns(data, b.points, request.controls, request.control_sizes, texts)
    hashed = baseline_fingerprint(b.points.axis, columns, b.live.stop)
    design = design_of(b, asked)
    effects = effects_of(b, asked)
    found = tuple(needed_for(each, design, b, asked.power) for each in effects)
    silence, meeting = silence_of(b, design, effects[0]), meeting_of(b, design, found, asked)
    watch = watch_of(b, effects, chart, rules)
    settings = {
        "value": value, "size": size, "time": time, "subgroup": subgroup, "rollout": asked.rollout, "better": better,
        "scale": request.scale_name, "washout": request.washout, "worthwhile": asked.worthwhile,
        "effect": list(asked.effects), "power": asked.power, "review_points": review_points, "season": request.season,
        "merge": None if merge == "auto" else str(merge), "control": list(request.controls),
        "control_size": list(request.control_sizes), "guard": list(texts), "lsl": lsl, "usl": usl, "target": target,
        "triggered_by_bad_results": request.triggered_by_bad_results,
        "looks": None if request.looks is None else request.looks.text, "exclude": listed(request.exclude),
        "chart": None if chart == "auto" else str(chart), "rules": rules if isinstance(rules, str) else str(rules),
        "title": title,
    }  # fmt: skip
    metric = b.points.name if not size else f"{b.points.name} per {size}"
    return Plan(
        settings=settings, rows=_rows(b), caveats=_caveats(b, asked, design, meeting, watch),
        provenance=Provenance(
            b.points.sha256, command_line("plan", b.points.source, settings), b.points.file_sha256, b.points.source
        ),
        title=title or f"Plan for the review of {metric}", metric=metric, better=better, asked=asked, baseline=b,
        design=design, report_card=baseline_card(b, asked, effects[0], silence), needed=found, silence=silence,
        meeting=meeting, watch=watch, fingerprint=(hashed.sha256, hashed.parts),
        rates=error_rates(
            "IMPROVED_STABLE", True, design.before, max(meeting.points // b.block, POLICY.least_points),
            b.autocorrelation, effects[0].noise, b.scale.name, design.controlled,
        ),
    )  # fmt: skip


def _rows(b: Baseline) -> Rows:
    """The account of the rows: those after the rollout and of the stretch that sets it off are left out by choice."""
    r = b.points.rows
    later = b.points.order.point >= b.live.stop
    out = int((later | b.trigger[b.points.order.point]).sum())
    return Rows(r.read, max(r.used - out, 0), r.missing, r.excluded + min(out, r.used), r.dropped)


def _caveats(b: Baseline, asked: Asked, design: Design, meeting: Meeting, watch: Watch) -> tuple[Caveat, ...]:
    found = list(b.points.caveats)
    if b.live.seen_after:
        found.append(words.rollout_past(b.live.seen_after, b.live.moment))
    if not b.live.moment:
        found.append(words.no_rollout())
    season = asked.request.season
    if isinstance(season, int) and not b.season:
        span = int(b.positions[-1] - b.positions[0]) + 1
        found.append(words.season_left_out(season, span, POLICY.season_cycles))
    if b.block > 1:
        found.append(words.few_events(b.block))
    if asked.request.better == "target":
        found.append(words.target_distance())
    if design.looks is not None and design.looks.undeclared:
        found.append(words.looks_any())
    rates = error_rates(
        "IMPROVED_STABLE", True, design.before, max(meeting.points // b.block, POLICY.least_points), b.autocorrelation,
        1.0, b.scale.name, design.controlled,
    )  # fmt: skip
    if rates.outside:
        found.append(words.beyond_study(rates.outside))
    if watch.dependent:
        found.append(words.dependent(b.autocorrelation))
    return tuple(found)
