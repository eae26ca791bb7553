"""How often does one err who looks more than once? Seven looks at steady series, and a look after every point.

    python benchmarks/repeated_looks.py [REPLICATIONS]      prints two tables; 240 series a row by default

24 points before the rollout, E1 asked after 8 to 36 (the looks) or 8 to 100 points (the e-process). Seeds are the CRC-32
of the row's name under the label below.
"""

from __future__ import annotations

import sys
import zlib

import numpy as np

from sigmatool.numbers.always_valid import safe_steps
from sigmatool.numbers.autoregression import Series
from sigmatool.review.looks import Looks
from sigmatool.review.policy import POLICY

LABEL = "repeated looks of 2026-11-25"
BEFORE = 24
LOOKS = Looks((8, 12, 16, 20, 24, 30, 36))
NOISES = {"white noise": 0.0, "AR(1) 0.6": 0.6}
PRIORS = {"0.5": (0.5,), "1": (1.0,), "2": (2.0,), "1 and 2": (1.0, 2.0)}


def series(rng: np.random.Generator, n: int, phi: float, step: float) -> np.ndarray:
    """AR(1) noise of unit variance with a step after the points before."""
    y = rng.normal(size=n)
    for i in range(1, n):
        y[i] = phi * y[i - 1] + np.sqrt(1 - phi**2) * y[i]
    return y + step * (np.arange(n) >= BEFORE)


def spoken(y: np.ndarray) -> tuple[bool, bool, bool]:
    """Is "better" said at any look: each at the full level, with its share of it, by the always-valid p value?"""
    naive = shared = safe = False
    for after in LOOKS.planned:
        n = BEFORE + after
        later = np.arange(n) >= BEFORE
        columns = {"one": np.ones(n), "D": later.astype(float)}
        p = Series(y[:n], columns, np.arange(n)).fit(["one", "D"]).contrast(D=1.0).one_sided()
        naive |= p < POLICY.alpha_level
        shared |= p < POLICY.alpha_level * LOOKS.share(after)
        (found,) = safe_steps(y[:n], later, [()], np.arange(n))
        safe |= found.p_up < POLICY.alpha_level
    return naive, shared, safe


def looks(replications: int) -> None:
    """The table of seven looks."""
    print("| noise | step (sd) | each at 2.5 % | planned shares | always valid |\n| --- | ---: | ---: | ---: | ---: |")
    for name, phi in NOISES.items():
        for step in (0.0, 1.0, 2.0):
            rng = np.random.default_rng(zlib.crc32(f"{LABEL} looks {name} {step}".encode()))
            y = (series(rng, BEFORE + LOOKS.planned[-1], phi, step) for _ in range(replications))
            said = 100 * np.mean([spoken(one) for one in y], axis=0)
            print(f"| {name} | {step:g} | " + " | ".join(f"{v:.1f} %" for v in said) + " |", flush=True)


def every_point(replications: int, last: int = 100) -> None:
    """The table of a look after every point: does the e-value of either sign ever reach 20?"""
    print(
        "\n| noise | step (sd) | prior sd of the step | ever e >= 20 | e >= 20 at the end | interval holds the step |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, phi in NOISES.items():
        for step in (0.0, 0.5, 1.0):
            for told, prior in PRIORS.items():
                rng = np.random.default_rng(zlib.crc32(f"{LABEL} every point {name} {step}".encode()))
                rows = []
                for _ in range(replications):
                    y = series(rng, BEFORE + last, phi, step)
                    later = np.arange(y.size) >= BEFORE
                    (f,) = safe_steps(
                        y, later, [()], np.arange(y.size), looks=np.arange(8, last + 1), prior_sd=prior
                    )  # fmt: skip
                    rows.append((f.log_either.max() >= np.log(20), f.e_value >= 20, f.low <= step <= f.high))
                ever, end, held = 100 * np.mean(rows, axis=0)
                print(f"| {name} | {step:g} | {told} | {ever:.1f} % | {end:.1f} % | {held:.1f} % |", flush=True)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 240
    looks(count)
    every_point(count)
