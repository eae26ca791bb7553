"""Charts that are hard to draw, and what their words cover."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd

import sigmatool as st
from sigmatool.charts.events import read_events
from sigmatool.charts.result import ControlChart
from sigmatool.render.measure import Text

WIDTHS = (480, 620, 680, 960)
SIZES = {"tag": 10.0, "span-name": 11.0, "point-name": 11.0, "title": 13.0, "sheet-title": 16.0}
BOLD = (
    "label", "rule-name role-rollout", "rule-name role-specification", "rule-name role-target", "rule-name role-mean",
    "limit-name role-center", "title", "sheet-title",
)  # fmt: skip


def with_events(chart: ControlChart, events: Sequence[tuple[Any, str]]) -> ControlChart:
    copy = dataclasses.replace(chart)
    object.__setattr__(copy, "events", read_events(events, chart.axis))
    return copy


def days(n: int, start: str = "2023-11-01", freq: str = "D", shift: float = 0.0, seed: int = 1) -> pd.DataFrame:
    y = np.random.default_rng(seed).normal(50, 4, n)
    y[n // 2 :] += shift
    return pd.DataFrame({"day": pd.date_range(start, periods=n, freq=freq).astype(str), "lead time": y})


def gaps() -> ControlChart:
    data = days(100, shift=-9.0)
    data.loc[30, "lead time"] = 75.0
    data.loc[[40, 41], "lead time"] = np.nan
    chart = st.control_chart(
        data.drop(index=[80, 81, 82]), value="lead time", time="day", rollout="2023-12-21=New desk", exclude="3,50-53"
    )
    return with_events(
        chart, [("2023-11-20", "pump replaced"), ("2023-11-25", "new supplier"), ("2024-01-20", "leave")]
    )


def proportions() -> ControlChart:
    rng = np.random.default_rng(7)
    n = rng.integers(40, 400, 60)
    data = pd.DataFrame(
        {"k": rng.binomial(n, 0.1), "n": n, "m": pd.date_range("2019-01-01", periods=60, freq="MS").astype(str)}
    )
    names = ["2020-06=A very long name of a rollout, with words", "2021-09", "2022-06=Größe Ωμέγα"]
    return st.control_chart(data, "p", value="k", size="n", time="m", rollout=names)


def eight_stages() -> ControlChart:
    rng = np.random.default_rng(8)
    data = pd.DataFrame(
        {
            "v": np.concatenate([rng.normal(100 - 5 * i, 3, 15) for i in range(8)]),
            "s": np.repeat([f"stage number {i}" for i in range(8)], 15),
        }
    )
    return st.control_chart(data, value="v", stage="s")


def lots() -> ControlChart:
    rng = np.random.default_rng(9)
    data = pd.DataFrame({"v": rng.normal(74.001, 0.01, 200), "lot": np.repeat([f"lot {i:03d}" for i in range(40)], 5)})
    return st.control_chart(data, "xbar-r", value="v", subgroup="lot")


def two_thousand() -> ControlChart:
    chart = st.control_chart(
        days(2000, "2018-01-01", shift=3.0), value="lead time", time="day", rollout="2021-04-15=Go live"
    )
    moments = pd.date_range("2018-02-01", periods=30, freq="60D")
    return with_events(chart, [(str(t.date()), f"event number {i} happened") for i, t in enumerate(moments)])


def hours() -> ControlChart:
    chart = st.control_chart(days(60, "2024-02-27 06:00", "h"), value="lead time", time="day")
    return with_events(
        chart, [("2024-02-28 03:30", "a change of shift told in so many words that they cannot fit" * 2)]
    )


def semmelweis() -> ControlChart:
    births = st.datasets.load("semmelweis")
    return st.control_chart(
        births, "laney-p", value="deaths", size="births", time="month", rollout="1847-06=Handwashing"
    )


def rates() -> ControlChart:
    rng = np.random.default_rng(10)
    n = rng.uniform(0.5, 2, 90)
    weeks = pd.date_range("2022-01-03", periods=90, freq="7D").astype(str)
    data = pd.DataFrame({"k": rng.poisson(10 * n), "n": n, "w": weeks})
    return st.control_chart(data, "laney-u", value="k", size="n", time="w", rollout="2023-01-02=Kaizen")


def values(center: float, spread: float, n: int = 50, rollout: int | None = 25) -> Callable[[], ControlChart]:
    return lambda: st.control_chart(center + spread * np.random.default_rng(3).normal(0, 1, n), rollout=rollout)


def many(n: int, rules: str = "nelson") -> Callable[[], ControlChart]:
    return lambda: st.control_chart(np.random.default_rng(4).normal(0, 1, n), rules=rules)


CASES: dict[str, Callable[[], ControlChart]] = {
    "gaps": gaps, "proportions": proportions, "eight stages": eight_stages, "lots": lots, "hours": hours,
    "2,000 days": two_thousand, "semmelweis": semmelweis, "rates": rates, "20 points": many(20),
    "100,000 points": many(100_000), "huge": values(1e9, 1e8), "huge and close": values(1e9, 1.0),
    "tiny": values(1e-6, 1e-7), "negative": values(-50.0, 5.0), "constant": values(7.0, 0.0),
    "few": values(5.0, 1.0, 8, 4),
}  # fmt: skip


def texts_of(drawing: str) -> list[Text]:
    """The words of an SVG with their places, sizes and weights."""
    found = []
    for node in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text"):
        kind = node.get("class", "")
        found.append(
            Text(
                float(node.get("x", "0")), float(node.get("y", "0")), node.text or "", kind, "",
                node.get("text-anchor", "start"), SIZES.get(kind.split()[0], 12.0),  # type: ignore[arg-type]
                any(kind.startswith(bold) for bold in BOLD),
            )
        )  # fmt: skip
    return found
