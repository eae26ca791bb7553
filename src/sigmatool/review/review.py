"""Did the rollout improve and stabilise operations?

:func:`review` takes a table and the moment of a rollout, and returns a :class:`Review`: the verdict with its
evidence, what to do next, and a report that a manager can act on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..charts.limits_file import limits_of, limits_told
from ..control_plan.control_plan import read_control_plan
from ..data import Exclude, Specification, extra, split_rollout
from ..errors import DataError, SettingsError
from ..origin import amount_of
from ..result import listed
from .as_planned import as_planned
from .assembled import assemble
from .beside import beside_of, shown_beside
from .case import Judged
from .given import columns_of, looks_given, points_given, season_given, several, whole, yes_or_no
from .guards import Guard, GuardResult, judge_guard
from .increments import increments
from .judging import judge
from .looks import Looks
from .low_counts import merge_of
from .metric_text import names_of
from .metrics import Metric, judge_metrics
from .request import Request
from .result import Better, Review, Scale


def review(
    data: Any,
    *,
    rollout: str | int | float | Sequence[str | int | float] | None = None,
    better: Better | None = None,
    value: str | None = None,
    size: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    scale: Scale = "auto",
    washout: int | None = None,
    worthwhile: float | str | None = None,
    season: int | str | None = None,
    merge: int | str = "auto",
    control: str | Sequence[str] | None = None,
    control_size: str | Sequence[str] | None = None,
    guards: Sequence[Guard | str] = (),
    metrics: Sequence[Metric | str] = (),
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    triggered_by_bad_results: bool = False,
    looks: str | Sequence[int] | None = None,
    limits: Any = None,
    control_plan: str | Path | None = None,
    exclude: Exclude = None,
    gauge: Any = None,
    gauge_changed: bool = False,
    adoption: str | None = None,
    adoption_size: str | None = None,
    adoption_by: str | None = None,
    money: float | None = None,
    currency: str | None = None,
    per: Literal["period", "item"] | None = None,
    volume: float | None = None,
    project_cost: float | None = None,
    plan: str | Path | None = None,
    title: str | None = None,
) -> Review:
    """Judge whether a rollout truly improved and stabilised operations.

    Parameters
    ----------
    data : DataFrame, array or Series
        One row a point (or a row a value, with ``subgroup``), in any order where ``time`` is given.
    rollout : str or number
        A value of the time column ("1847-06"), or a point number without one; ``WHEN=LABEL`` names it. The
        first point at or after it belongs to the after stage. Of several the last is judged, against the stage
        since the one before it; ``increments`` holds each, and all together. Required, unless a plan holds it.
    better : {"lower", "higher", "target"}
        Which way the metric improves. Required, unless a plan holds it.
    value, size, time, subgroup : str
        Columns: the metric or count of events; its denominator or exposure; the time; the subgroup (or its
        size).
    scale : {"auto", "continuous", "duration", "proportion", "rate"}
        ``auto``: a proportion when ``size`` is given (more events than inspected are refused), else continuous.
    washout : int
        Points after the rollout that are drawn but not judged; default none.
    worthwhile : float or str
        Smallest change worth having, in the metric's own unit, or as a share of the level before ("10%").
        Default: half a noise standard deviation, and the report says so.
    season : int or {"weekday", "month", "hour"}
        A declared period, in points of the calendar; or what of the date makes the season, with a level of its own
        for every weekday, month or hour.
    merge : {"auto", "none"} or int
        Counts of few events: ``auto`` merges neighbouring periods until 2 events (1 of a proportion) are
        expected in each block, or judges the time between events, and says so; a number merges so many periods;
        ``none`` leaves them.
    control, control_size : str or sequence of str
        Untouched series measured at the same times, and their denominators; of several the mean is taken.
    guards : sequence of Guard or str
        Metrics that must not get worse, ``COL[/SIZE]:better[:margin]``.
    metrics : sequence of Metric or str
        Secondary metrics, ``COL[/SIZE]:better[:worthwhile]``, each judged by the whole decision table; what they
        claim is adjusted for their number, harm never.
    lsl, usl, target : float
        Requirement. With ``better="target"`` the distance from ``target`` is what should fall.
    triggered_by_bad_results : bool
        The rollout was started because results were bad. Their natural return would pass for its effect, so the
        worst stretch before it is drawn but not judged.
    looks : str or sequence of int
        Planned looks, in points after the rollout ("8,12,24"): together they err no more often than one. "any" for
        looks that nobody planned. Default: this is the only look.
    control_plan : path
        The control plan that the monitor runs (``.toml``), printed in the hand-over in place of the draft.
    limits : path or mapping
        Frozen limits (see :func:`sigmatool.freeze_limits`), on which the second chart then stands in place of those of
        the stage before; the verdict comes from the data alone.
    exclude : sequence of int or str
        Points left out of the judgement (still drawn).
    gauge : path, mapping or result
        What is known of the gauge: a gage R&R study saved as ``.json``, or ``sd`` and further fields in a ``.toml``
        file or a mapping (docs/benefit.md). The report tells measurement's share of the spread. Not of counts.
    gauge_changed : bool
        Other gauges, operators or calibrations measured after the rollout than before: intervals and evidence are
        widened by what they may have shifted, which can take a credit away and never give one.
    adoption, adoption_size, adoption_by : str
        Columns: the share of work done the new way (0 to 1 or 0 to 100), or its count with that of all work; sites,
        never persons. Beside the verdict, which does not rest on them.
    money, volume, project_cost : float
        What a unit of effect (of counts: an event) is worth; items a period (of counts: the mean size after); what
        the project cost. The lower bound of the benefit is booked where the verdict credits an improvement.
    currency : str
        Default EUR.
    per : {"period", "item"}
        ``money`` is worth a unit once a period (default), or on each of the ``volume`` items of it.
    plan : str or Path
        A registered plan (``sigmatool plan --register``): settings left out here come from it, and every departure
        from it is said.
    title : str

    Returns
    -------
    Review

    Raises
    ------
    DataError
        The table cannot be judged: a missing column, impossible values, a rollout outside the data, fewer than
        two points on a side, a stage that never varies.
    SettingsError
        Contradicting or unknown settings.

    Notes
    -----
    Every p value and interval integrates the autocorrelation out; stability is calibrated by simulation; the
    verdict keeps "better than before" apart from "because of the rollout". See ``docs/verdict.md``.

    Examples
    --------
    >>> import sigmatool as st
    >>> births = st.datasets.load("semmelweis")
    >>> r = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")
    >>> r.verdict
    'IMPROVED_STABLE'
    """
    exclude, planned = points_given(exclude), looks_given(looks)
    if plan is not None:
        asked_for = {
            "rollout": several(rollout, "rollout"), "better": better, "value": value, "size": size, "time": time,
            "subgroup": subgroup, "scale": scale, "washout": washout, "worthwhile": worthwhile, "season": season,
            "merge": merge, "control": several(control, "control"), "metrics": several(metrics, "metrics"),
            "control_size": several(control_size, "control_size"), "guards": several(guards, "guards"), "lsl": lsl,
            "usl": usl, "target": target, "triggered_by_bad_results": triggered_by_bad_results, "looks": planned,
            "exclude": exclude, "limits": limits, "control_plan": control_plan, "gauge": gauge,
            "gauge_changed": gauge_changed, "adoption": adoption, "adoption_size": adoption_size,
            "adoption_by": adoption_by, "money": money, "currency": currency, "per": per, "volume": volume,
            "project_cost": project_cost, "title": title,
        }  # fmt: skip
        return as_planned(review, data, plan, asked_for)
    given = several(rollout, "rollout")
    if not given:
        raise SettingsError("rollout is empty: name the moment at which the change went live (--rollout).")
    if better is None:
        raise SettingsError("say which way the metric improves: better = lower, higher or target (--better).")
    beside = beside_of(
        gauge, gauge_changed, adoption, adoption_size, adoption_by, money, currency, per, volume, project_cost
    )
    held = limits_of(limits)
    watched = None if control_plan is None else read_control_plan(control_plan)
    triggered = yes_or_no(triggered_by_bad_results, "triggered_by_bad_results")
    asked = Request(
        value=value, size=size, time=time, subgroup=subgroup, scale=scale,
        rollouts=tuple(split_rollout(str(item)) for item in given), better=better,
        washout=0 if washout is None else whole(washout, "washout"),
        worthwhile=worthwhile, season=season_given(season), merge=merge, control=columns_of(control, "control") or None,
        control_size=columns_of(control_size, "control_size") or None, target=target, exclude=exclude,
        triggered_by_bad_results=triggered, looks=None if planned is None else Looks.parse(planned),
        gauge=beside.gauge, gauge_changed=beside.gauge_changed,
    )  # fmt: skip
    specification = Specification(lsl, usl, target)
    known = names_of(data)
    parsed = tuple(g if isinstance(g, Guard) else Guard.parse(g, known) for g in several(guards, "guards"))
    judgement = judge(data, asked)
    judged = judgement.judged
    parts = increments(data, asked, judgement) if len(given) > 1 else ()
    guard_results = _guards(data, parsed, judged)
    secondary = tuple(m if isinstance(m, Metric) else Metric.parse(m, known) for m in several(metrics, "metrics"))
    metric_results = judge_metrics(data, secondary, asked, judged)
    settings = {
        "value": value,
        "size": size,
        "time": time,
        "subgroup": subgroup,
        "rollout": [str(item) for item in given] if len(given) > 1 else str(given[0]),
        "better": better,
        "scale": asked.scale_name,
        "washout": asked.washout,
        "worthwhile": amount_of(worthwhile),
        "season": asked.season,
        "merge": None if merge == "auto" else merge_of(merge),
        "control": list(asked.controls),
        "control_size": list(asked.control_sizes),
        "guard": [str(g) for g in parsed],
        "metric": [str(m) for m in secondary],
        "lsl": lsl,
        "usl": usl,
        "target": target,
        "triggered_by_bad_results": triggered,
        "looks": None if asked.looks is None else asked.looks.text,
        "limits": limits_told(limits),
        "control_plan": None if control_plan is None else str(control_plan),
        "exclude": listed(exclude),
        **beside.settings,
        "title": title,
    }
    found = assemble(judgement, parts, guard_results, metric_results, specification, better, settings, title, held)
    return shown_beside(replace(found, control_plan=watched), data, beside)


def _guards(data: Any, guards: tuple[Guard, ...], judged: Judged) -> tuple[GuardResult, ...]:
    results = []
    for guard in guards:
        values = extra(data, guard.value, judged.points)[judged.used]
        sizes = None if guard.size is None else extra(data, guard.size, judged.points)[judged.used]
        if sizes is not None:
            bad = np.flatnonzero((sizes <= 0) | (values < 0) | (values > sizes))
            if bad.size:
                at = judged.points.axis.labels[int(np.flatnonzero(judged.used)[bad[0]])]
                raise DataError(
                    f"guard {guard}: {guard.value} must lie between 0 and {guard.size}, and {guard.size} above 0; "
                    f"point {at} has {values[bad[0]]:g} of {sizes[bad[0]]:g}."
                )
        positions = judged.positions[judged.used]
        results.append(judge_guard(guard, values, sizes, positions, judged.after[judged.used]))
    return tuple(results)
