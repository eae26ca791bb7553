"""Does a gage stay the same over time? One master, measured again and again."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..capability.levels import level_of
from ..charts.control_chart import control_chart
from ..data import Exclude
from ..errors import DataError, SettingsError
from ..numbers.dispersion import resolved
from ..numbers.gage_error import bias_test, linearity
from ..result import Provenance, command_line
from . import measure_caveat_words as words
from .stability_result import GageStability
from .study_table import a_number, chosen_options

FEW = 20
"""Points under which a history is short."""

KINDS = ("auto", "i-mr", "xbar-r", "xbar-s", "i-mr-rs")


def gage_stability(
    data: Any,
    *,
    value: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    reference: float | None = None,
    kind: str = "auto",
    rules: Any = "nelson",
    exclude: Exclude = None,
    confidence: float = 0.95,
    title: str | None = None,
) -> GageStability:
    """Draw the control chart of a master part, and say whether the gage drifts.

    Parameters
    ----------
    data : DataFrame, array or Series
        Readings of one master over time.
    value, time : str, optional
        Columns.
    subgroup : str or int, optional
        Column whose equal values form a subgroup (the repeats of a day), or their number.
    reference : float, optional
        The true value of the master: the bias over the whole time is told too.
    kind : str
        Of chart; ``auto``: i-mr, or xbar-r and xbar-s for subgroups.
    rules : str
        Rule set.
    exclude : sequence of int, str, or mapping
        Points left out.
    confidence : float
    title : str

    Returns
    -------
    GageStability

    Raises
    ------
    DataError
        Fewer than 3 points.
    SettingsError
        A kind of chart that does not suit readings of a master.

    Notes
    -----
    Drift is the slope of the points (means of subgroups) over their place, by least squares: over the days for dates,
    over the value of the time column for numbers, else from point to point. Its interval takes what is left for
    independent.

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed., ch. III sect. B.

    Examples
    --------
    >>> found = gage_stability([10.0, 10.1, 9.9, 10.0, 10.2, 9.8, 10.1, 9.9], reference=10)
    >>> found.stable, round(found.total_drift.value, 3)
    (True, -0.067)
    """
    level = level_of("confidence", confidence)
    truth = None if reference is None else a_number("reference", reference)
    if kind not in KINDS:
        raise SettingsError(f"kind must be one of {', '.join(KINDS)} for readings of a master, not {kind!r}.")
    chart = control_chart(data, kind, value=value, time=time, subgroup=subgroup, rules=rules, exclude=exclude)
    points = chart.panels[0]
    kept = ~chart.excluded & np.isfinite(points.value)
    if int(kept.sum()) < 3:
        raise DataError(f"{chart.metric} has {int(kept.sum())} points left; stability over time needs at least 3.")
    at, y = np.asarray(chart.axis.x, dtype=np.float64)[kept], points.value[kept]
    flat = resolved(float((y - y[0]).std()), float(np.abs(y).max())) == 0
    fit = None if flat or np.ptp(at) == 0 else linearity(at, y, level)
    caveats = [*chart.caveats]
    if flat:
        caveats.append(words.no_scatter(int(y.size)))
    if y.size < FEW:
        caveats.append(words.drift_of_few(int(y.size)))
    settings = {
        "value": chart.settings.get("value"), "time": time, "subgroup": chart.settings.get("subgroup"),
        "reference": truth, "kind": kind, "rules": chart.settings["rules"],
        "exclude": chart.settings.get("exclude"), "confidence": level, "title": title,
    }  # fmt: skip
    p = chart.provenance
    options = chosen_options(settings, [("kind", "auto"), ("rules", "nelson"), ("confidence", 0.95)])
    return GageStability(
        settings=settings,
        rows=chart.rows,
        caveats=tuple(dict.fromkeys(caveats)),
        provenance=Provenance(p.data_sha256, command_line("msa stability", p.source, options), p.file_sha256, p.source),
        title=title or f"Stability of {chart.metric}",
        chart=chart,
        reference=truth,
        fit=fit,
        reach=float(np.ptp(at)),
        bias=None if truth is None or flat else bias_test(y, truth, level),
        confidence=level,
    )
