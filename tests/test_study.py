"""The study of error rates: its series are what they say, its runs resume, its bars speak of cells that exist."""

from __future__ import annotations

import doctest
import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_ind

from sigmatool.review.decision import CODES


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch, root: Path) -> Any:
    """The modules of the study."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    from operating_characteristics import bars, cells, draw, judges, registry, report, run, scenarios, sources, waves

    return SimpleNamespace(
        bars=bars, cells=cells, draw=draw, judges=judges, registry=registry, report=report, run=run,
        scenarios=scenarios, sources=sources, waves=waves,
    )  # fmt: skip


def test_every_cell_draws_series_that_can_be_judged(study: Any) -> None:
    series = (cell for cell in study.scenarios.CELLS if cell.judge == "verdict")
    for cell in filter(study.draw.possible, series):
        rng = np.random.default_rng(cell.seed("test"))
        drawn = study.draw.series(rng, cell)
        judged = drawn.judged
        assert drawn.plain.shape == drawn.after.shape == judged.after.shape == (cell.n,), cell.key
        assert np.flatnonzero(judged.after)[0] == cell.before, cell.key
        assert judged.washout.sum() == cell.washout, cell.key
        if cell.kind not in ("proportion", "rate"):
            assert judged.case is not None, cell.key
            assert judged.case.controlled == (cell.kind == "control")
            assert (judged.case.log_spread is not None) == (cell.kind == "subgroups")
            assert (judged.case.season or 0) == cell.cycle * cell.declared


def test_every_panel_of_sites_can_be_judged(study: Any) -> None:
    panels = [cell for cell in study.scenarios.CELLS if cell.judge == "waves"]
    assert 8 <= len(panels) <= 12
    for cell in panels:
        case = study.waves.prepared(cell, np.random.default_rng(cell.seed("test")))
        assert len(case.names) == cell.sites, cell.key
        assert case.switching.sum() == cell.sites - cell.controls, cell.key
        assert case.period.max() == cell.n - 1, cell.key
        assert (case.adoption is not None) == cell.dose, cell.key
    counts = study.run.replicate(panels[0], "test", 0, 3)
    assert sum(counts[group] for group in set(study.judges.GROUPS.values())) == counts["asked_effect"] == 3


def test_panels_have_the_truth_they_claim(study: Any) -> None:
    settings = {"sites": 6, "kind": "waves", "judge": "waves"}
    n = 2_000

    def drawn(**more: Any) -> Any:
        cell = study.cells.Cell("w", "step", n, n, **settings, **more)
        table = study.waves.drawn(cell, np.random.default_rng(6))
        return table, (table["period"] >= table["live"]).to_numpy()

    def means(table: Any, part: Any) -> Any:
        return table[part].groupby("site")["y"].mean()

    table, live = drawn(step=1.0, phi=0.3)
    assert (means(table, live) - means(table, ~live)).mean() == pytest.approx(1.0, abs=0.1)
    assert table[~live].groupby("site")["y"].std().mean() == pytest.approx(1.0, abs=0.1)
    table, live = drawn(step=1.5, dose=True)
    assert (table["adoption"].to_numpy()[~live] == 0).all()
    table, live = drawn(controls=2)
    assert table.groupby("site")["live"].first().isna().sum() == 2
    spread = drawn(uneven=4.0)[0].groupby("site")["y"].std()
    assert spread.max() / spread.min() == pytest.approx(4.0, rel=0.1)
    table, _ = drawn(course=2.0)
    late = table["period"] > n
    gained = means(table, late) - means(table, ~late)
    assert gained.max() - gained.min() == pytest.approx(1.0, abs=0.2)
    assert len(drawn(missing="random")[0]) == pytest.approx(0.8 * 12 * n, rel=0.02)


def test_keys_are_unique_and_seeds_are_stable(study: Any) -> None:
    cells = study.scenarios.CELLS
    assert len({cell.key for cell in cells}) == len(cells)
    assert {cell.truth for cell in cells} <= set(study.cells.TRUTHS)
    assert {cell.judge for cell in cells} <= set(study.registry.JUDGES)
    first = study.cells.Cell("step 1 sd", "step", 24, 24, step=1.0)
    assert first.key == "step 1 sd 24+24"
    assert first.seed("a label") == 2890169238  # CRC-32 of 'a label|step 1 sd 24+24'
    whole = study.run.replicate(first, "test", 0, 4)
    parts = (study.run.replicate(first, "test", 0, 2), study.run.replicate(first, "test", 2, 2))
    assert {name: parts[0][name] + parts[1][name] for name in whole} == pytest.approx(dict(whole))


def test_the_grid_is_complete(study: Any) -> None:
    grid = {(c.kind, c.step, c.phi, c.before, c.after) for c in study.scenarios.grid()}
    for kind in ("continuous", "control"):
        for step in (0.0, 0.5, 1.0, 2.0):
            for phi in (0.0, 0.3, 0.6):
                for n in (8, 12, 24, 50, 100, 200):
                    assert (kind, step, phi, n, n) in grid


def test_series_have_the_truth_they_claim(study: Any) -> None:
    cell = study.cells.Cell
    rng = np.random.default_rng(3)
    n = 4_000
    long = {
        "step": cell("s", "step", n, n, step=1.0, phi=0.6),
        "cut": cell("c", "spread", n, n, cut=0.5),
        "lognormal": cell("l", "null", n, n, shape="lognormal"),
    }
    y = {name: study.draw.series(rng, c).plain for name, c in long.items()}
    assert y["step"][n:].mean() - y["step"][:n].mean() == pytest.approx(1.0, abs=0.2)
    centered = y["step"][:n] - y["step"][:n].mean()
    assert (centered[1:] @ centered[:-1]) / (centered @ centered) == pytest.approx(0.6, abs=0.05)
    assert y["cut"][n:].std() / y["cut"][:n].std() == pytest.approx(0.5, abs=0.03)
    assert (y["lognormal"].mean(), y["lognormal"].std()) == (pytest.approx(0, abs=0.1), pytest.approx(1, abs=0.2))
    lost = study.draw.mean_of(cell("b", "backslide", 50, 50, step=2.0, lost=True))
    assert (lost[49], lost[50]) == (0.0, 2.0)
    assert lost[-1] < 0.1
    ramp = study.draw.mean_of(cell("r", "ramp", 50, 50, step=1.5, ramp=25))
    assert (ramp[50], ramp[75], ramp[-1]) == (0.0, 1.5, 1.5)


def test_a_triggered_rollout_follows_the_worst_stretch(study: Any) -> None:
    cell = study.cells.Cell("t", "triggered", 24, 24, stretch=6)
    rng = np.random.default_rng(4)
    before = np.array([study.draw.series(rng, cell).plain[:24] for _ in range(200)])
    assert before[:, -6:].mean() < -0.5
    assert before[:, :12].mean() == pytest.approx(0, abs=0.2)
    assert (before[:, -6:].mean(axis=1) < before[:, :6].mean(axis=1)).mean() > 0.9


def test_every_verdict_falls_into_one_group(study: Any) -> None:
    assert set(study.judges.GROUPS) == set(CODES)
    groups = set(study.judges.GROUPS.values())
    for key in ("step 1 sd 8+8", "null low counts, mean 0.5 24+24"):
        cell = next(c for c in study.scenarios.CELLS if c.key == key)
        counts = study.run.replicate(cell, "test", 0, 5)
        assert sum(counts[group] for group in groups) == 5
        assert sum(counts[code] for code in CODES) + counts["refused"] == 5


def test_the_rivals_see_what_is_plain_and_skip_gaps(study: Any) -> None:
    rng = np.random.default_rng(5)
    plain, after = rng.standard_normal(48), np.arange(48) >= 24
    plain[24:] += 3
    assert study.judges.welch(plain[:20], plain[20:30]) == pytest.approx(
        ttest_ind(plain[20:30], plain[:20], equal_var=False, alternative="greater").pvalue, rel=1e-9
    )
    plain[[3, 30]] = np.nan
    found = study.judges.rivals(plain, after)
    assert (found["naive"], found["eight"]) == (1, 1)
    assert study.judges.rivals(-plain, after) == {"naive": 0, "eight": 0, "eight_quiet": 0}


def test_a_run_resumes_and_adds_what_is_missing(
    study: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [c for c in study.scenarios.CELLS if c.key in ("null iid normal 8+8", "step 2 sd 8+8")]
    path = tmp_path / "dev.jsonl"
    first = study.run.run(cells, "test", 5, path, jobs=2)
    assert [r.cell for r in first] == cells
    assert all(r.replications == 5 for r in first)
    path.write_text(path.read_text() + '{"key": "cut sho')
    monkeypatch.setattr(study.run, "ProcessPoolExecutor", None)
    assert study.run.run(cells, "test", 5, path) == first
    assert "2 of 2 cells were done before" in capsys.readouterr().err
    monkeypatch.undo()
    further = study.run.run(cells[:1], "test", 7, path, jobs=1)
    assert further == study.run.run(cells[:1], "test", 7, tmp_path / "other.jsonl", jobs=1)
    assert sum(further[0].counts[group] for group in set(study.judges.GROUPS.values())) == 7
    assert study.run.run(cells[:1], "test", 5, path) == further


def test_a_change_of_code_makes_results_stale_and_a_word_does_not(
    study: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "judge.py"
    monkeypatch.setitem(study.sources.ROOTS, "study", tmp_path)
    digest = study.sources.digest.__wrapped__

    source.write_text('"""One."""\nfrom sigmatool.review.evidence import gather\n\n\ndef f():\n    return 1\n')
    before = digest("judge")
    source.write_text('"""Two."""\nfrom sigmatool.review.evidence import gather\n\n\ndef f():  # why\n    return 1\n')
    assert digest("judge") == before
    source.write_text('"""Two."""\nfrom sigmatool.review.evidence import gather\n\n\ndef f():\n    return 2\n')
    assert digest("judge") != before


def test_the_digest_reaches_what_decides_and_no_words(study: Any) -> None:
    reached, waiting = set(), ["study.judges", "study.waves"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [other for other in study.sources._imported(name) if study.sources._decides(other)]
    assert {"sigmatool.review.waves_decision", "sigmatool.review.waves_evidence", "sigmatool.numbers.panel"} <= reached
    assert {"study.draw", "sigmatool.review.decision", "sigmatool.review.policy", "sigmatool.review.case"} <= reached
    assert {"sigmatool.numbers.autoregression", "sigmatool.numbers.stability"} <= reached
    assert not {name for name in reached if name.endswith((".wording", ".report", ".cells"))}


def test_bars_speak_of_cells_that_exist(study: Any) -> None:
    known = set(study.judges.GROUPS.values()) | {"dated", "unstable_before", "unstable_after", "any wrongly claimed"}
    known |= {f"covered_{name}" for name in study.report.COVERAGE}
    for bar in study.bars.BARS:
        assert any(bar.applies(cell) for cell in study.scenarios.CELLS), bar.says
        assert set(bar.counted) <= known
        assert bar.most < 1 or bar.least > 0


def test_the_examples_of_the_bars_hold(study: Any) -> None:
    done = doctest.testmod(study.bars)
    assert (done.failed, done.attempted >= 2) == (0, True)


def test_a_bar_allows_one_point_beyond(study: Any) -> None:
    cell = next(c for c in study.scenarios.CELLS if c.key == "null iid normal 24+24")

    def state(credited: int) -> tuple[bool, str]:
        result = study.run.Result(cell, 1_000, Counter(credited=credited, asked_effect=1_000, covered_effect=950))
        verdicts = {v.bar.says: v for v in study.bars.judge_bars([result])}
        assert verdicts["interval of the effect"].passed
        held = verdicts["null: wrong credit"]
        return held.passed, held.state

    def asks_for_more(credited: int) -> bool:
        counts = Counter(credited=credited, asked_effect=1_000, covered_effect=950)
        return study.bars.undecided([study.run.Result(cell, 1_000, counts)]) == [cell]

    assert [asks_for_more(n) for n in (15, 24, 30, 100)] == [False, True, True, False]
    assert state(15) == (True, "met")
    assert state(24) == (False, "not shown")
    assert state(30) == (False, "missed")


def test_the_page_and_the_data_hold_what_was_found(study: Any, tmp_path: Path) -> None:
    cells = [c for c in study.scenarios.CELLS if c.key in ("null iid normal 8+8", "step 2 sd 8+8")]
    results = [study.run.Result(cell, 200, Counter(credited=3, judged=200, signals=40)) for cell in cells]
    study.report.write(results, study.bars.judge_bars(results), tmp_path, label="test")
    page = (tmp_path / "docs" / "error-rates.md").read_text(encoding="utf-8")
    assert '`python -m benchmarks.operating_characteristics --replications 200 --label "test" --settle 0`' in page
    assert "| null iid normal | 8+8 | 0.0 | 0.0 | 0.0 | 1.5 |" in page
    held = json.loads((tmp_path / "src" / "sigmatool" / "review" / "error_rates.json").read_text())
    assert (held["label"], held["replications"]) == ("test", 200)
    assert held["cells"][1] == {
        "family": "step 2 sd", "truth": "step", "kind": "continuous", "before": 8, "after": 8, "phi": 0.0, "step": 2.0,
        "trend": 0.0, "grid": True, "replications": 200, "credited": 3, "judged": 200, "signals": 40,
    }  # fmt: skip


def test_a_family_may_bring_its_own_judge(study: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def coin(cell: Any, rng: np.random.Generator) -> Counter[str]:
        """Does a coin fall on its head?"""
        return Counter(head=int(rng.random() < 0.5))

    monkeypatch.setitem(study.registry.JUDGES, "coin", coin)
    cell = study.cells.Cell("coins", "null", 8, 8, judge="coin")
    counts = study.run.replicate(cell, "test", 0, 100)
    assert 30 < counts["head"] < 70
    results = [study.run.Result(cell, 100, counts)]
    assert study.bars.judge_bars(results) == []
    page = study.report.page(results, [], "test", "2026-11-25", [])
    table = f"| series | points | head |\n| --- | --- | ---: |\n| coins | 8+8 | {counts['head']:.1f} |"
    assert f"## Does a coin fall on its head?\n\n{table}" in page
