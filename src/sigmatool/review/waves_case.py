"""From a long table of sites and periods to the case of a rollout in waves: who went live when, and which way is up."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..data import Axis, check_counts, column, fingerprint, frame_of, numbers
from ..errors import DataError, SettingsError
from ..numbers.panel import is_connected, two_way_residuals
from ..numbers.scales import ScaleName, WorkingScale, working_scale
from ..ordering import arrange
from ..timeline import parse_times
from . import caveat_words
from .policy import POLICY

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 1 << 40
"""Go-live of a control site: later than any calendar."""

MOST_PERIODS = 400
"""Places of the calendar above which periods should be merged first."""


@dataclass(frozen=True)
class WavesCase:
    """Sites by the moment of their go-live; points by site, then period. Missing and wash-out points are left out.

    ``start`` (S,): place of the go-live in the calendar (:data:`NEVER`: a control site). ``value`` (n,): the metric in
    its own unit; ``z`` (n,): on the working scale, up is better. ``switching`` (S,): sites with points on both sides,
    whose own increment can be seen.
    """

    names: tuple[str, ...]
    start: Ints
    switching: Bools
    site: Ints
    period: Ints
    value: Floats
    z: Floats
    relative_sd: Floats
    adoption: Floats | None
    scale: WorkingScale
    sign: float
    axis: Axis
    rows: Rows
    sha256: str
    source: str
    file_sha256: str | None
    caveats: tuple[Caveat, ...]

    @property
    def since(self) -> Ints:
        """Periods since the go-live of the point's site, negative before it; of no meaning at control sites."""
        return self.period - self.start[self.site]

    @property
    def live(self) -> Bools:
        """Points at or after the go-live of their site."""
        return np.asarray(self.period >= self.start[self.site])

    def label(self, site: int) -> str | None:
        """When a site went live, as people read it."""
        if self.start[site] == NEVER:
            return None
        return self.axis.labels[int(np.searchsorted(self.axis.positions, self.start[site]))]


def prepare_waves(
    data: Any,
    *,
    value: str,
    time: str | None,
    site: str,
    rollout: str | Sequence[str],
    better: str,
    size: str | None = None,
    adoption: str | None = None,
    scale: ScaleName = "continuous",
    washout: int = 0,
) -> WavesCase:
    """Take the table through the door; parameters as in :func:`sigmatool.review.waves.review_waves`."""
    if time is None:
        raise SettingsError("a rollout in waves needs time: the column of the periods.")
    if better not in ("lower", "higher"):
        raise SettingsError(
            f"better must be lower or higher in a rollout in waves, not {better!r}; a target is judged site by site, "
            "with review-each."
        )
    if washout < 0:
        raise SettingsError(f"washout counts periods and cannot be {washout}.")
    if size is None and scale == "proportion":
        raise SettingsError("scale = proportion needs size: the column with the number inspected.")
    frame = frame_of(data)
    caveats: list[Caveat] = []
    raw = numbers(frame, value)
    amount = None if size is None else numbers(frame, size)
    if size is not None or scale == "rate":
        check_counts(raw, np.ones(raw.size) if amount is None else amount, value, size, scale == "proportion")
    if scale == "duration" and np.any(raw <= 0):
        row = int(np.argmax(raw <= 0))
        raise DataError(
            f"column {value!r} holds {raw[row]:g} in row {row + 1}: a duration must be above zero; correct it, or use "
            "scale = continuous."
        )
    names, codes = _sites(frame, site)
    axis, place = _periods(frame, time, caveats)
    _refuse_twice(names, codes, place, axis)
    start = _starts(frame, rollout, site, names, codes, axis)
    dose = None if adoption is None else _shares(frame, adoption)
    known = np.isfinite(raw) & (True if amount is None else np.isfinite(amount))
    position = axis.positions[place]
    washed = known & (position >= start[codes]) & (position < start[codes] + washout)
    kept = np.flatnonzero(known & ~washed)
    # sites in order of their go-live, rows by site and period: the order of the file does not matter
    rank = np.lexsort((np.array(names), start))
    order = np.argsort(rank)[codes]
    kept = kept[np.lexsort((position[kept], order[kept]))]
    seen, code = np.unique(order[kept], return_inverse=True)
    names, start = tuple(names[rank[i]] for i in seen), start[rank[seen]]
    code, period = code.astype(np.int64), position[kept]
    switching = _check_design(names, start, code, period, axis)
    working = working_scale(scale, raw[kept], None if amount is None else amount[kept])
    sign = 1.0 if better == "higher" else -1.0
    held = frame.attrs.get("sigmatool", {})
    caveats += _site_caveats(names, start, switching, axis)
    if dose is not None:
        caveats += _early_adoption(dose[kept], period < start[code], names, code)
    caveats += [Caveat(c["code"], c["text"]) for c in held.get("caveats", ())]
    used = [raw[kept]] if amount is None else [raw[kept], amount[kept]]
    labels = [f"{names[i]}\x1e{axis.labels[p]}" for i, p in zip(code, place[kept], strict=True)]
    columns = [value, time, site] + [name for name in (size, adoption) if name]
    if dose is not None:
        used.append(dose[kept])
    return WavesCase(
        names=names,
        start=start,
        switching=switching,
        site=code,
        period=period,
        value=raw[kept] if amount is None else raw[kept] / amount[kept],
        z=sign * working.z,
        relative_sd=_relative(working, raw, amount, kept, code, period, start),
        adoption=None if dose is None else dose[kept],
        scale=working,
        sign=sign,
        axis=axis,
        rows=Rows(len(frame), kept.size, int((~known).sum()), int(washed.sum())),
        sha256=fingerprint(columns, used, labels),
        source=held.get("source", ""),
        file_sha256=held.get("file_sha256"),
        caveats=tuple(caveats),
    )


def _texts(series: pd.Series) -> list[str]:
    return ["" if v is None or v != v else str(v).strip() for v in series.tolist()]


def _sites(frame: pd.DataFrame, site: str) -> tuple[tuple[str, ...], Ints]:
    texts = _texts(column(frame, site))
    if "" in texts:
        raise DataError(f"column {site!r} is empty in row {texts.index('') + 1}: every row belongs to a site.")
    names, codes = np.unique(np.array(texts), return_inverse=True)
    return tuple(str(name) for name in names), codes.astype(np.int64)


def _periods(frame: pd.DataFrame, time: str, caveats: list[Caveat]) -> tuple[Axis, Ints]:
    """The periods as an axis, and the place of each row on it."""
    texts = _texts(column(frame, time))
    if "" in texts:
        raise DataError(f"column {time!r} is empty in row {texts.index('') + 1}: every row belongs to a period.")
    once = frame[[time]].drop_duplicates(ignore_index=True)
    found: list[Caveat] = []
    order, axis = arrange(once, time, None, found)
    if axis.kind != "order" and np.any(np.diff(axis.x) == 0):
        at = axis.labels[int(np.argmax(np.diff(axis.x) == 0))]
        raise DataError(f"column {time!r} writes the period {at} in two ways; write each period in one way.")
    if int(axis.positions[-1]) >= MOST_PERIODS:
        raise DataError(
            f"column {time!r} spans {int(axis.positions[-1]) + 1} periods; a rollout in waves is judged over at most "
            f"{MOST_PERIODS}: merge them to weeks or months."
        )
    caveats += [c for c in found if c.code != "order-sorted"]
    rank = np.empty(len(once), dtype=np.int64)
    rank[order.kept] = np.arange(len(once))
    place = {text: int(rank[i]) for i, text in enumerate(_texts(once[time]))}
    return axis, np.array([place[text] for text in texts], dtype=np.int64)


def _refuse_twice(names: tuple[str, ...], codes: Ints, place: Ints, axis: Axis) -> None:
    key = codes * len(axis.labels) + place
    _, first, count = np.unique(key, return_index=True, return_counts=True)
    if count.max() > 1:
        at = first[int(np.argmax(count > 1))]
        rows = ", ".join(str(r + 1) for r in np.flatnonzero(key == key[at])[:4])
        raise DataError(
            f"site {names[codes[at]]!r} has {int((key == key[at]).sum())} rows for {axis.labels[place[at]]} (rows "
            f"{rows}): one row a site and period is needed; merge them, or name the column that tells sites apart."
        )


def _starts(
    frame: pd.DataFrame, rollout: str | Sequence[str], site: str, names: tuple[str, ...], codes: Ints, axis: Axis
) -> Ints:
    """Place in the calendar at which each site went live."""
    when: dict[str, str] = {}
    texts = [rollout] if isinstance(rollout, str) else list(rollout)
    if len(texts) == 1 and texts[0] in [str(c) for c in frame.columns]:
        when = _own_moments(_texts(column(frame, texts[0])), texts[0], names, codes)
    else:
        for text in texts:
            moment, _, listed = text.partition("=")
            members = [name.strip() for name in listed.split(",") if name.strip()]
            if not moment.strip() or not members:
                raise SettingsError(
                    f"with sites, rollout {text!r} must read WHEN=SITE[,SITE...], for example 2026-03=north,south, or "
                    "name the column with each site's own go-live."
                )
            for name in members:
                if name not in names:
                    near = difflib.get_close_matches(name, names, n=2)
                    known = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(names[:12])}."
                    raise SettingsError(
                        f"rollout {text!r} names the site {name!r}, which column {site!r} lacks: {known}"
                    )
                if when.setdefault(name, moment.strip()) != moment.strip():
                    raise SettingsError(f"site {name!r} is named with two go-lives, {when[name]} and {moment.strip()}.")
    return np.array([_place(axis, when[n], n) if n in when else NEVER for n in names], dtype=np.int64)


def _own_moments(texts: list[str], rollout: str, names: tuple[str, ...], codes: Ints) -> dict[str, str]:
    when: dict[str, str] = {}
    for row, (text, code) in enumerate(zip(texts, codes, strict=True)):
        first = when.setdefault(names[code], text)
        if first != text:
            raise DataError(
                f"site {names[code]!r} goes live at {text or 'no time'} in row {row + 1} of column {rollout!r}, but at "
                f"{first or 'no time'} above it: a site has one go-live, the same in all its rows."
            )
    return {name: text for name, text in when.items() if text}


def _place(axis: Axis, text: str, name: str) -> int:
    """First place of the calendar at or after a moment; later than all of them is never."""
    if axis.kind == "order":
        if text not in axis.labels:
            raise DataError(f"the go-live {text!r} of site {name!r} is none of the periods, such as {axis.labels[0]}.")
        return int(axis.positions[list(axis.labels).index(text)])
    if axis.kind == "time":
        times = parse_times([text])
        moment = None if times is None else float(times.days[0])
    else:
        moment = _float(text)
    if moment is None or not np.isfinite(moment):
        raise DataError(
            f"the go-live {text!r} of site {name!r} is not on the axis {axis.name!r}, which runs from "
            f"{axis.labels[0]} to {axis.labels[-1]}."
        )
    at = int(np.searchsorted(axis.x, moment))
    return int(axis.positions[at]) if at < axis.x.size else NEVER


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _shares(frame: pd.DataFrame, adoption: str) -> Floats:
    """Adoption as a share; percentages are recognised by a value above 1."""
    share = numbers(frame, adoption)
    top = 100.0 if np.nanmax(share, initial=0.0) > 1 else 1.0
    bad = (share < 0) | (share > top)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"column {adoption!r} holds {share[row]:g} in row {row + 1}: adoption is a share from 0 to 1, or a "
            "percentage from 0 to 100."
        )
    return share / top


def _check_design(names: tuple[str, ...], start: Ints, code: Ints, period: Ints, axis: Axis) -> Bools:
    """Refuse what cannot tell a rollout from the course of time; which sites show their own step?"""
    sides = [(int((period[code == i] < start[i]).sum()), int((period[code == i] >= start[i]).sum()))
             for i in range(len(names))]  # fmt: skip
    switching = np.array([min(pair) > 0 for pair in sides])
    if len(names) < 2:
        raise DataError(f"a rollout in waves needs at least 2 sites; the table has only {names[0]!r}.")
    if np.unique(period).size < 2:
        raise DataError(f"the table holds a single period ({axis.labels[0]}); a before and an after are needed.")
    if not np.any(start < NEVER):
        raise DataError("no site goes live inside the data; give each site's go-live, or check the dates.")
    if all(before == 0 for before, _ in sides):
        raise DataError("all sites are live from their first period: nothing shows how it was before.")
    moments = np.unique(start[switching])
    others = np.any(start == NEVER) or np.any(~switching)
    if not switching.any() or (moments.size < 2 and not others):
        raise DataError(
            f"all sites go live at {axis.labels[int(np.searchsorted(axis.positions, moments[0]))]} and none stays "
            "without: the rollout cannot be told from anything else that happened then; add a control site, or review "
            "the sites together as one series without site."
            if moments.size
            else "no site has points both before and after its go-live."
        )
    least = POLICY.least_points
    if not any(min(pair) >= least for pair in sides):
        best = max((pair for pair, own in zip(sides, switching, strict=True) if own), key=min)
        raise DataError(
            f"no site has {least} points before and {least} after its go-live (the best has {best[0]} and {best[1]}); "
            "collect more periods, or use shorter ones."
        )
    if not is_connected(code, period):
        raise DataError("the sites fall into groups that share no period, so that they cannot be compared.")
    return switching


def _site_caveats(names: tuple[str, ...], start: Ints, switching: Bools, axis: Axis) -> list[Caveat]:
    found = []
    always = [n for n, s, own in zip(names, start, switching, strict=True) if s < NEVER and not own]
    if always:
        found.append(caveat_words.sites_always_live(always))
    if not np.any(start == NEVER):
        found.append(caveat_words.no_control_site())
    return found


def _early_adoption(dose: Floats, before: Bools, names: tuple[str, ...], code: Ints) -> list[Caveat]:
    early = before & (np.nan_to_num(dose) > 0)
    if not early.any():
        return []
    return [caveat_words.adoption_early([names[i] for i in np.unique(code[early])])]


def _relative(
    working: WorkingScale, raw: Floats, amount: Floats | None, kept: Ints, code: Ints, period: Ints, start: Ints
) -> Floats:
    """Relative sd of the points: inside each site as its scale says, between sites as far as they plainly differ.

    Each site's variance is estimated from successive differences of what site and period levels leave, and drawn
    towards the common one by the share of its scatter that chance explains (sampling variance of the logarithm 3 / n).
    """
    inside = np.ones(kept.size)
    if working.name in ("proportion", "rate"):
        for i in range(start.size):
            rows = kept[code == i]
            inside[code == i] = working_scale(
                working.name, raw[rows], None if amount is None else amount[rows]
            ).relative_sd
    live = period >= start[code]
    own = [np.where(code == i, live, False).astype(float) for i in range(start.size)]
    left = two_way_residuals(working.z, code, period, np.column_stack(own)) / inside
    steps = [np.diff(left[code == i]) for i in range(start.size)]
    counts = np.array([max(s.size, 1) for s in steps])
    power = np.array([float(np.mean(s**2)) if s.size > 3 else np.nan for s in steps])
    floor = 1e-6 * float(np.nanmean(power)) if np.isfinite(power).any() else 0.0
    if floor <= 0:
        raise DataError("what the levels of sites and periods leave never varies: nothing can be judged.")
    log = np.log(np.maximum(np.where(np.isfinite(power), power, np.nanmean(power)), floor))
    between = max(float(np.var(log, ddof=1)) - float(np.mean(3 / counts)), 0.0)
    drawn = log.mean() + (log - log.mean()) * between / (between + 3 / counts)
    relative = inside * np.exp(0.5 * (drawn - drawn.mean()))[code]
    return np.asarray(relative / np.sqrt(np.mean(relative**2)), dtype=np.float64)
