"""What is found in a table on its way in: each caveat with its code and its sentence."""

from __future__ import annotations

from .caveats import Caveat


def dates_doubtful(doubt: str) -> Caveat:
    """Dates that can be read in two ways."""
    return Caveat("dates-doubtful", doubt)


def time_zone(zone: str, kept: bool) -> Caveat:
    """What became of a zone."""
    if kept:
        return Caveat("time-zone", f"The times carry the zone {zone}; they stand as its clock shows them.")
    text = f"The times carry the zone {zone}, whose clock was put back in between; they were brought to UTC."
    return Caveat("time-zone", text)


def time_missing(rows: int, time: str, first: int) -> Caveat:
    """Rows without a moment."""
    return Caveat("time-missing", f"{rows} rows have no {time} (the first is row {first}); they were dropped.")


def order_sorted(time: str, back: int) -> Caveat:
    """Rows out of order."""
    return Caveat("order-sorted", f"The rows were not in order of {time} ({back} steps back); they were sorted by it.")


def time_ties(ties: int, name: str, first: str) -> Caveat:
    """Points of the same moment."""
    points = ties + 1 if ties == 1 else ties
    text = f"{points} points share a {name} with another (first {first}); they keep the order of the file."
    return Caveat("time-ties", text)


def calendar_gaps(missing: tuple[str, ...], total: int, step: str) -> Caveat:
    """Moments of the calendar that no row has."""
    shown = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")
    unit = "" if step == "step" else f" {step}s"
    has, zero = ("has", "it is not a zero") if len(missing) == 1 else ("have", "they are not zeros")
    told = f"{len(missing)} of {total}{unit} {has} no row: {shown}; {zero}."
    return Caveat("calendar-gaps", f"{told} An empty row there breaks moving ranges and runs.")


def short_subgroup(held: int, width: int) -> Caveat:
    """The last subgroup is not full."""
    return Caveat("short-subgroup", f"The last subgroup holds {held} of {width} values; it is kept.")


def rows_duplicated(rows: int, first: int) -> Caveat:
    """Rows that say the same."""
    text = f"{rows} rows repeat an earlier one in every column (the first is row {first})."
    return Caveat("rows-duplicated", text)


def column_constant(name: str) -> Caveat:
    """A column that says nothing."""
    return Caveat("column-constant", f"Column {name!r} holds the same value in every row.")


def zero_or_missing(name: str, zeros: int, missing: int) -> Caveat:
    """Zeros and empty cells side by side."""
    text = f"Column {name!r} has {zeros} zeros and {missing} empty cells: make sure that each means what it says."
    return Caveat("zero-or-missing", text)


def chunky(name: str, step: float, six_sigma: float) -> Caveat:
    """Values rounded too coarsely for limits."""
    text = (
        f"Column {name!r} is rounded to steps of {step:g}, while six sigma is only {six_sigma:.3g}: limits will be "
        "coarse; record one more digit."
    )
    return Caveat("chunky", text)


SMALL_COUNTS = "one value a point; these are small counts, so if each point had the same exposure a c chart suits too"
ONE_VALUE = "there is one value a point"


def count_reason(what: str, ratio: float, p: float, plain: str, scattered: bool) -> str:
    """Why a chart of counts suits."""
    if scattered:
        return f"{what}, and varies {ratio:.2g} times as much as a {plain} chart assumes (p = {p:.2g})"
    return f"{what}, and varies no more than a {plain} chart assumes"
