"""The thresholds of the judgement, each with its reason. Only ``decision`` acts on them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Levels are one-sided error probabilities unless said otherwise."""

    least_points: int = 8
    """Usable points per stage under which nothing is judged."""

    least_distinct: int = 4
    """Different values under which nothing is judged."""

    stable_points: int = 20
    """Points after the rollout under which "stable" is only provisional."""

    alpha_level: float = 0.0225
    """E1: the level is better; and, separately, worse."""

    alpha_short: float = 0.0175
    """E1 where a stage has fewer than ``short_points``: so few cannot tell how alike neighbours are, and at an
    autocorrelation of 0.6 with 8 points 0.025 would come to 5 %. The intervals of level and step are widened alike."""

    short_points: int = 16

    alpha_controlled: float = 0.018
    """E1 that demonstrates the cause by itself, against an untouched series: with 0.025, 3 % of steady processes
    would be credited."""

    alpha_controlled_dependent: float = 0.014
    """The same where the autocorrelation is above ``dependent``, or hardly known (a stage below ``short_points``)."""

    dependent: float = 0.35

    alpha_step: float = 0.03
    """E2: a step beyond a common trend. 0.03, so that credit under a running trend stays below 5 %."""

    alpha_ramp: float = 0.015
    """E2r: a gradual start at the rollout, asked only when E2 is silent."""

    alpha_trend: float = 0.025
    """E3: a trend is seen, in the common fit or before the rollout alone."""

    alpha_trend_alone: float = 0.005
    """E3 where the level shows nothing: a favourable trend so plain that it, not a lack of data, is the answer."""

    alpha_against: float = 0.01
    """E2 where an adverse trend is seen and the level shows nothing."""

    alpha_spread: float = 0.025
    """E4: less spread; and, separately, more."""

    alpha_moved: float = 0.0002
    """Two-sided p of the best step, before correcting for the search, at which "the series moved" is said."""

    alpha_backslide: float = 0.05
    """E7: the gain is being lost."""

    alpha_size: float = 0.05
    """E8: a worthwhile change, and one as large for the worse, are both ruled out."""

    lost_steadiness: float = 0.01
    """E6: the stage after is unstable although the one before was not."""

    unequal_spread: float = 0.05
    """Spread differs enough for each stage to keep its own in statements about level."""

    date_level: float = 0.95
    """E5: probability held by the set of dates."""

    date_tolerance: int = 1
    """E5: points by which the set may miss the rollout."""

    season_cycles: float = 1.5
    """A declared season is modelled only with this many cycles before the rollout."""

    false_discovery: float = 0.05
    """Among many metrics or streams: share of false claims that is accepted on average (Benjamini-Hochberg)."""

    def controlled_alpha(self, fewest: int, autocorrelation: float) -> float:
        """What E1 is held against where it demonstrates the cause by itself."""
        doubtful = fewest < self.short_points or autocorrelation > self.dependent
        return self.alpha_controlled_dependent if doubtful else self.alpha_controlled

    def level_alpha(self, fewest: int) -> float:
        """What E1 is held against, ``fewest`` points being in the shorter stage."""
        return self.alpha_short if fewest < self.short_points else self.alpha_level


POLICY = Policy()
