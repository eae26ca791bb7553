"""Guaranteed limits: the promise is kept as often as said, the price is told, the ledger holds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import integrate, stats
from scipy.special import ndtr

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.ledger import read_ledger
from sigmatool.limits.freeze import freeze_limits
from sigmatool.limits.guarantee import guaranteed
from sigmatool.numbers.constants import c4
from sigmatool.numbers.guaranteed import attained, guaranteed_width, width_of

THREE = 1 / (2 * float(ndtr(-3.0)))


@pytest.mark.parametrize(("points", "dof", "sure"), [(20, 19, 0.9), (50, 49, 0.95), (25, 100, 0.9), (30, 18.6, 0.5)])
def test_the_width_solves_the_double_integral(points: int, dof: float, sure: float) -> None:
    """Independent of the method in force: integrate over s, and find by bisection how far off the mean may be."""
    width = guaranteed_width(points, dof, sure, THREE)
    bias = float(stats.chi(dof).mean() / np.sqrt(dof))
    share = 1 / THREE

    def kept(s: float) -> float:
        half = width * s / bias
        if 2 * ndtr(-half) > share:
            return 0.0
        low, high = 0.0, half
        for _ in range(60):
            middle = (low + high) / 2
            out = ndtr(middle - half) + ndtr(-middle - half)
            low, high = (middle, high) if out <= share else (low, middle)
        return float(2 * ndtr(low * np.sqrt(points)) - 1)

    law = stats.chi(dof, scale=1 / np.sqrt(dof))
    found, _ = integrate.quad(lambda s: law.pdf(s) * kept(s), *law.ppf([1e-9, 1 - 1e-9]), limit=400)
    assert found == pytest.approx(sure, abs=1e-4)


def test_published_tolerance_factors_are_the_same_limits() -> None:
    """Odeh & Owen (1980), two-sided, content 0.99 at 0.95: a run length of 100 at 95 % from n values and their s."""
    for n, factor in ((10, 4.437), (20, 3.621), (50, 3.129), (100, 2.936)):
        assert guaranteed_width(n, n - 1, 0.95, 100.0) / c4(n) == pytest.approx(factor, abs=0.004)


def test_more_points_cost_less_and_certainty_costs_more() -> None:
    by_points = [guaranteed_width(n, n - 1, 0.9, THREE) for n in (10, 20, 50, 200, 10_000)]
    assert by_points == sorted(by_points, reverse=True)
    assert by_points[-1] == pytest.approx(3.0, abs=0.04)
    by_chance = [guaranteed_width(30, 29, p, THREE) for p in (0.5, 0.8, 0.9, 0.99)]
    assert by_chance == sorted(by_chance)
    assert attained(width_of(THREE), 30, 29, THREE) < 0.5 < attained(by_chance[2], 30, 29, THREE)


@pytest.mark.parametrize(
    ("kind", "sigma", "shape", "within"),
    [("i-mr", "moving-range", (30,), 0.012), ("i-mr", "overall", (30,), 0.01),
     ("i-mr", "median-moving-range", (30,), 0.03),
     ("xbar-r", "rbar", (25, 5), 0.01), ("xbar-s", "sbar", (25, 5), 0.01), ("xbar-s", "pooled", (25, 5), 0.01)],
)  # fmt: skip
def test_the_promise_is_kept_by_simulated_baselines(
    kind: str, sigma: str, shape: tuple[int, ...], within: float
) -> None:
    rng = np.random.default_rng(20261126)
    x = rng.normal(size=(20_000, *shape))
    size = shape[1] if len(shape) > 1 else 1
    promise = guaranteed(st.control_chart(x[0], kind, sigma=sigma), 0.9)
    centre = x.reshape(len(x), -1).mean(axis=1)
    moving = np.abs(np.diff(x, axis=1)) if size == 1 else x
    estimates = {
        "moving-range": lambda: moving.mean(axis=1) / (2 / np.sqrt(np.pi)),
        "median-moving-range": lambda: np.median(moving, axis=1) / (np.sqrt(2) * stats.norm.ppf(0.75)),
        "overall": lambda: x.std(axis=1, ddof=1) / c4(shape[0]),
        "rbar": lambda: np.ptp(x, axis=2).mean(axis=1) / 2.325929,
        "sbar": lambda: x.std(axis=2, ddof=1).mean(axis=1) / c4(size),
        "pooled": lambda: np.sqrt(x.var(axis=2, ddof=1).mean(axis=1)) / c4(shape[0] * (size - 1) + 1),
    }
    half = promise.nsigma * estimates[sigma]() / np.sqrt(size)
    root = np.sqrt(size)
    out = ndtr((centre - half) * root) + ndtr(-(centre + half) * root)
    kept = float((out <= 1 / promise.arl).mean())
    # one-sided for the median, whose law a chi only bounds: it keeps more than it says
    assert 0.9 - 0.01 < kept < 0.9 + within


def test_the_ledger_holds_the_promise_and_later_points_are_judged_by_it(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    x = np.random.default_rng(4).normal(10, 1, (40, 5))
    chart = st.control_chart(x[:25], "xbar-s")
    made = freeze_limits(chart, path, by="A", reason="r", guarantee=0.9, force=True)
    promise = guaranteed(chart, 0.9)
    assert (made.nsigma, made.guarantee, made.arl) == (promise.nsigma, 0.9, 370.4)
    stage = chart.stages[0]
    assert made.upper is not None
    assert made.upper - made.center == pytest.approx((stage.upper - stage.center) * promise.nsigma / 3)
    later = st.control_chart(x[25:], limits=path)
    assert later.panels[0].upper[0] == pytest.approx(made.upper)
    assert read_ledger(path) == (made,)


def test_the_price_is_told(tmp_path: Path) -> None:
    chart = st.control_chart(np.random.default_rng(1).normal(10, 1, 50))
    found = guaranteed(chart, 0.9)
    assert found.wider == pytest.approx(found.nsigma / width_of(370.4) - 1)
    assert [s.shift for s in found.seen] == [1.0, 2.0, 3.0]
    assert all(s.widened > s.plain for s in found.seen)
    assert found.seen[0].plain == pytest.approx(43.9, abs=0.05)
    table = tmp_path / "x.csv"
    table.write_text("v\n" + "\n".join(f"{v:.6f}" for v in np.random.default_rng(1).normal(10, 1, 50)))
    words = ["limits", "freeze", str(table), "-y", "v", "--ledger", str(tmp_path / "l.toml"), "--by", "A", "--reason"]
    done = CliRunner().invoke(main, [*words, "r", "--guarantee", "0.9", "--arl", "200"])
    assert done.exit_code == 0
    assert "with 90 % chance at least 200 points" in done.output
    assert "1 sigma" in done.output
    shown = CliRunner().invoke(main, ["limits", "show", str(tmp_path / "l.toml")])
    assert "guaranteed: with 90 % chance at least 200 points" in shown.output


def test_where_it_does_not_hold_it_is_refused() -> None:
    x = np.random.default_rng(1).normal(10, 1, 60)
    births = st.datasets.load("semmelweis")
    counts = st.control_chart(births, "p", value="deaths", size="births")
    uneven = st.control_chart(
        np.where(np.arange(180).reshape(60, 3) == 7, np.nan, np.random.default_rng(1).normal(size=(60, 3))), "xbar-s"
    )
    for chart, told in (
        (counts, "not for p"), (st.control_chart(x, "ewma"), "not for ewma"),
        (st.control_chart(x, center=10.0), "was given"), (st.control_chart(x, sigma=1.0), "was given"),
        (st.control_chart(x, nsigma=2.5), "leave nsigma out"),
        (st.control_chart(x, "i-mr(window=3)"), "two neighbours"),
    ):  # fmt: skip
        with pytest.raises(SettingsError, match=told):
            guaranteed(chart)
    with pytest.raises(DataError, match="differ in size"):
        guaranteed(uneven)
    with pytest.raises(DataError, match="see nothing"):
        guaranteed(st.control_chart(x[:4]), 0.99)
    chart = st.control_chart(x)
    for bad in (0.2, 1.0, float("nan"), True, "0.9"):
        with pytest.raises(SettingsError, match="guarantee must be a chance"):
            guaranteed(chart, bad)  # type: ignore[arg-type]
    for bad in (1.0, float("inf"), float("nan"), None):
        with pytest.raises(SettingsError, match="arl must be"):
            guaranteed(chart, 0.9, bad)  # type: ignore[arg-type]
