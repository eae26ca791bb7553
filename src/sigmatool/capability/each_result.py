"""What a study of many characteristics says: each with its indices, ranked by what is least sure."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..numbers.estimate import Estimate
from ..result import Result
from .each_work import Characteristic
from .result import Capability

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, kw_only=True, repr=False)
class CapabilityEach(Result):
    """Many characteristics, each against its own specification.

    Attributes
    ----------
    characteristics : tuple of Characteristic
        In the order of the specification. Each holds its whole study: ``found``, and ``before`` of two stages.
    stages : tuple of str
        Names of before and after; empty where there is one stage.
    wanted : float
        Ppk that the lower ends of the intervals are counted against; nothing else hangs on it.
    confidence : float
        Of every interval.
    title : str

    Notes
    -----
    ``rows`` counts the cells of all characteristics together: a row of the table is one of each.
    """

    schema: ClassVar[str] = "sigmatool.capability-each/1"
    verb: ClassVar[str] = "capability-each"

    characteristics: tuple[Characteristic, ...]
    stages: tuple[str, ...]
    wanted: float
    confidence: float
    title: str

    @property
    def staged(self) -> bool:
        """Whether before and after are compared."""
        return bool(self.stages)

    @property
    def judged(self) -> tuple[tuple[Characteristic, Capability], ...]:
        """Characteristics with their studies, the lowest lower end of Ppk first; without an interval last."""
        held = [(c, c.found) for c in self.characteristics if c.found is not None]
        return tuple(sorted(held, key=lambda pair: (_least(pair[1]), pair[0].name)))

    @property
    def refused(self) -> tuple[Characteristic, ...]:
        """Characteristics that could not be judged."""
        return tuple(c for c in self.characteristics if not c.judged)

    @property
    def partly(self) -> tuple[Characteristic, ...]:
        """Judged after, but not before."""
        return tuple(c for c in self.characteristics if c.judged and c.reason)

    @property
    def below(self) -> tuple[Characteristic, ...]:
        """Those whose interval of Ppk reaches below ``wanted``."""
        return tuple(c for c, found in self.judged if _least(found) < self.wanted)

    @property
    def below_before(self) -> int:
        """How many reached below ``wanted`` before."""
        return sum(c.before is not None and _least(c.before) < self.wanted for c in self.characteristics)

    @property
    def unstable(self) -> tuple[Characteristic, ...]:
        """Those that may not be spoken of as capable; of two stages the later counts."""
        return tuple(c for c, found in self.judged if found.stable is False)

    @property
    def compared(self) -> tuple[tuple[Characteristic, Estimate], ...]:
        """Those with a difference of Ppk that has an interval."""
        return tuple(
            (c, c.difference)
            for c, _ in self.judged
            if c.difference is not None and not math.isnan(c.difference.low + c.difference.high)
        )

    @property
    def rose(self) -> tuple[Characteristic, ...]:
        """Those whose interval of the difference lies above zero."""
        return tuple(c for c, difference in self.compared if difference.low > 0)

    @property
    def fell(self) -> tuple[Characteristic, ...]:
        """Those whose interval of the difference lies below zero."""
        return tuple(c for c, difference in self.compared if difference.high < 0)

    @property
    def by_chance(self) -> float:
        """How many would rise on average, and how many fall, were none changed."""
        return len(self.compared) * (1 - self.confidence) / 2

    @property
    def headline(self) -> str:
        from .each_words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a characteristic, in the order of the specification."""
        import pandas as pd

        return pd.DataFrame([self._row(c) for c in self.characteristics])

    def _row(self, c: Characteristic) -> dict[str, Any]:
        spec = c.specification
        row: dict[str, Any] = {
            "characteristic": c.name, "lsl": spec.lsl, "usl": spec.usl, "target": spec.target, "judged": c.judged,
        }  # fmt: skip
        if self.staged:
            row |= {f"before_{key}": value for key, value in stage_row(c.before).items()}
        row |= stage_row(c.found)
        if self.staged:
            d = c.difference
            row |= {
                "difference": None if d is None else d.value,
                "difference_low": None if d is None else d.low,
                "difference_high": None if d is None else d.high,
            }
        return {**row, "reason": c.reason}

    def figure(self) -> Figure:
        """The goal plot: location against spread, with arrows from before to after."""
        from .each_picture import goals

        return goals(self)

    def document(self) -> Document:
        from .each_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "title": self.title,
            "stages": list(self.stages),
            "wanted": self.wanted,
            "confidence": self.confidence,
            "judged": len(self.judged),
            "refused": len(self.refused),
            "below": len(self.below),
            "below_before": self.below_before if self.staged else None,
            "unstable": len(self.unstable),
            "rose": len(self.rose) if self.staged else None,
            "fell": len(self.fell) if self.staged else None,
            "by_chance": self.by_chance if self.staged else None,
            "characteristics": [self._told(c) for c in self.characteristics],
        }

    def _told(self, c: Characteristic) -> dict[str, Any]:
        spec, d = c.specification, c.difference
        return {
            "characteristic": c.name,
            "spec": {"lsl": spec.lsl, "usl": spec.usl, "target": spec.target},
            "judged": c.judged,
            "reason": c.reason or None,
            "found": None if c.found is None else _stage(c.found),
            "before": None if c.before is None else _stage(c.before),
            "difference": None if d is None else {
                "value": d.value, "low": d.low, "high": d.high, "formula": d.method
            },
            "rows": asdict(c.rows),
        }  # fmt: skip


def _least(found: Capability) -> float:
    """The lower end of the interval of Ppk; the value where there is none; infinite where Ppk does not exist."""
    ppk = found.indices["ppk"]
    for value in (ppk.low, ppk.value):
        if not math.isnan(value):
            return value
    return math.inf


def stage_row(found: Capability | None) -> dict[str, Any]:
    """One stage of a characteristic as columns of a table; None where it was not judged."""
    names = (
        "n", "mean", "sigma_overall", "sigma_within", "cpk", "cpk_low", "cpk_high", "ppk", "ppk_low", "ppk_high",
        "seen_outside", "expected_outside_ppm", "stable", "distribution",
    )  # fmt: skip
    if found is None:
        return dict.fromkeys(names)
    cpk, ppk, seen = found.indices["cpk"], found.indices["ppk"], found.study.observed
    values = (
        found.n, found.mean, found.sigma_overall, found.sigma_within, cpk.value, cpk.low, cpk.high, ppk.value, ppk.low,
        ppk.high, seen[0] + seen[1], found.ppm["overall"].total, found.stable, found.law.name,
    )  # fmt: skip
    return dict(zip(names, values, strict=True))


def _stage(found: Capability) -> dict[str, Any]:
    indices = {
        name: {"value": e.value, "low": e.low, "high": e.high, "formula": e.method}
        for name, e in found.indices.items()
        if name in ("cp", "cpk", "pp", "ppk")
    }
    return {
        "n": found.n,
        "mean": found.mean,
        "sigma_within": found.sigma_within,
        "sigma_overall": found.sigma_overall,
        "sigma_method": found.sigma_method,
        "indices": indices,
        "ppm": {kind: asdict(part) for kind, part in found.ppm.items()},
        "seen_outside": list(found.study.observed[:2]),
        "distribution": {"name": found.law.name, "method": found.law.chosen_by},
        "stable": found.stable,
        "stability": asdict(found.study.gate),
        "caveats": [c.code for c in found.caveats],
    }
