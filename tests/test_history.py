"""Reviews over time: chains and their links, what they add up to and how surely, what slipped, what is due again."""

from __future__ import annotations

import copy
import datetime as dt
import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st_

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.history.chain import ratio_of, whole
from sigmatool.history.history import history
from sigmatool.history.moments import due, period
from sigmatool.history.reviewed import reviewed
from sigmatool.numbers.estimate import Estimate
from sigmatool.render.html import html
from test_page_numbers import missing

N = 110
MONTHS = list(pd.date_range("2018-01-01", periods=N, freq="MS").strftime("%Y-%m"))
PLACES = (36, 72, 92)
"""Where three rollouts went live; from the sixtieth month on the first gain slips."""


def waits(seed: int = 4, slip: float = 3.5) -> pd.DataFrame:
    """Waits that fall at three rollouts; before the second a part of the first gain is lost."""
    i = np.arange(N)
    level = np.select([i < 36, i < 60, i < 72, i < 92], [50, 44, 44 + slip, 41], 36)
    noise = np.random.default_rng(seed).normal(0, 2, N)
    return pd.DataFrame({"month": MONTHS, "wait": np.round(level + noise, 2)})


def reviewed_at(table: pd.DataFrame, first: int, last: int, place: int, **asked: Any) -> Any:
    kept = {"value": "wait", "time": "month", "rollout": MONTHS[place], "better": "lower", **asked}
    return st.review(table.iloc[first:last], **kept)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return waits()


@pytest.fixture(scope="module")
def three(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Three reviews as JSON, each from its own part of the record."""
    parts = ((0, 60, 36), (36, 92, 72), (72, 110, 92))
    return [reviewed_at(table, *part).to_dict() for part in parts]


def test_a_chain_in_order_whatever_the_order_given(three: list[dict[str, Any]]) -> None:
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        found = history([three[i] for i in order])
        (chain,) = found.chains
        assert [e.review.rollout for e in chain.entries] == [MONTHS[i] for i in PLACES]
        assert [link.breaks for link in chain.links] == [(), ()]
        assert [(link.shared, link.newer) for link in chain.links] == [(24, 12), (20, 0)]


def test_the_whole_is_last_after_less_first_before(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    total = history(three).chains[0].whole
    first, last = table["wait"][:36].mean(), table["wait"][92:].mean()
    assert total.difference.value == pytest.approx(last - first, rel=1e-12)
    assert total.ratio is not None
    assert total.ratio.value == pytest.approx(last / first, rel=1e-12)
    assert total.better is True
    # the effects leave out what was lost between the first two: they promise more than the levels hold
    assert total.effects == pytest.approx(sum(r["effect"]["value"] for r in three))
    assert total.effects < total.difference.low


def test_a_gain_that_slipped_is_seen_in_the_points_between(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    first, second = history(three).chains[0].links
    assert first.slipped
    assert first.drift is not None
    assert first.drift.value == pytest.approx(table["wait"][60:72].mean() - table["wait"][36:60].mean(), rel=1e-9)
    assert not second.slipped
    steady = waits(slip=0.0)
    kept = history([reviewed_at(steady, 0, 60, 36), reviewed_at(steady, 36, 92, 72)]).chains[0].links[0]
    assert not kept.slipped
    assert not kept.better_since
    more = waits(slip=-4.0)
    gained = history([reviewed_at(more, 0, 60, 36), reviewed_at(more, 36, 92, 72)]).chains[0].links[0]
    assert gained.better_since
    assert not gained.slipped


def test_the_other_direction_and_a_target() -> None:
    up = waits()
    up["wait"] = 100 - up["wait"]
    higher = [reviewed_at(up, 0, 60, 36, better="higher"), reviewed_at(up, 36, 92, 72, better="higher")]
    found = history(higher).chains[0]
    assert found.links[0].slipped
    assert found.whole.better is True
    table = waits()
    wanted = [reviewed_at(table, *part, better="target", target=38) for part in ((0, 60, 36), (36, 92, 72))]
    near = history(wanted).chains[0]
    assert near.links[0].slipped
    assert near.whole.better is True


def test_a_single_review_is_told_by_its_own_effect(three: list[dict[str, Any]]) -> None:
    total = history(three[:1]).chains[0].whole
    effect = three[0]["effect"]
    assert (total.difference.value, total.difference.low) == (effect["value"], effect["low"])
    assert total.ratio is not None
    assert total.ratio.high == effect["ratio"]["high"]


def test_the_newest_review_of_a_rollout_counts(table: pd.DataFrame, three: list[dict[str, Any]]) -> None:
    early = reviewed_at(table, 0, 46, 36).to_dict()
    for given_ in ([early, *three], [*three, early]):
        first = history(given_).chains[0].entries[0]
        assert first.review.after.n == 24
        assert [old.after.n for old in first.replaced] == [10]


def test_metrics_are_chains_of_their_own(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    other = reviewed_at(table.rename(columns={"wait": "errors"}), 0, 60, 36, value="errors").to_dict()
    mirrored = reviewed_at(table, 0, 60, 36, better="higher").to_dict()
    found = history([*three, other, mirrored])
    assert [(c.metric, c.better, len(c.entries)) for c in found.chains] == [
        ("wait", "lower", 3), ("errors", "lower", 1), ("wait", "higher", 1),
    ]  # fmt: skip
    assert found.caveats[0].code == "several-metrics"


# --- links that do not hold


def test_a_value_that_was_revised_is_named(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    changed = table.copy()
    changed.loc[40, "wait"] += 0.5
    found = history([three[0], reviewed_at(changed, 36, 92, 72)])
    link = found.chains[0].links[0]
    assert link.breaks == ("revised",)
    assert link.first_revised == (MONTHS[40], table["wait"][40], changed["wait"][40])
    assert "chain-broken" in [c.code for c in found.caveats]
    assert MONTHS[40] in html(found.document())


def test_a_baseline_that_reaches_back_is_named(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    link = history([three[0], reviewed_at(table, 20, 92, 72)]).chains[0].links[0]
    assert link.breaks == ("reaches back",)


def test_a_baseline_of_other_points_is_a_gap(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    link = history([three[0], reviewed_at(table, 60, 92, 72)]).chains[0].links[0]
    assert link.breaks == ("gap",)
    assert link.shared == 0
    assert link.slipped


def test_points_left_out_of_the_next_baseline_are_named(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    link = history([three[0], reviewed_at(table, 36, 92, 72, exclude="3-5")]).chains[0].links[0]
    assert link.breaks == ("left out",)
    assert link.left_out == 3


def test_dates_in_one_and_numbers_in_the_other(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    numbered = st.review(table.iloc[36:92][["wait"]], value="wait", rollout=37, better="lower")
    found = history([three[0], numbered])
    assert "axes" in found.chains[0].links[0].breaks
    assert "order-unknown" in [c.code for c in found.caveats]


def test_reviews_by_point_number(table: pd.DataFrame) -> None:
    plain = table[["wait"]]
    asked = {"value": "wait", "better": "lower"}
    found = history([st.review(plain, rollout=93, **asked), st.review(plain[:60], rollout=37, **asked)])
    assert [e.review.rollout for e in found.chains[0].entries] == ["37", "93"]
    assert found.chains[0].links[0].breaks == ("reaches back",)
    (alone,) = history(st.review(plain, rollout=93, **asked), at="2026-01-01").chains[0].entries
    assert (alone.due, alone.days) == ("no date", None)


# --- the interval of the whole, by simulation


def simulated(seed: int, phi: float) -> tuple[Any, float]:
    """Two reviews of one autocorrelated record whose first gain slips in part, and the sum of their effects."""
    rng, n = np.random.default_rng(seed), 120
    noise = np.empty(n)
    noise[0] = rng.normal(0, 1 / np.sqrt(1 - phi**2))
    for i in range(1, n):
        noise[i] = phi * noise[i - 1] + rng.normal()
    i = np.arange(n)
    level = np.select([i < 40, i < 65, i < 80], [50, 46, 47.5], 44)
    table = pd.DataFrame({"wait": level + noise})
    asked = {"value": "wait", "better": "lower"}
    one = st.review(table.iloc[:65], rollout=41, **asked)
    # the second record begins with the stage after of the first
    two = st.review(table.iloc[40:].reset_index(drop=True), rollout=41, **asked)
    total = whole([reviewed({**one.to_dict(), "x": 1}, "one"), reviewed(two.to_dict(), "two")])
    return total, one.effect.difference + two.effect.difference


@pytest.mark.parametrize("phi", [0.0, 0.5])
def test_the_interval_of_the_whole_holds_the_truth(phi: float) -> None:
    """The truth is -6: in 100 records the 95 % interval must hold it in 88 or more; sums of effects miss it."""
    totals, sums = zip(*(simulated(1000 + k, phi) for k in range(100)), strict=True)
    held = sum(t.difference.low <= -6 <= t.difference.high for t in totals)
    assert held >= 88
    ratios = sum(t.ratio.low <= 44 / 50 <= t.ratio.high for t in totals)
    assert ratios >= 88
    # unbiased, and no wider than it need be: about the scatter that the totals show
    values = np.array([t.difference.value for t in totals])
    widths = np.array([t.difference.high - t.difference.low for t in totals])
    assert abs(values.mean() + 6) < 4 * values.std() / np.sqrt(values.size)
    assert 0.8 < np.median(widths) / (2 * 1.96 * values.std()) < 1.6
    # the effects leave out the part that slipped (1.5, in 15 of the 40 points of the second baseline)
    lost = np.mean(sums) + 6
    assert lost < -0.4


@given(st_.floats(1, 100), st_.floats(1, 100), st_.floats(0.01, 0.5), st_.floats(0.01, 0.5))
def test_ratios_of_levels(first: float, second: float, a: float, b: float) -> None:
    one = Estimate(first, first / (1 + a), first * (1 + a))
    two = Estimate(second, second / (1 + b), second * (1 + b))
    found, back = ratio_of(one, two), ratio_of(two, one)
    assert found is not None
    assert back is not None
    assert found.low < found.value < found.high
    assert found.value * back.value == pytest.approx(1)
    assert found.low * back.high == pytest.approx(1)
    assert found.value == pytest.approx(second / first)


def test_levels_at_zero_have_no_ratio() -> None:
    assert ratio_of(Estimate(0.0, 0.0, 1.0), Estimate(1.0, 0.5, 2.0)) is None
    assert ratio_of(Estimate(1.0, -0.1, 2.0), Estimate(1.0, 0.5, 2.0)) is None


# --- when to review again


@pytest.mark.parametrize(
    ("label", "at", "state", "days"),
    [
        ("2026-02", "2026-01-31", "later", 1), ("2026-02", "2026-02-01", "due", 0), ("2026-02", "2026-02-28", "due", 0),
        ("2026-02", "2026-03-01", "overdue", -1), ("2024-02", "2024-02-29", "due", 0),
        ("2026-12", "2027-01-05", "overdue", -5), ("2026-03-15", "2026-03-14", "later", 1),
        ("2026-03-15", "2026-03-16", "overdue", -1), ("1990", "1990-12-31", "due", 0),
        ("1990", "1991-01-01", "overdue", -1),
        ("2026-13", "2026-01-01", "no date", None), ("61", "2026-01-01", "no date", None),
        ("", "2026-01-01", "no date", None),
        ("2026-03-15 08:30", "2026-03-16", "overdue", -1),
    ],
)  # fmt: skip
def test_when_a_review_is_due(label: str, at: str, state: str, days: int | None) -> None:
    assert due(label, dt.date.fromisoformat(at)) == (state, days)


@given(st_.dates(dt.date(1900, 1, 1), dt.date(2150, 1, 1)))
def test_a_month_holds_its_days(day: dt.date) -> None:
    held = period(day.isoformat()[:7])
    assert held is not None
    first, last = held
    assert first <= day <= last
    assert first.month != (last + dt.timedelta(days=1)).month


def test_the_agenda_has_the_longest_overdue_first(three: list[dict[str, Any]], table: pd.DataFrame) -> None:
    other = reviewed_at(table.rename(columns={"wait": "errors"}), 0, 60, 36, value="errors").to_dict()
    found = history([*three, other], at="2027-12-01")
    told = [(c.metric, e.due) for c, e in found.agenda]
    assert told == [("errors", "overdue"), ("wait", "overdue")]
    assert [e.due for e in found.chains[0].entries] == ["replaced", "replaced", "overdue"]
    assert found.overdue == 2
    assert "2 re-reviews are overdue" in found.headline
    assert history(three, at=dt.date(2020, 1, 1)).agenda[0][1].due == "later"
    unasked = history(three)
    assert unasked.overdue == 0
    assert unasked.agenda[0][1].due == "not asked"
    with pytest.raises(SettingsError, match="give a day"):
        history(three, at="soon")


# --- files and the command


@pytest.fixture
def folder(tmp_path: Path, three: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of reviews, with other files among them."""
    place = tmp_path / "reviews"
    place.mkdir()
    for name, tree in zip("abc", three, strict=True):
        (place / f"{name}.json").write_text(json.dumps(tree))
    (place / "notes.txt").write_text("x")
    (place / "chart.json").write_text(json.dumps(three[0]["charts"][0]))
    (place / "other.json").write_text('{"a": 1}')
    monkeypatch.chdir(tmp_path)
    return place


def test_a_folder_stands_for_its_reviews(folder: Path) -> None:
    done = CliRunner().invoke(main, ["history", "reviews", "reviews/a.json", "--at", "2027-12-01", "--json"])
    assert done.exit_code == 0, done.output
    held = json.loads(done.stdout)
    assert [r["file"] for r in held["chains"][0]["reviews"]] == ["a.json", "b.json", "c.json"]
    assert held["other"] == ["chart.json", "other.json"]
    assert held["overdue"] == 1
    again = CliRunner().invoke(main, [*shlex.split(held["provenance"]["command"])[1:], "--json"])
    assert json.loads(again.stdout) == held


def test_exit_codes(folder: Path) -> None:
    def code(*words: str) -> int:
        return CliRunner().invoke(main, ["history", *words]).exit_code

    assert code("reviews") == 0
    assert code("reviews", "--at", "2027-12-01", "--fail-on", "overdue") == 1
    assert code("reviews", "--at", "2020-12-01", "--fail-on", "overdue") == 0
    assert code("reviews", "--at", "2020-12-01", "--fail-on", "slipped") == 1
    assert code("reviews", "--at", "2020-12-01", "--fail-on", "broken") == 0
    assert code("reviews", "--at", "soon") == 2
    assert code() == 2
    assert code("reviews/other.json") == 3
    assert code("nope.json") == 3


def test_today_is_the_default_of_the_command_alone(folder: Path) -> None:
    held = json.loads(CliRunner().invoke(main, ["history", "reviews", "--json"]).stdout)
    assert held["at"] == dt.date.today().isoformat()
    assert history("reviews").at == ""


def test_every_format_is_written_and_the_page_is_the_json(folder: Path, table: pd.DataFrame) -> None:
    early = reviewed_at(table, 0, 46, 36)
    early.save(folder / "early.json")
    found = history(folder, at="2027-12-01")
    for suffix in (".html", ".json", ".md", ".xlsx", ".png", ".svg", ".pdf"):
        assert found.save(folder.parent / f"h{suffix}").stat().st_size > 1000
    assert missing(html(found.document()), found.to_json()) == []
    assert list(found.to_frame()["rollout"]) == [MONTHS[i] for i in PLACES]
    # a page of several metrics too
    many = history([folder, reviewed_at(table, 0, 60, 36, better="higher")], at="2027-12-01")
    assert missing(html(many.document()), many.to_json()) == []
    assert len(many.figure().figures) == 2  # type: ignore[union-attr]


def test_proportions_are_told_in_percent(table: pd.DataFrame) -> None:
    rng = np.random.default_rng(2)
    late = table.assign(late=rng.binomial(400, np.where(np.arange(N) < 36, 0.08, 0.05)), sent=400)
    found = history(st.review(late, value="late", size="sent", time="month", rollout=MONTHS[36], better="lower"))
    page = html(found.document())
    assert "late per sent" in found.headline
    assert " points (" in found.headline
    assert missing(page, found.to_json()) == []


# --- hostile files


@pytest.mark.parametrize("key", ["metric", "in_numbers", "charts", "stages", "date", "effect", "handover", "settings"])
def test_a_review_without_a_key_is_refused(three: list[dict[str, Any]], key: str) -> None:
    tree = {k: v for k, v in three[0].items() if k != key}
    with pytest.raises(DataError, match=f"lacks the key '{key}'"):
        history(tree)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("metric", 3), ("stages", []), ("stages", [{"first": 5, "last": 2}, {"first": 1, "last": 9}]), ("charts", [3]),
        ("in_numbers", [1, 2]), ("effect", []), ("autocorrelation", "x"), ("date", {"rollout": None}),
        ("settings", None),
        ("stages", [{"first": 1, "last": 10**9}] * 2), ("in_numbers", {}),
    ],
)  # fmt: skip
def test_a_review_with_nonsense_in_it_is_refused(three: list[dict[str, Any]], key: str, value: Any) -> None:
    with pytest.raises(DataError):
        history({**copy.deepcopy(three[0]), key: value})


def test_strange_texts_are_harmless(three: list[dict[str, Any]]) -> None:
    tree = copy.deepcopy(three[0])
    tree["metric"] = "<script>alert(1)</script>\x1b[2J"
    tree["date"]["rollout"] = "'\"><svg onload=alert(1)>"
    page = html(history(tree).document())
    assert "<script>alert" not in page
    assert "<svg onload" not in page
    assert "\x1b" not in page


@pytest.mark.parametrize("given_", [3, None, [3], ["nope.json"], [], "nope.json"])
def test_what_is_no_report_is_refused(given_: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((DataError, SettingsError)):
        history(given_)
    with pytest.raises(DataError, match="no review"):
        history(tmp_path)
