"""Did anything else get worse? Guard metrics, each with its own direction and margin."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import SettingsError
from ..numbers.autoregression import Series
from ..numbers.scales import effect, working_scale
from .metric_text import Direction, exactly, read_metric, write_metric
from .metric_words import GUARD, guard_untold
from .policy import POLICY

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Guard:
    """A metric that must not get worse.

    Parameters
    ----------
    value : str
        Its column.
    better : {"lower", "higher"}
    margin : float, optional
        The largest worsening that is still acceptable, in the metric's own unit. Default: half a noise
        standard deviation, which the report says.
    size : str, optional
        Column of the denominator: the metric is then a proportion.

    Examples
    --------
    >>> Guard.parse("errors/calls:lower:0.005")
    Guard(value='errors', better='lower', margin=0.005, size='calls')
    """

    value: str
    better: Direction
    margin: float | None = None
    size: str | None = None

    @classmethod
    def parse(cls, text: str, known: Collection[str] = ()) -> Guard:
        """Read ``COL[/SIZE]:better[:margin]``; ``known``: the columns there are."""
        parts = read_metric(text, "guard", "margin", known)
        margin = None if parts.last is None else _margin(parts.last, text)
        return cls(parts.value, parts.better, margin, parts.size)

    def __str__(self) -> str:
        return write_metric(self.value, self.size, self.better, None if self.margin is None else exactly(self.margin))


def _margin(text: str, whole: str) -> float:
    try:
        margin = abs(float(text))
    except ValueError:
        raise SettingsError(f"the margin {text!r} in guard {whole!r} is not a number.") from None
    if not np.isfinite(margin):
        raise SettingsError(f"the margin {text!r} in guard {whole!r} must be finite.")
    return margin


@dataclass(frozen=True, slots=True)
class GuardResult:
    """What happened to a guard: ``unharmed``, ``harmed`` or ``open`` (the data cannot tell)."""

    name: str
    better: Direction
    finding: Literal["unharmed", "harmed", "open"]
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    margin: float | None
    default_margin: bool
    p_worse: float | None
    text: str


def judge_guard(
    guard: Guard, value: Floats, size: Floats | None, positions: NDArray[np.int64], after: NDArray[np.bool_]
) -> GuardResult:
    """Judge one guard over the points that the review used.

    Harmed: E1 says worse at the level of the main metric. Unharmed: the 95 % interval of the change excludes
    a worsening by the margin. Otherwise open.
    """
    name = f"{guard.value} per {guard.size}" if guard.size else guard.value
    seen = np.isfinite(value) & (np.isfinite(size) if size is not None else True)
    n1, n2 = int((seen & ~after).sum()), int((seen & after).sum())
    constant = bool(seen.any()) and float(np.ptp(value[seen])) == 0.0
    if min(n1, n2) < POLICY.least_points or constant:
        return GuardResult(
            name, guard.better, "open", None, None, None, None, None, guard.margin, False, None,
            guard_untold(name, n1, n2, POLICY.least_points, constant),
        )  # fmt: skip
    scale = working_scale(
        "proportion" if guard.size else "continuous", value[seen], None if size is None else size[seen]
    )
    sign = 1.0 if guard.better == "higher" else -1.0
    columns = {"one": np.ones(int(seen.sum())), "D": after[seen].astype(float)}
    fit = Series(sign * scale.z, columns, positions[seen], scale.relative_sd).fit(["one", "D"])
    change = effect(scale, fit, sign, level=1 - 2 * POLICY.level_alpha(min(n1, n2)))
    p_worse = fit.contrast(D=1.0).one_sided(-1.0)
    margin = guard.margin
    if margin is None:
        margin = 0.5 * fit.sd * abs(scale.slope(scale.forward(change.before)))
    worst = change.difference_high if guard.better == "lower" else -change.difference_low
    finding: Literal["unharmed", "harmed", "open"] = "open"
    if p_worse < POLICY.level_alpha(min(n1, n2)):
        finding = "harmed"
    elif worst < margin:
        finding = "unharmed"
    return GuardResult(
        name=name,
        better=guard.better,
        finding=finding,
        before=change.before,
        after=change.after,
        difference=change.difference,
        low=change.difference_low,
        high=change.difference_high,
        margin=margin,
        default_margin=guard.margin is None,
        p_worse=p_worse,
        text=GUARD[finding].format(name=name),
    )
