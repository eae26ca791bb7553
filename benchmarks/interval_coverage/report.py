"""The table of the study as one Markdown page; what lies outside its bar is marked, with the reason."""

from __future__ import annotations

import math

from .cells import LABEL, SIZES, Cell, Missed
from .reasons import reason_of
from .registry import CELLS
from .run import Results

BAR = (0.93, 0.97)
"""Coverage of a 95 % interval that the study asks for; other levels lie as far about their own."""


def page(found: Results, command: str) -> str:
    """The whole page; cells that were not run are left out."""
    rows = [row for cell in CELLS if all((cell.key, n) in found for n in SIZES) for row in _rows(cell, found)]
    inside = sum(not row[-1] for row in rows)
    lines = [
        "# How often the intervals hold the truth",
        "",
        f"Made by `{command}`; the seed of every cell is written in it (label: {LABEL}).",
        "Nominal level 95 % unless the interval says otherwise. A cell holds the share of samples whose interval covers the",
        "truth, in percent; exact sums over all outcomes have no error, simulations have the one given for n = 30. "
        f"{inside} of {len(rows)}",
        f"rows lie between {100 * BAR[0]:.0f} and {100 * BAR[1]:.0f} % at every size; the others are marked and explained.",
    ]
    family = ""
    for cell, name, values, error, note in rows:
        if cell.family != family:
            family = cell.family
            lines += [
                "",
                f"## {family}",
                "",
                "| data | interval | n = 30 | 100 | 500 | error | why |",
                "|---|---|---:|---:|---:|---:|---|",
            ]
        told = " | ".join(values)
        lines.append(f"| {cell.data} | {name} | {told} | {error} | {note} |")
    return "\n".join(lines) + "\n"


def _rows(cell: Cell, found: Results) -> list[tuple[Cell, str, list[str], str, str]]:
    out = []
    for name in cell.truths:
        missed = [found[cell.key, n][name] for n in SIZES]
        outside = [not _inside(m, _level(cell, name)) for m in missed]
        values = [f"**{_told(m)}**" if off else _told(m) for m, off in zip(missed, outside, strict=True)]
        error = "exact" if missed[0].error == 0 else f"{100 * missed[0].error:.1f}"
        out.append((cell, name, values, error, reason_of(cell, name) if any(outside) else ""))
    return out


def _level(cell: Cell, name: str) -> float:
    return 0.90 if name.endswith("90 %") else cell.level


def _inside(m: Missed, level: float) -> bool:
    shift = level - 0.95
    return math.isnan(m.coverage) or BAR[0] + shift <= round(m.coverage, 3) <= BAR[1] + shift


def _told(m: Missed) -> str:
    return "none" if math.isnan(m.coverage) else f"{100 * m.coverage:.1f}"
