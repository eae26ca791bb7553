"""The registered plan of a review: what is fixed before the rollout, with its hash, and the baseline it was made from.

A review that follows the plan (``review --plan FILE``) takes its settings from here and names every departure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .axis import Axis
from .documents import read_toml
from .errors import DataError, SettingsError
from .render.writers import write_whole
from .sealed import digest, told, values_of

Floats = NDArray[np.float64]

SCHEMA: Final = "sigmatool.registration/1"
HEADING: Final = (
    "# The plan of a review, registered before the rollout by: sigmatool plan --register\n"
    "# A changed plan is refused by: sigmatool review --plan"
)
MOST_BLOCKS: Final = 60
"""Pieces of the baseline with a hash of their own: up to so many points a changed one is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A plan as it was registered.

    Attributes
    ----------
    better, scale, worthwhile, value, size, time, subgroup, washout, season, merge, control, control_size, guards
    lsl, usl, target, triggered_by_bad_results, looks, exclude
        Settings of the review, by their public names.
    rollout : str
        The planned moment; ``WHEN=LABEL`` names it.
    effects : tuple of str
        That the plan was made for, the worthwhile one first.
    power : float
    review_points : int
        After the rollout, at the planned review; ``review_date`` where the pace of the data tells one.
    baseline_points, baseline_first, baseline_last
        Points before the rollout that were there, and the labels of the ends.
    baseline_sha256 : str
        Of their values; ``baseline_parts`` holds short hashes of consecutive pieces.
    seen_after : int
        Points after the rollout that were there already: none where the plan was made in time.
    data_sha256, command, version : str
        What the plan was made from, and how to make it again.
    by, at : str
        Who registered it, and when (UTC, ISO 8601).
    sha256 : str
        Of all the other fields, as canonical JSON.
    """

    better: str
    scale: str
    worthwhile: str
    value: str | None
    size: str | None
    time: str | None
    subgroup: str | None
    washout: int
    season: str | None
    merge: str
    control: tuple[str, ...]
    control_size: tuple[str, ...]
    guards: tuple[str, ...]
    lsl: float | None
    usl: float | None
    target: float | None
    triggered_by_bad_results: bool
    looks: str | None
    exclude: str | None
    rollout: str
    effects: tuple[str, ...]
    power: float
    review_points: int
    review_date: str
    baseline_points: int
    baseline_first: str
    baseline_last: str
    baseline_sha256: str
    baseline_parts: tuple[str, ...]
    seen_after: int
    data_sha256: str
    command: str
    version: str
    by: str
    at: str
    sha256: str = ""

    def told(self) -> dict[str, Any]:
        """The plan as the file holds it: without what is None."""
        return told(self)

    def digest(self) -> str:
        """SHA-256 of everything but itself, as canonical JSON."""
        return digest(self.told())


def read_registration(path: str | Path) -> Registration:
    """The plan that a file holds.

    Raises
    ------
    DataError
        It was changed after it was registered.
    SettingsError
        The file is missing, not TOML, no plan, or lacks a field or holds a wrong one.
    """
    held = read_toml(path)
    name = Path(path).name
    if held.get("schema") != SCHEMA or not isinstance(held.get("plan"), dict):
        raise SettingsError(
            f'{name} is not a registered plan: it must say schema = "{SCHEMA}" and hold a [plan]; make one with: '
            "sigmatool plan DATA --register FILE."
        )
    found = Registration(**values_of(Registration, held["plan"], name, "plan"))
    if found.digest() != found.sha256:
        raise DataError(
            f"{name}: the plan was changed after it was registered by {found.by}, its content does not match its "
            "SHA-256: restore the file from your version control, or register a new plan."
        )
    return found


def write_registration(path: str | Path, plan: Registration) -> Registration:
    """Write a plan, sealed, to a new file; whole or not at all.

    Raises
    ------
    SettingsError
        The file is there already (a registered plan is never written over), or is no ``.toml``.
    """
    import tomli_w

    file = Path(path)
    if file.suffix.lower() != ".toml":
        raise SettingsError(f"a plan is registered in a .toml file, not in {file.name!r}.")
    if file.exists():
        raise SettingsError(
            f"{file} is there already, and a registered plan is never written over: name another file (register), and "
            "keep the old one."
        )
    sealed = replace(plan, sha256=plan.digest())
    write_whole(file, f"{HEADING}\n{tomli_w.dumps({'schema': SCHEMA, 'plan': sealed.told()})}".encode())
    return sealed


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Hash of the values of consecutive points, and short ones of consecutive pieces of ``size`` points."""

    sha256: str
    parts: tuple[str, ...]
    size: int


def baseline_fingerprint(axis: Axis, columns: Sequence[Floats], stop: int) -> Fingerprint:
    """Hash the first points of a series, in a form that no file format and no later point changes.

    Parameters
    ----------
    axis : Axis
    columns : sequence of (n,) or (n, m) arrays
        Values by point; a missing value is NaN, and so is the padding of a subgroup.
    stop : int
        Points that are hashed.

    Examples
    --------
    >>> from sigmatool.axis import in_order
    >>> a = baseline_fingerprint(in_order("point", ("1", "2", "3")), [np.array([1.0, 2.0, 3.0])], 2)
    >>> b = baseline_fingerprint(in_order("point", ("1", "2")), [np.array([1.0, 2.0])], 2)
    >>> a == b, len(a.parts), a.size
    (True, 2, 1)
    """
    points = [_point(axis, columns, i) for i in range(min(stop, axis.x.size))]
    size = max(-(-stop // MOST_BLOCKS), 1)
    pieces = [b"".join(points[i : i + size]) for i in range(0, len(points), size)]
    parts = tuple(hashlib.sha256(piece).hexdigest()[:12] for piece in pieces)
    return Fingerprint(hashlib.sha256(b"".join(points)).hexdigest(), parts, size)


def _point(axis: Axis, columns: Sequence[Floats], i: int) -> bytes:
    """A point by its place and its values, 32 bytes."""
    place = str(axis.labels[i]) if axis.kind == "order" else repr(round(float(axis.x[i]), 6))
    held = hashlib.sha256(place.encode())
    for values in columns:
        here = np.atleast_1d(values[i]) + 0.0
        # the padding of a subgroup grows with the largest one, which may come later
        seen = here[np.isfinite(here)]
        held.update(f"|{seen.size}|".encode() + np.ascontiguousarray(seen, dtype="<f8").tobytes())
    return held.digest()
