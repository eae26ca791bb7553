"""Counts of few events: merged, or judged by the time between them, and said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.data import counts
from sigmatool.numbers.scales import working_scale
from sigmatool.review.low_counts import Gathered, gather_counts


def table(before: float, after: float, n: int = 60, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    mean = np.where(np.arange(2 * n) < n, before, after)
    month = pd.date_range("2016-01-01", periods=2 * n, freq="MS").strftime("%Y-%m")
    return pd.DataFrame({"month": month, "falls": rng.poisson(mean).astype(float), "days": 1.0})


def gathered(data: pd.DataFrame, merge: Any = "auto", used: Any = None, proportion: bool = False) -> Gathered:
    points = counts(data, value="falls", size="days", time="month")
    n = points.n
    found = gather_counts(
        points, np.ones(n, dtype=bool) if used is None else used, np.arange(n) >= n // 2, merge, proportion
    )
    assert found is not None
    return found


def code(r: st.Review) -> list[str]:
    return [c.code for c in r.caveats if c.code.startswith("low-counts")]


def review(data: pd.DataFrame, **more: Any) -> st.Review:
    return st.review(
        data, value="falls", size="days", time="month", rollout="2021-01", better="lower", scale="rate", **more
    )


def test_blocks_are_counted_outwards_and_keep_every_event() -> None:
    data = table(1.0, 1.0, 31)
    g = gathered(data, merge=4)
    x = data["falls"].to_numpy()
    assert g.points.count.tolist() == [*x[3:31].reshape(-1, 4).sum(axis=1), *x[31:59].reshape(-1, 4).sum(axis=1)]
    assert g.points.size.tolist() == [4.0] * 14
    assert (g.member == -1).sum() == 6
    assert g.points.axis.labels[7] == "2018-08 to 2018-11"
    assert g.first[7] == 31
    assert "6 periods at the outer ends" in g.caveat.text


def test_a_missing_period_leaves_its_block_with_less_exposure() -> None:
    data = table(1.0, 1.0, 32)
    used = np.ones(64, dtype=bool)
    used[[33, 40]] = False
    g = gathered(data, merge=4, used=used)
    assert g.points.size[8:11].tolist() == [3.0, 4.0, 3.0]
    assert g.points.count[8] == data["falls"].iloc[[32, 34, 35]].sum()


def test_time_goes_on_through_a_washout() -> None:
    used = np.ones(64, dtype=bool)
    used[32:36] = False
    g = gathered(table(1.0, 1.0, 32), merge=4, used=used)
    assert g.points.axis.positions.tolist() == [*range(8), *range(9, 16)]
    assert g.first[8] == 36


def test_plenty_of_events_stay_as_they_are() -> None:
    points = counts(table(6, 6), value="falls", size="days", time="month")
    assert gather_counts(points, np.ones(120, dtype=bool), np.arange(120) >= 60, "auto", False) is None


def test_times_between_events_add_up_to_the_exposure() -> None:
    data = table(0.25, 0.25, 60, seed=3)
    g = gathered(data)
    assert g.between
    x = data["falls"].to_numpy()
    assert (~g.after).sum() == x[:60].sum()
    assert g.after.sum() == x[60:].sum()
    # from the rollout to the last event's middle, and back to the first one's
    assert g.points.size[g.after].sum() == pytest.approx(np.flatnonzero(x[60:])[-1] + 0.5, abs=0.5)
    assert g.points.size[~g.after].sum() == pytest.approx(60 - np.flatnonzero(x)[0] - 0.5, abs=0.5)
    assert (g.points.size > 0).all()


def test_gaps_are_told_as_rates() -> None:
    gaps = np.random.default_rng(2).exponential(4.0, 4000)
    scale = working_scale("between", np.ones(gaps.size), gaps)
    assert scale.back(float(scale.z.mean())) == pytest.approx(0.25, rel=0.03)
    assert scale.back(scale.forward(0.4)) == pytest.approx(0.4)
    z, step = scale.forward(0.4), 1e-6
    assert scale.slope(z) == pytest.approx((scale.back(z + step) - scale.back(z - step)) / (2 * step), rel=1e-5)


def test_a_fall_of_rare_events_is_seen_in_the_metric_own_unit() -> None:
    r = review(table(1.2, 0.25, seed=5))
    assert code(r) in (["low-counts-merged"], ["low-counts-between"])
    assert r.effect is not None
    assert r.effect.before == pytest.approx(1.2, rel=0.35)
    assert r.effect.difference_high < 0
    assert r.effect.ratio_low < 0.25 / 1.2 < r.effect.ratio_high
    assert r.verdict in ("IMPROVED_STABLE", "IMPROVED_PROVISIONAL", "BETTER_CAUSE_OPEN", "IMPROVED_NOT_STABLE")
    # the chart shows every period
    assert r.charts[0].to_frame().shape[0] == 120
    assert r.document().sections


def test_between_events_turns_the_right_way() -> None:
    data = table(0.5, 0.1, 60, seed=8)
    data.loc[60:, "falls"] = 0.0
    data.loc[[66, 73, 79, 86, 92, 99, 105, 112], "falls"] = 1.0
    r = review(data)
    assert code(r) == ["low-counts-between"]
    assert r.scale == "between"
    assert r.findings.p_better < 0.025
    assert r.effect.after < r.effect.before
    upward = st.review(data, value="falls", size="days", time="month", rollout="2021-01", better="higher", scale="rate")
    assert upward.verdict == "DETERIORATED"
    assert r.document().sections


def test_too_few_events_say_how_many_periods_are_needed() -> None:
    data = table(0.5, 0.5, 60, seed=9)
    data.loc[60:, "falls"] = 0.0
    data.loc[[70, 90], "falls"] = 1.0
    r = review(data)
    assert (r.verdict, code(r)) == ("INSUFFICIENT_DATA", ["low-counts"])
    assert r.points_needed == 240 - 60
    assert "about 240 periods a side are needed" in " ".join(c.text for c in r.caveats)


def test_none_leaves_the_periods_alone() -> None:
    r = review(table(1.2, 0.6), merge="none")
    assert code(r) == []
    assert (r.n_before, r.n_after) == (60, 60)


def test_a_control_is_merged_alike() -> None:
    data = table(0.9, 0.9, 60, seed=4)
    data["other"], data["other_days"] = table(1.0, 1.0, 60, seed=6)["falls"], 1.0
    r = review(data, control="other", control_size="other_days", merge=4)
    assert r.control is not None
    assert (r.n_before, r.n_after) == (15, 15)
    assert r.control.before == pytest.approx(data["other"].iloc[:60].mean(), rel=0.15)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"merge": "some"}, "merge must be auto, none"),
        ({"merge": 1}, "from 2 on"),
        ({"merge": 40}, "leaves 1 whole block on a side"),
        ({"merge": 70}, "leaves 0 whole blocks"),
        ({"merge": 3, "season": 12}, "season or merge"),
        ({"merge": 3, "scale": "continuous", "size": None}, "merge goes with counts"),
    ],
)
def test_refusals(change: dict[str, Any], words: str) -> None:
    settings = {
        "value": "falls",
        "size": "days",
        "time": "month",
        "rollout": "2021-01",
        "better": "lower",
        "scale": "rate",
    }
    with pytest.raises(st.SigmatoolError, match=words):
        st.review(table(1, 1), **{**settings, **change})


def test_chance_is_rarely_called_a_change() -> None:
    found = [review(table(0.5, 0.5, 60, seed=s)) for s in range(100, 160)]
    credited = sum(r.verdict.startswith("IMPROVED") for r in found)
    harmed = sum(r.verdict == "DETERIORATED" for r in found)
    # 2.5 % and 4 % of 60, and three standard errors
    assert credited <= 5
    assert harmed <= 6
