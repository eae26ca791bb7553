"""Is sigmatool faster than the strongest rivals? Side by side in one run: the second half of `make bench`.

    python benchmarks/peers.py [--rounds 5] [--tasks imr-1e3,imr-1e5] [--json FILE] [--out FILE]

Each rival lives at its exact version in a virtual environment of its own under .bench/, made on the first run.
A measurement is a fresh process on one thread (``peer_calls.py``); rounds are interleaved and their order rotates.
Exits with 1 when a bar is missed, a rival cannot be measured, or marks differ that no convention explains.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent / ".bench"
NUMPY, SCIPY, PANDAS = "numpy==2.4.6", "scipy==1.17.1", "pandas==3.1.1"
PINS: dict[str, tuple[str, ...]] = {
    "pccpy": ("pccpy==0.16.2", NUMPY, SCIPY, PANDAS),
    "capstat-core": ("capstat-core==0.4.3", NUMPY, SCIPY),
    "shewhart": ("shewhart==0.1.1", NUMPY, SCIPY, PANDAS),
    "pycontrolcharts": ("pycontrolcharts==0.1.2", NUMPY, PANDAS),
}
IMR = ("sigmatool", "pccpy", "sentences", "shewhart")
TASKS: dict[str, tuple[str, ...]] = {
    "imr-1e3": IMR,
    "imr-1e5": IMR,
    "imr-1e6": IMR,
    "xbar-r-1e5x5": ("sigmatool", "capstat-core"),
    "streams-2000x250": ("sigmatool", "pccpy", "shewhart", "pycontrolcharts"),
    "capability-1e6": ("sigmatool", "pccpy", "shewhart"),
}
OURS = ("sigmatool", "sentences")
TIMES: dict[tuple[str, str], float] = {
    ("imr-1e3", "pccpy"): 5,
    ("imr-1e5", "pccpy"): 20,
    ("imr-1e6", "pccpy"): 20,
    ("xbar-r-1e5x5", "capstat-core"): 2,
    ("streams-2000x250", "pccpy"): 20,
    ("streams-2000x250", "shewhart"): 20,
    ("streams-2000x250", "pycontrolcharts"): 20,
    ("capability-1e6", "pccpy"): 1,
    ("capability-1e6", "shewhart"): 1,
}
MEGABYTES = {"imr-1e6": 300.0}
SAME_MARKS = {
    task: "capstat-core" if task.startswith("xbar") else "pccpy" for task in TASKS if task != "capability-1e6"
}
LIMIT = 600


@dataclass
class Cell:
    """All runs of one tool on one task, or why there are none."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    failure: str = ""

    def median(self, key: str = "seconds") -> float:
        return statistics.median(run[key] for run in self.runs)

    @property
    def measured(self) -> bool:
        return bool(self.runs) and not self.failure


Cells = dict[tuple[str, str], Cell]


@dataclass(frozen=True)
class Bar:
    """What was promised, what was measured; ``passed`` is None where nothing was promised."""

    task: str
    what: str
    measured: str
    wanted: str
    passed: bool | None


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no output"])[-1][:160]


def environment(rival: str) -> str:
    """Why the rival cannot be used; empty when its virtual environment stands. A new pin makes a new environment."""
    folder = home(rival)
    ready = folder / ".ready"
    wanted = "\n".join(PINS[rival])
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
        return ""
    shutil.rmtree(folder, ignore_errors=True)
    pip = [str(python_of(rival)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PINS[rival]]
    for words in ([sys.executable, "-m", "venv", str(folder)], pip):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"not installed: {last_line(done.stderr or done.stdout)}"
    ready.write_text(wanted, encoding="utf-8")
    return ""


def home(rival: str) -> Path:
    return ENVIRONMENTS / PINS[rival][0].replace("==", "-")


def python_of(tool: str) -> Path:
    if tool in OURS:
        return Path(sys.executable)
    return home(tool) / ("Scripts" if os.name == "nt" else "bin") / "python"


def run(what: str, tool: str, task: str) -> dict[str, Any]:
    """One fresh process; raises RuntimeError with its last words."""
    # Left in, these two would tune the linear algebra of one wheel and not of another.
    env = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    env |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    alone = [] if tool in OURS else ["-I"]
    words = [str(python_of(tool)), *alone, str(HERE / "peer_calls.py"), what, tool, task]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, env=env, timeout=LIMIT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"failed: {error}"[:160]) from error
    if done.returncode:
        raise RuntimeError(f"failed: {last_line(done.stderr)}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def measure(tasks: Iterable[str], rounds: int) -> Cells:
    """Every task, round by round, the tools in turn; the tool that starts a round changes."""
    absent = {rival: environment(rival) for rival in sorted({t for task in tasks for t in TASKS[task]} - set(OURS))}
    cells = {(task, tool): Cell(failure=absent.get(tool, "")) for task in tasks for tool in TASKS[task]}
    for task in tasks:
        tools = TASKS[task]
        for number in range(rounds):
            for tool in (*tools[number % len(tools) :], *tools[: number % len(tools)]):
                cell = cells[task, tool]
                if cell.failure:
                    continue
                try:
                    cell.runs.append(run("time", tool, task))
                except RuntimeError as error:
                    cell.failure = str(error)
                    continue
                pinned = "" if tool in OURS else PINS[tool][0].partition("==")[2]
                if pinned and cell.runs[-1]["version"] != pinned:
                    cell.failure = f"failed: version {cell.runs[-1]['version']} instead of {pinned}"
                print(f"round {number + 1} {task} {tool}: {cell.runs[-1]['seconds']:.4g} s", file=sys.stderr)
    return cells


def bars(cells: Cells) -> list[Bar]:
    """Ratios of medians, and peak memory; a tool that was not measured misses its bar."""
    found = []
    for (task, rival), cell in cells.items():
        if rival in OURS:
            continue
        for side in OURS:
            ours = cells.get((task, side))
            if ours is None:
                continue
            wanted = TIMES.get((task, rival)) if side == "sigmatool" else None
            what = f"{'' if side == 'sigmatool' else 'with every sentence, '}times as fast as {rival}"
            target = "" if wanted is None else f"at least {wanted:g}"
            if not (ours.measured and cell.measured):
                found.append(Bar(task, what, ours.failure or cell.failure or "not run", target, False))
                continue
            ratio = cell.median() / ours.median()
            found.append(Bar(task, what, f"{ratio:.1f}", target, None if wanted is None else ratio >= wanted))
    for task, most in MEGABYTES.items():
        if (task, "sigmatool") in cells:
            ours = cells[task, "sigmatool"]
            peak = max((one["peak_mb"] for one in ours.runs), default=0.0)
            good = ours.measured and peak < most
            text = f"{peak:.0f} MB" if ours.measured else ours.failure
            found.append(Bar(task, "peak memory of the process", text, f"under {most:g} MB", good))
    return found


def agreement(cells: Cells) -> tuple[list[Any], list[str]]:
    """Marks compared rule by rule, and what could not be compared."""
    # Imported after the last measurement: a child's peak memory starts from its parent's, so the parent stays small.
    from peer_agreement import compare
    from peer_calls import make

    rows: list[Any] = []
    problems = []
    for task in dict.fromkeys(task for task, _ in cells):
        if task not in SAME_MARKS:
            continue
        rival = SAME_MARKS[task]
        if cells[task, rival].failure or cells[task, "sigmatool"].failure:
            problems.append(f"{task}: marks not compared with {rival}, one side was not measured.")
            continue
        try:
            rows += compare(task, rival, make(task), run("marks", "sigmatool", task), run("marks", rival, task))
        except RuntimeError as error:
            problems.append(f"{task}: marks not compared with {rival}: {error}")
    return rows, problems


def main() -> int:
    from peer_report import report

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="fresh processes of each tool on each task (5)")
    parser.add_argument("--tasks", default=",".join(TASKS), help="some of: %(default)s")
    parser.add_argument("--json", type=Path, help="every single run, the bars and the agreement")
    parser.add_argument("--out", type=Path, help="the report as Markdown")
    given = parser.parse_args()
    tasks = given.tasks.split(",")
    if unknown := [task for task in tasks if task not in TASKS]:
        parser.error(f"task {unknown[0]!r} is unknown; known are {', '.join(TASKS)}")
    if given.rounds < 1:
        parser.error(f"--rounds {given.rounds} must be at least 1")
    load = os.getloadavg()[0]
    cells = measure(tasks, given.rounds)
    held = bars(cells)
    same, problems = agreement(cells)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at the start"
    text = report(cells, held, same, problems, rounds=given.rounds, machine=machine)
    print(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    if given.json:
        runs = {f"{task} {tool}": vars(cell) for (task, tool), cell in cells.items()}
        record = {"machine": machine, "rounds": given.rounds, "pins": PINS, "runs": runs}
        record |= {"bars": [vars(bar) for bar in held], "agreement": [vars(row) for row in same], "problems": problems}
        given.json.write_text(json.dumps(record, indent=1), encoding="utf-8")
    bad = any(bar.passed is False for bar in held) or problems or any(row.unexplained for row in same)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
