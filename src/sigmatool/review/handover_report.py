"""The section of a review that operations sign: exit criteria, control plan, reaction plan, signatures."""

from __future__ import annotations

from typing import TypeGuard

from ..charts.words import shown as words_shown
from ..control_plan.fields import Plan
from ..render.document import Block, Facts, Paragraph, Section, Table, Tone
from ..result import plain
from . import handover_words as words
from .handover import ControlPlan, Handover
from .policy import POLICY
from .result import Review
from .words import counted, number

_TONE: dict[str, Tone] = {
    "met": "good",
    "not met": "bad",
    "not yet": "open",
    "not asked": "neutral",
    "declared": "neutral",
}


def handover_section(r: Review) -> Section:
    """What is met, what is not yet, and what operations watch and do from Monday."""
    found = r.handover
    blocks: list[Block] = [Paragraph(found.text, "lead"), _criteria(found)]
    if r.control_plan is not None:
        blocks += _in_force(r.control_plan, str(r.settings["control_plan"]))
    elif found.control_plan is not None:
        blocks += [Paragraph(words.PLAN, "lead"), _plan(r, found.control_plan, found)]
    if found.reaction_plan and r.control_plan is None:
        rows = tuple(
            ("; ".join(each.signals), ", ".join(each.rules), each.hint, each.ask) for each in found.reaction_plan
        )
        columns = ("signal", "rule", "hints at", "ask first")
        blocks += [Table(columns, rows, words.REACTION), Paragraph(words.SIDE, "note")]
    blank = tuple((signer, "", "", "") for signer in words.SIGNERS)
    blocks.append(Table(("role", "name", "date", "signature"), blank, words.SIGNATURES))
    return Section("Hand-over", tuple(blocks), "hand-over", page_break=True)


def _in_force(plan: Plan, source: str) -> list[Block]:
    """The file that the monitor runs, field by field; what nobody has filled in is left out, and named."""
    blocks: list[Block] = [Paragraph(words.IN_FORCE.format(file=source), "lead"), Facts(_filled(plain(plan)))]
    for c in plan.characteristic:
        told = plain(c)
        inner = {**told["data"], **told["specification"]}
        blocks += [Paragraph(c.name or f"no. {c.number}", "lead"), Facts(_filled({**told, **inner}))]
        rows = tuple(
            (", ".join(each.rules) or words.ALL_OTHERS, each.hint, each.ask, each.do, each.owner, each.deadline)
            for each in c.reaction
        )
        if rows:
            blocks.append(Table(("rule", "hints at", "ask first", "do", "owner", "within"), rows, words.REACTION))
    if plan.open_fields():
        blocks.append(Paragraph(words.OPEN.format(fields=", ".join(plan.open_fields())), "note"))
    return blocks


def _filled(held: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """Plain fields that hold something, by their names."""
    plain = ((name, ", ".join(value) if _texts(value) else value) for name, value in held.items())
    return tuple(
        (name.replace("_", " ").capitalize(), str(value))
        for name, value in plain
        if value not in ("", None) and not isinstance(value, list | dict)
    )


def _texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _criteria(found: Handover) -> Table:
    rows = tuple((c.text, words.STATUS[c.status], c.evidence or words.BY_WHOM) for c in found.criteria)
    tones = tuple(_TONE[c.status] for c in found.criteria)
    return Table(("criterion", "status", "evidence"), rows, words.CRITERIA, tones=tones)


def _plan(r: Review, plan: ControlPlan, found: Handover) -> Facts:
    share = r.charts[0].percent
    spread = (plan.upper - plan.lower) / 6 if plan.lower is not None and plan.upper is not None else plan.sigma

    def shown(value: float | None) -> str:
        # limits are acted on: three digits of the spread, not of the level
        text = "-" if value is None else words_shown(value, spread, share, more=1)
        return f"{text} %" if share and text != "-" else text

    low, high = shown(plan.lower), shown(plan.upper)
    limits = f"{low} to {high}" if plan.lower is not None else f"at most {high}"
    size = "" if plan.size == 1 else f", about {number(plan.size)} units each"
    averaged = " at the average size" if size else ""
    pace = "as before" if plan.frequency == "point" else f"one point a {plan.frequency}"
    again = found.next_review
    items = (
        ("Characteristic", plan.characteristic),
        ("Specification", plan.specification),
        ("Chart", f"{plan.chart} chart, centre {shown(plan.center)}, limits {limits}{averaged}"),
        ("Limits from", f"{counted(plan.points, 'point')}, {plan.first} to {plan.last}; {plan.freeze}"),
        ("Rules in force", ", ".join(plan.rules) or "none"),
        ("Sample and frequency", pace + size),
        ("Source of the data", plan.source),
        *words.REST,
        ("Review again", again.date or (counted(again.points or POLICY.stable_points, "more point"))),
    )
    return Facts(items)
