"""The study of interval coverage: its machinery works, its truths are true, and the published table is its own."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from benchmarks.interval_coverage.cells import LABEL, SIZES, Cell, measure
from benchmarks.interval_coverage.reasons import REASONS
from benchmarks.interval_coverage.registry import CELLS
from benchmarks.interval_coverage.report import page

PAGE = Path(__file__).parent.parent / "docs" / "interval-coverage.md"
DRAWN = [c for c in CELLS if not c.exact and "Pairs of three" not in c.family]


def test_no_two_cells_share_a_key_or_a_seed() -> None:
    assert len({c.key for c in CELLS}) == len(CELLS)
    assert len({c.seed(LABEL, n) for c in CELLS for n in SIZES}) == len(CELLS) * len(SIZES)


@pytest.mark.parametrize("cell", DRAWN, ids=lambda c: c.key)
def test_a_truth_is_what_a_large_sample_comes_to(cell: Cell) -> None:
    found = cell.draw(np.random.default_rng(7), cell.large, 1)
    for name, truth in cell.truths.items():
        estimate = float(found[name][0][0])  # type: ignore[index]
        if np.isnan(estimate) or (name.startswith("ppm") and "chosen" in cell.family):
            continue  # a choice of the data themselves expects nothing beyond them
        # shares in the tails, and short stretches of dependent points, settle slowly
        share = 0.6 if name.startswith("ppm") else 0.3 if "dependent points" in cell.family else 0.12
        assert abs(estimate - truth) <= share * max(abs(truth), 0.3), name


@pytest.mark.parametrize("cell", [c for c in CELLS if c.exact], ids=lambda c: c.key)
def test_an_exact_cell_sums_over_nearly_everything(cell: Cell) -> None:
    weights, found = cell.draw(30)  # type: ignore[misc]
    assert weights.sum() == pytest.approx(1.0, abs=2e-3)
    assert set(cell.truths) <= set(found)


def test_what_is_missed_is_counted_on_its_side() -> None:
    def draw(rng: np.random.Generator, n: int, many: int) -> dict[str, tuple[np.ndarray, ...]]:
        low = np.array([0.0, 2.0, -3.0, np.nan])
        return {"x": (low + 1, low, low + 2)}

    missed = measure(Cell("f", "d", {"x": 1.0}, draw, 4), "test", 30)["x"]
    assert (missed.below, missed.above, missed.none) == pytest.approx((1 / 3, 1 / 3, 0.25))
    assert missed.coverage == pytest.approx(1 / 3)


def test_the_published_table_is_that_of_the_cells_and_explains_what_lies_outside() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and not line.startswith("| data")]
    told = {(row[0].removeprefix("| "), row[1]) for row in rows}
    assert told == {(cell.data, name) for cell in CELLS for name in cell.truths}
    assert "not explained" not in text
    for pattern, _ in REASONS:
        assert any(re.search(pattern, f"{c.key}: {name}") for c in CELLS for name in c.truths), pattern


def test_a_page_marks_what_lies_outside() -> None:
    cell = next(c for c in CELLS if c.exact)
    found = {(cell.key, n): measure(cell, LABEL, n) for n in SIZES}
    text = page(found, "command")
    assert text.count(f"| {cell.data} |") == len(cell.truths)
    assert ("**" in text) == any(not 0.93 <= m.coverage <= 0.97 for each in found.values() for m in each.values())
