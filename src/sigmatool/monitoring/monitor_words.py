"""The monitor, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ..caveats import Caveat
from ..charts.words import counted, number
from ..render.cells import plain_text

if TYPE_CHECKING:
    from .result import Alarm, Monitored, Watched
    from .signals import Signals


def no_state(path: str) -> str:
    """A state that is not there."""
    return f"there is no state {path} of a monitor; run sigmatool monitor first, or check the path (--state)."


def no_store(path: str, problem: str) -> str:
    """A file that cannot hold a state."""
    return f"{path} cannot be used as the state of a monitor ({problem}); restore it, or name another file (--state)."


def other_file(name: str) -> str:
    """A database of something else."""
    return f"{name} holds another database, not the state of a monitor; name another file (--state)."


def damaged(name: str, batch: int) -> str:
    """A batch that is not what was written."""
    return f"{name}: batch {batch} is not what was written (its checksum differs); restore the file from a copy."


def busy(name: str, seconds: float) -> str:
    """Another monitor works on the state."""
    return f"another monitor works on {name} and did not end within {seconds:g} seconds; try again."


def ambiguous(name: str, text: str) -> str:
    """Dates that could be read in two ways."""
    return (
        f"column {name!r} holds dates like {text!r}, which do not tell day from month: the next file could be read the "
        "other way; write dates as 2026-11-26."
    )


def empty_key(name: str, row: int) -> str:
    """A row that cannot be told apart."""
    return f"column {name!r} is empty in row {row}: it tells rows apart, so every row needs one; fill it in."


def ties(name: str, label: str) -> str:
    """Two rows at one time."""
    return (
        f"column {name!r} holds {label!r} in more than one row, so a row that comes again could not be known: name a "
        "column that tells rows apart (key in the plan), or gather the rows (subgroup)."
    )


def other_group(name: str, group: str, was: int, now: int) -> str:
    """A subgroup that says something else."""
    return (
        f"subgroup {group!r} ({name}) was counted with {counted(was, 'value')} and comes again with {now} that do not "
        "continue them: name a column that tells rows apart (key in the plan), so that corrections can be told from "
        "further rows."
    )


def needs_column(name: str, column: str) -> str:
    """A column that the plan does not name."""
    return f"{name}: the plan must name the column of the {column} (data, {column})."


def counted_subgroup(name: str) -> str:
    """Subgroups by number of rows."""
    return (
        f"{name}: a subgroup by number of rows would move with every late row; name a column that holds the subgroup "
        "(data, subgroup)."
    )


def no_subgroup(name: str) -> str:
    """Counts in subgroups."""
    return f"{name}: counts take no subgroup; leave it out (data, subgroup)."


def no_since(since: str) -> str:
    """A start that no row can be held against."""
    return (
        f"since = {since!r} is neither a time nor a number that the rows could be held against; correct it in the plan."
    )


def no_identity(name: str) -> str:
    """Several files whose rows cannot be told apart."""
    return (
        f"{name}: rows of several files cannot be told apart by their places; name time, subgroup or key in the plan "
        "(data)."
    )


def whose_data(names: Sequence[str]) -> str:
    """Data given for a plan of several characteristics."""
    return f"the plan watches {', '.join(map(repr, names))}: give data for each by its name, or in the plan."


def other_limits(name: str, number_: int, state: str) -> str:
    """Limits that were frozen again."""
    return (
        f"{name}: {state} was begun on other limits than entry {number_}, which is in force now; begin a new state "
        "(--state) and keep this one as the record."
    )


def other_plan(name: str, field: str, was: Any, now: Any, state: str) -> str:
    """A plan that changed under a state."""
    return (
        f"{name}: {state} was begun with {field} = {str(was)!r}, the plan now says {str(now)!r}; begin a new state "
        "(--state) and keep this one as the record, or restore the plan."
    )


def other_order(name: str, was: str, now: str) -> str:
    """A column that held times and now holds something else."""
    what = {"time": "times", "number": "numbers", "order": "names"}
    return f"column {name!r} held {what[was]} and now holds {what[now]}; deliver it as before."


def empty_folder(path: str) -> str:
    """A folder without tables."""
    return f"the folder {path} holds no table (.csv .tsv .xlsx .parquet); check the source in the plan."


def unreadable(path: str, problem: str) -> str:
    """A file that cannot be read."""
    return f"cannot read {path}: {problem}."


def unknown_signal(number_: int, state: str) -> str:
    """A number that no signal has."""
    return f"{state} has no signal {number_}; sigmatool signals list shows them."


def needs_words(name: str) -> str:
    """An acknowledgement without a name or a cause."""
    return f"say {name}: a signal is acknowledged by a named person, with its cause."


def draft(open_fields: Sequence[str]) -> Caveat:
    """A plan that people have not completed."""
    shown = ", ".join(open_fields[:6]) + (f" and {len(open_fields) - 6} more" if len(open_fields) > 6 else "")
    return Caveat("plan-incomplete", f"The control plan is a draft; still to be filled in: {shown}.")


NONE: Final = "no new signal"


def headline(found: Monitored) -> str:
    """The run in one sentence."""
    new = sum(w.new for w in found.watched)
    told = counted(len(found.alarms), "new signal") if found.alarms else NONE
    empty = [w.name for w in found.watched if not w.points]
    more = f"; no point to judge yet: {', '.join(empty)}" if empty else ""
    return plain_text(f"{told[0].upper()}{told[1:]} in {counted(new, 'new row')}{more}.")


def standing(w: Watched) -> str:
    """A characteristic in one line."""
    if not w.points:
        return plain_text(f"{w.name}: no point to judge yet; {account(w)}")
    limits = f"limits of entry {w.entry.number} by {w.entry.by}, {w.entry.at[:10]}"
    open_ = f", {w.open} not acknowledged" if w.open else ""
    signals = f"{counted(w.signals, 'signal')} in all{open_}" if w.signals else "no signal"
    gone = f"; {counted(w.withdrawn, 'signal')} withdrawn, as rows came late or were corrected" if w.withdrawn else ""
    return plain_text(
        f"{w.name}: {counted(w.points, 'point')} up to {w.newest} on {limits}: {signals}{gone}; {account(w)}"
    )


def account(w: Watched) -> str:
    """The rows of a run by what became of them."""
    parts = [f"{w.new:,} new"]
    for what, count in (
        ("late", w.late), ("corrected", w.corrected), ("counted before", w.repeated), ("before the limits", w.before),
        ("without a time", w.dropped),
    ):  # fmt: skip
        if count:
            parts.append(f"{count:,} {what}")
    known = f"; {counted(w.files_known, 'file')} read before" if w.files_known else ""
    return f"{w.read:,} rows read: {', '.join(parts)}{known}"


def where(a: Alarm) -> str:
    """The value of a signal and its limits."""
    value = number(a.value, 5)
    ends = [number(v, 5) for v in (a.lower, a.upper) if v is not None]
    limits = f" (limits {ends[0]} to {ends[1]})" if len(ends) == 2 else f" (limit {ends[0]})" if ends else ""
    return f"{value}{limits}"


def what_to_do(a: Alarm) -> list[str]:
    """The reaction in lines; who, and by when."""
    lines = [f"{name}: {text}" for name, text in (("hints at", a.hint), ("ask", a.ask), ("do", a.do)) if text]
    who = a.owner or "nobody is named in the plan"
    lines.append(f"owner: {who}" + (f", by {moment(a.due)}" if a.due else ""))
    if a.sop:
        lines.append(f"work instruction: {a.sop}")
    return [plain_text(line) for line in lines]


def moment(text: str) -> str:
    """A moment as people read it."""
    return text.replace("T", " ").replace("+00:00", " UTC")


def alarm_line(a: Alarm) -> str:
    """A signal in one line."""
    again = "; may have been told before" if a.again else ""
    return plain_text(f"signal {a.number}: {a.characteristic}, {a.label}: {where(a)}; {a.text} [{a.rule}]{again}")


CAUSES: Final = "Acknowledged signals by the cause that was named"


def signals_headline(found: Signals) -> str:
    """The signals of a state in one sentence."""
    standing_ = [s for s in found.signals if s["withdrawn_at"] is None]
    if not standing_:
        return "No signal stands."
    open_ = sum(s["acknowledged_at"] is None for s in standing_)
    most = f"; most often: {found.causes[0].cause} ({found.causes[0].signals})" if found.causes else ""
    return plain_text(f"{counted(len(standing_), 'signal')}, {open_} not acknowledged{most}.")


def pareto_alt(found: Signals) -> str:
    """The Pareto chart for those who cannot see it."""
    return plain_text("Signals by cause: " + ", ".join(f"{c.cause} {c.signals}" for c in found.causes[:8]) + ".")


def answer(signal: dict[str, Any]) -> str:
    """What became of a signal."""
    if signal["withdrawn_at"] is not None:
        return f"withdrawn {moment(signal['withdrawn_at'])}: rows came late or were corrected"
    if signal["acknowledged_at"] is None:
        due = f", due {moment(signal['due'])}" if signal["due"] else ""
        return f"open{due}"
    return f"{signal['cause']} ({signal['acknowledged_by']}, {moment(signal['acknowledged_at'])})"


def most(what: str, total: int, shown: int) -> str:
    """A table that may be cut."""
    return f"All {total:,} {what}" if total == shown else f"The first {shown:,} of {total:,} {what}; the JSON holds all"


def signal_line(signal: dict[str, Any]) -> str:
    """A signal with its answer, in one line."""
    told = f"{signal['number']}. {signal['characteristic']}, {signal['label']}: {signal['text']} [{signal['rule']}]"
    return plain_text(f"{told}: {answer(signal)}")
