"""Rules: each fires on its pattern and is silent beside it; standards are told apart."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sigmatool.charts.control_chart import control_chart
from sigmatool.charts.rules import RULE_SETS, Rule, rule_set, words_of
from sigmatool.numbers.runs import Pattern, fired, members

SPECS = [*RULE_SETS] + [
    f"{found.name}({setting}={length})"
    for found in RULE_SETS.values()
    for setting, variant in found.variants.items()
    for length in variant.lengths
]
EVERY = [pytest.param(spec, rule, id=f"{spec}:{rule.id}") for spec in SPECS for rule in rule_set(spec)]
OWN = [
    Pattern("beyond", 4, 1.5, 3),
    Pattern("beyond", 1, 2.0),
    Pattern("beyond", 11, 0.0, 10),
    Pattern("trend", 5),
    Pattern("alternating", 8),
    Pattern("within", 6, 0.5),
    Pattern("outside", 4, 1.5),
    Pattern("opposite", 2, 1.0),
]
PATTERNS = list(dict.fromkeys([p.values[1].pattern for p in EVERY] + OWN))
LONG = [p for p in PATTERNS if p.window > 1]


def made(p: Pattern) -> np.ndarray:
    """The fewest points that complete a pattern, in sigma; only the last one completes it."""
    n = np.arange(p.window)
    if p.test == "limits":
        return np.array([3.5])
    if p.test == "trend":
        return 0.1 * n
    if p.test == "alternating":
        return 0.3 * (-1.0) ** n
    if p.test == "within":
        return 0.9 * p.zone * (-1.0) ** (n // 2)
    if p.test == "opposite":
        return np.array([p.zone + 0.4, -p.zone - 0.4])
    out = np.full(p.window, p.zone + 0.4)
    if p.test == "outside":
        out[-1] *= -1
    else:
        out[1 : 1 + p.window - p.needed] = -0.1
    return out


def points(pattern: Pattern, x: np.ndarray) -> list[int]:
    """Where a pattern fires, from 1."""
    return [int(i) + 1 for i in np.flatnonzero(fired((pattern,), x, 0.0, 1.0)[0])]


def between_gaps(x: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0, 0.0, np.nan], x, [np.nan, 0.0, 0.0]])


def signals(x: Any, spec: str, rule: str, **options: Any) -> list[int]:
    chart = control_chart(list(x), "i-mr", center=0.0, sigma=1.0, rules=spec, **options)
    return [s.point for s in chart.signals if s.rule == rule and s.panel == chart.panels[0].name]


@pytest.mark.parametrize(("spec", "rule"), EVERY)
def test_a_rule_fires_at_the_completing_point_and_nowhere_else(spec: str, rule: Rule) -> None:
    x, w = made(rule.pattern), rule.pattern.window
    assert x.size == w
    assert points(rule.pattern, between_gaps(x)) == [3 + w]
    assert points(rule.pattern, between_gaps(-x)) == [3 + w]
    assert signals(between_gaps(x), spec, rule.id) == [3 + w]


@pytest.mark.parametrize(("spec", "rule"), EVERY)
def test_a_rule_restarts_at_a_stage(spec: str, rule: Rule) -> None:
    x, w = between_gaps(made(rule.pattern)), rule.pattern.window
    for cut in {1, w // 2, w - 1} - {0}:
        if cut < w:
            assert signals(x, spec, rule.id, rollout=3 + cut + 1) == []
    assert signals(x, spec, rule.id, rollout=4) == [3 + w]


@pytest.mark.parametrize("p", LONG, ids=words_of)
def test_a_rule_is_silent_one_point_short(p: Pattern) -> None:
    x = made(p)
    assert points(p, between_gaps(x[1:])) == []
    assert points(p, between_gaps(x[:-1])) == []


@pytest.mark.parametrize("p", LONG, ids=words_of)
def test_a_gap_anywhere_silences(p: Pattern) -> None:
    x = made(p)
    for at in range(p.window):
        holed = x.copy()
        holed[at] = np.nan
        assert points(p, between_gaps(holed)) == []
        if at > 0:
            assert points(p, between_gaps(np.insert(x, at, np.nan))) == []


@pytest.mark.parametrize("p", [p for p in PATTERNS if p.test not in ("trend", "alternating")], ids=words_of)
def test_a_point_on_a_line_never_signals(p: Pattern) -> None:
    zone = 3.0 if p.test == "limits" else p.zone
    x = made(p)
    asked = np.flatnonzero(x > zone) if p.test == "beyond" else range(p.window)
    assert len(asked) == p.needed
    for at in asked:
        on = x.copy()
        on[at] = np.copysign(zone, x[at])
        assert points(p, between_gaps(on)) == []


@pytest.mark.parametrize("p", [p for p in PATTERNS if p.test in ("trend", "alternating")], ids=words_of)
def test_a_tie_breaks_a_trend_and_an_alternation(p: Pattern) -> None:
    x = made(p)
    for at in range(1, p.window):
        tied = x.copy()
        tied[at] = tied[at - 1]
        assert points(p, between_gaps(tied)) == []


@pytest.mark.parametrize("p", [p for p in LONG if p.test == "beyond"], ids=words_of)
def test_points_on_the_other_side_do_not_count(p: Pattern) -> None:
    x = made(p)
    for at in np.flatnonzero(x > p.zone):
        crossed = x.copy()
        crossed[at] *= -1
        assert points(p, between_gaps(crossed)) == []


def test_the_last_point_of_two_of_three_need_not_be_beyond() -> None:
    (rule,) = rule_set("nelson-5")
    assert points(rule.pattern, np.array([2.3, 2.4, 0.1])) == [3]
    assert members(rule.pattern, 2, np.array([2.3, 2.4, 0.1]), 0.0, 1.0) == (0, 1)


def fires_in(x: Any) -> set[str]:
    found = set()
    for name in RULE_SETS:
        found |= {r.id for r in rule_set(name) if points(r.pattern, np.array(x, dtype=float))}
    return found


RUN = {"nelson-2", "western-electric-4", "aiag-2", "juran-5", "westgard-5", "nhs-2"}


@pytest.mark.parametrize(
    ("length", "names"),
    [
        (6, set()),
        (7, {"aiag-2", "nhs-2"}),
        (8, {"aiag-2", "nhs-2", "western-electric-4"}),
        (9, RUN - {"westgard-5"}),
        (10, RUN),
    ],
)
def test_runs_on_one_side_tell_the_standards_apart(length: int, names: set[str]) -> None:
    assert fires_in([0.5, 0.3, 0.6, 0.6, 0.2, 0.5, 0.4, 0.4, 0.7, 0.2][:length]) == names


@pytest.mark.parametrize(
    ("x", "names"),
    [
        ([-0.3, -0.2, -0.1, 0.1, 0.2, 0.3], {"nelson-3", "aiag-3", "juran-4"}),
        ([-0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.4], {"nelson-3", "aiag-3", "juran-4", "nhs-3"}),
        ([2.3, 0.1, 2.3], {"nelson-5", "western-electric-2", "aiag-5", "juran-2", "nhs-4"}),
        ([0.1, 2.3, 2.3], {"nelson-5", "western-electric-2", "aiag-5", "juran-2", "nhs-4", "westgard-2"}),
        ([0.1, 2.3, -2.3], {"westgard-3"}),
        ([1.2, 1.3, 0.2, 1.3, 1.2], {"nelson-6", "western-electric-3", "aiag-6", "juran-3"}),
        ([0.2, 1.2, 1.3, 1.3, 1.2], {"nelson-6", "western-electric-3", "aiag-6", "juran-3", "westgard-4"}),
        ([0.1, 0.2, -0.1, -0.1] * 3 + [0.1, 0.2, -0.1], {"nelson-7", "aiag-7"}),
        ([0.1, -0.1] * 7, {"nelson-4", "aiag-4"}),
        ([1.2, 1.3, -1.2, -1.3] * 2, {"nelson-8", "aiag-8", "juran-6"}),
        ([2.3], set()),
        ([3.0], set()),
        ([3.1], {"nelson-1", "western-electric-1", "aiag-1", "juran-1", "westgard-1", "nhs-1"}),
    ],
)
def test_other_patterns_tell_the_standards_apart(x: list[float], names: set[str]) -> None:
    assert fires_in(x) == names


def test_eight_beyond_one_sigma_on_one_side_is_no_rule_8_but_completes_rule_6_there() -> None:
    found = fires_in([1.2, 1.4, 1.3, 1.2, 1.5, 1.3, 1.2, 1.4])
    assert not found & {"nelson-8", "aiag-8", "juran-6"}
    assert found >= {"nelson-6", "aiag-6", "juran-3", "western-electric-4", "westgard-4"}


def naive(p: Pattern, x: list[float | None]) -> list[bool]:
    """The definitions, word for word."""
    return [i + 1 >= p.window and _complete(p, x[i + 1 - p.window : i + 1]) for i in range(len(x))]


def _complete(p: Pattern, window: list[float | None]) -> bool:
    if any(v is None for v in window):
        return False
    z = [float(v) for v in window if v is not None]
    steps = [b - a for a, b in itertools.pairwise(z)]
    high, low = sum(v > p.zone for v in z), sum(v < -p.zone for v in z)
    match p.test:
        case "limits":
            return abs(z[0]) > 3
        case "beyond":
            return max(high, low) >= (p.least or p.window)
        case "trend":
            return all(s > 0 for s in steps) or all(s < 0 for s in steps)
        case "alternating":
            return all(a * b < 0 for a, b in itertools.pairwise(steps))
        case "within":
            return all(abs(v) < p.zone for v in z)
        case "outside":
            return high + low == len(z) and high > 0 and low > 0
        case "opposite":
            return high == 1 and low == 1
    raise AssertionError(p.test)


HALVES = st.lists(st.one_of(st.integers(-7, 7).map(lambda i: i / 2), st.none()), min_size=1, max_size=60)
CALM = st.lists(st.sampled_from([-1.5, -0.5, 0.0, 0.5, 0.5, 1.0, 1.5, 1.5, 2.5]), min_size=1, max_size=60)
PATTERN = st.one_of(
    st.sampled_from(PATTERNS),
    st.builds(lambda n, k, z: Pattern("beyond", n + k, z, n), st.integers(1, 6), st.integers(0, 4),
              st.sampled_from([0.0, 0.5, 1.0, 2.0])),
    st.builds(Pattern, st.sampled_from(["within", "outside"]), st.integers(1, 5), st.sampled_from([0.5, 1.0, 2.0])),
    st.builds(Pattern, st.just("trend"), st.integers(2, 5)),
    st.builds(Pattern, st.just("alternating"), st.integers(3, 6)),
)  # fmt: skip


@given(pattern=PATTERN, x=st.one_of(HALVES, CALM))
@example(pattern=Pattern("beyond", 3, 2.0, 2), x=[2.5, None, 2.5, 2.5])
@settings(max_examples=400, deadline=None)
def test_every_test_is_its_definition(pattern: Pattern, x: list[float | None]) -> None:
    got = fired((pattern,), np.array([np.nan if v is None else v for v in x], dtype=float), 0.0, 1.0)[0]
    assert got.tolist() == naive(pattern, x)


@pytest.mark.parametrize(
    ("x", "spec", "nsigma", "text"),
    [
        ([0.0, 3.5, 0.0], "nelson-1", 3.0, "one point beyond 3 sigma, above the upper limit."),
        ([0.0, -3.5, 0.0], "westgard-1", 3.0, "one point beyond 3 sigma (1_3s), below the lower limit."),
        ([0.0, -2.5, 0.0], "westgard-1", 2.0, "one point beyond 2 sigma, below the lower limit."),
        ([0.0, 2.5, -2.5], "westgard-3", 3.0,
         "two points in a row beyond 2 sigma on opposite sides (R_4s) (from above to below)."),
        ([0.1, -2.5, 0.2, -2.5], "nhs-4", 3.0, "two of three points beyond 2 sigma on one side (below)."),
        ([5.0, 4.0, 3.0, 2.0, 1.0, 0.0], "juran-4", 9.0, "six points in a row, all rising or all falling (falling)."),
    ],
)  # fmt: skip
def test_a_signal_says_which_way_it_went(x: list[float], spec: str, nsigma: float, text: str) -> None:
    chart = control_chart(x, "i-mr", center=0.0, sigma=1.0, nsigma=nsigma, rules=spec)
    assert [s.text for s in chart.signals if s.panel == chart.panels[0].name] == [text]


@pytest.mark.parametrize("name", [n for n in RULE_SETS if not RULE_SETS[n].whole_stage])
def test_dispersion_panels_judge_limits_only(name: str) -> None:
    x = np.random.default_rng(7).standard_t(2, 400)
    chart = control_chart(x, "i-mr", rules=name)
    location, spread = (panel.name for panel in chart.panels)
    assert {s.rule for s in chart.signals if s.panel == spread} == {f"{name}-1"}
    assert len({s.rule for s in chart.signals if s.panel == location}) > 1


def test_the_docs_list_every_rule_source_and_variant(root: Path) -> None:
    text = (root / "docs" / "rules.md").read_text(encoding="utf-8")
    for found in RULE_SETS.values():
        part = text.split(f"## `{found.name}`\n")[1].split("\n## ")[0]
        assert found.source.rstrip(".") in " ".join(part.split())
        for rule in found.rules():
            assert f"| `{rule.id}` | {rule.words} |" in part
        for setting, variant in found.variants.items():
            for length in variant.lengths:
                assert f"`{setting}={length}`" in part
