"""How often is the verdict on a rollout in waves wrong? Simulated panels with a known truth.

    python benchmarks/waves_rates.py [REPLICATIONS]

Prints one line a cell. The seed of a cell is the CRC-32 of its name under the label below. Lower is better in every
panel; sizes are in noise standard deviations.
"""

from __future__ import annotations

import sys
import zlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sigmatool.review.decision import CREDITED
from sigmatool.review.waves import Waves, review_waves

LABEL = "waves of 2026-11-24"


@dataclass(frozen=True)
class WavesCell:
    """A scenario: ``step`` at each go-live, ``differ`` its sd between sites, ``common`` the shape that all sites share,
    ``course`` the improvement over the whole time of the first site to go live beyond that of the last, ``noise`` the
    ratio of the noisiest site's sd to the quietest's, ``growth`` periods until the step is full, ``fade`` share of the
    step lost per period, ``dose``: the step comes with adoption that rises differently at each site."""

    name: str
    sites: int = 6
    controls: int = 0
    periods: int = 24
    phi: float = 0.0
    step: float = 0.0
    differ: float = 0.0
    common: str = "season"
    course: float = 0.0
    noise: float = 1.0
    growth: int = 0
    fade: float = 0.0
    dose: bool = False
    missing: float = 0.0


WAVES_CELLS = (
    WavesCell("null, iid"),
    WavesCell("null, AR 0.6", phi=0.6),
    WavesCell("common trend for the better, no effect", common="better"),
    WavesCell("common trend for the better, no effect, AR 0.6", common="better", phi=0.6),
    WavesCell("common shock, no effect", common="shock"),
    WavesCell("null, effects differ by 0.5 sd", differ=0.5),
    WavesCell("null, effects differ by 1 sd, AR 0.6", differ=1.0, phi=0.6),
    WavesCell("null, noise of sites 1 to 4", noise=4.0),
    WavesCell("null, 3 sites", sites=3),
    WavesCell("null, 3 sites, AR 0.6", sites=3, phi=0.6),
    WavesCell("null, 2 live and 2 controls, AR 0.6", sites=4, controls=2, phi=0.6),
    WavesCell("null, one in five missing, AR 0.6", periods=30, missing=0.2, phi=0.6),
    WavesCell("early sites on a better course by 2 sd, no effect", course=2.0),
    WavesCell("early sites on a better course by 4 sd, no effect", course=4.0),
    WavesCell("early sites on a worse course by 2 sd, no effect", course=-2.0),
    WavesCell("early sites on a worse course by 4 sd, no effect", course=-4.0),
    WavesCell("1 sd step", step=1.0),
    WavesCell("1 sd step, AR 0.6", step=1.0, phi=0.6),
    WavesCell("1 sd step, effects differ by 0.5 sd", step=1.0, differ=0.5),
    WavesCell("1 sd step against a common trend for the worse", step=1.0, common="worse"),
    WavesCell("2 sd step, AR 0.6", step=2.0, phi=0.6),
    WavesCell("2 sd step, 2 live and 2 controls", sites=4, controls=2, step=2.0),
    WavesCell("1.5 sd by dose", step=1.5, dose=True),
    WavesCell("2 sd over 4 periods", step=2.0, growth=4),
    WavesCell("3 sd, lost in 10 periods", step=3.0, fade=0.1),
)


def draw_waves(cell: WavesCell, rng: np.random.Generator) -> pd.DataFrame:
    """One panel as a long table: site, period, y, live (blank: never), adoption."""
    s, p, live_sites = cell.sites, cell.periods, cell.sites - cell.controls
    start = np.full(s, 10 * p)
    edge = p // 6 if live_sites > 3 else p // 3
    start[:live_sites] = np.linspace(edge, p - edge - 1, live_sites).round()
    t = np.arange(p)
    noise = np.empty((s, p))
    noise[:, 0] = rng.standard_normal(s)
    for i in range(1, p):
        noise[:, i] = cell.phi * noise[:, i - 1] + np.sqrt(1 - cell.phi**2) * rng.standard_normal(s)
    noise *= (cell.noise ** np.linspace(-0.5, 0.5, s))[rng.permutation(s), None]
    shared = {"season": 2 * np.sin(2 * np.pi * t / 12), "better": -4 * t / p, "worse": 4 * t / p,
              "shock": -3.0 * (t > p // 2)}[cell.common]  # fmt: skip
    since = t[None, :] - start[:, None]
    on = since >= 0
    share = np.clip((since + 1) / cell.growth, 0, 1) if cell.growth else np.clip(1 - cell.fade * since, 0, 1)
    adoption = np.clip(rng.uniform(0.2, 0.9, s)[:, None] + rng.uniform(-0.05, 0.05, s)[:, None] * since, 0, 1) * on
    share = adoption if cell.dose else share * on
    effects = (cell.step + cell.differ * rng.standard_normal(s))[:, None] * share
    course = cell.course * np.linspace(1, 0, s)[:, None] * t / p
    y = 50 + rng.normal(0, 3, s)[:, None] + shared + noise - effects - course
    table = pd.DataFrame(
        {
            "site": np.repeat([f"s{i}" for i in range(s)], p),
            "period": np.tile(t + 1, s),
            "y": y.ravel(),
            "live": np.repeat(np.where(start < p, start + 1.0, np.nan), p),
            "adoption": adoption.ravel(),
        }
    )
    return table[rng.random(s * p) >= cell.missing]


def judge_waves(cell: WavesCell, table: pd.DataFrame) -> Waves:
    """The review of one panel."""
    return review_waves(
        table, value="y", time="period", site="site", rollout="live", better="lower",
        adoption="adoption" if cell.dose else None,
    )  # fmt: skip


def waves_rates(cell: WavesCell, replications: int) -> dict[str, object]:
    """Shares over the replications: credited, worse, interval holds the truth (by dose where it is given), codes."""
    rng = np.random.default_rng(zlib.crc32(f"{LABEL} {cell.name}".encode()))
    codes: Counter[str] = Counter()
    held = 0
    for _ in range(replications):
        w = judge_waves(cell, draw_waves(cell, rng))
        codes[w.decision.code] += 1
        low, high = w.effect.difference_low, w.effect.difference_high
        if w.dose is not None:
            low, high = w.dose.full.low, w.dose.full.high
        held += low <= -cell.step <= high
    n = replications
    return {
        "credited": sum(codes[c] for c in CREDITED) / n,
        "deteriorated": codes["DETERIORATED"] / n,
        "covered": held / n,
        "codes": dict(codes.most_common()),
    }


def main(replications: int) -> None:
    for cell in WAVES_CELLS:
        r = waves_rates(cell, replications)
        shown = {k: f"{v:.3f}" if isinstance(v, float) else v for k, v in r.items()}
        print(f"{cell.name}: {shown}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
