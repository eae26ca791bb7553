"""A sequence whose items are made when they are asked for: a million labels or signals cost nothing until read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

Item = TypeVar("Item")


class OnDemand(Sequence[Item]):
    """Base of such a sequence; a child gives its length, and ``make(i)`` for places from 0."""

    @abstractmethod
    def make(self, at: int) -> Item:
        """The item at a place."""

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, at: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(at, slice):
            return tuple(self.make(i) for i in range(*at.indices(len(self))))
        if not -len(self) <= at < len(self):
            raise IndexError(f"there are {len(self)} items and none at {at}")
        return self.make(int(at) % len(self))
