"""What moved between two entries of a ledger: by how much, how surely, and what else the entries say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.ledger import append, faults, read_ledger
from sigmatool.limits.freeze import drafted, freeze_limits
from sigmatool.limits.moved import moved, share_points
from sigmatool.numbers.proportion_difference import newcombe_difference

NEW = ("total", "dof", "spread", "autocorrelation", "guarantee", "arl")
"""Fields that entries of older versions do not hold."""


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["limits", *words])
    return done.exit_code, done.output


def entry(x: Any, kind: str = "auto", **columns: Any) -> Any:
    return drafted(st.control_chart(x, kind, **columns))


def old(made: Any) -> Any:
    return replace(made, **dict.fromkeys(NEW))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    fills = st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41)
    path = tmp_path / "fills.toml"
    for stage in ("before", "after"):
        freeze_limits(fills, path, by="A. Okoro", reason=stage, of=stage, force=True)
    freeze_limits(fills, path, by="B", reason="wider", guarantee=0.9)
    return path


def test_the_differences_are_those_of_the_entries(ledger: Path) -> None:
    one, two, _ = read_ledger(ledger)
    found = st.diff_limits(ledger, 1, 2)
    told = found.to_dict()["moved"]
    for name, a, b in (
        ("centre", one.center, two.center), ("sigma", one.sigma, two.sigma), ("lower", one.lower, two.lower),
        ("upper", one.upper, two.upper), ("width", one.upper - one.lower, two.upper - two.lower),
    ):  # fmt: skip
        assert (told[name]["old"], told[name]["new"]) == (a, b)
        assert told[name]["difference"] == pytest.approx(b - a)
    assert told["sigma"]["ratio"] == two.sigma / one.sigma
    assert told["sigma"]["interval_of"] == "ratio"
    assert told["centre"]["low"] < two.center - one.center < told["centre"]["high"]
    assert {c.name for c in found.changed} >= {"stage", "first", "last", "reason"}
    last = st.diff_limits(ledger)
    assert (last.before.number, last.after.number) == (2, 3)
    assert last.moved[0].interval is None
    assert "very same points" in last.moved[0].reason
    assert {"by", "nsigma", "guarantee", "arl"} <= {c.name for c in last.changed}


def test_the_interval_of_the_centre_is_welchs_of_the_points() -> None:
    from scipy import stats

    rng = np.random.default_rng(5)
    a, b = rng.normal(10, 1, 30), rng.normal(10.5, 2, 45)
    ends = [replace(entry(x), autocorrelation=0.0) for x in (a, b)]
    centre = moved(*ends)[0].interval
    want = stats.ttest_ind(b, a, equal_var=False).confidence_interval()
    assert centre is not None
    assert (centre.low, centre.high) == pytest.approx((want.low, want.high), rel=1e-4)
    dependent = moved(ends[0], replace(ends[1], autocorrelation=0.6))[0].interval
    assert dependent is not None
    assert dependent.high - dependent.low > 1.4 * (centre.high - centre.low)
    # what is not plain beside that of independent points widens nothing
    faint = moved(ends[0], replace(ends[1], autocorrelation=0.2))[0].interval
    assert faint == centre


def test_the_interval_of_counts_is_that_of_their_law() -> None:
    rng = np.random.default_rng(6)
    frames = [pd.DataFrame({"v": rng.binomial(200, p, 40), "n": 200}) for p in (0.08, 0.06)]
    ends = [entry(f, "p", value="v", size="n") for f in frames]
    found = moved(*ends)
    want = newcombe_difference(int(frames[0].v.sum()), 8000, int(frames[1].v.sum()), 8000)
    assert found[0].interval is not None
    assert (found[0].interval.low, found[0].interval.high) == pytest.approx((want.low, want.high))
    assert found[1].interval is None
    assert "law of the counts" in found[1].reason
    rates = [entry(f, "u", value="v", size="n") for f in frames]
    assert moved(*rates)[0].interval is not None
    assert moved(ends[0], rates[1])[0].reason.endswith("on different scales")
    scattered = [replace(e, kind="laney-p", sigma=2.0, dof=20.0, estimator="laney") for e in ends]
    wide, narrow = moved(*scattered)[0].interval, found[0].interval
    assert wide is not None
    assert (wide.high - wide.low) / (narrow.high - narrow.low) == pytest.approx(2.0, rel=0.1)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20261126)
    held = np.zeros((2, 2))
    runs = 250
    for i, make in enumerate((lambda m, s: rng.normal(m, s, 25), lambda m, s: rng.normal(m, s, (25, 4)))):
        for _ in range(runs):
            ends = [replace(entry(make(m, s)), autocorrelation=None) for m, s in ((10.0, 1.0), (11.0, 1.5))]
            centre, sigma = (found.interval for found in moved(*ends)[:2])
            assert centre is not None
            assert sigma is not None
            held[i] += (centre.low <= 1 <= centre.high), (sigma.low <= 1.5 <= sigma.high)
    # 95 % with the simulation error of 250 runs, three times
    assert held.min() / runs > 0.95 - 3 * np.sqrt(0.95 * 0.05 / runs)


def test_entries_of_older_versions_verify_and_say_what_they_lack(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    path = tmp_path / "x.toml"
    single = old(entry(rng.normal(10, 1, 40)))
    for made in (single, replace(single, center=10.4, data_sha256="other")):
        append(path, made)
    assert "total" not in path.read_text()
    assert faults(read_ledger(path)) == ()
    found = st.diff_limits(path)
    assert found.moved[0].interval is not None
    assert found.moved[1].interval is not None
    grouped = old(entry(rng.normal(10, 1, (40, 4))))
    none = moved(grouped, replace(grouped, center=10.4, data_sha256="other"))
    assert none[0].interval is None
    assert "older version" in none[0].reason
    assert "older version" in none[1].reason


def test_a_baseline_counts_its_own_points_alone() -> None:
    x = np.random.default_rng(2).normal(10, 1, 60)
    made = drafted(st.control_chart(x, baseline=24, exclude="3"))
    assert (made.points, made.total) == (23, 23.0)
    given = drafted(st.control_chart(x, center=10.0, sigma=1.0))
    assert (given.total, given.dof) == (None, None)
    other = replace(given, center=11.0, data_sha256="other")
    assert "was given" in moved(given, other)[0].reason
    assert "both sigmas were given" in moved(given, other)[1].reason


def test_shared_points_are_seen_where_labels_tell(tmp_path: Path) -> None:
    made = entry(np.random.default_rng(2).normal(10, 1, 60))
    assert not share_points(made, replace(made, data_sha256="other"))
    assert share_points(made, replace(made, first="41", last="80", points=40))
    assert not share_points(made, replace(made, first="61", last="99"))
    dated = replace(made, first="2026-01-05", last="2026-03-01")
    assert share_points(dated, replace(dated, first="2026-02-01", last="2026-05-01", data_sha256="o"))
    assert not share_points(dated, replace(dated, first="2026-03-02", last="2026-05-01", data_sha256="o"))
    path = tmp_path / "x.toml"
    for e in (dated, replace(dated, first="2026-02-01", last="2026-05-01", data_sha256="o", autocorrelation=0.5)):
        append(path, e)
    assert {c.code for c in st.diff_limits(path).caveats} == {"shared-points", "dependent-points"}


def test_mistakes_are_told_in_words(ledger: Path, tmp_path: Path) -> None:
    for given, told in (((0, None), "no entry 0"), ((None, 9), "no entry 9"), ((2, 2), "compared with itself")):
        with pytest.raises((SettingsError, DataError), match=told):
            st.diff_limits(ledger, *given)
    with pytest.raises(SettingsError, match="no entry True"):
        st.diff_limits(ledger, True)
    one = tmp_path / "one.toml"
    append(one, read_ledger(ledger)[0])
    with pytest.raises(DataError, match="holds one entry"):
        st.diff_limits(one)
    ledger.write_text(ledger.read_text().replace('"wider"', '"other"'))
    with pytest.raises(DataError, match="Entry 3 was changed"):
        st.diff_limits(ledger, 1, 2)


def test_the_command_line_and_the_page(ledger: Path, tmp_path: Path) -> None:
    code, told = run("diff", str(ledger), "--from", "1", "--to", "2", "--json")
    assert code == 0
    assert json.loads(told) == st.diff_limits(ledger, 1, 2).to_dict() | {"provenance": json.loads(told)["provenance"]}
    assert json.loads(told)["provenance"]["command"] == f"sigmatool limits diff {ledger} --from 1 --to 2"
    for suffix in ("html", "md", "xlsx", "svg", "pdf"):
        code, _ = run("diff", str(ledger), "-o", str(tmp_path / f"d.{suffix}"), "--quiet")
        assert code == 0
        assert (tmp_path / f"d.{suffix}").stat().st_size > 500
    hostile = tmp_path / "h.toml"
    for reason in ("<script>alert(1)</script>", "\x1b[31mred"):
        append(hostile, replace(read_ledger(ledger)[0], reason=reason, metric="<b>m</b>"))
    code, told = run("diff", str(hostile), "-o", str(tmp_path / "h.html"))
    assert code == 0
    assert "\x1b" not in told
    assert "<script>alert" not in (tmp_path / "h.html").read_text()
    assert run("diff", str(ledger), "--from", "7")[0] == 2
