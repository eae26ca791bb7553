"""The hand-over of a review: what is computed, what is left to people, and when to look again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.axis import Axis
from sigmatool.pace import date_after
from sigmatool.render.html import html
from sigmatool.timeline import calendar_of_days, parse_times


def judged(before: int, after: int, step: float, seed: int = 7, **options: Any) -> Any:
    rng = np.random.default_rng(seed)
    y = np.round(10 + rng.normal(size=before + after), 3)
    y[before:] += step
    months = pd.date_range("2020-01-01", periods=y.size, freq="MS").strftime("%Y-%m")
    data = pd.DataFrame({"y": y, "month": months, **options.pop("more", {})})
    return st.review(data, value="y", time="month", rollout=months[before], better="lower", **options)


def status(r: Any) -> dict[str, str]:
    return {c.id: c.status for c in r.handover.criteria}


def test_a_steady_gain_can_be_handed_over_and_the_plan_holds_the_chart_s_numbers() -> None:
    r = judged(40, 30, -3.0)
    assert r.verdict == "IMPROVED_STABLE"
    h = r.handover
    assert h.ready
    assert {c.id for c in h.criteria if c.status == "declared"} == {"owner", "trained", "locked", "measured", "benefit"}
    stage = r.charts[0].stages[-1]
    plan = h.control_plan
    assert (plan.center, plan.lower, plan.upper, plan.points) == (stage.center, stage.lower, stage.upper, 30)
    assert (plan.first, plan.last, plan.frequency) == ("2023-05", "2025-10", "month")
    assert "freeze these limits" in plan.freeze
    assert (h.next_review.points, h.next_review.date) == (20, "2027-06")
    fired = [rule for reaction in h.reaction_plan for rule in reaction.rules]
    assert sorted(fired) == sorted(plan.rules) == [f"nelson-{i}" for i in range(1, 9)]


def test_few_points_wait_for_the_rest_of_twenty() -> None:
    r = judged(40, 13, -3.0)
    assert r.verdict == "IMPROVED_PROVISIONAL"
    assert not r.handover.ready
    assert {k for k, v in status(r).items() if v == "not yet"} >= {"verdict", "enough", "steady"}
    assert (r.handover.next_review.points, r.handover.next_review.date) == (7, "2024-12")
    assert "provisional" in r.handover.control_plan.freeze


def test_a_deterioration_plans_nothing() -> None:
    r = judged(40, 30, 3.0)
    assert r.verdict == "DETERIORATED"
    assert status(r)["verdict"] == "not met"
    assert r.handover.control_plan is None
    assert r.handover.reaction_plan == ()
    assert "Control plan" not in html(r.document())


def test_too_few_points_to_judge_say_how_many() -> None:
    r = judged(30, 5, -3.0)
    assert r.verdict == "INSUFFICIENT_DATA"
    assert r.handover.next_review.points == 3
    assert status(r)["steady"] == "not yet"


def test_a_baseline_too_short_for_any_number_of_points_is_said() -> None:
    r = judged(9, 60, -0.2, worthwhile=0.2)
    assert r.verdict == "INSUFFICIENT_DATA"
    assert r.handover.next_review.points is None
    assert "too short" in r.handover.next_review.text


def test_a_point_beyond_the_limits_among_the_newest_stands_in_the_way() -> None:
    rng = np.random.default_rng(3)
    y = np.round(10 + rng.normal(size=80), 3)
    y[40:] -= 3
    y[77] = 14
    r = st.review(pd.DataFrame({"y": y}), value="y", rollout=41, better="lower")
    assert status(r)["quiet"] == "not yet"
    assert not r.handover.ready
    y[[77, 60]] = y[[60, 77]]
    assert status(st.review(pd.DataFrame({"y": y}), value="y", rollout=41, better="lower"))["quiet"] == "met"


@pytest.mark.parametrize(("shift", "found"), [(0.0, "met"), (4.0, "not met")])
def test_guards_and_the_requirement_count(shift: float, found: str) -> None:
    w = np.random.default_rng(5).normal(size=70) + shift * (np.arange(70) >= 40)
    r = judged(40, 30, -3.0, more={"w": w}, guards=["w:lower:2"], usl=12)
    assert status(r)["guards"] == found
    assert status(r)["requirement"] in ("met", "not yet")
    page = html(r.document())
    assert "change for the worse, in margins" in page
    assert r.handover.ready == (found == "met" and status(r)["requirement"] == "met")


def test_json_holds_the_hand_over() -> None:
    r = judged(40, 30, -3.0)
    told = r.to_dict()["handover"]
    assert told["ready"] is True
    assert told["control_plan"]["center"] == r.charts[0].stages[-1].center
    assert told["next_review"]["points"] == 20


def axis(*labels: str) -> Axis:
    days = parse_times(labels).days
    calendar = calendar_of_days(days)
    return Axis("t", "time", labels, days, calendar.positions, calendar.step)


@pytest.mark.parametrize(
    ("labels", "more", "date"),
    [
        (("2026-01-05", "2026-01-12", "2026-01-19"), 2, "2026-02-02"),
        (("2026-01-01", "2026-04-01", "2026-07-01"), 2, "2027-01-01"),
        (("2023-01-01", "2024-01-01", "2025-01-01"), 3, "2028-01-01"),
        (("2026-01-15", "2026-02-15", "2026-03-15"), 1, "2026-04-15"),
        (tuple(str(d) for d in pd.bdate_range("2026-01-05", periods=12).date), 1, "2026-01-21"),
        (("2026-01-01T00:00", "2026-01-01T12:00", "2026-01-02T00:00"), 3, "2026-01-04"),
        (("2026-01-01", "2026-01-04", "2026-01-06", "2026-01-13"), 2, "2026-01-21"),
        (("2026-01", "2026-03", "2026-04", "2026-07"), 2, "2026-11"),
        (("1900-01-01", "1950-01-01", "2000-01-01"), 9, ""),
    ],
)
def test_the_date_follows_the_pace_of_the_data(labels: tuple[str, ...], more: int, date: str) -> None:
    assert date_after(axis(*labels), 0, more) == date


def test_a_numbered_axis_counts_on() -> None:
    nile = st.datasets.load("nile")
    r = st.review(nile, value="flow", time="year", rollout="1899=Aswan", better="lower")
    assert r.handover.next_review.date == str(1970 + r.handover.next_review.points)
