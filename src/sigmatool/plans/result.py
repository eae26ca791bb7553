"""What a plan says."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from ..render.document import Tone
from ..result import Result
from ..review.error_rates import ErrorRates
from ..review.policy import POLICY
from ..review.result import Check
from . import words
from .asked import Asked
from .baseline import Baseline
from .needed import FURTHEST, Meeting, Needed, Silence
from .power import Design
from .watch import Watch

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

DRAWN = 48
"""Places along a curve of the picture."""

SHOWN = (8, 12, 16, 20, 24, 30, 36, 48, 60, 80, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000)
"""Points after the rollout that the table tells the chances of."""


CODE: Final[dict[Tone, str]] = {"good": "CAN_ANSWER", "open": "CAUSE_STAYS_OPEN", "bad": "CANNOT_ANSWER"}


@dataclass(frozen=True, slots=True)
class Curve:
    """Chances by the points after the rollout, for one effect (a place in ``needed``, from 0)."""

    effect: int
    points: tuple[int, ...]
    better: tuple[float, ...]
    credited: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Plan(Result):
    """How long until a review can answer, and what the monitor will see afterwards.

    Attributes
    ----------
    title, metric, better : str
    asked : Asked
    baseline : Baseline
        What the points before the rollout tell.
    report_card : tuple of Check
        Will the baseline do? One row a question.
    needed : tuple of Needed
        Points after the rollout by effect, the worthwhile one first.
    silence : Silence
        When "no change" is an answer.
    meeting : Meeting
        The planned review.
    rates : ErrorRates
        How often such a review is wrong, from the study.
    watch : Watch
        What the chart afterwards sees, and when.
    """

    schema: ClassVar[str] = "sigmatool.plan/1"
    verb: ClassVar[str] = "plan"

    title: str
    metric: str
    better: str
    asked: Asked
    baseline: Baseline = field(repr=False, compare=False)
    design: Design = field(repr=False, compare=False)
    report_card: tuple[Check, ...]
    needed: tuple[Needed, ...]
    silence: Silence
    meeting: Meeting
    rates: ErrorRates
    watch: Watch
    fingerprint: tuple[str, tuple[str, ...]] = field(repr=False)

    @property
    def share(self) -> bool:
        """Whether the metric is a share, told in percentage points."""
        return self.baseline.scale.name == "proportion"

    @property
    def controlled(self) -> bool:
        """Whether an untouched series goes along."""
        return bool(self.asked.request.controls)

    @property
    def headline(self) -> str:
        told = words.effect(self.needed[0].effect, self.share, self.better)
        return words.headline(self.metric, self.needed[0], self.asked.power, told, self.controlled)

    @property
    def next_action(self) -> str:
        """What to do with the plan."""
        return words.next_step(self.needed[0], self.meeting, self.controlled)

    @property
    def readiness(self) -> Tone:
        """The tone of the gravest row of the report card; those that are always open do not count."""
        tones = {c.tone for c in self.report_card[:-2]}
        return "bad" if "bad" in tones else "open" if "open" in tones else "good"

    @property
    def code(self) -> str:
        """``CAN_ANSWER``, ``CAUSE_STAYS_OPEN`` or ``CANNOT_ANSWER``, for the worthwhile change."""
        return CODE[self.tone]

    @property
    def tone(self) -> Tone:
        """Whether the worthwhile effect can be answered for."""
        first = self.needed[0]
        return "good" if first.credited is not None else "open" if first.better is not None else "bad"

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """The chances as the picture draws them."""
        block = self.baseline.block
        last = self._reach()
        steps = np.unique(np.round(np.geomspace(POLICY.least_points, last, DRAWN)).astype(int))
        if self.design.looks is not None and self.design.looks.planned:
            steps = np.array([n for n in self.design.looks.planned if n >= POLICY.least_points], dtype=int)
        return tuple(
            Curve(
                i,
                tuple(int(n) * block for n in steps),
                tuple(self.design.chance("better", int(n), need.effect.noise) for n in steps),
                tuple(self.design.chance("credited", int(n), need.effect.noise) for n in steps),
            )
            for i, need in enumerate(self.needed)
        )

    def _reach(self) -> int:
        """Judged points that the picture goes to: well beyond the planned review, and what is needed of the effects."""
        block = self.baseline.block
        wanted = [n for need in self.needed for n in (need.better, need.credited) if n is not None]
        far = max([self.meeting.points, *wanted]) // block
        return int(min(max(1.5 * far, 3 * POLICY.stable_points), FURTHEST))

    def to_frame(self) -> pd.DataFrame:
        """One row an effect and a number of points after the rollout, with the chances."""
        import pandas as pd

        share, block = self.share, self.baseline.block
        rows = [
            {
                "effect": words.effect(need.effect, share, self.better),
                "points_after": n * block,
                "date": self.baseline.live.date((self.design.washout + n) * block),
                "better": self.design.chance("better", n, need.effect.noise),
                "credited": self.design.chance("credited", n, need.effect.noise),
            }
            for need in self.needed
            for n in self._told()
        ]
        return pd.DataFrame(rows)

    def _told(self) -> list[int]:
        planned = () if self.design.looks is None else self.design.looks.planned
        return list(planned) or [n for n in SHOWN if n <= self._reach()]

    def figure(self) -> Figure:
        from .picture import figure

        return figure(self)

    def document(self) -> Document:
        from .report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        b = self.baseline
        frame = self.to_frame()
        return {
            "code": self.code,
            "headline": self.headline,
            "next_action": self.next_action,
            "metric": self.metric,
            "baseline": {
                "points": int(b.used.sum()), "judged": b.n, "at_rollout": b.n_at_rollout, "to_come": b.live.to_come,
                "seen_after": b.live.seen_after, "block": b.block, "first": str(b.live.axis.labels[0]),
                "last": str(b.live.axis.labels[-1]), "level": b.scale.back(b.level), "sd": b.sd, "sd_low": b.sd_low,
                "sd_high": b.sd_high, "sd_times": {"low": b.sd_low / b.sd, "high": b.sd_high / b.sd},
                "autocorrelation": b.autocorrelation, "stable": b.gate.stable,
                "stability": asdict(b.gate), "heavy": b.heavy, "scale": b.scale.name,
                "trend": {
                    "estimate": b.trend.estimate, "p_better": b.trend.one_sided(), "p_worse": b.trend.one_sided(-1.0)
                },
                "seasons": [asdict(s) for s in b.seasons], "own_sd": b.own_sd,
            },
            "readiness": self.readiness,
            "report_card": [asdict(check) for check in self.report_card],
            "power": self.asked.power,
            "needed": [asdict(need) for need in self.needed],
            "chances": {name: frame[name].tolist() for name in frame.columns},
            "curves": [asdict(curve) for curve in self.curves],
            "silence": asdict(self.silence),
            "least": {"judged": POLICY.least_points * b.block, "stable": POLICY.stable_points * b.block},
            "review": asdict(self.meeting),
            "error_rates": {**asdict(self.rates), "sentences": self.rates.sentences[:1]},
            "watch": {
                "kind": self.watch.kind, "rules": self.watch.rules, "false_alarm": asdict(self.watch.false_alarm),
                "approximate": self.watch.approximate, "dependent": self.watch.dependent,
                "slips": [asdict(s) for s in self.watch.slips],
            },
        }  # fmt: skip
