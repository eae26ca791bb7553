"""Fix a plan before the rollout: settings, baseline, date, and who says so, sealed with a hash."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ..errors import SettingsError
from ..registration import Registration, write_registration
from ..result import VERSION
from ..sealed import stamp
from .result import Plan


def register_plan(plan: Plan, path: str | Path, *, by: str, at: dt.datetime | None = None) -> Registration:
    """Write a plan to a file that a review can be held to.

    Parameters
    ----------
    plan : Plan
        With a rollout.
    path : str or Path
        A ``.toml`` file that is not there yet.
    by : str
        Who registers it.
    at : datetime, optional
        Default now.

    Returns
    -------
    Registration
        As it stands in the file.

    Raises
    ------
    SettingsError
        No rollout, no name, or the file is there already: a registered plan is never written over.

    Examples
    --------
    >>> import tempfile
    >>> import sigmatool as st
    >>> calls = st.datasets.load("contact_centre")
    >>> p = st.plan(calls.head(60), value="aht_s", time="day", rollout="2026-09-01", better="lower", worthwhile=10,
    ...             washout=7, control="aht_other_team", rules="1")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     held = register_plan(p, f"{folder}/plan.toml", by="A. Okoro")
    ...     r = st.review(calls, plan=f"{folder}/plan.toml")
    >>> r.verdict, r.plan.departures[0].text
    ('IMPROVED_STABLE', 'judged with 53 points after the rollout, 25 more than the 28 planned')
    """
    if not by.strip():
        raise SettingsError("say by: a plan is registered by a named person (--by).")
    if plan.asked.rollout is None:
        raise SettingsError("a plan is registered for a rollout: name its planned moment (--rollout).")
    s, b = plan.settings, plan.baseline
    return write_registration(
        path,
        Registration(
            better=plan.better, scale=s["scale"], worthwhile=plan.asked.worthwhile, value=s["value"], size=s["size"],
            time=s["time"], subgroup=None if s["subgroup"] is None else str(s["subgroup"]), washout=s["washout"],
            season=None if s["season"] is None else str(s["season"]), merge=s["merge"] or "auto",
            control=tuple(s["control"]), control_size=tuple(s["control_size"]), guards=tuple(s["guard"]),
            lsl=_number(s["lsl"]), usl=_number(s["usl"]), target=_number(s["target"]),
            triggered_by_bad_results=s["triggered_by_bad_results"], looks=s["looks"], exclude=s["exclude"],
            rollout=plan.asked.rollout, effects=(plan.asked.worthwhile, *plan.asked.effects), power=plan.asked.power,
            review_points=plan.meeting.points, review_date=plan.meeting.date, baseline_points=b.live.stop,
            baseline_first=str(b.live.axis.labels[0]), baseline_last=str(b.live.axis.labels[-1]),
            baseline_sha256=plan.fingerprint[0], baseline_parts=plan.fingerprint[1], seen_after=b.live.seen_after,
            data_sha256=plan.provenance.data_sha256, command=plan.provenance.command, version=VERSION,
            by=by.strip(), at=stamp(at),
        ),
    )  # fmt: skip


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
