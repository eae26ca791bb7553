"""The ledger of limits, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..charts.words import counted, number
from ..render.cells import plain_text
from .guarantee_words import promise

if TYPE_CHECKING:
    from ..ledger import Entry


def not_stable(stage: str, reason: str) -> str:
    """Limits are not frozen from an unstable stage."""
    return (
        f"stage {stage!r} is not shown stable ({reason}), so its limits would not hold; find the cause first, name "
        "another stage (of), or freeze it all the same with force and say why in the reason."
    )


def no_stage(stage: str, names: list[str]) -> str:
    """A stage that the chart does not have."""
    return f"the chart has no stage {stage!r}; its stages are {', '.join(repr(n) for n in names[:8])}."


def stability(stable: bool | None) -> str:
    """The answer of the gate."""
    return "not known" if stable is None else "stable" if stable else "not stable"


def intact(name: str, count: int) -> str:
    """Nothing was changed."""
    return f"{name}: {count:,} {'entry' if count == 1 else 'entries'}, all as they were written."


def entry_line(entry: Entry) -> str:
    """An entry in one line."""
    ends = (f"{name} {number(v, 5)}" for name, v in (("LCL", entry.lower), ("UCL", entry.upper)) if v is not None)
    told = f"centre {number(entry.center, 5)}, {', '.join(ends) or 'no limits'}"
    whence = f"{counted(entry.points, 'point')} of stage {entry.stage}"
    return plain_text(f"{entry.number}. {entry.metric}, {entry.kind} chart: {told}; {whence}")


def entry_record(entry: Entry) -> tuple[str, ...]:
    """Who froze it, why and when, from what, and what was left out."""
    found = [
        f"frozen {entry.at} by {entry.by}: {entry.reason}",
        f"{entry.first} to {entry.last}, {stability(entry.stable)} ({entry.stability})"
        + ("; frozen all the same" if entry.forced else ""),
    ]
    if entry.guarantee is not None and entry.arl is not None:
        found.append(f"guaranteed: {promise(entry.guarantee, entry.arl)}; limits at {number(entry.nsigma, 4)} sigma")
    if entry.approved_by:
        found.append(f"approved by {', '.join(entry.approved_by)}")
    if entry.excluded:
        found.append(f"left out: {', '.join(entry.excluded)}")
    return tuple(plain_text(text) for text in (*found, f"data {entry.data_sha256[:12]}, entry {entry.sha256[:12]}"))


def one_pair_only(kind: str) -> str:
    """A chart whose limits are not one centre and one sigma."""
    each = "limits for each part or variable, and a ledger holds one centre and one sigma"
    return f"a {kind} chart has {each}: chart them one by one."


NP: Final = "the centre of an np chart depends on the size: chart the same counts as p (or laney-p) and freeze that."
