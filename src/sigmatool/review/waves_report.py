"""The page of a rollout in waves: the answer first, then the sites, the evidence, and what was taken for granted."""

from __future__ import annotations

from ..charts.record import footer
from ..render.document import (
    Answer,
    Block,
    Chip,
    Chips,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Tone,
)
from ..render.numeral import Numeral
from .method_report import SCALES
from .page_parts import method_and_record, path_table, report_card
from .waves_picture import forest, forest_caption, picture_caption, site_values, values_caption
from .waves_result import SiteResult, Waves
from .waves_wording import change, effect_sentence, level, mean_effect, span, told
from .words import TONE, number, probability

_TONE: dict[str, Tone] = {"better": "good", "worse": "bad"}
_FINDING = {
    "better": "better",
    "worse": "worse",
    "not shown": "no change shown on its own",
    "control": "never live (control)",
    "no own increment": "live throughout or too short",
}
_QUESTIONS = ("Better?", "Because of the rollout?", "Steady?", "Alike at all sites?")


def document(w: Waves) -> Document:
    """The report, page by page."""
    sections = (_answer(w), _sites(w), _evidence(w), report_card(w.report_card), _method(w))
    live = sum(s.go_live is not None for s in w.sites)
    kept = f", {len(w.controls)} not" if w.controls else ""
    when = f"{live} sites went live{kept}; {w.findings.n_before} points before and {w.findings.n_after} after"
    return Document(w.title, sections, when, footer(w.provenance))


def _answer(w: Waves) -> Section:
    chips = tuple(Chip(q, a, d, t) for q, (a, d, t) in zip(_QUESTIONS, w.answers, strict=True))
    blocks: list[Block] = [
        Answer(w.verdict, w.sentence, w.next_action, TONE[w.verdict], w.qualifiers),
        KeyFigures(_key_figures(w)),
        Chips(chips),
        FigureBlock(w.figure(), picture_caption(w)),
        *(Paragraph(c.text, "note") for c in w.caveats),
    ]
    return Section("The answer", tuple(blocks), "answer")


def _key_figures(w: Waves) -> tuple[KeyFigure, ...]:
    e, mean = w.effect, mean_effect(w)
    figures = [
        KeyFigure(change(w, e.difference), f"mean change of {w.metric}", f"95 % interval {span(w, mean)}"),
        KeyFigure(_counted(w), "sites better on their own", _others(w)),
    ]
    if e.ratio is not None and e.ratio_low is not None and w.scale != "continuous":
        low, high = number(e.ratio_low), number(e.ratio_high)
        figures.append(KeyFigure(f"× {number(e.ratio)}", "level after over before", f"95 % interval {low} to {high}"))
    if w.dose is not None:
        full = w.dose.full
        figures.append(KeyFigure(change(w, full.difference), "at full adoption", f"95 % interval {span(w, full)}"))
    return tuple(figures)


def _counted(w: Waves) -> str:
    own = [s for s in w.sites if s.increment is not None]
    return f"{sum(s.finding == 'better' for s in own)} of {len(own)}"


def _others(w: Waves) -> str:
    own = [s for s in w.sites if s.increment is not None]
    worse = sum(s.finding == "worse" for s in own)
    return f"{worse} worse, {sum(s.finding == 'not shown' for s in own)} not shown"


def _sites(w: Waves) -> Section:
    blocks: list[Block] = [Paragraph(effect_sentence(w), "lead"), FigureBlock(forest(w), forest_caption(w)), _table(w)]
    blocks.append(Paragraph(w.differ))
    if w.dose is not None:
        blocks.append(Paragraph(f"At full adoption the effect is {told(w, w.dose.full)}; {w.dose.finding}."))
    blocks.append(FigureBlock(site_values(w), values_caption(w)))
    return Section("Sites", tuple(blocks), "sites", page_break=True)


def _table(w: Waves) -> Table:
    columns = (
        "site", "live from", "before", "after", "level before", "change", "95 % interval", "finding", "since then",
    )  # fmt: skip
    tones: tuple[Tone, ...] = tuple(_TONE.get(s.finding, "neutral") for s in w.sites)
    return Table(columns, tuple(_row(w, s) for s in w.sites), "The sites in order of their go-live", tones=tones)


def _row(w: Waves, s: SiteResult) -> tuple[str | int, ...]:
    own = s.increment
    return (
        s.name, s.go_live or "never", s.n_before, s.n_after, level(w, s.level_before) if s.n_before else "",
        "" if own is None else change(w, own.difference), "" if own is None else span(w, own), _FINDING[s.finding],
        "" if s.steady_after is None else "steady" if s.steady_after else "not steady",
    )  # fmt: skip


def _evidence(w: Waves) -> Section:
    path = path_table(w.why())
    rows = tuple(
        (
            r.id, r.question, "" if r.estimate is None else number(r.estimate),
            "" if r.low is None or r.high is None else f"{number(r.low)} to {number(r.high)}",
            "" if r.p is None else Numeral(probability(r.p).replace(" ", "\u00a0"), r.p),
            "" if r.level is None else number(r.level), r.finding,
        )
        for r in w.evidence
    )  # fmt: skip
    columns = ("", "question", "estimate", "95 % interval", "p", "held against", "finding")
    table = Table(columns, rows, "The evidence, all sites together; p values are one-sided")
    return Section("Is it the rollout?", (path, table), "rollout", page_break=True)


def _method(w: Waves) -> Section:
    r = w.rows
    account = (
        f"{r.read} read = {r.used} used + {r.missing} missing + {r.excluded} in the wash-out + {r.dropped} dropped"
    )
    model = (
        ("Judged on", SCALES[w.scale]),
        ("Model", "a level a site, a level a period, an effect since each site's own go-live that may differ by site"),
        ("Noise", "AR(1) or slow wander behind white noise in each site, integrated out over a fixed grid"),
    )
    method = Paragraph(
        "Sites that are not yet live show what would have happened anyway, so that no trend, season or shock that all "
        "sites share can pass for an effect. What remains to be asked is whether the change came with each site's own "
        "go-live, and whether early sites were on another course before it."
    )
    return method_and_record(w, method, model, account)
