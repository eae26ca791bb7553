"""Error and power as pictures: by the number of points and the autocorrelation, ours beside what is usually done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .run import Result
from .scenarios import GRID_PHI, GRID_SIZES

JUDGES = (
    (("naive",), "Welch's test", "#D55E00", "s", "--"),
    (("eight",), "8 in a row on the chart", "#999999", "^", ":"),
    (("credited", "open"), "ours: better, any cause", "#56B4E9", "o", "-"),
    (("credited",), "ours: credited", "#0072B2", "o", "-"),
)
"""Counts, name, color (Okabe and Ito 2008, told apart by the color-blind), marker, line."""

STYLE: dict[Any, Any] = {
    "font.size": 9,
    "font.family": "DejaVu Sans",
    "svg.hashsalt": "sigmatool",
    "svg.fonttype": "none",
}

TRAPS = (
    ("null iid normal 50+50", "nothing happened"),
    ("null AR(1) 0.6 50+50", "nothing happened, AR 0.6"),
    ("pre-trend 1 sd total 50+50", "a trend of 1 sd, no step"),
    ("pre-trend 2 sd total 50+50", "a trend of 2 sd, no step"),
    ("pre-trend 2 sd, AR 0.6 50+50", "a trend of 2 sd, no step, AR 0.6"),
    ("adverse pre-trend 2 sd 50+50", "an adverse trend of 2 sd, no step"),
    ("step 2 sd at 1/4 50+50", "a step of 2 sd long before"),
    ("step 2 sd at 3/4 50+50", "a step of 2 sd long after"),
    ("triggered by the worst 6, undeclared, AR 0.6 50+50", "started after the worst stretch, AR 0.6"),
)
"""Cells in which any credit is wrong, and their names in the picture."""


def draw_pictures(results: Sequence[Result], folder: Path) -> list[str]:
    """Draw what the results suffice for; ``name|caption`` of each picture."""
    shares = {
        (r.cell.family, r.cell.before): r
        for r in results
        if r.cell.before == r.cell.after and r.cell.before in GRID_SIZES
    }
    drawn = []
    if _grid_of(shares, _null):
        _error(shares, folder / "error-rates-null.svg")
        drawn.append("error-rates-null.svg|A steady process called improved, by points and autocorrelation")
    if all(_grid_of(shares, lambda phi, step=step: _step(step, phi)) for step in (1.0, 2.0)):
        _power(shares, folder / "error-rates-power.svg")
        drawn.append("error-rates-power.svg|A true step called improved, by points and autocorrelation")
    if _grid_of(shares, lambda phi: _step(1.0, phi)) and ("step 1 sd, control", 24) in shares:
        _controlled(shares, folder / "error-rates-control.svg")
        drawn.append("error-rates-control.svg|A true step credited, with and without a control")
    by_key = {r.cell.key: r for r in results}
    if all(key in by_key for key, _ in TRAPS):
        _traps(by_key, folder / "error-rates-traps.svg")
        drawn.append("error-rates-traps.svg|Credit where none is due, 50 points before and after")
    return drawn


def _null(phi: float) -> str:
    return f"null AR(1) {phi:g}" if phi else "null iid normal"


def _step(step: float, phi: float, control: bool = False) -> str:
    return f"step {step:g} sd" + (", control" if control else "") + (f", AR {phi:g}" if phi else "")


def _grid_of(shares: dict[tuple[str, int], Result], name: Any) -> bool:
    return all((name(phi), n) in shares for phi in GRID_PHI for n in GRID_SIZES)


def _axes(rows: int, height: float) -> tuple[Any, Any]:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update(STYLE)
    figure, axes = plt.subplots(rows, 3, figsize=(8.6, height), sharex=True, sharey=True, squeeze=False)
    for axis in axes.flat:
        axis.set_xscale("log")
        axis.set_xticks(GRID_SIZES, [str(n) for n in GRID_SIZES])
        axis.minorticks_off()
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", color="#e5e5e5", linewidth=0.6)
        axis.set_axisbelow(True)
    for axis, phi in zip(axes[0], GRID_PHI, strict=True):
        axis.set_title(f"autocorrelation {phi:g}" if phi else "independent points", fontsize=9)
    for axis in axes[-1]:
        axis.set_xlabel("points before, and after")
    return figure, axes


def _finish(figure: Any, axes: Any, path: Path, columns: int) -> None:
    import matplotlib.pyplot as plt

    handles, names = axes[0][0].get_legend_handles_labels()
    rows = -(-len(names) // columns)
    figure.legend(handles, names, loc="lower center", ncols=columns, frameon=False, handlelength=3)
    figure.tight_layout(rect=(0, (0.15 + 0.2 * rows) / figure.get_figheight(), 1, 1))
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _curves(axis: Any, shares: dict[tuple[str, int], Result], family: str, judges: Sequence[Any] = JUDGES) -> None:
    for names, label, color, marker, line in judges:
        y = [100 * shares[family, n].share(*names) for n in GRID_SIZES]
        axis.plot(GRID_SIZES, y, line, color=color, marker=marker, markersize=4, linewidth=1.6, label=label)


def _error(shares: dict[tuple[str, int], Result], path: Path) -> None:
    figure, axes = _axes(1, 3.1)
    for axis, phi in zip(axes[0], GRID_PHI, strict=True):
        _curves(axis, shares, _null(phi))
        # a square-root scale, so that shares of 1 and of 90 % are both legible
        axis.set_yscale("function", functions=(lambda y: np.sqrt(np.maximum(y, 0)), np.square))
        axis.set_yticks([0, 2.5, 10, 25, 50, 100], ["0", "2.5", "10", "25", "50", "100"])
        axis.set_ylim(0, 100)
    axes[0][0].set_ylabel("wrongly called improved, %")
    _finish(figure, axes, path, 4)


def _power(shares: dict[tuple[str, int], Result], path: Path) -> None:
    figure, axes = _axes(2, 5.0)
    for row, step in zip(axes, (1.0, 2.0), strict=True):
        for axis, phi in zip(row, GRID_PHI, strict=True):
            _curves(axis, shares, _step(step, phi))
            axis.set_ylim(0, 103)
        row[0].set_ylabel(f"step of {step:g} sd found, %")
    _finish(figure, axes, path, 4)


def _controlled(shares: dict[tuple[str, int], Result], path: Path) -> None:
    figure, axes = _axes(1, 3.4)
    colors = {0.5: "#E69F00", 1.0: "#009E73", 2.0: "#0072B2"}
    for axis, phi in zip(axes[0], GRID_PHI, strict=True):
        for step, color in colors.items():
            for control, line, marker in ((True, "-", "o"), (False, "--", "s")):
                label = f"{step:g} sd, {'control' if control else 'alone'}"
                judge = (("credited",), label, color, marker, line)
                _curves(axis, shares, _step(step, phi, control), [judge])
        axis.set_ylim(0, 103)
    axes[0][0].set_ylabel("credited to the rollout, %")
    _finish(figure, axes, path, 3)


def _traps(by_key: dict[str, Result], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update(STYLE)
    figure, axis = plt.subplots(figsize=(8.6, 3.9))
    rows = range(len(TRAPS), 0, -1)
    for y in rows:
        axis.axhline(y, color="#e5e5e5", linewidth=0.6, zorder=0)
    for names, label, color, marker, _ in (JUDGES[0], JUDGES[1], JUDGES[3]):
        shares = [100 * by_key[key].share(*names) for key, _ in TRAPS]
        axis.plot(shares, rows, marker, color=color, markersize=7, label=label, clip_on=False)
    axis.set_yticks(rows, [name for _, name in TRAPS])
    axis.set_xlim(0, 100)
    axis.set_xlabel("called improved, or credited to the rollout, %")
    axis.tick_params(axis="y", length=0, pad=9)
    axis.spines[["top", "right", "left"]].set_visible(False)
    _finish(figure, [[axis]], path, 3)
