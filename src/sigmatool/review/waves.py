"""Did a rollout in waves improve and stabilise operations? Sites that are not yet live are the control.

:func:`review_waves` takes a long table, a row a site and period, and returns :class:`Waves`: the increment of every
site, the effect they share, the verdict and what it rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ..errors import SettingsError
from ..numbers.autoregression import Contrast
from ..numbers.scales import ScaleName, WorkingScale, effect
from ..origin import amount_of
from ..result import Provenance, command_line
from .case import worthwhile_on
from .policy import POLICY
from .waves_case import WavesCase, prepare_waves
from .waves_decision import decide_waves
from .waves_evidence import ALPHA_DIFFER, WavesEvidence, gather_waves
from .waves_result import DoseResult, Increment, SiteResult, Waves
from .waves_words import DIFFER, DOSE


def review_waves(
    data: Any,
    *,
    site: str,
    rollout: str | Sequence[str],
    better: Literal["lower", "higher"],
    value: str,
    size: str | None = None,
    time: str | None = None,
    adoption: str | None = None,
    scale: Literal["auto", "continuous", "duration", "proportion", "rate"] = "auto",
    washout: int = 0,
    worthwhile: float | str | None = None,
    title: str | None = None,
) -> Waves:
    """Judge a rollout whose sites went live at different dates, or beside sites that did not.

    Parameters
    ----------
    data : DataFrame
        One row a site and period, in any order; a missing period may be left out.
    site : str
        Column that names the site of each row.
    rollout : str or sequence of str
        The column that holds each site's own go-live (blank: never), or texts ``WHEN=SITE[,SITE...]``; sites not
        named never go live.
    better : {"lower", "higher"}
        Which way the metric improves. A target is not judged in waves.
    value, size, time : str
        Columns: the metric or count of events, the denominator or exposure, and the period (needed).
    adoption : str, optional
        Column of the share that works in the new way (0 to 1, or 0 to 100 %). Blank before the go-live is none.
    scale : {"auto", "continuous", "duration", "proportion", "rate"}
        ``auto``: a proportion when ``size`` is given, else continuous.
    washout : int
        Periods after each site's go-live that are not judged.
    worthwhile : float or str
        Smallest change worth having, in the metric's unit or as a share of the level before ("10%"). Default: half
        a noise standard deviation.
    title : str, optional
        Of the report.

    Returns
    -------
    Waves

    Raises
    ------
    DataError
        A site twice in a period, two go-lives for a site, one go-live for all sites without a control, fewer than 8
        points on each side at every site, all sites live from the start, impossible values.
    SettingsError
        Contradicting settings, unknown sites.

    Notes
    -----
    ``y[i, t] = a[i] + b[t] + (effect + e[i]) live[i, t] + noise``: levels of sites and of periods are removed, so that
    no trend that all sites share can pass for an effect; each site's noise is AR(1) or a slow wander, integrated out;
    the spread of ``e`` between sites is integrated out too, so that the interval speaks of sites in general. The
    model takes the step as lasting. Where every site goes live in the end, an effect that grows with time is
    understated, because sites already live serve as controls (Goodman-Bacon 2021).

    References
    ----------
    Hussey & Hughes (2007), Contemporary Clinical Trials 28; Goodman-Bacon (2021), Journal of Econometrics 225;
    Borusyak, Jaravel & Spiess (2024), Review of Economic Studies 91.

    Examples
    --------
    >>> import numpy as np, pandas as pd, sigmatool as st
    >>> months, go_live = np.tile(np.arange(1, 25), 3), np.repeat([9, 13, 17], 24)
    >>> wait = 30 + np.sin(months) + np.cos(97.0 * np.arange(72)) - 6 * (months >= go_live)
    >>> table = pd.DataFrame({"clinic": np.repeat(["A", "B", "C"], 24), "month": months, "wait": wait, "live": go_live})
    >>> w = st.review_waves(table, value="wait", time="month", site="clinic", rollout="live", better="lower")
    >>> w.verdict, round(w.effect.difference)
    ('IMPROVED_PROVISIONAL', -6)
    """
    if value is None:
        raise SettingsError("name the column with the values: value (-y).")
    name = _scale_name(scale, size)
    case = prepare_waves(
        data, value=value, time=time, site=site, rollout=rollout, better=better, size=size, adoption=adoption,
        scale=name, washout=washout,
    )  # fmt: skip
    moved = case.switching[case.site]
    anchor = case.sign * float(case.z[moved & ~case.live].mean())
    found = gather_waves(case, worthwhile_on(worthwhile, case.scale, anchor))
    beyond = found.step_beyond_trends
    settings = {
        "site": site,
        "value": value,
        "size": size,
        "time": time,
        "rollout": [rollout] if isinstance(rollout, str) else list(rollout),
        "better": better,
        "adoption": adoption,
        "scale": name,
        "washout": washout,
        "worthwhile": amount_of(worthwhile),
        "title": title,
    }
    metric = f"{value} per {size}" if size else value
    return Waves(
        settings=settings,
        rows=case.rows,
        caveats=case.caveats,
        provenance=Provenance(
            case.sha256, command_line("review-waves", case.source, settings), case.file_sha256, case.source
        ),
        metric=metric,
        better=better,
        scale=name,
        decision=decide_waves(found),
        effect=effect(case.scale, found.level_fit, case.sign, anchor),
        sites=tuple(_site(case, found, i) for i in range(len(case.names))),
        shifts=tuple(int(k) for k in found.shifts.inside),
        step_name="period" if case.axis.step in ("step", "point") else case.axis.step,
        beyond_trends=None if beyond is None else increment(case.scale, beyond, case.sign, anchor),
        differ=_differ(found),
        dose=_dose(case, found, anchor),
        findings=found,
        case=case,
        title=title or f"Rollout in waves: {metric} by {site}",
    )


def increment(scale: WorkingScale, contrast: Contrast, sign: float, anchor: float) -> Increment:
    """A contrast of the working scale in the metric's own unit, at the level ``anchor``.

    The interval by the slope of the scale at the new level: exact for continuous values (difference)
    and durations (ratio).
    """
    moved = anchor + sign * contrast.estimate
    low, high = contrast.interval()
    ends = sorted((sign * (low - contrast.estimate), sign * (high - contrast.estimate)))
    difference = scale.back(moved) - scale.back(anchor)
    slope = scale.slope(moved)
    ratio = (None, None, None)
    if scale.name == "duration":
        ratio = tuple(float(np.exp(sign * contrast.estimate + d)) for d in (0.0, *ends))  # type: ignore[assignment]
    return Increment(difference, difference + slope * ends[0], difference + slope * ends[1], *ratio)


def _scale_name(scale: str, size: str | None) -> ScaleName:
    if scale == "auto":
        return "continuous" if size is None else "proportion"
    if scale not in ("continuous", "duration", "proportion", "rate"):
        raise SettingsError(f"scale must be auto, continuous, duration, proportion or rate, not {scale!r}.")
    return scale  # type: ignore[return-value]


def _site(case: WavesCase, e: WavesEvidence, i: int) -> SiteResult:
    rows, contrast = case.site == i, e.own[i]
    before, after = rows & ~case.live, rows & case.live
    level = None if not before.any() else case.sign * float(case.z[before].mean())
    name, go_live = case.names[i], case.label(i)
    steady = None if name not in e.after.judged else name not in e.after.unsteady
    own, p, finding = None, None, "control" if go_live is None else "no own increment"
    if contrast is not None and level is not None:
        own, p, finding = increment(case.scale, contrast, case.sign, level), contrast.one_sided(), "not shown"
        if p < POLICY.alpha_level:
            finding = "better"
        elif 1 - p < POLICY.alpha_level:
            finding = "worse"
    return SiteResult(
        name, go_live, int(before.sum()), int(after.sum()), None if level is None else case.scale.back(level), own, p,
        finding, steady,  # type: ignore[arg-type]
    )  # fmt: skip


def _differ(e: WavesEvidence) -> str:
    if e.p_equal is None:
        return DIFFER["one site"]
    return DIFFER["plain" if e.p_equal < ALPHA_DIFFER else "not shown"]


def _dose(case: WavesCase, e: WavesEvidence, anchor: float) -> DoseResult | None:
    d = e.dose
    if d is None:
        return None
    finding = DOSE["hardly varies"]
    if d.p_beyond_step is not None and d.p_step_beyond_dose is not None:
        if d.p_beyond_step < ALPHA_DIFFER:
            finding = DOSE["grows"]
            if d.p_step_beyond_dose >= ALPHA_DIFFER:
                finding = DOSE["explains"]
        elif d.p_step_beyond_dose < ALPHA_DIFFER:
            finding = DOSE["whatever"]
        else:
            finding = DOSE["together"]
    return DoseResult(
        increment(case.scale, d.full, case.sign, anchor), d.p_better, d.p_beyond_step, d.p_step_beyond_dose, finding
    )
