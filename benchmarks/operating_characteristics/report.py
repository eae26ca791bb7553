"""What the study leaves behind: the page with its table, and the data that ship with the package.

``src/sigmatool/review/error_rates.json``: an object with ``label``, ``command``, ``date``, ``replications`` and
``cells``, a list of objects with the keys

- ``family`` (name of the scenario), ``truth`` (a key of ``cells.TRUTHS``), ``kind`` ("continuous", "duration",
  "proportion", "rate", "subgroups", "target", "control", "waves": a panel of sites, ``before`` and ``after`` together its
  periods, judged by a table of its own);
- ``before``, ``after`` (points); ``phi``, ``step``, ``trend`` (in noise standard deviations; ``step`` of proportions
  and rates is the share of events taken away); ``grid`` (true: one of the regular cells: sizes 8 to 200, phi 0 to 0.6);
- ``replications``, and how many of them came to each of these:
  ``credited, open, not_sustained, refuted, stabilised, destabilised, deteriorated, no_change, insufficient`` (disjoint,
  and together all replications); ``dated`` (those of ``refuted`` that name another date, with the true one in the
  set); ``refused`` (those of ``insufficient`` that the door refused); ``judged`` (those with evidence, to which the
  next four refer); ``unstable_before``, ``unstable_after``, ``nelson_after`` (at least one Nelson signal),
  ``signals`` and ``signals_expected`` (sums over the stage after); ``naive``, ``eight``, ``eight_quiet`` (the rival
  judges that call it an improvement); ``asked_X`` and ``covered_X`` for X in ``effect, step, spread, date`` (intervals
  with a known truth, and those that held it). A count that is zero is left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .bars import SHOWN, Verdict, limit
from .cells import LABEL, TRUTHS
from .pictures import draw_pictures
from .registry import JUDGES
from .run import Result
from .scenarios import GRID_SIZES, grid

COLUMNS = (
    (("naive",), "Welch"),
    (("eight",), "8 in a row"),
    (("eight_quiet",), "8, no signal after"),
    (("credited",), "**credited**"),
    (("open",), "cause open"),
    (("not_sustained",), "not sustained"),
    (("refuted",), "refuted"),
    (("dated",), "of these dated"),
    (("stabilised",), "stabilised"),
    (("destabilised",), "destabilised"),
    (("deteriorated",), "deteriorated"),
    (("no_change", "insufficient"), "no change, too few"),
    (("unstable_after",), "unstable after"),
)
COVERAGE = ("effect", "step", "spread", "date")
PAGE = Path("docs") / "error-rates.md"
DATA = Path("src") / "sigmatool" / "review" / "error_rates.json"
PICTURES = Path("docs") / "pictures"


def write(results: Sequence[Result], bars: Sequence[Verdict], folder: Path, label: str) -> None:
    """Write the page, its pictures and the data, at their places under ``folder``."""
    for path in (folder / PAGE, folder / DATA, folder / PICTURES / "x"):
        path.parent.mkdir(parents=True, exist_ok=True)
    day = datetime.now(UTC).date().isoformat()
    names = draw_pictures(results, folder / PICTURES)
    (folder / PAGE).write_text(page(results, bars, label, day, names), encoding="utf-8")
    (folder / DATA).write_text(data(results, label, day), encoding="utf-8")


def command(label: str, replications: int, settled: bool = True) -> str:
    parts = ["python -m benchmarks.operating_characteristics"]
    if replications != 1_000:
        parts.append(f"--replications {replications}")
    if label != LABEL:
        parts.append(f'--label "{label}"')
    if not settled:
        parts.append("--settle 0")
    return " ".join(parts)


def data(results: Sequence[Result], label: str, day: str) -> str:
    """The shipped data, a cell a line."""
    replications = min(result.replications for result in results)
    regular = {cell.key for cell in grid()}
    how = command(label, replications, _settled(results))
    head = {"label": label, "command": how, "date": day, "replications": replications}
    rows = []
    for result in results:
        cell = result.cell
        row: dict[str, Any] = {"family": cell.family, "truth": cell.truth, "kind": cell.kind}
        row |= {"before": cell.before, "after": cell.after, "phi": cell.phi, "step": cell.step, "trend": cell.trend}
        row |= {"grid": cell.key in regular, "replications": result.replications}
        skipped = {"autocorrelation", "date_width"}
        row |= {k: round(v, 1) for k, v in sorted(result.counts.items()) if v and not k.isupper() and k not in skipped}
        rows.append(json.dumps(row, separators=(",", ":")))
    return json.dumps(head)[:-1] + ', "cells": [\n' + ",\n".join(rows) + "\n]}\n"


def page(results: Sequence[Result], bars: Sequence[Verdict], label: str, day: str, pictures: Sequence[str]) -> str:
    """The page: bars, pictures, how to read, tables."""
    replications = min(result.replications for result in results)
    missed = sum(not bar.passed for bar in bars)
    text = [
        "# How often the verdict is wrong",
        "",
        f"Simulated series with a known truth, {_how_many(results)} in each of {len(results)} cells, judged by the verdict "
        "as it stands and by three rivals.",
        f"Made on {day} by `{command(label, replications, _settled(results))}` (as `make study`); the seed of a series is made of the "
        f'label "{label}", the cell and the number of the series. Nothing was tuned on these seeds.',
        "",
        f"## The bars: {len(bars) - missed} of {len(bars)} met",
        "",
        "A bar is met when the 95 % limit (Wilson) of the measured share lies at most one point beyond it, in every cell "
        "that it speaks of.",
        "",
        "| bar | demanded | cells | worst cell | there | 95 % | |",
        "| --- | --- | ---: | --- | ---: | --- | --- |",
    ]
    for v in bars:
        state = "met" if v.passed else f"**{v.state}** in {len(v.missed)}"
        limits = f"{100 * v.low:.1f} to {100 * v.high:.1f}"
        text.append(
            f"| {v.bar.says} | {limit(v.bar)} | {v.cells} | {v.worst} | {100 * v.share:.1f} | {limits} | {state} |"
        )
    text += ["", *_missed(bars), "## Pictures", ""]
    text += [f"![{caption}](pictures/{name})\n" for name, caption in (line.split("|") for line in pictures)]
    text += _how_to_read(replications)
    for truth, says in TRUTHS.items():
        rows = [r for r in results if r.cell.truth == truth and r.cell.judge == "verdict"]
        if rows:
            text += ["", f"## {truth.capitalize()}: {says}", "", *_table(rows)]
    for judge in dict.fromkeys(r.cell.judge for r in results if r.cell.judge != "verdict"):
        rows = [r for r in results if r.cell.judge == judge]
        text += ["", f"## {(JUDGES[judge].__doc__ or judge).splitlines()[0]}", "", *_as_counted(rows)]
    text += ["", *_coverage(results), "", *_stability(results), ""]
    return "\n".join(text)


def _missed(bars: Sequence[Verdict]) -> list[str]:
    out = [f"- {v.bar.says}: {_named(v)}" for v in bars if len(v.missed) > 1]
    return (
        [
            "Missed or not shown in more than one cell, the worst first, with their percentages (*not shown*: the share is within the bar, its limit is not):",
            "",
            *out,
            "",
        ]
        if out
        else []
    )


def _how_many(results: Sequence[Result]) -> str:
    numbers = [result.replications for result in results]
    least, most = min(numbers), max(numbers)
    return f"{least:,}" if least == most else f"{least:,} (up to {most:,} where a bar would be left undecided)"


def _settled(results: Sequence[Result]) -> bool:
    """Whether undecided cells were run on."""
    return len({result.replications for result in results}) > 1


def _named(v: Verdict) -> str:
    more = f", and {len(v.missed) - SHOWN} more" if len(v.missed) > SHOWN else ""
    return "; ".join(f"{key} ({100 * share:.1f})" for key, share in v.missed[:SHOWN]) + more


def _how_to_read(replications: int) -> list[str]:
    error = 100 * (0.025 * 0.975 / replications) ** 0.5
    return [
        "## How to read the tables",
        "",
        f"Percentages of the series; the standard error of a share of 2.5 is {error:.1f} points, of one half "
        f"{50 / replications**0.5:.1f}. Sizes are points before + after.",
        "",
        "- **Rivals**, each calling the series improved: *Welch*, two-sided p < 0.05 for the better; *8 in a row* on the "
        "good side of the old center, as on the usual staged chart; *8, no signal after*, the same with no Nelson signal "
        "(1, 2, 3, 5, 6) on limits recalculated after the rollout.",
        "- **Credited**: a verdict that gives the rollout the credit. *Cause open*: better than before, with a trend that "
        "was running not ruled out: wrong where nothing happened, true under a trend. *Refuted*: the change is not the "
        "rollout's; *dated*: it names another date, and the true one lies in its set.",
        "- **Unstable after**: the stage after fails the test of stability, whatever the verdict.",
    ]


def _table(rows: Sequence[Result]) -> list[str]:
    head = "| series | points | " + " | ".join(title for _, title in COLUMNS) + " |"
    lines = [head, "| --- | --- |" + " ---: |" * len(COLUMNS)]
    for result in rows:
        cell = result.cell
        shares = " | ".join(f"{100 * result.share(*names):.1f}" for names, _ in COLUMNS)
        lines.append(f"| {cell.family} | {cell.before}+{cell.after} | {shares} |")
    return lines


def _as_counted(rows: Sequence[Result]) -> list[str]:
    """The counts of a judge of another kind, by its own names."""
    names = list(dict.fromkeys(name for result in rows for name in result.counts))
    lines = ["| series | points | " + " | ".join(names) + " |", "| --- | --- |" + " ---: |" * len(names)]
    for result in rows:
        shares = " | ".join(f"{100 * result.share(name):.1f}" for name in names)
        lines.append(f"| {result.cell.family} | {result.cell.before}+{result.cell.after} | {shares} |")
    return lines


def _coverage(results: Sequence[Result]) -> list[str]:
    lines = [
        "## Do the intervals hold the truth?",
        "",
        "Nominally 95 %. *Effect*: change of level. *Step*: beyond a common trend. *Spread*: ratio of standard "
        "deviations. *Date*: set of dates; beside it the mean number of dates in the set.",
        "",
        "| series | points | effect | step | spread | date | dates in the set |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        shares = [result.covered(name) for name in COVERAGE]
        if all(share is None for share in shares):
            continue
        cells = ["" if share is None else f"{100 * share:.1f}" for share in shares]
        dated = result.counts["asked_date"]
        cells.append(f"{result.counts['date_width'] / dated:.0f}" if dated else "")
        lines.append(f"| {result.cell.family} | {result.cell.before}+{result.cell.after} | {' | '.join(cells)} |")
    return lines


def _stability(results: Sequence[Result]) -> list[str]:
    lines = [
        "## Is a steady stage called unstable?",
        "",
        "Steady series, the stage after. *Any Nelson signal*: how often rules 1, 2, 3, 5 and 6 mark at least one point of "
        "a steady stage; *seen* and *expected*: their mean number, and the number that the review expects of a steady "
        "stage like this.",
        "",
        "| series | points | called unstable | any Nelson signal | seen | expected |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        cell, counts = result.cell, result.counts
        judged = counts["judged"]
        if cell.truth != "null" or cell.kind != "continuous" or cell.before != cell.after or not judged:
            continue
        if cell.before in GRID_SIZES and cell.family.startswith(("null iid", "null AR")):
            shares = [100 * counts[name] / judged for name in ("unstable_after", "nelson_after")]
            means = [counts[name] / judged for name in ("signals", "signals_expected")]
            lines.append(
                f"| {cell.family} | {cell.before}+{cell.after} | {shares[0]:.1f} | {shares[1]:.1f} "
                f"| {means[0]:.2f} | {means[1]:.2f} |"
            )
    return lines
