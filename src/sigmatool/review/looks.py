"""Who looks more than once errs more often than once: what a look may spend, and what holds at any number of looks.

Looks that were planned share the error of one (:class:`Looks`, :func:`policy_at`). Of looks that nobody planned or
counted, only an always-valid answer can speak (:func:`always_valid`, :func:`as_peeked`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..caveats import Caveat
from ..errors import SettingsError
from ..numbers.always_valid import safe_steps
from . import caveat_words
from .evidence import Case, Evidence
from .look_words import UNPLANNED, however_often, planned_look
from .policy import POLICY, Policy

SHARED = (
    "alpha_level",
    "alpha_short",
    "alpha_controlled",
    "alpha_controlled_dependent",
    "alpha_step",
    "alpha_ramp",
    "alpha_against",
    "alpha_spread",
    "lost_steadiness",
)
"""Levels of the policy that the looks share: those that can credit the rollout, or call it harmful."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The numbers of points after the rollout at which one looks, as planned before the first of them.

    Parameters
    ----------
    planned : tuple of int
        Increasing, each at least 1; the last one ends the study. Empty: one looks whenever one likes.

    Notes
    -----
    Look k of K may spend ``(t_k / t_K)^2 - (t_(k-1) / t_K)^2`` of each level, t counting points after the rollout:
    power-family spending (Kim & DeMets 1987, Biometrika 74, 149-154). The shares sum to 1, so by Bonferroni all looks
    together err no more often than one, whatever the dependence between them.

    Examples
    --------
    >>> looks = Looks.parse("8,12,18,24,36")
    >>> looks.number(18), round(looks.share(18), 3)
    (3, 0.139)
    """

    planned: tuple[int, ...]

    def __post_init__(self) -> None:
        steps = np.diff(self.planned)
        if self.planned and (self.planned[0] < 1 or (steps <= 0).any()):
            raise SettingsError(
                f"looks must be increasing numbers of points after the rollout, for example 8,12,24, not {self.text!r}."
            )

    @classmethod
    def parse(cls, given: str | Sequence[int]) -> Looks:
        """From ``"8,12,24"``, a sequence of whole numbers, or ``"any"``.

        Raises
        ------
        SettingsError
            No numbers, numbers that are not whole, or not increasing.
        """
        if given == "any":
            return cls(())
        parts: list[Any] = given.split(",") if isinstance(given, str) else list(given)
        try:
            numbers = tuple(int(part) for part in parts)
            whole = all(float(part) == number for part, number in zip(parts, numbers, strict=True))
        except (TypeError, ValueError, OverflowError):
            numbers, whole = (), False
        if not whole or not numbers:
            raise SettingsError(
                f"looks {given!r} must be whole numbers of points after the rollout, for example 8,12,24, or any for "
                "an answer that holds however often you have looked."
            )
        return cls(numbers)

    @property
    def undeclared(self) -> bool:
        """Nobody planned the looks, or counts them."""
        return not self.planned

    @property
    def text(self) -> str:
        """As written on a command line."""
        return ",".join(str(t) for t in self.planned) or "any"

    def number(self, n_after: int) -> int:
        """The current look, from 1: the last planned one that ``n_after`` reaches; the first when none is."""
        return max(int(np.searchsorted(self.planned, n_after, side="right")), 1)

    def share(self, n_after: int) -> float:
        """What part of each level the current look may spend."""
        k = self.number(n_after)
        before = self.planned[k - 2] if k > 1 else 0
        return (self.planned[k - 1] ** 2 - before**2) / self.planned[-1] ** 2

    def told(self, n_after: int) -> dict[str, Any]:
        """The plan, which look this is, and the share of each level it may spend; both None where nobody planned."""
        current = None if self.undeclared else self.number(n_after)
        return {"planned": self.planned, "look": current, "share": None if current is None else self.share(n_after)}

    def sentence(self, n_after: int) -> str:
        """For the report: which look this is, and what it spends."""
        if self.undeclared:
            return UNPLANNED
        return planned_look(self.number(n_after), len(self.planned), self.share(n_after))

    def caveats(self, n_after: int) -> tuple[Caveat, ...]:
        """A look that was not planned, said."""
        if self.undeclared:
            return ()
        k = self.number(n_after)
        due = self.planned[k - 1]
        if n_after == due:
            return ()
        when = "late" if n_after > self.planned[-1] else "early" if n_after < due else "between"
        return (caveat_words.look_not_planned(n_after, when, self.text, due),)


def policy_at(looks: Looks, n_after: int, policy: Policy = POLICY) -> Policy:
    """The policy of the current look: every level that can credit or blame, times the look's share.

    Examples
    --------
    >>> policy_at(Looks((12, 24)), 12).alpha_step
    0.0075
    """
    share = looks.share(n_after)
    return replace(policy, **{name: share * getattr(policy, name) for name in SHARED})


@dataclass(frozen=True, slots=True)
class AlwaysValid:
    """What holds however often one has looked; working scale, up is better.

    Attributes
    ----------
    p_better, p_worse : float
        One-sided: a step of the level at the rollout.
    p_step_better, p_step_worse : float
        One-sided: a step beyond a common trend.
    estimate, low, high : float
        Change of level, with the interval that holds it at all looks together in 95 % of studies.
    e_value : float
        Evidence for a step of the level of either sign against none; 20 stands for p = 0.05.
    """

    p_better: float
    p_worse: float
    p_step_better: float
    p_step_worse: float
    estimate: float
    low: float
    high: float
    e_value: float

    @property
    def text(self) -> str:
        """The row of the evidence table in words."""
        better = self.p_better <= self.p_worse
        p, which = (self.p_better, "better") if better else (self.p_worse, "worse")
        return however_often(which, p, shown=p < POLICY.alpha_level)


def always_valid(case: Case, evidence: Evidence) -> AlwaysValid:
    """The answer to "is the level better?" and "is it a step?" that survives undeclared peeking.

    Parameters
    ----------
    case : Case
    evidence : Evidence
        Of the same case; its regression names the season's columns.
    """
    fit = evidence.level_fit
    season = tuple(
        fit.series.design[:, i] for i, name in zip(fit.index, fit.names, strict=True) if name not in ("one", "D")
    )
    t = case.positions.astype(float)
    trend = (t - t.mean()) / t.size
    level, step = safe_steps(case.z, case.after, [season, (trend,)], case.positions, case.relative_sd)
    return AlwaysValid(
        p_better=level.p_up,
        p_worse=level.p_down,
        p_step_better=step.p_up,
        p_step_worse=step.p_down,
        estimate=level.estimate,
        low=level.low,
        high=level.high,
        e_value=level.e_value,
    )


def as_peeked(evidence: Evidence, found: AlwaysValid) -> Evidence:
    """The evidence of someone who declared ``looks="any"``: always-valid p values in E1 and E2, E2r not asked.

    A gradual start has no always-valid test here: it is not credited. Pass the result to the decision with
    :data:`PEEKED`.
    """
    return replace(
        evidence,
        p_better=found.p_better,
        p_worse=found.p_worse,
        p_step_better=found.p_step_better,
        p_step_worse=found.p_step_worse,
        p_ramp_better=1.0,
        p_ramp_worse=1.0,
    )


PEEKED = replace(POLICY, alpha_spread=POLICY.alpha_spread / 5, lost_steadiness=POLICY.lost_steadiness / 5)
"""With always-valid p values the levels of E1 and E2 stand; those of E4 and of lost steadiness are cut to a fifth."""
