"""Where did the rollout help, among many sites, machines or products?

:func:`review_each` reviews every stream of a long table on its own and says how many verdicts chance would make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..caveats import Caveat
from ..data import Exclude
from ..errors import DataError, SettingsError
from ..numbers.multiple import benjamini_hochberg
from ..origin import amount_of
from ..result import Provenance, command_line, listed
from .each_result import Reviews, Stream, summed
from .each_work import REFUSED, Outcome, Progress, judge_streams
from .given import columns_of, points_given, season_given, whole
from .metric_words import adjusted_sentence
from .metrics import HARM, claims
from .request import Request
from .result import Better, Scale
from .streams import streams_of


def review_each(
    data: Any,
    *,
    by: str,
    rollout: str | int | float,
    better: Better,
    value: str,
    size: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    scale: Scale = "auto",
    washout: int = 0,
    worthwhile: float | str | None = None,
    season: int | str | None = None,
    control: str | Sequence[str] | None = None,
    control_size: str | Sequence[str] | None = None,
    target: float | None = None,
    exclude: Exclude = None,
    title: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Reviews:
    """Review each stream of a long table.

    Parameters
    ----------
    data : DataFrame
        One row a point (or a value, with ``subgroup``) of a stream.
    by : str
        Column that names the stream of each row, of any type. Rows that name none are dropped, and said.
    rollout : str or number
        The moment for all streams; or a column that holds the moment of each stream, the same in all its rows.
    workers : int, optional
        Processes; 1 stays in this one. Default: the cores there are, where each gets enough to do. The result is the
        same whatever their number.
    progress : callable, optional
        ``progress(done, total)``, called as streams are done.
    better, value, size, time, subgroup, scale, washout, worthwhile, season : as in a review
    control, control_size, target, exclude, title : as in a review
        See :func:`sigmatool.review`, for every stream alike. Points are counted within a stream.

    Returns
    -------
    Reviews
        One row a stream. A stream that cannot be judged is a row ``REFUSED`` with its reason.

    Raises
    ------
    DataError
        A column that is missing, or no stream that can be judged.
    SettingsError
        Contradicting or unknown settings.

    Notes
    -----
    Among many streams some look better by luck. A *claim* needs a crediting verdict and a p value of E1 that holds at
    0.05 after adjusting over all judged streams (Benjamini and Hochberg 1995). Harm is never adjusted away.

    Examples
    --------
    >>> import numpy as np, pandas as pd, sigmatool as st
    >>> rng = np.random.default_rng(1)
    >>> site, week = np.repeat(["A", "B"], 48), np.tile(np.arange(1, 49), 2)
    >>> hours = 9 + rng.normal(0, 1, 96) - 3 * ((site == "A") & (week > 24))
    >>> table = pd.DataFrame({"site": site, "week": week, "hours": hours})
    >>> r = st.review_each(table, by="site", value="hours", time="week", rollout=25, better="lower")
    >>> [(s.stream, s.claimed) for s in r.streams]
    [('A', True), ('B', False)]
    """
    if value is None:
        raise SettingsError("name the column with the values: value (-y).")
    # refuses contradicting settings once, before any stream is looked at; each stream brings its own rollout
    exclude = points_given(exclude)
    controls, sizes = columns_of(control, "control"), columns_of(control_size, "control_size")
    asked = Request(
        value=value, size=size, time=time, subgroup=subgroup, scale=scale, rollouts=(), better=better,
        washout=whole(washout, "washout"), worthwhile=worthwhile, season=season_given(season), merge="auto",
        control=controls or None, control_size=sizes or None, target=target, exclude=exclude,
    )  # fmt: skip
    used = [value, size, time, subgroup if isinstance(subgroup, str) else None, *controls, *sizes]
    streams = streams_of(data, by, rollout, [name for name in used if name is not None], time)
    outcomes = judge_streams(streams, asked, workers, progress)
    judged = [o for o in outcomes if o.verdict != REFUSED]
    if not judged:
        raise DataError(
            f"none of the {len(streams)} streams can be judged; the first, {streams.names[0]!r}: {outcomes[0].sentence}"
        )
    settings = {
        "by": by,
        "value": value,
        "size": size,
        "time": time,
        "subgroup": subgroup,
        "rollout": str(rollout),
        "better": better,
        "scale": asked.scale_name,
        "washout": asked.washout,
        "worthwhile": amount_of(worthwhile),
        "season": asked.season,
        "control": list(controls),
        "control_size": list(sizes),
        "target": target,
        "exclude": listed(exclude),
        "title": title,
    }
    return Reviews(
        settings=settings,
        rows=summed([o.rows for o in outcomes], streams.read, streams.dropped),
        caveats=(*streams.caveats, *caveats_of(streams.names, outcomes)),
        provenance=Provenance(
            streams.sha256, command_line("review-each", streams.source, settings), streams.file_sha256, streams.source
        ),
        streams=adjusted(streams.names, outcomes),
        by=by,
        metric=judged[0].metric,
        scale=judged[0].scale,
        better=better,
        title=title or f"Reviews of {judged[0].metric} by {by}",
    )


def adjusted(names: Sequence[str], outcomes: Sequence[Outcome]) -> tuple[Stream, ...]:
    """Each stream with its p value adjusted over all."""
    q = benjamini_hochberg([np.nan if o.p is None else o.p for o in outcomes])
    number = int(np.isfinite(q).sum())
    found = []
    for name, o, p in zip(names, outcomes, q.tolist(), strict=True):
        claimed = o.p is not None and claims(o.verdict, p)
        sentence = o.sentence if o.p is None else adjusted_sentence(o.sentence, o.verdict, claimed, p, number, "stream")
        found.append(
            Stream(
                name, o.verdict, o.attribution, o.effect, o.p, o.p_worse, None if o.p is None else p, claimed,
                o.verdict in HARM, o.n_before, o.n_after, o.autocorrelation, sentence, o.rows,
            )
        )  # fmt: skip
    return tuple(found)


def caveats_of(names: Sequence[str], outcomes: Sequence[Outcome]) -> tuple[Caveat, ...]:
    """Those of the streams: each code once, with the number of streams and one example."""
    found: list[Caveat] = []
    refused = [o for o in outcomes if o.verdict == REFUSED]
    if refused:
        rows = sum(o.rows.read for o in refused)
        lost = f"{rows:,} row{' is' if rows == 1 else 's are'} dropped"
        told = f"its {lost}, with the reason" if len(refused) == 1 else f"their {lost}, and each has its reason"
        text = f"Of {len(outcomes):,} streams {len(refused):,} could not be judged; {told}."
        found.append(Caveat("streams-refused", text))
    total = Counter(c.code for o in outcomes for c in {c.code: c for c in o.caveats}.values())
    first: dict[str, tuple[str, str]] = {}
    for name, o in zip(names, outcomes, strict=True):
        for c in o.caveats:
            first.setdefault(c.code, (name, c.text))
    judged = len(outcomes) - len(refused)
    for code, (name, text) in first.items():
        everywhere = total[code] == judged and code in ("default-worthwhile", "target-distance")
        said = text if everywhere else f"In {total[code]:,} of {judged:,} streams, the first {name}: {text}"
        found.append(Caveat(code, said))
    return tuple(found)
