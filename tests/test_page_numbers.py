"""Every number on a page stands in its JSON, as precisely as it is shown."""

from __future__ import annotations

import bisect
import json
import math
import re
import tempfile
from collections.abc import Callable
from html import unescape
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest

import sigmatool as st
from sigmatool.render.html import html
from waste_cases import losses, shifts

SHOWN = re.compile(r"(?<![\w.,#-])([−-]?\d[\d,]*(?:\.\d+)?(?:e[−-]?\d+)?)(\s?%|\s?points\b)?(?!\w|[.,-]\d)")
BLOCK = r"<(td|th|p|li|dd|dt|h\d|summary|caption|figcaption|span|div|strong|button)\b[^>]*>"


def visible(page: str) -> str:
    """The words of a page, without its drawings."""
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    plain = unescape(re.sub(r"<[^>]+>", "", re.sub(BLOCK, " \n ", page)))
    return plain.replace("\u00a0", " ").replace("\u202f", " ")


def told(tree: Any, found: list[float]) -> list[float]:
    """All numbers of JSON: as values, in its texts, and the places and lengths of its lists."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            told(value, told(key, found))
    elif isinstance(tree, list):
        found.extend(range(len(tree) + 1))
        for value in tree:
            told(value, found)
    elif isinstance(tree, str):
        found.extend(float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?(?:e-?\d+)?", tree))
    elif isinstance(tree, int | float) and not isinstance(tree, bool):
        found.append(float(tree))
    return found


def missing(page: str, document: str) -> list[str]:
    """Numbers of a page that no number of the JSON, rounded as they are, gives; bounds such as "< 0.001" aside."""
    held = sorted({abs(v) for v in told(json.loads(document), []) if math.isfinite(v)})
    text = visible(page)
    return [
        text[max(0, m.start() - 60) : m.end() + 30]
        for m in SHOWN.finditer(text)
        if not re.search(r"(<|below) ?$", text[: m.start()]) and not any(_within(held, *e) for e in _ends(m, text))
    ]


def _ends(shown: re.Match[str], text: str) -> list[tuple[float, float]]:
    """What a number may have been before it was rounded: as it is, per million, and as a share where it is one."""
    raw = shown[1].replace(",", "").replace("−", "-")
    digits, _, power = raw.partition("e")
    half = 0.5 * 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))
    if "." not in digits and float(raw):
        half *= 10 ** (len(digits) - len(digits.rstrip("0")))
    share = shown[2] or re.match(r" to [−-]?[\d.,]+(\s?%|\s?points)", text[shown.end() :])
    value = abs(float(raw))
    return [
        ((value - half) / times * (1 - 1e-12), (value + half) / times * (1 + 1e-12))
        for times in (1.0, 1e6, *([100.0] if share else []))
    ]


def _within(held: list[float], low: float, high: float) -> bool:
    at = bisect.bisect_left(held, low)
    return at < len(held) and held[at] <= high


def filled() -> Any:
    fills = st.datasets.load("filling")
    return fills.assign(weight=np.round(np.random.default_rng(2).normal(5, 1, len(fills)), 3))


def rated() -> Any:
    """Twenty parts, measured and graded by three."""
    import pandas as pd

    rng = np.random.default_rng(4)
    true = np.repeat(rng.integers(1, 4, 20), 3)
    return pd.DataFrame(
        {"part": np.repeat(np.arange(1, 21), 3), "who": ["Ann", "Bo", "Cy"] * 20, "ref": 10.0 * true,
         "y": (10.02 * true + np.tile([0.0, 0.3, -0.2], 20) + rng.normal(0, 0.5, 60)).round(2), "truth": true,
         "grade": np.clip(true + (rng.random(60) < 0.15), 1, 3)}
    )  # fmt: skip


def ledger() -> str:
    """Two entries, of the stages before and after."""
    path = f"{mkdtemp()}/fills.toml"
    fills = st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41)
    for stage in ("before", "after"):
        st.freeze_limits(fills, path, by="A", reason=stage, of=stage, force=True)
    return path


def by_plan() -> Any:
    calls = st.datasets.load("contact_centre")
    made = st.plan(
        calls.head(60), value="aht_s", time="day", rollout="2026-09-01", better="lower", worthwhile=10, rules="1"
    )
    with tempfile.TemporaryDirectory() as folder:
        st.register_plan(made, f"{folder}/plan.toml", by="A. Okoro")
        return st.review(calls, plan=f"{folder}/plan.toml", washout=7)


RESULTS: dict[str, Callable[[], Any]] = {
    "review": lambda: st.review(
        st.datasets.load("semmelweis"), value="deaths", size="births", time="month", rollout="1847-06", better="lower"
    ),
    "review, everything": lambda: st.review(
        filled(), value="fill_ml", time="sample", rollout="41", better="target", target=500, lsl=495, usl=505,
        guards=["weight:higher:0.4"], metrics=["weight:higher"], looks="100,200,300",
    ),
    "chart": lambda: st.control_chart(st.datasets.load("semmelweis"), value="deaths", size="births", time="month"),
    "chart of subgroups": lambda: st.control_chart(filled(), value="fill_ml", subgroup="sample"),
    "capability": lambda: st.capability(filled(), value="fill_ml", lsl=495, usl=505, target=500),
    "capability of counts": lambda: st.capability(
        st.datasets.load("semmelweis"), value="deaths", size="births", target=0.05
    ),
    "compare": lambda: st.compare(st.datasets.load("nile"), value="flow", time="year", rollout="1899=Aswan"),
    "compare with limits": lambda: st.compare(
        filled(), value="fill_ml", subgroup="sample", rollout=41, lsl=495, usl=505
    ),
    "flow": lambda: st.flow(
        st.datasets.load("tickets"), start="opened", end="closed", item="ticket", touch="touch_h", as_of="2026-06-30",
        rollout="2026-04-01=triage", demand=25, available="37.5h",
    ),
    "flow of a window": lambda: st.flow(
        st.datasets.load("tickets"), start="opened", end="closed", as_of="2026-06-30", since="2026-05-01"
    ),
    "tolerance": lambda: st.tolerance_interval(filled(), value="fill_ml"),
    "gage": lambda: st.gage_rr(
        st.datasets.load("gage"), value="y", part="part", operator="operator", lsl=-4, usl=4
    ),
    "gage, incomplete": lambda: st.gage_rr(
        st.datasets.load("gage").drop(index=[0, 30, 60, 5]), value="y", part="part", operator="operator", tolerance=8
    ),
    "type 1": lambda: st.type1_gage(filled(), value="fill_ml", reference=500, lsl=470, usl=530),
    "bias": lambda: st.gage_bias(rated(), value="y", reference="ref", process=20),
    "linearity": lambda: st.gage_linearity(rated(), value="y", reference="ref", process=20),
    "stability": lambda: st.gage_stability(filled(), value="fill_ml", subgroup="sample", reference=500),
    "agreement": lambda: st.attribute_agreement(
        rated(), value="grade", part="part", operator="who", standard="truth", good="1", order="1,2,3"
    ),
    "icc": lambda: st.icc(rated(), value="y", part="part", operator="who"),
    "waves": lambda: st.review_waves(
        st.datasets.load("clinics"), value="wait_days", site="clinic", rollout="live_from", time="month", better="lower"
    ),
    "each": lambda: st.review_each(
        st.datasets.load("clinics"), value="wait_days", by="clinic", time="month",
        rollout="2025-07", better="lower",
    ),
    "compare on frozen limits": lambda: st.compare(
        filled(), value="fill_ml", subgroup="sample", rollout=41, limits=ledger()
    ),
    "review on frozen limits": lambda: st.review(
        filled(), value="fill_ml", subgroup="sample", rollout="41", better="higher", limits=ledger()
    ),
    "limits diff": lambda: st.diff_limits(ledger()),
    "limits advise": lambda: st.advise_limits(
        st.datasets.load("filling"), ledger(), value="fill_ml", subgroup="sample", since=30, cause="c", wanted="yes",
        by="B",
    ),
    "plan": lambda: st.plan(
        st.datasets.load("contact_centre").head(60), value="aht_s", time="day", rollout="2026-09-01", better="lower",
        washout=7, worthwhile=10, guards=["quality:higher:1"],
    ),
    "plan of counts, with looks": lambda: st.plan(
        st.datasets.load("semmelweis"), value="deaths", size="births", time="month", rollout="1847-06", better="lower",
        worthwhile="70%", looks="8,16,24", rules="1",
    ),
    "review by a plan": by_plan,
    "pareto": lambda: st.pareto(
        losses(), category="cause", count="n", cost="money", time="month", rollout="2023-01=sealer", top=2
    ),
    "pareto of one stage": lambda: st.pareto(losses(), category="cause", count="n"),
    "yield": lambda: st.rolled_yield(
        losses(), step="cause", units="in", defects="n", rework="redone", scrap="gone", opportunities=9, time="month",
        rollout="2023-01", shift=1.5,
    ),
    "oee": lambda: st.oee(
        shifts(), planned="planned", downtime=["setup", "failure"], ideal_cycle=1.2, units="made", bad="bad",
        demand="wanted", time="day", rollout="2026-01-20",
    ),
    "inspect": lambda: st.inspect(st.datasets.load("semmelweis")),
    "capacity": lambda: st.capacity_check(
        st.datasets.load("service_desk"), arrivals="tickets", handling="handling_min", staff="people", unit="minutes",
        hours=40, time="week", project="project_h", goal="80% in 5min",
        allocation=st.datasets.load("service_desk_hours"),
    ),
    "capacity, more work than hours": lambda: st.capacity_check(
        st.datasets.load("service_desk").assign(people=9), arrivals="tickets", handling="handling_min", staff="people",
        unit="minutes", hours=40, goal="5min",
    ),
    "capability of each": lambda: st.capability_each(
        filled()[["fill_ml"]], specification={"fill_ml": {"lsl": 495, "usl": 505}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RESULTS)
def test_the_json_holds_every_number_of_the_page(name: str) -> None:
    result = RESULTS[name]()
    page = html(result.document())
    assert len(SHOWN.findall(visible(page))) >= 20
    assert missing(page, result.to_json()) == []


def test_a_number_that_is_not_in_the_json_is_found() -> None:
    held = '{"a": [0.2131, 0.1372, 0.12, 0.14, 1000]}'
    assert missing("<p>0.213 and 13.7 % (12 to 14 %) of 1 in 1,000</p>", held) == []
    assert len(missing("<p>0.2132 and 13.8 % of 12 in 1,001</p>", held)) == 4
