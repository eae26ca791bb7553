"""Flow: how long items take, with the open ones counted, and stamps that cannot be right."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st_
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

import sigmatool as st
from conftest import ROOT
from sigmatool import plain_csv
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers.little import cycle_time, flow_efficiency, little, takt_time
from sigmatool.numbers.survival import (
    difference_of_means,
    kaplan_meier,
    log_rank,
    percentile,
    percentiles,
    restricted_mean,
)
from sigmatool.stamps import stamps_of

# weeks of remission of 21 pairs of children: 6-MP with its censored ones, and placebo (Freireich et al. 1963, Blood 21)
MP = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35.0])
MP_ENDED = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
PLACEBO = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23.0])
EVERY = np.ones(21, dtype=bool)


def moments(days: Any, first: str = "2026-01-05") -> pd.Series:
    """Days after a first one, as a table has them; NaN is empty."""
    stamps = pd.Timestamp(first) + pd.to_timedelta(pd.Series(days, dtype=float), unit="D")
    return stamps.dt.round("s").dt.strftime("%Y-%m-%d %H:%M:%S")


def table(start: Any, end: Any) -> pd.DataFrame:
    return pd.DataFrame({"start": moments(start), "end": moments(end)})


def simulated(seed: int, n: int = 400, after: float = 1.0, reach: float = 180.0) -> pd.DataFrame:
    """Lognormal times of median 3 days, from day 90 on ``after`` times as long; open beyond ``reach``."""
    rng = np.random.default_rng(seed)
    start = np.sort(rng.uniform(0, reach, n))
    end = start + 3 * np.exp(0.9 * rng.standard_normal(n)) * np.where(start < 90, 1.0, after)
    return table(start, np.where(end <= reach, end, np.nan))


# --- the arithmetic


def test_the_published_curve_of_remission() -> None:
    curve = kaplan_meier(MP, MP_ENDED)
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival.round(3).tolist() == [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    error = np.sqrt(curve.spread) * curve.survival
    assert error.round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    middle = percentile(curve, 0.5)
    assert (middle.value, middle.low) == (23, 13)
    assert math.isnan(middle.high)
    placebo = kaplan_meier(PLACEBO, EVERY)
    middle = percentile(placebo, 0.5)
    assert (middle.value, middle.low, middle.high) == (8, 4, 11)
    found = log_rank(placebo, curve)
    assert round(found.statistic, 2) == 16.79
    assert found.value < 1


@pytest.mark.parametrize("seed", range(5))
def test_curve_band_and_percentiles_agree_with_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time = np.round(rng.lognormal(1, 1, 150), 1) + 0.1
    ended = rng.random(150) < 0.7
    entry = np.where(rng.random(150) < 0.3, np.round(0.5 * time, 2), 0.0)
    for given_entry in (None, entry):
        ours = kaplan_meier(time, ended, given_entry)
        theirs = SurvfuncRight(time, ended.astype(int), entry=given_entry)
        np.testing.assert_allclose(ours.time, theirs.surv_times)
        np.testing.assert_allclose(ours.survival, theirs.surv_prob, rtol=1e-12)
        if given_entry is None:
            inside = ours.survival > 0
            np.testing.assert_allclose(
                (np.sqrt(ours.spread[inside]) * ours.survival[inside]), theirs.surv_prob_se[inside], rtol=1e-10
            )
            for share in (0.25, 0.5, 0.75):
                with np.errstate(all="ignore"):
                    low, high = theirs.quantile_ci(share, 0.05, "cloglog")
                found = percentile(ours, share)
                assert (found.value, found.low, found.high) == (theirs.quantile(share), low, high)
    group = rng.integers(0, 2, 150)
    sides = [kaplan_meier(time[group == g], ended[group == g]) for g in (0, 1)]
    statistic, p = survdiff(time, ended.astype(int), group)
    found = log_rank(*sides)
    assert found.statistic == pytest.approx(statistic, rel=1e-9)
    assert found.p == pytest.approx(p, rel=1e-9)


def test_without_censoring_it_is_the_share_itself() -> None:
    x = np.arange(1.0, 11.0)
    curve = kaplan_meier(x, np.ones(10, dtype=bool))
    np.testing.assert_allclose(curve.survival, 1 - x / 10, atol=1e-12)
    assert [e.value for e in percentiles(curve, [0.5, 0.8, 0.9])] == [5.0, 8.0, 9.0]
    assert restricted_mean(curve, 10.0).value == pytest.approx(5.5)


def test_nine_in_ten_intervals_or_more_hold_the_truth() -> None:
    rng = np.random.default_rng(11)
    truth = {0.5: 1.0, 0.85: float(np.exp(1.0364334))}
    held = dict.fromkeys(truth, 0)
    runs = 600
    for _ in range(runs):
        x, cut = rng.lognormal(0, 1, 60), rng.uniform(0, 12, 60)
        curve = kaplan_meier(np.minimum(x, cut), x <= cut)
        for share, true in truth.items():
            found = percentile(curve, share)
            high = math.inf if math.isnan(found.high) else found.high
            held[share] += found.low <= true <= high
    assert all(0.925 <= count / runs <= 0.98 for count in held.values()), held


def test_restricted_means_and_their_difference() -> None:
    first, second = (restricted_mean(kaplan_meier(x, e), 23.0) for x, e in ((MP, MP_ENDED), (PLACEBO, EVERY)))
    assert second.value == pytest.approx(PLACEBO.mean())
    # Greenwood's variance of a whole sample is that of the mean with n in place of n - 1
    assert second.high - second.value == pytest.approx(1.959964 * PLACEBO.std() / math.sqrt(21), rel=1e-6)
    found = difference_of_means(first, second)
    assert found.value == pytest.approx(second.value - first.value)
    with pytest.raises(ValueError, match="beyond"):
        restricted_mean(kaplan_meier(MP, MP_ENDED), 40.0)


def test_the_case_of_lean_1() -> None:
    held = json.loads((ROOT / "tests" / "reference" / "lean.json").read_text(encoding="utf-8"))
    case = next(c for c in held["cases"] if c["id"] == "lean-1")
    d, expected = case["data"], case["expected"]
    assert takt_time(d["available_min"], d["demand"]) == pytest.approx(expected["takt"], rel=1e-10)
    assert cycle_time(d["wip"], d["throughput_per_h"]) == pytest.approx(expected["cycle_time_little"], rel=1e-10)
    ratio, _ = flow_efficiency(np.array([float(d["value_added_min"])]), np.array([float(d["lead_time_min"])]))
    assert ratio == pytest.approx(expected["pce"], rel=1e-10)


@settings(max_examples=60, deadline=None)
@given(st_.integers(0, 10_000), st_.floats(0, 50), st_.floats(1, 60))
def test_littles_law_is_exact_over_any_window(seed: int, first: float, length: float) -> None:
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 100, 50)
    end = np.where(rng.random(50) < 0.2, np.nan, start + rng.exponential(10, 50))
    f = little(start, end, first, first + length)
    if not f.present:
        return
    assert f.average == pytest.approx(f.rate * f.stay)
    assert f.average == pytest.approx(f.naive + f.gap)
    # the same, counted moment by moment
    at = first + (np.arange(4000) + 0.5) / 4000 * length
    held = (start[:, None] <= at) & ~(end[:, None] <= at)
    assert f.average == pytest.approx(held.sum(axis=0).mean(), abs=50 / 2000)


# --- the study


def test_open_items_are_counted_and_not_dropped() -> None:
    data = simulated(1, 2_000, reach=30.0)
    found = st.flow(data, start="start", end="end")
    dropped = found.study.time[found.items.finished]
    assert found.open > 100
    truth = 3 * math.exp(0.9 * 1.0364334)
    slow = found.percentile(0.85)
    assert slow.low <= truth <= slow.high
    assert np.quantile(dropped, 0.85) < slow.low


def test_a_window_reads_tables_of_what_was_still_open() -> None:
    """Without since, the items that the window cut would make the process look slow."""
    rng = np.random.default_rng(3)
    start = np.sort(rng.uniform(-200, 60, 4_000))
    end = start + 3 * np.exp(1.2 * rng.standard_normal(start.size))
    kept = end >= 0
    truth = 3 * math.exp(1.2 * 1.0364334)
    data = table(start[kept], np.where(end[kept] <= 60, end[kept], np.nan))
    found = st.flow(data, start="start", end="end", since="2026-01-05", as_of="2026-03-06 00:00")
    slow = found.percentile(0.85)
    assert slow.low <= truth <= slow.high
    naive = st.flow(data, start="start", end="end", as_of="2026-03-06 00:00").percentile(0.85)
    assert naive.low > truth
    assert found.study.flow.inside_first > 0
    assert found.study.flow.cut_before > 0


def test_a_percentile_that_is_not_reached_is_told() -> None:
    found = st.flow(table(range(10), [*range(3, 7), *[np.nan] * 6]), start="start", end="end", as_of="2026-01-15")
    assert math.isnan(found.percentile(0.85).value)
    assert "percentile-not-reached" in {c.code for c in found.caveats}
    assert "85th percentile cannot be told yet" in found.headline
    held = found.to_dict()
    assert held["percentiles"][2]["value"] is None
    assert found.document()
    assert found.figure()


def test_bad_stamps_are_listed_by_row_and_in_no_number() -> None:
    clean = simulated(5, 100)
    good = st.flow(clean, start="start", end="end", as_of="2026-07-10")
    bad = pd.DataFrame(
        {
            "start": ["2026-02-01 10:00", "soon", "2026-02-30", None, "2026-09-01 10:00", "2026-02-01 10:00",
                      "2026-02-01T10:00+02:00", "0001-01-01"],
            "end": ["2026-01-31 10:00", "2026-02-02", "2026-03-01", "2026-02-02", None, "9999-12-31",
                    "2026-02-02 10:00", "2026-02-02"],
        }
    )  # fmt: skip
    found = st.flow(pd.concat([clean, bad], ignore_index=True), start="start", end="end", as_of="2026-07-10")
    rows = {b.code: b.rows.tolist() for b in found.items.bad}
    assert rows == {
        "end-before-start": [101], "start-unreadable": [102, 103], "start-after-as-of": [105],
        "year-implausible": [106, 108], "zones-mixed": [107],
    }  # fmt: skip
    assert (found.rows.used, found.rows.missing, found.rows.dropped) == (100, 1, 7)
    assert found.percentile(0.85) == good.percentile(0.85)
    assert found.study.flow == good.study.flow
    told = found.to_dict()
    assert told["bad_stamps"]["total"] == 7
    assert {c["code"] for c in told["caveats"]} >= {f"stamps-{code}" for code in rows} | {"start-missing"}
    kinds = {k["code"]: k for k in told["bad_stamps"]["kinds"]}
    assert kinds["start-unreadable"]["start"] == ["soon", "2026-02-30"]


def test_an_item_counts_once_and_one_that_contradicts_itself_not_at_all() -> None:
    data = table([0, 1, 1, 2, 2, 3], [5, 6, 6, 7, 8, 9]).assign(item=["a", "b", "b", "c", "c", None])
    found = st.flow(data, start="start", end="end", item="item")
    assert {b.code: b.rows.tolist() for b in found.items.bad} == {"item-repeated": [3], "item-contradicted": [4, 5]}
    assert found.n == 3
    assert list(found.items.names) == ["a", "b", "row 6"]


def test_zones_go_to_utc_and_columns_that_disagree_are_refused() -> None:
    zoned = pd.DataFrame(
        {"s": ["2026-03-28T10:00+01:00", "2026-03-29T10:00+02:00"], "e": ["2026-03-29T10:00+02:00"] * 2}
    )
    found = st.flow(zoned, start="s", end="e", as_of="2026-03-30")
    # the night of summer time is an hour shorter
    assert sorted(found.study.time * found.study.seconds / 3600) == [0.0, 23.0]
    assert found.to_dict()["clock"] == "UTC"
    assert "time-zones" in {c.code for c in found.caveats}
    with pytest.raises(DataError, match="carry a time zone"):
        st.flow(zoned.assign(e="2026-03-29 12:00"), start="s", end="e")
    aware = zoned.apply(lambda c: pd.to_datetime(c, utc=True))
    assert st.flow(aware, start="s", end="e", as_of="2026-03-30").percentile(0.5) == found.percentile(0.5)
    with pytest.raises(SettingsError, match="time zone"):
        st.flow(simulated(1), start="start", end="end", as_of="2026-07-10T00:00Z")


@pytest.mark.parametrize(
    ("texts", "doubt"),
    [
        (["31.12.2025 14:05", "02.01.2026 14:05"], ""),
        (["12/31/2025 2:05 PM", "1/2/2026 2:05 pm"], ""),
        (["31 Dec 2025 14:05", "02 Jan 2026 14:05"], ""),
        (["2025-12-31T14:05:00.0001234567", "2026-01-02 14:05 "], ""),
        (["1767189900", "1767362700"], "seconds"),
    ],
)
def test_stamps_of_many_forms(texts: list[str], doubt: str) -> None:
    series = pd.to_numeric(pd.Series(texts)) if texts[0].isdecimal() else pd.Series(texts)
    found = stamps_of(series)
    expected = [dt.datetime(2025, 12, 31, 14, 5), dt.datetime(2026, 1, 2, 14, 5)]
    np.testing.assert_allclose(found.seconds, [e.replace(tzinfo=dt.UTC).timestamp() for e in expected], atol=0.001)
    assert doubt in found.doubt
    spoilt = stamps_of(pd.concat([pd.Series(texts, dtype=object), pd.Series(["x", None, "99.99.2026"])]))
    assert np.isnan(spoilt.seconds[2:]).all()
    assert spoilt.filled.tolist() == [True, True, True, False, True]


def test_days_alone_are_told() -> None:
    data = pd.DataFrame({"s": ["2026-01-05"] * 4, "e": ["2026-01-05", "2026-01-07", "2026-01-08", None]})
    found = st.flow(data, start="s", end="e")
    assert found.unit == "days"
    assert found.study.time.tolist() == [0, 2, 3, 3]
    assert "stamps-are-dates" in {c.code for c in found.caveats}
    assert found.study.periods.whole.all()
    assert found.study.periods.inside.tolist() == [3, 3, 2, 1]


def test_the_last_stamp_alone_is_doubted() -> None:
    data = pd.concat([simulated(2, 50), table([1], [9_000])], ignore_index=True)
    found = st.flow(data, start="start", end="end")
    assert "as-of-doubtful" in {c.code for c in found.caveats}
    told = st.flow(data, start="start", end="end", as_of="2026-07-10")
    assert "as-of-doubtful" not in {c.code for c in told.caveats}
    assert [b.code for b in told.items.bad] == ["end-after-as-of"]


def test_ageing_names_what_is_older_than_the_85th_percentile() -> None:
    data = pd.concat([simulated(4, 300), table([100], [np.nan])], ignore_index=True).assign(
        id=[*(f"T{i}" for i in range(300)), "<old & cold>"]
    )
    found = st.flow(data, start="start", end="end", item="id", as_of="2026-07-04")
    oldest = found.oldest()[0]
    assert oldest["item"] == "<old & cold>"
    assert oldest["age"] == pytest.approx(81.0)
    assert oldest["take_longer"] < 0.02
    older = {share: count for share, _, count in found.study.ageing.older}
    assert older[0.5] >= older[0.85] >= older[0.95] >= 1
    from sigmatool.render.html import html

    page = html(found.document())
    assert "&lt;old &amp; cold&gt;" in page
    assert "<old" not in page


def test_before_and_after() -> None:
    same, faster = simulated(6, 1_500), simulated(6, 1_500, after=0.5)
    day = "2026-04-05"
    for by in ("start", "exposure"):
        none = st.flow(same, start="start", end="end", rollout=day, by=by).change
        found = st.flow(faster, start="start", end="end", rollout=f"{day}=triage", by=by).change
        assert none is not None
        assert none.test is not None
        assert found is not None
        assert found.test is not None
        assert found.throughput is not None
        assert dict(none.differences)[0.85].low < 0 < dict(none.differences)[0.85].high
        assert none.test.p > 0.05
        assert dict(found.differences)[0.85].high < 0
        assert found.mean.high < 0
        assert found.test.p < 1e-6
        assert found.test.value > 1.3
        assert found.throughput.low < 1 < found.throughput.high
        assert found.after.wip < found.before.wip
        assert found.straddling > 0
    with pytest.raises(DataError, match="no item starts"):
        st.flow(same, start="start", end="end", rollout="2027-01-01")


def test_exposure_shows_all_of_a_change_that_touches_items_under_way() -> None:
    """From the rollout on every open item ends at twice the rate: by start the straddling ones blur it."""
    rng = np.random.default_rng(8)
    start = np.sort(rng.uniform(0, 200, 6_000))
    plain = start + rng.exponential(20, start.size)
    end = np.where(plain < 100, plain, np.where(start < 100, 100 + (plain - 100) / 2, start + (plain - start) / 2))
    data = table(start, np.where(end <= 200, end, np.nan))
    ratio = {}
    for by in ("start", "exposure"):
        found = st.flow(data, start="start", end="end", rollout="2026-04-15", by=by).change
        assert found is not None
        assert found.test is not None
        ratio[by] = found.test.value
    assert ratio["exposure"] == pytest.approx(2.0, abs=0.12)
    assert ratio["start"] < ratio["exposure"] - 0.1


def test_touch_time_and_takt() -> None:
    data = table([0, 1, 2, 3], [2, 3, 4, np.nan]).assign(h=[4.8, 9.6, 100.0, np.nan])
    found = st.flow(data, start="start", end="end", touch="h", per="day", demand=2, available="8h")
    assert found.study.efficiency is not None
    assert found.study.efficiency.ratio.value == pytest.approx(14.4 / 96)
    assert found.items.touch_long.tolist() == [3]
    assert found.study.takt is not None
    assert (found.study.takt.takt, found.study.takt.unit) == (4.0, "hours")
    spans = data.assign(h=pd.to_timedelta(data["h"], unit="h"))
    assert st.flow(spans, start="start", end="end", touch="h").study.efficiency == found.study.efficiency
    with pytest.raises(DataError, match="negative in row 1"):
        st.flow(data.assign(h=-1.0), start="start", end="end", touch="h")


def test_periods_add_up() -> None:
    found = st.flow(simulated(9, 500), start="start", end="end", per="month")
    frame = found.to_frame()
    assert frame["arrived"].sum() == found.n
    assert frame["finished"].sum() == found.finished
    assert frame["inside"].iloc[-1] == found.open
    np.testing.assert_array_equal((frame["arrived"] - frame["finished"]).cumsum(), frame["inside"])
    assert len(found.item_frame()) == found.n


def test_rows_in_any_order_give_the_same() -> None:
    data = simulated(10, 300)
    shuffled = data.sample(frac=1, random_state=1)
    one, two = (st.flow(d, start="start", end="end", rollout="2026-04-05") for d in (data, shuffled))
    assert one.study.percentiles == two.study.percentiles
    assert one.study.alike == pytest.approx(two.study.alike)
    assert one.study.flow.average == pytest.approx(two.study.flow.average)


def test_ties_do_not_look_like_dependence() -> None:
    rng = np.random.default_rng(2)
    start = np.arange(400)
    data = table(start, start + rng.integers(1, 4, 400))
    assert abs(st.flow(data, start="start", end="end").study.alike) < 0.1


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "column": ({"start": "begin"}, DataError, "no column 'begin'"),
    "twice": ({"end": "start"}, SettingsError, "two columns"),
    "per": ({"per": "year"}, SettingsError, "per must be"),
    "takt": ({"demand": 3}, SettingsError, "together"),
    "time": ({"demand": 3, "available": "a while"}, SettingsError, "450min"),
    "as of": ({"as_of": "whenever"}, SettingsError, "as_of"),
    "window": ({"since": "2026-03-01", "as_of": "2026-02-01"}, SettingsError, "before as_of"),
    "by": ({"by": "exposure"}, SettingsError, "rollout"),
    "confidence": ({"confidence": 95}, SettingsError, "confidence"),
    "nobody": ({"as_of": "2020-01-01"}, DataError, "none of the 400 rows"),
    "touch unit": ({"touch_unit": "weeks"}, SettingsError, "touch_unit"),
}


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_are_told_in_one_sentence(name: str) -> None:
    asked, kind, words = WRONG[name]
    with pytest.raises(kind, match=words):
        st.flow(simulated(1), **{"start": "start", "end": "end", **asked})


def test_odd_tables() -> None:
    with pytest.raises(DataError, match="no date that can be read"):
        st.flow(pd.DataFrame({"s": ["x", "y"], "e": ["2026-01-01", None]}), start="s", end="e")
    with pytest.raises(DataError, match="empty in every row"):
        st.flow(pd.DataFrame({"s": [None, None], "e": ["2026-01-01", None]}), start="s", end="e")
    one = st.flow(table([0], [2]), start="start", end="end")
    assert one.percentile(0.5).value == 2
    assert one.document()
    assert one.figure()
    still = st.flow(table([0, 1], [np.nan, np.nan]), start="start", end="end")
    assert "not even the median" in still.headline
    assert still.document()


def test_command_and_function_have_the_same_parameters() -> None:
    import inspect

    from sigmatool.cli.flow_commands import flow as command

    delivery = {"out", "as_json", "quiet", "fail_on", "settings", "sheet", "query", "paper", "locale"}
    assert {p.name for p in command.params} - delivery == set(inspect.signature(st.flow).parameters)


def test_the_command_gates(tmp_path: Path) -> None:
    words = ["lean", "flow", str(ROOT / "datasets" / "tickets.csv"), "--start", "opened", "--end", "closed", "--quiet"]
    for found, code in (("bad_stamps", 1), ("old", 1), ("none", 0)):
        assert CliRunner().invoke(main, [*words, "--as-of", "2026-06-30", "--fail-on", found]).exit_code == code


def test_the_example_shows_the_truth_it_was_made_with() -> None:
    found = st.flow(
        st.datasets.load("tickets"), start="opened", end="closed", item="ticket", touch="touch_h", as_of="2026-06-30",
        rollout="2026-04-01",
    )  # fmt: skip
    assert {b.code: b.rows.tolist() for b in found.items.bad} == {
        "start-unreadable": [302], "end-unreadable": [121], "item-repeated": [261], "end-before-start": [58, 212, 390],
        "end-after-as-of": [457],
    }  # fmt: skip
    assert found.change is not None
    for side, truth in ((found.change.before, 8.9), (found.change.after, 5.44)):
        slow = dict(side.percentiles)[0.85]
        assert slow.low <= truth <= slow.high
    assert found.study.efficiency is not None
    assert found.study.efficiency.ratio.low <= 0.0833 <= found.study.efficiency.ratio.high


def test_the_commands_on_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "flow.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", text, flags=re.S)
    told = []
    for line in block.replace("\\\n", " ").splitlines():
        done = CliRunner().invoke(main, shlex.split(line)[1:])
        assert done.exit_code == 0, done.output
        told.append(" ".join(done.stdout.split()))
    assert "half of the items are finished within 3.02 days, 85 % within 7.1 days" in told[0].replace("Half", "half")
    assert "10 items are open, 1 of them older than that 85th percentile" in told[0]
    held = json.loads((tmp_path / "reports" / "triage.json").read_text(encoding="utf-8"))
    for key in held:
        assert f"`{key}" in text or key in (
            "schema",
            "headline",
            "n",
            "confidence",
            "settings",
            "rows",
            "caveats",
            "provenance",
        )


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_large_plain_table_is_read_as_any_other(
    mark: bytes, end: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [
        b"id,opened,n,note", b"007,2026-01-05 10:00,1,", b"x,,2.5,NA", b"y,2026-01-06T10:00,-3,\xc3\xa4 b ", b"",
        b"z,a,4,null",
    ]  # fmt: skip
    file = tmp_path / "t.csv"
    file.write_bytes(mark + end.join(cells) + end)
    slow = st.read_table(file)
    monkeypatch.setattr("sigmatool.plain_csv.LARGE", 1)
    used = plain_csv.texts(file.read_bytes(), ",", [""])
    assert used is not None
    pd.testing.assert_frame_equal(st.read_table(file), slow)
    assert plain_csv.texts(b'a,b\n"1",2\n', ",", [""]) is None
    assert plain_csv.texts(b"a,b\n1\n", ",", [""]) is None
    file.write_bytes(b"a,b\n1,2,3\n")
    with pytest.raises(DataError, match="line 2 has 3 cells"):
        st.read_table(file)


def test_hostile_names_are_only_text() -> None:
    evil = "<script>alert(1)</script>"
    data = simulated(3, 60).rename(columns={"start": evil, "end": "=cmd()"})
    data.loc[5, "=cmd()"] = "<img src=x onerror=alert(2)>"
    found = st.flow(data.assign(**{"`x`": "<b>" + data.index.astype(str)}), start=evil, end="=cmd()", item="`x`")
    from sigmatool.render.html import html

    page = html(found.document())
    for text in ("<script>alert", "<img src=x", "<b>"):
        assert text not in page
    assert shlex.split(found.provenance.command)[5] == evil


def test_the_page_does_not_grow_with_the_items() -> None:
    """Pictures and lists are cut or aggregated, whatever the number."""
    from sigmatool.render.html import html

    sizes = [len(html(st.flow(simulated(1, n), start="start", end="end").document())) for n in (2_000, 20_000)]
    assert sizes[1] < 1.2 * sizes[0] < 200_000
