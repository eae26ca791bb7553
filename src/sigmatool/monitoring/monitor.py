"""Have new points brought a signal? A control plan, run: each row is counted once, each signal told once."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..control_plan.control_plan import read_control_plan
from ..control_plan.declared import duration
from ..control_plan.fields import Characteristic, Plan, Reaction
from ..errors import DataError, SettingsError
from ..ledger import standing
from ..result import Provenance, command_line, plain
from ..sealed import digest, moment, stamp
from . import monitor_words as words
from .arrivals import arrived, delivery, refuse_columns
from .deliveries import Source, deliveries
from .judging import Judged, Method, before, judged, method_of
from .result import OF_A_RUN, Alarm, Monitored, Watched
from .store import Store, nothing

STATE: Final = "monitor.sqlite"
WAIT: Final = 30.0


def monitor(
    plan: str | Path,
    *,
    state: str | Path | None = None,
    data: Any = None,
    at: dt.datetime | None = None,
    wait: float = WAIT,
) -> Monitored:
    """Judge new points by a control plan.

    Every row is counted once, however often and in whichever order it is delivered; every signal is told once, with
    what to do, by whom and by when.

    Parameters
    ----------
    plan : str or Path
        A control plan (``.toml``); see ``sigmatool control-plan check``.
    state : str or Path, optional
        The file that remembers rows and signals; default ``monitor.sqlite`` beside the plan.
    data : DataFrame, str or Path, optional
        Points in place of the source that the plan names: a table, a file, a folder, ``-`` or a database URL.
    at : datetime, optional
        The moment from which deadlines count; default now.
    wait : float
        Seconds to wait for another monitor that works on the same state.

    Returns
    -------
    Monitored
        ``alarms``: the signals that are new; ``code``: 0 none, 1 some, 4 nothing to judge yet.

    Raises
    ------
    DataError
        Rows that cannot be judged; nothing of the run is then kept.
    SettingsError
        A plan, limits or state that cannot be used, or another monitor that does not end.

    Notes
    -----
    The chart is that of :func:`sigmatool.control_chart` on all points known so far, with the frozen limits: late and
    corrected rows therefore end in the state that they would have made in time. A signal that no longer follows is
    withdrawn, and both are told. What is told is first kept: a run that is killed before it could tell, tells in the
    next run (``again``).

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import sigmatool as st
    >>> fills = st.datasets.load("filling")
    >>> chart = st.control_chart(fills[fills["sample"] <= 60], value="fill_ml", subgroup="sample", rollout=41)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = st.freeze_limits(chart, f"{folder}/fills.toml", by="A. Okoro", reason="after the new nozzles")
    ...     plan = pathlib.Path(folder, "plan.toml")
    ...     _ = plan.write_text(
    ...         'schema = "sigmatool.control-plan/1"\\n[[characteristic]]\\nname = "fill"\\nlimits = "fills.toml"\\n'
    ...         '[characteristic.data]\\nsource = "fills.csv"\\nvalue = "fill_ml"\\nsubgroup = "sample"\\n')
    ...     first, second = monitor(plan, data=fills), monitor(plan, data=fills)
    >>> first.watched[0].points, first.watched[0].before, second.watched[0].new, len(second.alarms)
    (20, 300, 0, 0)
    """
    with Watch(plan, state=state, data=data, at=at, wait=wait) as watch:
        return watch.result


class Watch:
    """One run of a monitor: what it found counts as told when the block ends without an error."""

    def __init__(
        self,
        plan: str | Path,
        *,
        state: str | Path | None = None,
        data: Any = None,
        at: dt.datetime | None = None,
        wait: float = WAIT,
        whole_lines: bool = False,
    ) -> None:
        """Parameters as of :func:`monitor`; ``whole_lines``: leave a line that is still being written."""
        self._path = Path(plan)
        self._plan = read_control_plan(plan, to_run=True, given=() if data is None else ("source",))
        self._state = Path(state) if state is not None else self._path.parent / STATE
        self._data, self._wait, self._whole_lines = data, wait, whole_lines
        self._now = moment(at)

    def __enter__(self) -> Watch:
        from filelock import FileLock, Timeout

        self._state.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as leaving:
            try:
                leaving.enter_context(FileLock(self._state.with_name(f".{self._state.name}.lock"), timeout=self._wait))
            except Timeout:
                raise SettingsError(words.busy(self._state.name, self._wait)) from None
            self._store = leaving.enter_context(Store(self._state))
            self.result = self._run()
            self._leaving = leaving.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        with self._leaving:
            if kind is None and self.result.alarms:
                self._store.told(max(alarm.number for alarm in self.result.alarms))

    def _run(self) -> Monitored:
        now = stamp(self._now)
        self._store.begin()
        untold = {int(row["id"]) for row in self._store.signals(where="told = 0")}
        each = [self._watched(c, now) for c in self._plan.characteristic]
        self._store.commit()
        rows = self._store.signals(where="told = 0 and withdrawn_at is null")
        by_name = {c.name: c for c in self._plan.characteristic}
        answers = {key: _answer(by_name.get(key[0]), key[1]) for key in {(row["stream"], row["rule"]) for row in rows}}
        alarms = tuple(_alarm(row, answers[row["stream"], row["rule"]], row["id"] in untold) for row in rows)
        return Monitored(
            plan=self._plan.plan or self._path.name, at=now, watched=tuple(each), alarms=alarms,
            settings={"plan": self._path.name, "state": self._state.name},
            rows=_account(each), caveats=_caveats(self._plan, each),
            provenance=Provenance(
                each[0].data_sha256 if len(each) == 1 else digest({w.name: w.data_sha256 for w in each}),
                command_line("monitor", str(self._path), {}), source=self._path.name,
            ),
        )  # fmt: skip

    def _watched(self, c: Characteristic, now: str) -> Watched:
        folder = self._path.parent
        entry = standing(folder / c.limits)
        method = method_of(c, entry, folder)
        refuse_columns(c.data, "counts" if method.counts else "measurements", c.name)
        if method.sized and not c.data.size:
            raise SettingsError(words.needs_column(c.name, "size"))
        found = self._store.rows(c.name, nothing(method.sized, bool(c.data.subgroup), bool(c.data.key)))
        kind = self._binding(c, method)
        told: Counter[str] = Counter()
        caveats: list[Caveat] = []
        for one in deliveries(self._source(c), whole_lines=self._whole_lines):
            if self._store.has_read(c.name, one.sha256):
                told["files_known"] += 1
                continue
            if not (c.data.time or c.data.subgroup or c.data.key) and one.of_several:
                raise SettingsError(words.no_identity(c.name))
            brought = delivery(one.frame, c.data, sized=method.sized, proportion=method.proportion)
            kind = self._bind(c, method, kind, brought.kind)
            early = before(brought.rows, kind, c.data, entry)
            more = arrived(found, brought.rows.part(np.flatnonzero(~early)), c.data)
            if more.new.n or one.sha256:
                self._store.add(c.name, one.name, one.sha256, now, brought.read, more.new)
            self._store.record(c.name, more.changes, one.name, now)
            told.update(
                read=brought.read, before=int(early.sum()), dropped=brought.dropped, new=more.new.n,
                new_missing=int(np.isnan(more.new.value).sum()), repeated=more.known, late=more.late,
                corrected=more.corrected,
            )  # fmt: skip
            caveats += [noted for noted in brought.caveats if noted.code != "order-sorted"]
            found = found.and_then(more.new).corrected(more.changes)
        self._store.compact(c.name)
        seen = judged(found, c, method)
        withdrawn = self._signals(c, seen, now)
        standing_, open_ = self._store.counts(c.name)
        counted: dict[str, Any] = {name: told[name] for name in OF_A_RUN} | _drawn(seen)
        return Watched(
            name=c.name, entry=entry, rows_known=found.n, missing=int(np.isnan(found.value).sum()), signals=standing_,
            open=open_, withdrawn=withdrawn, caveats=tuple(dict.fromkeys(caveats)), **counted,
        )  # fmt: skip

    def _source(self, c: Characteristic) -> Source:
        given = self._data
        if given is not None and len(self._plan.characteristic) > 1 and not isinstance(given, dict):
            raise SettingsError(words.whose_data([x.name for x in self._plan.characteristic]))
        if isinstance(given, dict):
            given = given.get(c.name)
        if given is not None:
            return Source(given, None, c.data.sheet or None, c.data.query or None)
        return Source(c.data.source, self._path.parent, c.data.sheet or None, c.data.query or None)

    def _binding(self, c: Characteristic, method: Method) -> str:
        """The kind of order that the stream was begun with; refused where its limits or columns are others by now."""
        held = self._store.bound(c.name)
        if held is None:
            return ""
        was = json.loads(held)
        if was["limits"] != method.entry.sha256:
            raise SettingsError(words.other_limits(c.name, method.entry.number, self._state.name))
        now = _bound(c, method, was["order"])
        if was != now:
            changed = next(name for name in was if was[name] != now.get(name))
            raise SettingsError(words.other_plan(c.name, changed, was[changed], now[changed], self._state.name))
        return str(was["order"])

    def _bind(self, c: Characteristic, method: Method, was: str, kind: str) -> str:
        if not was:
            self._store.bind(c.name, json.dumps(_bound(c, method, kind), sort_keys=True))
        elif was != kind:
            raise DataError(words.other_order(c.data.time or c.data.subgroup, was, kind))
        return kind

    def _signals(self, c: Characteristic, seen: Judged | None, now: str) -> int:
        """Keep the signals that are new and withdraw those that no longer follow."""
        standing_ = self._store.standing(c.name)
        keys = [] if seen is None else seen.chart.signals.keys()
        in_force = set() if seen is None else {rule.id for rule in seen.chart.rules}
        placed: dict[tuple[str, str, int], int] = {}
        for place, (panel, rule, point) in enumerate(keys):
            if seen is not None and rule in in_force:
                placed.setdefault((panel, rule, int(seen.seq[point - 1])), place)
        gone = [number for key, number in standing_.items() if key not in placed]
        new = {key: place for key, place in placed.items() if key not in standing_}
        fresh = [] if seen is None else self._rows(c, seen, new, now)
        self._store.withdraw(gone, now)
        self._store.found(fresh)
        return len(gone)

    def _rows(
        self, c: Characteristic, seen: Judged, new: dict[tuple[str, str, int], int], now: str
    ) -> list[tuple[Any, ...]]:
        """Signals as the state keeps them."""
        todo = {rule: self._who_and_when(c, rule) for rule in {rule for _, rule, _ in new}}
        labels, signals, places = seen.chart.axis.labels, seen.chart.signals, list(new.values())
        points = signals.points[places] - 1
        lines = {
            p.name: [_known(line[points]) for line in (p.value, p.center, p.lower, p.upper)] for p in seen.chart.panels
        }
        rows = []
        for i, (panel, rule, seq) in enumerate(new):
            numbers = (line[i] for line in lines[panel])
            text = signals[places[i]].text
            rows.append((c.name, seq, panel, rule, labels[points[i]], *numbers, text, now, *todo[rule]))
        return rows

    def _who_and_when(self, c: Characteristic, rule: str) -> tuple[str, str]:
        """The moment by which a signal of the rule must be answered, and by whom."""
        reaction = reaction_of(c, rule)
        limit = None if reaction is None else duration(reaction.deadline)
        due = "" if limit is None else stamp(self._now + limit)
        return due, (reaction.owner if reaction is not None else "") or c.owner or self._plan.owner


def _known(values: NDArray[np.float64]) -> list[float | None]:
    """Numbers, and None where there is none; :func:`sigmatool.result.plain` for many at once."""
    return [v if known else None for v, known in zip(values.tolist(), np.isfinite(values).tolist(), strict=True)]


def _bound(c: Characteristic, method: Method, order: str) -> dict[str, Any]:
    d = c.data
    return {
        "limits": method.entry.sha256, "rules": method.rules, "order": order, "value": d.value, "size": d.size,
        "time": d.time, "subgroup": d.subgroup, "key": d.key, "since": d.since,
    }  # fmt: skip


def reaction_of(c: Characteristic, rule: str) -> Reaction | None:
    """The reaction that names the rule, else the one that names none."""
    named = next((r for r in c.reaction if rule in r.rules), None)
    return named or next((r for r in c.reaction if not r.rules), None)


def _answer(c: Characteristic | None, rule: str) -> dict[str, Any]:
    """What the plan says of signals of a rule; nothing where it no longer watches the characteristic."""
    reaction = (None if c is None else reaction_of(c, rule)) or Reaction()
    return {"hint": reaction.hint, "ask": reaction.ask, "do": reaction.do, "sop": "" if c is None else c.sop}


def _alarm(row: dict[str, Any], answer: dict[str, Any], again: bool) -> Alarm:
    kept = ("label", "panel", "rule", "text", "value", "center", "lower", "upper", "owner", "due", "found_at")
    return Alarm(
        number=row["id"], characteristic=row["stream"], again=again, **answer, **{name: row[name] for name in kept}
    )


def _drawn(seen: Judged | None) -> dict[str, Any]:
    """The chart, its points, and the newest of them with its lines."""
    if seen is None:
        return {"chart": None, "points": 0, "newest": "", "value": None, "center": None, "lower": None, "upper": None,
                "data_sha256": ""}  # fmt: skip
    panel = seen.chart.panels[0]
    known = np.flatnonzero(np.isfinite(panel.value))
    at = int(known[-1])
    return {
        "chart": seen.chart, "points": int(known.size), "newest": str(seen.chart.axis.labels[at]),
        **{name: plain(getattr(panel, name)[at]) for name in ("value", "center", "lower", "upper")},
        "data_sha256": seen.chart.provenance.data_sha256,
    }  # fmt: skip


def _account(each: list[Watched]) -> Rows:
    """Rows of this run: those not judged (before the limits, counted before) are told apart in ``watched``."""
    read, missing, dropped = (sum(getattr(w, name) for w in each) for name in ("read", "new_missing", "dropped"))
    left = sum(w.before + w.repeated + w.corrected for w in each)
    return Rows(read, read - missing - left - dropped, missing, left, dropped)


def _caveats(plan: Plan, each: list[Watched]) -> tuple[Caveat, ...]:
    found = [c for w in each for c in w.caveats]
    if plan.open_fields():
        found.append(words.draft(plan.open_fields()))
    return tuple(dict.fromkeys(found))
