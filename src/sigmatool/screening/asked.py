"""What a screen was asked: columns, settings and what each stream is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..charts.rules import Rule, chosen
from ..errors import SettingsError
from ..review.request import Request

KINDS: Final = ("auto", "i-mr", "xbar-r", "xbar-s", "p", "u", "laney-p", "laney-u")
"""Kinds whose arithmetic runs over many streams at once."""

COUNTS: Final = ("p", "u", "laney-p", "laney-u")

PER_STREAM: Final = ("lsl", "usl", "target", "rollout")
"""What each stream may have of its own: one number for all, a column, or a column of the table of streams."""


@dataclass(frozen=True)
class Asked:
    """The settings of a screen, by their public names; ``review`` holds those of the verdicts, where these are asked.

    ``lsl``, ``usl``, ``target`` and ``rollout`` are numbers (or a moment) for all, or names of columns.
    """

    stream: str
    value: str
    time: str | None
    size: str | None
    subgroup: str | int | None
    kind: str
    rules: tuple[Rule, ...]
    nsigma: float
    lsl: float | str | None
    usl: float | str | None
    target: float | str | None
    rollout: str | None
    review: Request | None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SettingsError(f"kind {self.kind!r} cannot screen many streams; known are {', '.join(KINDS)}.")
        counted = self.kind in COUNTS
        if counted and self.size is None:
            raise SettingsError(f"kind {self.kind} needs size (-n): the column with the number inspected.")
        if self.size is not None and not counted and self.kind != "auto":
            raise SettingsError(f"kind {self.kind} charts measurements and takes no size; leave size out.")
        if self.size is not None and self.subgroup is not None:
            raise SettingsError("subgroup goes with measurements, not with counts: leave size or subgroup out.")
        if self.kind in ("xbar-r", "xbar-s") and self.subgroup is None:
            raise SettingsError(f"kind {self.kind} needs subgroup (-g): a column, or a number of rows.")
        if self.kind == "i-mr" and self.subgroup is not None:
            raise SettingsError("kind i-mr charts single values; leave subgroup out, or take xbar-r or xbar-s.")
        if self.size is not None and any(x is not None for x in (self.lsl, self.usl, self.target)):
            raise SettingsError("lsl, usl and target are for measurements; counts (size) have no specification limits.")
        if self.nsigma <= 0:
            raise SettingsError(f"nsigma must be above zero, not {self.nsigma:g}.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table that are read, each once."""
        names = [
            self.stream,
            self.value,
            self.time,
            self.size,
            self.subgroup if isinstance(self.subgroup, str) else None,
        ]
        return tuple(dict.fromkeys(name for name in names if name is not None))

    @property
    def read(self) -> frozenset[str]:
        """Columns that may be read: those of :attr:`columns`, and those that each stream's own settings may name."""
        own = (getattr(self, name) for name in PER_STREAM)
        return frozenset({*self.columns, *(v for v in own if isinstance(v, str))})


def rules_of(rules: object) -> tuple[Rule, ...]:
    """The rules in force; whole-stage tests have no points to count."""
    found = chosen(rules)  # type: ignore[arg-type]
    if found.whole_stage:
        raise SettingsError(
            f"rules {', '.join(found.whole_stage)} judge a whole stage and are not counted over many streams; name a "
            "set such as nelson, or draw the single chart."
        )
    return found.rules
