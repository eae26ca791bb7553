"""Series of unequal length, one after another in one flat array."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Segments:
    """Where each series begins; all arithmetic on them is one pass over the flat array.

    Parameters
    ----------
    starts : (s,) array of int
        Place of the first value of each series, rising from 0; no series is empty.
    n : int
        Values in all.

    Notes
    -----
    Sums are pairwise inside a series (as NumPy's own), so that they depend on nothing but the values of that series:
    not on its neighbours, nor on how a table was cut into batches.

    Examples
    --------
    >>> two = Segments(np.array([0, 3]), 5)
    >>> x = np.array([1.0, 2.0, 3.0, 10.0, 20.0])
    >>> two.sum(x), two.spread(two.sum(x)), two.place
    (array([ 6., 30.]), array([ 6.,  6.,  6., 30., 30.]), array([0, 1, 2, 0, 1]))
    """

    def __init__(self, starts: Ints, n: int) -> None:
        self.starts, self.n, self.many = starts, n, int(starts.size)

    @classmethod
    def of_keys(cls, *keys: NDArray[Any]) -> Segments:
        """One series for each run of equal keys."""
        n = int(keys[0].size)
        change = np.zeros(n, dtype=bool)
        change[:1] = True
        for key in keys:
            change[1:] |= key[1:] != key[:-1]
        return cls(np.flatnonzero(change), n)

    @cached_property
    def lengths(self) -> Ints:
        return np.diff(self.starts, append=self.n)

    @cached_property
    def common(self) -> int:
        """The length that all series share; 0 where they differ."""
        return int(self.lengths[0]) if self.many and bool(np.all(self.lengths == self.lengths[0])) else 0

    @cached_property
    def of(self) -> NDArray[np.int32]:
        """The number of the series that each value belongs to."""
        change = np.zeros(self.n, dtype=np.int32)
        change[self.starts[1:]] = 1
        return np.cumsum(change, dtype=np.int32)

    @cached_property
    def place(self) -> Ints:
        """The place of each value in its series, from 0."""
        return np.asarray(np.arange(self.n) - self.spread(self.starts))

    def spread(self, each: NDArray[Any]) -> NDArray[Any]:
        """One value a series, repeated for each of its values."""
        if self.common:
            # far quicker than to repeat one after another
            return np.asarray(np.broadcast_to(each[:, None], (self.many, self.common)).ravel())
        return np.asarray(each.take(self.of, mode="clip"))

    def against(self, op: np.ufunc, x: NDArray[Any], each: NDArray[Any]) -> NDArray[Any]:
        """``op(x, each)``, where ``each`` holds one value a series (or one for every value of ``x``)."""
        if each.size == self.n:
            return np.asarray(op(x, each))
        if self.common:
            return np.asarray(op(x.reshape(self.many, self.common), each[:, None])).reshape(-1)
        return np.asarray(op(x, self.spread(each)))

    def first(self, x: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(x[self.starts])

    def last(self, x: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(x[self.starts + self.lengths - 1])

    def sum(self, x: Floats) -> Floats:
        return np.add.reduceat(x, self.starts) if self.many else np.zeros(0)

    def count(self, marks: NDArray[np.bool_]) -> Ints:
        """How many are marked."""
        if not self.many:
            return np.zeros(0, dtype=np.int64)
        return np.asarray(np.add.reduceat(marks, self.starts, dtype=np.int64))

    def count_at(self, places: Ints) -> Ints:
        """How many of some places of the flat array lie in each series."""
        return np.bincount(self.of[places], minlength=self.many)

    def max(self, x: NDArray[Any]) -> NDArray[Any]:
        """NaN does not count, unless there is nothing else."""
        return np.fmax.reduceat(x, self.starts) if self.many else x[:0]

    def min(self, x: NDArray[Any]) -> NDArray[Any]:
        return np.fmin.reduceat(x, self.starts) if self.many else x[:0]
