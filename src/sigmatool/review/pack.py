"""What operations take over: report, control plan, frozen limits, exit criteria, in one folder."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..control_plan.criteria import SCHEMA as CRITERIA_SCHEMA
from ..control_plan.criteria import Bound, Criteria, Declaration
from ..control_plan.fields import Characteristic, DataSource, Plan, Reaction, Target
from ..control_plan.plan_words import CRITERIA_HEADING
from ..control_plan.writer import control_plan_toml, declared_toml
from ..errors import DataError, SettingsError
from ..limits.freeze import freeze_limits
from ..render.markdown import markdown
from ..render.writers import write_whole
from ..sealed import moment
from ..timeline import first_day
from . import handover_words as words
from . import pack_words
from .given import several
from .handover import HANDED, ControlPlan
from .policy import POLICY

if TYPE_CHECKING:
    from .result import Review

PLAN, CRITERIA, STATE = "control-plan.toml", "exit-criteria.toml", "monitor.sqlite"


def write_pack(review: Review, folder: str | Path, *, by: str, at: dt.datetime | None = None) -> tuple[Path, ...]:
    """Write what operations take over, as a draft for people to complete.

    The report (``review.html``, ``review.json``), the control plan, the ledger of the limits of the stage after, and
    the exit criteria. Limits of a stage that is not shown stable are left out, and the plan says so; where the verdict
    leaves no gain to keep, only the report is written.

    Parameters
    ----------
    review : Review
    folder : str or Path
        Made where it does not exist. A plan or criteria that are there already are never overwritten.
    by : str
        Who makes the draft; named in the ledger.
    at : datetime, optional
        Default now.

    Returns
    -------
    tuple of Path
        The files, in the order in which they are read.

    Raises
    ------
    SettingsError
        ``by`` is empty, or the folder holds a plan already.

    Examples
    --------
    >>> import tempfile
    >>> import sigmatool as st
    >>> births = st.datasets.load("semmelweis")
    >>> r = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")
    >>> with tempfile.TemporaryDirectory() as place:
    ...     [path.name for path in write_pack(r, place, by="A. Okoro")]
    ['README.md', 'review.html', 'review.json', 'control-plan.toml', 'deaths-per-births.toml', 'exit-criteria.toml']
    """
    if not by.strip():
        raise SettingsError(pack_words.NO_NAME)
    target = Path(folder)
    for name in (PLAN, CRITERIA):
        if (target / name).exists():
            raise SettingsError(pack_words.exists(str(target / name)))
    now = moment(at)
    made: list[Path] = [review.save(target / f"review{suffix}") for suffix in (".html", ".json")]
    unfit = ""
    kept = review.handover.control_plan
    if kept is not None:
        ledger = Path("limits") / f"{_file_name(kept.characteristic)}.toml"
        try:
            reason = pack_words.reason(review.verdict, ", ".join(several(review.settings["rollout"], "rollout")))
            freeze_limits(review.charts[0], target / ledger, by=by, reason=reason, at=now)
        except DataError as problem:
            unfit = str(problem)
        plan = _plan(review, kept, "" if unfit else ledger.as_posix(), target, now.date())
        made.append(write_whole(target / PLAN, control_plan_toml(plan, PLAN).encode()))
        if not unfit:
            made.append(target / ledger)
        told = declared_toml(_criteria(review), CRITERIA_SCHEMA, CRITERIA_HEADING.format(name=CRITERIA))
        made.append(write_whole(target / CRITERIA, told.encode()))
    page = pack_words.readme(review, [path.relative_to(target).as_posix() for path in made], unfit)
    return write_whole(target / "README.md", markdown(page).encode()), *made


def _file_name(metric: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", metric.lower()).strip("-")[:60] or "metric"


def _plan(r: Review, kept: ControlPlan, ledger: str, folder: Path, today: dt.date) -> Plan:
    asked = r.settings
    again = first_day(r.handover.next_review.date)
    return Plan(
        date=today,
        process=r.metric,
        review_again=again,
        characteristic=(
            Characteristic(
                name=kept.characteristic,
                better=r.better,
                sample_size="1" if kept.size == 1 else f"about {kept.size:.3g}",
                frequency="" if kept.frequency == "point" else f"one point a {kept.frequency}",
                chart=str(r.charts[0].settings["kind"]),
                rules=str(r.charts[0].settings["rules"]),
                limits=ledger,
                data=DataSource(
                    source=_from(folder, kept.source), value=asked["value"] or r.metric, size=asked["size"] or "",
                    time=asked["time"] or "", subgroup="" if asked["subgroup"] is None else str(asked["subgroup"]),
                ),
                specification=Target(lsl=asked["lsl"], usl=asked["usl"], target=asked["target"]),
                reaction=tuple(
                    Reaction(rules=each.rules, hint=each.hint, ask=each.ask) for each in r.handover.reaction_plan
                ),
            ),
        ),
    )  # fmt: skip


def _criteria(r: Review) -> Criteria:
    bounds = () if r.capability is None else (Bound(index="ppk", at_least=1.0),)
    return Criteria(
        process=r.metric,
        review="review.json",
        verdicts=tuple(sorted(HANDED)),
        state=STATE,
        quiet_points=POLICY.least_points,
        control_plan=PLAN,
        capability=bounds,
        declared=tuple(Declaration(id=id_, what=what) for id_, what in words.DECLARED),
    )


def _from(folder: Path, source: str) -> str:
    """A file by its way from the folder of the plan; a URL as it is; nothing where the points came from memory."""
    if "://" in source:
        return source
    return Path(os.path.relpath(source, folder)).as_posix() if source and Path(source).is_file() else ""
