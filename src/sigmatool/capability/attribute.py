"""Does a process whose units are counted meet its requirement, and how sure are we?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..caveats import Caveat
from ..errors import DataError, SettingsError
from ..points import Counts
from ..result import Provenance, command_line
from .attribute_result import AttributeCapability
from .attribute_study import FEWEST, Kind, Study, study
from .attribute_words import caveats_of
from .levels import level_of, number_of

KINDS = ("binomial", "poisson")


def attribute_capability(
    points: Counts,
    *,
    kind: Kind,
    opportunities: float | None = None,
    target: float | None = None,
    shift: float = 0.0,
    confidence: float = 0.95,
    title: str | None = None,
    given: Mapping[str, Any] | None = None,
) -> AttributeCapability:
    """Judge a process by its defectives or its defects.

    Parameters
    ----------
    points : Counts
        Defective units of those inspected, or defects on the units looked at; points without a value are gaps.
    kind : {"binomial", "poisson"}
        A unit is defective or not; or it carries any number of defects.
    opportunities : float, optional
        Chances for a defect in one unit (``poisson``): the share of them that fail is then what process Z stands for.
    target : float, optional
        Largest allowed proportion, or defects per unit.
    shift : float
        Added to process Z for a sigma level; default 0: no sigma level. 1.5 is the convention of Six Sigma.
    confidence : float
    title : str, optional
    given : mapping, optional
        Further settings, as the command line names them.

    Returns
    -------
    AttributeCapability

    Raises
    ------
    DataError
        More defective than inspected; more defects than there were opportunities.
    SettingsError
        A setting that is unknown, out of range, or does not go with ``kind``.

    Notes
    -----
    Exact intervals (Clopper-Pearson, Garwood) take inspected units for independent. Where points differ by more than
    that allows (chi-square, 5 %), the interval comes from the differences between points; the exact one stands beside.

    References
    ----------
    Clopper & Pearson (1934), Biometrika 26; Garwood (1936), Biometrika 28; Korn & Graubard (1998), Survey Methodology
    24; Montgomery, Introduction to Statistical Quality Control, ch. 7.

    Examples
    --------
    >>> import pandas as pd
    >>> from sigmatool.data import counts
    >>> table = pd.DataFrame({"late": [4, 6, 3, 5, 2, 4], "sent": [100] * 6})
    >>> found = attribute_capability(counts(table, value="late", size="sent", proportion=True), kind="binomial")
    >>> round(found.rate.value, 3), round(found.rate.low, 3), round(found.rate.high, 3)
    (0.04, 0.026, 0.059)
    """
    _check(points, kind)
    opportunities = number_of("opportunities", opportunities)
    target, level = number_of("target", target), level_of("confidence", confidence)
    if opportunities is not None and kind == "binomial":
        raise SettingsError("opportunities go with defects (poisson); a unit that is defective or not has but one.")
    if target is not None and kind == "binomial" and target >= 1:
        raise SettingsError(f"target must be a proportion between 0 and 1, such as 0.05 for 5 %, not {target:g}.")
    if isinstance(shift, bool | str) or not 0 <= float(shift) <= 5:
        raise SettingsError(f"shift must be a number from 0 to 5, such as 1.5, not {shift!r}.")
    found = study(points, kind, level)
    _check_opportunities(found, points, opportunities)
    settings = {
        "value": points.name, "size": points.size_name,
        "time": None if points.axis.name == "point" else points.axis.name,
        "attribute": kind, **(given or {}), "opportunities": opportunities, "target": target, "shift": float(shift),
        "confidence": level, "title": title,
    }  # fmt: skip
    options = {k: v for k, v in settings.items() if (k, v) not in (("shift", 0.0), ("confidence", 0.95))}
    metric = points.name if points.size_name is None else f"{points.name} per {points.size_name}"
    noted: tuple[Caveat, ...] = (*points.caveats, *caveats_of(found))
    return AttributeCapability(
        settings=settings,
        rows=points.rows,
        caveats=tuple(dict.fromkeys(noted)),
        provenance=Provenance(
            points.sha256, command_line("capability", points.source, options), points.file_sha256, points.source
        ),
        title=title or f"Capability of {metric}",
        metric=metric,
        points=points,
        study=found,
        opportunities=opportunities,
        target=target,
        shift=float(shift),
        confidence=level,
    )


def _check(points: Counts, kind: str) -> None:
    if kind not in KINDS:
        raise SettingsError(
            f"attribute must be binomial (a unit is defective or not) or poisson (a unit can have several defects), "
            f"not {kind!r}."
        )
    if kind == "binomial" and points.size_name is None:
        raise SettingsError("a proportion needs size (-n): the number inspected.")
    with np.errstate(invalid="ignore"):
        over = np.flatnonzero(points.count > points.size)
    if kind == "binomial" and over.size:
        i = int(over[0])
        raise DataError(
            f"point {i + 1} ({points.axis.labels[i]}) has {points.count[i]:g} {points.name} of {points.size[i]:g} "
            f"{points.size_name}: more defective than inspected; correct it, or take poisson if a unit can have "
            "several."
        )
    usable = int((np.isfinite(points.count) & ~points.excluded).sum())
    if usable < 2:
        raise DataError(
            f"{points.name} has {usable} point left to judge; at least 2 are needed, {FEWEST} for stability."
        )


def _check_opportunities(found: Study, points: Counts, opportunities: float | None) -> None:
    if opportunities is not None and found.rate.value > opportunities:
        raise DataError(
            f"{found.counted:,.0f} {points.name} on {found.inspected:,.6g} units are more than the {opportunities:g} "
            "opportunities a unit allow: count the opportunities of one unit again."
        )
