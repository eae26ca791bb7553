"""The rows of a screen to look through: what stands in the table, in a row's detail, and how they are chosen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..render.explorer import Column, Explorer, Filter, Order, Sketches
from ..render.numeral import Verbatim
from .picture import mapped
from .words import AVERAGE_SIZE, ELSEWHERE, finding, told

if TYPE_CHECKING:
    from .result import Screen

Floats = NDArray[np.float64]

_FIGURES, _MOST = 4, 15
"""Digits that a number far from zero is shown with, at least and at most."""


def explorer(r: Screen) -> Explorer:
    """Every stream, ranked, with its drawing and all its numbers."""
    c = r.columns
    form = _level(c)
    columns = _columns(r, form)
    names = {column.name for column in columns}
    wishes = (
        Order("need of attention"),
        Order("worst stability", "stability index", "down"),
        Order("worst capability", "Ppk", "up"),
        Order("largest change", "change", "size"),
        Order("largest drift", "drift in all", "size"),
        Order("name", "name"),
    )
    orders = tuple(o for o in wishes if o.column in ("", "name") or o.column in names)
    kept = _filters(r)
    drawn = mapped(r)
    sentences = np.array([told(r, i) for i in range(len(c["stream"]))], dtype=object)
    return Explorer(
        r.by, "streams", c["stream"], columns, kept, orders, _sketches(r, form),
        drawn if np.isfinite(drawn.x).any() else None, sentences,
        Verbatim(r.provenance.command), "The full chart or review of this stream", ELSEWHERE,
    )  # fmt: skip


def _level(c: Any) -> str:
    """Digits that tell a tenth of a percent of a sigma's worth apart, however far from zero the process runs."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(c["center"]) / c["sigma_overall"]
    far = ratio[np.isfinite(ratio)]
    more = math.ceil(math.log10(max(float(np.quantile(far, 0.95)), 1.0))) if far.size else 0
    return f".{min(_FIGURES + max(more - 1, 0), _MOST)}g"


def _columns(r: Screen, level: str) -> tuple[Column, ...]:
    c = r.columns
    staged = "before_center" in c

    def one(name: str, key: str, form: str = ".4g", shown: bool = False, about: str = "") -> Column:
        before = _of(name, c, f"before_{key}", form) if staged and f"before_{key}" in c else None
        low, high = c.get(f"{key}_low"), c.get(f"{key}_high")
        return Column(name, c[key], form, low, high, before, shown, about)

    findings = np.array([finding(r, i) for i in range(len(c["stream"]))], dtype=object)
    out = [Column("finding", findings, shown=True)]
    judged = r.verdicts is not None
    if judged:
        out += [one("verdict", "verdict", shown=True), one("attribution", "attribution")]
        change = one("change", "change", "#.3g", True, about="after less before, with its 95 % interval")
        out += [change, one("level before", "level_before", level), one("level after", "level_after", level)]
        out += [one("p better", "p_better", "p"), one("p worse", "p_worse", "p")]
        out += [one("p better, adjusted", "q_better", "p"), one("improved", "claimed"), one("harmed", "harm")]
    out += [
        one("stability index", "stability_index", "#.3g", True, _INDEX),
        one(
            "p adjusted",
            "q_stable",
            "p",
            not judged,
            "how often steady processes would look so, adjusted over all streams",
        ),
        one("signals", "signals", ",d", True),
    ]
    if r.specified:
        out.append(one("Ppk", "ppk", "#.3g", True, f"with its 95 % interval; wanted {r.wanted:g}"))
    out.append(one("points", "n", ",d", not judged, _POINTS))
    out += [
        one("not stable", "unstable"), one("p of a steady process", "p_stable", "p"), one("chart", "kind"),
        one("center", "center", level), one("lower limit", "lower", level), one("upper limit", "upper", level),
        one("sigma within", "sigma"), one("sigma overall", "sigma_overall"), one("smallest", "min", level),
        one("largest", "max", level), one("drift in all", "drift", about=_DRIFT),
        one("autocorrelation", "autocorrelation", ".2g"),
    ]  # fmt: skip
    if r.specified:
        out += [one(name, name.lower(), "#.3g") for name in ("Cp", "Cpk", "Pp")]
        out.append(one("surely below the wanted Ppk", "below"))
    out += [one(name, key, level) for name, key in _SPECIFICATION if np.isfinite(c[key]).any()]
    out += [one(f"signals, {words}", f"signals_{rule}", ",d") for rule, words in r.rules.items()]
    out += [one("signals of the spread", "signals_spread", ",d"), one("few points", "few")]
    out += [one(name, name, ",d") for name in ("rows", "missing", "gaps", "ties")]
    out += [one("points in all", "points", ",d")]
    return (*out, *(one(name, key) for name, key in (("note", "note"), ("refused", "refused")) if (c[key] != "").any()))


_INDEX = "spread in all over spread from point to point; 1 is steady"
_DRIFT = "of a straight line, from the first point to the last"
_POINTS = "of the stretch that is charted: after the rollout, where there is one"
_SPECIFICATION = (("lower specification", "lsl"), ("upper specification", "usl"), ("target", "target"))


def _of(name: str, c: Any, key: str, form: str) -> Column:
    return Column(name, c[key], form, c.get(f"{key}_low"), c.get(f"{key}_high"))


def _filters(r: Screen) -> tuple[Filter, ...]:
    c = r.columns
    found = [Filter("not stable", c["unstable"])]
    if r.specified:
        found.append(Filter("not capable", c["below"]))
    if r.verdicts is not None:
        found += [Filter("improved", c["claimed"]), Filter("deteriorated", c["harm"])]
    more = (Filter("few points", c["few"]), Filter("refused", c["refused"] != ""))
    return (*found, *(f for f in more if f.rows.any()))


def _sketches(r: Screen, form: str) -> Sketches | None:
    held = r.sketches
    if not held:
        return None
    c = r.columns
    staged = c.get("staged", np.zeros(len(c["stream"]), dtype=bool))

    def sides(name: str) -> Floats:
        now = c[name].astype(np.float64)
        return np.column_stack([np.where(staged, c[f"before_{name}"], np.nan) if f"before_{name}" in c else now, now])

    center, lower, upper = (sides(name) for name in ("center", "lower", "upper"))
    before = np.where(staged, held["sketch_after"], 0).astype(np.int64)
    # limits of unequal sizes are drawn at their average: where the chart has no signal, none is marked
    beyond = outside(held["sketch"], before, lower, upper) & (c["signals"] > 0)[:, None]
    count = np.where(_coarse(held["sketch"], c["sigma"]), 0, held["sketch_n"]).astype(np.int64)
    return Sketches(
        held["sketch"], count, before, c["points"] + c["gaps"] > held["sketch_n"], beyond, center, lower, upper, form,
        AVERAGE_SIZE if r.settings.get("size") else "",
    )  # fmt: skip


def _coarse(values: NDArray[np.floating[Any]], sigma: Floats) -> NDArray[np.bool_]:
    """Drawings so far from zero that their values are rounded by more than a tenth of a sigma."""
    far = np.fmax.reduce(np.abs(values), axis=1, initial=0.0)
    with np.errstate(invalid="ignore"):
        return np.asarray((sigma > 0) & (np.spacing(far.astype(values.dtype)) > 0.1 * sigma))


def outside(values: NDArray[np.float32], before: NDArray[np.int64], lower: Floats, upper: Floats) -> NDArray[np.bool_]:
    """Values outside the limits of their own side of the rollout."""
    late = np.arange(values.shape[1])[None, :] >= before[:, None]
    low, high = (np.where(late, lines[:, 1:], lines[:, :1]) for lines in (lower, upper))
    with np.errstate(invalid="ignore"):
        return np.asarray((values < low) | (values > high))
