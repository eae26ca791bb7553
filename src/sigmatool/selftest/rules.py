"""Checks of the run rules: where each is completed, and which points make it."""

from __future__ import annotations

import re

from ..charts.control_chart import control_chart
from ..charts.rules import rule_set
from ..numbers.runs import Pattern
from .comparison import Comparison

ROUTES = (
    "Nelson 8 needs points on both sides; two of three and four of five do not need the last point beyond the zone.",
    "Every rule of every set that a definition speaks of is run by its id; a signal's `point` completes the pattern, "
    "its `run` lists the members.",
)

RULES = {
    "nelson1_beyond_3s": ("nelson-1", "western-electric-1", "aiag-1", "juran-1", "westgard-1", "nhs-1"),
    "nelson2_9_same_side": ("nelson-2", "juran-5", "western-electric(run=9)/western-electric-4"),
    "nelson3_6_monotone": ("nelson-3", "aiag-3", "juran-4", "nhs(trend=6)/nhs-3"),
    "nelson4_14_alternating": ("nelson-4", "aiag-4"),
    "nelson5_2of3_beyond_2s_same_side": ("nelson-5", "western-electric-2", "aiag-5", "juran-2", "nhs-4"),
    "nelson6_4of5_beyond_1s_same_side": ("nelson-6", "western-electric-3", "aiag-6", "juran-3"),
    "nelson7_15_within_1s": ("nelson-7", "aiag-7"),
    "nelson8_8_outside_1s_both_sides": ("nelson-8", "aiag-8", "juran-6"),
    "we4_8_same_side": ("western-electric-4", "nelson(run=8)/nelson-2"),
    "run7_same_side": ("nhs-2", "aiag-2"),
    "nhs_7_trend": ("nhs-3", "aiag(trend=7)/aiag-3"),
}
"""What the cases call a rule, and the ids it has here: of a set, or of a variant of one (``set(setting)/id``)."""

QCC = "qcc_violating_runs_len7"
"""Seven on one side as qcc finds them; it closes gaps up, so it has no say where a value is missing."""


def check(c: Comparison) -> None:
    """Signals of every rule, and the numbers in the words that define it."""
    if c.case.id == "definitions":
        _definitions(c)
    elif "x" in c.case.data:
        _signals(c)
    else:
        raise LookupError(c.case.id)


def _signals(c: Comparison) -> None:
    x, params = c.column("x"), c.case.params
    for key, ids in RULES.items():
        for name in ids:
            spec, _, rule = name.rpartition("/")
            chart = control_chart(x, "i-mr", center=params["center"], sigma=params["sigma"], rules=spec or rule)
            found = [s for s in chart.signals if s.rule == rule and s.panel == chart.panels[0].name]
            c.points(f"{key}/completed", {s.point for s in found})
            c.points(f"{key}/members", {point for s in found for point in s.run})
            if key == "run7_same_side" and QCC in c.case.expected:
                c.points(QCC, {s.point for s in found})


def _definitions(c: Comparison) -> None:
    """How many points, and beyond how many sigma: as the definition's words say, so the pattern in force."""
    ids = {key.split("_")[0]: names[0] for key, names in RULES.items()} | {"nhs": "nhs-3"}
    for name, words in c.case.expected["definitions"].items():
        key = f"definitions/{name}"
        rule = ids.get(name.removesuffix("_7_trend"))
        if rule is None:
            c.beside(key)
            continue
        c.text(key, _in_force(rule_set(rule)[0].pattern), _told(words))


def _told(words: str) -> list[float]:
    """Points needed, points looked at and sigmas, as far as a definition's words tell them."""
    window = re.search(r"(?:(\d+) of )?(\d+) consecutive", words)
    zone = re.search(r"(?:beyond|within) (\d+) sigma|\|z\|>(\d+)", words)
    return [float(n) for found in (window, zone) if found for n in found.groups() if n]


def _in_force(pattern: Pattern) -> list[float]:
    """The same numbers of a rule; the limits stand where a chart draws them by default."""
    if pattern.test == "limits":
        return [float((control_chart.__kwdefaults__ or {})["nsigma"])]
    points = [pattern.needed, pattern.window] if pattern.least else [pattern.window]
    return [float(n) for n in points] + [pattern.zone] * (pattern.zone > 0)
