"""Can hypercare end? Exit criteria, each passed, failed or not yet, from the review, the monitor and named people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from ..caveats import Rows
from ..control_plan.control_plan import checked
from ..control_plan.criteria import Bound, Criteria, read_criteria
from ..documents import read_json
from ..errors import DataError, SettingsError
from ..result import Provenance, Result, command_line
from ..review.handover import NOT_YET
from ..sealed import digest, moment, stamp
from . import gate_words as words
from .judging import points_of
from .store import Store

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

Status = Literal["pass", "fail", "not yet", "not asked"]

CODES: Final[Mapping[str, int]] = {"pass": 0, "fail": 1, "not yet": 4}


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion: what is asked, whether it is met, and what shows it."""

    id: str
    text: str
    status: Status
    evidence: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Gate(Result):
    """The exit criteria of hypercare, checked.

    Attributes
    ----------
    status : {"pass", "fail", "not yet"}
        Failed where one item failed; not yet where one is open; else passed.
    items : tuple of Item
    """

    schema: ClassVar[str] = "sigmatool.gate/1"
    verb: ClassVar[str] = "gate"

    process: str
    at: str
    status: Status
    items: tuple[Item, ...]

    @property
    def code(self) -> int:
        """Exit code: 0 pass, 1 fail, 4 not yet."""
        return CODES[self.status]

    @property
    def headline(self) -> str:
        return words.headline(self)

    def to_frame(self) -> pd.DataFrame:
        """The criteria, one row each."""
        import pandas as pd

        return pd.DataFrame([asdict(item) for item in self.items])

    def figure(self) -> Figure:
        """How many criteria are met, open and failed."""
        from .gate_report import picture

        return picture(self)

    def document(self) -> Document:
        from .gate_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {"headline": self.headline, "status": self.status, "process": self.process, "at": self.at,
                "items": [asdict(item) for item in self.items]}  # fmt: skip


def gate(criteria: str | Path, *, at: dt.datetime | None = None) -> Gate:
    """Check the exit criteria of hypercare.

    Parameters
    ----------
    criteria : str or Path
        The file of exit criteria (``.toml``), as ``review --pack`` drafts it.
    at : datetime, optional
        The moment of the check: what is declared must not be dated after it. Default now.

    Returns
    -------
    Gate
        ``status``, ``items``; ``code`` for pipelines: 0 pass, 1 fail, 4 not yet.

    Raises
    ------
    SettingsError
        A file that is missing, or a criterion that cannot be checked, with file, line and field.

    Notes
    -----
    An item fails where the numbers speak against it, and is not yet met where they are too few to tell or people have
    not spoken: a capability fails when the upper end of its interval lies below what is asked, passes when the lower
    end reaches it.

    Examples
    --------
    >>> import tempfile
    >>> import sigmatool as st
    >>> from sigmatool.review.pack import write_pack
    >>> births = st.datasets.load("semmelweis")
    >>> r = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write_pack(r, folder, by="A. Okoro")
    ...     found = gate(f"{folder}/exit-criteria.toml")
    >>> found.status, [item.id for item in found.items if item.status == "pass"]
    ('not yet', ['verdict'])
    """
    path = Path(criteria)
    asked = read_criteria(path)
    now = moment(at)
    items = tuple(_items(asked, path.parent, now.date()))
    if not items:
        raise SettingsError(words.nothing_asked(path.name))
    statuses = {item.status for item in items}
    status: Status = "fail" if "fail" in statuses else "not yet" if "not yet" in statuses else "pass"
    return Gate(
        process=asked.process or path.stem, at=stamp(now), status=status, items=items,
        settings={"criteria": path.name}, rows=Rows(len(items), len(items), 0, 0, 0), caveats=(),
        provenance=Provenance(
            digest({"items": [asdict(item) for item in items]}), command_line("gate", str(path), {}), source=path.name
        ),
    )  # fmt: skip


def _items(asked: Criteria, folder: Path, today: dt.date) -> Iterator[Item]:
    review = _saved(folder / asked.review, "sigmatool.review/1") if asked.review else None
    if review is not None:
        yield from _reviewed(asked, review)
    for bound in asked.capability:
        yield _bound(bound, review, folder)
    if asked.state:
        yield from _monitored(asked, folder / asked.state)
    if asked.control_plan:
        yield _planned(folder / asked.control_plan)
    for item in asked.declared:
        late = item.date is not None and item.date > today
        done = bool(item.by) and not late
        yield Item(item.id, item.what, "pass" if done else "not yet", words.declared(item.by, item.date, late))


def _saved(path: Path, schema: str) -> dict[str, Any]:
    """A result that was saved as JSON."""
    try:
        held = read_json(path.read_bytes(), path.name)
    except (OSError, DataError) as problem:
        raise SettingsError(words.unreadable(path.name, str(problem))) from None
    if held.get("schema") != schema:
        raise SettingsError(words.other_result(path.name, schema))
    return held


def _reviewed(asked: Criteria, review: dict[str, Any]) -> Iterator[Item]:
    try:
        verdict = str(review["verdict"])
        if asked.verdicts:
            good: Status = "pass" if verdict in asked.verdicts else "not yet" if verdict in NOT_YET else "fail"
            yield Item("verdict", words.verdicts(asked.verdicts), good, f"{verdict}: {review['sentence']}")
        if asked.guards_unharmed:
            worse = [g["name"] for g in review["guards"] if g["finding"] == "harmed"]
            worse += [m["name"] for m in review["metrics"] if m["harm"]]
            unsettled = [g["name"] for g in review["guards"] if g["finding"] == "open"]
            given = len(review["guards"]) + len(review["metrics"])
            state: Status = "not asked" if not given else "fail" if worse else "not yet" if unsettled else "pass"
            yield Item("guards", words.GUARDS, state, words.guards(given, worse, unsettled))
        if asked.requirement_met:
            needed = review["requirement"]
            by_tone: dict[str, Status] = {"good": "pass", "bad": "fail", "open": "not yet"}
            yield Item("requirement", words.REQUIREMENT, by_tone.get(needed["tone"], "not asked"), needed["detail"])
    except (KeyError, TypeError):
        raise SettingsError(words.other_result(asked.review, "sigmatool.review/1")) from None


def _bound(bound: Bound, review: dict[str, Any] | None, folder: Path) -> Item:
    text = words.bound(bound.index, bound.at_least)
    held = _index(bound, review, folder)
    if held is None or held.get("low") is None:
        return Item(f"capability {bound.index}", text, "not yet", words.NO_INDEX)
    low, high = float(held["low"]), held.get("high")
    status: Status = "pass" if low >= bound.at_least else "not yet"
    if high is not None and float(high) < bound.at_least:
        status = "fail"
    return Item(
        f"capability {bound.index}", text, status, words.interval(held.get("value", held.get("ppk")), low, high)
    )


def _index(bound: Bound, review: dict[str, Any] | None, folder: Path) -> dict[str, Any] | None:
    if bound.study:
        study = _saved(folder / bound.study, "sigmatool.capability/1")
        return (study.get("indices") or {}).get(bound.index)
    held = None if review is None else review.get("capability")
    if not held:
        return None
    if bound.index == "ppk":
        return dict(held["after"])
    return ((held.get("after_study") or {}).get("indices") or {}).get(bound.index)


def _monitored(asked: Criteria, state: Path) -> Iterator[Item]:
    wanted = asked.quiet_points
    if not state.is_file():
        if wanted:
            yield Item("quiet", words.quiet(wanted), "not yet", words.NOT_MONITORED)
        return
    with Store(state, make=False) as store:
        signals = [s for s in store.signals() if s["withdrawn_at"] is None]
        for stream in store.streams() if wanted else ():
            yield _quiet(store, stream, wanted or 0, [s for s in signals if s["stream"] == stream])
        if wanted and not store.streams():
            yield Item("quiet", words.quiet(wanted), "not yet", words.NOT_MONITORED)
    if not asked.open_signals:
        left = [s for s in signals if s["acknowledged_at"] is None]
        yield Item("answered", words.ANSWERED, "not yet" if left else "pass", words.left_open(len(signals), left))


def _quiet(store: Store, stream: str, wanted: int, signals: list[dict[str, Any]]) -> Item:
    rows = store.rows(stream)
    points = points_of(rows)
    newest = set(points[-wanted:].tolist())
    inside = [s for s in signals if s["seq"] in newest]
    status: Status = "pass" if points.size >= wanted and not inside else "not yet"
    last = str(rows.label[points[-1]]) if points.size else ""
    return Item(f"quiet {stream}", words.quiet(wanted, stream), status, words.since(points.size, last, inside))


def _planned(path: Path) -> Item:
    plan, faults = checked(path)
    empty = checked(path, to_run=True)[1]
    left = plan.open_fields()
    status: Status = "fail" if faults else "not yet" if empty or left else "pass"
    return Item("control plan", words.PLANNED, status, words.planned(faults or empty, left))
