"""What the cells of a gage study say: mean squares of parts, operators, their interaction and of repeats.

A study is its filled cells (one part with one operator): how many values each holds, their mean and their squares about
it. With equal cells these are the mean squares of the analysis of variance; with unequal ones those of unweighted cell
means (Thomas & Hultquist 1978; Burdick, Borror & Montgomery 2005, ch. 7), parts adjusted for operators and operators
for parts where cells are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Design: TypeAlias = Literal["crossed", "nested"]

PART, OPERATOR, INTERACTION, REPEAT = range(4)


@dataclass(frozen=True)
class Cells:
    """The filled cells of a study; one entry each.

    Attributes
    ----------
    part, operator : (k,) int arrays
        From 0.
    count, mean, squares, spread : (k,) arrays
        Values in the cell, their mean, the sum of squares about it, their range (NaN for one value).
    """

    part: Ints
    operator: Ints
    count: Ints
    mean: Floats
    squares: Floats
    spread: Floats

    @property
    def parts(self) -> int:
        return int(self.part.max()) + 1

    @property
    def operators(self) -> int:
        return int(self.operator.max()) + 1

    @property
    def replicates(self) -> float:
        """Harmonic mean of the values in a cell."""
        if self.equal:
            return float(self.count[0])
        return float(self.count.size / np.sum(1.0 / self.count))

    @property
    def equal(self) -> bool:
        """Whether every cell holds as many values."""
        return bool(np.all(self.count == self.count[0]))


@dataclass(frozen=True)
class Squares:
    """Mean squares with what they are expected to hold.

    Attributes
    ----------
    design : {"crossed", "nested"}
    squares, dof : (4,) arrays
        Sums of squares and their degrees of freedom: part, operator, interaction, repeats. NaN and 0 where a source is
        not in the design.
    parts, operators, replicates : float
        So many of each that the expectation of ``MS_operator`` holds ``replicates * parts`` operator variances, of
        ``MS_part`` ``replicates * operators`` part variances; whole numbers in a balanced study.
    """

    design: Design
    squares: Floats
    dof: Floats
    parts: float
    operators: float
    replicates: float

    @property
    def mean(self) -> Floats:
        """Mean squares."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.dof > 0, self.squares / self.dof, np.nan)


def cells_of(values: Floats, part: Ints, operator: Ints) -> Cells:
    """Gather values into cells. Means are taken about the first value, so that an offset costs no digits."""
    wide = int(operator.max()) + 1
    keys, at = np.unique(part * wide + operator, return_inverse=True)
    count = np.bincount(at)
    moved = values - values[0]
    mean = np.bincount(at, moved) / count
    squares = np.asarray(np.bincount(at, (moved - mean[at]) ** 2), dtype=np.float64)
    order = np.argsort(at, kind="stable")
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    sorted_values = moved[order]
    spread = np.maximum.reduceat(sorted_values, first) - np.minimum.reduceat(sorted_values, first)
    return Cells(
        keys // wide,
        keys % wide,
        count.astype(np.int64),
        mean + values[0],
        squares,
        np.where(count > 1, spread, np.nan),
    )


def mean_squares(cells: Cells, design: Design) -> Squares:
    """Sums of squares by source, on the scale of single values.

    Examples
    --------
    >>> part, operator = np.repeat([0, 1, 2], 4), np.tile([0, 0, 1, 1], 3)
    >>> y = np.array([9.0, 9.2, 9.6, 9.5, 8.1, 8.0, 8.4, 8.6, 7.2, 7.1, 7.5, 7.8])
    >>> found = mean_squares(cells_of(y, part, operator), "crossed")
    >>> found.dof.tolist(), np.round(found.squares, 4).tolist()
    ([2.0, 1.0, 2.0, 6.0], [7.4317, 0.6533, 0.0017, 0.1])
    """
    within, free = float(cells.squares.sum()), float((cells.count - 1).sum())
    if design == "nested":
        return _nested(cells, within, free)
    y, r = cells.mean - cells.mean[0], cells.replicates
    p, o, k = cells.parts, cells.operators, cells.count.size
    all_parts, all_operators = np.eye(p)[cells.part], np.eye(o)[cells.operator]
    whole = np.hstack([all_parts, all_operators])
    left = _left(whole, y)
    part = _left(all_operators, y) - left
    operator = _left(all_parts, y) - left
    # how many variances of parts (operators) the adjusted squares hold: the trace of what operators (parts) leave
    per_part = _trace_left(all_operators, all_parts) / (p - 1)
    per_operator = _trace_left(all_parts, all_operators) / (o - 1)
    free_cells = k - p - o + 1
    return Squares(
        "crossed",
        np.array([r * part, r * operator, r * left if free_cells else np.nan, within if free else np.nan]),
        np.array([p - 1, o - 1, free_cells, free], dtype=float),
        per_operator, per_part, r,
    )  # fmt: skip


def _left(columns: Floats, y: Floats) -> float:
    """Sum of squares that the columns leave."""
    fitted = columns @ np.linalg.lstsq(columns, y, rcond=None)[0]
    rest = y - fitted
    total = float(rest @ rest)
    # what rounding leaves of a perfect fit is nothing
    return 0.0 if total <= 1e-24 * float(y @ y) else total


def _trace_left(columns: Floats, others: Floats) -> float:
    fitted = columns @ np.linalg.lstsq(columns, others, rcond=None)[0]
    return float(np.sum((others - fitted) ** 2))


def _nested(cells: Cells, within: float, free: float) -> Squares:
    y, r, o = cells.mean - cells.mean[0], cells.replicates, cells.operators
    held = np.bincount(cells.operator, minlength=o)
    means = np.bincount(cells.operator, y, o) / held
    part = float(np.sum((y - means[cells.operator]) ** 2))
    per = float(o / np.sum(1.0 / held))
    operator = per * float(np.sum((means - means.mean()) ** 2))
    return Squares(
        "nested",
        np.array([r * part, r * operator, np.nan, within]),
        np.array([y.size - o, o - 1, 0, free], dtype=float),
        per, 1.0, r,
    )  # fmt: skip


def pooled(found: Squares) -> Squares:
    """The interaction put to the repeats, as where its test finds nothing."""
    squares, dof = found.squares.copy(), found.dof.copy()
    squares[REPEAT] = np.nansum([squares[REPEAT], squares[INTERACTION]])
    dof[REPEAT] += dof[INTERACTION]
    squares[INTERACTION], dof[INTERACTION] = np.nan, 0.0
    return Squares(found.design, squares, dof, found.parts, found.operators, found.replicates)


def weights(found: Squares) -> Floats:
    """How components are made of mean squares, untruncated: (4, 4), a row a component, a column a mean square.

    A source that is not in the design has a row of zeros. Crossed: ``(MS_P - MS_PO) / (o r)``, ``(MS_O - MS_PO) /
    (p r)``, ``(MS_PO - MS_E) / r``, ``MS_E``; nested: ``(MS_P(O) - MS_E) / r``, ``(MS_O - MS_P(O)) / (p r)``, ``MS_E``.
    """
    p, o, r = found.parts, found.operators, found.replicates
    rows = np.zeros((4, 4))
    has = found.dof > 0
    if found.design == "nested":
        rows[PART, [PART, REPEAT]] = 1 / r, -1 / r
        rows[OPERATOR, [OPERATOR, PART]] = 1 / (p * r), -1 / (p * r)
        rows[REPEAT, REPEAT] = 1.0
        return rows
    error = INTERACTION if has[INTERACTION] else REPEAT
    rows[PART, [PART, error]] = 1 / (o * r), -1 / (o * r)
    rows[OPERATOR, [OPERATOR, error]] = 1 / (p * r), -1 / (p * r)
    if has[INTERACTION] and has[REPEAT]:
        rows[INTERACTION, [INTERACTION, REPEAT]] = 1 / r, -1 / r
    rows[REPEAT, REPEAT if has[REPEAT] else INTERACTION] = 1.0
    return rows


def components(found: Squares) -> Floats:
    """Variance components, untruncated: part, operator, interaction, repeatability."""
    rows, mean = weights(found), np.nan_to_num(found.mean)
    return np.asarray(rows @ mean, dtype=np.float64)


@dataclass(frozen=True)
class Against:
    """F tests of an analysis of variance, by source; NaN where a source has none."""

    f: Floats
    p: Floats


def f_tests(found: Squares) -> Against:
    """Each source against the mean square that holds all but its own component.

    Crossed: part and operator against the interaction, it against the repeats; without an interaction all against the
    repeats. Nested: operators against parts, parts against the repeats.
    """
    has, mean = found.dof > 0, found.mean
    if found.design == "nested":
        against = {PART: REPEAT, OPERATOR: PART}
    else:
        error = INTERACTION if has[INTERACTION] else REPEAT
        against = {PART: error, OPERATOR: error}
        if has[INTERACTION] and has[REPEAT]:
            against[INTERACTION] = REPEAT
    f, p = np.full(4, np.nan), np.full(4, np.nan)
    for source, error in against.items():
        if has[error] and mean[error] > 0:
            f[source] = mean[source] / mean[error]
            p[source] = fdtrc(found.dof[source], found.dof[error], f[source])
    return Against(f, p)
