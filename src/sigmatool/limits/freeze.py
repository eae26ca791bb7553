"""Freezing the limits of a stage, so that later points are judged by them and nobody moves them in silence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .. import __version__
from ..capability.gate import gate
from ..charts.catalogue import PART_KINDS, VECTOR_KINDS
from ..errors import DataError, SettingsError
from ..ledger import Entry, append
from ..result import plain
from ..sealed import stamp
from .basis import basis_of
from .guarantee import ARL, Guarantee, guaranteed
from .ledger_words import NP, not_stable, one_pair_only
from .stages import stage_of

if TYPE_CHECKING:
    from ..charts.result import ControlChart


def freeze_limits(
    chart: ControlChart,
    ledger: str | Path,
    *,
    by: str,
    reason: str,
    of: str | None = None,
    approved_by: tuple[str, ...] = (),
    force: bool = False,
    guarantee: float | None = None,
    arl: float = ARL,
    at: dt.datetime | None = None,
) -> Entry:
    """Write the limits of a stage into a ledger.

    Parameters
    ----------
    chart : ControlChart
        Of one metric.
    ledger : str or Path
        A ``.toml`` file; begun where it does not exist.
    by, reason : str
        Who freezes, and why; both are required.
    of : str, optional
        Name of the stage; default the last.
    approved_by : tuple of str
        Who else agreed.
    force : bool
        Freeze although the stage is not shown stable; the entry says so.
    guarantee, arl : float, optional
        Widen the limits so that with the chance ``guarantee`` the in-control run length is at least ``arl`` (see
        :func:`sigmatool.limits.guarantee.guaranteed`, which tells the price); default: as the chart has them.
    at : datetime, optional
        Default now.

    Returns
    -------
    Entry
        As it stands in the ledger.

    Raises
    ------
    DataError
        The stage is not shown stable and ``force`` is not given, has no limits, or the ledger's past was changed.
    SettingsError
        ``by`` or ``reason`` is empty, or there is no such stage.

    Notes
    -----
    Stability is that of :func:`sigmatool.capability.gate.gate` on the points of the stage in units of their own sigma:
    one test with a false-alarm probability of 5 % for the whole stage, not the absence of eight rules' signals.

    Examples
    --------
    >>> import tempfile
    >>> import sigmatool as st
    >>> fills = st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     entry = freeze_limits(fills, f"{folder}/fills.toml", by="A. Okoro", reason="after the new nozzles")
    >>> entry.number, entry.points, round(entry.center, 2), entry.stable
    (1, 40, 500.28, True)
    """
    for name, text in (("by", by), ("reason", reason)):
        if not text.strip():
            raise SettingsError(f"say {name}: limits are frozen by a named person for a reason.")
    entry = drafted(chart, of=of, promise=None if guarantee is None else guaranteed(chart, guarantee, arl, of=of))
    if entry.forced and not force:
        raise DataError(not_stable(entry.stage, entry.stability))
    signed = replace(
        entry, by=by.strip(), reason=reason.strip(), approved_by=tuple(a.strip() for a in approved_by),
        at=stamp(at),
    )  # fmt: skip
    return append(ledger, signed)


def drafted(chart: ControlChart, *, of: str | None = None, promise: Guarantee | None = None) -> Entry:
    """The entry that the limits of a stage would make, signed by nobody; ``forced`` where they are not shown stable.

    Raises
    ------
    DataError
        The stage shows no spread.
    SettingsError
        Limits that are not one centre and one sigma, or no such stage.
    """
    if chart.kind in (*VECTOR_KINDS, *PART_KINDS):
        raise SettingsError(one_pair_only(chart.kind))
    if chart.kind == "np":
        raise SettingsError(NP)
    stage = stage_of(chart, of)
    panel, here = chart.panels[0], slice(stage.first - 1, stage.last)
    if not (np.isfinite(stage.sigma) and stage.sigma > 0):
        raise DataError(f"stage {stage.name!r} shows no spread to draw limits from: nothing can be frozen.")
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (panel.value[here] - panel.center[here]) / panel.sigma[here]
    judged = np.where(chart.excluded[here], np.nan, z)
    found = gate(judged, np.ones(judged.size, dtype=np.int64))
    left_out = np.flatnonzero(chart.excluded[here]) + stage.first
    basis = basis_of(chart, stage)
    nsigma, lower, upper = float(chart.nsigma), plain(stage.lower), plain(stage.upper)
    if promise is not None:
        nsigma = promise.nsigma
        half = nsigma * stage.sigma / np.sqrt(max(basis.common, 1))
        lower, upper = float(stage.center - half), float(stage.center + half)
    return Entry(
        metric=chart.metric, kind=str(chart.settings["kind"]), center=float(stage.center), sigma=float(stage.sigma),
        nsigma=nsigma, lower=lower, upper=upper, estimator=chart.sigma_method,
        rules=tuple(rule.id for rule in chart.rules), stage=stage.name, points=basis.points or int(stage.n),
        first=str(chart.axis.labels[stage.first - 1]), last=str(chart.axis.labels[stage.last - 1]),
        excluded=tuple(_left_out(chart, int(point)) for point in left_out), stable=found.stable,
        stability=found.reason, forced=found.stable is not True, data_sha256=chart.provenance.data_sha256,
        command=chart.provenance.command, by="", reason="", at="", approved_by=(), version=__version__,
        total=basis.total, dof=basis.dof, spread=basis.spread,
        autocorrelation=None if found.judged_by == "too few points" else float(found.autocorrelation),
        guarantee=None if promise is None else promise.guarantee, arl=None if promise is None else promise.arl,
    )  # fmt: skip


def _left_out(chart: ControlChart, point: int) -> str:
    label, reason = str(chart.axis.labels[point - 1]), chart.reasons.get(point, "")
    return f"{label}: {reason}" if reason else label
