"""What do the data say about a rollout in waves? The numbers, before anyone calls them good or bad.

Sites that are not yet live are the control of those that are: a step beyond the levels of sites and periods is E1 and
E2 in one. "Better" means up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from ..numbers.autoregression import SHORT_MEMORY, Contrast, Fit, whiten
from ..numbers.panel import Panel, PanelFit, is_connected, two_way_residuals
from ..numbers.spread import SpreadRatio, heavy_tails, normal_scores, spread_ratio
from ..numbers.stability import ALPHA, Stability, stability
from .policy import POLICY
from .waves_case import NEVER, WavesCase

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALPHA_DIFFER = 0.05
"""At which p "the effects of the sites are equal", and "adoption says no more than being live", are given up."""


@dataclass(frozen=True)
class Steadiness:
    """Stretches of the sites, each without the levels of periods: ``p`` is the smallest after Holm."""

    judged: tuple[str, ...]
    unsteady: tuple[str, ...]
    p: float
    weakest: str

    @property
    def stable(self) -> bool:
        return not self.unsteady


@dataclass(frozen=True)
class Shifts:
    """Posterior of one common shift of all go-lives, in periods: where does the step fit best?"""

    shift: Ints
    probability: Floats
    inside: Ints
    includes_rollout: bool
    wholly_later: bool
    seen: bool
    better: bool


@dataclass(frozen=True)
class Dose:
    """The effect of full adoption, and whether adoption says more than being live (one-sided p)."""

    full: Contrast
    fit: Fit
    p_better: float
    p_beyond_step: float | None
    p_step_beyond_dose: float | None


@dataclass(frozen=True)
class WavesEvidence:
    """Every number that the table of waves reads. p values are one-sided; "better" means up."""

    n_sites: int
    n_before: int
    n_after: int
    typical_after: int
    autocorrelation: float
    sd: float
    worthwhile: float
    default_worthwhile: bool
    level: Contrast
    level_fit: Fit
    p_better: float
    p_worse: float
    own: tuple[Contrast | None, ...]
    p_equal: float | None
    spread_between: float | None
    plain_change: float
    step_beyond_trends: Contrast | None
    p_lead_better: float | None
    p_lead_worse: float | None
    since: Contrast | None
    p_backslide: float
    p_growing: float
    p_early_better: float
    shifts: Shifts
    spread: SpreadRatio
    before: Steadiness
    after: Steadiness
    p_worthwhile: float
    p_harmful: float
    more_data: float
    dose: Dose | None


def gather_waves(case: WavesCase, worthwhile: float | None = None) -> WavesEvidence:
    """Ask every question once. ``worthwhile`` is on the working scale; None takes half a noise standard deviation."""
    live = case.live.astype(float)
    movers = [int(i) for i in np.flatnonzero(case.switching)]
    since_start = np.where(case.live, case.period - np.minimum(case.start[case.site], 1 << 30), 0.0)
    columns = {"D": live, "since": since_start}
    columns |= {_own(i): live * (case.site == i) for i in movers}
    columns |= {f"trend {i}": (case.site == i) * (case.period - case.period.mean()) for i in range(1, len(case.names))}
    panel = Panel(case.z, columns, case.site, case.period, case.relative_sd)
    owns, trends = [_own(i) for i in movers], [f"trend {i}" for i in range(1, len(case.names))]
    noise = panel.fit(owns)
    mean = panel.varying(owns) if len(movers) > 1 else panel
    level_fit = mean.fit(["D"])
    level = level_fit.contrast(D=1.0)
    beyond = panel.fit(["D", *trends]).contrast(D=1.0) if panel.estimable(["D", *trends]) else None
    since, p_back, p_grow, p_early = None, 1.0, 1.0, 1.0
    if panel.estimable(["D", "since"]):
        fade = mean.fit(["D", "since"])
        since = fade.contrast(since=1.0)
        p_back, p_grow = since.one_sided(-1.0), since.one_sided()
        p_early = fade.contrast(D=1.0).one_sided()
    leads = _leads(case)
    residual = two_way_residuals(case.z, case.site, case.period, np.column_stack([columns[o] for o in owns]))
    residual = residual / case.relative_sd
    errors, moved = _innovations(case, noise, residual), case.switching[case.site]
    heavy = heavy_tails(errors / errors.std(ddof=1))
    size = 0.5 * noise.sd if worthwhile is None else worthwhile
    low, high = level.interval()
    after = np.array([int((case.live & (case.site == i)).sum()) for i in movers])
    return WavesEvidence(
        n_sites=len(movers),
        n_before=int((~case.live & moved).sum()),
        n_after=int(after.sum()),
        typical_after=int(np.median(after)),
        autocorrelation=noise.autocorrelation,
        sd=noise.sd,
        worthwhile=size,
        default_worthwhile=worthwhile is None,
        level=level,
        level_fit=level_fit,
        p_better=level.one_sided(),
        p_worse=level.one_sided(-1.0),
        own=tuple(noise.contrast(**{_own(i): 1.0}) if i in movers else None for i in range(len(case.names))),
        p_equal=noise.p_equal() if len(movers) > 1 else None,
        spread_between=level_fit.spread_between if len(movers) > 1 else None,
        plain_change=_plain_change(case, movers),
        step_beyond_trends=beyond,
        p_lead_better=None if leads is None else leads[0],
        p_lead_worse=None if leads is None else leads[1],
        since=since,
        p_backslide=p_back,
        p_growing=p_grow,
        p_early_better=p_early,
        shifts=_shifts(case),
        spread=spread_ratio(errors[moved & ~case.live], errors[moved & case.live]),
        before=_steadiness(case, residual, noise, heavy, after=False),
        after=_steadiness(case, residual, noise, heavy, after=True),
        p_worthwhile=level.above(size),
        p_harmful=1 - level.above(-size),
        more_data=float((2.801585 * (high - low) / 2 / 1.959964 / size) ** 2),
        dose=None if case.adoption is None else _dose(case, live, movers),
    )


def _own(site: int) -> str:
    return f"D {site}"


def _plain_change(case: WavesCase, movers: list[int]) -> float:
    """Mean after less mean before, inside sites, with whatever happened to all of them."""
    parts = [(case.z[(case.site == i) & case.live], case.z[(case.site == i) & ~case.live]) for i in movers]
    return float(np.mean([a.mean() - b.mean() for a, b in parts]))


def _leads(case: WavesCase) -> tuple[float, float] | None:
    """Were sites on another course before their own go-live? p of a favourable and of an adverse one.

    Two departures, each at half the level: a start in the last periods before the own go-live, and sites that go
    live earlier being on a better course all along. Only points before the go-live are read, so that no effect can
    pass for a lead. (A lead that is linear in the time to go-live cannot be seen when every site goes live: Borusyak,
    Jaravel & Spiess 2024.)
    """
    use = ~case.live
    enough = np.bincount(case.site[use], minlength=len(case.names)) >= 2
    use &= enough[case.site]
    if not use.any():
        return None
    sites = np.unique(case.site[use], return_inverse=True)[1].astype(np.int64)
    period = case.period[use]
    if np.unique(sites).size < 2 or not is_connected(sites, period):
        return None
    end = int(case.period.max()) + 1
    start = np.minimum(case.start, end)[case.site[use]]
    length = int(np.clip(end // 4, 2, 6))
    ahead = np.where(case.start[case.site[use]] < NEVER, np.clip(period - start + length + 1, 0, length) / length, 0.0)
    course = -(start - start.mean()) / end * (period - period.mean()) / end
    panel = Panel(case.z[use], {"ahead": ahead, "course": course}, sites, period, case.relative_sd[use])
    found = [panel.fit([name]).contrast(**{name: 1.0}) for name in ("ahead", "course") if panel.estimable([name])]
    if not found:
        return None
    sides = [min(1.0, len(found) * min(c.one_sided(direction) for c in found)) for direction in (1.0, -1.0)]
    return sides[0], sides[1]


def _shifts(case: WavesCase) -> Shifts:
    """Move all go-lives together and see where the step fits best, under short-memory noise as for one series."""
    reach = int(np.clip((int(case.period.max()) + 1) // 4, 2, 12))
    start = case.start[case.site]
    tried = np.arange(-reach, reach + 1)
    columns = {str(k): (case.period >= start + k).astype(float) for k in tried}
    panel = Panel(case.z, columns, case.site, case.period, case.relative_sd, SHORT_MEMORY)
    shift = np.array([k for k in tried if panel.estimable([str(k)])])
    fits = [panel.fit([str(k)]) for k in shift]
    evidence = np.array([fit.log_evidence for fit in fits])
    probability = np.exp(evidence - evidence.max())
    probability /= probability.sum()
    order = np.argsort(-probability, kind="stable")
    count = int(np.searchsorted(np.cumsum(probability[order]), POLICY.date_level)) + 1
    inside = np.sort(shift[order[:count]])
    includes = bool(np.any(np.abs(inside) <= POLICY.date_tolerance))
    best = fits[int(order[0])].contrast(**{str(shift[order[0]]): 1.0})
    t = np.abs(best.means) / best.scales
    return Shifts(
        shift=shift,
        probability=probability,
        inside=inside,
        includes_rollout=includes,
        wholly_later=not includes and int(inside[0]) > 0,
        seen=float(best.weights @ (2 * stdtr(best.dof, -t))) < POLICY.alpha_moved,
        better=best.estimate > 0,
    )


def _innovations(case: WavesCase, noise: PanelFit, residual: Floats) -> Floats:
    """One-step-ahead errors of every site, averaged over the noise models."""
    out = np.empty(residual.size)
    for i in range(len(case.names)):
        rows = np.flatnonzero(case.site == i)
        white, _ = whiten(residual[rows, None], case.period[rows], noise.series.grid)
        out[rows] = noise.weights @ white[:, :, 0]
    return out


def _steadiness(case: WavesCase, residual: Floats, noise: Fit, heavy: bool, after: bool) -> Steadiness:
    """Each site's stretch on one side of its go-live, held against Holm's levels."""
    found: dict[str, Stability] = {}
    for i in np.flatnonzero(case.switching):
        part = residual[(case.site == i) & (case.live == after)]
        if part.size >= POLICY.least_points and np.unique(part).size >= POLICY.least_distinct:
            found[case.names[i]] = stability(normal_scores(part) if heavy else part, noise, heavy)
    if not found:
        return Steadiness((), (), 1.0, "")
    ranked = sorted(found, key=lambda name: found[name].p)
    unsteady = []
    for place, name in enumerate(ranked):
        if found[name].p * (len(ranked) - place) > ALPHA:
            break
        unsteady.append(name)
    scattered = [n for n, s in found.items() if not heavy and len(s.spikes) > 1 and n not in unsteady]
    worst = found[ranked[0]]
    weakest = worst.weakest if unsteady or not scattered else "points far out"
    return Steadiness(tuple(found), (*unsteady, *scattered), min(1.0, worst.p * len(ranked)), weakest)


def _dose(case: WavesCase, live: Floats, movers: list[int]) -> Dose | None:
    """The effect by adoption; a blank before the go-live is none, a blank after it is left out."""
    assert case.adoption is not None
    share = np.where(np.isnan(case.adoption) & ~case.live, 0.0, case.adoption)
    use = np.isfinite(share)
    present = np.unique(case.site[use], return_inverse=True)[1].astype(np.int64)
    share, site, period = share[use], case.site[use], case.period[use]
    own = {f"A {i}": share * (site == i) for i in movers if np.any(share[site == i] > 0)}
    if not own or not is_connected(present, period):
        return None
    columns = {"A": share, "D": live[use]} | own
    panel = Panel(case.z[use], columns, present, period, case.relative_sd[use])
    if not panel.estimable(["A"]):
        return None
    fit = (panel.varying(list(own)) if len(own) > 1 else panel).fit(["A"])
    full = fit.contrast(A=1.0)
    beyond, step = None, None
    if panel.estimable(["D", "A"]):
        both = panel.fit(["D", "A"])
        beyond, step = both.contrast(A=1.0).one_sided(), both.contrast(D=1.0).one_sided()
    return Dose(full, fit, full.one_sided(), beyond, step)
