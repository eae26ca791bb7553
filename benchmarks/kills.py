"""Kill `limits freeze` and `monitor` at random moments, thousands of times: is anything lost, torn, or told twice?

    python -m benchmarks.kills --kills 10000 --seed 20261126

A parent that has everything imported forks a child; the child freezes, or monitors and tells into a log, until it is
killed (SIGKILL) after a random time. After each kill the ledger or the state is opened and checked.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

import sigmatool as st
from sigmatool.ledger import faults, read_ledger
from sigmatool.monitoring.formats import FORMATS
from sigmatool.monitoring.monitor import Watch
from sigmatool.monitoring.signals import read_signals
from sigmatool.monitoring.store import Store

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
PLAN = """schema = "sigmatool.control-plan/1"
[[characteristic]]
name = "wait"
limits = "wait.toml"
[characteristic.data]
source = "new.csv"
value = "wait"
time = "day"
"""


def killed(work: object, longest: float, rng: random.Random) -> bool:
    """Run in a child and kill it after a random time; whether it was still at work."""
    child = os.fork()
    if not child:
        try:
            work()  # type: ignore[operator]
        finally:
            os._exit(0)
    time.sleep(rng.random() * longest)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def freezing(folder: Path, kills: int, rng: random.Random) -> Counter[str]:
    """Freeze without end into a ledger; every entry that was there stays, and the chain holds."""
    chart = st.control_chart(np.random.default_rng(1).normal(10, 1, 40))
    found: Counter[str] = Counter()
    number, had = 0, 0
    for i in range(kills):
        if had > 60:
            number, had = number + 1, 0
        ledger = folder / f"ledger-{number}.toml"

        def work(ledger: Path = ledger) -> None:
            while True:
                st.freeze_limits(chart, ledger, by="A", reason="kill", force=True)

        found["hit"] += killed(work, 0.15, rng)
        if ledger.exists():
            entries = read_ledger(ledger)
            found["broken chain"] += bool(faults(entries))
            found["lost"] += len(entries) < had
            had = len(entries)
        found["kills"] = i + 1
    found["entries"] = sum(len(read_ledger(p)) for p in folder.glob("ledger-*.toml"))
    found["left over"] = len(list(folder.glob(".sigmatool-*")))
    return found


def monitoring(folder: Path, kills: int, rng: random.Random) -> Counter[str]:
    """Monitor overlapping deliveries; in the end every signal stands, and is told once (again only after a cut)."""
    found: Counter[str] = Counter()
    days = pd.date_range("2026-01-01", periods=240).strftime("%Y-%m-%d")
    made = np.random.default_rng(2)
    base = pd.DataFrame({"day": days[:40], "wait": made.normal(10, 1, 40)})
    new = pd.DataFrame({"day": days[40:], "wait": np.r_[made.normal(10, 1, 150), made.normal(11.5, 1, 50)]})
    frames = [new.iloc[i : i + 45] for i in range(0, 200, 30)]
    round_ = 0
    while found["kills"] < kills:
        round_ += 1
        here = folder / str(round_)
        here.mkdir()
        plan, log, state = here / "plan.toml", here / "told.log", here / "monitor.sqlite"
        plan.write_text(PLAN)
        chart = st.control_chart(base, "i-mr", value="wait", time="day")
        st.freeze_limits(chart, here / "wait.toml", by="A", reason="r", force=True, at=NOW)

        def work(plan: Path = plan, log: Path = log) -> None:
            with log.open("ab", buffering=0) as out:
                for frame in frames:
                    with Watch(plan, data=frame, at=NOW) as watch:
                        out.write(FORMATS["jsonl"](watch.result).encode())

        for _ in range(100):
            found["hit"] += killed(work, 0.1, rng)
            found["kills"] += 1
            if state.is_file():
                with Store(state) as store:
                    found["torn"] += store.fault() != ""
        work()
        wanted = st.control_chart(new, value="wait", time="day", limits=here / "wait.toml")
        want = {(s.panel, s.rule, wanted.axis.labels[s.point - 1]) for s in wanted.signals}
        held = read_signals(state).signals
        stand = {(s["panel"], s["rule"], s["label"]) for s in held if s["withdrawn_at"] is None}
        told: Counter[int] = Counter()
        again: Counter[int] = Counter()
        for line in log.read_text().splitlines():
            alarm = json.loads(line)
            (again if alarm["again"] else told)[alarm["number"]] += 1
        found["signals"] += len(want)
        found["lost"] += len(want - stand) + sum(s["number"] not in told and s["number"] not in again for s in held)
        found["not of the data"] += len(stand - want)
        found["told twice unmarked"] += sum(count > 1 for count in told.values())
        found["told again, marked"] += sum(again.values())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261126)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    for name, study in (("freeze", freezing), ("monitor", monitoring)):
        with tempfile.TemporaryDirectory() as place:
            found = study(Path(place), asked.kills // 2, rng)
        print(name, json.dumps(found))


if __name__ == "__main__":
    main()
