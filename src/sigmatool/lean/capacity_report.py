"""The page of a capacity check: the answer, how long work waits, how likely is too much, who is promised twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..charts.report import MOST_ROWS
from ..charts.words import number, percent, rounded, whole
from ..render.document import (
    Block,
    Cell,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Tone,
)
from . import capacity_words as words
from .allocation_report import section as allocation_section
from .capacity_picture import curve, periods

if TYPE_CHECKING:
    from .capacity_result import CapacityCheck


def document(r: CapacityCheck) -> Document:
    """The whole page."""
    p = r.periods
    sections = [_answer(r), _waiting(r), _busy(r)]
    if r.allocation is not None:
        sections.append(allocation_section(r.allocation))
    sections.append(record(r, _facts(r)))
    subtitle = f"{p.n:,} periods, {p.labels[0]} to {p.labels[-1]}; {whole(round(p.arrivals.sum()))} arrivals"
    return Document(r.title, tuple(sections), subtitle, footer(r.provenance))


def _answer(r: CapacityCheck) -> Section:
    blocks: list[Block] = [
        Paragraph(r.headline, "lead"),
        KeyFigures(_figures(r)),
        FigureBlock(periods(r), _caption(r), _by_period(r)),
        Paragraph(words.goal_line(r)),
    ]
    staff = words.staff_line(r)
    if staff:
        blocks.append(Paragraph(staff))
    blocks.append(Paragraph(words.PROCESS, "note"))
    blocks += [Paragraph(c.text, "note") for c in r.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _figures(r: CapacityCheck) -> tuple[KeyFigure, ...]:
    s, last = r.study, r.study.use[-1]
    with_them = " with projects" if s.projects else ""
    figures = [
        KeyFigure(
            percent(last.overall.value), f"of hours busy{with_them}", _detail(words.interval(last.overall, True))
        ),
        _wait(r, with_them),
        KeyFigure(
            words.chance(last.mean_chance), f"chance of overload{with_them}",
            f"{last.over:,} of {r.periods.n:,} periods seen had more work than hours",
        ),
    ]  # fmt: skip
    if s.room is not None:
        figures.append(
            KeyFigure(
                f"{number(s.room.median.value)} hours", "could go to projects in a typical period",
                f"in nine periods of ten {number(s.room.nine_of_ten)}",
            )
        )  # fmt: skip
    return tuple(figures)


def _wait(r: CapacityCheck, with_them: str) -> KeyFigure:
    last = len(r.study.use) - 1
    if r.growth(last) > 0:
        label = f"by which the backlog grows in a period{with_them}"
        return KeyFigure(f"{number(r.growth(last))} hours", label, "waiting grows without bound")
    told = r.study.queues.each[-1].told
    return KeyFigure(
        f"{words.amount(r, told.value)} {r.unit}",
        f"mean wait{with_them}",
        _detail(words.wait(r, told)),
    )


def _detail(interval: str) -> str:
    """What stands in brackets."""
    return interval.partition("(")[2].partition(")")[0]


def _caption(r: CapacityCheck) -> str:
    two = "Grey: all hours; blue: the hours that projects leave. " if r.study.projects else ""
    return f"Above: work as a share of the hours there. Beneath: the chance of more work than hours. {two}".strip()


def _by_period(r: CapacityCheck) -> Table:
    frame = r.to_frame()
    caption = "Every period"
    if len(frame) > MOST_ROWS:
        caption = f"The first {MOST_ROWS:,} of {len(frame):,} periods; the table of the result holds all"
        frame = frame.head(MOST_ROWS)
    last = "with_projects" if r.study.projects else "without_projects"
    columns: list[tuple[str, list[Cell]]] = [
        ("period", frame["period"].tolist()),
        ("arrivals", [number(v, 6) for v in frame["arrivals"]]),
        (f"handling, {r.unit}", [number(v, 4) for v in frame["handling"]]),
        ("people", [number(v, 4) for v in frame["staff"]]),
    ]
    if r.study.projects:
        columns += [
            ("project hours", [number(v, 4) for v in frame["project_hours"]]),
            ("busy without", [percent(v) for v in frame["utilisation_without_projects"]]),
        ]
    columns += [
        ("busy", [percent(v) for v in frame[f"utilisation_{last}"]]),
        ("chance of overload", [words.chance(v) for v in frame[f"chance_of_overload_{last}"]]),
        ("wait by formula", [number(v) for v in frame[f"wait_{last}"]]),
        ("simulated", [number(v) for v in frame[f"simulated_wait_{last}"]]),
    ]
    if r.study.room is not None:
        columns += [("people needed", [number(v) for v in frame["staff_needed"]])]
    return Table(tuple(name for name, _ in columns), tuple(zip(*(held for _, held in columns), strict=True)), caption)


def _waiting(r: CapacityCheck) -> Section:
    q = r.study.queues
    within = f"served within {rounded(q.within)} {r.unit}"
    rows: list[tuple[Cell, ...]] = []
    tones: list[Tone] = []
    for i, each in enumerate(q.each):
        name = words.account(r, i)
        rows.append(
            (
                f"{name}, formula",
                words.amount(r, each.formula.mean),
                percent(each.formula.share_waiting),
                percent(each.formula.share_within),
                words.gap_told(each.gap),
            )
        )
        error = f" (standard error {rounded(each.simulated.error, 2)})"
        rows.append(
            (
                f"{name}, simulated",
                words.amount(r, each.simulated.mean) + error,
                percent(each.simulated.share_waiting),
                percent(each.simulated.share_within),
                "",
            )
        )
        tones += ["open" if abs(each.gap) > 0.1 else "neutral", "neutral"]
    columns = ("account", f"mean wait, {r.unit}", "have to wait", within, "formula off by")
    blocks: list[Block] = [
        Table(columns, tuple(rows), "Over all periods, weighted by arrivals", tones=tuple(tones)),
        Paragraph(words.source_line(r)),
    ]
    if q.difference is not None and not r.growth(1):
        blocks.append(Paragraph(_cost(r)))
    blocks.append(FigureBlock(curve(r), words.CURVE))
    return Section("How long work waits", tuple(blocks), "waiting")


def _cost(r: CapacityCheck) -> str:
    q, p = r.study.queues, r.periods
    share = percent(float(p.project.sum() / p.there.sum()))
    told = "" if q.difference is None else words.wait(r, q.difference)
    return (
        f"Projects take {number(float(p.project.sum()))} person-hours, {share} of those there. What that costs "
        f"operations: {told} more waiting for each arrival, with the same arrivals and the same handling "
        "times."
    )


def _busy(r: CapacityCheck) -> Section:
    rows = tuple(
        (
            words.account(r, i), words.interval(use.overall, True), percent(use.sd, 2),
            f"{percent(float(use.by_period.min())).removesuffix(' %')} to {percent(float(use.by_period.max()))}",
            f"{use.over:,} of {r.periods.n:,}", number(float(use.backlog.sum())) if use.over else "none",
            words.chance(use.mean_chance), words.chance(float(use.chance.max())),
        )
        for i, use in enumerate(r.study.use)
    )  # fmt: skip
    columns = (
        "account", "busy (interval)", "sd of periods", "least to most", "periods with more work than hours",
        "hours left over", "chance of overload", "in the worst period",
    )  # fmt: skip
    table = Table(columns, rows, "How busy people are")
    return Section("How likely is too much work?", (table, Paragraph(words.chance_line(r))), "overload")


def _facts(r: CapacityCheck) -> tuple[tuple[str, str], ...]:
    s, q = r.study, r.study.queues
    spread = "given" if r.periods.handling_sd is not None else "not given"
    arrivals = (
        f"{number(float(r.periods.arrivals.sum() / r.periods.hours.sum()))} an hour; dispersion "
        f"{number(s.dispersion)}; squared variation between arrivals {number(q.scv_arrivals)}"
    )
    facts = [
        ("Arrivals", arrivals),
        (
            "Handling time",
            f"mean {number(s.handling, 4)} {r.unit}; squared variation {number(q.scv_handling)} ({spread})",
        ),
        ("Intervals", f"{percent(r.confidence, 4)}; {words.INTERVALS}"),
    ]
    if r.allocation is not None:
        facts.append(("Allocation table hash", r.allocation.sha256))
    return tuple(facts)
