"""What differs between stages or groups, by how much, and how surely?

:func:`compare` takes a table and who is compared in it, and returns a :class:`Comparison`: level, spread, proportion or
rate, capability, each as an effect in its own unit with its interval, its p value and the name of its method.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from ..caveats import Caveat
from ..charts.limits_file import limits_of, limits_told
from ..data import Exclude, Specification
from ..numbers.estimate import Tested
from ..origin import amount_of
from ..result import Provenance, command_line, listed
from . import caveat_words
from .against_frozen import against_frozen
from .asked import Asked, asked, worthwhile_size
from .change_of_capability import change_of_capability
from .counted import proportions, rates, share_effect_sizes
from .equivalence import Equivalence, equivalence
from .finding import Finding, once
from .findings import accounts, autocorrelation, effect_sizes, levels, spreads
from .paired import paired_at, paired_levels
from .pairing import Paired, pairs_of
from .plain import Both, measured
from .result import Comparison
from .several import Several, most, several, shared
from .stages import Compared, gather
from .summaries import summaries


def compare(
    data: Any,
    *,
    value: str | None = None,
    size: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    stage: str | None = None,
    rollout: Any = None,
    group: str | None = None,
    paired: str | None = None,
    scale: Literal["auto", "continuous", "duration", "proportion", "rate"] = "auto",
    worthwhile: float | str | None = None,
    better: Literal["lower", "higher", "target"] | None = None,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    limits: Any = None,
    exclude: Exclude = None,
    confidence: float = 0.95,
    title: str | None = None,
) -> Comparison:
    """Say what differs between stages or groups: level, spread, proportion, rate, capability, with intervals.

    Parameters
    ----------
    data : DataFrame, array or Series
        One row a point (or a row a value, with ``subgroup``), in any order where ``time`` is given.
    value, size, time, subgroup : str
        Columns: the metric or count of events; its denominator or exposure; the time; the subgroup (or its size).
    stage, rollout, group : str, or moments
        Who is compared, one of the three. ``rollout``: a moment or several ("1847-06=Handwashing", a point number
        without ``time``); the first point at or after it belongs to the next stage. ``stage``: a column whose runs of
        equal values are stages. ``group``: a column of names, in any order.
    paired : str
        Column whose equal values make a pair, one row in each of two stages or groups.
    scale : {"auto", "continuous", "duration", "proportion", "rate"}
        ``auto``: a proportion when ``size`` is given, else continuous. Durations are compared by their logarithms:
        their effect is a ratio.
    worthwhile : float or str
        Smallest difference worth having, in the metric's own unit (0.01 is one point of a proportion) or as a share of
        the first level ("10%"). With it equivalence is tested.
    better : {"lower", "higher", "target"}
        Which way the metric improves; a clear change is then named better or worse.
    lsl, usl, target : float
        Requirement; with a limit the difference of Ppk is told.
    limits : path or mapping
        Frozen limits (see :func:`sigmatool.freeze_limits`): each level is also held against their centre, and its
        points beyond them are counted.
    exclude : sequence of int or str
        Points left out.
    confidence : float
        Of every interval; default 0.95.
    title : str

    Returns
    -------
    Comparison

    Raises
    ------
    DataError
        What cannot be compared: one stage only, too few points in one, no spread at all, a column that is not there.
    SettingsError
        Contradicting or unknown settings.

    Notes
    -----
    Differences are second minus first, ratios second over first. A comparison states; for a verdict on a rollout see
    :func:`sigmatool.review`. Formulas and how to read them: ``docs/compare.md``.

    References
    ----------
    Welch (1947), Biometrika 34; Hodges & Lehmann (1963), Annals of Mathematical Statistics 34; Bonett (2006),
    Computational Statistics & Data Analysis 50; Newcombe (1998), Statistics in Medicine 17; Schuirmann (1987),
    Journal of Pharmacokinetics and Biopharmaceutics 15.

    Examples
    --------
    >>> import sigmatool as st
    >>> c = st.compare(st.datasets.load("nile"), value="flow", time="year", rollout="1899=Aswan")
    >>> round(c.level[0].tested.value), c.level[0].second
    (-248, 'after Aswan')
    """
    wanted = asked(
        value=value, size=size, time=time, subgroup=subgroup, stage=stage, rollout=rollout, group=group, paired=paired,
        scale=scale, worthwhile=worthwhile, better=better, specification=Specification(lsl, usl, target),
        exclude=exclude, confidence=confidence,
    )  # fmt: skip
    held = limits_of(limits)
    compared = gather(data, wanted)
    caveats = list(compared.caveats)
    frozen = None if held is None else against_frozen(compared, held, wanted.confidence)
    if held is not None:
        caveats.append(caveat_words.against_frozen_limits(held.name))
    found = _paired(data, wanted, compared, caveats) if paired else _findings(wanted, compared, caveats)
    settings = {
        "value": value, "size": size, "time": time, "subgroup": subgroup, "stage": stage,
        "rollout": [str(moment) for moment in wanted.rollout] or None, "group": group, "paired": paired,
        "scale": wanted.scale_name, "worthwhile": amount_of(worthwhile), "better": better, "lsl": lsl, "usl": usl,
        "target": target, "limits": limits_told(limits), "exclude": listed(exclude), "confidence": wanted.confidence,
        "title": title,
    }  # fmt: skip
    points = compared.points
    account: Paired | None = found.get("paired")
    rows = compared.rows
    if account is not None:
        rows = replace(rows, used=rows.used - account.unpaired, dropped=rows.dropped + account.unpaired)
    return Comparison(
        settings=settings, rows=rows, caveats=tuple(caveats),
        provenance=Provenance(
            compared.sha256, command_line("compare", points.source, settings), points.file_sha256, points.source
        ),
        metric=compared.metric, scale=compared.scale, confidence=wanted.confidence, better=better,
        title=title or f"Comparison of {compared.metric}", stages=summaries(compared, wanted.confidence),
        compared=compared, frozen=frozen, **found,
    )  # fmt: skip


def _findings(wanted: Asked, compared: Compared, caveats: list[Caveat]) -> dict[str, Any]:
    """Every question that arises, of two or of more."""
    if compared.grouped:
        caveats.append(caveat_words.subgroup_means())
    if len(compared.groups) == 2:
        return _two(wanted, compared, (compared.groups[0], compared.groups[1]), caveats)
    return _several(wanted, compared, caveats)


def _two(wanted: Asked, compared: Compared, both: Both, caveats: list[Caveat]) -> dict[str, Any]:
    held = accounts(compared, both, caveats)
    confidence = wanted.confidence
    question, _ = measured(compared.scale)
    ask = {"proportion": proportions, "rate": rates, "level": levels}[question]
    answered = ask(compared, both, confidence, caveats, held)
    found: dict[str, Any] = {question: answered.findings}
    if compared.scale == "proportion":
        found["effect_size"] = share_effect_sizes(both, confidence, caveats)
    elif question == "level":
        r = autocorrelation(held)
        found["spread"] = spreads(compared, both, confidence, caveats, r)
        found["capability"] = _capability(wanted, compared, both, confidence, caveats, r)
        found["effect_size"] = effect_sizes(compared, both, confidence, caveats)
    found["equivalence"] = _equivalence(wanted, answered.findings[0], answered.at, wanted.confidence)
    return found


def _capability(
    wanted: Asked, compared: Compared, both: Both, confidence: float, caveats: list[Caveat], r: float | None
) -> tuple[Finding, ...]:
    limits = wanted.specification
    if limits.lsl is None and limits.usl is None:
        return ()
    own = 0.0 if r is None or compared.grouped else r
    try:
        return change_of_capability(*both, limits, compared.scale, own, confidence)
    except ValueError as reason:
        once(caveats, caveat_words.not_computed("capability", str(reason)))
        return ()


def _equivalence(
    wanted: Asked, main: Finding, at: Callable[[float], Tested], confidence: float
) -> tuple[Equivalence, ...]:
    """The leading account held against the smallest worthwhile effect."""
    if wanted.worthwhile is None:
        return ()
    return (equivalence(main, at, worthwhile_size(wanted.worthwhile, main.before), confidence),)


def _several(wanted: Asked, compared: Compared, caveats: list[Caveat]) -> dict[str, Any]:
    groups = compared.groups
    each: Several = several(compared, wanted.confidence, caveats)
    main = most(each.pairs)
    question, _ = measured(compared.scale)
    beside = tuple(f for f in each.beside if (f.first, f.second) == (main.first, main.second))
    found: dict[str, Any] = {
        "overall": each.overall, "pairs": each.pairs, "pairs_beside": each.beside, question: (main, *beside),
    }  # fmt: skip
    firsts: list[Both] = [(groups[0], g) for g in groups[1:]]
    level = shared(wanted.confidence, len(firsts))
    of_first: list[Finding] = list(each.against_first)
    names = [g.name for g in groups]
    both = groups[names.index(main.first)], groups[names.index(main.second)]
    if question == "level":
        rs = [autocorrelation(accounts(compared, b, caveats)) for b in firsts]
        found["spread"] = _farthest(
            [spreads(compared, b, level, caveats, r) for b, r in zip(firsts, rs, strict=True)], of_first
        )
        found["capability"] = _farthest(
            [_capability(wanted, compared, b, level, caveats, r) for b, r in zip(firsts, rs, strict=True)], of_first
        )
        found["effect_size"] = effect_sizes(compared, both, wanted.confidence, caveats)
    elif question == "proportion":
        found["effect_size"] = share_effect_sizes(both, wanted.confidence, caveats)
    found["against_first"] = tuple(of_first)
    held = zip(each.against_first, each.at, strict=True)
    found["equivalence"] = tuple(e for f, at in held for e in _equivalence(wanted, f, at, level))
    return found


def _farthest(found: Sequence[tuple[Finding, ...]], of_first: list[Finding]) -> tuple[Finding, ...]:
    """The comparison with the first that differs most; the leading line of each goes to those of the first."""
    held = [f for f in found if f]
    of_first += [f[0] for f in held]
    return next((f for f in held if f[0] is most([g[0] for g in held])), ())


def _paired(data: Any, wanted: Asked, compared: Compared, caveats: list[Caveat]) -> dict[str, Any]:
    assert wanted.paired is not None
    pairs = pairs_of(data, wanted.paired, compared)
    both = compared.groups[0], compared.groups[1]
    found = paired_levels(compared, pairs, wanted.confidence, caveats)
    if pairs.account.unpaired:
        caveats.append(caveat_words.unpaired_dropped(pairs.account.text))
    return {
        "level": found,
        "capability": _capability(wanted, compared, both, wanted.confidence, caveats, None),
        "equivalence": _equivalence(wanted, found[0], partial(paired_at, compared, pairs), wanted.confidence),
        "paired": pairs.account,
    }
