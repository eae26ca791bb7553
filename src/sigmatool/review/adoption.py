"""How much of the work is done the new way, and is the effect larger where more of it is?

An effect that grows with adoption speaks for the rollout as its cause; one that does not speaks against it. Neither
changes the verdict: who adopts early differs in more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..charts.control_chart import control_chart
from ..columns import frame_of, numbers
from ..errors import DataError, SettingsError
from ..numbers.autoregression import Contrast, Series
from ..numbers.estimate import Estimate
from .adoption_sites import BySite, by_site
from .evidence import Case, Evidence
from .policy import POLICY

if TYPE_CHECKING:
    from .case import Judged
    from .result import Review

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Finding = Literal["supports", "against", "weakens", "silent", "not asked"]

TENTH: Final = 0.1
"""Slopes are told for ten percentage points of adoption."""

LEAST_RANGE: Final = 0.05
"""Adoption that varies by less after the rollout tells nothing of its effect."""


@dataclass(frozen=True, slots=True)
class Dose:
    """Change of the metric for ten percentage points more adoption, with its 95 % interval.

    ``id``: after (points after the rollout), after_trend (the same, beside a trend of their own), overall (all judged
    points, adoption in place of the rollout). ``p_better``: one-sided, of "better where adoption is higher".
    """

    id: str
    n: int
    slope: Estimate
    p_better: float


@dataclass(frozen=True, slots=True)
class AdoptionFound:
    """Adoption beside the outcome.

    Attributes
    ----------
    column : str
        And the column of all work, where adoption is counted, as ``size``.
    chart : {"p", "run"}
    before, after, latest : float or None
        Mean shares; latest of the last five points with a value.
    labels, share : tuple
        Of every point of the axis.
    center, lower, upper : tuple
        Lines of the chart of the points after; NaN elsewhere.
    signals : int
    doses : tuple of Dose
    expected : float or None
        What ten points would change if the whole effect were adoption's.
    finding : {"supports", "against", "weakens", "silent", "not asked"}
    sites : BySite or None
    """

    column: str
    size: str | None
    chart: str
    before: float | None
    after: float | None
    latest: float | None
    labels: tuple[str, ...]
    share: tuple[float, ...]
    center: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    signals: int
    doses: tuple[Dose, ...]
    expected: float | None
    finding: Finding
    sites: BySite | None


def adoption_found(r: Review, data: Any, adoption: str, size: str | None, by: str | None) -> AdoptionFound:
    """Hold the outcome of a review against adoption.

    Parameters
    ----------
    r : Review
    data : DataFrame
        The table of the review.
    adoption, size : str
        Column of the share of work done the new way (0 to 1, or 0 to 100), or of its count with that of all work.
    by : str, optional
        Column of sites.

    Notes
    -----
    Slopes come from the engine of the verdict: the autocorrelation is integrated out. See
    :mod:`sigmatool.numbers.autoregression`.
    """
    judged = r.judged
    own = _rows(data, judged, adoption, size)
    share = _by_point(own, judged)
    doses, finding, expected = _doses(r, share)
    lines = _chart(data, judged, adoption, size, share)
    sites = None if by is None else by_site(data, r, own, by)
    seen = judged.used & np.isfinite(share)
    return AdoptionFound(
        column=adoption,
        size=size,
        chart="run" if size is None else "p",
        before=_mean(share[seen & ~judged.after]),
        after=_mean(share[seen & judged.after]),
        latest=_mean(share[np.isfinite(share)][-5:]),
        labels=tuple(judged.points.axis.labels),
        share=tuple(share.tolist()),
        center=tuple(lines[0].tolist()),
        lower=tuple(lines[1].tolist()),
        upper=tuple(lines[2].tolist()),
        signals=lines[3],
        doses=doses,
        expected=expected,
        finding=finding,
        sites=sites,
    )


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None


def _rows(data: Any, judged: Judged, adoption: str, size: str | None) -> Floats:
    """The share of every row of the table."""
    frame = frame_of(data)
    share = numbers(frame, adoption)
    if len(share) != judged.points.rows.read:
        raise DataError(f"column {adoption!r} has {len(share)} rows, but the metric has {judged.points.rows.read}.")
    if size is None:
        top = 100.0 if np.nanmax(share, initial=0.0) > 1 else 1.0
        bad = (share < 0) | (share > top)
        if bad.any():
            row = int(np.argmax(bad))
            raise DataError(
                f"column {adoption!r} holds {share[row]:g} in row {row + 1}: adoption is a share from 0 to 1, or a "
                "percentage from 0 to 100; of counts name that of all work (adoption_size)."
            )
        return share / top
    whole = numbers(frame, size)
    bad = (share < 0) | (share > whole) | (whole < 0)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"column {adoption!r} holds {share[row]:g} in row {row + 1}, of {whole[row]:g} in {size!r}: the work done "
            "the new way is a part of all work."
        )
    return np.where(whole > 0, share / np.where(whole > 0, whole, 1.0), np.nan)


def _by_point(rows: Floats, judged: Judged) -> Floats:
    """The share of every point: the mean over its rows."""
    order = judged.points.order
    kept = rows[order.kept]
    seen = np.isfinite(kept)
    total = np.bincount(order.point, np.where(seen, kept, 0.0), order.n_points)
    number = np.bincount(order.point, seen, order.n_points)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _case_shares(judged: Judged, case: Case, share: Floats) -> Floats:
    """The share of every judged point; of a block of merged periods their mean."""
    if case.z.size == int(judged.used.sum()):
        return share[judged.used]
    ends = [*judged.first[1:].tolist(), share.size]
    parts = [share[first : max(end, first + 1)] for first, end in zip(judged.first.tolist(), ends, strict=True)]
    return np.array([float(np.nanmean(p)) if np.isfinite(p).any() else np.nan for p in parts])


def _doses(r: Review, share: Floats) -> tuple[tuple[Dose, ...], Finding, float | None]:
    case, e, judged = r.case, r.findings, r.judged
    if case is None or e is None:
        return (), "not asked", None
    own = _case_shares(judged, case, share)
    seen = np.isfinite(own)
    after = seen & case.after
    if after.sum() < POLICY.least_points or float(np.ptp(own[after])) < LEAST_RANGE:
        return (), "not asked", None
    level = float(judged.scale.z[case.after].mean())
    unit = judged.sign * judged.scale.slope(level) * TENTH
    asked: tuple[tuple[str, Bools, tuple[str, ...]], ...] = (
        ("after", after, ()), ("after_trend", after, ("trend",)), ("overall", seen, ()),
    )  # fmt: skip
    doses, first = [], None
    for id_, mask, beside in asked:
        contrast = _slope(case, e, own, mask, beside)
        first = contrast if first is None else first
        low, high = contrast.interval()
        least, most = sorted((unit * low, unit * high))
        doses.append(Dose(id_, int(mask.sum()), Estimate(unit * contrast.estimate, least, most), contrast.one_sided()))
    assert first is not None
    gained = float(own[after].mean()) - _or_zero(own[seen & ~case.after])
    whole = e.level.estimate / gained if gained > LEAST_RANGE else None
    return tuple(doses), _finding(first, whole), None if whole is None else unit * whole


def _or_zero(values: Floats) -> float:
    return float(values.mean()) if values.size else 0.0


def _slope(case: Case, e: Evidence, share: Floats, mask: Bools, beside: tuple[str, ...]) -> Contrast:
    """Change of the working scale from no adoption to full adoption."""
    fit = e.level_fit
    t = case.positions.astype(float)
    columns = {"one": np.ones(t.size), "dose": np.where(mask, share, 0.0), "trend": (t - t[mask].mean()) / t.size}
    season = {
        name: fit.series.design[:, i] for i, name in zip(fit.index, fit.names, strict=True) if name not in ("one", "D")
    }
    every = {name: column[mask] for name, column in {**columns, **season}.items()}
    series = Series(case.z[mask], every, case.positions[mask], case.relative_sd[mask])
    return series.fit(["one", "dose", *beside, *season]).contrast(dose=1.0)


def _finding(slope: Contrast, whole: float | None) -> Finding:
    """What the slope after the rollout says, up being better; ``whole``: what it were, were all effect adoption's."""
    low, high = slope.interval()
    if low > 0:
        return "supports"
    if high < 0:
        return "against"
    return "weakens" if whole is not None and whole > 0 and high < whole else "silent"


def _chart(
    data: Any, judged: Judged, adoption: str, size: str | None, share: Floats
) -> tuple[Floats, Floats, Floats, int]:
    """Centre and limits of the points after, and how many signals they give; nothing where they say too little."""
    import pandas as pd

    center, lower, upper = (np.full(share.size, np.nan) for _ in range(3))
    here = np.flatnonzero(judged.after & np.isfinite(share))
    table = {"share": share[here]}
    options: dict[str, Any] = {"value": "share"}
    if size is not None:
        whole = _by_point(numbers(frame_of(data), size), judged)[here]
        table, options = {"done": np.round(share[here] * whole), "all": whole}, {"value": "done", "size": "all"}
    try:
        chart = control_chart(pd.DataFrame(table), "run" if size is None else "p", **options)
    except (DataError, SettingsError):
        return center, lower, upper, 0
    panel = chart.panels[0]
    center[here], lower[here], upper[here] = panel.center, panel.lower, panel.upper
    return center, lower, upper, len(chart.signals)
