"""What do reviews of one metric add up to, which gains slipped, and which reviews are due again?"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import shlex
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..caveats import Caveat, Rows
from ..result import Provenance, flags
from . import caveat_words
from .chain import in_order, link, whole
from .moments import State, day_of, due
from .result import Chain, Entry, History
from .reviewed import Reviewed, gather, listed


def history(reports: Any, *, at: str | dt.date | None = None, title: str | None = None) -> History:
    """Put reviews in chains, one a metric, and add up what their rollouts gained.

    Parameters
    ----------
    reports : path, review, or a sequence of them
        Reviews saved as ``.json``, folders of such files, or reviews as :func:`sigmatool.review` returns them.
    at : str or date, optional
        The day on which re-reviews are due or not. Default: that is not asked.
    title : str, optional

    Returns
    -------
    History
        ``chains`` with their entries, links and whole; ``agenda``, the re-reviews by their date.

    Raises
    ------
    DataError
        A file that cannot be read, or is no review.
    SettingsError
        A day that is none.

    Notes
    -----
    Neighbouring effects share a stage, so their variances do not add, nor do the effects where the level moved between
    the reviews. The whole is last stage after less first stage before. Each has the interval of its own review, which
    allows for dependent points; the two are put together by squares of their distances (Zou & Donner 2008), as a ratio
    on the logarithm. Of a single review the whole is its own effect.

    A gain has slipped where the points that came between two reviews are worse than the stage after of the first, by
    more than the intervals of both. Of several reviews of one rollout the one with the most points after it counts.

    References
    ----------
    Zou & Donner (2008), Statistics in Medicine 27; Bartlett (1946), Supplement to the JRSS 8.

    Examples
    --------
    >>> import sigmatool as st
    >>> nile = st.datasets.load("nile")
    >>> r = st.review(nile, value="flow", time="year", rollout="1899=Aswan", better="lower")
    >>> h = history(r, at="1990-12-31")
    >>> h.chains[0].metric, round(h.chains[0].whole.difference.value), h.agenda[0][1].due
    ('flow', -250, 'due')
    """
    day = None if at is None else day_of(at)
    given = listed(reports)
    reviews, other = gather(given)
    keyed: dict[tuple[str, str, str, str], list[Reviewed]] = {}
    for review in reviews:
        keyed.setdefault(review.key, []).append(review)
    caveats: list[Caveat] = []
    chains = tuple(_chain(same, day, caveats) for same in keyed.values())
    if len(chains) > 1:
        caveats.insert(0, caveat_words.several_chains([f"{c.metric} ({c.better} is better)" for c in chains]))
    if other:
        caveats.append(caveat_words.other_files(other))
    if day is None:
        caveats.append(caveat_words.no_day())
    told = "" if day is None else day.isoformat()
    files = [str(item) for item in given] if all(isinstance(item, str | Path) for item in given) else []
    return History(
        settings={"reports": files or [r.file for r in reviews], "at": told or None, "title": title},
        rows=Rows(len(reviews) + len(other), len(reviews), dropped=len(other)),
        caveats=tuple(caveats),
        provenance=Provenance(
            hashlib.sha256("".join(r.sha256 for r in reviews).encode()).hexdigest(),
            shlex.join(["sigmatool", "history", *(files or ["REVIEW.json"]), *flags({"at": told, "title": title})]),
            source=", ".join(files),
        ),
        chains=chains,
        at=told,
        other=tuple(other),
        title=title or (f"History of {chains[0].metric}" if len(chains) == 1 else f"History of {len(chains)} metrics"),
    )


def _chain(reviews: Sequence[Reviewed], day: dt.date | None, caveats: list[Caveat]) -> Chain:
    ordered, known = in_order(reviews)
    newest = [review for review, _ in ordered]
    links = tuple(link(one, other) for one, other in pairwise(newest))
    total = whole(newest)
    entries = tuple(
        Entry(review, replaced, *_due(review, day, last=place == len(ordered) - 1))
        for place, (review, replaced) in enumerate(ordered)
    )
    metric = newest[0].metric
    if not known:
        caveats.append(caveat_words.order_unknown(metric))
    if newest[0].earlier:
        caveats.append(caveat_words.begins_later(metric, newest[0].file, newest[0].earlier))
    broken = sum(bool(each.breaks) for each in links)
    if broken:
        caveats.append(caveat_words.broken(metric, broken))
    if not math.isfinite(total.difference.low):
        caveats.append(caveat_words.no_interval(metric))
    return Chain(entries, links, total)


def _due(review: Reviewed, day: dt.date | None, last: bool) -> tuple[State, int | None]:
    if review.again_points is None:
        return "none", None
    # once the next change is live, the stage gets no further points: that review judges what became of it
    return due(review.again_date, day) if last else ("replaced", None)
