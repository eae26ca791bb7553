"""What an engine delivers: the streams there are, and their rows in order, in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..review.each_work import Outcome
from ..review.request import Request
from ..review.streams import Start
from .kernel import Rows, Table, Wanted
from .moments import Clock
from .verdicts import Names, outcomes_of

Floats = NDArray[np.float64]
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Origin:
    """Where the rows came from, for the record."""

    source: str
    sha256: str
    file_sha256: str | None = None


@dataclass(frozen=True)
class Streams:
    """The streams of a table, in the order of their numbers.

    Attributes
    ----------
    names : tuple of str
    rows : (s,) array
        Rows of each that have a time.
    own : mapping
        What each stream brings itself, by name (``lsl``, ``usl``, ``target``: numbers; ``rollout``: texts): None where
        it has none. A column that holds two different values within a stream is told in ``differs``.
    differs : mapping
        Name of the setting to the streams whose rows do not agree on it.
    read, nameless, timeless : int
        Rows in all, without a stream, without a time.
    clock : Clock
    origin : Origin
    caveats : tuple of Caveat
    """

    names: tuple[str, ...]
    rows: NDArray[np.int64]
    own: Mapping[str, tuple[object, ...]]
    differs: Mapping[str, NDArray[np.bool_]]
    read: int
    nameless: int
    timeless: int
    clock: Clock
    origin: Origin
    caveats: tuple[Caveat, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.names)


class Engine:
    """What the screen needs of DuckDB or Spark; a context, so that nothing stays behind."""

    name = ""

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *why: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back what the engine holds."""

    def streams(self) -> Streams:
        """Which streams there are."""
        raise NotImplementedError

    def screened(self, wanted: Wanted, tell: Tell) -> Iterator[Table]:
        """The kernel's tables, over all streams in any order; ``tell(rows done, rows)``."""
        raise NotImplementedError

    def ordered(self, chosen: NDArray[np.bool_]) -> Iterator[Rows]:
        """The rows of chosen streams in order, in pieces of whole streams."""
        raise NotImplementedError

    def judged(
        self, chosen: NDArray[np.bool_], starts: Mapping[int, Start], asked: Request, names: Names, clock: Clock,
        total: int, workers: int | None, tell: Tell,
    ) -> Iterator[tuple[int, Outcome]]:  # fmt: skip
        """The review of each chosen stream; here in processes of this machine."""
        return outcomes_of(self.ordered(chosen), starts, asked, names, clock, total, workers, tell)
