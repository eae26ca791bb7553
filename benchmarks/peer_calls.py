"""What does one tool need for one task? A fresh process of the tool's own interpreter, started by ``peers.py``.

    python benchmarks/peer_calls.py time TOOL TASK     one line of JSON: seconds, signals, peak memory, versions
    python benchmarks/peer_calls.py marks TOOL TASK    one line of JSON: the marked positions of each rule, from 0

Needs numpy and the tool. The docstring of a call says what is inside the clock, and is printed with the results.
"""

from __future__ import annotations

import importlib
import json
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from importlib import metadata
from typing import Any

import numpy as np

SIZES: dict[str, tuple[int, ...]] = {
    "imr-1e3": (1_000,),
    "imr-1e5": (100_000,),
    "imr-1e6": (1_000_000,),
    "xbar-r-1e5x5": (100_000, 5),
    "streams-2000x250": (2_000, 250),
    "capability-1e6": (1_000_000,),
}
REPEATS = {"imr-1e3": 21, "imr-1e5": 5, "imr-1e6": 2, "xbar-r-1e5x5": 5, "streams-2000x250": 2, "capability-1e6": 5}
WARM_UP = {"imr": 60, "xbar-r": 60, "streams": 3, "capability": 60}
MODULES = {"sigmatool": "sigmatool", "sentences": "sigmatool", "capstat-core": "capstat_core"}

Marks = dict[str, list[int]]


def kind_of(task: str) -> str:
    """``imr-1e5`` is ``imr``: the last part is the size."""
    return task.rpartition("-")[0]


def make(task: str) -> np.ndarray:
    """In-control normal data, mean 100, standard deviation 2; the same for every tool."""
    return np.random.default_rng(1).normal(100.0, 2.0, SIZES[task])


def sigmatool_imr(x: np.ndarray) -> int:
    """`control_chart(x)`: both panels, eight Nelson rules on the individuals, points beyond the limits on the moving
    ranges; `len(chart.signals)`. The sentence of a signal is made when it is asked for."""
    import sigmatool as st

    return len(st.control_chart(x).signals)


def sentences_imr(x: np.ndarray) -> int:
    """The same, and every signal built with its run of points and its sentence."""
    import sigmatool as st

    return len([signal.text for signal in st.control_chart(x).signals])


def sigmatool_xbar_r(x: np.ndarray) -> int:
    """`control_chart(x, "xbar-r", rules="1")`: points beyond the limits on means and on ranges; `len(chart.signals)`."""
    import sigmatool as st

    return len(st.control_chart(x, "xbar-r", rules="1").signals)


def sigmatool_capability(x: np.ndarray) -> int:
    """`capability(x, lsl=90, usl=110)`, everything looked at: stability, normality, sigma, indices, Z.bench, shares
    outside; intervals counted."""
    import sigmatool as st

    found = st.capability(x, lsl=90.0, usl=110.0)
    every = [*found.indices.values(), *found.z_bench.values(), *(part.total for part in found.ppm.values())]
    return sum(1 for estimate in every if estimate.low == estimate.low)


def pccpy_capability(x: np.ndarray) -> int:
    """`capability_analysis(x, lsl=90, usl=110)`: intervals of Pp and Ppk (2)."""
    import pccpy

    return 2 if pccpy.capability_analysis(x, lsl=90.0, usl=110.0) else 0


def shewhart_capability(x: np.ndarray) -> int:
    """`capability(x, lsl=90, usl=110)`: intervals counted (`..._lci`)."""
    import shewhart

    return sum(1 for name in shewhart.capability(x, lsl=90.0, usl=110.0).stats if str(name).endswith("_lci"))


def _batch(x: np.ndarray) -> Any:
    """The eight marks of each stream, each an array of the shape of ``x``."""
    from sigmatool.numbers.shewhart import individuals

    return individuals(x).fired


def sigmatool_streams(x: np.ndarray) -> int:
    """`individuals(x)` once: centre, limits and the marks of eight Nelson rules for every stream; marks counted."""
    return sum(int(np.count_nonzero(marks)) for marks in _batch(x))


def pccpy_imr(x: np.ndarray) -> int:
    """`imr_chart(x, tests="all")`: eight tests on the individuals, test 1 on the moving ranges; violations counted."""
    import pccpy

    return sum(len(at) for panel in pccpy.imr_chart(x, tests="all").panels for at in panel.violations.values())


def pccpy_streams(x: np.ndarray) -> int:
    """`imr_chart(stream, tests="all")` for each stream; violations on the individuals counted."""
    import pccpy

    charts = (pccpy.imr_chart(stream, tests="all") for stream in x)
    return sum(len(at) for chart in charts for at in chart.panels[0].violations.values())


def capstat_core_xbar_r(x: np.ndarray) -> int:
    """`xbar_r_chart(x)`: `location.violations` counted, points beyond the limits on means."""
    import capstat_core

    return len(capstat_core.xbar_r_chart(x).location.violations)


def shewhart_imr(x: np.ndarray) -> int:
    """`imr(x, rules="nelson")`: eight rules; `len(signals)` (it merges overlapping runs)."""
    import shewhart

    return len(shewhart.imr(x, rules="nelson").signals)


def shewhart_streams(x: np.ndarray) -> int:
    """`imr(stream, rules="nelson")` for each stream; `len(signals)`."""
    return sum(shewhart_imr(stream) for stream in x)


def pycontrolcharts_streams(x: np.ndarray) -> int:
    """`calc_xmr(stream.tolist())` for each stream: it has five of the eight tests (1, 2, 3, 5, 6); marked points
    counted."""
    import pycontrolcharts

    charts = (pycontrolcharts.calc_xmr(stream.tolist()) for stream in x)
    return sum(1 for chart in charts for violation in chart.violations if violation)


def sigmatool_imr_marks(x: np.ndarray) -> Marks:
    import sigmatool as st

    chart = st.control_chart(x)
    marks: Marks = {str(rule): [] for rule in range(1, 9)} | {"moving range": []}
    for signal in chart.signals:
        individual = signal.panel == chart.panels[0].name
        marks[signal.rule.rpartition("-")[2] if individual else "moving range"].append(signal.point - 1)
    return marks


def pccpy_imr_marks(x: np.ndarray) -> Marks:
    import pccpy

    individuals, ranges = pccpy.imr_chart(x, tests="all").panels
    marks = {str(rule): [int(i) for i in at] for rule, at in individuals.violations.items()}
    return marks | {"moving range": [int(i) for i in ranges.violations[1]]}


def sigmatool_xbar_r_marks(x: np.ndarray) -> Marks:
    import sigmatool as st

    chart = st.control_chart(x, "xbar-r", rules="1")
    return {"1": [s.point - 1 for s in chart.signals if s.panel == chart.panels[0].name]}


def capstat_core_xbar_r_marks(x: np.ndarray) -> Marks:
    import capstat_core

    return {"1": [int(i) for i in capstat_core.xbar_r_chart(x).location.violations]}


def sigmatool_streams_marks(x: np.ndarray) -> Marks:
    return {str(rule): np.flatnonzero(marks).tolist() for rule, marks in enumerate(_batch(x), start=1)}


def pccpy_streams_marks(x: np.ndarray) -> Marks:
    import pccpy

    marks: Marks = {str(rule): [] for rule in range(1, 9)}
    for number, stream in enumerate(x):
        for rule, at in pccpy.imr_chart(stream, tests="all").panels[0].violations.items():
            marks[str(rule)] += [int(i) + number * stream.size for i in at]
    return marks


def call_of(tool: str, task: str, suffix: str = "") -> Callable[[np.ndarray], Any]:
    """The function of a tool for a kind of task."""
    name = "_".join((tool, kind_of(task))).replace("-", "_") + suffix
    return globals()[name]  # type: ignore[no-any-return]


def version_of(tool: str) -> str:
    if MODULES.get(tool) == "sigmatool":
        return str(importlib.import_module("sigmatool").__version__)
    return metadata.version(tool)


def timed(tool: str, task: str) -> dict[str, Any]:
    """Import and a small warm-up outside the clock, then the call a few times."""
    call, x = call_of(tool, task), make(task)
    call(x[: WARM_UP[kind_of(task)]])
    seconds = []
    for _ in range(REPEATS[task]):
        start = time.perf_counter()
        signals = call(x)
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    return {
        "seconds": statistics.median(seconds), "all_seconds": seconds, "signals": signals, "peak_mb": peak,
        "version": version_of(tool), "numpy": np.__version__,
    }  # fmt: skip


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    what, tool, task = sys.argv[1:]
    print(json.dumps(timed(tool, task) if what == "time" else call_of(tool, task, "_marks")(make(task))))
