"""Many characteristics against their specifications: each is its own study, and what cannot be judged is a row."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sigmatool as st
from conftest import without_ours
from sigmatool.cli import main
from sigmatool.numbers.estimate import Estimate
from sigmatool.numbers.square_and_add import square_and_add
from sigmatool.render.figure import Arrow, Figure

HOSTILE = '<script>alert("x")</script>'


def parts(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    half = n // 2
    bore = np.concatenate([rng.normal(10.0, 0.2, half), rng.normal(10.0, 0.08, n - half)])
    return pd.DataFrame(
        {
            "bore": bore, "length": rng.normal(50.4, 0.3, n), "leak": np.exp(rng.normal(-1, 0.5, n)),
            HOSTILE: rng.normal(0, 1, n), "dead": np.ones(n),
        }
    )  # fmt: skip


LIMITS = {
    "bore": {"lsl": 9.5, "usl": 10.5, "target": 10.0},
    "length": {"lsl": 49.0, "usl": 51.0},
    "leak": {"usl": 3.0},
    HOSTILE: {"lsl": -5.0, "usl": 5.0},
    "dead": {"usl": 2.0},
}


def test_each_is_the_study_that_capability_makes_of_its_column() -> None:
    frame = parts()
    found = st.capability_each(frame, specification=LIMITS)
    for c in found.characteristics:
        if c.found is None:
            continue
        alone = st.capability(frame, value=c.name, **LIMITS[c.name])
        assert c.found.to_dict()["indices"] == alone.to_dict()["indices"]
        assert c.found.law.name == alone.law.name
    assert [c.name for c in found.refused] == ["dead"]
    assert "same value" in found.refused[0].reason
    assert found.rows.read == 5 * 60 == found.rows.used + found.rows.missing + found.rows.excluded + found.rows.dropped


def test_the_least_sure_comes_first_and_the_headline_counts() -> None:
    found = st.capability_each(parts(), specification=LIMITS, wanted=1.0)
    least = [study.indices["ppk"].low for _, study in found.judged]
    assert least == sorted(least)
    assert len(found.below) == sum(low < 1.0 for low in least)
    assert found.headline.startswith("5 characteristics: ")
    assert "1 could not be judged" in found.headline


def test_before_and_after_have_a_difference_and_an_arrow() -> None:
    found = st.capability_each(parts(), specification=LIMITS, rollout=31)
    bore = next(c for c in found.characteristics if c.name == "bore")
    assert bore.difference is not None
    assert bore.difference.low > 0
    assert bore in found.rose
    figure = found.figure()
    assert isinstance(figure, Figure)
    assert sum(isinstance(m, Arrow) for m in figure.panels[0].marks) == len(found.judged)
    assert found.stages == ("before", "after")
    body = json.loads(found.to_json())
    assert body["schema"] == "sigmatool.capability-each/1"


def test_a_difference_joins_both_intervals() -> None:
    one, other = Estimate(1.0, 0.8, 1.2), Estimate(1.5, 1.3, 1.7)
    found = square_and_add(one, other)
    assert found.value == pytest.approx(0.5)
    assert found.high - found.low == pytest.approx(2 * np.hypot(0.2, 0.2))
    back = square_and_add(other, one)
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"bore": {"lsl": 11.0, "usl": 10.0}}, "bore"),
        ({"bore": {}}, "bore"),
        ({"boore": {"usl": 11.0}}, "boore"),
        ({}, "specification"),
    ],
)
def test_a_wrong_specification_is_refused_by_its_row(limits: dict[str, dict[str, float]], words: str) -> None:
    with pytest.raises(st.SigmatoolError, match=words):
        st.capability_each(parts(), specification=limits)


def test_the_command_reads_a_specification_and_writes_a_harmless_page(tmp_path: Path) -> None:
    data, spec, out = tmp_path / "parts.csv", tmp_path / "spec.csv", tmp_path / "parts.html"
    parts().to_csv(data, index=False)
    rows = [{"characteristic": name, **limits} for name, limits in LIMITS.items()]
    pd.DataFrame(rows, columns=["characteristic", "lsl", "usl", "target"]).to_csv(spec, index=False)
    words = ["capability-each", str(data), "--specification", str(spec), "--rollout", "31", "-o", str(out), "--json"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "<script" not in without_ours(out.read_text(encoding="utf-8"))
    assert len(json.loads(done.stdout)["characteristics"]) == 5
    gated = CliRunner().invoke(main, [*words[:-3], "--quiet", "--fail-on", "refused"])
    assert gated.exit_code == 1
