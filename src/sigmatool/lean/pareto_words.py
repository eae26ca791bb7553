"""The sentences of a Pareto study that people read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..caveats import Caveat
from ..charts.words import counted, number, p_value, percent

if TYPE_CHECKING:
    from .pareto_result import CauseChange, Pareto
    from .pareto_study import Study

NAMED: Final = 4
"""Names that a sentence lists."""

FINDING: Final = {"fell": "fell", "rose": "rose", "open": "open"}

NO_OTHER: Final = "All categories have a bar of their own."

SHARES_HOW: Final = (
    "Intervals of the shares hold all at once (Goodman 1965). Places say between which ranks a cause could truly "
    "stand: every pair is compared exactly, and all comparisons hold at once."
)

COST_HOW: Final = (
    "Intervals of cost shares take the number of events as Poisson and their costs as independent (linearised, on "
    "the logit scale), and hold all at once."
)

COST_CAPTION: Final = (
    "Bars in the order of their money in the last stage; whiskers: intervals of the shares, all at once"
)

CHANGE_HOW: Final = (
    "Rates are compared exactly (conditional binomial). Intervals and p values are adjusted for the number of bars, "
    "so that one false finding among all of them is as rare as it would be for one alone."
)


def methods(found: Pareto) -> tuple[str, ...]:
    """How every number of the page was found."""
    asked = ((SHARES_HOW, True), (CHANGE_HOW, found.study.change is not None), (COST_HOW, bool(found.study.spending)))
    return tuple(told for told, here in asked if here)


def title(category: str, cost: bool) -> str:
    """Of the page."""
    return f"Pareto of {category}" + (", by count and by cost" if cost else "")


def nothing(category: str, count: str | None) -> str:
    """Nothing was counted."""
    told = (
        f"column {category!r} holds no category"
        if count is None
        else f"columns {category!r} and {count!r} hold no event"
    )
    return f"{told} in any row that can be placed; there is nothing to rank."


def no_money(cost: str) -> str:
    """Nothing was spent."""
    return f"the costs ({cost}) sum to 0, so there is no money to rank; leave cost out."


def category_missing(rows: int, category: str, first: int) -> Caveat:
    """Rows without a cause."""
    return Caveat(
        "category-missing",
        f"{counted(rows, 'row')} without a {category} (first in row {first}): counted as missing, in no bar. If they "
        "are many, the order of the bars hangs on what they were.",
    )


def count_missing(rows: int, count: str, first: int) -> Caveat:
    """Rows without a count."""
    return Caveat(
        "count-missing", f"{counted(rows, 'row')} without a {count} (first in row {first}): counted as missing."
    )


def cost_missing(rows: int, first: int) -> Caveat:
    """Rows whose money is not told."""
    return Caveat(
        "cost-missing",
        f"{counted(rows, 'row')} without a cost (first in row {first}): counted as events that cost nothing, so the "
        "money of their causes is understated.",
    )


def costs_rough() -> Caveat:
    """What intervals of money rest on."""
    return Caveat(
        "cost-intervals",
        "Intervals of money are rough for causes with fewer than about 10 events, and for costs that a single event "
        "can dominate.",
    )


def look_alike(names: Sequence[str]) -> Caveat | None:
    """Names that may mean the same."""
    seen: dict[str, str] = {}
    pairs = []
    for name in names:
        key = "".join(ch for ch in name.casefold() if ch.isalnum()) or name
        if key in seen:
            pairs.append((seen[key], name))
        else:
            seen[key] = name
    if not pairs:
        return None
    told = ", ".join(f"{a!r} and {b!r}" for a, b in pairs[:3]) + (", ..." if len(pairs) > 3 else "")
    return Caveat(
        "names-alike",
        f"{counted(len(pairs), 'pair')} of categories look alike but for case, blanks or signs ({told}); they are "
        "counted apart: if they mean the same, give them one name.",
    )


def clustered(found: Study) -> Caveat:
    """Events that are not independent."""
    return Caveat(
        "clustered",
        f"Events come in clusters: counts of the moments scatter {number(found.clustering)} times as much as "
        f"independent events would ({p_value(found.clustering_p)}). Every interval and p value is widened by that.",
    )


def no_exposure() -> Caveat:
    """Two stages of unknown length."""
    return Caveat(
        "no-exposure",
        "Nothing tells how long the stages were or how much was made in them: counts are compared as if both were "
        "alike. Give the time (-x) or an exposure (--exposure) for rates.",
    )


def listed(names: Sequence[str], most: int = NAMED) -> str:
    """Names in a sentence.

    Examples
    --------
    >>> listed(["seal"]), listed(["seal", "cap", "label"]), listed(list("abcdefg"))
    ('seal', 'seal, cap and label', 'a, b, c, d and 3 others')
    """
    if len(names) > most:
        rest = len(names) - most
        return f"{', '.join(names[:most])} and {rest:,} {'other' if rest == 1 else 'others'}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def headline(found: Pareto) -> str:
    """Which cause leads, how surely, and what changed."""
    if not found.counts[-1]:
        return f"{found.stages[-1]}: no event. {_changed(found)}".strip()
    now, level = found.now, number(100 * found.confidence)
    top = int(now.order[0])
    name = found.names[top]
    where = "" if len(found.stages) == 1 else f" {found.stages[-1]}"
    first = (
        f"Most frequent {found.category}{where}: {name}, {int(now.count[top]):,} of {found.counts[-1]:,} "
        f"({percent(float(now.share[top]))})"
    )
    could = found.could_be_largest
    if len(found.names) == 1:
        first += "; there is no other."
    elif len(could) == 1:
        first += f"; it truly is the largest ({level} % confidence)."
    else:
        others = [n for n in could if n != name]
        first += f"; {listed(others)} could as well be the largest ({level} % confidence)."
    return f"{first} {_changed(found)}".strip()


def _changed(found: Pareto) -> str:
    total = found.total_change
    if total is None:
        return ""
    fell = [c.name for c in found.changes if c.finding == "fell" and c.name]
    rose = [c.name for c in found.changes if c.finding == "rose" and c.name]
    parts = [f"All together {change_told(total)}."]
    if fell:
        parts.append(f"Fell: {listed(fell)}.")
    if rose:
        parts.append(f"Rose: {listed(rose)}.")
    if not fell and not rose:
        parts.append("Of no single cause is a change shown.")
    return " ".join(parts)


def change_told(c: CauseChange) -> str:
    """A change in words, with its interval."""
    if math.isnan(c.ratio):
        return "there was no event"
    if math.isinf(c.ratio):
        return f"there were none before and {c.after:,} after"
    ends = f"{signed(c.low - 1)} to {signed(c.high - 1)}"
    verb = {"fell": "fell", "rose": "rose", "open": "changed"}[c.finding]
    told = percent(abs(c.ratio - 1)) if c.finding != "open" else signed(c.ratio - 1)
    beside = "" if c.finding != "open" else ", which may be chance"
    return f"{verb} by {told} ({ends}){beside}"


def signed(value: float) -> str:
    """A relative change with its sign.

    Examples
    --------
    >>> signed(-0.318), signed(0.4), signed(float("inf"))
    ('−31.8 %', '+40 %', 'no bound')
    """
    if math.isinf(value) or math.isnan(value):
        return "no bound"
    text = percent(value)
    return text if value <= 0 else f"+{text}"


def other_told(found: Pareto) -> str:
    """What the last bar holds."""
    if not found.others:
        return NO_OTHER
    s = found.study
    at = [f"{int(r.count[~s.kept].sum()):,}" for r in s.rankings]
    most = max(int(r.count[~s.kept].max(initial=0)) for r in s.rankings)
    counts = f"{at[0]} events" if len(at) == 1 else f"{at[0]} events {found.stages[0]}, {at[1]} {found.stages[1]}"
    return (
        f"The bar of all others holds {len(found.others):,} categories ({counts}), none of them with more than "
        f"{most:,}: {listed(found.others, 12)}."
    )


def other_name(number_of: int) -> str:
    """Under the bar of the rest."""
    return f"all others ({number_of:,})"


def mix_told(found: Pareto) -> str:
    """Whether the causes share the events otherwise than before."""
    mix = None if found.study.change is None else found.study.change.mix
    if mix is None:
        return "One stage has no event, so there is no mix to compare."
    if mix.dof == 0:
        return "There is one category, so there is no mix to compare."
    how = (
        f"chi-square {number(mix.statistic)}, {mix.dof:,} degrees of freedom"
        if not mix.simulated
        else f"{mix.simulated:,} tables drawn, as some causes expect only {number(mix.smallest_expected, 2)} events"
    )
    if mix.p < 0.05:
        return f"The causes share the events otherwise than before ({p_value(mix.p)}; {how})."
    return f"That the causes share the events as before is not ruled out ({p_value(mix.p)}; {how})."


def exposure_told(found: Pareto) -> str:
    """What rates are per."""
    if found.exposure is None:
        return "Counts, not rates: the stages' lengths are not known."
    parts = []
    for name, count, t in zip(found.stages, found.counts, found.exposure, strict=True):
        unit = found.unit if t == 1 or found.unit[-1:] == "s" else f"{found.unit}s"
        parts.append(f"{name}: {count:,} events in {number(float(t), 6)} {unit}")
    return "; ".join(parts) + "."


def alt(found: Pareto) -> str:
    """The picture for those who cannot see it."""
    now = found.now
    told = ", ".join(f"{found.names[i]} {int(now.count[i]):,}" for i in now.order[:8].tolist())
    return f"Pareto chart of {found.category}: {told}."
