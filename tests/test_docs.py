"""The pages say what the code does."""

from __future__ import annotations

import dataclasses
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import sigmatool as st
from conftest import ROOT
from sigmatool.charts.catalogue import MAKERS
from sigmatool.cli import main
from sigmatool.designs import DESIGNS
from sigmatool.numbers.guaranteed import guaranteed_width
from sigmatool.numbers.run_length_shewhart import shewhart
from sigmatool.numbers.sigma_dof import dof_individuals, dof_subgroups

CHARTS = (ROOT / "docs" / "charts.md").read_text(encoding="utf-8")


def test_every_kind_and_setting_is_on_the_page() -> None:
    rows = [line for line in CHARTS.splitlines() if line.startswith("| `")]
    for kind in MAKERS:
        row = next(r for r in rows if f"`{kind}`" in r.split("|")[1])
        for field in dataclasses.fields(DESIGNS[kind]) if kind in DESIGNS else ():
            default = (
                str(field.default).lower() if isinstance(field.default, bool) else f"{field.default}".removesuffix(".0")
            )
            assert f"`{field.name}={default}" in row.replace("range\\|sd", "range"), (kind, field.name)


def test_the_prices_on_the_page_are_the_computed_ones() -> None:
    x = np.random.default_rng(1).normal(0, 1, 25)
    prices = re.findall(r"\| `([\w-]+)` \| in (\d+) %[^|]*\| (\d+) \|", CHARTS)
    assert [name for name, _, _ in prices] == ["1", "western-electric", "nelson"]
    for rules, share, arl in prices:
        found = st.control_chart(x, rules=rules).false_alarm
        assert found.this_chart is not None
        assert found.arl is not None
        assert (round(100 * found.this_chart), round(found.arl)) == (int(share), int(arl))


def test_the_examples_in_python_run() -> None:
    for name in ("README.md", "docs/charts.md"):
        for block in re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), flags=re.S):
            exec(compile(re.sub(r'\.save\("reports/[^"]+"\)', ".document()", block), name, "exec"), {})


def test_the_commands_on_the_page_of_limits_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    told = {}
    for block in re.findall(r"```sh\n(.*?)```", text, flags=re.S):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            done = CliRunner().invoke(main, words[1:])
            assert done.exit_code == 0, (line, done.output)
            told[" ".join(words[1:3])] = done.output
    assert len(told) == 9
    assert "RECALCULATE" in told["limits advise"]
    assert "guaranteed: with 90 % chance" in told["limits freeze"]
    assert "2 entries, all as they were written" in told["limits verify"]


def test_the_commands_on_the_page_of_operations_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", text, flags=re.S)
    told = []
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        done = CliRunner().invoke(main, words[1:])
        told.append((words[1], done.exit_code))
    assert told == [("review", 0), ("control-plan", 0), ("monitor", 4), ("signals", 0), ("gate", 4)]
    assert "Hypercare of deaths per births cannot end yet" in (tmp_path / "handover/gate.html").read_text()


def test_the_commands_on_the_page_of_waste_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "lean.md").read_text(encoding="utf-8")
    for name, table in re.findall(r"```csv (\S+)\n(.*?)```", text, flags=re.S):
        (tmp_path / name).write_text(table)
    told = {}
    for block in re.findall(r"```sh\n(.*?)```", text, flags=re.S):
        words = shlex.split(block.replace("\\\n", " "))
        done = CliRunner().invoke(main, words[1:])
        assert done.exit_code == 0, done.output
        told[words[2]] = " ".join(done.stdout.split())
    assert list(told) == ["pareto", "yield", "oee"]
    assert "Fell: seal." in told["pareto"]
    assert "the hidden factory" in told["yield"]
    assert "OEE after SMED" in told["oee"]


def test_the_widths_on_the_page_of_limits_are_the_computed_ones() -> None:
    text = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| (\d+) (?:values|subgroups of (\d+)), ([\w ]+) \| ([\d.]+) \|[^|]*\| (\d+), ([\d.]+),", text)
    names = {"moving range": "moving-range", "mean range": "rbar"}
    assert len(rows) == 8
    for points, size, name, width, one, two in rows:
        method, n = names.get(name, name), int(points)
        dof = dof_subgroups(np.full(n, int(size)), method) if size else dof_individuals(n, method)
        found = guaranteed_width(n, dof, 0.9, 370.4)
        assert found == pytest.approx(float(width), abs=0.0051)
        seen = [shewhart(found, shift).mean for shift in (1.0, 2.0)]
        assert seen == pytest.approx([float(one), float(two)], rel=0.01)


def test_the_commands_of_the_plan_run(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", page, flags=re.S)
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    sigmatool = f'{sys.executable} -c "from sigmatool.cli import main; main()"'
    script = re.sub(r"^sigmatool ", f"{sigmatool} ", block, flags=re.M)
    done = subprocess.run(["sh", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "CAN_ANSWER" in done.stdout
    assert "25 more than the 28 planned" in " ".join(done.stdout.split())
    assert {p.name for p in (tmp_path / "plans").iterdir()} == {
        "baseline.csv",
        "contact.toml",
        "plan.html",
        "review.html",
    }
