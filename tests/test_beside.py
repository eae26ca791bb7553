"""What stands beside a verdict: the gauge (which can take a credit away), adoption, and money."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from benchmarks.gauge_and_adoption import dose_cell, gauge_cell
from click.testing import CliRunner
from scipy.special import chdtri, stdtr, stdtrit

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers.autoregression import Contrast
from sigmatool.numbers.systematic import Systematic, known_by, widened
from sigmatool.review.benefit import money_of
from sigmatool.review.gauge_file import gauge_of

GAUGE = {"sd": 0.8, "sd_low": 0.6, "sd_high": 1.2, "reproducibility": 0.5, "reproducibility_high": 1.5}


def operations(step: float = 4.0, seed: int = 3) -> pd.DataFrame:
    """Sixty months; the new way is taken up bit by bit after the thirtieth, at six sites alike."""
    rng, n = np.random.default_rng(seed), 60
    after = np.arange(n) >= 30
    share = np.where(after, np.clip(0.5 + rng.normal(0, 0.2, n), 0, 1), 0.0)
    wait = 50 + rng.normal(0, 1, n) - step * after - 6 * share
    return pd.DataFrame(
        {
            "month": pd.date_range("2020-01-01", periods=n, freq="MS").strftime("%Y-%m"), "wait": wait, "share": share,
            "done": np.round(200 * share), "all": 200, "bad": rng.binomial(200, np.where(after, 0.05, 0.12)),
            "line": np.tile(list("abcdef"), 10),
        }
    )  # fmt: skip


def reviewed(table: pd.DataFrame | None = None, **options: Any) -> Any:
    given = {"value": "wait", "time": "month", "rollout": "2022-07", "better": "lower", **options}
    return st.review(operations() if table is None else table, **given)


def of_counts(**options: Any) -> Any:
    return reviewed(value="bad", size="all", **options)


# the gauge


def test_a_gauge_that_stayed_changes_no_number_of_the_verdict() -> None:
    plain, told = reviewed().to_dict(), reviewed(gauge=GAUGE).to_dict()
    for key in ("verdict", "effect", "evidence", "why", "context", "always_valid", "error_rates", "charts"):
        assert plain[key] == told[key], key
    assert told["gauge"]["widened"] is None
    assert "gauge" not in plain
    assert "gauge" not in plain["settings"]


def test_measurements_share_of_the_spread() -> None:
    found = reviewed(gauge=GAUGE).gauge
    for stage in found.stages:
        assert stage.share_overall.value == pytest.approx(0.64 / stage.overall.value**2)
        assert stage.share_overall.low < stage.share_overall.value < stage.share_overall.high
        assert stage.process == pytest.approx(np.sqrt(stage.overall.value**2 - 0.64))
    assert found.probable_error.value == pytest.approx(0.6745 * 0.8, rel=1e-4)
    assert found.increment is None
    steps = reviewed(operations().round({"wait": 1}), gauge=GAUGE).gauge
    assert steps.increment == pytest.approx(0.1)
    assert found.averages == pytest.approx(1.96 * 0.8 * np.sqrt(2 / 30), rel=1e-4)


def test_share_of_a_gauge_that_is_known_is_the_interval_of_the_spread() -> None:
    share, spread = (lambda s: (s.share_overall, s.overall))(reviewed(gauge={"sd": 0.5}).gauge.stages[0])
    assert share.low == pytest.approx(0.25 / spread.high**2)
    assert share.high == pytest.approx(0.25 / spread.low**2)


def test_a_changed_gauge_widens_in_quadrature() -> None:
    plain, wide = reviewed(), reviewed(gauge={"sd": 0.1, "bias_sd": 1.0, "bias": 1.5}, gauge_changed=True)
    w = wide.gauge.widened
    assert w.sd == pytest.approx(np.sqrt(2 * 1.0 + 1.5**2))
    assert (w.plain_low, w.plain_high) == (plain.effect.difference_low, plain.effect.difference_high)
    half = (plain.effect.difference_high - plain.effect.difference_low) / 2
    wider = (wide.effect.difference_high - wide.effect.difference_low) / 2
    # t on many degrees of freedom: near enough to the normal 2.0047 of the level that the intervals are taken at
    assert wider == pytest.approx(np.hypot(half, 2.0047 * w.sd), rel=0.02)
    assert wide.effect.difference == pytest.approx(plain.effect.difference)


def test_a_change_that_the_gauge_could_have_made_is_not_credited() -> None:
    table = operations(step=0.0, seed=5).assign(wait=lambda t: 50 + np.random.default_rng(1).normal(0, 1, 60))
    table.loc[30:, "wait"] -= 3
    assert reviewed(table).verdict.startswith("IMPROVED")
    lost = reviewed(table, gauge={"sd": 0.1, "bias": 3.0}, gauge_changed=True)
    assert not lost.verdict.startswith("IMPROVED")
    assert lost.verdict != "STABILISED"
    assert lost.gauge.widened.verdict_plain.startswith("IMPROVED")
    assert [c.code for c in lost.caveats if c.code == "gauge-turns-verdict"]
    assert "gauge" in lost.qualifiers[-1]
    assert lost.always_valid is None
    assert lost.why().verdict == lost.verdict


def test_less_spread_may_be_a_better_gauge() -> None:
    rng = np.random.default_rng(8)
    table = pd.DataFrame({"y": np.concatenate([rng.normal(0, 2, 50), rng.normal(0, 0.9, 50)])})
    asked: dict[str, Any] = {"value": "y", "rollout": 51, "better": "lower"}
    assert st.review(table, **asked).verdict == "STABILISED"
    assert st.review(table, **asked, gauge={"sd": 0.2}, gauge_changed=True).verdict == "STABILISED"
    assert st.review(table, **asked, gauge={"sd": 1.8}, gauge_changed=True).verdict != "STABILISED"


def test_the_doubt_never_gives_a_credit() -> None:
    good = ("IMPROVED_STABLE", "IMPROVED_PROVISIONAL", "IMPROVED_NOT_STABLE", "IMPROVED_GRADUALLY")
    good = (*good, "IMPROVED_AGAINST_TREND", "STABILISED")
    for seed in range(30):
        rng = np.random.default_rng(seed)
        t = np.arange(48)
        y = rng.normal(0, 1, 48) + rng.normal(0, 0.05) * t + rng.normal(0, 1.5) * (t >= 24)
        table = pd.DataFrame({"y": y})
        asked: dict[str, Any] = {"value": "y", "rollout": 25, "better": "lower"}
        plain = st.review(table, **asked)
        wide = st.review(table, **asked, gauge={"sd": 0.3, "bias_sd": rng.uniform(0, 1)}, gauge_changed=True)
        assert wide.verdict not in good or plain.verdict in good, seed
        ends = (wide.effect.difference_low <= plain.effect.difference_low,
                wide.effect.difference_high >= plain.effect.difference_high)  # fmt: skip
        assert all(ends), seed


def test_the_widened_interval_holds_the_truth_and_blames_no_more() -> None:
    """docs/benefit.md holds more cells, of more reviews."""
    found = gauge_cell(1.0, 2, 0.3, 0.0, replications=80, seed=11)
    assert found["widened"] >= 93, found
    assert found["plain"] < 60, found
    assert found["credited"] <= 3, found
    assert found["worse"] <= 4, found
    assert found["worse plain"] > 20, found


def test_a_study_saved_as_json(tmp_path: Path) -> None:
    def part(value: float, low: float | None, high: float | None) -> dict[str, Any]:
        return {"variance": {"value": value**2, "low": low and low**2, "high": high and high**2}}

    held = {"schema": "sigmatool.gage_rr/1",
            "components": {"gage": part(0.8, 0.6, 1.2), "reproducibility": part(0.5, 0.0, 1.5)}}  # fmt: skip
    file = tmp_path / "study.json"
    file.write_text(json.dumps(held))
    gauge = gauge_of(file)
    assert gauge is not None
    assert [round(v, 9) for v in (gauge.sd, gauge.sd_low, gauge.sd_high, gauge.reproducibility_high)] == [
        0.8, 0.6, 1.2, 1.5,
    ]  # fmt: skip
    assert gauge.name == "study.json"
    assert gauge_of(held) == gauge_of({**GAUGE})
    held["components"]["gage"]["sd"] = {"value": 0.9, "low": None, "high": None}  # type: ignore[index]
    assert gauge_of(held).sd == 0.9  # type: ignore[union-attr]
    for wrong in ({"schema": "sigmatool.chart/1", "components": {}}, {**held, "components": {}},
                  {**held, "components": {"gage": {"sd": {"value": "x"}}}}):  # fmt: skip
        file.write_text(json.dumps(wrong))
        with pytest.raises(SettingsError, match=r"study\.json"):
            gauge_of(file)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sd": 0}, "sd as a number above zero"), ({}, "sd as a number"), ({"sd": "0.1"}, "number"),
        ({"sd": 1, "sd_high": 0.5}, "sd_high"), ({"sd": 1, "sd_low": 2}, "sd_low"), ({"sd": 1, "colour": 2}, "colour"),
        ({"sd": 1, "linearity": 1.5}, "linearity"), ({"sd": 1, "bias_sd": -1}, "bias_sd"), ({"sd": True}, "number"),
        ({"sd": 1, "reproducibility_high": 2}, "both"), ({"sd": float("inf")}, "number"), ("none.toml", "none.toml"),
        ("none.json", "none.json"), (0.3, "float"),
    ],
)  # fmt: skip
def test_a_gauge_that_cannot_be_read(given: Any, words: str) -> None:
    with pytest.raises(SettingsError, match=words.replace(".", r"\.")):
        reviewed(gauge=given)


def test_settings_that_contradict_each_other() -> None:
    for options, words in (
        ({"gauge_changed": True}, "needs the gauge"),
        ({"gauge": GAUGE, "gauge_changed": True, "looks": "any"}, "looks"),
        ({"value": "bad", "size": "all", "gauge": GAUGE}, "agreement"),
        ({"adoption_size": "all"}, "needs adoption"), ({"adoption_by": "line"}, "needs adoption"),
        ({"volume": 3}, "needs money"), ({"project_cost": 3}, "needs money"), ({"currency": "EUR"}, "needs money"),
        ({"money": -3}, "above zero"), ({"money": 3, "per": "item"}, "volume"),
        ({"money": 3, "per": "day"}, "per must"),
        ({"money": 3, "per": "period", "volume": 3}, "volume"), ({"money": 3, "currency": " "}, "currency"),
    ):  # fmt: skip
        with pytest.raises(SettingsError, match=words):
            reviewed(**options)
    with pytest.raises(SettingsError, match="each event"):
        money_of(1, "EUR", "period", None, None, counted=True)


def test_a_gauge_that_tells_more_than_all_values_show() -> None:
    found = reviewed(gauge={"sd": 30})
    assert [s.process for s in found.gauge.stages] == [None, None]
    assert "gauge-exceeds-spread" in [c.code for c in found.caveats]
    assert found.report_card[-1].tone == "open"
    assert "gauge study was given" in found.report_card[-1].result
    assert reviewed(gauge=GAUGE).report_card[-1].tone == "good"


def test_only_the_last_of_several_rollouts_carries_the_doubt() -> None:
    asked = {"rollout": ["2021-04", "2022-07"]}
    plain, wide = reviewed(**asked), reviewed(**asked, gauge={"sd": 0.1, "bias": 1.0}, gauge_changed=True)
    assert plain.increments[0] == wide.increments[0]
    for place in (1, 2):
        ends = [(r.increments[place].effect.difference_low) for r in (plain, wide)]
        assert ends[1] < ends[0]


def test_linearity_widens_without_a_change_of_gauge() -> None:
    plain, wide = reviewed(), reviewed(gauge={"sd": 0.1, "linearity": 0.2})
    assert wide.gauge.widened.sd == pytest.approx(0.2 * 7, rel=0.15)
    assert wide.effect.difference_low < plain.effect.difference_low


def test_a_shift_is_summed_as_behrens_and_fisher() -> None:
    chance = (np.arange(400_000) + 0.5) / 400_000
    for scale, dof, shift in ((1.0, 20, Systematic(0.7, 2.0)), (0.01, 30, Systematic(1.0, 4.0))):
        wide = widened(Contrast(np.array([3.0]), np.array([scale]), np.array([1.0]), dof), shift)
        places = 3 + shift.sd * stdtrit(shift.dof, chance)
        for x in (-1.0, 0.5, 3.0, 4.0):
            below = float(stdtr(dof, (x - places) / scale).mean())
            assert 1 - wide.above(x) == pytest.approx(below, abs=0.001, rel=0.03), (dof, x)
        assert wide.estimate == pytest.approx(3)


def test_how_well_a_spread_is_known() -> None:
    for dof in (1.0, 2.0, 8.0, 200.0):
        found = known_by(2.0, 2.0 * float(np.sqrt(dof / chdtri(dof, 0.975))))
        assert found.dof == pytest.approx(dof, rel=1e-6)
        assert found.sd == pytest.approx(2.0)
    assert known_by(0.0, 1.0).sd == pytest.approx(float(np.sqrt(chdtri(1.0, 0.975))))


def test_a_plan_names_a_gauge_that_widened(tmp_path: Path) -> None:
    table = operations()
    made = st.plan(
        table.head(30), value="wait", time="month", rollout="2022-07", better="lower", worthwhile=1, rules="1"
    )
    st.register_plan(made, tmp_path / "plan.toml", by="A. Okoro")
    for gauge, told in (({"sd": 0.1}, False), ({"sd": 0.1, "bias": 1.0}, True)):
        found = st.review(table, plan=tmp_path / "plan.toml", gauge=gauge, gauge_changed=told, adoption="share")
        assert found.plan is not None
        assert any("gauge" in d.text for d in found.plan.departures) is told
        assert found.adoption is not None
        assert "--gauge" in found.provenance.command


def test_settings_files_hold_them_too(tmp_path: Path) -> None:
    operations().to_csv(tmp_path / "ops.csv", index=False)
    (tmp_path / "review.toml").write_text(
        'value = "wait"\ntime = "month"\nrollout = "2022-07"\nbetter = "lower"\ngauge = \'{"sd": 0.5, "bias_sd": 1}\'\n'
        'gauge-changed = true\nadoption = "share"\nmoney = 3.5\nvolume = 20\n'
    )
    done = CliRunner().invoke(
        main, ["review", str(tmp_path / "ops.csv"), "--settings", str(tmp_path / "review.toml"), "--json"]
    )
    held = json.loads(done.stdout)
    assert held["gauge"]["changed"] is True
    assert held["benefit"]["volume"] == 20
    assert held["adoption"]["column"] == "share"


# adoption


def test_change_by_dose() -> None:
    table = operations()
    found = reviewed(table, adoption="share").adoption
    assert found.finding == "supports"
    after = found.doses[0]
    assert after.id == "after"
    assert after.n == 30
    assert after.slope.low < -0.6 < after.slope.high
    percent = reviewed(table.assign(share=100 * table["share"]), adoption="share").adoption
    assert percent.doses[0].slope.value == pytest.approx(after.slope.value)
    counted = reviewed(table, adoption="done", adoption_size="all").adoption
    assert counted.chart == "p"
    assert counted.doses[0].slope.value == pytest.approx(after.slope.value, abs=0.02)
    assert np.isfinite(counted.upper[-1])


def test_the_slope_holds_the_truth() -> None:
    for slope, r, rising in ((0.0, 0.6, False), (3.0, 0.3, True)):
        found = dose_cell(slope, r, rising, replications=300, seed=21)
        assert found["holds the truth"] >= 91, found


def test_adoption_never_changes_the_verdict() -> None:
    plain, told = reviewed().to_dict(), reviewed(adoption="share", adoption_by="line", money=5).to_dict()
    for key in ("verdict", "effect", "evidence", "why", "handover", "report_card"):
        assert plain[key] == told[key], key


def test_an_effect_that_does_not_follow_adoption_weakens() -> None:
    rng = np.random.default_rng(2)
    table = operations(step=0.0)
    table["wait"] = 50 + rng.normal(0, 0.5, 60) - 6 * (np.arange(60) >= 30)
    assert reviewed(table, adoption="share").adoption.finding == "weakens"
    table["wait"] = 50 + rng.normal(0, 0.5, 60) - 9 * (np.arange(60) >= 30) + 8 * table["share"]
    assert reviewed(table, adoption="share").adoption.finding == "against"
    flat = reviewed(table.assign(share=0.5 * (np.arange(60) >= 30)), adoption="share").adoption
    assert (flat.finding, flat.doses) == ("not asked", ())


@pytest.mark.parametrize(
    ("share", "code"), [([1.0] * 60, "adoption-before"), ([0.0] * 60, "adoption-none"),
                        ([0.05] * 30 + [0.9] * 30, "adoption-early")],
)  # fmt: skip
def test_adoption_at_the_wrong_time_is_said(share: list[float], code: str) -> None:
    assert code in [c.code for c in reviewed(operations().assign(share=share), adoption="share").caveats]


def test_by_site_and_never_by_person() -> None:
    table = operations()
    sites = reviewed(table, adoption="share", adoption_by="line").adoption.sites
    assert sorted(s.name for s in sites.sites) == list("abcdef")
    assert [s.adoption for s in sites.sites] == sorted((s.adoption for s in sites.sites), reverse=True)
    assert sum(s.n_after for s in sites.sites) == 30
    assert sites.slope.low < sites.slope.value < sites.slope.high
    few = table.assign(line=[*["a"] * 22, *["b"] * 2, *["c"] * 2, *["d"] * 4] * 2)
    held = reviewed(few, adoption="share", adoption_by="line").adoption.sites
    assert [s.name for s in held.sites] == ["a", "small sites together"]
    assert held.pooled == 3
    assert held.slope is None
    with pytest.raises(DataError, match="persons"):
        reviewed(table.assign(line=np.tile(np.arange(30), 2)).head(57), adoption="share", adoption_by="month")
    for name in ("operator", "Agent name", "nurses", "staff_id"):
        with pytest.raises(SettingsError, match="persons"):
            reviewed(table.assign(**{name: "x"}), adoption="share", adoption_by=name)


@pytest.mark.parametrize("share", [-0.1, 130.0])
def test_a_share_that_is_none(share: float) -> None:
    with pytest.raises(DataError, match="row 4"):
        reviewed(operations().assign(share=lambda t: t["share"].where(t.index != 3, share)), adoption="share")
    with pytest.raises(DataError, match="part of all work"):
        reviewed(operations().assign(done=300), adoption="done", adoption_size="all")


# money


def test_the_benefit_is_the_effect_in_money() -> None:
    found = reviewed(money=120, per="period", project_cost=10_000)
    b, e = found.benefit, found.effect
    assert (b.period.value, b.period.low, b.period.high) == pytest.approx(
        (-120 * e.difference, -120 * e.difference_high, -120 * e.difference_low)
    )
    assert (b.value, b.per, b.unit) == (pytest.approx(12 * b.period.value), "year", "EUR")
    assert b.booked == b.low
    assert b.payback.value == pytest.approx(10_000 / b.value)
    assert (b.payback.low, b.payback.high) == pytest.approx((10_000 / b.high, 10_000 / b.low))
    items = reviewed(money=2, volume=60, currency="kr").benefit
    assert (items.value, items.unit) == (pytest.approx(b.value), "kr")


def test_events_cost_money() -> None:
    found = of_counts(money=30)
    b, e = found.benefit, found.effect
    assert b.volume == 200
    assert b.value == pytest.approx(-e.difference * 200 * 30 * 12)
    q = b.poor_quality
    assert q.before.value == pytest.approx(found.in_numbers[0].mean.value * 200 * 30 * 12)
    assert q.after.high < q.before.low
    better = of_counts(better="higher", money=30).benefit
    assert better.poor_quality.after.value == pytest.approx(200 * 30 * 12 - q.after.value)


def test_only_what_is_credited_is_booked() -> None:
    table = operations()
    harmed = reviewed(table, better="higher", money=10)
    assert harmed.verdict == "DETERIORATED"
    assert (harmed.benefit.status, harmed.benefit.booked) == ("not credited", 0.0)
    assert harmed.benefit.value < 0
    assert "it costs" in harmed.written("r.md").decode()
    step = table.assign(wait=np.random.default_rng(4).normal(50, 1, 60) - 4 * (table.index >= 30))
    early = reviewed(step.head(42), money=10)
    assert early.verdict == "IMPROVED_PROVISIONAL"
    assert (early.benefit.status, early.benefit.booked) == ("provisional", early.benefit.low)
    nothing = reviewed(table.assign(wait=np.random.default_rng(0).normal(0, 1, 60)), money=10, project_cost=5)
    assert nothing.benefit.booked == 0
    peeked = reviewed(table, money=10, looks="any").benefit
    assert peeked.low < reviewed(table, money=10).benefit.low


def test_without_dates_nothing_is_told_for_a_year() -> None:
    b = reviewed(time=None, rollout=31, money=10).benefit
    assert (b.per, b.a_year, b.value) == ("point", None, b.period.value)


def test_the_gauge_reaches_the_benefit() -> None:
    plain = reviewed(money=10).benefit
    wide = reviewed(money=10, gauge={"sd": 0.1, "bias": 1.0}, gauge_changed=True).benefit
    assert wide.low < plain.low
    assert wide.value == pytest.approx(plain.value)


# the page and its record


@pytest.mark.parametrize(
    "options",
    [
        {"gauge": GAUGE, "gauge_changed": True, "adoption": "share", "adoption_by": "line", "money": 12.5, "usl": 60},
        {"gauge": {"sd": 0.4}, "adoption": "done", "adoption_size": "all", "money": 2, "volume": 7, "project_cost": 9},
        {"value": "bad", "size": "all", "money": 30, "currency": "<b>", "better": "higher"},
        {"gauge": {"sd": 30}, "usl": 60, "lsl": 20, "time": None, "rollout": 31, "money": 3, "better": "higher"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".html", ".md", ".xlsx"])
def test_every_number_of_the_page_is_in_the_json(options: dict[str, Any], suffix: str, tmp_path: Path) -> None:
    from sigmatool.render.html import html
    from test_page_numbers import missing

    found = reviewed(**options)
    page = html(found.document())
    assert missing(page, found.to_json()) == []
    assert "<b>" not in page
    assert found.save(tmp_path / f"r{suffix}").stat().st_size > 1000


def test_few_points_leave_the_page_whole() -> None:
    short = operations().iloc[26:36].reset_index(drop=True)
    found = reviewed(short, gauge=GAUGE, gauge_changed=True, adoption="share", money=5)
    assert found.verdict == "INSUFFICIENT_DATA"
    assert found.benefit is None
    assert found.adoption.finding == "not asked"
    assert found.gauge.change is None
    assert found.document().sections
