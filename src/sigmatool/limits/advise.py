"""Should frozen limits be recalculated? Never by themselves: the evidence is computed, the rest a person answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import bdtrc, ndtr

from ..capability.gate_words import against_frozen
from ..caveats import Caveat
from ..charts.catalogue import LANEY_KINDS
from ..charts.control_chart import control_chart
from ..charts.result import ControlChart, StageLimits
from ..charts.words import counted
from ..data import Exclude
from ..designs import design_of
from ..errors import DataError, SettingsError
from ..ledger import Entry, standing
from ..numbers.stability import SMALLEST
from ..result import Provenance, command_line, listed
from .advise_result import Advice, Question, Word
from .advise_words import (
    ANSWERS,
    ENOUGH,
    FEW,
    LIMITS_FIT,
    NEW,
    NO_CHANGE,
    NO_EVIDENCE,
    QUESTIONS,
    SETTLED,
    SHORT,
    UNSETTLED,
    UNWANTED,
    changed_detail,
    declared,
    not_judged,
    nothing_new,
    other_metric,
    same_table,
    shares_points,
    unanswered,
)
from .basis import GROUPED, LAWFUL, SINGLE
from .freeze import drafted
from .moved import Moved, against_known, moved, share_points

LEVEL = 0.975
"""Of both intervals: each errs half as often, both together at most in 5 %."""

ALPHA_BEYOND = 0.01
"""Chance of so many points beyond the limits, at which they speak of a change by themselves."""


def advise_limits(
    data: Any,
    ledger: str | Path,
    *,
    value: str | None = None,
    size: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    since: str | int | float | None = None,
    cause: str | None = None,
    wanted: str | bool | None = None,
    by: str | None = None,
    exclude: Exclude = None,
    title: str | None = None,
) -> Advice:
    """Say whether frozen limits should be recalculated: keep, recalculate, wait, or answer first.

    Parameters
    ----------
    data : DataFrame, array or Series
        The new points, with or without those before.
    ledger : str or Path
        Its last entry is in force.
    value, size, time, subgroup : str
        Columns, as the limits were made.
    since : str or number
        The first new point: a value of the time column, or a point number without one. Default: the first after the
        last that the limits were estimated from, where the time column tells it; else all points are new.
    cause : str
        What changed the process, if somebody knows.
    wanted : {"yes", "no"}
        Whether the change is wanted.
    by : str
        Who says so.
    exclude : sequence of int, str, or mapping
        Points left out.
    title : str

    Returns
    -------
    Advice

    Raises
    ------
    DataError
        No new points, or a ledger whose past was changed.
    SettingsError
        Limits of another metric or of a kind that cannot be advised on, or contradicting settings.

    Notes
    -----
    Limits are recalculated when four things hold: the process has changed, the cause is known, the change is wanted,
    and it will last; and there are points enough. The first and the last two are computed: level and sigma of the new
    points against the frozen ones, with intervals of 97.5 % each, and the number of points beyond the limits against
    chance; whether the points since are one stable process (:func:`sigmatool.capability.gate.gate`); and 20 points or
    more. Nothing is written.

    References
    ----------
    Wheeler & Chambers (1992), Understanding Statistical Process Control, ch. 9; NHS England (2018), Making data count;
    Montgomery, Introduction to Statistical Quality Control, ch. 6.

    Examples
    --------
    >>> import tempfile
    >>> import sigmatool as st
    >>> rng = np.random.default_rng(1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/x.toml"
    ...     _ = st.freeze_limits(st.control_chart(rng.normal(10, 1, 40)), path, by="A. Okoro", reason="baseline")
    ...     found = advise_limits(rng.normal(12, 1, 30), path)
    >>> found.advice, found.missing
    ('answer first', ('cause', 'wanted', 'by'))
    """
    entry, name = standing(ledger), Path(ledger).name
    said = _answers(cause, wanted, by)
    if design_of(entry.kind)[0] not in (*SINGLE, *GROUPED, *LAWFUL, *LANEY_KINDS):
        raise SettingsError(not_judged(entry.kind))
    columns = {"value": value, "size": size, "time": time, "subgroup": subgroup, "exclude": exclude}
    chart = _frozen(data, ledger, columns, None)
    if chart.metric != entry.metric and value is not None:
        raise SettingsError(other_metric(name, entry.metric, chart.metric))
    begun = _since(chart, entry, name, since)
    own = _own(data, entry, columns, begun)
    if begun is not None:
        chart = _frozen(data, ledger, columns, [(chart.axis.labels[own.stages[-1].first - 1], NEW)])
    draft = replace(drafted(own), metric=entry.metric)
    beyond, points, chance = _beyond(chart, own.stages[-1])
    centre, sigma, *_ = moved(entry, draft, LEVEL)
    if centre.interval is None:
        centre = replace(centre, interval=against_known(entry, draft, LEVEL))
    p = float(bdtrc(len(beyond) - 1, points, chance)) if beyond else 1.0
    changed = _changed(points, centre, sigma, p)
    settings = {
        "value": value, "size": size, "time": time, "subgroup": subgroup, "since": begun, "ledger": str(ledger),
        "cause": said["cause"], "wanted": said["wanted"], "by": said["by"], "exclude": listed(exclude), "title": title,
    }  # fmt: skip
    advice, reasons, more = _advice(changed, points, draft, centre, said)
    source = chart.provenance
    found = Advice(
        settings=settings, rows=chart.rows, caveats=_caveats(chart, own, share_points(entry, draft)),
        provenance=Provenance(
            source.data_sha256, command_line("limits advise", source.source, settings), source.file_sha256,
            source.source,
        ),
        title=title or f"Limits of {entry.metric}: recalculate?", ledger=name, advice=advice, reasons=reasons,
        missing=tuple(k for k, v in said.items() if v is None), more_points=more,
        freeze_command=_command(entry, source.source, columns, begun, ledger, said) if advice == "recalculate" else "",
        entry=entry, draft=draft, centre=centre, sigma=sigma, level=LEVEL, points=points, beyond=beyond,
        beyond_chance=chance, beyond_p=p, beyond_told=against_frozen(len(beyond), points), changed=changed,
        lasting=draft.stable, chart=chart,
    )  # fmt: skip
    return replace(found, questions=_questions(found, said))


def _caveats(chart: ControlChart, own: ControlChart, shared: bool) -> tuple[Caveat, ...]:
    """Those of the points, each stage looked at by itself, and that the limits were frozen."""
    common = (shares_points(),) if shared else ()
    return (*common, *(c for c in chart.caveats if c.code == "frozen-limits"), *own.caveats)


def _answers(cause: Any, wanted: Any, by: Any) -> dict[str, str | None]:
    """What was declared; blank is not said."""
    if isinstance(wanted, bool):
        wanted = "yes" if wanted else "no"
    if wanted not in (None, "", "yes", "no"):
        raise SettingsError(f"wanted must be yes or no, not {wanted!r}.")
    held = {"cause": cause, "wanted": wanted, "by": by}
    for name, text in held.items():
        if text is not None and not isinstance(text, str):
            raise SettingsError(f"{name} must be words, not {text!r}.")
    return {name: (text or "").strip() or None for name, text in held.items()}


def _frozen(data: Any, ledger: str | Path, columns: dict[str, Any], events: Any) -> ControlChart:
    """The points on the frozen limits; ``events`` mark where the new ones begin."""
    return control_chart(data, limits=ledger, events=events, rules="1", **columns)


def _own(data: Any, entry: Entry, columns: dict[str, Any], begun: Any) -> ControlChart:
    """The points with limits of their own, estimated as the frozen ones were."""
    sigma = None if entry.estimator == "known" else entry.estimator
    rules = ",".join(entry.rules) or "none"
    return control_chart(data, entry.kind, sigma=sigma, rules=rules, rollout=begun, **columns)


def _since(chart: ControlChart, entry: Entry, name: str, given: Any) -> Any:
    """The moment of the first new point, or None where all are new."""
    if given is not None:
        return str(given)
    labels = chart.axis.labels
    if chart.settings["time"] is None:
        if chart.provenance.data_sha256 == entry.data_sha256:
            raise DataError(same_table(name))
        return None
    at = next((i for i, label in enumerate(labels) if str(label) == entry.last), None)
    if at is None:
        return None
    if at == len(labels) - 1:
        raise DataError(nothing_new(name, entry.last))
    return str(labels[at + 1])


def _beyond(chart: ControlChart, stage: StageLimits) -> tuple[tuple[int, ...], int, float]:
    """New points beyond the frozen limits, how many were judged, and the share that chance puts there."""
    panel = chart.panels[0]
    here = np.zeros(len(chart.axis.labels), dtype=bool)
    here[stage.first - 1 : stage.last] = True
    judged = here & ~chart.excluded & np.isfinite(panel.value)
    out = judged & panel.beyond
    chance = 2 * float(ndtr(-chart.nsigma))
    if chart.kind in (*LAWFUL, *LANEY_KINDS):
        chance = chart.false_alarm.per_point or chance
    return tuple(int(i) + 1 for i in np.flatnonzero(out)), int(judged.sum()), min(chance, 1.0)


def _changed(points: int, centre: Moved, sigma: Moved, p: float) -> bool | None:
    if points < SMALLEST:
        return None
    level = None if centre.interval is None else not centre.interval.low <= 0 <= centre.interval.high
    spread = None if sigma.interval is None else not sigma.interval.low <= 1 <= sigma.interval.high
    if level or spread or p < ALPHA_BEYOND:
        return True
    return None if level is None else False


def _advice(
    changed: bool | None, points: int, draft: Entry, centre: Moved, said: dict[str, str | None]
) -> tuple[Word, tuple[str, ...], int]:
    """The advice, its reasons, the one that decided first, and the points that are wanted yet."""
    more = max(ENOUGH - points, 0)
    short = (SHORT.format(enough=ENOUGH, points=points),) if more else ()
    unsettled = (UNSETTLED.format(stability=draft.stability, enough=ENOUGH),) if draft.stable is False else ()
    if changed is False:
        return "keep", (NO_CHANGE,), 0
    if changed is None:
        return "wait", (FEW if points < SMALLEST else NO_EVIDENCE, *short), more or ENOUGH
    missing = tuple(name for name, text in said.items() if text is None)
    if missing:
        return "answer first", (unanswered(missing), *short, *unsettled), more
    if said["wanted"] == "no":
        return "keep", (UNWANTED.format(**said),), 0
    if short or unsettled:
        return "wait", (*unsettled, *short), more or ENOUGH
    return "recalculate", (SETTLED.format(**said), LIMITS_FIT), 0


def _questions(found: Advice, said: dict[str, str | None]) -> tuple[Question, ...]:
    """The five of them, answered by the points or by a person."""
    name = said["by"] or ""
    cause, wanted = said["cause"] or "", said["wanted"] or ""
    told = {
        "changed": (ANSWERS[found.changed], changed_detail(found), "computed"),
        "cause": ("yes" if cause and name else "not answered", cause, declared(name, cause)),
        "wanted": (wanted if wanted and name else "not answered", "", declared(name, wanted)),
        "lasting": (ANSWERS[found.lasting], found.draft.stability, "computed"),
        "enough": (
            ANSWERS[found.points >= ENOUGH], f"{counted(found.points, 'point')}, {ENOUGH} wanted", "computed"
        ),
    }  # fmt: skip
    return tuple(Question(id, QUESTIONS[id], *told[id]) for id in QUESTIONS)


def _command(
    entry: Entry, source: str, columns: dict[str, Any], begun: Any, ledger: str | Path, said: dict[str, str | None]
) -> str:
    """The command that writes the new limits, made as the frozen ones were."""
    plain = tuple(f"nelson-{i}" for i in range(1, 9))
    known = ("known", "binomial", "poisson", "laney")
    asked = {k: listed(v) if k == "exclude" else v for k, v in columns.items()}
    promised = entry.guarantee is not None
    return command_line(
        "limits freeze", source,
        {
            **asked, "kind": entry.kind, "sigma": None if entry.estimator in known else entry.estimator,
            "rules": None if entry.rules == plain else ",".join(entry.rules) or "none",
            "nsigma": None if promised or entry.nsigma == 3.0 else entry.nsigma, "guarantee": entry.guarantee,
            "arl": entry.arl, "rollout": begun, "ledger": str(ledger), "by": said["by"], "reason": said["cause"],
        },
    )  # fmt: skip
