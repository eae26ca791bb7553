"""Which rules are in force: what can be asked for, own rules in a file, and what is refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmatool.charts.control_chart import control_chart
from sigmatool.charts.rule_file import read_rules
from sigmatool.charts.rules import RULE_SETS, Choice, Rule, chosen, rule_set
from sigmatool.documents import read_toml
from sigmatool.errors import SettingsError
from sigmatool.numbers.runs import Pattern


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (None, []),
        ("", []),
        ("none", []),
        ([], []),
        ("anhoej", []),
        (3, ["nelson-3"]),
        ("1, 5,1", ["nelson-1", "nelson-5"]),
        ([1, "5"], ["nelson-1", "nelson-5"]),
        ([np.int64(2)], ["nelson-2"]),
        ("western-electric-4,nelson-1", ["western-electric-4", "nelson-1"]),
        ("nhs( run = 6 , trend=6 ), 8", ["nhs-1", "nhs-2", "nhs-3", "nhs-4", "nelson-8"]),
        ("westgard,westgard-2", [f"westgard-{i}" for i in range(1, 6)]),
    ],
)
def test_what_can_be_asked_for(asked: Any, ids: list[str]) -> None:
    assert [r.id for r in rule_set(asked)] == ids


def test_the_test_of_a_whole_stage_keeps_its_name() -> None:
    assert chosen("anhoej") == Choice((), ("anhoej",))
    assert chosen("anhoej,nelson-1,anhoej").whole_stage == ("anhoej",)
    assert chosen("nelson").whole_stage == ()
    assert [found.name for found in RULE_SETS.values() if found.whole_stage] == ["anhoej"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Nelson", "did you mean nelson?"),
        ("western_electric", "did you mean western-electric?"),
        ("9", "the set nelson has the rules 1 to 8"),
        ("nhs-5", "the set nhs has the rules 1 to 4"),
        ("nhs-0", "the set nhs has the rules 1 to 4"),
        ("anhoej-1", "unknown"),
        ("shewhart", "known are nelson, western-electric, aiag, juran, westgard, nhs, anhoej, none"),
        ("none,1", "none stands alone"),
        ("nelson(run=11)", "nelson is known with run=7, 8 or 9, not run=11; put another length into a rule file"),
        ("nelson(width=8)", "nelson has the settings run, trend, not 'width'"),
        ("anhoej(run=8)", "anhoej has no settings, not 'run'; leave it out"),
        ("nelson(run=eight)", "'run=eight' must be a setting and a number of points"),
        ("nelson(8)", "'8' must be a setting"),
        ("nelson(run=8,run=9)", "gives run twice"),
        ("nelson(run=8", "unknown"),
        ("unheard(run=8)", "unknown"),
        ("nelson,nelson(run=8)", "nelson-2 twice, with different settings"),
        (2.5, "must be a name, numbers or a path"),
        ([True], "must be a name, numbers or a path"),
        ([["1"]], "must be a name, numbers or a path"),
        ([""], "unknown"),
    ],
)
def test_refusals_name_the_value_and_the_way_out(asked: Any, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        rule_set(asked)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def understood(asked: Any) -> tuple[Rule, ...] | str:
    """The rules, or the words of the refusal."""
    try:
        return rule_set(asked)
    except SettingsError as refusal:
        return str(refusal)


@given(st.text(alphabet="nelson(,)=-1829 run.whs", max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_understood_or_refused(text: str) -> None:
    got = understood(text)
    assert got.endswith(".") if isinstance(got, str) else all(isinstance(r, Rule) for r in got)


PLANT = """
name = "Plant 7"
include = ["nelson-1", "western-electric-4"]
[[rule]]
id = "far-out"
test = "limits"
[[rule]]
test = "beyond"
points = 4
least = 3
sigma = 1.5
[[rule]]
test = "trend"
points = 5
words = "the tool is wearing."
[[rule]]
test = "opposite"
sigma = 2
"""


def written(folder: Path, text: str, name: str = "plant.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_own_rules(tmp_path: Path) -> None:
    path = written(tmp_path, PLANT)
    rules = {r.id: r for r in rule_set(str(path))}
    assert list(rules) == ["nelson-1", "western-electric-4", "far-out", "plant-7-2", "plant-7-3", "plant-7-4"]
    assert rules["plant-7-2"].words == "three of four points beyond 1.5 sigma on one side"
    assert rules["plant-7-2"].pattern == Pattern("beyond", 4, 1.5, 3)
    assert rules["plant-7-3"].words == "the tool is wearing"
    assert rule_set(path) == rule_set([path]) == rule_set(str(path)) == tuple(rules.values())
    assert [r.id for r in rule_set(f"{path},nhs-2")][-1] == "nhs-2"
    chart = control_chart([0.0, 1.6, 1.7, 0.1, 1.8, 0.2], center=0.0, sigma=1.0, rules=str(path))
    assert [(s.rule, s.point, s.run) for s in chart.signals] == [("plant-7-2", 5, (2, 3, 5))]
    assert chart.signals[0].text == "three of four points beyond 1.5 sigma on one side (above)."


def test_a_file_without_a_name_lends_its_own_and_may_only_include(tmp_path: Path) -> None:
    own = read_rules(written(tmp_path, '[[rule]]\ntest="within"\npoints=3\nsigma=1', "Linie Süd (2).toml"))
    assert [r.id for r in own.rules] == ["linie-süd-2-1"]
    path = written(tmp_path, 'include = ["anhoej", "westgard"]')
    assert chosen(path).whole_stage == ("anhoej",)
    assert len(chosen(path).rules) == 5


ONE = "[[rule]]\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "plant.toml is not valid TOML: Invalid value (at end of document)"),
        ('name = "a"\nrule = = 3', "line 2"),
        ("", "plant.toml holds no rule"),
        ("nmae = 'x'", "plant.toml has the key 'nmae'"),
        ("name = 3", "name must be a text"),
        ("name = '!'", "name must be a text"),
        ("name = 'Nelson'", "belongs to a published set"),
        ("include = 'nelson'", "include must be a list of names"),
        ("include = [1]", "include must be a list of names"),
        ("include = ['nelsen']", "plant.toml, include: rules 'nelsen' is unknown; did you mean nelson?"),
        ("include = ['other.toml']", "it may name published rules only"),
        ("[rule]\ntest = 'limits'", "with two brackets"),
        ("rule = [1]", "with two brackets"),
        (ONE + "id = 'x'", "plant.toml, rule 1 ('x'): test is missing; known are limits, beyond"),
        (ONE + "test = 'beyound'", "rule 1: the test 'beyound' is unknown"),
        (ONE + "test = ['limits']", "the test ['limits'] is unknown"),
        (ONE + "test = 'limits'\nsigma = 2", "the test 'limits' has no key 'sigma'; it takes test, id and words"),
        (ONE + "test = 'beyond'\nsigma = 2", "the test 'beyond' needs the key 'points'"),
        (ONE + "test = 'within'\npoints = 5", "the test 'within' needs the key 'sigma'"),
        (ONE + "test = 'trend'\npoints = 2", "points must be a whole number from 3 to 100, not 2"),
        (ONE + "test = 'trend'\npoints = 101", "points must be a whole number from 3 to 100, not 101"),
        (ONE + "test = 'trend'\npoints = 6.0", "points must be a whole number"),
        (ONE + "test = 'beyond'\npoints = 3\nleast = 4", "least must be a whole number from 1 to 3, not 4"),
        (ONE + "test = 'beyond'\npoints = 3\nsigma = -1", "sigma must be a number from 0 to 10, not -1"),
        (ONE + "test = 'opposite'\nsigma = 0", "sigma must be a number above 0 to 10, not 0"),
        (ONE + "test = 'beyond'\npoints = 1", "fires everywhere"),
        (ONE + "test = 'beyond'\npoints = 5\nleast = 1", "fires everywhere"),
        (ONE + "test = 'limits'\nid = 'nhs-1'", "the id 'nhs-1' belongs to a published rule"),
        (ONE + "test = 'limits'\nid = '1'", "id must be a word"),
        (ONE + "test = 'limits'\nid = '<b>'", "id must be a word"),
        (ONE + "test = 'limits'\nid = 'a'\n" + ONE + "test = 'limits'\nid = 'a'", "rule 2 ('a'): the id 'a' is also"),
        (ONE + "test = 'limits'\nid = 'plant-2'\n" + ONE + "test = 'limits'", "rule 2: the id 'plant-2' is also"),
        (ONE + "test = 'limits'\nwords = \"a\\nb\"", "words must be one line"),
        ((ONE + "test = 'limits'\n") * 101, "holds 101 rules; at most 100"),
        ("a = " + "[" * 5000, "is not valid TOML"),
        ("a = " + "9" * 5000, "is not valid TOML"),
        ("#" * 1_000_001, "larger than a megabyte"),
    ],
)
def test_own_rules_are_refused_by_file_rule_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        rule_set(path)
    assert told in str(caught.value)
    assert "plant.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml does not exist"):
        rule_set(str(tmp_path / "missing.toml"))
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(SettingsError, match="is a folder"):
        read_toml(tmp_path / "folder.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(SettingsError, match="not text in UTF-8"):
        read_toml(tmp_path / "latin.toml")


POOL = ["0", "1", "2", "-1", "101", "1.5", "nan", "inf", "-inf", "1e400", "true", '""', '"x"', "[]", "{}",
        "1979-05-27", "0x" + "f" * 6000]  # fmt: skip


@pytest.mark.parametrize("test", ["limits", "beyond", "trend", "alternating", "within", "outside", "opposite"])
@pytest.mark.parametrize("key", ["points", "least", "sigma", "id", "words", "test"])
def test_any_value_is_a_rule_or_a_refusal(tmp_path: Path, test: str, key: str) -> None:
    fits = {"test": f'"{test}"'}
    if test in ("beyond", "trend", "alternating", "within", "outside"):
        fits["points"] = "5"
    if test in ("beyond", "within", "outside", "opposite"):
        fits["sigma"] = "1"
    taken = 0
    for value in POOL:
        lines = "\n".join(f"{k} = {v}" for k, v in {**fits, key: value}.items())
        got = understood(written(tmp_path, ONE + lines))
        if isinstance(got, str):
            assert got.startswith("plant.toml, rule 1")
            assert len(got) < 250
            continue
        taken += 1
        assert [r.pattern.test for r in got] == [test]
        assert got[0].words
        assert np.isfinite(got[0].pattern.zone)
    some_fit = key in ("id", "words") or (key == "sigma" and key in fits) or (test == "beyond" and key == "least")
    assert (taken > 0) == (some_fit or (key == "points" and test in ("beyond", "within", "outside")))
