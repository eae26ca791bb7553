"""Is there a season that nobody declared? Seen and offered, never taken out in silence."""

from __future__ import annotations

import numpy as np

from ..numbers.season import SeasonFound, candidates, search
from .case import Judged


def seasons_seen(judged: Judged) -> tuple[SeasonFound, ...]:
    """Seasons of the judged series beside a step at the rollout and a trend, the plainest first."""
    case = judged.case
    if case is None:
        return ()
    t = case.positions.astype(float)
    columns = {"one": np.ones(t.size), "D": case.after.astype(float), "tc": (t - t.mean()) / t.size}
    return search(case.z, case.positions, case.relative_sd, columns, candidates(judged.points.axis.step))
