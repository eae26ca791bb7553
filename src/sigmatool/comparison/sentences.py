"""The answer of a comparison in one plain sentence, and what stands beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..render.numeral import Numeral
from .finding import Finding
from .words import changed, factor, interval, near, number, shown, where

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
            f"Within {c.paired.used} pairs {c.metric} was on average {_moved(c, f, there, here)} ({limits}{_open(f)}): "
            f"{levels}.{_beside(c)}"
        )
    if c.several:
        many = len(c.stages) * (len(c.stages) - 1) // 2
        told = "" if f.clear else "; no pair can be told apart"
        return (
            f"Of {len(c.stages)} {noun(c)}s, {f.first} and {f.second} differ most{told}: {measure(c, f)} was "
            f"{_moved(c, f, there, here)} ({limits}, adjusted for {many} pairs): {levels}."
        )
    what = measure(c, f)
    return f"{what[:1].upper()}{what[1:]} was {_moved(c, f, there, here)} ({limits}{_open(f)}): {levels}.{_beside(c)}"


def noun(c: Comparison) -> str:
    """What is compared: stages of a series, or groups."""
    return "stage" if c.settings["group"] is None else "group"


def _moved(c: Comparison, f: Finding, there: str, here: str) -> str:
    """How much, where, beside what: "3 higher after than before", "twice as high in b as in a"."""
    how = effect(c, f)
    return f"{how} {there} {'as' if how.endswith(('the same', 'as high')) else 'than'} {here}"


def _open(f: Finding) -> str:
    return "" if f.clear else ", so no difference is possible too"


def _beside(c: Comparison) -> str:
    """The spread, where it plainly differs, and the capability, where there is a specification."""
    told = ""
    s = c.spread[0] if c.spread else None
    if s is not None and s.clear and s.kind == "ratio":
        told += f" The {s.measure} was {effect(c, s)} ({_limits(c, s)})."
    if c.capability:
        p = c.capability[0]
        before, after, low, high = (shown(v, half(p)) for v in (p.before, p.after, p.tested.low, p.tested.high))
        level = f"{number(100 * c.confidence, 4)} % interval"
        if math.isfinite(p.before) and math.isfinite(p.after):
            told += (
                f" {p.measure} was {before} {where(p.first)}, {after} {where(p.second)} "
                f"({level} of the difference {low} to {high})."
            )
    return told


def measure(c: Comparison, f: Finding) -> str:
    """What was compared, of which metric."""
    per = f" per {c.compared.size_name}" if c.scale == "rate" and c.compared.size_name else ""
    return f"the {f.measure} of {c.metric}{per}"


def effect(c: Comparison, f: Finding) -> str:
    """The effect in words: how much higher or lower, or how many times as high."""
    t = f.tested
    return (
        factor(t.value, near(t.value, t.low, t.high), half(f))
        if f.kind == "ratio"
        else changed(t.value, half(f), c.percent)
    )


def _limits(c: Comparison, f: Finding) -> str:
    t = f.tested
    return interval(t.low, t.high, c.confidence, half(f), f.kind == "ratio", c.percent and f.kind == "difference")


def half(f: Finding) -> float:
    """Half the width of an interval: it says how many places of a number mean anything."""
    return (f.tested.high - f.tested.low) / 2


def level(c: Comparison, f: Finding, value: float) -> str:
    """A level in the metric's own unit; shares in percent."""
    doubt = half(f) if f.kind == "difference" else math.nan
    told = shown(value, doubt, c.percent)
    return Numeral(f"{told} %", value, share=True) if c.percent and math.isfinite(value) else told


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
        more, less, unsettled = (answers.count(a) for a in ("larger than worthwhile", "equivalent", "not shown"))
        return (
            f"Of {len(answers)} {noun(c)}s compared with {e.first}, {more} {'differs' if more == 1 else 'differ'} by "
            f"more than the smallest worthwhile difference ({size}), {less} by less; {unsettled} "
            f"{'is' if unsettled == 1 else 'are'} not settled."
        )
    where_to = f"{e.second[:1].upper()}{e.second[1:]} against {e.first}"
    inside = interval(e.low, e.high, e.confidence, (e.high - e.low) / 2, e.kind == "ratio", share and e.kind != "ratio")
    if e.answer == "equivalent":
        return f"{where_to}: equivalent. Any difference is smaller than the worthwhile {size} ({inside})."
    if e.answer == "larger than worthwhile":
        return f"{where_to}: larger than worthwhile. The whole interval lies beyond the worthwhile {size}."
    return (
        f"{where_to}: the difference is shown neither to be smaller than the worthwhile {size} nor to be larger "
        f"({inside}); more points would tell."
    )
