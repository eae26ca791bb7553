"""Which distribution do the values follow, what does it say of the specification, and how much hangs on that choice?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..numbers.distribution import Fitted
from ..numbers.empirical import empirical
from ..numbers.estimate import Estimate
from ..numbers.families import fit
from ..numbers.goodness import GoodnessOfFit, anderson_darling
from ..numbers.ladder import FEW, Ladder, ladder, plainly_normal
from ..numbers.laws import LAWS
from ..numbers.percentile_capability import Spread, percentile_capability, spread_over_fits
from . import caveat_words
from .asked import Asked
from .outside import NOWHERE, Outside
from .study import Study

Floats = NDArray[np.float64]

SEEN_AT_ONCE = 20_000
"""Values beyond which a normality test looks at evenly spaced ones only, and a ladder is climbed where it must be."""

FORMULAS: Mapping[str, str] = {
    "pp": "(USL - LSL) / (q99.865 - q0.135)",
    "ppl": "(median - LSL) / (median - q0.135)",
    "ppu": "(USL - median) / (q99.865 - median)",
    "ppk": "the smaller of both sides, from percentiles",
}


@dataclass(frozen=True)
class Law:
    """The distribution that indices of all values are read from.

    Attributes
    ----------
    fitted : Fitted
    chosen_by : str
        ``"asked"``, or the ladder's reason for it.
    indices, z_bench, outside
        From its percentiles; empty and None for the normal law, whose indices have closed forms.
    normality : GoodnessOfFit or None
        Anderson & Darling's test; None with too few values. ``tested``: how many it looked at.
    climbed : Ladder or None
        The path, where it has been climbed.
    """

    fitted: Fitted
    chosen_by: str
    x: Floats = field(repr=False, compare=False)
    asked: Asked = field(repr=False)
    normality: GoodnessOfFit | None
    tested: int
    climbed: Ladder | None = field(repr=False, default=None)
    indices: Mapping[str, Estimate] = field(default_factory=dict)
    z_bench: Estimate | None = None
    outside: Outside | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def name(self) -> str:
        return self.fitted.name

    @cached_property
    def ladder(self) -> Ladder | None:
        """Every candidate and what became of it; None with fewer than three values."""
        if self.climbed is not None or self.x.size < 3:
            return self.climbed
        return ladder(self.x, self.asked.lsl, self.asked.usl)

    @cached_property
    def sensitivity(self) -> Spread | None:
        """Ppk under every distribution that the data do not contradict."""
        return None if self.ladder is None else spread_over_fits(self.ladder, self.asked.lsl, self.asked.usl)

    def told(self) -> dict[str, Any]:
        """The distribution as JSON holds it, with the path to it."""
        path = [] if self.ladder is None else [
            {"name": r.name, "statistic": r.statistic, "p": r.p, "aicc": r.aicc, "plausible": r.plausible,
             "reason": r.reason, "detail": r.detail}
            for r in self.ladder.rungs
        ]  # fmt: skip
        return {"name": self.name, "parameters": dict(self.fitted.parameters), "method": self.chosen_by, "path": path}

    def normality_told(self) -> dict[str, Any]:
        """The test of normality as JSON holds it."""
        test = self.normality
        if test is None:
            return {"statistic": None, "p": None, "method": None, "n": self.tested}
        return {"statistic": test.statistic, "p": test.p, "method": test.method, "n": self.tested}


def law_of(study: Study, asked: Asked) -> Law:
    """Choose the distribution, and read the indices from it where it is not normal."""
    x = study.x
    # evenly spaced, so that no stretch of time is left out
    some = x if x.size <= SEEN_AT_ONCE else x[:: -(-x.size // SEEN_AT_ONCE)]
    normality = anderson_darling(some) if x.size >= FEW else None
    climbed: Ladder | None = None
    caveats: list[Caveat] = []
    fitted: Fitted | None = None
    why = "asked"
    if asked.distribution not in ("auto", "normal"):
        try:
            fitted = _by_name(asked.distribution, x)
        except ValueError as problem:
            caveats.append(caveat_words.fit_failed(asked.distribution, str(problem)))
    if fitted is None and asked.distribution != "normal":
        told = normality is not None and normality.p >= 0.05 and (x.size > SEEN_AT_ONCE or plainly_normal(x))
        if x.size >= FEW and not told:
            climbed = ladder(x, asked.lsl, asked.usl)
            fitted, why = climbed.chosen, climbed.reason
        else:
            why = "reasonable" if told else "too-few-points"
    if fitted is None or fitted.name == "normal":
        fitted = _normal(study)
    law = Law(fitted, why, x, asked, normality, int(some.size), climbed, caveats=tuple(caveats))
    return law if fitted.name == "normal" else _read(law, study)


def _normal(study: Study) -> Fitted:
    """The normal law with the sample's own mean and standard deviation."""
    sd, n = float(study.overall.value), study.n
    likelihood = -0.5 * n * (math.log(2 * math.pi * sd**2) + (n - 1) / n)
    return Fitted("normal", {"mean": study.mean, "sd": sd}, likelihood, n, LAWS["normal"])


def _by_name(name: str, x: Floats) -> Fitted:
    if name == "empirical":
        return empirical(x)
    if name != "johnson":
        return fit(name, x)
    found, problems = [], []
    for family in ("johnson-sl", "johnson-su", "johnson-sb"):
        try:
            found.append(fit(family, x))
        except ValueError as problem:
            problems.append(str(problem))
    if not found:
        raise ValueError("; ".join(dict.fromkeys(problems)))
    return min(found, key=lambda f: f.aicc)


def _read(law: Law, study: Study) -> Law:
    """Percentile indices with bootstrap intervals."""
    x, asked, name = study.x, law.asked, law.name
    dependent = study.n_mean < x.size and study.gate.autocorrelation > 0
    r = study.gate.autocorrelation if dependent else 0.0
    found = percentile_capability(x, law.fitted, asked.lsl, asked.usl, level=asked.confidence, autocorrelation=r)
    held = {key: _finite(e) for key, e in found.intervals.items()}
    indices = {
        key: Estimate(held[key].value, held[key].low, held[key].high,
                      f"{formula}, {name} (ISO 22514-4); {held[key].method}")
        for key, formula in FORMULAS.items()
    }  # fmt: skip
    sides = [NOWHERE if math.isnan(held[name].value) else held[name] for name in ("ppm_below", "ppm_above")]
    outside = Outside(sides[0], sides[1], held["ppm_total"])
    return replace(
        law, indices=indices, z_bench=held["z_bench"], outside=outside, caveats=(*law.caveats, *_caveats(law, asked))
    )


def _finite(e: Estimate) -> Estimate:
    value, low, high = (v if math.isfinite(v) else math.nan for v in (e.value, e.low, e.high))
    return Estimate(value, low, high, e.method)


def _caveats(law: Law, asked: Asked) -> list[Caveat]:
    out, test = [], law.normality
    if asked.distribution == "auto" and test is not None:
        out.append(caveat_words.not_normal(test.statistic, test.p, law.name))
    if law.name == "empirical" and law.fitted.lowest > 0.00135:
        out.append(caveat_words.extrapolates(law.x.size))
    rung = None if law.climbed is None else next((r for r in law.climbed.rungs if r.name == law.name), None)
    if rung is not None and rung.ends_inside:
        out.append(caveat_words.support_ends_inside(law.name))
    return out
