"""Can a piece of a stream be judged? Its shape and values are checked as the door checks a table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..columns import floats
from ..data import check_counts
from ..errors import DataError, SettingsError
from .catalogue import PROPORTION_KINDS
from .engine import Frozen
from .kinds import Sample
from .rare_events import check_rare

Floats = NDArray[np.float64]


def fed_sample(frozen: Frozen, value: Any, size: Any = None, part: Any = None, nominal: Any = None) -> Sample:
    """The points fed as the kind of a chart sees them.

    Raises
    ------
    DataError
        A value that cannot be charted, by its row in the piece.
    SettingsError
        A piece of another shape than the points of the chart, or without what its kind needs.
    """
    kind = frozen.kind
    x = floats(value, "value")
    if kind.takes == "counts":
        _refuse(kind.name, part=part, nominal=nominal)
        return _counts(kind.name, _shaped(frozen, x)[:, 0], size)
    _refuse(kind.name, size=size)
    if kind.takes == "vectors":
        _refuse(kind.name, part=part, nominal=nominal)
        return Sample(values=_vectors(frozen, x))
    values = _shaped(frozen, x)
    n = values.shape[0]
    if frozen.single:
        check_rare(kind.name if kind.design is None else kind.design, values[:, 0], np.arange(n) + 1, "value")
    _refuse(kind.name, **({} if kind.name == "z-mr" else {"part": part}))
    _refuse(kind.name, **({} if kind.name == "dnom" else {"nominal": nominal}))
    parts = _parts(part, n) if kind.name == "z-mr" else None
    wanted = _along(nominal, "nominal", kind.name, n) if kind.name == "dnom" else None
    return Sample(values=values, part=parts, nominal=wanted)


def _refuse(kind: str, **given: Any) -> None:
    for name, what in given.items():
        if what is not None:
            raise SettingsError(f"kind {kind} takes no {name}; leave it out.")


def _shaped(frozen: Frozen, x: Floats) -> Floats:
    """(n, 1) for charts of single values, (n, m) for those of subgroups."""
    if x.size == 0:
        return np.zeros((0, 1))
    if frozen.single and (x.ndim == 1 or (x.ndim == 2 and x.shape[1] == 1)):
        return x.reshape(-1, 1)
    if not frozen.single and x.ndim == 2:
        return x
    takes = (
        "one value a point: feed a number or (n,) of them" if frozen.single else "subgroups: feed them in rows (n, m)"
    )
    raise SettingsError(f"this {frozen.kind.name} chart takes {takes}, not an array of shape {x.shape}.")


def _vectors(frozen: Frozen, x: Floats) -> Floats:
    p = frozen.variables
    if x.size == 0:
        return np.zeros((0, 1, p))
    if frozen.single and x.ndim == 1:
        x = x[None, :]
    if x.ndim != (2 if frozen.single else 3) or x.shape[-1] != p:
        shape = f"(n, {p})" if frozen.single else f"(n, m, {p})"
        raise SettingsError(
            f"this {frozen.kind.name} chart has {p} variables: feed an array {shape}, not one of shape {x.shape}."
        )
    gap = np.isnan(x).any(axis=-1, keepdims=True)
    values = np.where(gap, np.nan, x)
    return values[:, None, :] if frozen.single else values


def _counts(kind: str, count: Floats, size: Any) -> Sample:
    if kind == "c":
        _refuse(kind, size=size)
        sizes = np.ones(count.size)
    else:
        sizes = _along(size, "size", kind, count.size)
    check_counts(count, sizes, "value", "size", kind in PROPORTION_KINDS)
    gap = np.isnan(count) | np.isnan(sizes)
    return Sample(count=np.where(gap, np.nan, count), size=np.where(gap, np.nan, sizes))


def _along(given: Any, name: str, kind: str, n: int) -> Floats:
    """One number for all points, or one for each."""
    if given is None:
        raise SettingsError(f"kind {kind} needs {name}: one number for all points, or one for each.")
    values = floats(given, name)
    if values.shape not in ((1,), (n,)):
        raise SettingsError(f"{name} has the shape {values.shape} for {n} points; give one number, or one for each.")
    return np.broadcast_to(values, (n,))


def _parts(part: Any, n: int) -> NDArray[np.object_]:
    if part is None:
        raise SettingsError("kind z-mr needs part: the part of each point.")
    names = [part] if isinstance(part, str) else list(part)
    if len(names) != n:
        raise SettingsError(f"part names {len(names)} parts for {n} points; name one for each.")
    missing = [i for i, name in enumerate(names) if name is None or name != name]
    if missing:
        raise DataError(f"part is empty in row {missing[0] + 1}: every point belongs to a part; fill it in.")
    return np.array([str(name) for name in names], dtype=object)
