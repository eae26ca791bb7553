"""From a cell to a series: drawn as a table, taken through the door of the review, and told with its truth."""

from __future__ import annotations

from dataclasses import dataclass, fields
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter

import sigmatool as st
from sigmatool.review.case import Judged, Request, prepare
from sigmatool.review.evidence import Case

from .cells import Cell

Floats = NDArray[np.float64]

TRIGGER = "triggered_by_bad_results"
SUBGROUP = 5
LOG_SD = 0.5
"""Standard deviation of the logarithm of a duration."""

_DEFAULTS = {name: parameter.default for name, parameter in signature(st.review).parameters.items()}
_ASKED = tuple(field.name for field in fields(Request))


@dataclass(frozen=True)
class Drawn:
    """One series with what is true of it.

    ``judged``: as the review sees it. ``plain`` (n,): the metric as a naive reader takes it, turned so that up is
    better, NaN where missing. ``after`` (n,): at or after the rollout, wash-out left out by ``used``. ``effect``: true
    change of level on the working scale; None where no single number is. ``date``: calendar position of the first
    point of the true step, or None; ``trended``: it stands on a trend. ``ratio``: true ratio of the standard deviations,
    or None.
    """

    judged: Judged
    plain: Floats
    after: NDArray[np.bool_]
    effect: float | None
    date: int | None
    trended: bool
    ratio: float | None


def possible(cell: Cell) -> bool:
    """Whether the review knows the settings that the cell declares."""
    return not (cell.stretch and cell.declared) or TRIGGER in _ASKED


def draw(rng: np.random.Generator, cell: Cell) -> Case:
    """One series as a case; up is better."""
    case = series(rng, cell).judged.case
    if case is None:
        raise ValueError(f"{cell.key}: this draw has too few points or values to be judged")
    return case


def series(rng: np.random.Generator, cell: Cell) -> Drawn:
    """Draw a series, and prepare it as a review of it would."""
    after = np.arange(cell.n) >= cell.before
    table, asked, plain = MAKERS.get(cell.kind, _measured)(rng, cell, after)
    if cell.missing:
        gone = _missing(rng, cell)
        table.loc[gone, "y"] = np.nan
        plain = np.where(gone, np.nan, plain)
    judged = prepare(table, request(cell, **asked))
    return Drawn(judged, plain, after, _effect(cell, judged), _date(cell), _trended(cell), _ratio(cell))


def request(cell: Cell, **asked: Any) -> Request:
    """The settings of the review of a cell; all others as they are by default."""
    settings: dict[str, Any] = {"value": "y", "rollouts": ((str(cell.before + 1), "rollout"),), "better": "higher"}
    settings["washout"] = cell.washout
    if cell.cycle and cell.declared:
        settings["season"] = cell.cycle
    if cell.stretch and cell.declared:
        settings[TRIGGER] = True
    settings.update(asked)
    chosen: dict[str, Any] = {name: _DEFAULTS[name] for name in _ASKED if name in _DEFAULTS}
    return Request(**{**chosen, **settings})


def noise(rng: np.random.Generator, n: int, phi: float = 0.0, shape: str = "normal") -> Floats:
    """Noise of unit variance (``walk`` apart): stationary AR(1) with the innovations' shape, or a slow wander."""
    if shape == "wander":
        return np.asarray(np.sqrt(0.5) * (noise(rng, n, 0.9) + rng.standard_normal(n)))
    if shape == "walk":
        return 0.3 * np.cumsum(rng.standard_normal(n)) + rng.standard_normal(n)
    if shape == "t3":
        white = rng.standard_t(3, n) / np.sqrt(3)
    elif shape == "lognormal":
        s = 0.8
        mean, variance = np.exp(s * s / 2), (np.exp(s * s) - 1) * np.exp(s * s)
        white = (mean - np.exp(s * rng.standard_normal(n))) / np.sqrt(variance)
    else:
        white = rng.standard_normal(n)
    if phi == 0:
        return np.asarray(white)
    start = [phi * rng.standard_normal()]
    return np.asarray(lfilter([1.0], [1.0, -phi], white * np.sqrt(1 - phi**2), zi=start)[0])


def mean_of(cell: Cell, steps: bool = True) -> Floats:
    """The level of each point, in noise standard deviations; without what the rollout did when not ``steps``."""
    t = np.arange(cell.n)
    level = cell.trend * t / (cell.n - 1)
    if not steps:
        return level
    since = t - cell.before
    after = since >= 0
    arrived = np.clip(since / cell.ramp, 0, 1) if cell.ramp else 1.0
    kept = 1 - np.clip((since - 0.4 * cell.after) / (0.6 * cell.after), 0, 1) if cell.lost else 1.0
    moved = after if cell.at is None else t >= round(cell.at * cell.n)
    level = level + cell.step * moved * arrived * kept + cell.second * (since >= cell.after // 2)
    return np.asarray(level - cell.drift * after * since / (cell.after - 1))


def _noise_of(rng: np.random.Generator, cell: Cell, after: NDArray[np.bool_]) -> Floats:
    if cell.stretch:
        return _after_worst(rng, cell)
    y = noise(rng, cell.n, cell.phi, cell.shape) * np.where(after, 1 - cell.cut, 1.0)
    if cell.cycle == 7:
        week = rng.standard_normal(7)
        y = y + ((week - week.mean()) / week.std())[np.arange(cell.n) % 7]
    elif cell.cycle:
        y = y + np.sin(2 * np.pi * (np.arange(cell.n) + rng.uniform(0, cell.cycle)) / cell.cycle)
    return y


def _after_worst(rng: np.random.Generator, cell: Cell) -> Floats:
    """A steady series whose stage before ends with the worst stretch seen while it was watched.

    Candidates end from the first full stage before to twice its length; the one with the lowest mean triggers.
    """
    long = noise(rng, 2 * cell.before + cell.after, cell.phi)
    sums = np.convolve(long, np.ones(cell.stretch), "valid")
    ends = np.arange(cell.before, 2 * cell.before + 1)
    start = ends[np.argmin(sums[ends - cell.stretch])]
    return np.asarray(long[start - cell.before : start + cell.after])


Made = tuple[pd.DataFrame, dict[str, Any], Floats]


def _measured(rng: np.random.Generator, cell: Cell, after: NDArray[np.bool_]) -> Made:
    y = _noise_of(rng, cell, after) + mean_of(cell)
    return pd.DataFrame({"y": y}), {}, y


def _duration(rng: np.random.Generator, cell: Cell, after: NDArray[np.bool_]) -> Made:
    days = 10 * np.exp(-LOG_SD * (_noise_of(rng, cell, after) + mean_of(cell)))
    return pd.DataFrame({"y": days}), {"better": "lower", "scale": "duration"}, -days


def _target(rng: np.random.Generator, cell: Cell, after: NDArray[np.bool_]) -> Made:
    """Measured in noise standard deviations about a target of 50; a step brings the mean nearer to it."""
    y = 50 + cell.level - cell.step * after + _noise_of(rng, cell, after)
    return pd.DataFrame({"y": y}), {"better": "target", "target": 50.0}, -np.abs(y - 50)


def _control(rng: np.random.Generator, cell: Cell, after: NDArray[np.bool_]) -> Made:
    """Both series share half of their variance, and the trend; the difference has the noise of one of them."""
    shared = noise(rng, cell.n, cell.phi)
    own, other = (np.sqrt(0.5) * (shared + noise(rng, cell.n, cell.phi)) for _ in range(2))
    y = own + mean_of(cell)
    control = other if cell.own_trend else other + mean_of(cell, steps=False)
    return pd.DataFrame({"y": y, "control": control}), {"control": "control"}, y


def _subgroups(rng: np.random.Generator, cell: Cell, after: NDArray[np.bool_]) -> Made:
    """Subgroup means have unit variance, of which ``between`` is not explained by the spread inside."""
    inside = np.sqrt(SUBGROUP * (1 - cell.between)) * np.where(after, 1 - cell.cut, 1.0)
    center = np.sqrt(cell.between) * noise(rng, cell.n, cell.phi) + mean_of(cell)
    y = center[:, None] + inside[:, None] * rng.standard_normal((cell.n, SUBGROUP))
    return pd.DataFrame({"y": y.ravel()}), {"subgroup": SUBGROUP}, y.mean(axis=1)


def _proportion(rng: np.random.Generator, cell: Cell, after: NDArray[np.bool_]) -> Made:
    p = cell.level * np.where(after, 1 - cell.step, 1.0)
    if cell.constant:
        size = np.full(cell.n, cell.size)
    else:
        size = rng.integers(round(0.6 * cell.size), round(1.4 * cell.size) + 1, cell.n)
        odds = 1 / 0.02 - 1
        p = rng.beta(p * odds, (1 - p) * odds)
    events = rng.binomial(size, p)
    table = pd.DataFrame({"y": events.astype(float), "size": size})
    return table, {"better": "lower", "scale": "proportion", "size": "size"}, -events / size


def _rate(rng: np.random.Generator, cell: Cell, after: NDArray[np.bool_]) -> Made:
    expected = cell.level * np.where(after, 1 - cell.step, 1.0)
    asked = {"better": "lower", "scale": "rate"}
    if cell.constant:
        events = rng.poisson(expected)
        return pd.DataFrame({"y": events.astype(float)}), asked, -events.astype(float)
    exposure = rng.uniform(0.4, 1.6, cell.n)
    events = rng.poisson(expected * rng.gamma(1 / 0.02, 0.02, cell.n) * exposure)
    table = pd.DataFrame({"y": events.astype(float), "exposure": exposure})
    return table, asked | {"size": "exposure"}, -events / exposure


MAKERS = {
    "duration": _duration,
    "target": _target,
    "control": _control,
    "subgroups": _subgroups,
    "proportion": _proportion,
    "rate": _rate,
}


def _missing(rng: np.random.Generator, cell: Cell) -> NDArray[np.bool_]:
    if cell.missing == "random":
        return rng.permutation(cell.n) < round(0.2 * cell.n)
    gone = np.zeros(cell.n, dtype=bool)
    for start, length in ((0, cell.before), (cell.before, cell.after)):
        first = start + rng.integers(1, length - length // 3)
        gone[first : first + length // 3] = True
    return gone


def _effect(cell: Cell, judged: Judged) -> float | None:
    """The true change of level, in the direction and on the scale of the case."""
    hidden_season = cell.cycle and not cell.declared
    if cell.truth not in ("null", "step", "spread") or cell.stretch or cell.kind == "target":
        return None
    if _trended(cell) or hidden_season:
        return None
    if cell.kind in ("proportion", "rate"):
        before, after = (judged.scale.forward(level) for level in (cell.level, cell.level * (1 - cell.step)))
        return judged.sign * (after - before)
    return cell.step * (LOG_SD if cell.kind == "duration" else 1.0)


def _date(cell: Cell) -> int | None:
    if cell.step == 0 or cell.ramp or cell.lost or cell.drift or cell.second or cell.kind == "target":
        return None
    return cell.before if cell.at is None else round(cell.at * cell.n)


def _trended(cell: Cell) -> bool:
    """Whether the series that is judged, the difference where there is a control, has a trend."""
    return cell.trend != 0 and (cell.kind != "control" or cell.own_trend)


def _ratio(cell: Cell) -> float | None:
    if cell.kind in ("target", "proportion", "rate") or cell.ramp or cell.stretch or cell.shape in ("wander", "walk"):
        return None
    if cell.second or cell.lost or cell.drift or (cell.at is not None):
        return None
    return 1 - cell.cut
