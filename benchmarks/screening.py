"""How quick is a screen? Beside the bare sort of the same rows, beside a loop over single charts, and under a memory limit.

    python -m benchmarks.screening                     # 1e7 rows and 2,000 x 250, interleaved (a minute)
    python -m benchmarks.screening --rows 100000000    # 1e8 rows under 1 GB as well (minutes, 1 GB of disk)

Ours and the other are timed in turn in one run, each the best of its repetitions; peaks are those of a process of its
own, with its threads.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from benchmarks.peers import python_of

STREAMS = 10_000
SEED = 20261126


def made(folder: Path, rows: int, streams: int, texts: bool = False) -> Path:
    """Rows in the order of time, all streams interleaved; a tenth of the streams shifts half-way."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / f"{rows}-{streams}.parquet"
    n, rng = rows // streams, np.random.default_rng(SEED)
    stream = np.arange(streams, dtype=np.int32)
    names = pa.array([f"line-{k}" for k in stream]) if texts else pa.array(stream)
    writer = None
    piece = max(1_000_000 // streams, 1)
    for first in range(0, n, piece):
        at = np.arange(first, min(first + piece, n))
        value = np.round(rng.normal(50, 2, (at.size, streams)), 3)
        value[np.ix_(at >= n // 2, stream < streams // 10)] += 1.5
        table = pa.table(
            {
                "stream": names.take(pa.array(np.tile(stream, at.size))),
                "at": pa.array(np.repeat(at * 60_000_000 + 1_700_000_000_000_000, streams), pa.timestamp("us")),
                "value": value.ravel(),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None
    writer.close()
    return path


def bare_sort(path: Path, limit: str | None = None) -> float:
    """DuckDB sorts the same rows by stream and time and hands them on as Arrow; nothing else."""
    import duckdb

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as temp, duckdb.connect() as con:
        con.execute(f"SET temp_directory = '{temp}'")
        if limit:
            con.execute(f"SET memory_limit = '{limit}'")
        reader = con.sql(f'SELECT stream, "at", value FROM \'{path}\' ORDER BY stream, "at"').to_arrow_reader(500_000)
        assert sum(batch.num_rows for batch in reader)
    return time.perf_counter() - start


def whole_screen(path: Path, limit: str | None = None) -> float:
    import sigmatool as st

    start = time.perf_counter()
    found = st.screen(path, stream="stream", value="value", time="at", lsl=40, usl=60, memory_limit=limit)
    assert found.screened
    return time.perf_counter() - start


_LOOP = """
import sys, time
import numpy as np, pccpy
x = np.load(sys.argv[1])
pccpy.imr_chart(x[0], tests="all")
start = time.perf_counter()
for stream in x:
    pccpy.imr_chart(stream, tests="all")
    pccpy.capability_analysis(stream, lsl=40.0, usl=60.0)
print(time.perf_counter() - start)
"""


def loop_of_charts(rival: Path, matrix: Path) -> float:
    """What people do today: one chart and one capability a stream, in the rival's own environment, warm and in memory."""
    done = subprocess.run([rival, "-c", _LOOP, matrix], capture_output=True, text=True, check=True)
    return float(done.stdout)


def best(calls: dict[str, Callable[[], float]], repeat: int) -> dict[str, float]:
    """Each call in turn, over and over; the best of each."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeat):
        for name, call in calls.items():
            found[name].append(call())
    return {name: min(times) for name, times in found.items()}


def peak(path: Path, limit: str) -> tuple[float, float]:
    """Seconds and peak in MB of a screen in a process of its own."""
    script = (
        "import resource, sys; from pathlib import Path; from benchmarks.screening import whole_screen\n"
        f"t = whole_screen(Path({str(path)!r}), {limit!r})\n"
        "print(t, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    seconds, held = map(float, done.stdout.split())
    return seconds, held


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=10_000_000)
    asked.add_argument("--repeat", type=int, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large = made(Path(folder), 10_000_000, STREAMS)
        whole_screen(large)
        found = best({"sort": lambda: bare_sort(large), "screen": lambda: whole_screen(large)}, given.repeat)
        ratio = found["screen"] / found["sort"]
        print(
            f"1e7 rows, 10,000 streams: bare sort {found['sort']:.2f} s, screen {found['screen']:.2f} s: "
            f"{ratio:.2f} times; {10 / found['screen']:.1f} million rows a second"
        )
        small = made(Path(folder), 500_000, 2_000, texts=True)
        calls: dict[str, Callable[[], float]] = {"screen": lambda: whole_screen(small)}
        rival = python_of("pccpy")
        if rival.exists():
            import pandas as pd

            matrix = Path(folder) / "matrix.npy"
            held = pd.read_parquet(small).sort_values(["stream", "at"], kind="stable")
            np.save(matrix, held["value"].to_numpy().reshape(2_000, 250))
            calls["loop"] = lambda: loop_of_charts(rival, matrix)
        else:
            print("the loop over single charts is left out: benchmarks/peers.py installs its rival")
        found = best(calls, min(given.repeat, 3))
        told = f"2,000 x 250: screen {found['screen']:.2f} s"
        if "loop" in found:
            told += f", pccpy stream by stream {found['loop']:.2f} s: {found['loop'] / found['screen']:.0f} times"
        print(told)
        if given.rows > 10_000_000:
            huge = made(Path(folder), given.rows, given.rows // 1_000)
            seconds, held = peak(huge, "1GB")
            print(f"{given.rows:.0e} rows, memory limit 1 GB: {seconds:.1f} s, peak {held:,.0f} MB")


if __name__ == "__main__":
    main()
