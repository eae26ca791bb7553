"""What a reader of a screen must know beside its numbers."""

from __future__ import annotations

from ..caveats import Caveat


def zoned(name: str) -> Caveat:
    """Times with zones."""
    return Caveat("times-in-utc", f"Column {name!r} carries time zones; it was brought to UTC, and so is a rollout.")


def compact_dates(name: str) -> Caveat:
    """Whole numbers that are dates."""
    return Caveat("dates-doubtful", f"The numbers of column {name!r} were read as dates (year, month, day).")


def nameless(rows: int, stream: str) -> Caveat:
    """Rows that name no stream."""
    return Caveat("stream-missing", f"{rows:,} {_rows(rows)} without a stream (column {stream!r}) and dropped.")


def timeless(rows: int, time: str) -> Caveat:
    """Rows that cannot be placed."""
    return Caveat("time-missing", f"{rows:,} {_rows(rows)} without a time (column {time!r}) and dropped.")


def refused(many: int, of: int, first: str, why: str) -> Caveat:
    """Streams without a chart."""
    return Caveat(
        "streams-refused",
        f"{many:,} of {of:,} streams {_have(many)} no chart, and their rows are dropped; the first, {first}: {why}.",
    )


def few(many: int, first: str) -> Caveat:
    """Streams with trial limits."""
    return Caveat(
        "trial-limits",
        f"{_streams(many)} fewer than 20 points: their limits are trial limits, and "
        f"little would be seen of a change. The first: {first}.",
    )


def ties(rows: int, streams: int, first: str) -> Caveat:
    """Rows with equal times."""
    return Caveat(
        "time-ties",
        f"{rows:,} {_rows(rows)} at the same time as another of the same stream ({streams:,} streams, the first "
        f"{first}); they stand in the order of their values, which makes their moving ranges small. Name a finer time, "
        "or make them subgroups.",
    )


def gaps(points: int, streams: int) -> Caveat:
    """Missing values."""
    return Caveat(
        "gaps",
        f"{points:,} points are missing in {streams:,} streams; each is a gap that breaks runs and moving ranges.",
    )


def own_refused(many: int, first: str, why: str) -> Caveat:
    """Streams whose own settings contradict themselves."""
    return Caveat(
        "streams-settings",
        f"{_streams(many)} settings that contradict themselves and go without them; the first, {first}: {why}.",
    )


def unmatched(many: int, first: str) -> Caveat:
    """Rows of the table of streams that fit no stream."""
    return Caveat(
        "streams-unmatched",
        f"{many:,} row{'' if many == 1 else 's'} of the table of streams fit no stream of the data; first: {first}.",
    )


def one_sided(many: int) -> Caveat:
    """Rollouts before or after all points."""
    return Caveat(
        "rollout-outside",
        f"{_streams(many)} a rollout with no point on one of its sides: charted as one stretch, and not judged.",
    )


def _rows(many: int) -> str:
    return "row is" if many == 1 else "rows are"


def _have(many: int) -> str:
    return "has" if many == 1 else "have"


def _streams(many: int) -> str:
    return f"{many:,} stream{' has' if many == 1 else 's have'}"
