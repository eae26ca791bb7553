"""A run of the monitor for people, for log collectors, for Prometheus, and for a chat."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from ..result import plain
from ..timeline import parse_times
from . import monitor_words as words
from .result import Monitored, Watched

MOST_LINES: Final = 20
"""Signals of one run that a person reads; the rest is told by number, and stands in the state."""


def text(found: Monitored) -> str:
    """For a terminal: each signal, what to do about its kind once, and where each characteristic stands."""
    lines: list[str] = []
    said: tuple[str, ...] = ()
    for alarm in found.alarms[:MOST_LINES]:
        lines.append(words.alarm_line(alarm))
        todo = (alarm.characteristic, *words.what_to_do(alarm))
        if todo != said:
            lines += [f"    {line}" for line in todo[1:]]
        said = todo
    if len(found.alarms) > MOST_LINES:
        lines.append(f"and {len(found.alarms) - MOST_LINES:,} more: sigmatool signals list")
    lines += [words.standing(w) for w in found.watched]
    return "\n".join([*lines, *(f"note: {c.text}" for c in found.caveats)]) + "\n"


def json_lines(found: Monitored) -> str:
    """One JSON object a line and signal; nothing where there is none."""
    return "".join(json.dumps(plain(asdict(a)), ensure_ascii=False, allow_nan=False) + "\n" for a in found.alarms)


def webhook(found: Monitored) -> str:
    """The body for a chat or an incident system: ``text`` for people, the signals for programs; nothing where none."""
    if not found.alarms:
        return ""
    shown = [words.alarm_line(a) + "\n" + "\n".join(words.what_to_do(a)) for a in found.alarms[:MOST_LINES]]
    left = len(found.alarms) - MOST_LINES
    told = "\n\n".join([found.headline, *shown, *([f"and {left:,} more"] if left > 0 else [])])
    body = {"schema": found.schema, "text": told, "plan": found.plan, "at": found.at,
            "signals": [plain(asdict(a)) for a in found.alarms]}  # fmt: skip
    return json.dumps(body, ensure_ascii=False, allow_nan=False) + "\n"


_GAUGES: Final[tuple[tuple[str, str, Callable[[Watched], float | None]], ...]] = (
    ("points", "Points judged so far", lambda w: w.points),
    ("signals_open", "Signals that nobody has acknowledged", lambda w: w.open),
    ("signals_standing", "Signals that follow from the rows known", lambda w: w.signals),
    ("rows_late", "Rows of the last run that came late", lambda w: w.late),
    ("rows_corrected", "Rows of the last run that corrected earlier ones", lambda w: w.corrected),
    ("value", "Newest value of the location panel", lambda w: w.value),
    ("center", "Centre line at the newest point", lambda w: w.center),
    ("limit_lower", "Lower limit at the newest point", lambda w: w.lower),
    ("limit_upper", "Upper limit at the newest point", lambda w: w.upper),
    ("last_point_timestamp_seconds", "Time of the newest point", lambda w: _seconds(w.newest)),
)


def openmetrics(found: Monitored) -> str:
    """OpenMetrics text, for the textfile collector of Prometheus's node exporter or any scraper."""
    lines: list[str] = []
    for name, about, value in _GAUGES:
        lines += [f"# TYPE sigmatool_{name} gauge", f"# HELP sigmatool_{name} {about}."]
        for w in found.watched:
            held = value(w)
            if held is not None:
                lines.append(f'sigmatool_{name}{{characteristic="{_escaped(w.name)}"}} {float(held)!r}')
    at = dt.datetime.fromisoformat(found.at).timestamp()
    lines += ["# TYPE sigmatool_last_run_timestamp_seconds gauge",
              "# HELP sigmatool_last_run_timestamp_seconds Time of the run.",
              f"sigmatool_last_run_timestamp_seconds {at!r}", "# EOF"]  # fmt: skip
    return "\n".join(lines) + "\n"


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n").replace("\r", " ")


def _seconds(label: str) -> float | None:
    """The newest point as seconds since 1970, where it is a date; a bare number such as a sample is none."""
    times = parse_times([label]) if "-" in label or "/" in label or "." in label else None
    return None if times is None or times.days[0] != times.days[0] else float(times.days[0]) * 86_400


FORMATS: Final[dict[str, Callable[[Monitored], str]]] = {
    "text": text,
    "json": lambda found: found.to_json(),
    "jsonl": json_lines,
    "openmetrics": openmetrics,
    "webhook": webhook,
}
