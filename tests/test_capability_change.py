"""Capability before and after: the interval of the difference covers what it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter

import sigmatool as st
from sigmatool.numbers.autoregression import Series
from sigmatool.numbers.performance import performance
from sigmatool.numbers.performance_skewed import capability_skewed
from sigmatool.render.document import FigureBlock, Paragraph
from sigmatool.render.figure import Figure
from sigmatool.render.html import html


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


@pytest.mark.parametrize("phi", [0.0, 0.6])
def test_skewed_values_keep_their_coverage(phi: float) -> None:
    # lognormal: the logarithm's sd 0.5 becomes 0.35, upper limit exp(1.45)
    rng = np.random.default_rng(11)
    noise = lfilter([1.0], [1.0, -phi], rng.standard_normal((150, 160)) * np.sqrt(1 - phi**2), axis=1)[:, 60:]
    truth = 1.45 / (3 * 0.35) - 1.45 / (3 * 0.5)
    covered = 0
    for y in noise:
        found = capability_skewed(np.exp(0.5 * y[:50]), np.exp(0.35 * y[50:]), None, np.exp(1.45), phi)
        covered += found.low <= truth <= found.high
    assert covered / 150 > 0.92 - 0.045


def test_two_heavy_tails_are_not_passed_off_as_normal() -> None:
    rng = np.random.default_rng(4)
    found = capability_skewed(rng.standard_t(2, 100), rng.standard_t(2, 100), -9.0, 9.0)
    assert not found.fits


def test_a_review_of_skewed_values_tells_both() -> None:
    rng = np.random.default_rng(3)
    data = pd.DataFrame({"y": np.exp(np.r_[rng.normal(0.4, 0.9, 60), rng.normal(0, 0.9, 60)])})
    r = st.review(data, value="y", rollout=61, better="lower", usl=12.0)
    assert r.findings.heavy
    assert r.capability.skewed is not None
    assert "values are skewed" in "".join(str(s) for s in r.document().sections)
    assert r.to_json() == st.review(data, value="y", rollout=61, better="lower", usl=12.0).to_json()


def test_the_page_shows_both_stages_on_one_scale_and_how_much_hangs_on_the_distribution() -> None:
    filling = st.datasets.load("filling")
    r = st.review(
        filling, value="fill_ml", subgroup="sample", rollout=41, better="target", target=500, lsl=495, usl=505
    )
    section = next(s for s in r.document().sections if s.id == "capability")
    pictures = [b for b in section.blocks if isinstance(b, FigureBlock)]
    assert [len(b.figure.panels) for b in pictures if isinstance(b.figure, Figure)] == [2, 1]
    assert pictures[0].figure.x_label == "fill_ml"
    told = [b.text for b in section.blocks if isinstance(b, Paragraph)]
    assert "hangs on" in told[-1]


def test_the_stage_after_is_a_capability_study_of_its_own() -> None:
    fills = st.datasets.load("filling")
    r = st.review(fills, value="fill_ml", subgroup="sample", rollout=41, better="target", target=500, lsl=495, usl=505)
    own = st.capability(fills, value="fill_ml", subgroup="sample", lsl=495, usl=505, target=500, exclude="1-40")
    found = r.after_study
    assert found is not None
    assert found.study.x.tolist() == own.study.x.tolist()
    assert {k: (e.value, e.low, e.high) for k, e in found.indices.items() if k in ("cpk", "ppk")} == {
        k: (e.value, e.low, e.high) for k, e in own.indices.items() if k in ("cpk", "ppk")
    }
    assert found.indices["ppk"].value == pytest.approx(r.capability.after.ppk, rel=1e-9)
    assert "The stage after in six pictures" in html(r.document())
    assert r.to_dict()["capability"]["after_study"]["indices"]["ppk"]["value"] == found.indices["ppk"].value
    assert st.review(fills, value="fill_ml", subgroup="sample", rollout=41, better="lower").after_study is None
