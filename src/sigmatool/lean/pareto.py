"""Which causes are the vital few, how surely, and did each of them fall?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ..capability.levels import level_of
from ..caveats import Caveat, Rows
from ..columns import frame_of, numbers
from ..data import check_counts, fingerprint
from ..errors import DataError, SettingsError
from ..result import Provenance, command_line
from . import pareto_words as words
from .pareto_cost import Costs, costs_of
from .pareto_result import Pareto
from .pareto_study import Study, study
from .parting import Parted, moments_of, part_rows, plain_rollout, texts_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_BARS: Final = 10
"""Bars of a page, unless ``top`` says otherwise: more have no room for their names."""

WINDOWS: Final = 30
"""Equal parts of a stage whose times follow no calendar, at most."""

CELLS: Final = 5_000_000
"""Moments times categories that the look at clusters holds at most."""


def pareto(
    data: Any,
    *,
    category: str,
    count: str | None = None,
    cost: Any = None,
    exposure: str | None = None,
    time: str | None = None,
    stage: str | None = None,
    rollout: Any = None,
    top: int | None = None,
    least_share: float = 0.0,
    confidence: float = 0.95,
    title: str | None = None,
) -> Pareto:
    """Count causes, say how sure their order is, and what changed between two stages.

    Parameters
    ----------
    data : DataFrame
        One row an event, or one row a count.
    category : str
        Column of the cause, the defect, the reason. Rows where it is empty are counted as missing.
    count : str, optional
        Column of whole counts; default every row is one event.
    cost : str, path, mapping or DataFrame, optional
        Column with the money of each row; or a table from category to the money of one event (a mapping, a ``.toml``
        file, a table of two columns). The money is then ranked beside the counts.
    exposure : str, optional
        Column with the time, volume or units behind the counts: one number a moment (a stage, where there is no
        ``time``), repeated on its rows. Default: the lengths of the stages, where there is a time.
    time : str, optional
        Column that dates the rows.
    stage : str, optional
        Column of two stages, before and after.
    rollout : value, optional
        The moment at which the second stage begins (``WHEN`` or ``WHEN=LABEL``); needs ``time``.
    top : int, optional
        Bars of their own at most, default 10; the other categories share one bar, and the page says which they are.
    least_share : float
        Share of the events (of either stage) under which a category has no bar of its own; default 0.
    confidence : float
        Of every interval, and of all intervals of one table together.
    title : str, optional

    Returns
    -------
    Pareto

    Raises
    ------
    DataError
        A negative or broken count, more or fewer than two stages, no event at all; by column and row.
    SettingsError
        ``stage`` and ``rollout`` together, a rollout without a time, a setting out of range.

    Notes
    -----
    Events are independent, unless moments (``time``) scatter more than that allows (chi-square, 1 %): every event is
    then worth ``1 / dispersion`` of one, and a caveat says so. Shares have Goodman's simultaneous score intervals; the
    set of causes that could be the largest and the intervals of ranks rest on exact binomial tests of pairs; rates
    of two stages are compared by the exact conditional binomial, adjusted for the number of bars (Bonferroni). The
    mix is tested by chi-square, or by tables drawn with a written seed where some cell expects fewer than five events.

    References
    ----------
    Juran, Quality Control Handbook (1951), on the vital few; Goodman (1965), Technometrics 7; Gupta (1965),
    Technometrics 7; Mogstad, Romano, Shaikh & Wilhelm (2024), Review of Economic Studies 91; Przyborowski & Wilenski
    (1940), Biometrika 31.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"cause": ["seal", "label", "cap", "fill"], "n": [48, 41, 9, 4]})
    >>> found = pareto(log, category="cause", count="n")
    >>> found.to_frame()[["category", "count", "cumulative"]].values.tolist()
    [['seal', 48, 48], ['label', 41, 89], ['cap', 9, 98], ['fill', 4, 102]]
    >>> found.could_be_largest
    ('seal', 'label')
    """
    level = level_of("confidence", confidence)
    bars, least = _top(top), _share(least_share)
    frame = frame_of(data)
    names = texts_of(frame, category)
    raw = np.ones(len(frame)) if count is None else numbers(frame, count)
    if count is not None:
        check_counts(raw, raw, count, None, False)
    parted = part_rows(frame, time=time, stage=stage, rollout=rollout, exposure=exposure)
    costs = None if cost is None else costs_of(frame, cost, category, names, raw)
    usable = (parted.stage >= 0) & ~np.isnan(raw) & np.array([bool(n) for n in names])
    dated = np.ones(len(frame), dtype=bool) if parted.period is None else parted.period >= 0
    known = list(dict.fromkeys(n for n, ok in zip(names, usable.tolist(), strict=True) if ok))
    if not known or not float(raw[usable].sum()) > 0:
        raise DataError(words.nothing(category, count))
    place = {name: i for i, name in enumerate(known)}
    of = np.array([place.get(n, -1) for n in names], dtype=np.int64)
    counts = _table(parted, of, usable, raw, len(known))
    money = None if costs is None else _money(parted, of, usable, costs, len(known))
    if money is not None and not money[0].sum() > 0:
        raise DataError(words.no_money(str(costs.told) if costs is not None else ""))
    found = study(known, counts, money, parted.exposure, bars, least, _periods(parted, of, usable, raw, counts), level)
    settings = {
        "category": category, "count": count, "cost": None if costs is None else costs.told, "exposure": exposure,
        "time": time, "stage": stage, "rollout": plain_rollout(rollout), "top": top, "least_share": least,
        "confidence": level, "title": title,
    }  # fmt: skip
    options = {k: v for k, v in settings.items() if (k, v) not in (("least_share", 0.0), ("confidence", 0.95))}
    held = frame.attrs.get("sigmatool", {})
    used = int(usable.sum())
    dropped = int((~dated).sum())
    columns = [raw, *([] if costs is None else [costs.total]), *_exposed(frame, exposure)]
    digest = fingerprint(
        [str(category), *(str(c) for c in (count, stage, time) if c)], columns, (*names, *parted.labels)
    )
    return Pareto(
        settings=settings,
        rows=Rows(len(frame), used, len(frame) - used - dropped, 0, dropped),
        caveats=tuple(_caveats(frame, found, parted, names, dated, raw, costs, usable, category, count)),
        provenance=Provenance(
            digest, command_line("lean pareto", held.get("source", ""), options), held.get("file_sha256"),
            held.get("source", ""),
        ),
        title=title or words.title(category, bool(cost is not None)),
        category=category,
        stages=parted.names,
        exposure=parted.exposure,
        unit=parted.unit,
        study=found,
        confidence=level,
    )  # fmt: skip


def _top(top: Any) -> int:
    if top is None:
        return MOST_BARS
    if isinstance(top, bool) or not isinstance(top, int | np.integer) or not 1 <= top <= 1_000:
        raise SettingsError(f"top must be a whole number from 1 to 1000, not {top!r}.")
    return int(top)


def _share(given: Any) -> float:
    if isinstance(given, bool | str) or not 0 <= float(given) < 1:
        raise SettingsError(f"least_share must be a share from 0 to below 1, such as 0.02, not {given!r}.")
    return float(given)


def _exposed(frame: pd.DataFrame, exposure: str | None) -> list[Floats]:
    return [] if exposure is None else [numbers(frame, exposure)]


def _table(parted: Parted, of: Ints, usable: Bools, values: Floats, k: int) -> Floats:
    """Sums by stage and category."""
    cells = np.zeros(len(parted.names) * k)
    np.add.at(cells, parted.stage[usable] * k + of[usable], np.nan_to_num(values[usable]))
    return cells.reshape(len(parted.names), k)


def _money(parted: Parted, of: Ints, usable: Bools, costs: Costs, k: int) -> tuple[Floats, Floats]:
    return _table(parted, of, usable, costs.total, k), _table(parted, of, usable, costs.squares, k)


def _periods(
    parted: Parted, of: Ints, usable: Bools, raw: Floats, counts: Floats
) -> list[tuple[Floats, Floats]]:  # fmt: skip
    """Counts by moment and category, of categories with an event a moment on average, stage by stage."""
    if parted.period is None:
        return []
    out = []
    for s in range(len(parted.names)):
        at, lengths = _windows(parted, s, float(counts[s].sum()))
        often = np.flatnonzero(counts[s] >= lengths.size)
        if lengths.size < 2 or often.size == 0 or lengths.size * often.size > CELLS:
            continue
        place = np.full(counts.shape[1], -1, dtype=np.int64)
        place[often] = np.arange(often.size)
        rows = usable & (parted.stage == s) & (place[of] >= 0)
        cells = np.zeros((lengths.size, often.size))
        np.add.at(cells, (at[rows], place[of[rows]]), raw[rows])
        out.append((cells, lengths))
    return out


def _windows(parted: Parted, s: int, events: float) -> tuple[Ints, Floats]:
    """Window of each row of a stage, and the lengths of the windows: moments, or equal parts of an uneven axis."""
    held = parted.stage == s
    moments = moments_of(parted, s)
    if parted.place is not None and not parted.behind and moments.size > 2:
        x = parted.place
        low, high = float(x[held].min()), float(x[held].max())
        parts = int(np.clip(events // 10, 2, WINDOWS))
        return np.clip(((x - low) / (high - low) * parts).astype(np.int64), 0, parts - 1), np.ones(parts)
    period = parted.period if parted.period is not None else np.zeros(held.size, dtype=np.int64)
    lengths = np.array([parted.behind.get((s, int(m)), 1.0) for m in moments])
    return np.clip(np.searchsorted(moments, period), 0, max(moments.size - 1, 0)).astype(np.int64), lengths


def _caveats(
    frame: pd.DataFrame, found: Study, parted: Parted, names: list[str], dated: Bools, raw: Floats, costs: Costs | None,
    usable: Bools, category: str, count: str | None,
) -> list[Caveat]:  # fmt: skip
    held = frame.attrs.get("sigmatool", {})
    noted = [Caveat(c["code"], c["text"]) for c in held.get("caveats", ())]
    noted += parted.caveats
    empty = dated & (parted.stage >= 0) & np.array([not n for n in names])
    if empty.any():
        noted.append(words.category_missing(int(empty.sum()), category, int(np.argmax(empty)) + 1))
    uncounted = dated & (parted.stage >= 0) & ~empty & np.isnan(raw)
    if uncounted.any() and count is not None:
        noted.append(words.count_missing(int(uncounted.sum()), count, int(np.argmax(uncounted)) + 1))
    alike = words.look_alike(found.names)
    if alike is not None:
        noted.append(alike)
    if found.clustering > 1:
        noted.append(words.clustered(found))
    if parted.staged and parted.exposure is None:
        noted.append(words.no_exposure())
    if costs is not None:
        free = usable & np.isnan(costs.total)
        if free.any():
            noted.append(words.cost_missing(int(free.sum()), int(np.argmax(free)) + 1))
        noted.append(words.costs_rough())
    return noted
