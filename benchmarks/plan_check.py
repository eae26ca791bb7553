"""Does a review keep what its plan promised? Series with the planned points and effect, judged as they stand.

    python benchmarks/plan_check.py [REPLICATIONS]      prints the tables of docs/plan.md; 400 series a row by default

First with the noise known: the plan's arithmetic is given the true noise and autocorrelation, and 24 to 96 points
before. Then from end to end: each series is planned from its own baseline, whose noise it has to estimate, goes on for as
many points as that plan says (400 at the most: "cut off"), and is reviewed. Seeds are the CRC-32 of the row's name under the label below.
"""

from __future__ import annotations

import sys
import zlib

import numpy as np
import pandas as pd

import sigmatool as st
from sigmatool.plans.needed import FURTHEST, _least
from sigmatool.plans.power import Answer, Design
from sigmatool.review.judging import judge
from sigmatool.review.request import Request

LABEL = "plan check of 2026-11-26"
BETTER = (
    "IMPROVED_STABLE", "IMPROVED_PROVISIONAL", "IMPROVED_NOT_STABLE", "IMPROVED_GRADUALLY", "IMPROVED_AGAINST_TREND",
)  # fmt: skip
OPEN = ("BETTER_CAUSE_OPEN", "IMPROVED_NOT_SUSTAINED")
LONGEST = 400


def noise(rng: np.random.Generator, n: int, phi: float) -> np.ndarray:
    """AR(1) noise of unit variance."""
    y = rng.normal(size=n)
    for i in range(1, n):
        y[i] = phi * y[i - 1] + np.sqrt(1 - phi**2) * y[i]
    return y


def table(rng: np.random.Generator, before: int, after: int, phi: float, step: float, controlled: bool) -> pd.DataFrame:
    """A metric of noise sd 1 about 10 that rises by ``step``; with a control, that of the difference from it."""
    later = (np.arange(before + after) >= before) * step
    shared = 2 * noise(rng, before + after, 0.6) if controlled else 0.0
    held = {"y": 10 + noise(rng, before + after, phi) + later + shared}
    return pd.DataFrame(held | ({"control": 10 + shared} if controlled else {}))


def verdict(data: pd.DataFrame, before: int) -> str:
    """What the review says."""
    asked = Request(
        value="y", size=None, time=None, subgroup=None, scale="auto", rollouts=((str(before + 1), "rollout"),),
        better="higher", washout=0, worthwhile=1.0, season=None, merge="auto",
        control="control" if "control" in data else None, control_size=None, target=None, exclude=None,
    )  # fmt: skip
    return judge(data, asked).decision.code


def share(found: list[str], answer: Answer) -> float:
    named = BETTER if answer == "credited" else (*BETTER, *OPEN)
    return float(np.mean([code in named for code in found]))


def known(replications: int, power: float = 0.8) -> list[tuple[str, int, float, float]]:
    """The arithmetic alone: planned points, promised and found share, by row."""
    rows = []
    print(
        "| noise known | answer | points before | planned after | promised | found |\n| --- | --- | ---: | ---: | ---: | ---: |"
    )
    for phi in (0.0, 0.3, 0.6):
        for before, step, controlled in ((24, 1.0, False), (48, 1.5, False), (96, 1.0, False), (48, 1.0, True)):
            design = Design(np.arange(before), 0, phi, None, controlled, None)
            for answer in ("better", "credited"):
                after = _least(design, answer, step, power)
                name = f"phi {phi:g}, step {step:g} sd" + (", control" if controlled else "")
                if after is None or after > LONGEST:
                    continue
                rng = np.random.default_rng(zlib.crc32(f"{LABEL} known {name} {before} {answer}".encode()))
                found = [verdict(table(rng, before, after, phi, step, controlled), before) for _ in range(replications)]
                promised, got = design.chance(answer, after, step), share(found, answer)
                rows.append((name, after, promised, got))
                told = f"{100 * promised:.0f} % | {100 * got:.1f} %"
                print(f"| {name} | {answer} | {before} | {after} | {told} |", flush=True)
    return rows


def counted(replications: int, power: float = 0.8) -> None:
    """From end to end, shares: 10 % that fall to 7 %, of 150 to 250 a point, beyond what chance alone scatters."""
    for before in (24, 48, 96):
        rng = np.random.default_rng(zlib.crc32(f"{LABEL} counted {before}".encode()))
        planned, found = [], []
        for _ in range(replications):
            size = rng.integers(150, 251, before + LONGEST)
            level = np.where(np.arange(size.size) < before, 0.1, 0.07) * np.exp(0.1 * rng.normal(size=size.size))
            data = pd.DataFrame({"y": rng.binomial(size, level), "n": size})
            p = st.plan(
                data.head(before), value="y", size="n", better="lower", worthwhile=0.03, power=power, rules="1"
            )  # fmt: skip
            after = min(p.needed[0].better or FURTHEST, LONGEST)
            planned.append(after)
            asked = Request(
                value="y", size="n", time=None, subgroup=None, scale="auto", rollouts=((str(before + 1), "rollout"),),
                better="lower", washout=0, worthwhile=0.03, season=None, merge="auto", control=None, control_size=None,
                target=None, exclude=None,
            )  # fmt: skip
            found.append(judge(data.head(before + after), asked).decision.code)
        _row("shares, 10 % to 7 %", before, planned, power, found)


def _row(name: str, before: int, planned: list[int], power: float, found: list[str]) -> None:
    beyond = 100 * float(np.mean(np.array(planned) >= LONGEST))
    told = f"{np.median(planned):.0f} | {beyond:.0f} % | {100 * power:.0f} % | {100 * share(found, 'better'):.1f} %"
    print(f"| {name} | {before} | {told} |", flush=True)


def whole(replications: int, power: float = 0.8) -> None:
    """From end to end."""
    print(
        "\n| from end to end | points before | planned after (median) | cut off | wanted | called better |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |"
    )
    for phi in (0.0, 0.3, 0.6):
        for before, step in ((24, 1.5), (48, 1.0), (96, 1.0)):
            name = f"phi {phi:g}, step {step:g} sd"
            rng = np.random.default_rng(zlib.crc32(f"{LABEL} whole {name} {before}".encode()))
            planned, found = [], []
            for _ in range(replications):
                data = table(rng, before, LONGEST, phi, step, False)
                p = st.plan(data.head(before), value="y", better="higher", worthwhile=step, power=power, rules="1")
                after = min(p.needed[0].better or FURTHEST, LONGEST)
                planned.append(after)
                found.append(verdict(data.head(before + after), before))
            _row(name, before, planned, power, found)
    counted(replications, power)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    known(count)
    whole(count)
