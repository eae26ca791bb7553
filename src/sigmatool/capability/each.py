"""Which of many characteristics meet their specifications, and which have improved?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..caveats import Caveat, Rows
from ..columns import frame_of
from ..data import Exclude, Specification, fingerprint, size_or_column
from ..errors import DataError, SettingsError
from ..result import Provenance, command_line, listed
from . import caveat_words
from .asked import asked_of
from .each_limits import Ledger, ledgers_of
from .each_result import CapabilityEach
from .each_specification import Specifications, specifications_of
from .each_work import Characteristic, Common, Progress, judge_each
from .levels import number_of

if TYPE_CHECKING:
    import pandas as pd

FEW_NAMED = 8
"""Names that a sentence lists."""


def capability_each(
    data: Any,
    *,
    specification: Any,
    value: str | Sequence[str] | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    rollout: Any = None,
    stage: str | None = None,
    sigma: str | float | None = None,
    distribution: str = "auto",
    confidence: float = 0.95,
    wanted: float = 1.33,
    limits: str | Path | None = None,
    exclude: Exclude = None,
    title: str | None = None,
    progress: Progress | None = None,
) -> CapabilityEach:
    """Judge many characteristics, the columns of one table, each against its own specification.

    Parameters
    ----------
    data : DataFrame
        One row a part (or a moment), one column a characteristic.
    specification : DataFrame, path or mapping
        One row a characteristic: ``characteristic`` (the name of its column), ``lsl``, ``usl``, ``target``; an empty
        cell is no limit. A ``.toml`` file, or a mapping, goes from the characteristic to its limits.
    value : str or sequence of str, optional
        The characteristics to judge; default all of the specification.
    time, subgroup, sigma, distribution, confidence, exclude
        See :func:`sigmatool.capability`, for every characteristic alike.
    rollout : value
        One moment that parts the rows into before and after.
    stage : str
        Column whose two runs of equal values are before and after.
    wanted : float
        Ppk that lower ends of intervals are counted against. It states, and judges nothing.
    limits : path
        A folder of ledgers (:func:`sigmatool.freeze_limits`) named as the characteristics, ``DIR/NAME.toml``: those
        that have one are judged by their frozen limits. Not with two stages.
    title : str
    progress : callable, optional
        ``progress(done, total)``, called as characteristics are done.

    Returns
    -------
    CapabilityEach
        One row a characteristic. One that cannot be judged is a row with its reason.

    Raises
    ------
    SettingsError
        A specification that contradicts itself or names no column, by its row.
    DataError
        No characteristic that can be judged.

    Notes
    -----
    Each characteristic is exactly the study that :func:`sigmatool.capability` makes of its column. Two stages are
    judged by one distribution: where each alone would take another, by the first that neither contradicts, for the
    choice of distribution would else pass for a change. The difference of Ppk joins the intervals of both stages
    (square-and-add; Zou & Donner 2008). Among many characteristics some differences exclude zero by luck:
    ``by_chance`` says how many.

    References
    ----------
    Zou & Donner (2008), Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> parts = pd.DataFrame({"bore": rng.normal(10, 0.1, 60), "runout": rng.normal(0.05, 0.004, 60)})
    >>> limits = {"bore": {"lsl": 9.7, "usl": 10.3}, "runout": {"usl": 0.08}}
    >>> found = capability_each(parts, specification=limits)
    >>> [(c.name, round(study.indices["ppk"].value, 2)) for c, study in found.judged]
    [('bore', 1.13), ('runout', 3.02)]
    """
    if rollout is not None and stage is not None:
        raise SettingsError("give stage or rollout, not both: each says where before and after part.")
    least = number_of("wanted", wanted)
    if least is None:
        raise SettingsError("wanted must be a number above zero, such as 1.33.")
    values = (value,) if isinstance(value, str) else tuple(value or ())
    subgroup = size_or_column(subgroup)
    frame = frame_of(data)
    given = specifications_of(specification)
    places = tuple(name for name in (time, stage, subgroup) if isinstance(name, str))
    chosen = given.of(frame, values, places)
    # settings are refused before anything is looked at; each characteristic brings its own limits
    asked = asked_of(0.0, 1.0, None, None, sigma, distribution, confidence, None)
    ledgers = ledgers_of(limits, chosen, stage is not None or rollout is not None)
    common = Common(asked, time, subgroup, stage, rollout, exclude, ledgers)
    found, stages = judge_each(frame, chosen, common, progress)
    _some_judged(found)
    settings = {
        "value": list(values) or None, "specification": given.source or given.told(), "time": time,
        "subgroup": subgroup, "rollout": None if rollout is None else _told(rollout), "stage": stage, "sigma": sigma,
        "distribution": distribution, "confidence": confidence, "wanted": least,
        "limits": None if limits is None else str(limits), "exclude": listed(exclude),
        "title": title,
    }  # fmt: skip
    return CapabilityEach(
        settings=settings,
        rows=_summed(found),
        caveats=(*_caveats(frame, given, found, values, places), *_without_limits(chosen, ledgers)),
        provenance=_provenance(frame, found, chosen, settings),
        characteristics=found,
        stages=stages,
        wanted=least,
        confidence=asked.confidence,
        title=title or _title(frame, found),
    )


def _told(rollout: Any) -> str | list[str]:
    several = isinstance(rollout, list | tuple)
    return [str(moment) for moment in rollout] if several else str(rollout)


def _title(frame: pd.DataFrame, found: tuple[Characteristic, ...]) -> str:
    source = frame.attrs.get("sigmatool", {}).get("source", "")
    return f"Capability of {len(found):,} characteristics" + (f" ({source})" if source else "")


def _some_judged(found: tuple[Characteristic, ...]) -> None:
    if not any(c.judged for c in found):
        reasons = list(dict.fromkeys(c.reason for c in found))
        if len(reasons) == 1:
            raise DataError(reasons[0])
        raise DataError(
            f"none of the {len(found)} characteristics can be judged; the first, {found[0].name!r}: {reasons[0]}"
        )


def _summed(found: tuple[Characteristic, ...]) -> Rows:
    every = [c.rows for c in found]
    return Rows(
        sum(r.read for r in every), sum(r.used for r in every), sum(r.missing for r in every),
        sum(r.excluded for r in every), sum(r.dropped for r in every),
    )  # fmt: skip


def _provenance(
    frame: pd.DataFrame,
    found: tuple[Characteristic, ...],
    chosen: dict[str, Specification],
    settings: dict[str, Any],
) -> Provenance:
    """The hash is one of the hashes of the characteristics, in order, and of their limits."""
    import numpy as np

    limits = np.array(
        [
            [np.nan if v is None else v for v in (s.lsl, s.usl, s.target)]
            for s in chosen.values()
        ]
    )  # fmt: skip
    hashes = [(c.found.provenance.data_sha256 if c.found is not None else "not judged") for c in found]
    digest = fingerprint(list(chosen), [limits.ravel()], hashes)
    held = frame.attrs.get("sigmatool", {})
    defaults = {"distribution": "auto", "confidence": 0.95, "wanted": 1.33}
    options = {k: v for k, v in settings.items() if k not in defaults or v != defaults[k]}
    source = held.get("source", "")
    return Provenance(digest, command_line("capability-each", source, options), held.get("file_sha256"), source)


def _caveats(
    frame: pd.DataFrame,
    given: Specifications,
    found: tuple[Characteristic, ...],
    values: tuple[str, ...],
    places: tuple[str, ...],
) -> tuple[Caveat, ...]:
    """Those of the tables; then of the characteristics: each code once, with its number and one example."""
    out = list(given.caveats)
    unread = [] if values else _unspecified(frame, {c.name for c in found} | set(places))
    if unread:
        out.append(caveat_words.columns_without_specification(unread, FEW_NAMED))
    refused = [c for c in found if not c.judged]
    if refused:
        out.append(caveat_words.characteristics_refused(len(found), [c.name for c in refused], FEW_NAMED))
    held = [(c, _of(c)) for c in found if c.judged]
    total = Counter(code for _, each in held for code in each)
    first: dict[str, tuple[str, str]] = {}
    texts: dict[str, set[str]] = {}
    for c, each in held:
        for code, text in each.items():
            first.setdefault(code, (c.name, text))
            texts.setdefault(code, set()).add(text)
    for code, (name, text) in first.items():
        alike = total[code] == len(held) and len(texts[code]) == 1
        said = text if alike else f"In {total[code]:,} of {len(held):,} characteristics, the first {name}: {text}"
        out.append(Caveat(code, said))
    return tuple(out)


def _without_limits(chosen: Mapping[str, Specification], ledgers: Mapping[str, Ledger]) -> tuple[Caveat, ...]:
    """Characteristics that have no frozen limits where others have."""
    bare = [name for name in chosen if name not in ledgers]
    return (caveat_words.without_frozen_limits(bare, len(ledgers), FEW_NAMED),) if ledgers and bare else ()


def _of(c: Characteristic) -> dict[str, str]:
    """The caveats of both stages, each code once."""
    found = {caveat.code: caveat.text for study in (c.found, c.before) if study is not None for caveat in study.caveats}
    if c.laws_differ:
        found["laws-differ"] = c.laws_differ
    return found


def _unspecified(frame: pd.DataFrame, known: set[str]) -> list[str]:
    import pandas as pd

    return [
        str(name)
        for name, kind in zip(frame.columns, frame.dtypes, strict=True)
        if str(name) not in known and pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    ]
