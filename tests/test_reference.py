"""Every published or independently computed case of the areas that are built, at its stated tolerance."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sigmatool as st
from reference_cases import PRIVATE, SHIPPED
from sigmatool.errors import SettingsError
from sigmatool.numbers import constants
from sigmatool.selftest.cases import AREAS, Case, from_folder, shipped
from sigmatool.selftest.checks import CHECKS, ROUTES, run
from sigmatool.selftest.comparison import Comparison

PUBLIC = [pytest.param(case, id=f"{case.area}:{case.id}") for area in AREAS for case in shipped(area)]
OTHER = [pytest.param(case, id=f"{case.area}:{case.id}") for area in AREAS for case in from_folder(area, PRIVATE)]
ABSENT = pytest.param(
    None, id="third-party", marks=pytest.mark.skip(reason="the third-party cases are not here: set SIGMATOOL_REFERENCE")
)


@pytest.mark.parametrize("case", PUBLIC)
def test_shipped(case: Case) -> None:
    done = run(case)
    assert done.failures == []
    assert done.compared > 0


@pytest.mark.parametrize("case", OTHER or [ABSENT])
def test_third_party(case: Case) -> None:
    done = run(case)
    assert done.failures == []
    assert done.compared > 0


def test_every_area_has_checks_and_says_its_routes() -> None:
    assert tuple(CHECKS) == tuple(ROUTES) == AREAS
    assert all(ROUTES.values())


def test_no_case_of_a_file_is_left_out() -> None:
    for area in AREAS:
        held = json.loads((SHIPPED / f"{area}.json").read_text())
        assert [c.id for c in shipped(area)] == [row["id"] for row in held["cases"]]


def nudged(value: Any, area: str) -> Any:
    """Every number a little off: a hundred times what any tolerance here allows."""
    if isinstance(value, dict):
        return {k: nudged(v, area) for k, v in value.items()}
    if isinstance(value, list):
        return [nudged(v, area) for v in value]
    if isinstance(value, bool):
        return not value
    return value * 2 + 1 if isinstance(value, int | float) else value


@pytest.mark.parametrize("case", PUBLIC)
def test_a_wrong_reference_fails_under_each_of_its_keys(case: Case) -> None:
    if case.id == "definitions":
        words = {k: v.replace("consecutive", "scattered") for k, v in case.expected["definitions"].items()}
        wrong = dataclasses.replace(case, expected={"definitions": words})
        assert {f.key for f in run(wrong).failures} >= {"definitions/nelson2", "definitions/run7"}
        return
    wrong = dataclasses.replace(case, expected=nudged(case.expected, case.area))
    found = {f.key.partition("[")[0].partition("/")[0] for f in run(wrong).failures}
    empty = {k for k, v in case.expected.items() if v == [] or (isinstance(v, dict) and v.get("completed") == [])}
    words = {k for k, v in case.expected.items() if isinstance(v, list) and v and all(isinstance(i, str) for i in v)}
    beside = words | ({"n"} if case.area == "constants" else set())
    assert found == set(case.expected) - empty - beside


@pytest.mark.parametrize("case", [p for p in PUBLIC if "rule" in p.id or "signals" in str(p.values)])
def test_a_signal_that_a_reference_lacks_fails(case: Case) -> None:
    def grown(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: grown(v) for k, v in value.items()}
        return [999] if value == [] else value

    wrong = dataclasses.replace(case, expected=grown(case.expected))
    assert bool(run(wrong).failures) == (wrong.expected != case.expected)


def test_a_case_without_a_check_fails() -> None:
    for area in AREAS:
        known = shipped(area)[0]
        (failure,) = run(dataclasses.replace(known, id="unheard-of", data={}, params={}, expected={"x": 1})).failures
        assert failure.got == "no check for it"


def test_a_number_that_nothing_compares_fails() -> None:
    known = shipped("run_charts")[1]
    more = dataclasses.replace(known, expected={**known.expected, "kurtosis": 3.0})
    (failure,) = run(more).failures
    assert (failure.key, failure.got) == ("kurtosis", "no check compares it")
    (failure,) = run(dataclasses.replace(known, expected={})).failures[:1]
    assert failure.got.startswith("KeyError")


def test_an_error_is_a_failure_of_its_case_alone() -> None:
    known = shipped("time_weighted")[0]
    (failure,) = run(dataclasses.replace(known, params={**known.params, "lambda": 7})).failures
    assert failure.got.startswith("SettingsError: weight must be above 0")


@pytest.mark.parametrize(
    ("expected", "got", "agrees"),
    [
        ([1.0, None], [1.0 + 5e-7, np.nan], True), ([1.0, None], [1.0, 2.0], False), ([1.0], [np.nan], False),
        (2.0, [2.0, 2.0], True), (2.0, [2.0, 2.1], False), ([1.0, 2.0], [1.0], False), ([0.0], [1e-9], True),
        ([1.0], [1.0 + 2e-6], False), ("Infinity", [np.inf], True), ("Infinity", [1e308], False),
    ],
)  # fmt: skip
def test_how_numbers_are_compared(expected: Any, got: list[float], agrees: bool) -> None:
    case = dataclasses.replace(shipped("constants")[0], expected={"x": expected}, rtol=1e-6, atol=1e-9)
    c = Comparison(case)
    c.numbers("x", got)
    c.close()
    assert (c.failures == []) == agrees
    assert c.compared == np.size(expected)


def test_the_result_holds_what_every_result_holds(tmp_path: Path) -> None:
    found = st.selftest(["multivariate", "run_charts"])
    assert found.passed
    assert "All 8 reference cases pass" in found.headline
    assert found.to_frame()["passed"].all()
    held = found.to_dict()
    assert held["schema"] == "sigmatool.selftest/1"
    assert [a["area"] for a in held["areas"]] == ["multivariate", "run_charts"]
    assert held["rows"]["read"] == held["rows"]["used"] == len(found.outcomes)
    for suffix in (".md", ".html", ".json", ".png"):
        assert found.save(tmp_path / f"out{suffix}").stat().st_size > 500


def test_a_folder_of_further_cases(tmp_path: Path) -> None:
    held = json.loads((SHIPPED / "run_charts.json").read_text())
    held["cases"][1]["expected"]["median"] += 1
    (tmp_path / "run_charts.json").write_text(json.dumps(held))
    found = st.selftest(["run_charts"], tmp_path)
    assert [(o.case.id, o.case.shipped) for o in found.failed] == [("nile", False)]
    assert found.headline == "1 of 14 reference cases fail."
    text = (found.save(tmp_path / "out.md")).read_text()
    assert "| run\\_charts | nile | median | 894.5 | 893.5 |" in text
    with pytest.raises(SettingsError, match="holds no case file of rules"):
        st.selftest(["rules"], tmp_path)
    (tmp_path / "run_charts.json").write_text("{}")
    with pytest.raises(SettingsError, match="does not hold reference cases"):
        st.selftest(["run_charts"], tmp_path)
    with pytest.raises(SettingsError, match="area 'gage' is unknown"):
        st.selftest(["gage"])


def test_ranges_of_unequal_subgroups_have_a_centre_each() -> None:
    """The cases of one package have one centre; the chart has d2(n) sigma."""
    rng = np.random.default_rng(11)
    x = rng.normal(10, 2, (30, 5))
    x[::3, 3:] = np.nan
    for kind, constant in (("xbar-r", constants.d2), ("xbar-s", constants.c4)):
        chart = st.control_chart(x, kind)
        n = np.isfinite(x).sum(axis=1)
        np.testing.assert_allclose(chart.panels[1].center, [constant(int(m)) * chart.sigma for m in n], rtol=1e-12)


def test_screening_moving_ranges_is_asked_for() -> None:
    case = next(c for c in shipped("variables_charts") if c.id == "I-screened")
    x = np.array(case.data["x"], dtype=float)
    assert st.control_chart(x).panels[0].upper[0] > case.expected["ucl"]


def test_the_validation_page_tells_a_fresh_run(root: Path) -> None:
    """Counts and sources of the shipped cases; the size of an error may differ between machines."""
    page = (root / "docs" / "validation.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:2] == "| "]
    found = st.selftest()
    for area, cell in zip(found.areas, cells[2:], strict=False):
        name, cases, passed, numbers, _, _, sources = area.row()
        assert cell[:4] + cell[6:] == [name, f"{cases}", f"{passed}", f"{numbers:,}", sources]
    assert len(found.areas) == len(AREAS)
    total = sum(o.compared for o in found.outcomes)
    assert f"{len(found.outcomes)} of {len(found.outcomes)} reference cases pass, with {total:,} numbers." in page
    for area in AREAS:
        for way in ROUTES[area]:
            assert f"- {way}\n" in page
