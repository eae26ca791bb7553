"""What yields say: every step, all of them rolled together, and what changed between two stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..numbers.defects import MILLION, process_z
from ..numbers.dispersion import overdispersion
from ..numbers.estimate import Estimate
from ..numbers.exact_counts import garwood
from ..numbers.rolled_yield import could_be_worst, hidden_factory, normalised, rolled, step_yields
from ..numbers.square_and_add import square_and_add

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLUSTERED: Final = 0.01
"""Chance of so uneven rows of a step, from which on they are taken to differ by more than chance."""


@dataclass(frozen=True)
class Sums:
    """Sums of one stage by step, (k,) each; None where no column tells it. ``dispersion``: how many times as much
    the rows of a step scatter as units that are independent would; 1 where that is no more than chance."""

    units: Floats
    rows: Ints
    defects: Floats | None
    rework: Floats | None
    scrap: Floats | None
    opportunities: Floats | None
    dispersion: Floats

    @property
    def by_defects(self) -> bool:
        """Yields come from defects alone."""
        return self.rework is None and self.scrap is None

    @property
    def lost(self) -> Floats:
        """Units not right the first time; or defects, where only those are known."""
        if self.by_defects:
            assert self.defects is not None
            return self.defects
        none = np.zeros(self.units.size)
        return (none if self.rework is None else self.rework) + (none if self.scrap is None else self.scrap)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one stage; estimates are None where no column tells what they need."""

    name: str
    units: float
    lost: float
    defects: float | None
    rework: float | None
    scrap: float | None
    first_time: Estimate
    final: Estimate | None
    dpu: Estimate | None
    dpmo: Estimate | None
    through: float
    loss: float
    loss_share: float
    could_be_worst: bool
    dispersion: float


@dataclass(frozen=True, slots=True)
class Rolled:
    """One stage.

    ``rolled``: RTY; ``loss``: -ln RTY (TDPU); ``normalised``: RTY^(1/k); ``final``: share that comes out good with
    or without rework; ``hidden``: share that comes out good by rework alone; ``dpu``: defects a unit meets on its
    whole way; ``dpmo``: of all opportunities of all steps; ``z``: process Z of the opportunities that fail, or,
    where they are not known, of the normalised yield.
    """

    name: str
    steps: tuple[Step, ...]
    rolled: Estimate
    loss: Estimate
    normalised: Estimate
    final: float | None
    hidden: Estimate | None
    dpu: float | None
    dpmo: Estimate | None
    z: Estimate

    @property
    def worst(self) -> Step:
        """The step that loses the most."""
        return max(self.steps, key=lambda s: s.loss)


@dataclass(frozen=True, slots=True)
class YieldChange:
    """After less before: of the whole, and of each step (intervals hold together)."""

    rolled: Estimate
    steps: tuple[Estimate, ...]


def dispersion_of(count: Floats, size: Floats, proportion: bool) -> float:
    """How many times as much the rows of one step scatter as independent units would, where it is beyond chance."""
    if count.size < 2 or not count.sum() > 0 or (proportion and count.sum() >= size.sum()):
        return 1.0
    ratio, p = overdispersion(count, size, proportion)
    return ratio if p < CLUSTERED and ratio > 1 else 1.0


def stage_of(name: str, steps: tuple[str, ...], sums: Sums, confidence: float) -> Rolled:
    """Judge one stage."""
    worth = 1 / sums.dispersion
    lost, units, by_defects = sums.lost * worth, sums.units * worth, sums.by_defects
    firsts = step_yields(lost, units, confidence, by_defects)
    whole, loss = rolled(lost, units, confidence, by_defects)
    worst = could_be_worst(lost, units, confidence, by_defects)
    with np.errstate(divide="ignore"):
        parts = -np.log([e.value for e in firsts]) + 0.0
    finals = None if by_defects else step_yields(_or_zero(sums.scrap, units) * worth, units, confidence)
    dpus = _rates(sums.defects, sums.units, worth, 1.0, confidence, "defects over units; exact: Garwood (1936)")
    told = "a million times defects over opportunities; exact: Garwood (1936)"
    dpmos = _rates(sums.defects, sums.opportunities, worth, MILLION, confidence, told)
    held = tuple(
        Step(
            step, float(sums.units[i]), float(sums.lost[i]), _at(sums.defects, i), _at(sums.rework, i),
            _at(sums.scrap, i), firsts[i], None if finals is None else finals[i], None if dpus is None else dpus[i],
            None if dpmos is None else dpmos[i], float(np.prod([e.value for e in firsts[: i + 1]])), float(parts[i]),
            _share(parts, i), bool(worst[i]), float(sums.dispersion[i]),
        )
        for i, step in enumerate(steps)
    )  # fmt: skip
    each = normalised(whole, len(steps))
    hidden = None
    if sums.rework is not None:
        scrap = _or_zero(sums.scrap, sums.units)
        hidden = hidden_factory(sums.rework * worth, scrap * worth, units, confidence)
    dpmo = None
    if sums.defects is not None and sums.opportunities is not None:
        one = _rates(
            np.array([(sums.defects * worth).sum()]), np.array([(sums.opportunities * worth).sum()]), np.ones(1),
            MILLION, confidence, told,
        )  # fmt: skip
        dpmo = None if one is None else one[0]
        if dpmo is not None:
            # weights for uneven rows are for the interval alone
            shift = MILLION * sums.defects.sum() / sums.opportunities.sum() / dpmo.value if dpmo.value else 1.0
            dpmo = Estimate(dpmo.value * shift, dpmo.low * shift, dpmo.high * shift, dpmo.method)
    failing = (
        Estimate(1 - each.value, 1 - each.high, 1 - each.low, "1 - normalised yield")
        if dpmo is None
        else Estimate(dpmo.value / MILLION, dpmo.low / MILLION, min(dpmo.high / MILLION, 1.0), "DPO")
    )
    z_value, z_low, z_high = (float(process_z(p)) for p in (failing.value, failing.high, failing.low))
    z = Estimate(z_value, z_low, z_high, failing.method)
    final = None if finals is None else float(np.prod([e.value for e in finals]))
    dpu = None if dpus is None else float(sum(e.value for e in dpus))
    return Rolled(name, held, whole, loss, each, final, hidden, dpu, dpmo, z)


def _or_zero(values: Floats | None, like: Floats) -> Floats:
    return np.zeros(like.size) if values is None else values


def _at(values: Floats | None, i: int) -> float | None:
    return None if values is None else float(values[i])


def _share(parts: Floats, i: int) -> float:
    whole = float(parts.sum())
    return float(parts[i]) / whole if 0 < whole < np.inf else np.nan


def _rates(
    count: Floats | None, size: Floats | None, worth: Floats, times: float, confidence: float, how: str
) -> list[Estimate] | None:  # fmt: skip
    if count is None or size is None:
        return None
    low, high = garwood(count * worth, size * worth, confidence)
    ends = zip(count / size * times, low * times, high * times, strict=True)
    return [Estimate(float(v), float(a), float(b), how) for v, a, b in ends]


def change_of(before: Sums, after: Sums, confidence: float) -> YieldChange:
    """After less before, by the intervals of both stages; steps adjusted for their number."""
    ends = []
    for sums in (before, after):
        worth = 1 / sums.dispersion
        whole, _ = rolled(sums.lost * worth, sums.units * worth, confidence, sums.by_defects)
        level = 1 - (1 - confidence) / sums.units.size
        ends.append((whole, step_yields(sums.lost * worth, sums.units * worth, level, sums.by_defects)))
    (first, each), (second, other) = ends
    steps = tuple(square_and_add(a, b) for a, b in zip(each, other, strict=True))
    return YieldChange(square_and_add(first, second), steps)


def finding_of(difference: Estimate) -> str:
    """Which way an interval leaves 0."""
    return "rose" if difference.low > 0 else "fell" if difference.high < 0 else "open"
