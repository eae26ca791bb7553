"""Is there room to work: queues against their textbooks and a simulation, findings, refusals, and nobody named."""

from __future__ import annotations

import inspect
import itertools
import json
import math
import re
import shlex
import warnings
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as some

import sigmatool as st
from conftest import ROOT, without_ours
from sigmatool.cli import main
from sigmatool.cli.capacity_commands import capacity as command
from sigmatool.errors import DataError, SettingsError
from sigmatool.lean import allocation
from sigmatool.lean.allocation_study import FEWEST, OTHERS, Allocation, study_of
from sigmatool.lean.capacity_result import CapacityCheck
from sigmatool.numbers.queue_simulation import Course, simulate
from sigmatool.numbers.queueing import (
    erlang_b,
    erlang_c,
    served_within,
    servers_for_service,
    servers_for_wait,
    waiting,
    waiting_vut,
)
from sigmatool.numbers.workload import lag_one, median_interval, overload, ratio_of_totals
from sigmatool.render.html import html

# --- queues


def loss(load: float, servers: int) -> float:
    """Erlang B by its recursion."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


@pytest.mark.parametrize(
    ("load", "servers"),
    [
        (10, 14),
        (0.001, 50),
        (3, 1),
        (500, 20),
        (1_000, 1_010),
        (5_000, 4_000),
        (10_000, 100),
        (9_990, 10_000),
        (1e5, 10**5),
    ],
)
def test_erlang_b_is_the_recursion_for_many_thousands_of_servers(load: float, servers: int) -> None:
    assert erlang_b(load, servers) == pytest.approx(loss(load, servers), rel=1e-9)


def test_erlang_c_of_the_textbooks() -> None:
    # one server: the load; two: 2 u^2 / (1 + u); ten erlangs at fourteen agents: 17.4 % wait, for 7.8 s of 180
    assert erlang_c(0.7, 1) == pytest.approx(0.7)
    assert erlang_c(1.5, 2) == pytest.approx(2 * 0.75**2 / 1.75)
    assert erlang_c(10, 14) == pytest.approx(0.174, abs=5e-4)
    assert waiting(10, 14, 180) == pytest.approx(7.8, abs=0.05)
    assert served_within(20, 10, 14, 180) == pytest.approx(0.888, abs=5e-4)
    last = Fraction(10**14, math.factorial(14)) * Fraction(14, 4)
    exact = last / (sum(Fraction(10**k, math.factorial(k)) for k in range(14)) + last)
    assert erlang_c(10, 14) == pytest.approx(float(exact), rel=1e-12)
    assert np.array_equal(erlang_c([5, 6, 0], 5), [1, 1, 0])


@given(some.floats(0.01, 300), some.floats(0.5, 400), some.floats(0.01, 5))
def test_waiting_falls_with_servers_and_has_no_bound_below_the_load(load: float, servers: float, more: float) -> None:
    fewer, many = erlang_c(load, [servers, servers + more])
    assert 0 <= many <= fewer <= 1
    assert waiting(load, servers + more) <= waiting(load, servers)
    assert np.isinf(waiting(load, servers)) == (load >= servers)


def test_one_server_is_the_formula_of_pollaczek_and_khinchine() -> None:
    for u, scv in itertools.product((0.1, 0.5, 0.9), (0.0, 0.5, 1.0, 4.0)):
        assert waiting(u, 1, 3.0, 1.0, scv) == pytest.approx(3.0 * u / (1 - u) * (1 + scv) / 2, rel=1e-12)
        assert waiting_vut(u, 1, 3.0, 1.0, scv) == pytest.approx(waiting(u, 1, 3.0, 1.0, scv))


def test_shapes_are_those_given() -> None:
    load = np.array([[0.0, 2.0], [4.0, 8.0]])
    found = waiting(load, np.array([5.0, 6.0]))
    assert found.shape == (2, 2)
    assert found[0, 0] == 0
    assert np.isinf(found[1, 1])
    assert found[1, 0] == waiting(4.0, 5.0)


@settings(max_examples=60)
@given(some.floats(0.05, 2_000), some.floats(0.001, 3), some.floats(0.0, 3), some.floats(0.2, 2))
def test_servers_needed_keep_the_goal_and_no_fewer_do(load: float, goal: float, cs: float, ca: float) -> None:
    needed = servers_for_wait(goal, load, 1.0, ca, cs)
    assert waiting(load, needed, 1.0, ca, cs) <= goal
    assert waiting(load, needed * (1 - 1e-6), 1.0, ca, cs) > goal * (1 - 1e-3) or needed <= load * (1 + 1e-6)
    enough = servers_for_service(0.8, goal, load, 1.0, ca, cs)
    assert served_within(goal, load, enough, 1.0, ca, cs) >= 0.8


STEADY = [
    # the queue, its servers, utilisation, both scv: where the formula should hold
    ("M/M/1", 1, 0.8, 1.0, 1.0), ("M/M/5", 5, 0.8, 1.0, 1.0), ("M/M/14", 14, 0.75, 1.0, 1.0),
    ("M/D/1", 1, 0.8, 1.0, 0.0),
    ("M/D/20", 20, 0.7, 1.0, 0.0), ("M/G/5", 5, 0.8, 1.0, 0.5), ("M/G/20", 20, 0.7, 1.0, 2.0),
    ("G/G/5", 5, 0.85, 0.5, 0.5),
]  # fmt: skip


@pytest.mark.parametrize(("name", "servers", "u", "ca", "cs"), STEADY)
def test_formulas_hold_where_they_should(name: str, servers: int, u: float, ca: float, cs: float) -> None:
    n = 120_000.0
    course = Course(np.array([n]), np.array([n / (u * servers)]), np.array([1.0]), ca, cs)
    (run,) = simulate(course, [np.array([float(servers)])], within=0.2, passes=8, seed=11)
    each = (run.wait / run.arrivals)[:, 0]
    error = each.std(ddof=1) / np.sqrt(8)
    assert abs(waiting(u * servers, servers, 1.0, ca, cs) - each.mean()) < 0.02 * each.mean() + 3 * error
    if ca == cs == 1:
        assert erlang_c(u * servers, servers) == pytest.approx(run.waited.sum() / run.arrivals.sum(), rel=0.02)
        told = served_within(0.2, u * servers, servers)
        assert told == pytest.approx(run.within.sum() / run.arrivals.sum(), rel=0.02)


def test_the_simulation_serves_in_order_and_meets_changes_of_staff() -> None:
    # all is regular: two arrivals for each that can be served, then nobody comes, then two servers for the rest
    course = Course(np.array([10.0, 1.0, 10.0]), np.array([10.0, 20.0, 10.0]), np.array([2.0, 2.0, 2.0]), 0.0, 0.0)
    one, two = simulate(course, [np.array([1.0, 1.0, 2.0]), np.array([2.0, 2.0, 2.0])], passes=1)
    assert two.wait.sum() == pytest.approx(0.0, abs=1e-9)
    assert one.wait[0, 0] == pytest.approx(sum(range(int(one.arrivals[0, 0]))))
    assert one.wait[0, 2] < one.wait[0, 0]
    assert np.array_equal(one.arrivals, two.arrivals)


def test_part_of_a_server_makes_all_slower_and_servers_go_when_they_are_done() -> None:
    course = Course(np.array([9.0, 9.0]), np.array([9.0, 9.0]), np.array([1.0, 1.0]), 0.0, 0.0)
    (slow,) = simulate(course, [np.array([0.8, 0.8])], passes=1)
    assert slow.wait[0, 1] > slow.wait[0, 0] > 0
    (fewer,) = simulate(course, [np.array([3.0, 1.0])], passes=1)
    assert fewer.wait.sum() == pytest.approx(0.0, abs=1e-9)


# --- workload


def test_a_ratio_of_totals_is_cochrans() -> None:
    x, y = np.array([80.0, 95.0, 70.0, 88.0]), np.array([100.0, 110.0, 90.0, 100.0])
    found = ratio_of_totals(x, y, 0.95, positive=False)
    left = x - x.sum() / y.sum() * y
    error = np.sqrt(4 / 3 * left @ left) / y.sum()
    assert found.value == x.sum() / y.sum()
    assert found.high - found.value == pytest.approx(3.182446305 * error, rel=1e-8)
    skewed = ratio_of_totals(x, y)
    assert skewed.high / skewed.value == pytest.approx(skewed.value / skewed.low)


def test_neighbours_that_are_alike_widen_the_interval() -> None:
    walk = np.repeat([80.0, 90.0], 10)
    shuffled = walk[np.random.default_rng(2).permutation(20)]
    hours = np.full(20, 100.0)
    assert lag_one(walk) > 0.8
    wide, narrow = (ratio_of_totals(x, hours, positive=False) for x in (walk, shuffled))
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_the_chance_of_overload_is_what_is_seen() -> None:
    # 26 weeks of a level that differs by 8 %: told before the week, seen in it
    rng = np.random.default_rng(5)
    m, n, mean = 1_500, 26, 2_000.0
    arrivals = rng.poisson(mean * rng.gamma(1 / 0.08**2, 0.08**2, (m, n + 1))).astype(float)
    told = [
        overload(x[:n], np.full(n, mean), 1.0, np.full((1, n), 1.1 * mean), np.ones(n)).chance[0, 0] for x in arrivals
    ]
    seen = (arrivals[:, n] > 1.1 * mean).mean()
    assert np.mean(told) == pytest.approx(seen, abs=0.025)
    assert 0.07 < seen < 0.17


def test_a_median_has_the_order_statistics_of_the_sign_test() -> None:
    assert median_interval(np.arange(1.0, 21.0)).low == 6
    few = median_interval(np.array([1.0, 2.0, 3.0]))
    assert few.value == 2
    assert np.isnan(few.low)


# --- the public function

NAMES = {"arrivals": "n", "handling": "t", "staff": "s", "unit": "minutes", "hours": 40}


def weeks(
    n: Any = (1900, 1950, 1870, 1930, 1890, 1910, 1940, 1880, 1920, 1905, 1915, 1925), **more: Any
) -> pd.DataFrame:
    return pd.DataFrame({"n": list(n), "t": 10.0, "s": 10, **more})


def check(frame: pd.DataFrame, **more: Any) -> CapacityCheck:
    return st.capacity_check(frame, **{**NAMES, **more})


def codes(found: CapacityCheck) -> set[str]:
    return {c.code for c in found.caveats}


@pytest.fixture(scope="module")
def desk() -> CapacityCheck:
    return st.capacity_check(
        st.datasets.load("service_desk"), arrivals="tickets", handling="handling_min", handling_sd="handling_sd_min",
        staff="people", unit="minutes", hours=40, time="week", project="project_h", goal="5min",
        allocation=ROOT / "datasets" / "service_desk_hours.csv",
    )  # fmt: skip


def test_the_known_truth_of_the_service_desk_is_found(desk: CapacityCheck) -> None:
    # 2,600 tickets of 8.5 minutes for 12 people of 40 hours; a level that differs by 5 %; scv 0.6
    base = desk.study.use[0].overall
    assert base.low < 2600 * 8.5 / 60 / 480 < base.high
    assert desk.study.queues.scv_handling == pytest.approx(0.6, abs=0.02)
    assert desk.study.overload.beyond_chance == pytest.approx(0.05, abs=0.015)
    assert desk.study.dispersion > 2
    assert desk.study.basis == "load"
    left = 1 - np.repeat([0, 48, 80], 10) / 480
    assert desk.study.use[1].by_period == pytest.approx(desk.study.use[0].by_period / left)
    assert desk.study.queues.by == "formula"
    assert desk.study.queues.difference is not None
    assert desk.study.queues.difference.low > 0


def test_every_period_is_its_own_queue(desk: CapacityCheck) -> None:
    frame = desk.to_frame()
    row = frame.iloc[-1]
    load = row.arrivals * row.handling / 60 / 40
    servers = 12 - 80 / 40
    assert row.load == pytest.approx(load)
    assert row.wait_with_projects == pytest.approx(
        float(waiting(load, servers, row.handling, 1.0, desk.study.queues.scv_handling))
    )
    assert row.room_hours == pytest.approx((12 - row.staff_needed) * 40)
    assert float(waiting(load, row.staff_needed, row.handling, 1.0, desk.study.queues.scv_handling)) == pytest.approx(
        5.0
    )


def test_units_do_not_change_the_answer() -> None:
    a = check(weeks(), project="5%", goal="90s")
    b = check(weeks().assign(t=600.0), unit="sec", project="5%", goal="1.5 min")
    assert a.utilisation == b.utilisation
    assert b.wait.value == pytest.approx(60 * a.wait.value)
    assert a.study.room is not None
    assert b.study.room is not None
    assert a.study.room.hours == pytest.approx(b.study.room.hours)
    assert b.unit == "seconds"


def test_the_hours_of_projects_may_be_told_in_three_ways() -> None:
    by_column = check(weeks(p=40.0), project="p")
    by_number = check(weeks(), project=40)
    by_share = check(weeks(), project="10%")
    for other in (by_number, by_share):
        assert other.wait == by_column.wait
        assert other.study.use[1].overall == by_column.study.use[1].overall
    assert "--project 10%" in by_share.provenance.command
    assert len(check(weeks(p=0.0), project="p").study.use) == 1


def test_a_service_level_is_a_goal_too() -> None:
    found = check(weeks(), goal="80% in 120s")
    room = found.study.room
    assert room is not None
    frame = found.to_frame()
    needed = frame.staff_needed.to_numpy()
    assert served_within(2.0, frame.load.to_numpy(), needed, 10.0) == pytest.approx(np.full(len(frame), 0.8))
    assert found.staff_needed[0] == int(np.ceil(np.median(needed)))
    assert room.kept == (float((needed <= 10).mean()),)
    assert found.study.queues.within == 2.0


def test_more_work_than_hours_is_a_finding() -> None:
    found = check(weeks(n=[2500, 2550, 2480, 2520] * 3), goal="5min")
    assert {"overloaded", "formula-off"} <= codes(found)
    assert found.study.queues.by == "simulation"
    assert found.growth(0) == pytest.approx(float(np.mean(np.array([2500, 2550, 2480, 2520]) / 6 - 400)))
    assert "backlog grows" in found.headline
    assert found.overloaded
    told = json.loads(found.to_json())
    assert told["waiting"]["without_projects"]["formula"]["mean"] is None
    assert told["goal"]["room_hours"]["value"] < 0
    assert "short" in html(found.document())


def test_one_week_over_the_line_makes_the_simulation_speak() -> None:
    found = check(weeks(n=[1900] * 11 + [2600]))
    assert found.study.queues.by == "simulation"
    assert np.isfinite(found.wait.value)
    assert "1 of 12 periods brought more work" in " ".join(c.text for c in found.caveats)


def test_short_periods_near_the_line_have_no_steady_state() -> None:
    found = check(weeks(n=[11, 12] * 16, s=8).assign(s=8), hours=0.25)
    assert "formula-off" in codes(found)
    assert "even-inside-periods" not in codes(found)
    assert found.study.queues.each[0].gap > 0.1
    assert found.wait.value == pytest.approx(found.study.queues.each[0].simulated.mean, rel=1e-3)


def test_caveats_come_when_they_are_true() -> None:
    plain = codes(check(weeks(d=9.0), handling_sd="d"))
    assert "handling-spread-assumed" not in plain
    assert "few-periods" not in plain
    assert "few-periods" in codes(check(weeks(n=[1900, 1950])[:2]))
    assert "handling-spread-assumed" in codes(check(weeks()))
    assert "unit-doubtful" in codes(check(weeks().assign(t=600.0)))
    assert "unit-doubtful" in codes(check(weeks(), unit="seconds"))
    assert "arrivals-not-whole" in codes(check(weeks().assign(n=1900.5)))
    assert "arrivals-overdispersed" in codes(check(weeks(n=np.linspace(1500, 2100, 12).round())))
    assert "arrivals-underdispersed" in codes(check(weeks(n=[1900] * 12)))
    assert "autocorrelated" in codes(check(weeks(n=np.linspace(1500, 2100, 12).round())))
    assert "simulated-part" in codes(check(weeks(n=[60_000] * 12).assign(s=300)))


def test_staff_that_follow_the_work_are_seen() -> None:
    frame = pd.DataFrame({"n": [800, 1210, 1630, 795, 1190, 1590] * 3, "t": 10.0, "s": [4, 6, 8] * 6})
    found = check(frame)
    assert found.study.basis == "utilisation"
    assert np.ptp(found.study.use[0].chance) < 1e-3
    assert "Staff follow the work" in html(found.document())


@settings(max_examples=15, deadline=None)
@given(
    some.lists(some.integers(0, 3_000), min_size=2, max_size=12).filter(any), some.floats(0.1, 30),
    some.floats(0.3, 20),
    some.sampled_from([None, "5%", 3]), some.sampled_from([None, "30s", "80% in 20s"]),
)  # fmt: skip
def test_whatever_comes_is_answered_without_a_warning(
    n: list[int], t: float, s: float, project: Any, goal: str | None
) -> None:
    frame = pd.DataFrame({"n": n, "t": t, "s": s})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if project == 3 and s * 40 <= 3:
            return
        found = check(frame, project=project, goal=goal)
        json.loads(json.dumps(found.to_dict(), allow_nan=False))
        html(found.document())
    for use in found.study.use:
        assert np.all((use.chance >= 0) & (use.chance <= 1))
    if len(found.study.use) == 2:
        assert np.all(found.study.use[1].chance >= found.study.use[0].chance)
        assert found.study.queues.each[1].simulated.mean >= found.study.queues.each[0].simulated.mean - 1e-9


REFUSED: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    "negative": (lambda: check(weeks(n=[1900, -3])[:2]), ("'n'", "-3", "row 2", "negative")),
    "no staff": (lambda: check(weeks().assign(s=[0] + [1] * 11)), ("'s'", "row 1", "staff")),
    "no time": (lambda: check(weeks().assign(t=0.0)), ("'t'", "row 1", "above zero")),
    "negative sd": (lambda: check(weeks(d=-1.0), handling_sd="d"), ("'d'", "row 1")),
    "closed": (lambda: check(weeks(h=[40.0] * 11 + [0.0]), hours="h"), ("'h'", "row 12", "open")),
    "infinite": (lambda: check(weeks().assign(n=[np.inf] + [9.0] * 11)), ("'n'", "infinite", "row 1")),
    "text": (lambda: check(weeks().assign(n=["many"] * 12)), ("'n'", "many", "row 1")),
    "all taken": (lambda: check(weeks(p=[400.0] + [1.0] * 11), project="p"), ("400", "row 1", "nothing is left")),
    "negative project": (lambda: check(weeks(p=-1.0), project="p"), ("'p'", "row 1", "negative")),
    "one period": (lambda: check(weeks()[:1]), ("at least 2",)),
    "nothing came": (lambda: check(weeks(n=[0] * 12)), ("'n'", "no period")),
    "too many": (lambda: check(weeks().assign(s=1e6)), ("'s'", "100,000")),
    "near name": (lambda: check(weeks(), staff="ss"), ("'ss'",)),
    "empty": (lambda: check(weeks()[:0]), ("no rows",)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_bad_data_are_refused_with_the_way_out(name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(DataError) as refused:
        call()
    for word in words:
        assert word in str(refused.value)


@pytest.mark.parametrize(
    "setting",
    [
        {"unit": "days"}, {"unit": None}, {"goal": "20"}, {"goal": "0s"}, {"goal": "120% in 20s"},
        {"goal": "80% in 20 days"},
        {"hours": 0}, {"hours": None}, {"hours": True}, {"project": "100%"}, {"project": -3}, {"arrivals_scv": -1},
        {"arrivals_scv": "x"}, {"confidence": 1.0}, {"allocation_unit": "dog"},
    ],
)  # fmt: skip
def test_settings_that_mean_nothing_are_refused(setting: dict[str, Any]) -> None:
    (name,) = setting
    with pytest.raises(SettingsError, match=name):
        check(weeks(), **setting)


def test_rows_are_accounted_for() -> None:
    frame = weeks(day=[*(f"2026-01-{d:02d}" for d in range(1, 12)), None])
    frame.loc[1, "n"] = np.nan
    frame.loc[2, "t"] = np.nan
    found = check(frame, time="day", exclude=[5])
    rows = found.rows
    assert (rows.read, rows.used, rows.missing, rows.excluded, rows.dropped) == (12, 8, 2, 1, 1)
    assert len(found.to_frame()) == 8
    other = check(frame.assign(t=frame.t + 0.001), time="day", exclude=[5])
    assert other.provenance.data_sha256 != found.provenance.data_sha256


def test_order_and_names_are_harmless() -> None:
    name = "<script>alert(1)</script>"
    frame = weeks(w=[f"<b>{i}</b>" for i in range(12)]).rename(columns={"n": name})
    found = check(frame, arrivals=name, time="w")
    page = html(found.document())
    assert "<script>alert" not in without_ours(page)
    assert "<b>" not in page
    turned = check(weeks(day=range(12))[::-1], time="day")
    assert turned.wait == check(weeks(day=range(12)), time="day").wait


# --- allocation: nobody is named


def hours(groups: dict[str, int], months: int = 3, seed: int = 1, **more: float) -> pd.DataFrame:
    """People of groups with random hours; about half are promised too much."""
    rng = np.random.default_rng(seed)
    rows = [
        (f"Person {g} {k}", g, f"m{m}", 150.0, *(float(rng.integers(*ends)) for ends in ((90, 130), (0, 40), (0, 30))))
        for g, people in groups.items() for k in range(people) for m in range(months)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["person", "group", "period", "available", "operations", "crm", "portal"])


def promised(table: pd.DataFrame, unit: str = "person") -> Allocation:
    return study_of(allocation.read(table, unit), unit)


def texts(found: CapacityCheck, folder: Path) -> str:
    """All that a reader can get, of every format that holds text."""
    out = found.to_json() + found.provenance.command + repr(found) + str(found.allocation)
    for suffix in ("html", "md", "svg", "xlsx"):
        file = found.save(folder / f"r.{suffix}")
        if suffix == "xlsx":
            with zipfile.ZipFile(file) as book:
                out += "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
        else:
            out += file.read_text()
    return out


def test_no_person_and_no_small_group_is_in_any_format(tmp_path: Path) -> None:
    table = hours({"Alpha": 9, "Bravo": 6, "Tiny": 3, "Wee": 2})
    told = texts(check(weeks(), allocation=table), tmp_path)
    assert "Alpha" in told
    assert OTHERS in told
    for name in ("Person", "Tiny", "Wee"):
        assert name not in told


def test_what_is_hidden_moves_no_number() -> None:
    """However the hours of hidden people change, nothing that is shown does: no subtraction can find them."""
    table = hours({"Alpha": 9, "Bravo": 6, "Tiny": 4})
    other = table.copy()
    hidden = (table.group == "Tiny").to_numpy()
    other.loc[hidden, ["operations", "crm", "portal"]] *= 3
    a, b = promised(table), promised(other)
    assert a.left_out == 12
    assert (a.cells, a.pairs, a.rows, a.over_rows, a.hours_over) == (
        b.cells,
        b.pairs,
        b.rows,
        b.over_rows,
        b.hours_over,
    )
    # a group of five that lacks one in a period
    short = hours({"Alpha": 9, "Bravo": 5})
    short = short[~((short.person == "Person Bravo 0") & (short.period == "m1"))]
    cells = promised(short).cells
    assert [(c.group, c.period) for c in cells if c.group == "Bravo"] == [("Bravo", "m0"), ("Bravo", "m2")]
    changed = short.copy()
    changed.loc[(changed.group == "Bravo") & (changed.period == "m1"), "operations"] = 999.0
    assert promised(changed).cells == cells
    assert promised(changed).hours_over == promised(short).hours_over


@settings(max_examples=40, deadline=None)
@given(some.lists(some.integers(1, 9), min_size=1, max_size=5), some.integers(0, 10**6), some.floats(0.0, 0.4))
def test_every_number_rests_on_five_people(sizes: list[int], seed: int, gone: float) -> None:
    table = hours({f"g{i}": n for i, n in enumerate(sizes)}, seed=seed)
    table = table[np.random.default_rng(seed).random(len(table)) >= gone]
    if not len(table):
        return
    found = promised(table)
    assert all(cell.people >= FEWEST for cell in found.cells)
    assert found.rows + found.left_out == len(table)
    assert found.rows == sum(cell.people for cell in found.cells)
    assert found.hours_over == pytest.approx(sum(cell.over for cell in found.cells))
    # pairs share the rows out, so that none can be had by taking the others from the whole
    if found.pairs:
        assert sum(p.rows for p in found.pairs) == found.over_rows
        assert sum(p.over for p in found.pairs) == pytest.approx(found.hours_over)


def test_a_pair_of_work_concerns_five_people_or_is_not_told() -> None:
    base = {"group": "Alpha", "period": "m0", "available": 100.0, "operations": 90.0}
    rows = [{"person": f"p{i}", **base, "crm": 20.0 if i < 4 else 0.0, "portal": 0.0} for i in range(10)]
    assert promised(pd.DataFrame(rows)).pairs == ()
    rows += [{"person": f"q{i}", **base, "crm": 0.0, "portal": 30.0} for i in range(5)]
    (joined,) = promised(pd.DataFrame(rows)).pairs
    assert (joined.first, joined.rows, joined.over) == ("other combinations", 9, 4 * 10 + 5 * 20)


def test_teams_are_named_and_small_ones_too() -> None:
    table = pd.DataFrame(
        {"team": ["A", "A", "<b>B</b>"], "period": ["1", "2", "1"], "available": [100.0, 100, 80],
         "operations": [80.0, 80, 70],
         "crm": [30.0, 10, 0], "portal": [0.0, 10, 20]}
    )  # fmt: skip
    found = promised(table, "team")
    assert [(c.group, c.over) for c in found.cells] == [("A", 10.0), ("A", 0.0), ("<b>B</b>", 10.0)]
    assert [(p.first, p.second, p.over) for p in found.pairs] == [
        ("operations", "crm", 10.0),
        ("operations", "portal", 10.0),
    ]
    assert found.share == pytest.approx(2 / 3)
    page = html(check(weeks(), allocation=table, allocation_unit="team").document())
    assert "&lt;b&gt;B" in page
    assert "<b>B" not in page
    assert "never about a person" in page


def test_an_allocation_of_few_people_shows_nothing() -> None:
    found = check(weeks(), allocation=hours({"Tiny": 4}))
    assert found.allocation is not None
    assert found.allocation.cells == ()
    assert found.allocation.hours_over == 0
    assert "allocation-too-few-people" in codes(found)
    html(found.document())


def test_bad_allocation_tables_are_refused_without_a_name() -> None:
    table = hours({"Alpha": 6})
    for change, words in (
        (table.drop(columns="group"), "'group'"),
        (table[["person", "group", "period", "available", "operations"]], "no column of a project"),
        (table.assign(crm=-1.0), "'crm' of the allocation table is -1 in row 1"),
        (table.assign(crm="a lot"), "row 1 of column 'crm'"),
        (pd.concat([table, table[:1]]), "rows 1 and 19"),
        (table.assign(available=np.nan), "no row"),
    ):
        with pytest.raises(DataError, match=re.escape(words)) as refused:
            promised(change)
        assert "Person" not in str(refused.value)
    with pytest.raises(DataError, match="'team'"):
        promised(table, "team")


def test_empty_hours_are_told_and_rows_without_hours_left_out() -> None:
    table = hours({"Alpha": 6})
    table.loc[0, "crm"] = np.nan
    table.loc[5, "available"] = np.nan
    found = promised(table)
    assert found.missing == 1
    assert {c.code for c in found.caveats} >= {"allocation-empty-hours"}


# --- the command

LINE = [
    "lean", "capacity", str(ROOT / "datasets" / "service_desk.csv"), "--arrivals", "tickets", "--handling",
    "handling_min",
    "--staff", "people", "--unit", "minutes", "--hours", "40", "-x", "week", "--project", "project_h", "--goal", "5min",
]  # fmt: skip


def test_options_are_parameters() -> None:
    parameters = set(inspect.signature(st.capacity_check).parameters)
    delivery = {"out", "as_json", "quiet", "fail_on", "settings", "sheet", "query", "paper", "locale"}
    assert {p.name for p in command.params} - delivery == parameters


def test_the_command_gates_and_tells() -> None:
    done = CliRunner().invoke(main, [*LINE, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["schema"] == "sigmatool.capacity/1"
    assert told["waiting"]["by"] in ("formula", "simulation")
    people = [*LINE, "--allocation", str(ROOT / "datasets" / "service_desk_hours.csv"), "--quiet", "--fail-on"]
    assert CliRunner().invoke(main, [*people, "overallocated"]).exit_code == 1
    assert CliRunner().invoke(main, [*people, "overloaded"]).exit_code == 0
    refused = CliRunner().invoke(main, [*LINE[:-1], "soon"])
    assert refused.exit_code == 2
    assert "goal" in refused.stderr


def test_the_command_of_the_page_in_the_docs_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8"), flags=re.S)
    done = CliRunner().invoke(main, [*shlex.split(block.replace("\\\n", " "))[1:], "--quiet"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "reports" / "capacity.html").exists()


def test_the_headline_is_plain(desk: CapacityCheck) -> None:
    assert desk.headline.startswith("People are busy 77.2 % (75.8 to 78.5 %) of their hours")
    assert repr(desk).startswith("<CapacityCheck: People are busy")
    assert "Work waits" in desk.headline


def test_a_place_of_its_own_signs(desk: CapacityCheck, tmp_path: Path) -> None:
    page = desk.save(tmp_path / "r.html", locale="de").read_text()
    assert "77,2 %" in page.replace("\u00a0", " ").replace("\u202f", " ")
