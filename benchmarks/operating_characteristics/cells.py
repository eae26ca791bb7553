"""What is one cell of the study? A kind of series with a known truth, and the size of its stages.

To add a family with a judgement of its own (several looks, several sites): write a module with a function
``(cell, rng) -> Counter`` of one replication, name it in ``registry.JUDGES``, and make cells with that ``judge`` in
``scenarios``. Fields that only it reads may be added here; with their defaults they change no other cell.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields

LABEL = "operating characteristics of 2026-11-25, fresh"
"""Seeds of the published study; nothing was tuned on it (development runs take another label)."""

TRUTHS = {
    "null": "nothing happened: any credit is wrong",
    "trend": "a trend was running, and no step: any credit is wrong",
    "date": "a step at another date: any credit is wrong",
    "triggered": "nothing happened; the rollout was started because of a bad stretch: any credit is wrong",
    "stress": "nothing happened, in noise outside the method's assumptions: any credit is wrong",
    "step": "a step for the better at the rollout",
    "ramp": "a gradual gain that starts at the rollout",
    "spread": "the spread changed at the rollout, the level did not",
    "backslide": "a gain at the rollout that is lost again",
    "worse": "a steady worsening since the rollout",
    "second": "a step at the rollout, and another half-way through the stage after",
}


@dataclass(frozen=True)
class Cell:
    """A scenario at one size. The unit of level is one standard deviation of the noise; positive is better.

    Parameters
    ----------
    family : str
        Name of the scenario; with the sizes it is the cell's key, from which its seed is made.
    truth : str
        One of :data:`TRUTHS`.
    before, after : int
        Points of each stage, those that are missing or washed out included.
    kind : str
        ``continuous``, ``duration``, ``proportion``, ``rate``, ``subgroups`` (of 5), ``target``, ``control``,
        ``waves`` (a panel of sites; ``before`` and ``after`` together are its periods).
    phi : float
        Lag-1 autocorrelation.
    step : float
        Step at the rollout, or at ``at``; for ``proportion`` and ``rate`` the share of events taken away.
    at : float or None
        Where the step lies, as a share of the series; None: at the rollout.
    second : float
        A further step half-way through the stage after.
    trend : float
        Change over the whole series (shared with the control where there is one, unless ``own_trend``).
    cut : float
        Share of the standard deviation removed at the rollout; negative adds.
    shape : str
        Of the noise: ``normal``, ``t3``, ``lognormal``, ``wander`` (slow wander behind noise), ``walk``.
    ramp : int
        Points that the step takes to arrive; 0: at once.
    lost : bool
        The step is lost again over the last 60 % of the stage after.
    drift : float
        Worsening over the stage after.
    cycle : int
        Length of a seasonal pattern in the series: a sine, or at 7 an arbitrary pattern over the week.
    declared : bool
        The season, or the trigger, is told to the review.
    washout : int
        Points after the rollout told to be left out.
    level : float
        Expected events a period (rate), share of events (proportion), distance from the target before (target).
    size : int
        Mean number inspected a period (proportion).
    constant : bool
        Every period has the same exposure, and there is no overdispersion.
    between : float
        Share of the variance of subgroup means that lies between subgroups.
    missing : str
        ``""``, ``random`` (one point in five), ``holes`` (a third of each stage, in one piece).
    stretch : int
        The rollout follows the worst stretch of so many points in twice the stage before.
    own_trend : bool
        The control does not share the trend.
    sites, controls : int
        Sites of a panel, and how many of them never go live (waves).
    differ : float
        Standard deviation of the step between sites (waves).
    course : float
        Improvement over the whole time of the first site to go live beyond that of the last (waves).
    uneven : float
        Ratio of the noisiest site's standard deviation to the quietest's (waves).
    dose : bool
        The step comes with adoption, which differs between sites and times, and is told to the review (waves).
    looks : str
        How the seven looks of the judge of that name are told to the review: ``each look`` (not at all), ``planned``,
        ``any``.
    judge : str
        Which function of ``registry.JUDGES`` judges a replication.
    """

    family: str
    truth: str
    before: int
    after: int
    kind: str = "continuous"
    phi: float = 0.0
    step: float = 0.0
    at: float | None = None
    second: float = 0.0
    trend: float = 0.0
    cut: float = 0.0
    shape: str = "normal"
    ramp: int = 0
    lost: bool = False
    drift: float = 0.0
    cycle: int = 0
    declared: bool = False
    washout: int = 0
    level: float = 0.0
    size: int = 0
    constant: bool = False
    between: float = 0.0
    missing: str = ""
    stretch: int = 0
    own_trend: bool = False
    sites: int = 0
    controls: int = 0
    differ: float = 0.0
    course: float = 0.0
    uneven: float = 1.0
    dose: bool = False
    looks: str = ""
    judge: str = "verdict"

    @property
    def n(self) -> int:
        return self.before + self.after

    @property
    def key(self) -> str:
        """Names the cell in files and seeds; two cells never share it."""
        return f"{self.family} {self.before}+{self.after}"

    @property
    def settings(self) -> str:
        """Everything that defines the cell and is not as by default."""
        return repr([(f.name, getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default])

    def seed(self, label: str) -> int:
        return zlib.crc32(f"{label}|{self.key}".encode())
