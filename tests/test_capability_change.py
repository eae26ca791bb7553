"""Capability before and after: the interval of the difference covers what it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from sigmatool.numbers.autoregression import Series
from sigmatool.numbers.performance import performance


@pytest.mark.parametrize("n", [24, 50])
@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_the_interval_of_the_difference_covers(n: int, phi: float) -> None:
    # mean 0 and sd 1 become mean 0.5 and sd 0.7, upper limit 4; the autocorrelation is estimated as in a review
    rng = np.random.default_rng(2_026 + n)
    noise = lfilter([1.0], [1.0, -phi], rng.standard_normal((400, 2 * n + 60)) * np.sqrt(1 - phi**2), axis=1)[:, 60:]
    t = np.arange(2 * n)
    columns = {"one": np.ones(2 * n), "D": (t >= n).astype(float)}
    truth = (4 - 0.5) / (3 * 0.7) - 4 / 3
    covered = 0
    for y in noise:
        y[n:] = 0.5 + 0.7 * y[n:]
        r = Series(y, columns, t).fit(["one", "D"]).autocorrelation
        before, after = performance(y[:n], None, 4, r), performance(y[n:], None, 4, r)
        half = 1.959964 * np.hypot(before.standard_error, after.standard_error)
        covered += abs(after.ppk - before.ppk - truth) <= half
    # the bar is 92 to 98 %; two standard errors of 400 series are 2 points
    assert 0.92 - 0.02 < covered / 400 < 0.98 + 0.015
