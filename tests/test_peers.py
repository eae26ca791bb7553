"""The comparison with the rivals: medians, bars, the page, and which differences are explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, root: Path) -> Any:
    """The scripts of the comparison, importable as they are when one of them runs."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    import peer_agreement
    import peer_calls
    import peer_report
    import peers

    class Bench:
        agreement, calls, page, driver = peer_agreement, peer_calls, peer_report, peers

    return Bench


def runs(*seconds: float, peak: float = 100.0, version: str = "1.0") -> list[dict[str, Any]]:
    return [{"seconds": s, "signals": 9, "peak_mb": peak, "version": version, "numpy": "2"} for s in seconds]


def test_ratios_are_of_medians_and_a_missed_bar_says_so(bench: Any) -> None:
    cell = bench.driver.Cell
    cells = {
        ("imr-1e6", "sigmatool"): cell(runs(0.1, 9.0, 0.2, peak=299.0)),
        ("imr-1e6", "sentences"): cell(runs(0.4)),
        ("imr-1e6", "pccpy"): cell(runs(3.9, 0.1, 99.0)),
    }
    fast, worded, memory = bench.driver.bars(cells)
    assert (fast.measured, fast.wanted, fast.passed) == ("19.5", "at least 20", False)
    assert worded.measured == "9.8"
    assert worded.passed is None
    assert (memory.measured, memory.passed) == ("299 MB", True)
    cells["imr-1e6", "pccpy"].runs = runs(4.0)
    cells["imr-1e6", "sigmatool"].runs[1]["peak_mb"] = 300.0
    fast, _, memory = bench.driver.bars(cells)
    assert (fast.passed, memory.passed) == (True, False)


def test_a_rival_that_was_not_measured_misses_its_bar_and_is_named(bench: Any) -> None:
    cell = bench.driver.Cell
    why = "not installed: no such version"
    cells = {("xbar-r-1e5x5", "sigmatool"): cell(runs(0.1)), ("xbar-r-1e5x5", "capstat-core"): cell(failure=why)}
    (bar,) = bench.driver.bars(cells)
    assert (bar.measured, bar.passed) == (why, False)
    rows, problems = bench.driver.agreement(cells)
    assert rows == []
    assert len(problems) == 1
    text = bench.page.report(cells, [bar], [], problems, rounds=1, machine="m")
    assert f"| **{why}** |" in text
    assert "| at least 2 | **MISSED** |" in text


def test_every_tool_has_a_call_that_says_what_it_times(bench: Any) -> None:
    for task, tools in bench.driver.TASKS.items():
        assert task in bench.page.TITLES
        assert bench.calls.make(task).shape == bench.calls.SIZES[task] if task != "imr-1e6" else True
        for tool in tools:
            assert bench.calls.call_of(tool, task).__doc__
        if task in bench.driver.SAME_MARKS:
            assert bench.calls.call_of(bench.driver.SAME_MARKS[task], task, "_marks")
    assert all(set(pair) <= {pair[0], *bench.driver.TASKS[pair[0]]} for pair in bench.driver.TIMES)


def test_a_pin_is_exact(bench: Any) -> None:
    for rival, pins in bench.driver.PINS.items():
        assert pins[0].startswith(f"{rival}==")
        assert all(pin.count("==") == 1 for pin in pins)


def test_two_of_three_that_end_inside_the_zone_are_explained_and_no_others(bench: Any) -> None:
    z = np.zeros(400)
    z[1::2] = 0.5
    z[100:102], z[200:202], z[202] = 2.5, -2.5, -2.6
    spread = np.abs(np.diff(z)).mean() * np.sqrt(np.pi) / 2
    x = z * 10 / spread
    at = bench.agreement.standardised(x)
    assert at[101] > 2 > at[102]
    assert at[202] < -2
    compare = bench.agreement.compare
    (row,) = compare("t", "r", x, {"5": [101, 102]}, {"5": [101]})
    assert (row.differ, row.unexplained) == (1, 0)
    (row,) = compare("t", "r", x, {"5": [101, 202]}, {"5": [101]})
    assert (row.differ, row.unexplained) == (1, 1)
    (row,) = compare("t", "r", x, {"5": []}, {"5": [101]})
    assert row.unexplained == 1
    (row,) = compare("t", "r", x, {"1": [7]}, {"1": []})
    assert row.unexplained == 1


def test_eight_on_one_side_are_explained_and_a_missing_eight_is_not(bench: Any) -> None:
    rng = np.random.default_rng(5)
    x = rng.standard_normal(500)
    x[50:58] = 5.0
    x[80:88] = [5, -5] * 4
    compare = bench.agreement.compare
    (row,) = compare("t", "r", x, {"8": [87]}, {"8": [57, 87]})
    assert (row.differ, row.unexplained) == (1, 0)
    (row,) = compare("t", "r", x, {"8": []}, {"8": [57, 87]})
    assert (row.differ, row.unexplained) == (2, 1)
