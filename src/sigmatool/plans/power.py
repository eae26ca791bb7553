"""How surely will a review call a lasting change better, and credit the rollout with it?

The arithmetic is that of the review for a known noise: a change of level, or a step beyond a common trend, against its
standard error under the autocorrelation. A review does not know its noise: it pays for learning it, for every further
question it asks before it credits, and now and then for a backslide or a date seen by chance. What it pays is read from
the study that ships with the package: for each of its regular cells the share of the noncentrality that is left
(``kept``), and the share of even the plainest changes that gets the answer (``most``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ..numbers.autoregression import NoiseGrid, whiten
from ..review.error_rates import PHIS, STEPS, study
from ..review.looks import Looks
from ..review.policy import POLICY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Answer = Literal["better", "credited"]

MOST: Final[dict[Answer, float]] = {"better": 0.96, "credited": 0.95}
"""Share of plain lasting changes that get the answer in the study, at any number of points: the rest are taken for lost
again, or dated elsewhere, by chance."""

COUNTED: Final[dict[Answer, tuple[str, ...]]] = {
    "better": ("credited", "open", "not_sustained"),
    "credited": ("credited",),
}
"""What the study counts as the answer."""

ALWAYS_VALID = 0.0012
"""Level of a single look at which as much is found as by always-valid p values: from the study's cells of seven looks
that nobody planned (24 + 36 points, autocorrelation 0 and 0.6)."""

SATURATED = 0.9
"""Share of ``MOST`` beyond which a cell no longer tells what is kept."""


@dataclass(frozen=True)
class Design:
    """The stages of a review to come.

    Parameters
    ----------
    positions : (m,) array of int
        Of the points before the rollout.
    washout : int
        Places after it that are not judged.
    autocorrelation : float
    season : int or None
        Modelled by a sine and a cosine.
    controlled : bool
    looks : Looks or None
    """

    positions: Ints
    washout: int
    autocorrelation: float
    season: int | None
    controlled: bool
    looks: Looks | None

    @property
    def before(self) -> int:
        return int(self.positions.size)

    def standard_error(self, after: int, trend: bool) -> float:
        """Of the change of level (beside a common trend), in standard deviations of the noise."""
        begin = int(self.positions[-1]) + 1 + self.washout
        t = np.concatenate([self.positions, begin + np.arange(after)])
        return _standard_error(t, self.before, self.autocorrelation, trend, self.season)

    def chance(self, answer: Answer, after: int, change: float) -> float:
        """Share of reviews that give the answer on a lasting change of so many standard deviations of the noise."""
        if min(after, self.before) < POLICY.least_points:
            return 0.0
        found = self._chance(answer, after, change)
        return found if answer == "better" else min(found, self._chance("better", after, change))

    def _chance(self, answer: Answer, after: int, change: float) -> float:
        trend = answer == "credited" and not self.controlled
        equal = 2 / (1 / self.before + 1 / after)
        kept = kept_of(answer, self.controlled, equal, self.autocorrelation)
        seen = kept * change / self.standard_error(after, trend)
        return MOST[answer] * float(ndtr(seen + ndtri(self.level(answer, after))))

    def level(self, answer: Answer, after: int) -> float:
        """What the review holds its p value against, at this look."""
        if self.looks is not None and self.looks.undeclared:
            return ALWAYS_VALID
        share = 1.0 if self.looks is None else self.looks.share(after)
        return share * _level(answer, self.controlled, min(self.before, after), self.autocorrelation)


def _level(answer: Answer, controlled: bool, fewest: int, autocorrelation: float) -> float:
    if answer == "better":
        return POLICY.level_alpha(fewest)
    return POLICY.controlled_alpha(fewest, autocorrelation) if controlled else POLICY.alpha_step


def _standard_error(t: Ints, before: int, phi: float, trend: bool, season: int | None) -> float:
    columns = [np.ones(t.size), (np.arange(t.size) >= before).astype(float)]
    if trend:
        columns.append((t - t.mean()) / t.size)
    if season is not None:
        columns += [f(2 * np.pi * t / season) for f in (np.sin, np.cos)[: 1 if season == 2 else 2]]
    white = whiten(np.column_stack(columns), t, NoiseGrid(np.array([phi]), np.zeros(1), np.zeros(1)))[0][0]
    return float(np.sqrt(np.linalg.pinv(white.T @ white)[1, 1]))


def kept_of(answer: Answer, controlled: bool, points: float, autocorrelation: float) -> float:
    """Share of the noncentrality that the review keeps, with so many points in each stage.

    Between the cells of the study (linear in the logarithm of the points and in the autocorrelation); beyond it, its
    edge.

    Examples
    --------
    >>> kept_of("better", False, 10, 0.0) < kept_of("better", False, 50, 0.0) < 1
    True
    """
    sizes = study().sizes
    rungs = [
        float(np.interp(np.log(points), np.log(sizes), [_kept(answer, controlled, phi)[n] for n in sizes]))
        for phi in PHIS
    ]
    return float(np.interp(autocorrelation, PHIS, rungs))


@cache
def _kept(answer: Answer, controlled: bool, phi: float) -> dict[int, float]:
    """By points a stage: the share that brings the arithmetic nearest to the cells of the study (least squares)."""
    tried = np.linspace(0.4, 1.2, 161)
    found: dict[int, float] = {}
    last = 1.0
    for n in study().sizes:
        cells = [study().grid(n, phi, step, controlled) for step in STEPS if step > 0]
        shares = np.array([sum(int(c.get(k, 0)) for k in COUNTED[answer]) / int(c["replications"]) for c in cells])
        if shares.min() < SATURATED * MOST[answer]:
            trend = answer == "credited" and not controlled
            error = _standard_error(np.arange(2 * n), n, phi, trend, None)
            seen = np.array([step for step in STEPS if step > 0]) / error
            level = float(ndtri(_level(answer, controlled, n, phi)))
            told = MOST[answer] * ndtr(tried[:, None] * seen + level)
            last = float(tried[int(np.argmin(((told - shares) ** 2).sum(axis=1)))])
        found[n] = last
    return found
