"""Reviews that someone tries to break: odd settings, short stages, rows that must add up, sentences that must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.errors import DataError, SettingsError
from sigmatool.render.text import text
from sigmatool.review.guards import Guard
from sigmatool.review.metrics import Metric
from sigmatool.review.policy import POLICY
from sigmatool.review.review import Review


def table(n: int = 60, start: int = 31, seed: int = 1) -> pd.DataFrame:
    """A step of two noise sd for the better (lower) at ``start``, an untouched series, counts, and other metrics."""
    rng = np.random.default_rng(seed)
    t = np.arange(1, n + 1)
    on = t >= start
    seen = rng.integers(80, 120, n)
    return pd.DataFrame(
        {
            "t": t,
            "y": 20 + rng.normal(0, 1, n) - 2 * on,
            "c": 10 + rng.normal(0, 1, n),
            "c2": 12 + rng.normal(0, 1, n),
            "n": seen,
            "k": rng.binomial(seen, np.where(on, 0.1, 0.2)),
            "q": 5 + rng.normal(0, 1, n),
        }
    )


def judge(data: pd.DataFrame | None = None, **more: Any) -> Review:
    settings: dict[str, Any] = {"value": "y", "time": "t", "better": "lower", "rollout": 31}
    return st.review(table() if data is None else data, **(settings | more))


def page(r: Review) -> str:
    return " ".join(text(r.document(), width=120).split())


@pytest.mark.parametrize(
    ("rollouts", "short"),
    [([2, 31], "only 1 usable point before"), ([10, 11, 31], "only 1 usable point after"), ([31, 10, 12], "")],
)
def test_a_short_earlier_stage_takes_nothing_from_the_last_rollout(rollouts: list[int], short: str) -> None:
    r = judge(rollout=rollouts)
    first, last = r.increments[0], r.increments[-2]
    assert first.verdict == "INSUFFICIENT_DATA"
    assert first.reason.startswith(short)
    assert bool(first.reason) == bool(short)
    assert (last.verdict, last.n_before, last.n_after) == (r.verdict, r.n_before, r.n_after)
    assert last.effect == r.effect
    assert r.verdict == "IMPROVED_STABLE"
    assert not short or short in page(r)
    r.to_json()


def test_a_washout_that_swallows_an_earlier_stage_leaves_it_unjudged() -> None:
    r = judge(rollout=[10, 12, 31], washout=5)
    assert [(i.n_before, i.n_after) for i in r.increments] == [(9, 0), (0, 14), (14, 25), (9, 25)]
    assert r.rows.used == 60 - 12


def test_an_earlier_stage_of_one_value_or_without_its_control_is_told() -> None:
    data = table()
    data.loc[data["t"].between(10, 19), "y"] = 5.0
    data.loc[2, "c"] = np.nan
    flat = judge(data, rollout=[10, 20, 40])
    assert "hold the same value (5 " in flat.increments[0].reason
    assert "has no value at 3" in judge(data, rollout=[20, 40], control="c").increments[0].reason


def test_the_trigger_of_the_last_rollout_is_not_carried_to_all_together() -> None:
    plain, triggered = judge(rollout=[20, 40]), judge(rollout=[20, 40], triggered_by_bad_results=True)
    assert triggered.n_before < plain.n_before
    assert triggered.increments[-1] == plain.increments[-1]
    assert triggered.increments[0] == plain.increments[0]


def test_a_generator_says_the_same_as_a_list() -> None:
    lists = judge(control=["c", "c2"], exclude=[3, 4], looks=[8, 30], metrics=["q:higher"], guards=["k/n:lower"])
    drawn = judge(
        control=(c for c in ("c", "c2")), exclude=(i for i in (3, 4)), looks=(i for i in (8, 30)),
        metrics=(m for m in ["q:higher"]), guards=(g for g in ["k/n:lower"]),
    )  # fmt: skip
    assert drawn.to_json() == lists.to_json()
    assert drawn.control is not None
    assert drawn.n_before == 28
    one = judge(
        value="k", size="n", control=(c for c in ["q2"]), control_size=(c for c in ["n"]), data=_whole_control()
    )
    assert one.control is not None


def _whole_control() -> pd.DataFrame:
    return table().assign(q2=lambda d: d["n"] // 5 + d["t"] % 3)


def test_one_metric_or_guard_needs_no_list() -> None:
    r = judge(metrics="q:higher", guards="q:higher")
    assert [m.name for m in r.metrics] == [g.name for g in r.guards] == ["q"]


@pytest.mark.parametrize("season", [np.int64(7), 7.0, "7"])
def test_a_season_counts_whatever_kind_of_number_holds_it(season: Any) -> None:
    assert judge(season=season).evidence == judge(season=7).evidence


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("season", 7.5), ("season", [7]), ("season", True), ("season", float("nan")), ("washout", 1.5),
        ("washout", "3"), ("washout", []), ("washout", True), ("triggered_by_bad_results", "no"), ("control", 5),
        ("control", ["c", ""]), ("rollout", []), ("rollout", None), ("rollout", [31, None]), ("looks", []),
    ],
)  # fmt: skip
def test_settings_that_mean_nothing_are_refused_by_name(setting: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=setting):
        judge(**{setting: value})


@pytest.mark.parametrize("looks", [8, np.array([8, 30])])
def test_looks_may_be_a_number_or_an_array(looks: Any) -> None:
    assert judge(looks=looks).looks is not None


def test_a_column_with_a_stroke_in_its_name_is_taken_whole() -> None:
    data = table().rename(columns={"q": "calls/day", "k": "bad/", "n": "a/b"})
    r = judge(data, metrics=["calls/day:higher"], guards=["bad//a/b:lower"])
    assert r.metrics[0].name == "calls/day"
    assert r.guards[0].name == "bad/ per a/b"
    assert r.settings["metric"] == ["calls/day:higher"]


@pytest.mark.parametrize("number", [0.123456789, 1e-17, 3.0])
def test_the_printed_command_holds_the_very_margin(number: float) -> None:
    assert Guard.parse(str(Guard("q", "lower", number))).margin == number
    assert float(str(Metric("q", "lower", number)).rpartition(":")[2]) == number


def test_rows_in_the_washout_are_counted_as_rows_and_once() -> None:
    pairs = judge(time=None, subgroup=2, rollout=15, washout=3, exclude="3,16")
    assert (pairs.rows.used, pairs.rows.excluded) == (60 - 2 - 6, 8)
    holes = table()
    holes.loc[31, ["y", "k"]] = np.nan
    for more in ({}, {"value": "k", "size": "n"}):
        r = judge(holes, washout=5, exclude="7,31,33", **more)
        assert (r.rows.used, r.rows.missing, r.rows.excluded) == (60 - 1 - 5, 1, 5)
        assert f"60 rows read, {r.n_before + r.n_after} judged" in page(r)


def test_an_answer_whose_p_value_alone_would_say_the_opposite_says_why() -> None:
    climb = table().assign(y=np.arange(60.0))
    asked = judge(climb, better="higher", looks="any").why().steps
    lost = next(s for s in asked if s.question == "Has a stable process become unstable?")
    assert lost.answer == "No"
    assert lost.evidence.endswith("; the stage before was not steady either")


def test_a_stage_that_is_not_stable_is_not_called_stable_but_for_one_point() -> None:
    zeros = np.random.default_rng(9).random(60) < 0.9
    r = judge(table().assign(y=lambda d: np.where(zeros, 0.0, d["y"])))
    assert r.findings is not None
    assert not r.findings.stability_after.stable
    assert len(r.findings.stability_after.spikes) == 1
    assert [q for q in r.qualifiers if "exceptional" in q] == [
        "the stage after has one exceptional point (45): explain it"
    ]


def test_one_signal_is_one() -> None:
    found = [row.finding for row in judge(table(seed=15)).evidence if row.id == "E6"]
    assert [words.split(";")[1].split(" where")[0].strip() for words in found] == ["1 signal", "0 signals"]


def rare_events() -> pd.DataFrame:
    """So few events that the time between them is judged."""
    rng = np.random.default_rng(3)
    return pd.DataFrame({"t": np.arange(1, 61), "low": rng.poisson(np.where(np.arange(60) < 30, 0.5, 0.4))})


def test_times_between_events_print_a_command_that_runs() -> None:
    r = st.review(rare_events(), value="low", scale="rate", time="t", better="lower", rollout=31)
    assert r.scale == "between"
    assert r.settings["scale"] == "rate"
    assert "--scale rate" in r.provenance.command
    assert f"rollout 31, {r.n_before} events before and {r.n_after} after" in page(r)
    assert f"Collect about {r.points_needed} events in each stage" in r.next_action
    each = rare_events().assign(s="A")
    both = pd.concat([each, each.assign(s="B", low=lambda d: d["low"] + d["t"] % 4 + 1)])
    s = st.review_each(both, by="s", value="low", scale="rate", time="t", better="lower", rollout=31)
    assert s.settings["scale"] == "rate"


def test_merged_periods_are_called_blocks() -> None:
    r = st.review(rare_events(), value="low", scale="rate", time="t", better="lower", rollout=31, merge=3)
    assert "rollout 31, 10 blocks before and 10 after" in page(r)


def test_one_more_point_is_one() -> None:
    r = judge(table(n=49), worthwhile="1%")
    assert r.next_action == "Keep hypercare; judge again after 1 more point."


def test_undeclared_looks_tell_the_interval_that_goes_with_them() -> None:
    once, often = judge(), judge(looks="any")
    assert often.peeked_change is not None
    assert once.effect is not None
    low, high = often.peeked_change
    assert low < once.effect.difference_low < once.effect.difference_high < high
    assert "one that holds at all looks together is" in page(often)
    assert once.peeked_change is None
    mirrored = judge(table().assign(y=lambda d: -d["y"]), better="higher", looks="any")
    assert mirrored.peeked_change == pytest.approx((-high, -low))


def test_a_stricter_look_dates_nothing_that_it_does_not_see() -> None:
    """What is not better at the level of this look is not dated by the level of a single one."""
    shown = 0
    for seed in range(12):
        data = table(seed=seed)
        data["y"] += 1.2 * (data["t"] >= 31)
        r = judge(data, looks=[30, 200])
        e = r.findings
        assert e is not None
        moved = min(e.p_better, e.p_worse) < r.policy.level_alpha(e.fewest)
        assert bool(r.date.set) == (moved or e.date.seen)
        shown += 0.0005 < min(e.p_better, e.p_worse) < 0.025
    assert shown


def test_a_settings_file_may_list_what_the_command_line_writes_with_commas(tmp_path: Any) -> None:
    from click.testing import CliRunner

    from sigmatool.cli import main

    table().to_csv(tmp_path / "d.csv", index=False)
    (tmp_path / "s.toml").write_text(
        'looks = [8, 30]\nexclude = [3, 5]\nrollout = [20, 31]\ncontrol = ["c", "c2"]\nmetric = "q:higher"\n'
    )
    call = ["review", str(tmp_path / "d.csv"), "-y", "y", "-x", "t", "--better", "lower", "--json"]
    listed = CliRunner().invoke(main, [*call, "--settings", str(tmp_path / "s.toml")])
    more = ["--looks", "8,30", "--exclude", "3,5", "--rollout", "20", "--rollout", "31"]
    given = CliRunner().invoke(main, [*call, *more, "--control", "c", "--control", "c2", "--metric", "q:higher"])
    assert listed.exit_code == given.exit_code == 0
    assert listed.stdout == given.stdout


def late(n: int = 60) -> pd.DataFrame:
    """A step half-way through the stage after."""
    rng = np.random.default_rng(5)
    t = np.arange(1, n + 1)
    return pd.DataFrame({"t": t, "y": 20 + rng.normal(0, 1, n) - 3 * (t > 45), "c": 10 + rng.normal(0, 1, n)})


def test_a_later_change_is_not_also_told_as_no_change() -> None:
    r = judge(late(), control="c")
    assert r.verdict == "CHANGE_CAME_LATER"
    answer, detail, _ = r.answers[0]
    assert answer == "Later"
    assert detail.endswith(f"the level moved for the better at {r.date.set[0]} to {r.date.set[-1]}")


def test_a_trend_that_is_the_whole_answer_is_not_told_as_no_change() -> None:
    data = table().assign(y=lambda d: d["c"] - 4 * d["t"] / 60)
    r = judge(data, looks="8,12,30,60")
    assert (r.verdict, r.decision.reason) == ("NOT_ATTRIBUTABLE", "trend")
    assert r.answers[0][0] == "Not by the rollout"
    assert r.answers[1][1] == "the trend was there before"


def test_nothing_is_said_of_more_points_where_they_could_not_show_the_same() -> None:
    """A lost gain run backwards would come back."""
    back = table().assign(y=lambda d: d["c"] - 5 * (d["t"] > 30) * (60 - d["t"]) / 30)
    r = judge(back)
    assert r.verdict == "IMPROVED_NOT_SUSTAINED"
    assert r.why().more is None
    assert "would not change the verdict" not in page(r)
    assert "shown the same" not in page(r)


def test_too_few_events_are_not_called_too_few_points() -> None:
    t = np.arange(1, 61)
    data = pd.DataFrame({"t": t, "low": np.where(t < 31, t % 3 == 0, np.isin(t, [35, 41, 47, 52, 58])) * 1})
    r = st.review(data, value="low", scale="rate", time="t", better="lower", rollout=31, usl=0.5)
    assert r.sentence == "There are not enough data to judge low: there are too few events."
    assert r.next_action.startswith(f"Collect {r.points_needed} more periods in the shorter stage")
    assert r.answers[3][:2] == ("Not judged", "not enough data")


def test_a_target_that_was_given_is_not_called_missing() -> None:
    assert "no specification was given" in judge(better="target", target=20.0).requirement.detail
    assert judge(better="target", target=20.0).requirement.answer == "Not asked"


def test_who_has_enough_points_after_is_not_sent_to_wait_for_them() -> None:
    amount = next(c for c in judge(rollout=12).report_card if c.check == "Enough points")
    assert amount.action == "Add points from further back, where they were measured alike."
    short = next(c for c in judge(rollout=50).report_card if c.check == "Enough points")
    assert short.action == "Judge again at 20 points after the rollout."


def test_the_rates_of_one_of_several_looks_say_whose_they_are() -> None:
    for looks in ("any", "8,30"):
        assert judge(looks=looks).rate_sentences[-1].startswith("These are the rates of a single look")
        assert "These are the rates of a single look" in page(judge(looks=looks))
    assert judge().error_rates is not None
    assert judge().rate_sentences == judge().error_rates.sentences


def streams(**more: Any) -> Any:
    both = pd.concat([table(seed=1).assign(s="A"), table(seed=2).assign(s="B")])
    settings: dict[str, Any] = {"by": "s", "value": "y", "time": "t", "better": "lower", "rollout": 31}
    return st.review_each(both, **(settings | more))


def test_reviews_of_streams_keep_several_controls_and_generators() -> None:
    lists = streams(control=["c", "c2"], exclude=[3, 4], season=4)
    drawn = streams(control=(c for c in ("c", "c2")), exclude=(i for i in (3, 4)), season=np.int64(4))
    assert drawn.to_json() == lists.to_json()
    assert "--control c --control c2" in lists.provenance.command
    with pytest.raises(SettingsError, match="washout"):
        streams(washout=1.5)


def test_one_refused_stream_of_one_row_is_told_in_the_singular() -> None:
    data = pd.concat([table().assign(s="A"), table()[:1].assign(s="B")])
    r = st.review_each(data, by="s", value="y", time="t", better="lower", rollout=31)
    told = next(c.text for c in r.caveats if c.code == "streams-refused")
    assert told == "Of 2 streams 1 could not be judged; its 1 row is dropped, with the reason."


def test_a_control_that_never_varies_is_refused() -> None:
    with pytest.raises(DataError, match="control 'flat' never varies"):
        judge(table().assign(flat=1.0), control="flat")


@pytest.mark.parametrize("make", [lambda d: d["y"], lambda d: d["y"] + 3])
def test_a_control_made_from_the_metric_is_refused(make: Callable[[pd.DataFrame], pd.Series]) -> None:
    with pytest.raises(DataError, match="less its control never varies"):
        judge(table().assign(copy=make), control="copy")


def test_looks_count_periods_where_low_counts_are_merged() -> None:
    rng = np.random.default_rng(0)
    low = rng.poisson(np.where(np.arange(120) < 60, 1.0, 0.7))
    data = pd.DataFrame({"t": np.arange(1, 121), "low": low})
    r = st.review(data, value="low", scale="rate", time="t", better="lower", rollout=61, looks=[20, 60])
    assert r.n_after == 20
    assert not [c for c in r.caveats if c.code == "look-not-planned"]
    assert r.policy.alpha_level == pytest.approx(POLICY.alpha_level * (1 - 1 / 9))
    r.why()
