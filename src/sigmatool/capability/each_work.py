"""Many characteristics judged, each as a study of its own; two stages of one by the same distribution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..axis import Stage
from ..caveats import Rows
from ..data import Exclude, Measurements, Specification, measurements
from ..errors import DataError, SettingsError
from ..numbers.estimate import Estimate
from ..numbers.square_and_add import square_and_add
from ..result import listed
from .asked import Asked
from .capability import of_points
from .each_limits import Ledger
from .result import Capability

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
"""Called with the number of characteristics done, and of all."""

LAWS_DIFFER = (
    "Before is judged by the {} and after by the {} distribution, for none suits both: part of the difference of Ppk "
    "may be that."
)


@dataclass(frozen=True)
class Common:
    """What all characteristics are judged by. ``asked`` has the settings of a study, its specification apart."""

    asked: Asked
    time: str | None
    subgroup: str | int | None
    stage: str | None
    rollout: Any
    exclude: Exclude
    limits: Mapping[str, Ledger] = field(default_factory=dict)
    """Ledgers of frozen limits, by characteristic."""

    @property
    def staged(self) -> bool:
        return self.stage is not None or self.rollout is not None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic and what became of it.

    Attributes
    ----------
    name : str
        Of its column.
    specification : Specification
    found : Capability or None
        Its study; of two stages the later. None where it cannot be judged.
    before : Capability or None
        The study of the earlier of two stages.
    difference : Estimate or None
        Ppk after less Ppk before.
    reason : str
        Why something of it cannot be judged; empty where all is.
    laws_differ : str
        Said where its stages had to be judged by different distributions.
    rows : Rows
        Where each row of the table went, for this column.
    """

    name: str
    specification: Specification
    found: Capability | None
    before: Capability | None
    difference: Estimate | None
    reason: str
    laws_differ: str
    rows: Rows

    @property
    def judged(self) -> bool:
        return self.found is not None


def judge_each(
    frame: pd.DataFrame, wanted: Mapping[str, Specification], common: Common, progress: Progress | None = None
) -> tuple[tuple[Characteristic, ...], tuple[str, ...]]:
    """Every characteristic in the order of ``wanted``, and the names of both stages (none without).

    Raises
    ------
    SettingsError
        What no characteristic can be judged with.
    """
    tell = progress or (lambda done, total: None)
    found: list[Characteristic] = []
    names: tuple[str, ...] = ()
    tell(0, len(wanted))
    for name, specification in wanted.items():
        one, stages = _judge(frame, name, specification, common)
        names = names or stages
        found.append(one)
        tell(len(found), len(wanted))
    return tuple(found), names


def _judge(
    frame: pd.DataFrame, name: str, specification: Specification, common: Common
) -> tuple[Characteristic, tuple[str, ...]]:
    """One characteristic; what its data forbid is its reason."""
    ledger = common.limits.get(name)
    asked = replace(common.asked, specification=specification, frozen=None if ledger is None else ledger.held)
    lost = Rows(len(frame), 0, 0, 0, len(frame))
    try:
        points = measurements(
            frame, value=name, time=common.time, subgroup=common.subgroup, stage=common.stage, rollout=common.rollout,
            exclude=common.exclude,
        )  # fmt: skip
    except DataError as problem:
        return Characteristic(name, specification, None, None, None, str(problem), "", lost), ()
    if not common.staged:
        try:
            study = of_points(points, asked, _settings(name, asked, common, listed(common.exclude)))
        except DataError as problem:
            return Characteristic(name, specification, None, None, None, str(problem), "", lost), ()
        return Characteristic(name, specification, study, None, None, "", "", points.rows), ()
    stages = _two(points, common)
    parts: list[Capability | None] = []
    reasons = []
    for stage, other in zip(stages, stages[::-1], strict=True):
        settings = _settings(name, asked, common, _without(other, common.exclude))
        try:
            parts.append(of_points(_part(points, stage), asked, settings))
        except DataError as problem:
            parts.append(None)
            reasons.append(f"{stage.name}: {problem}")
    before, after = _by_one_law(parts[0], parts[1])
    differ, difference = "", None
    if before is not None and after is not None:
        difference = square_and_add(before.indices["ppk"], after.indices["ppk"])
        if before.law.name != after.law.name:
            differ = LAWS_DIFFER.format(before.law.name, after.law.name)
    rows = _rows(points, stages, (before, after), lost)
    one = Characteristic(name, specification, after, before, difference, "; ".join(reasons), differ, rows)
    return one, tuple(stage.name for stage in stages)


def _settings(name: str, asked: Asked, common: Common, exclude: str | None) -> dict[str, Any]:
    """Those of the verb for one column, so that its own command makes the study again."""
    spec = asked.specification
    return {
        "value": name, "time": common.time, "subgroup": common.subgroup, "lsl": spec.lsl, "usl": spec.usl,
        "target": spec.target, "sigma": asked.sigma, "distribution": asked.distribution,
        "confidence": asked.confidence, "boundary": None,
        "limits": common.limits[name].path if name in common.limits else None, "exclude": exclude, "title": None,
    }  # fmt: skip


def _two(points: Measurements, common: Common) -> tuple[Stage, Stage]:
    if len(points.stages) != 2:
        names = ", ".join(stage.name for stage in points.stages[:6])
        made = "the rollouts make" if common.stage is None else f"column {common.stage!r} makes"
        raise SettingsError(
            f"before and after needs two stages, but {made} {len(points.stages)} ({names}): name one rollout, or judge "
            "the rows of two stages alone."
        )
    return points.stages[0], points.stages[1]


def _part(points: Measurements, stage: Stage) -> Measurements:
    """The points of one stage: those of the other are left out."""
    places = np.arange(points.n)
    return points.only((places >= stage.start) & (places < stage.stop))


def _without(other: Stage, exclude: Exclude) -> str:
    given = listed(exclude)
    return ",".join(text for text in (given, f"{other.start + 1}-{other.stop}") if text)


def _rows(
    points: Measurements, stages: tuple[Stage, Stage], parts: tuple[Capability | None, Capability | None], lost: Rows
) -> Rows:
    """Values of a stage that could not be judged are dropped; where that is the later, all of them."""
    before, after = parts
    if after is None:
        return lost
    rows = points.rows
    gone = 0 if before is not None else int(_part(points, stages[0]).rows.used)
    return replace(rows, used=rows.used - gone, dropped=rows.dropped + gone)


def _by_one_law(before: Capability | None, after: Capability | None) -> tuple[Capability | None, Capability | None]:
    """Both stages by the first distribution that neither contradicts, where each alone would take another.

    A difference between two distributions would else pass for one of the process.
    """
    if before is None or after is None or before.law.name == after.law.name:
        return before, after
    ladders = [part.law.ladder for part in (before, after)]
    plausible = [[] if ladder is None else [rung.name for rung in ladder.rungs if rung.plausible] for ladder in ladders]
    name = next((n for n in plausible[0] if n in plausible[1]), None)
    if name is None or before.asked.distribution != "auto":
        return before, after
    return _by(before, name), _by(after, name)


def _by(found: Capability, distribution: str) -> Capability:
    if found.law.name == distribution:
        return found
    asked = replace(found.asked, distribution=distribution)
    return of_points(found.points, asked, {**found.settings, "distribution": distribution})
