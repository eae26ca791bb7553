"""What happened to the other metrics, when one was declared the primary?

Each secondary metric goes through the whole decision table. Many metrics have many chances to look better by luck:
a claim needs its own verdict *and* an adjusted p value (Benjamini-Hochberg over the secondary metrics). Harm is told as
it is found and never adjusted away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data import extra
from ..errors import SettingsError, SigmatoolError
from ..numbers.multiple import benjamini_hochberg
from ..numbers.scales import Effect, ScaleName
from .case import Judged
from .decision import CREDITED, TOO_FEW
from .judging import Judgement, judge
from .metric_text import Direction, exactly, read_metric, write_metric
from .metric_words import NEVER_VARIES, NOT_ENOUGH, adjusted_sentence, few_usable
from .policy import POLICY
from .request import Request
from .summary import sentence_of

Floats = NDArray[np.float64]

HARM = frozenset({"DETERIORATED", "DESTABILISED"})
"""Verdicts that are told whatever the number of metrics."""

BENEFIT = CREDITED | {"STABILISED"}
"""Verdicts that say something good of the rollout."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A secondary metric.

    Parameters
    ----------
    value : str
        Its column.
    better : {"lower", "higher"}
    worthwhile : float or str, optional
        Smallest change worth having, in the metric's own unit or as a share of its level before ("10%"). Default:
        half a noise standard deviation.
    size : str, optional
        Column of the denominator: the metric is then a proportion.

    Examples
    --------
    >>> Metric.parse("calls/handled:higher")
    Metric(value='calls', better='higher', worthwhile=None, size='handled')
    """

    value: str
    better: Direction
    worthwhile: float | str | None = None
    size: str | None = None

    @classmethod
    def parse(cls, text: str, known: Collection[str] = ()) -> Metric:
        """Read ``COL[/SIZE]:better[:worthwhile]``; ``known``: the columns there are."""
        parts = read_metric(text, "metric", "worthwhile effect", known)
        return cls(parts.value, parts.better, parts.last, parts.size)

    def __str__(self) -> str:
        last = self.worthwhile
        shown = last if isinstance(last, str) or last is None else exactly(last)
        return write_metric(self.value, self.size, self.better, shown)

    @property
    def name(self) -> str:
        """As a page names it."""
        return f"{self.value} per {self.size}" if self.size else self.value


@dataclass(frozen=True, slots=True)
class MetricResult:
    """What happened to a secondary metric.

    Attributes
    ----------
    verdict, attribution : str
        By the metric's own full decision table.
    effect : Effect or None
        Change of level in the metric's own unit; None where it could not be judged.
    p, p_adjusted : float or None
        One-sided p value of "better" (E1), and the same adjusted over the secondary metrics.
    claimed : bool
        Credited by its own table, and the adjusted p value holds.
    harm : bool
        Worse, or less steady; never adjusted.
    """

    name: str
    better: Direction
    scale: ScaleName
    verdict: str
    attribution: str
    effect: Effect | None
    p: float | None
    p_adjusted: float | None
    claimed: bool
    harm: bool
    n_before: int
    n_after: int
    sentence: str


def judge_metrics(data: Any, metrics: Sequence[Metric], asked: Request, primary: Judged) -> tuple[MetricResult, ...]:
    """Judge the secondary metrics of a review over the points, rollout, wash-out and exclusions of the primary one.

    Parameters
    ----------
    data : DataFrame
    metrics : sequence of Metric
    asked : Request
        Of the primary metric. Its control and target are its own and do not pass to the others; its season does.
    primary : Judged
        The primary metric, for the points that lie in the wash-out or are excluded.

    Raises
    ------
    SettingsError
        A metric that is named twice or is the primary one.
    DataError
        A column that is missing, or that holds text or impossible values; the message names the metric.
    """
    _check_different(metrics, asked)
    found = [_one(data, metric, asked, primary) for metric in metrics]
    adjusted = benjamini_hochberg([np.nan if r.p is None else r.p for r in found])
    number = int(np.isfinite(adjusted).sum())
    return tuple(_adjusted(r, float(p), number) for r, p in zip(found, adjusted, strict=True))


def told(results: Sequence[MetricResult]) -> list[str]:
    """Harm to secondary metrics, as it bounds the verdict on the primary one."""
    verb = {"DETERIORATED": "got worse", "DESTABILISED": "lost its steadiness"}
    return [f"metric {r.name} {verb[r.verdict]}" for r in results if r.harm]


def _check_different(metrics: Sequence[Metric], asked: Request) -> None:
    seen = {(asked.value, asked.size)}
    for metric in metrics:
        if (metric.value, metric.size) in seen:
            raise SettingsError(
                f"metric {str(metric)!r} is named twice, or is the primary metric: name each metric once."
            )
        seen.add((metric.value, metric.size))


def _one(data: Any, metric: Metric, asked: Request, primary: Judged) -> MetricResult:
    own = replace(
        asked, value=metric.value, size=metric.size, scale="auto", better=metric.better, worthwhile=metric.worthwhile,
        control=None, control_size=None, target=None, triggered_by_bad_results=False, gauge=None, gauge_changed=False,
        subgroup=asked.subgroup if metric.size is None else None,
    )  # fmt: skip
    if metric.size is not None and asked.subgroup is not None:
        raise SettingsError(f"metric {str(metric)!r} is a proportion and cannot be judged in subgroups; leave it out.")
    try:
        silent = _silent(data, metric, asked, primary)
        if silent is not None:
            return silent
        return _result(metric, judge(data, own))
    except SigmatoolError as mistake:
        raise type(mistake)(f"metric {metric}: {mistake}") from None


def _silent(data: Any, metric: Metric, asked: Request, primary: Judged) -> MetricResult | None:
    """The result where a stage is all but empty or never varies: that is a want of data, not a mistake in them."""
    values = extra(data, metric.value, primary.points)
    if metric.size is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = values / extra(data, metric.size, primary.points)
    used = np.isfinite(values) & ~primary.points.excluded & ~primary.washout & primary.compared
    sides = [values[used & ~primary.after], values[used & primary.after]]
    before, after = (int(side.size) for side in sides)
    reason = ""
    if min(before, after) < 2:
        reason = few_usable(before, after)
    elif min(float(np.ptp(side)) for side in sides) == 0:
        reason = NEVER_VARIES
    if not reason:
        return None
    return MetricResult(
        metric.name, metric.better, "proportion" if metric.size else "continuous", TOO_FEW.code, TOO_FEW.attribution,
        None, None, None, False, False, before, after,
        NOT_ENOUGH.format(metric=metric.name, reason=reason),
    )  # fmt: skip


def _result(metric: Metric, found: Judgement) -> MetricResult:
    judged, e = found.judged, found.evidence
    return MetricResult(
        name=metric.name,
        better=metric.better,
        scale=judged.scale.name,
        verdict=found.decision.code,
        attribution=found.decision.attribution,
        effect=found.effect,
        p=None if e is None else e.p_better,
        p_adjusted=None,
        claimed=False,
        harm=found.decision.code in HARM,
        n_before=judged.sides[0],
        n_after=judged.sides[1],
        sentence=sentence_of(found),
    )


def _adjusted(r: MetricResult, p_adjusted: float, number: int) -> MetricResult:
    if r.p is None:
        return r
    claimed = claims(r.verdict, p_adjusted)
    return replace(
        r, p_adjusted=p_adjusted, claimed=claimed,
        sentence=adjusted_sentence(r.sentence, r.verdict, claimed, p_adjusted, number, "metric"),
    )  # fmt: skip


def claims(verdict: str, p_adjusted: float) -> bool:
    """A claim needs both: the verdict of its own table, and the adjusted p value of "better"."""
    return verdict in CREDITED and p_adjusted <= POLICY.false_discovery
