"""How often do the widened interval and the slope of adoption hold the truth, and what does the widening cost?

Every cell has its seed. Stages of 24 points, noise of standard deviation 1 and autocorrelation r; each stage is measured
by another operator, who is off by a draw of his own. The study of the gauge knows the operators' spread to so many degrees
of freedom only, and its upper limit is the chi-square one.

    python -m benchmarks.gauge_and_adoption [--replications 400]
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtri

from sigmatool.review.decision import CREDITED
from sigmatool.review.gauge_file import Gauge
from sigmatool.review.judging import Judgement, judge
from sigmatool.review.request import Request

Floats = NDArray[np.float64]
SIDE = 24


def noise(rng: np.random.Generator, n: int, r: float) -> Floats:
    """AR(1) of standard deviation 1."""
    e = rng.normal(size=n)
    x = np.empty(n)
    x[0] = e[0]
    for i in range(1, n):
        x[i] = r * x[i - 1] + np.sqrt(1 - r * r) * e[i]
    return x


def judged(y: Floats, gauge: Gauge | None) -> Judgement:
    """Lower is better, rollout in the middle."""
    asked = Request(
        value="y", size=None, time=None, subgroup=None, scale="auto", rollouts=((str(y.size // 2 + 1), ""),),
        better="lower", washout=0, worthwhile=0.5, season=None, merge="auto", control=None, control_size=None,
        target=None, exclude=None, gauge=gauge, gauge_changed=gauge is not None,
    )  # fmt: skip
    return judge(pd.DataFrame({"y": y}), asked)


def study(rng: np.random.Generator, spread: float, dof: int) -> Gauge:
    """What a study of ``dof + 1`` operators would have told of their spread."""
    seen = spread * np.sqrt(rng.chisquare(dof) / dof)
    return Gauge(sd=0.3, reproducibility=seen, reproducibility_high=seen * np.sqrt(dof / chdtri(dof, 0.975)))


def gauge_cell(spread: float, dof: int, r: float, effect: float, replications: int, seed: int) -> dict[str, float]:
    """Shares in percent: of intervals that hold the effect, plain and widened, and of verdicts."""
    rng = np.random.default_rng(seed)
    told = dict.fromkeys(("plain", "widened", "credited plain", "credited", "worse plain", "worse"), 0)
    for _ in range(replications):
        y = 10 + noise(rng, 2 * SIDE, r) + rng.normal(0, 0.3, 2 * SIDE)
        y[:SIDE] += rng.normal(0, spread)
        y[SIDE:] += rng.normal(0, spread) - effect
        for name, gauge in (("plain", None), ("", study(rng, spread, dof))):
            found = judged(y, gauge)
            assert found.effect is not None
            held = found.effect.difference_low <= -effect <= found.effect.difference_high
            told["plain" if name else "widened"] += held
            told[f"credited {name}".strip()] += found.decision.code in CREDITED
            told[f"worse {name}".strip()] += found.decision.code == "DETERIORATED"
    return {name: 100 * count / replications for name, count in told.items()}


def dose_cell(slope: float, r: float, rising: bool, replications: int, seed: int) -> dict[str, float]:
    """Share in percent of intervals of the slope after the rollout that hold the truth, and of slopes shown better."""
    from sigmatool.numbers.autoregression import Series

    rng = np.random.default_rng(seed)
    held = shown = 0
    for _ in range(replications):
        t = np.arange(SIDE)
        share = np.clip((0.3 + 0.5 * t / SIDE if rising else 0.5) + rng.normal(0, 0.15, SIDE), 0, 1)
        z = noise(rng, SIDE, r) + slope * share
        contrast = Series(z, {"one": np.ones(SIDE), "dose": share}, t).fit(["one", "dose"]).contrast(dose=1.0)
        low, high = contrast.interval()
        held += low <= slope <= high
        shown += low > 0
    return {"holds the truth": 100 * held / replications, "shown better": 100 * shown / replications}


GAUGE = (
    (0.0, 2, 0.0, 0.0), (0.3, 2, 0.0, 0.0), (0.3, 2, 0.6, 0.0), (1.0, 2, 0.0, 0.0), (1.0, 9, 0.3, 0.0),
    (0.3, 9, 0.0, 2.0), (1.0, 9, 0.0, 2.0), (1.0, 2, 0.3, 2.0),
)  # fmt: skip
DOSE = ((0.0, 0.0, False), (0.0, 0.6, False), (0.0, 0.6, True), (3.0, 0.3, False), (3.0, 0.3, True))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--replications", type=int, default=400)
    n = parser.parse_args().replications
    print(
        "| operators' sd | dof | r | effect | plain holds | widened holds | credited plain | credited | worse plain | worse |"
    )
    print("| ---: " * 10 + "|")
    for place, cell in enumerate(GAUGE):
        found = gauge_cell(*cell, replications=n, seed=4100 + place)
        print("| " + " | ".join([*(f"{v:g}" for v in cell), *(f"{v:.1f}" for v in found.values())]) + " |", flush=True)
    print("\n| slope | r | rising | holds the truth | shown better |")
    print("| ---: " * 5 + "|")
    for place, each in enumerate(DOSE):
        found = dose_cell(*each, replications=5 * n, seed=4200 + place)
        print("| " + " | ".join([*map(str, each), *(f"{v:.1f}" for v in found.values())]) + " |", flush=True)


if __name__ == "__main__":
    main()
