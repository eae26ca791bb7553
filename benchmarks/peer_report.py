"""The comparison with the rivals as one Markdown page."""

from __future__ import annotations

from typing import Any

from peer_calls import call_of

TITLES = {
    "imr-1e3": "I-MR, eight Nelson rules, 1,000 points",
    "imr-1e5": "I-MR, eight Nelson rules, 100,000 points",
    "imr-1e6": "I-MR, eight Nelson rules, 1,000,000 points",
    "xbar-r-1e5x5": "Xbar-R, 100,000 subgroups of 5, from a matrix",
    "streams-2000x250": "2,000 streams of 250 points, eight Nelson rules",
    "capability-1e6": "Capability with all intervals, 1,000,000 points",
}
NAMES = {"sentences": ("sigmatool", ", with sentences")}
RESULT = {True: "pass", False: "**MISSED**", None: ""}


def duration(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def rows(titles: tuple[str, ...], lines: list[tuple[str, ...]], right: tuple[int, ...] = ()) -> list[str]:
    """A Markdown table; ``right``: columns of numbers."""
    rule = ["---:" if i in right else "---" for i in range(len(titles))]
    return ["| " + " | ".join(cells) + " |" for cells in (titles, rule, *lines)]


def measured(cells: dict[tuple[str, str], Any]) -> list[tuple[str, ...]]:
    lines = []
    for (task, tool), cell in cells.items():
        work = " ".join((call_of(tool, task).__doc__ or "").split())
        name, more = NAMES.get(tool, (tool, ""))
        if not cell.measured:
            lines.append((TITLES[task], f"{name}{more}", work, "", f"**{cell.failure or 'not run'}**", "", ""))
            continue
        times = [run["seconds"] for run in cell.runs]
        lines.append(
            (
                TITLES[task],
                f"{name} {cell.runs[-1]['version']}{more}",
                work,
                f"{cell.runs[-1]['signals']:,}",
                duration(cell.median()),
                f"{duration(min(times))} to {duration(max(times))}",
                f"{cell.median('peak_mb'):.0f}",
            )
        )
    return lines


def agreed(same: list[Any]) -> list[tuple[str, ...]]:
    """One line a task where all marks are the same, and one for each rule with a difference."""
    lines = []
    for task in dict.fromkeys(row.task for row in same):
        here = [row for row in same if row.task == task]
        equal = [row for row in here if not row.differ]
        if equal:
            rules = ", ".join(row.rule for row in equal)
            count = f"{sum(row.ours for row in equal):,}"
            lines.append((TITLES[task], here[0].rival, rules, count, count, "0", "the same points"))
        for row in here:
            if row.differ:
                verdict = f"{row.why}: all explained" if not row.unexplained else f"**{row.unexplained} unexplained**"
                lines.append(
                    (TITLES[task], row.rival, row.rule, f"{row.ours:,}", f"{row.theirs:,}", str(row.differ), verdict)
                )
    return lines


def report(
    cells: dict[tuple[str, str], Any],
    held: list[Any],
    same: list[Any],
    problems: list[str],
    *,
    rounds: int,
    machine: str,
) -> str:
    """Bars first, then what was measured, then whether the tools marked the same points."""
    numpy = sorted({run["numpy"] for cell in cells.values() for run in cell.runs})
    verdicts = [(TITLES[bar.task], bar.what, bar.measured, bar.wanted, RESULT[bar.passed]) for bar in held]
    lines = [
        "# Speed beside the strongest rivals",
        "",
        "Made by `python benchmarks/peers.py --out docs/speed.md` (`make bench` prints it), which puts each rival at its",
        "exact version into a virtual environment of its own. Each time is the median of "
        f"{rounds} round{'s' if rounds > 1 else ''}; a round is a fresh",
        "process of each tool in turn, one thread, import and a small warm-up outside the clock, then the median of a few",
        "calls (two at a million points). All tools get the same seeded normal data, mean 100, standard deviation 2.",
        "",
        f"Machine: {machine}; numpy {', '.join(numpy)} on all sides.",
        "",
        "## Bars",
        "",
        *rows(("task", "sigmatool is", "measured", "bar", "result"), verdicts, (2, 3)),
        "",
        "## Measured",
        "",
        *rows(
            ("task", "tool", "inside the clock", "signals or intervals", "median", "rounds", "peak MB"),
            measured(cells),
            (3, 4, 5, 6),
        ),
        "",
        "## Do they mark the same points?",
        "",
        *rows(
            ("task", "rival", "rules", "sigmatool", "rival's", "differ", "why"),
            agreed(same),
            (3, 4, 5),
        ),
    ]
    if problems:
        lines += ["", *(f"- **{problem}**" for problem in problems)]
    return "\n".join(lines) + "\n"
