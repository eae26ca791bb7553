"""What a verification says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Verification

STATE = {
    "same": "the same",
    "other": "another",
    "not recorded": "not in the report",
    "not compared": "not compared",
}
"""What became of a hash."""

TOLD = (
    "The command that the report holds was run again, on the data it names, and everything it says was held against "
    "what came out: {what}. Nothing was written, and no other file was read than those named here."
)
JSON = "every number of the JSON (equal up to {tolerance:g} of its size) and every word"
PAGE = "every text of the page, every mark of its pictures and everything else in the file"
UNTOLD = "Their first {shown:,} of {total:,}; the JSON of this verification holds all."


def headline(v: Verification) -> str:
    """The answer in one sentence."""
    if v.refusal:
        return f"{v.report} cannot be made again from its data: {v.refusal}"
    if v.agrees:
        return f"{v.report} follows from its data: {_whole(v)} came out again."
    share = f"{len(v.differences):,} of {max(v.compared, len(v.differences)):,} values differ"
    if v.data_state == "other":
        return f"The data are not those of {v.report}: their hash is another, and {share}."
    return f"{v.report} does not follow from its data: {share}, from the same data."


def _whole(v: Verification) -> str:
    if v.page:
        return f"all {v.compared:,} texts and marks"
    return f"all {v.numbers:,} numbers and {v.words:,} words"


def next_step(v: Verification) -> str:
    """What to do."""
    if v.agrees:
        return "Nothing to do."
    if v.data_state == "other":
        return "Find the data as they were (--data), or make the report anew and say why it changed."
    return "Do not rely on this report; make it anew from its data, and ask where the other numbers came from."
