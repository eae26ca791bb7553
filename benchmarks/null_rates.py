"""How often is the verdict wrong? Simulated series with a known truth, judged by the method as it stands.

    python benchmarks/null_rates.py            writes docs/error-rates.md
    python benchmarks/null_rates.py --check    exits with 1 when a bar is missed

1,000 series a cell; the seed of a cell is the CRC-32 of its name and size under the label below, on which nothing was
tuned. Lower is better in every series.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from sigmatool.review.decision import CREDITED, decide
from sigmatool.review.evidence import Case, gather

LABEL = "rates of 2026-11-24"
REPLICATIONS = 1_000
TARGET = Path(__file__).parent.parent / "docs" / "error-rates.md"


@dataclass(frozen=True)
class Cell:
    """A scenario. ``step`` in noise sd, for the better, at ``at`` (a share of the series; None: the rollout);
    ``trend``: total improvement over the series; ``cut``: share of the spread removed after the rollout."""

    name: str
    truth: str
    before: int
    after: int
    phi: float = 0.0
    step: float = 0.0
    at: float | None = None
    trend: float = 0.0
    cut: float = 0.0
    shape: str = "normal"

    def bar(self) -> tuple[float, float] | None:
        """Largest share of wrong credit, and of wrong credit or open cause, in percent."""
        return {"null": (2.5, 5.0), "trend": (5.0, 100.0), "date": (3.0, 100.0)}.get(self.truth)


CELLS = (
    Cell("white noise", "null", 24, 24),
    Cell("AR(1) 0.6", "null", 24, 24, phi=0.6),
    Cell("white noise", "null", 8, 8),
    Cell("white noise", "null", 50, 50),
    Cell("AR(1) 0.3", "null", 24, 24, phi=0.3),
    Cell("AR(1) 0.6", "null", 12, 12, phi=0.6),
    Cell("AR(1) 0.6", "null", 50, 50, phi=0.6),
    Cell("heavy tails (t, 3 df)", "null", 24, 24, shape="t3"),
    Cell("skewed (lognormal)", "null", 24, 24, shape="lognormal"),
    Cell("white noise, unequal", "null", 24, 12),
    Cell("trend of 2 sd, favourable", "trend", 24, 24, trend=2.0),
    Cell("trend of 2 sd, favourable, AR(1) 0.6", "trend", 24, 24, phi=0.6, trend=2.0),
    Cell("trend of 2 sd, adverse", "trend", 24, 24, trend=-2.0),
    Cell("trend of 4 sd, adverse", "trend", 24, 24, trend=-4.0),
    Cell("step of 2 sd at a quarter", "date", 50, 50, step=2.0, at=0.25),
    Cell("step of 2 sd at three quarters", "date", 50, 50, step=2.0, at=0.75),
    Cell("step of 1 sd", "step", 24, 24, step=1.0),
    Cell("step of 1 sd", "step", 50, 50, step=1.0),
    Cell("step of 2 sd", "step", 24, 24, step=2.0),
    Cell("step of 2 sd, AR(1) 0.6", "step", 24, 24, phi=0.6, step=2.0),
    Cell("step of 2 sd against a trend of 4 sd", "step", 50, 50, step=2.0, trend=-4.0),
    Cell("spread halved", "spread", 50, 50, cut=0.5),
)


def noise(rng: np.random.Generator, cell: Cell) -> np.ndarray:
    n = cell.before + cell.after
    if cell.shape == "t3":
        return rng.standard_t(3, n) / np.sqrt(3)
    if cell.shape == "lognormal":
        s = 0.8
        mean, variance = np.exp(s * s / 2), (np.exp(s * s) - 1) * np.exp(s * s)
        return (np.exp(s * rng.standard_normal(n)) - mean) / np.sqrt(variance)
    white = rng.standard_normal(n)
    if cell.phi == 0:
        return white
    start = [cell.phi * rng.standard_normal()]
    return lfilter([1.0], [1.0, -cell.phi], white * np.sqrt(1 - cell.phi**2), zi=start)[0]


def draw(rng: np.random.Generator, cell: Cell) -> Case:
    n = cell.before + cell.after
    t = np.arange(n)
    after = t >= cell.before
    y = noise(rng, cell) * np.where(after, 1 - cell.cut, 1.0)
    moved = after if cell.at is None else t >= round(cell.at * n)
    up = -y + cell.step * moved + cell.trend * t / (n - 1)
    return Case(z=up, relative_sd=np.ones(n), positions=t, after=after)


def judge(cell: Cell) -> Counter[str]:
    rng = np.random.default_rng(zlib.crc32(f"{LABEL}|{cell}".encode()))
    found: Counter[str] = Counter()
    for _ in range(REPLICATIONS):
        evidence = gather(draw(rng, cell))
        code = decide(evidence).code
        found[code] += 1
        found["credited"] += code in CREDITED
        found["open"] += code in CREDITED or code == "BETTER_CAUSE_OPEN"
        found["dated"] += code in ("NOT_ATTRIBUTABLE", "CHANGE_CAME_LATER")
        found["unstable"] += not evidence.stability_after.stable
    return found


COLUMNS = (
    ("credited", "credited"),
    ("open", "credited or cause open"),
    ("dated", "another cause or date"),
    ("STABILISED", "stabilised"),
    ("DESTABILISED", "destabilised"),
    ("DETERIORATED", "deteriorated"),
    ("unstable", "called unstable after"),
)


def table(results: list[tuple[Cell, Counter[str]]]) -> str:
    lines = [
        "# How often the verdict is wrong",
        "",
        f"{REPLICATIONS:,} simulated series a row; percentages; the standard error is at most",
        f"{50 / np.sqrt(REPLICATIONS):.1f} points, and 0.5 for a share of 2.5. Made by `python benchmarks/null_rates.py`",
        f'(`make study`), seeds from the label "{LABEL}". In the rows named null, trend and date any credit is wrong.',
        "",
        "| truth | series | points | " + " | ".join(title for _, title in COLUMNS) + " |",
        "| --- | --- | --- |" + " ---: |" * len(COLUMNS),
    ]
    for cell, found in results:
        shares = " | ".join(f"{100 * found[key] / REPLICATIONS:.1f}" for key, _ in COLUMNS)
        lines.append(f"| {cell.truth} | {cell.name} | {cell.before}+{cell.after} | {shares} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    start = time.perf_counter()
    results: list[tuple[Cell, Counter[str]]] = []
    with ProcessPoolExecutor() as pool:
        for cell, found in zip(CELLS, pool.map(judge, CELLS), strict=True):
            results.append((cell, found))
            print(f"{len(results)}/{len(CELLS)} {cell.name} {cell.before}+{cell.after}", file=sys.stderr)
    missed = []
    for cell, found in results:
        bar = cell.bar()
        shares = (100 * found["credited"] / REPLICATIONS, 100 * found["open"] / REPLICATIONS)
        if bar is not None and (shares[0] > bar[0] or shares[1] > bar[1]):
            missed.append(f"{cell.name} {cell.before}+{cell.after}: {shares} above {bar}")
    if "--check" not in sys.argv:
        TARGET.write_text(table(results), encoding="utf-8")
    print(table(results))
    print(f"{time.perf_counter() - start:.0f} s; bars missed: {missed or 'none'}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
