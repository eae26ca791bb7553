"""Attribute capability: rates with honest intervals, stability, the running rate, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sigmatool.capability.attribute import attribute_capability
from sigmatool.capability.attribute_result import AttributeCapability
from sigmatool.data import counts
from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers.exact_counts import clopper_pearson, garwood
from sigmatool.render.figure import Sheet


def judged(count: Any, size: Any = 100, kind: Any = "binomial", **settings: Any) -> AttributeCapability:
    table = pd.DataFrame({"late": np.asarray(count, dtype=float)})
    table["sent"] = size
    exclude = settings.pop("exclude", None)
    points = counts(table, value="late", size="sent", exclude=exclude, proportion=settings.pop("door", False))
    return attribute_capability(points, kind=kind, **settings)


STEADY = [4, 6, 3, 5, 2, 4, 5, 4, 3, 6, 4, 3]


def test_a_proportion_with_everything_that_follows_from_it() -> None:
    found = judged(STEADY, target=0.08, shift=1.5)
    low, high = map(float, clopper_pearson(49, 1200))
    assert (found.rate.value, found.rate.low, found.rate.high) == pytest.approx((49 / 1200, low, high))
    assert found.study.widened is None
    assert found.stable is True
    body = found.to_dict()
    assert body["schema"] == "sigmatool.capability/1"
    assert body["proportion"]["value"] == pytest.approx(49 / 1200)
    assert body["dpmo"] == pytest.approx(1e6 * 49 / 1200)
    assert body["yield"]["low"] == pytest.approx(1 - high)
    assert body["process_z"]["low"] < body["process_z"]["value"] < body["process_z"]["high"]
    assert body["sigma_level"]["value"] == pytest.approx(body["process_z"]["value"] + 1.5)
    assert body["target"]["met"] is True
    assert body["target"]["p"] < 0.05
    assert "4.08 % defective (95 % interval 3.04 to 5.36 %), that is 40,800 per million" in found.headline
    assert "sigma level (with a shift of 1.5)" in _key_figures(found)


def _key_figures(found: AttributeCapability) -> list[str]:
    return [item.label for block in found.document().sections[0].blocks for item in getattr(block, "items", ()) if
            hasattr(item, "label")]  # fmt: skip


def test_no_sigma_level_without_a_shift() -> None:
    found = judged(STEADY)
    assert found.to_dict()["sigma_level"] is None
    assert not any("sigma level" in label for label in _key_figures(found))


def test_defects_per_unit_and_opportunity() -> None:
    found = judged([34] * 5, 500, "poisson", opportunities=10)
    assert found.rate.value == pytest.approx(0.068)
    assert found.dpo is not None
    assert found.dpo.value == pytest.approx(0.0068)
    assert found.process_z.value == pytest.approx(2.46765849254068)
    assert found.yielded.value == pytest.approx(0.934260473577214)
    low, high = map(float, garwood(170, 2500))
    assert (found.rate.low, found.rate.high) == pytest.approx((low, high))
    without = judged([34] * 5, 500, "poisson")
    assert without.dpo is None
    assert without.to_dict()["dpmo"] is None
    assert without.failing.value == pytest.approx(1 - np.exp(-0.068))


def test_points_that_differ_by_more_than_chance_widen_the_interval() -> None:
    rng = np.random.default_rng(2)
    count = rng.binomial(400, rng.beta(8, 92, 24))
    found = judged(count, 400)
    assert found.study.widened is not None
    assert found.study.dispersion.beyond_chance
    assert found.rate.high - found.rate.low > 1.5 * (found.study.exact.high - found.study.exact.low)
    assert [c.code for c in found.caveats] == ["overdispersed"]
    assert found.chart.kind == "laney-p"
    assert found.study.running.high[-1] == pytest.approx(found.rate.high)
    assert found.study.running.low[-1] == pytest.approx(found.rate.low)


def test_counts_that_hardly_differ_are_looked_at() -> None:
    assert [c.code for c in judged([20] * 15, 100).caveats] == ["underdispersed"]


def test_a_shift_is_performance_and_not_capability() -> None:
    found = judged([2, 3, 2, 1, 3, 2, 2, 3, 12, 14, 13, 11, 15, 12, 13, 12])
    assert found.stable is False
    assert "not stable" in found.headline
    lone = judged([3, 4, 2, 3, 3, 4, 25, 3, 2, 4, 3, 2], kind="poisson", door=True)
    assert lone.stable is False
    assert (lone.study.stability.beyond, lone.study.chart.kind) == ((7,), "laney-u")
    assert judged(STEADY[:5]).stable is None


def test_a_stable_process_is_seldom_called_unstable() -> None:
    rng = np.random.default_rng(8)
    called = {"steady": 0, "few": 0, "loose": 0}
    for _ in range(200):
        called["steady"] += judged(rng.binomial(100, 0.06, 30)).stable is not True
        called["few"] += judged(rng.poisson(1.5, 30), kind="poisson").stable is not True
        called["loose"] += judged(rng.binomial(300, rng.beta(9, 91, 30)), 300).stable is not True
    assert max(called.values()) <= 0.08 * 200, called


def test_nothing_found_gives_a_bound() -> None:
    found = judged([0] * 12, target=0.05, shift=1.5)
    assert found.rate.value == 0
    assert found.rate.high == pytest.approx(1 - 0.025 ** (1 / 1200))
    body = found.to_dict()
    assert body["process_z"]["value"] is None
    assert body["process_z"]["low"] == pytest.approx(2.74, abs=0.01)
    assert body["sigma_level"]["low"] == pytest.approx(body["process_z"]["low"] + 1.5)
    assert body["target"]["met"] is True
    assert "none among 1,200 inspected; up to 0.307 %" in found.headline
    assert found.document().sections


def test_one_point_that_differs_makes_no_pattern() -> None:
    found = judged([100] * 11 + [99])
    assert found.stable is True
    assert found.study.stability.p_runs == 1


def test_ends_of_a_narrow_interval_can_be_told_apart() -> None:
    found = judged([40_000_000] * 4 + [40_010_000, 39_990_000] * 4, 1e9, "poisson")
    words = found.headline.partition("interval ")[2].partition(")")[0]
    low, high = words.split(" to ")
    assert float(low) < float(high)


def test_everything_failed() -> None:
    found = judged([100] * 12)
    assert (found.rate.value, found.rate.high) == (1.0, 1.0)
    assert found.rate.low > 0.99
    body = found.to_dict()
    assert body["process_z"]["value"] is None
    assert body["process_z"]["high"] < -2
    assert found.document().sections


def test_the_running_rate_ends_at_the_rate_and_says_when_it_settled() -> None:
    rng = np.random.default_rng(4)
    found = judged(rng.binomial(200, 0.05, 60), 200)
    run, enough = found.study.running, found.study.enough
    assert run.rate[-1] == pytest.approx(found.rate.value)
    inside = (run.rate >= found.rate.low) & (run.rate <= found.rate.high)
    assert inside[enough.settled - 1 :].all()
    assert enough.settled == 1 or not inside[enough.settled - 2]
    assert enough.relative == pytest.approx((found.rate.high - found.rate.low) / 2 / found.rate.value)
    assert np.all(np.diff(run.high - run.low)[20:] < 0.002)
    frame = found.to_frame()
    assert list(frame["inspected"]) == list(np.cumsum(frame["size"]))


def test_gaps_and_exclusions_do_not_count() -> None:
    count = [*STEADY, np.nan, 80.0]
    found = judged(count, exclude=[14])
    assert found.n == 12
    assert found.study.counted == 49
    assert (found.rows.missing, found.rows.excluded) == (1, 1)
    assert found.study.running.at.tolist() == list(range(12))


def test_pictures_hold_the_chart_the_running_rate_and_the_points() -> None:
    found = judged(STEADY, np.arange(100, 112), target=0.05)
    sheet = found.figure()
    assert isinstance(sheet, Sheet)
    assert [figure.title for figure in sheet.figures] == [
        "Is it stable? (p chart)", "Was enough inspected?", "How do the points spread?",
        "Does it depend on the number inspected?",
    ]  # fmt: skip
    assert len(judged(STEADY).figure().figures) == 3


def test_exact_intervals_cover_and_the_widened_ones_too() -> None:
    rng = np.random.default_rng(11)
    steady = loose = 0
    for _ in range(200):
        found = judged(rng.binomial(80, 0.06, 20), 80)
        steady += found.rate.low <= 0.06 <= found.rate.high
        found = judged(rng.binomial(300, rng.beta(6, 94, 20)), 300)
        loose += found.rate.low <= 0.06 <= found.rate.high
    assert steady >= 0.95 * 200
    assert loose >= 0.90 * 200


@pytest.mark.parametrize(
    ("count", "settings", "words"),
    [
        ([5, 120, 4], {}, r"point 2 \(2\) has 120 late of 100 sent: more defective than inspected"),
        ([5, -1, 4], {}, "cannot be negative"),
        ([5, 0.5, 4], {}, "whole number"),
        ([900, 800], {"kind": "poisson", "opportunities": 3}, "opportunities"),
        ([5, 6], {"exclude": [1]}, "1 point left"),
    ],
)
def test_data_that_cannot_be(count: Any, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        judged(count, **settings)


def test_sizes_of_zero_are_refused() -> None:
    with pytest.raises(DataError, match="nothing was inspected"):
        judged([0, 0, 0], 0)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "normal"}, "binomial"),
        ({"opportunities": 5}, "poisson"),
        ({"target": 5}, "between 0 and 1"),
        ({"target": 0}, "above zero"),
        ({"shift": -1}, "shift"),
        ({"confidence": 95}, "confidence"),
        ({"kind": "poisson", "opportunities": 0}, "above zero"),
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        judged(STEADY, **settings)


def test_a_proportion_needs_the_number_inspected() -> None:
    with pytest.raises(SettingsError, match="size"):
        attribute_capability(counts(pd.DataFrame({"x": [1, 2, 3]}), value="x"), kind="binomial")


def test_the_command_makes_it_again() -> None:
    found = judged(STEADY, kind="poisson", shift=1.5, opportunities=4.0)
    assert "--attribute poisson --opportunities 4 --shift 1.5" in found.provenance.command
