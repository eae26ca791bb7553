"""Made-up losses that several tests look at."""

from __future__ import annotations

import numpy as np
import pandas as pd


def losses() -> pd.DataFrame:
    """Defects of four kinds, month by month."""
    rng, months = np.random.default_rng(6), pd.date_range("2022-01-01", periods=24, freq="MS").strftime("%Y-%m")
    table = pd.DataFrame({"month": np.repeat(months, 4), "cause": np.tile(["seal", "cap", "label", "dirt"], 24)})
    table["n"] = rng.poisson(np.tile([20.0, 10.0, 8.0, 2.0], 24))
    return table.assign(
        money=table["n"] * 2.5, phase=np.repeat(["old", "new"], 48), hours=np.repeat([160.0, 150.0], 48), redone=3,
        gone=rng.binomial(500, 0.01, 96), **{"in": 500},
    )  # fmt: skip


def shifts() -> pd.DataFrame:
    """Forty shifts of one machine."""
    rng = np.random.default_rng(7)
    made, bad = rng.integers(240, 280, 40), rng.integers(0, 12, 40)
    return pd.DataFrame(
        {
            "day": pd.date_range("2026-01-01", periods=40).strftime("%Y-%m-%d"), "planned": 450,
            "setup": rng.integers(10, 40, 40), "failure": rng.integers(0, 30, 40), "cycle": 1.25, "made": made,
            "bad": bad, "good": made - bad, "wanted": 250, "phase": np.repeat(["a", "b"], 20),
        }
    )  # fmt: skip
