"""The path through the decision table: it leads to the verdict, and says what would have changed it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.review.decision import TABLE, decide
from sigmatool.review.evidence import Case, gather
from sigmatool.review.policy import POLICY
from sigmatool.review.why import extended, more_points
from sigmatool.review.words import QUESTION


def case(seed: int, n: int = 48, step: float = 0.0, trend: float = 0.0, phi: float = 0.0) -> Case:
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(n)
    for i in range(1, n):
        z[i] = phi * z[i - 1] + np.sqrt(1 - phi**2) * z[i]
    t = np.arange(n)
    after = t >= n // 2
    return Case(z + step * after + trend * t / n, np.ones(n), t, after)


def reviewed(seed: int, step: float, n: int = 48) -> st.Review:
    return st.review(pd.DataFrame({"y": case(seed, n, step).z}), value="y", rollout=n // 2 + 1, better="higher")


def test_every_fact_of_the_table_has_its_question() -> None:
    names = {need.removeprefix("!") for row in TABLE for need in row.needs}
    assert names <= set(QUESTION)


def test_last_step_of_the_path_decides() -> None:
    for seed in range(12):
        for step, trend in ((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (0.0, 2.0), (0.0, -3.0)):
            evidence = gather(case(seed, step=step, trend=trend))
            decision = decide(evidence)
            held = {s.name: s.fact.holds for s in decision.path}
            assert len(held) == len(decision.path)
            matching = [
                row
                for row in TABLE
                if all(held.get(need.removeprefix("!")) == (not need.startswith("!")) for need in row.needs)
            ]
            assert matching[0].code == decision.code
            assert matching[0].reason == decision.reason


def test_turning_a_number_over_gives_what_the_path_said() -> None:
    evidence = gather(case(3, step=2.0))
    path = {s.name: s for s in decide(evidence).path}
    assert path["step"].fact.holds
    assert decide(replace(evidence, p_step_better=0.9)).code == path["step"].otherwise
    assert decide(replace(evidence, p_backslide=0.001)).code == path["backslide"].otherwise
    assert decide(replace(evidence, p_worse=0.001)).code == path["worse"].otherwise
    few = replace(evidence, n_after=12)
    assert decide(few).code == path["enough"].otherwise == "IMPROVED_PROVISIONAL"


def test_stricter_policy_is_read() -> None:
    evidence = gather(case(3, step=2.0))
    strict = replace(POLICY, alpha_level=0.0, alpha_step=0.0)
    assert decide(evidence).code == "IMPROVED_STABLE"
    assert not decide(evidence, policy=strict).code.startswith("IMPROVED")


def test_more_points_turn_a_provisional_verdict() -> None:
    z = np.concatenate([case(5, 48).z[:24], case(5, 48).z[24:36] + 3.0])
    short = Case(z, np.ones(36), np.arange(36), np.arange(36) >= 24)
    decision = decide(gather(short))
    assert decision.code == "IMPROVED_PROVISIONAL"
    more = more_points(short, decision.code, lambda longer: decide(gather(longer)).code)
    assert more.points is not None
    assert 8 <= more.points <= 24
    assert more.verdict == "IMPROVED_STABLE"
    longer = extended(short, more.points)
    assert decide(gather(longer)).code == more.verdict


def test_extension_keeps_level_and_spread_and_season() -> None:
    base = case(1, 60)
    longer = extended(base, 30)
    assert longer.z.size == 90
    assert longer.z[60:].mean() == pytest.approx(base.z[30:].mean())
    assert sorted(longer.z[60:]) == sorted(base.z[30:])
    seasonal = replace(base, season=12)
    repeated = extended(seasonal, 24)
    for position, value in zip(repeated.positions[60:], repeated.z[60:], strict=True):
        assert value == base.z[position - 24]


def test_extension_leaves_gaps_where_the_cycle_has_them() -> None:
    base = case(1, 60)
    keep = np.ones(60, dtype=bool)
    keep[40] = False
    gap = Case(base.z[keep], np.ones(59), base.positions[keep], base.after[keep], season=12)
    longer = extended(gap, 24)
    assert 64 not in longer.positions
    assert {60, 63, 65, 83} <= set(longer.positions.tolist())


def test_why_reads_as_text_and_is_in_the_json_and_on_the_page(tmp_path: Path) -> None:
    result = reviewed(3, 2.0)
    told = str(result.why())
    assert told.startswith("IMPROVED_STABLE\n1. Is the level worse than before? No (E1: p ")
    assert "Otherwise it would read BETTER_CAUSE_OPEN." in told
    body = result.to_dict()["why"]
    assert body["verdict"] == result.verdict
    assert [s["question"] for s in body["steps"]] == [s.question for s in result.why().steps]
    page = result.save(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Is the level better than before?" in page


def test_too_few_points_have_no_path() -> None:
    result = st.review(pd.DataFrame({"y": np.arange(12.0)}), value="y", rollout=7, better="higher")
    assert result.verdict == "INSUFFICIENT_DATA"
    assert result.why().steps == ()
    assert result.why().more is None
