"""How often the intervals of the lean studies hold the truth.

    python -m benchmarks.lean_coverage

Prints the table of docs/lean.md (half a minute); every cell draws from a seed of its own, written below.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from sigmatool.numbers.category_change import rate_ratios
from sigmatool.numbers.category_shares import could_be_largest, rank_intervals, simultaneous_shares
from sigmatool.numbers.effectiveness import pooled_ratio
from sigmatool.numbers.estimate import Estimate
from sigmatool.numbers.rolled_yield import hidden_factory, rolled, step_yields
from sigmatool.numbers.square_and_add import square_and_add
from sigmatool.numbers.weighted_shares import weighted_shares

SEED = "lean coverage of 2026-11-26"
DRAWS = 4_000
Floats = NDArray[np.float64]
Trial = Callable[[np.random.Generator], bool]


def holds(e: Estimate, truth: float) -> bool:
    return bool(e.low <= truth <= e.high)


def shares(size: int) -> Iterator[tuple[str, Trial]]:
    truth = np.array([0.3, 0.22, 0.16, 0.12, 0.08, 0.06, 0.04, 0.02])
    place = np.arange(1, truth.size + 1)

    def all_shares(rng: np.random.Generator) -> bool:
        _, low, high = simultaneous_shares(rng.multinomial(size, truth))
        return bool(np.all((low <= truth) & (truth <= high)))

    def largest(rng: np.random.Generator) -> bool:
        return bool(could_be_largest(rng.multinomial(size, np.full(8, 1 / 8)))[0])

    def ranks(rng: np.random.Generator) -> bool:
        low, high = rank_intervals(rng.multinomial(size, truth))
        return bool(np.all((low <= place) & (place <= high)))

    def changes(rng: np.random.Generator) -> bool:
        ratio = np.array([0.5, 1, 1, 1, 1, 1.5, 1, 1])
        found = rate_ratios(rng.poisson(size * truth), rng.poisson(size * truth * ratio), families=8)
        known = ~np.isnan(found.low)
        return bool(np.all(~known | ((found.low <= ratio) & (ratio <= found.high))))

    def money(rng: np.random.Generator) -> bool:
        groups = [rng.lognormal(0, 0.7, rng.poisson(size * p)) for p in truth[:4] / truth[:4].sum()]
        wanted = truth[:4] / truth[:4].sum()
        _, low, high = weighted_shares([g.sum() for g in groups], [(g**2).sum() for g in groups])
        return bool(np.all((low <= wanted) & (wanted <= high)))

    yield f"shares of 8 causes, {size} events, all at once", all_shares
    yield f"the largest of 8 equal causes is in the set, {size} events", largest
    yield f"places of 8 causes, {size} events, all at once", ranks
    yield f"changes of 8 rates, {size} events a stage, all at once", changes
    yield f"shares of the money of 4 causes, {size} events, all at once", money


def yields(told: str, true: list[float], units: int) -> Iterator[tuple[str, Trial]]:
    y = np.array(true)

    def whole(rng: np.random.Generator) -> bool:
        return holds(rolled(units - rng.binomial(units, y), units)[0], float(y.prod()))

    def difference(rng: np.random.Generator) -> bool:
        better = 1 - (1 - y) / 2
        ends = [rolled(units - rng.binomial(units, each), units)[0] for each in (y, better)]
        return holds(square_and_add(*ends), float(better.prod() - y.prod()))

    def hidden(rng: np.random.Generator) -> bool:
        r, s = 0.8 * (1 - y), 0.2 * (1 - y)
        drawn = np.array([rng.multinomial(units, [a, b, 1 - a - b]) for a, b in zip(r, s, strict=True)])
        found = hidden_factory(drawn[:, 0], drawn[:, 1], np.full(y.size, units))
        return holds(found, float(np.prod(1 - s) - y.prod())) or bool(np.isnan(found.high))

    def joined(rng: np.random.Generator) -> bool:
        steps = step_yields(units - rng.binomial(units, y), units)
        value, low, high = (np.log([getattr(e, end) for e in steps]) for end in ("value", "low", "high"))
        loss, truth = float(value.sum()), float(np.log(y).sum())
        return loss - float(np.linalg.norm(value - low)) <= truth <= loss + float(np.linalg.norm(high - value))

    yield f"RTY: {told}, {units} units", whole
    yield f"RTY by joining the steps' exact intervals (not used): {told}, {units} units", joined
    yield f"difference of RTY, losses halved: {told}, {units} units", difference
    yield f"hidden factory: {told}, {units} units", hidden


def effectiveness(periods: int, alike: float) -> Iterator[tuple[str, Trial]]:
    def one(rng: np.random.Generator, level: float) -> Estimate:
        z = rng.standard_normal(periods)
        for t in range(1, periods):
            z[t] = alike * z[t - 1] + np.sqrt(1 - alike**2) * z[t]
        planned = rng.choice([480.0, 300.0], periods)
        return pooled_ratio(planned * (level + 0.07 * z), planned)

    def ratio(rng: np.random.Generator) -> bool:
        return holds(one(rng, 0.75), 0.75)

    def difference(rng: np.random.Generator) -> bool:
        return holds(square_and_add(one(rng, 0.7), one(rng, 0.75)), 0.05)

    yield f"OEE: {periods} periods, autocorrelation {alike:g}", ratio
    yield f"difference of OEE: {periods} periods each, autocorrelation {alike:g}", difference


def cells() -> Iterator[tuple[str, Trial]]:
    for size in (60, 600):
        yield from shares(size)
    yield from yields("4 steps of 95 to 99 %", [0.99, 0.95, 0.98, 0.97], 200)
    yield from yields("8 steps of 99.9 %", [0.999] * 8, 1_000)
    yield from yields("12 steps of 98 %", [0.98] * 12, 100)
    yield from yields("20 steps of 99.5 %", [0.995] * 20, 100)
    yield from yields("2 steps of 60 and 70 %", [0.6, 0.7], 30)
    for periods in (10, 30, 100):
        for alike in (0.0, 0.3, 0.6):
            yield from effectiveness(periods, alike)


def main() -> None:
    print("| what | holds the truth, % |\n| --- | ---: |")
    for name, trial in cells():
        rng = np.random.default_rng(zlib.crc32(f"{SEED}: {name}".encode()))
        print(f"| {name} | {100 * np.mean([trial(rng) for _ in range(DRAWS)]):.1f} |", flush=True)


if __name__ == "__main__":
    main()
