"""The row of the report card on a season that nobody declared."""

from __future__ import annotations

import numpy as np

from ..numbers.season import SeasonFound, candidates
from .case import Judged
from .result import Check
from .seasons_seen import seasons_seen
from .words import percent


def season_found(judged: Judged) -> Check:
    """The row of the report card on a season that was not declared."""
    found = seasons_seen(judged)
    cost = "A season that peaks on one side of the rollout passes for a change."
    if found:
        seen = " and ".join(f"a season of {_length(judged, s)} is seen ({_carries(s)})" for s in found)
        return Check(
            "Season",
            f"{seen}; it is not removed unless you declare it",
            cost,
            f"If the work has this season, declare it: --season {found[0].period}.",
            "open",
        )
    span = 0 if judged.case is None else int(np.ptp(judged.case.positions)) + 1
    looked = [p for p in candidates(judged.points.axis.step) if span >= 2 * p]
    if not looked:
        return Check(
            "Season", "none declared, so none modelled; the series is too short to look for one", cost,
            "If the work has a season, declare it: --season.", "neutral",
        )  # fmt: skip
    periods = ", ".join(str(p) for p in looked)
    return Check("Season", f"none declared, and none seen (looked for: {periods})", cost, "Nothing to do.", "good")


def _length(judged: Judged, season: SeasonFound) -> str:
    step = judged.points.axis.step
    return f"{season.period} {'point' if step == 'step' else step}s"


def _carries(season: SeasonFound) -> str:
    return f"it carries {percent(season.share, 2)} of the variance"
