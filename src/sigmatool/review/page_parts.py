"""Parts that the pages of one review, of rollouts in waves and of many streams share."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..charts.record import record
from ..numbers.estimate import Estimate
from ..render.document import Block, Bullets, Paragraph, Section, Table
from ..result import Result
from .result import Check
from .stage_numbers import StageNumbers
from .why import Why
from .words import HOW_OFTEN_WRONG


def path_table(why: Why) -> Table:
    """How the decision table came to the verdict, step by step."""
    rows = tuple(
        (place, step.question, step.answer, f"{step.row}: {step.evidence}", step.otherwise or "the same")
        for place, step in enumerate(why.steps, 1)
    )
    columns = ("step", "asked in this order", "answer", "evidence", "had it been the other way")
    return Table(columns, rows, f"The path to {why.verdict}: the first row of the decision table that fits decides")


def report_card(checks: Sequence[Check], rates: tuple[str, ...] = ()) -> Section:
    """One row an assumption, and how often such a verdict is wrong even where they hold."""
    columns = ("assumption", "result", "if it is wrong", "what to do")
    rows = tuple((c.check, c.result, c.consequence, c.action) for c in checks)
    tones = tuple(c.tone for c in checks)
    table = Table(columns, rows, "What the verdict takes for granted", tones=tones)
    wrong: tuple[Block, ...] = (Paragraph(HOW_OFTEN_WRONG, "lead"), Bullets(rates)) if rates else ()
    return Section("Report card", (*wrong, table), "report-card", page_break=True)


def method_and_record(r: Result, method: Paragraph, model: Sequence[tuple[str, str]], account: str) -> Section:
    """The method, what was modelled, the account of the rows, and what it takes to make the page again."""
    return record(r, model, account=account, before=(method,), title="Method and record", id="method")


_COLUMNS = ("stage", "points", "mean", "95 % interval", "standard deviation", "95 % interval", "smallest", "largest")


def numbers_table(stages: tuple[StageNumbers, ...], put: Callable[[float], str]) -> Table:
    """Stages beneath each other; ``put`` writes a level."""

    def ends(e: Estimate) -> str:
        return "-" if math.isnan(e.low) else f"{put(e.low)} to {put(e.high)}"

    rows = tuple(
        (s.name, s.n, put(s.mean.value), ends(s.mean), put(s.sd.value), ends(s.sd), put(s.minimum), put(s.maximum))
        for s in stages
    )
    return Table(_COLUMNS, rows, _CAPTION)


_CAPTION = "The judged points of each stage; intervals allow for the resemblance of neighbouring points"
