"""What a reader of a verification must know beside its table, in words."""

from __future__ import annotations

from ..caveats import Caveat


def other_version(then: str | None, now: str) -> Caveat:
    return Caveat(
        "other-version",
        f"The report was made by sigmatool {then or '(not said)'}, and made again by {now}: a difference may be one of "
        f"the two versions. Install that version to verify it as it was made.",
    )


def new_keys(keys: list[str], most: int = 8) -> Caveat:
    more = f" and {len(keys) - most:,} more" if len(keys) > most else ""
    return Caveat(
        "new-keys",
        f"Not in the report, and not held against it, since its version differs: {', '.join(keys[:most])}{more}.",
    )


def data_changed() -> Caveat:
    return Caveat(
        "data-changed",
        "The values used are not those that the report was made from: their hash is another. Find the data as they "
        "were then, or ask who changed them and why.",
    )


def file_changed() -> Caveat:
    return Caveat(
        "file-changed",
        "The file is another one than the report names, by its hash, though the values used are the same: it was saved "
        "anew, or cells that the report does not use were changed.",
    )


def hash_not_compared(recorded: bool) -> Caveat:
    why = "the data were given in memory" if recorded else "the report was made from data in memory and names none"
    return Caveat("file-hash-not-compared", f"The hash of the file was not compared: {why}.")


def rounding(farthest: float, tolerance: float) -> Caveat:
    return Caveat(
        "rounding",
        f"Some numbers differ, by at most {farthest:.1g} of their size; up to {tolerance:g} counts as equal, since "
        "sums are taken in another order on another machine.",
    )
