"""The command line, end to end: results on standard output, mistakes in one sentence, files whole or not at all."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import ROOT, without_ours
from sigmatool.cli import main
from sigmatool.cli.commands import chart as chart_command
from sigmatool.cli.commands import review as review_command
from sigmatool.cli.commands import selftest as selftest_command

REVIEW = ["-y", "deaths", "-n", "births", "-x", "month", "--rollout", "1847-06", "--better", "lower"]
DATA = str(ROOT / "datasets" / "semmelweis.csv")


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(args), input=stdin)


def refused(result: Result, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("sigmatool: ")
    for word in words:
        assert word in lines[0]


def test_review_as_json() -> None:
    result = run("review", DATA, *REVIEW, "--json")
    assert result.exit_code == 0
    held = json.loads(result.stdout)
    assert held["verdict"] == "IMPROVED_STABLE"
    assert held["effect"]["ratio"]["high"] < 0.5


def test_review_in_words() -> None:
    result = run("review", DATA, *REVIEW)
    assert "IMPROVED_STABLE" in result.stdout
    assert "Next: Hand over" in result.stdout
    assert "\x1b" not in result.stdout


def test_the_command_on_the_page_makes_the_same_result() -> None:
    import shlex

    held = json.loads(run("review", DATA, *REVIEW, "--json").stdout)
    words = shlex.split(held["provenance"]["command"])
    again = json.loads(run(*words[1:], "--json").stdout)
    assert again == held


@pytest.mark.parametrize("suffix", [".html", ".json", ".md", ".png", ".svg"])
def test_every_format_is_written(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    result = run("review", DATA, *REVIEW, "-o", str(target), "--quiet")
    assert result.exit_code == 0, result.output
    assert target.stat().st_size > 1000
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


def test_unknown_suffix_writes_nothing(tmp_path: Path) -> None:
    refused(run("review", DATA, *REVIEW, "-o", str(tmp_path / "x.doc"), "--quiet"), 2, ".doc", ".html")
    assert not list(tmp_path.iterdir())


def test_standard_input() -> None:
    text = Path(DATA).read_text()
    runner = CliRunner().invoke(main, ["review", "-", *REVIEW, "--json"], input=text)
    assert json.loads(runner.stdout)["verdict"] == "IMPROVED_STABLE"


def test_exit_codes_when_gating(tmp_path: Path) -> None:
    assert run("review", DATA, *REVIEW, "--quiet", "--fail-on", "worse,insufficient").exit_code == 0
    assert run("review", DATA, *REVIEW, "--quiet", "--fail-on", "improved_stable").exit_code == 1
    short = tmp_path / "short.csv"
    short.write_text("y\n" + "\n".join(str(3 + i % 5) for i in range(24)))
    few = ["review", str(short), "--rollout", "20", "--better", "lower", "--quiet", "--fail-on", "insufficient"]
    assert run(*few).exit_code == 4
    assert run("chart", DATA, "-y", "deaths", "-n", "births", "--quiet", "--fail-on", "signals").exit_code == 1


def test_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "review.toml"
    file.write_text('value = "deaths"\nsize = "births"\ntime = "month"\nrollout = "1847-06"\nbetter = "lower"\n')
    held = json.loads(run("review", DATA, "--settings", str(file), "--json").stdout)
    assert held["verdict"] == "IMPROVED_STABLE"
    file.write_text('colour = "red"\n')
    refused(run("review", DATA, "--settings", str(file)), 2, "colour")


@pytest.mark.parametrize("command", [review_command, chart_command])
def test_options_are_parameters(command: object) -> None:
    import sigmatool as st

    function = st.review if command is review_command else st.control_chart
    parameters = set(inspect.signature(function).parameters)
    options = {p.name for p in command.params}  # type: ignore[attr-defined]
    delivery = {"out", "as_json", "quiet", "fail_on", "settings", "sheet", "query", "paper", "locale", "pack", "by"}
    assert options - delivery == parameters
    assert function.__kwdefaults__["title"] is None


def test_selftest(tmp_path: Path) -> None:
    import sigmatool as st

    parameters = set(inspect.signature(st.selftest).parameters)
    delivery = {"out", "as_json", "quiet", "paper", "locale"}
    assert {p.name for p in selftest_command.params} - delivery == parameters
    done = run("selftest", "--area", "multivariate", "--area", "run_charts")
    assert done.exit_code == 0
    assert "All 8 reference cases pass" in done.stdout
    reference = json.loads((ROOT / "tests" / "reference" / "run_charts.json").read_text())
    reference["cases"][1]["expected"]["longest_run"] = 12
    (tmp_path / "run_charts.json").write_text(json.dumps(reference))
    failed = run("selftest", "--area", "run_charts", "--folder", str(tmp_path), "--json")
    assert failed.exit_code == 1
    (case,) = [c for c in json.loads(failed.stdout)["cases"] if not c["passed"]]
    assert case["failures"] == [{"key": "longest_run", "expected": "12", "got": "11"}]
    text = run("selftest", "--area", "run_charts", "--folder", str(tmp_path))
    assert text.exit_code == 1
    assert "longest_run" in text.stdout
    refused(run("selftest", "--area", "gage"), 2, "'gage'", "arl")
    refused(run("selftest", "--folder", str(tmp_path / "none")), 2, "none")


BAD = {
    "text": ("month,deaths,births\n1847-01,3,100\n1847-02,n?a,100\n1847-03,2,100\n", ("row 2", "'deaths'", "'n?a'")),
    "infinite": ("month,deaths,births\n1847-01,3,100\n1847-02,inf,100\n1847-03,2,100\n", ("deaths", "row 2")),
    "negative": ("month,deaths,births\n1847-01,3,100\n1847-02,-1,100\n1847-03,2,100\n", ("deaths", "-1", "row 2")),
    "more": ("month,deaths,births\n1847-01,3,100\n1847-02,101,100\n1847-03,2,100\n", ("row 2", "101", "births")),
    "zero": ("month,deaths,births\n1847-01,3,100\n1847-02,0,0\n1847-03,2,100\n", ("births", "row 2")),
    "empty": ("", ("empty",)),
    "header": ("month,deaths,births\n", ("no rows",)),
    "missing": ("month,death,births\n1847-01,3,100\n1847-02,1,90\n", ("'deaths'", "'death'")),
    "wide": ("month,deaths,births\n1847-01,3,100,7,7\n1847-02,1,90\n", ("line 2", "5 cells")),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_tables_are_refused(tmp_path: Path, name: str) -> None:
    text, words = BAD[name]
    file = tmp_path / f"{name}.csv"
    file.write_text(text)
    out = tmp_path / "out.html"
    refused(run("review", str(file), *REVIEW, "-o", str(out)), 3, *words)
    assert not out.exists()


def test_bad_files_are_refused(tmp_path: Path) -> None:
    refused(run("review", str(tmp_path / "no.csv"), *REVIEW), 3, "no.csv")
    refused(run("review", str(tmp_path), *REVIEW), 3, "folder")
    rubbish = tmp_path / "rubbish.csv"
    rubbish.write_bytes(bytes(range(256)) * 40)
    refused(run("review", str(rubbish), *REVIEW), 3, "rubbish.csv", "binary")
    long = tmp_path / "long.csv"
    with long.open("wb") as file:
        for _ in range(200):
            file.write(b"x" * 1_000_000)
    refused(run("review", str(long), *REVIEW), 3, "long.csv", "line")


def test_rollout_must_lie_inside(tmp_path: Path) -> None:
    for when, words in (("1950-01", "1849-03"), ("1840-01", "1841-01"), ("1849-03", "only 1 usable point after")):
        options = ["-y", "deaths", "-n", "births", "-x", "month", "--rollout", when, "--better", "lower"]
        refused(run("review", DATA, *options), 3, words)


def test_order_and_ties_are_said(tmp_path: Path) -> None:
    lines = Path(DATA).read_text().splitlines()
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join([lines[0], *lines[:0:-1], lines[5]]) + "\n")
    held = json.loads(run("review", str(shuffled), *REVIEW, "--json").stdout)
    codes = {c["code"] for c in held["caveats"]}
    assert {"order-sorted", "time-ties"} <= codes


def test_strange_names_and_cells_are_harmless(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    rows = [f'{i},{50 + (i * 7) % 11},"=HYPERLINK(""http://x"")"' for i in range(1, 41)]
    file = tmp_path / "strange.csv"
    file.write_text(f"point,{name},note\n" + "\n".join(rows) + "\n")
    out = tmp_path / "strange.html"
    result = run("review", str(file), "-y", name, "-x", "point", "--rollout", "21", "--better", "lower", "-o", str(out))
    assert result.exit_code == 0, result.output
    page = out.read_text()
    assert "<script" not in without_ours(page)
    assert "&lt;script&gt;" in page
    refused(run("review", str(file), "-y", "note", "--rollout", "21", "--better", "lower"), 3, "HYPERLINK", "row 1")


def test_wrong_usage_is_two() -> None:
    assert run("review", DATA).exit_code == 2
    assert run("review", DATA, *REVIEW[:-1], "sideways").exit_code == 2
    assert run("nonsense").exit_code == 2


def test_datasets(tmp_path: Path) -> None:
    listed = run("datasets", "list").stdout
    assert all(name in listed for name in ("semmelweis", "nile", "contact_centre", "deployments", "filling"))
    assert "Semmelweis" in run("datasets", "show", "semmelweis").stdout
    run("datasets", "export", "nile", str(tmp_path))
    assert {p.name for p in tmp_path.iterdir()} == {"nile.csv", "nile.md"}
    refused(run("datasets", "show", "nyle"), 2, "nile")


def test_help_imports_nothing_heavy() -> None:
    heavy = "('numpy', 'pandas', 'scipy')"
    script = f"import sys; from sigmatool.cli import main; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_kill_leaves_no_torn_report(tmp_path: Path) -> None:
    """Kill the process at many moments: the report is the old one, or the new one, whole."""
    import signal
    import time

    out = tmp_path / "r.html"
    old = b"<html>old</html>\n"
    new = run("review", DATA, *REVIEW, "-o", str(tmp_path / "new.html"), "--quiet")
    assert new.exit_code == 0
    fresh = (tmp_path / "new.html").read_bytes()
    script = "from sigmatool.cli import main; main()"
    for pause in (0.6, 0.9, 1.1, 1.3, 1.5, 1.7):
        out.write_bytes(old)
        command = [sys.executable, "-c", script, "review", DATA, *REVIEW, "-o", str(out), "--quiet"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert out.read_bytes() in (old, fresh)
