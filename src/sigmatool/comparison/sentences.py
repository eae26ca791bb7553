"""The answer of a comparison in one plain sentence, and what stands beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .finding import Finding
from .words import changed, factor, interval, near, shown, where

if TYPE_CHECKING:
    from .result import Comparison


def headline(c: Comparison) -> str:
    """What differs, by how much in its unit, between which limits; never "significant"."""
    f = c.main
    there, here = where(f.second), where(f.first)
    limits = _limits(c, f)
    levels = f"{level(c, f, f.before)} {here}, {level(c, f, f.after)} {there}"
    if c.paired is not None:
        return (
            f"Within {c.paired.used} pairs {c.metric} was on average {_how(c, f)} {there} than {here}{_open(f)} "
            f"({limits}): {levels}."
        )
    if c.several:
        kinds = "stages" if c.settings["group"] is None else "groups"
        many = len(c.stages) * (len(c.stages) - 1) // 2
        told = "" if f.clear else "; no pair is told apart"
        return (
            f"Of {len(c.stages)} {kinds}, {f.first} and {f.second} differ most: {there} {measure(c, f)} was "
            f"{_how(c, f)} than {here} ({limits}, adjusted for {many} pairs){told}: {levels}."
        )
    start = f"{there[:1].upper()}{there[1:]}"
    return f"{start} {measure(c, f)} was {_how(c, f)}{_open(f)} ({limits}): {levels}."


def _open(f: Finding) -> str:
    return "" if f.clear else ", not told apart from no difference"


def measure(c: Comparison, f: Finding) -> str:
    """What was compared, of which metric."""
    per = f" per {c.compared.size_name}" if c.scale == "rate" and c.compared.size_name else ""
    return f"the {f.measure} of {c.metric}{per}"


def _how(c: Comparison, f: Finding) -> str:
    t = f.tested
    return factor(t.value, near(t.value, t.low, t.high)) if f.kind == "ratio" else changed(t.value, half(f), c.percent)


def _limits(c: Comparison, f: Finding) -> str:
    t = f.tested
    return interval(t.low, t.high, c.confidence, half(f), f.kind == "ratio", c.percent and f.kind == "difference")


def half(f: Finding) -> float:
    """Half the width of an interval: it says how many places of a number mean anything."""
    return (f.tested.high - f.tested.low) / 2


def level(c: Comparison, f: Finding, value: float) -> str:
    """A level in the metric's own unit; shares in percent."""
    doubt = half(f) if f.kind == "difference" else math.nan
    return shown(value, doubt, c.percent) + (" %" if c.percent and math.isfinite(value) else "")


def onward(c: Comparison) -> str:
    """Where a verdict is to be had: a comparison states, and judges nothing."""
    if c.settings["group"] is not None:
        return (
            "A comparison states what differs between groups; why they differ it cannot say: groups may differ in more "
            "than their name."
        )
    return (
        "A comparison states what differs between stages; it says nothing of the cause, of trends that ran anyway, or "
        "of stability. Whether the rollout did it: sigmatool review."
    )


def equivalence_sentence(c: Comparison) -> str:
    """What the difference comes to beside the smallest worthwhile effect; of several how many come to what."""
    e, share = c.equivalence[0], c.percent
    size = f"{shown(e.worthwhile, share=share)}{'' if not share else ' point' if e.worthwhile == 0.01 else ' points'}"
    if c.several:
        answers = [held.answer for held in c.equivalence]
        told = ", ".join(f"{answers.count(a)} {a}" for a in dict.fromkeys(sorted(answers)))
        return f"Held against a worthwhile {size}, of {len(answers)} compared with {e.first}: {told}."
    where_to = f"{e.second[:1].upper()}{e.second[1:]} against {e.first}"
    inside = interval(e.low, e.high, e.confidence, (e.high - e.low) / 2, e.kind == "ratio", share and e.kind != "ratio")
    if e.answer == "equivalent":
        return f"{where_to}: equivalent. Any difference is smaller than the worthwhile {size} ({inside})."
    if e.answer == "larger than worthwhile":
        return f"{where_to}: larger than worthwhile. The whole interval lies beyond the worthwhile {size}."
    return (
        f"{where_to}: neither shown to be smaller than the worthwhile {size} nor to be larger ({inside}); more points "
        "would tell."
    )
