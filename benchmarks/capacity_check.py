"""Do the formulas of ``lean capacity`` hold, and does the page say so where they do not?

    python benchmarks/capacity_check.py [SHARE]      prints the tables of docs/capacity.md; SHARE of the full study, 1 by default

Steady queues are simulated for many more arrivals than a page would wait for, and held against the formulas. Tables in
which periods differ, are short, or bring more work than hours are then judged by the public function: its caveat must
be there where the formula is off. At last tables are drawn from a known law, and the chance of overload and the
intervals held against the truth. Seeds are the CRC-32 of a row's name under the label below.
"""

from __future__ import annotations

import sys
import zlib

import numpy as np
import pandas as pd

import sigmatool as st
from sigmatool.numbers.queue_simulation import Course, simulate
from sigmatool.numbers.queueing import erlang_c, served_within, waiting, waiting_vut
from sigmatool.numbers.workload import overload, ratio_of_totals

LABEL = "capacity check of 2026-11-26"
PASSES, ARRIVALS = 8, 1_500_000


def seed(name: str) -> int:
    return zlib.crc32(f"{LABEL}: {name}".encode())


def steady(share: float) -> None:
    """Queues that had time to settle."""
    print(
        "| queue | scv of arrivals, handling | servers | load | wait | simulated | off by | VUT off by | have to wait | simulated | in time | simulated |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    exact = [("M/M/c", c, u, 1.0, 1.0) for c, u in ((1, 0.5), (1, 0.8), (5, 0.8), (14, 0.71), (50, 0.9), (200, 0.95))]
    one = [("M/G/1", 1, 0.8, 1.0, cs) for cs in (0.0, 0.5, 4.0)]
    several = [
        (f"{'M' if ca == 1 else 'G'}/G/c, {ca:g}, {cs:g}", c, u, ca, cs)
        for ca, cs in ((1.0, 0.5), (1.0, 2.0), (0.5, 1.0), (2.0, 1.0), (0.5, 0.5))
        for c, u in ((5, 0.7), (5, 0.9), (20, 0.7), (20, 0.9), (20, 0.95))
    ]
    for name, c, u, ca, cs in exact + one + several:
        n = int(ARRIVALS * share)
        # what is very busy, or very large, settles slowly and needs more to be told apart
        passes = PASSES * (4 if c >= 50 or u >= 0.95 else 1)
        load = u * c
        course = Course(np.array([float(n)]), np.array([n / load]), np.array([1.0]), ca, cs)
        key = f"{name} {c} {u}"
        (run,) = simulate(course, [np.array([float(c)])], within=0.2, passes=passes, seed=seed(key))
        each = (run.wait / run.arrivals)[:, 0]
        seen, error = each.mean(), each.std(ddof=1) / np.sqrt(passes)
        told = float(waiting(load, c, 1.0, ca, cs))
        vut = float(waiting_vut(load, c, 1.0, ca, cs))
        waited = float(run.waited.sum() / run.arrivals.sum())
        within = float(run.within.sum() / run.arrivals.sum())
        print(
            f"| {name.split(',')[0]} | {ca:g}, {cs:g} | {c} | {u:.0%} | {told:.4f} | {seen:.4f} ± {error:.4f} | {told / seen - 1:+.1%} | {vut / seen - 1:+.1%} | "
            f"{float(erlang_c(load, c)):.3f} | {waited:.3f} | {float(served_within(0.2, load, c, 1.0, ca, cs)):.3f} | {within:.3f} |",
            flush=True,
        )


def tables() -> dict[str, tuple[pd.DataFrame, float]]:
    """Tables of periods with the hours of one: where a steady state is there, and where it is not."""
    day = 1 + 0.25 * np.sin(np.linspace(0, 2 * np.pi, 24, endpoint=False))
    return {
        "weeks alike, 80 %": (pd.DataFrame({"n": [1920.0] * 26, "s": 10}), 40),
        "weeks that differ, 70 to 92 %": (pd.DataFrame({"n": np.linspace(1680, 2208, 26).round(), "s": 10}), 40),
        "weeks, one of them 104 %": (pd.DataFrame({"n": [1900.0] * 25 + [2500.0], "s": 10}), 40),
        "weeks at 99 %": (pd.DataFrame({"n": [2376.0] * 26, "s": 10}), 40),
        "half-hours of a day, 58 to 96 %": (pd.DataFrame({"n": (18.6 * day).round(), "s": 8}), 0.5),
        "half-hours of a day, 72 to 120 %": (pd.DataFrame({"n": (23 * day).round(), "s": 8}), 0.5),
        "quarter-hours at 97 %": (pd.DataFrame({"n": [11.6] * 32, "s": 8}), 0.25),
    }  # fmt: skip


def judged() -> None:
    """What the public function says of tables, against 40 to 4,000 passes of the simulation."""
    print("| table | wait by formula | long run | off by | told on the page | told by | caveat |")
    print("| --- | ---: | ---: | ---: | ---: | --- | --- |")
    for name, (table, hours) in tables().items():
        frame = table.assign(t=10.0)
        found = st.capacity_check(frame, arrivals="n", handling="t", staff="s", unit="minutes", hours=hours)
        p, q = found.periods, found.study.queues
        course = Course(p.arrivals, p.hours * 60, p.handling)
        passes = int(np.clip(12_000_000 / p.arrivals.sum(), 40, 4000))
        (run,) = simulate(course, [p.staff], passes=passes, seed=seed(name))
        seen = float(run.wait.sum() / run.arrivals.sum())
        formula = q.each[0].formula.mean
        off = f"{formula / seen - 1:+.0%}" if np.isfinite(formula) else "-"
        flagged = "yes" if any(c.code == "formula-off" for c in found.caveats) else "no"
        print(
            f"| {name} | {formula:.3g} | {seen:.3g} | {off} | {found.wait.value:.3g} | {q.by} | {flagged} |", flush=True
        )


def drawn(share: float) -> None:
    """Tables from a known law: 12 people for 40 hours, 8.5 minutes, a level that differs by ``cv`` between weeks."""
    print("| weeks | sd of weeks | chance of overload told | seen | utilisation held | wait held | difference held |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    m, hours, people, tau, scv = int(4000 * share), 40.0, 12.0, 8.5 / 60, 0.6
    for n in (8, 12, 26, 52):
        # near the line for the chance; further from it for waits, which have a mean only where no week is overloaded
        for cv, near, busy, busier in ((0.0, 0.97, 0.80, 0.90), (0.05, 0.92, 0.65, 0.78), (0.10, 0.85, 0.45, 0.58)):
            rng = np.random.default_rng(seed(f"{n} {cv}"))
            mean = busy * people * hours / tau
            left = people * busy / busier
            wide = rng.poisson(mean * level(rng, cv, 400_000)).astype(float)
            cost = [waiting(wide * tau / hours, c, tau, 1.0, scv) for c in (people, left)]
            truth = [float((wide * w).sum() / wide.sum()) for w in (cost[0], cost[1] - cost[0])]
            held, told, seen = np.zeros(3), 0.0, 0.0
            for _ in range(m):
                arrivals, minutes = weeks(rng, mean, cv, n, tau, scv)
                load = arrivals * minutes / hours
                capacity = np.full((1, n), people * busy / near)
                told += float(
                    overload(load, np.full(n, arrivals.mean()), scv, capacity, np.full(n, hours)).chance[0, 0]
                )
                later, took = weeks(rng, mean, cv, 1, tau, scv)
                seen += float(later[0] * took[0] / hours > people * busy / near)
                use = ratio_of_totals(load * hours, np.full(n, people * hours), positive=False)
                w = [waiting(load, c, minutes, 1.0, scv) for c in (people, left)]
                found = [
                    use,
                    ratio_of_totals(arrivals * w[0], arrivals),
                    ratio_of_totals(arrivals * (w[1] - w[0]), arrivals),
                ]
                held += [e.low <= x <= e.high for e, x in zip(found, (busy, *truth), strict=True)]
            shares = " | ".join(f"{x / m:.1%}" for x in held)
            print(f"| {n} | {cv:.0%} | {told / m:.2%} | {seen / m:.2%} | {shares} |", flush=True)


def weeks(
    rng: np.random.Generator, mean: float, cv: float, n: int, tau: float, scv: float
) -> tuple[np.ndarray, np.ndarray]:
    """Arrivals of n weeks, and their mean handling times."""
    arrivals = rng.poisson(mean * level(rng, cv, n)).astype(float)
    return arrivals, tau * rng.gamma(arrivals / scv) / (arrivals / scv)


def level(rng: np.random.Generator, cv: float, n: int) -> np.ndarray:
    """Gamma levels of mean one."""
    return rng.gamma(1 / cv**2, cv**2, n) if cv > 0 else np.ones(n)


if __name__ == "__main__":
    part = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    steady(part)
    print()
    judged()
    print()
    drawn(part)
