"""Which judge belongs to a name? One line a judge.

A judge takes a cell and a random generator, draws one replication and returns what it counted; counts are summed over
the replications. The page shows the counts of any judge but the first as they are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from .cells import Cell
from .judges import verdict
from .repeated import looks, metrics
from .waves import waves

Judge = Callable[[Cell, np.random.Generator], Counter[str]]

JUDGES: dict[str, Judge] = {"verdict": verdict, "waves": waves, "looks": looks, "metrics": metrics}
"""Name in ``Cell.judge`` to the function that judges one replication of the cell."""
