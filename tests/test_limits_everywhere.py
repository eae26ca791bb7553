"""Frozen limits in every verb that has a use for them: refused where they do not fit, without a word in the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.ledger import read_ledger

BIRTHS: dict[str, Any] = {"value": "deaths", "size": "births", "time": "month", "rollout": "1847-06"}
FILLS: dict[str, Any] = {"value": "fill_ml", "subgroup": "sample", "rollout": 41}


@pytest.fixture
def births(tmp_path: Path) -> Path:
    path = tmp_path / "births.toml"
    chart = st.control_chart(st.datasets.load("semmelweis"), **BIRTHS)
    st.freeze_limits(chart, path, by="A", reason="r", of="before", force=True)
    return path


@pytest.fixture
def fills(tmp_path: Path) -> Path:
    path = tmp_path / "fills.toml"
    st.freeze_limits(st.control_chart(st.datasets.load("filling"), **FILLS), path, by="A", reason="r", of="before")
    return path


def test_a_review_draws_its_second_chart_on_the_ledger_and_judges_as_without(births: Path) -> None:
    frame = st.datasets.load("semmelweis")
    plain = st.review(frame, **BIRTHS, better="lower")
    held = st.review(frame, **BIRTHS, better="lower", limits=births)
    entry = read_ledger(births)[-1]
    assert (held.charts[1].stages[0].center, held.charts[1].stages[0].sigma) == (entry.center, entry.sigma)
    assert held.charts[1].stages[0].sigma != plain.charts[1].stages[0].sigma
    for name in ("verdict", "effect", "evidence", "sentence", "capability", "n_after"):
        assert getattr(held, name) == getattr(plain, name)
    assert held.charts[0].stages == plain.charts[0].stages
    codes = [c.code for c in held.caveats]
    assert codes.count("second-chart-frozen") == 1
    assert f"--limits {births}" in held.provenance.command
    page = json.dumps(held.to_dict())
    assert "births.toml, entry 1" in page


def test_a_review_takes_limits_of_subgroups_and_plain_files(fills: Path, tmp_path: Path) -> None:
    frame = st.datasets.load("filling")
    held = st.review(frame, **FILLS, better="higher", limits=fills)
    assert held.charts[1].panels[0].upper[-1] == pytest.approx(read_ledger(fills)[-1].upper)
    given = st.review(frame, **FILLS, better="higher", limits={"center": 500.0, "sigma": 1.0, "nsigma": 2.0})
    assert given.charts[1].panels[0].upper[-1] == pytest.approx(500 + 2.0 / np.sqrt(5))
    assert given.settings["limits"] == "given"


def test_limits_that_do_not_fit_are_refused_in_one_sentence(births: Path, fills: Path, tmp_path: Path) -> None:
    frame = st.datasets.load("filling")
    with pytest.raises(SettingsError, match=r"kind laney-p, and these points go on xbar-s or xbar-r or i-mr-rs"):
        st.review(frame, **FILLS, better="higher", limits=births)
    with pytest.raises(SettingsError, match="go on i-mr:"):
        st.review(frame, value="fill_ml", rollout=200, better="higher", limits=fills)
    other = frame.rename(columns={"fill_ml": "other"})
    for verb in (st.review, st.compare):
        more = {"better": "higher"} if verb is st.review else {}
        with pytest.raises(SettingsError, match=r"limits of 'fill_ml', and these points are 'other'"):
            verb(other, value="other", subgroup="sample", rollout=41, limits=fills, **more)
    with pytest.raises(SettingsError, match="go on laney-u or u"):
        st.compare(
            st.datasets.load("semmelweis"), value="deaths", size="births", time="month", rollout="1847-06",
            scale="rate", limits=births,
        )  # fmt: skip
    fills.write_text(fills.read_text().replace('"r"', '"s"'))
    for verb in (st.review, st.compare):
        more = {"better": "higher"} if verb is st.review else {}
        with pytest.raises(DataError, match="Entry 1 was changed"):
            verb(frame, **FILLS, limits=fills, **more)


def test_a_comparison_holds_each_stage_against_the_frozen_limits(fills: Path) -> None:
    frame = st.datasets.load("filling")
    plain, found = st.compare(frame, **FILLS), st.compare(frame, **FILLS, limits=fills)
    assert found.level == plain.level
    assert found.frozen is not None
    means = frame.groupby("sample", sort=False)["fill_ml"].mean().to_numpy()
    entry = read_ledger(fills)[-1]
    assert entry.lower is not None
    assert entry.upper is not None
    from scipy import stats

    for stage, x in zip(found.frozen.stages, (means[:40], means[40:]), strict=True):
        want = stats.ttest_1samp(x, entry.center).confidence_interval()
        assert stage.level == pytest.approx(x.mean())
        assert (stage.difference.low, stage.difference.high) == pytest.approx(
            (want.low - entry.center, want.high - entry.center)
        )
        assert stage.beyond == int(((x < entry.lower) | (x > entry.upper)).sum())
        assert stage.share.value == stage.beyond / 40
    told = found.to_dict()["frozen"]
    assert told["center"] == entry.center
    assert [s["name"] for s in told["stages"]] == ["before", "after"]
    assert plain.to_dict()["frozen"] is None
    assert any(s.title == "Against the frozen limits" for s in found.document().sections)


def test_counts_stand_on_limits_of_their_own_sizes(births: Path) -> None:
    frame = st.datasets.load("semmelweis")
    found = st.compare(frame, **BIRTHS, limits=births)
    assert found.frozen is not None
    before, after = found.frozen.stages
    entry = read_ledger(births)[-1]
    share = frame.deaths / frame.births
    error = entry.sigma * np.sqrt(entry.center * (1 - entry.center) / frame.births)
    out = ((share > entry.center + 3 * error) | (share < np.maximum(entry.center - 3 * error, 0))).to_numpy()
    late = (frame.month.astype(str) >= "1847-06").to_numpy()
    assert (before.beyond, after.beyond) == (int(out[~late].sum()), int(out[late].sum()))
    assert "widened by the frozen sigma z" in after.difference.method
    assert after.difference.high < 0
    grouped = st.compare(
        frame.assign(era=np.where(late, "new", "old")), value="deaths", size="births", group="era", limits=births
    )
    assert grouped.frozen is not None
    assert {s.name: s.beyond for s in grouped.frozen.stages} == {"old": before.beyond, "new": after.beyond}


def parts() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame({"bore": rng.normal(10, 0.1, 60), "runout": rng.normal(0.05, 0.004, 60)})


def test_many_characteristics_take_a_folder_of_ledgers(tmp_path: Path) -> None:
    frame, limits = parts(), {"bore": {"lsl": 9.7, "usl": 10.3}, "runout": {"usl": 0.08}}
    folder = tmp_path / "limits"
    chart = st.control_chart(frame[:30], value="bore")
    st.freeze_limits(chart, folder / "bore.toml", by="A", reason="r", force=True)
    (folder / "elsewhere.toml").write_text("nonsense")
    found = st.capability_each(frame, specification=limits, limits=folder)
    sigma = {c.name: study.sigma_within for c, study in found.judged}
    alone = st.capability(frame, value="bore", lsl=9.7, usl=10.3, limits=folder / "bore.toml")
    assert sigma["bore"] == alone.sigma_within == read_ledger(folder / "bore.toml")[-1].sigma
    assert sigma["runout"] == st.capability(frame, value="runout", usl=0.08).sigma_within
    (told,) = [c.text for c in found.caveats if c.code == "without-frozen-limits"]
    assert "runout" in told
    assert {c.name: s.provenance.command for c, s in found.judged}["bore"].endswith("bore.toml")
    with pytest.raises(SettingsError, match="not of before and after"):
        st.capability_each(frame, specification=limits, limits=folder, rollout=31)
    with pytest.raises(SettingsError, match="is no folder"):
        st.capability_each(frame, specification=limits, limits=folder / "bore.toml")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError, match=r"such as bore\.toml"):
        st.capability_each(frame, specification=limits, limits=tmp_path / "empty")
    (folder / "runout.toml").write_text((folder / "bore.toml").read_text().replace('"r"', '"s"'))
    with pytest.raises(DataError, match=r"runout\.toml: Entry 1 was changed"):
        st.capability_each(frame, specification=limits, limits=folder)
    (folder / "runout.toml").write_text((folder / "bore.toml").read_text().replace('"s"', '"r"'))
    with pytest.raises(SettingsError, match=r"runout\.toml, entry 1 holds the limits of 'bore'"):
        st.capability_each(frame, specification=limits, limits=folder)


def test_the_command_line_passes_limits_on(births: Path, tmp_path: Path) -> None:
    data = str(Path(__file__).parent.parent / "datasets" / "semmelweis.csv")
    words = [data, "-y", "deaths", "-n", "births", "-x", "month", "--rollout", "1847-06", "--limits", str(births)]
    done = CliRunner().invoke(main, ["compare", *words, "--json"])
    assert json.loads(done.output)["frozen"]["kind"] == "laney-p"
    done = CliRunner().invoke(main, ["review", *words, "--better", "lower", "--json"])
    held = json.loads(done.output)
    assert held["charts"][1]["stages"][0]["center"] == read_ledger(births)[-1].center
    table, folder = tmp_path / "p.csv", tmp_path / "limits"
    parts().to_csv(table, index=False)
    (tmp_path / "s.csv").write_text("characteristic,lsl,usl\nbore,9.7,10.3\n")
    st.freeze_limits(st.control_chart(parts(), value="bore"), folder / "bore.toml", by="A", reason="r", force=True)
    each = ["capability-each", str(table), "--specification", str(tmp_path / "s.csv"), "--limits", str(folder)]
    done = CliRunner().invoke(main, [*each, "--json", "--quiet"])
    assert json.loads(done.output)["settings"]["limits"] == str(folder)
