"""Does the process meet its specification, and how sure are we?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

import numpy as np

from ..charts.limits_file import limits_told
from ..data import Counts, Exclude, Measurements, counts, frame_of, measurements, size_or_column
from ..errors import SettingsError
from ..result import Provenance, command_line, listed
from .asked import Asked, asked_of
from .attribute import attribute_capability
from .attribute_result import AttributeCapability
from .law import law_of
from .result import Capability
from .study import study

Attribute = Literal["binomial", "poisson"]


@overload
def capability(
    data: Any, *, value: str | None = None, subgroup: str | int | None = None, lsl: float | None = None,
    usl: float | None = None, target: float | None = None, sigma: str | float | None = None, distribution: str = "auto",
    confidence: float = 0.95, time: str | None = None, size: None = None, boundary: str | Sequence[str] | None = None,
    limits: Any = None, attribute: None = None, opportunities: None = None, shift: float = 0.0, exclude: Exclude = None,
    title: str | None = None,
) -> Capability: ...  # fmt: skip


@overload
def capability(
    data: Any, *, value: str | None = None, subgroup: str | int | None = None, lsl: float | None = None,
    usl: float | None = None, target: float | None = None, sigma: str | float | None = None, distribution: str = "auto",
    confidence: float = 0.95, time: str | None = None, size: str | None = None,
    boundary: str | Sequence[str] | None = None, limits: Any = None, attribute: Attribute | None = None,
    opportunities: float | None = None, shift: float = 0.0, exclude: Exclude = None, title: str | None = None,
) -> Capability | AttributeCapability: ...  # fmt: skip


def capability(
    data: Any,
    *,
    value: str | None = None,
    subgroup: str | int | None = None,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    sigma: str | float | None = None,
    distribution: str = "auto",
    confidence: float = 0.95,
    time: str | None = None,
    size: str | None = None,
    boundary: str | Sequence[str] | None = None,
    limits: Any = None,
    attribute: Attribute | None = None,
    opportunities: float | None = None,
    shift: float = 0.0,
    exclude: Exclude = None,
    title: str | None = None,
) -> Capability | AttributeCapability:
    """Judge a process against its specification.

    Parameters
    ----------
    data : DataFrame, array or Series
        A two-dimensional array holds subgroups in its rows.
    value, time, size : str
        Columns. Without ``time`` the rows are taken to be in order. With ``size`` (the number inspected, or the
        exposure) ``value`` holds counts.
    subgroup : str or int
        A column, or a number of rows.
    lsl, usl, target : float
        The specification; one limit is enough. Of counts ``target`` is the largest proportion, or number of defects per
        unit, that is allowed.
    sigma : str or float
        Estimator of sigma within: ``moving-range`` (default for single values), ``median-moving-range``, ``pooled``
        (default for subgroups: it wastes nothing), ``rbar``, ``rbar-weighted``, ``sbar``, ``sbar-weighted``,
        ``overall``; or a known sigma.
    distribution : str
        ``auto`` stays with the normal law where the data allow it, and otherwise takes the first reasonable one of the
        ladder (:mod:`sigmatool.numbers.ladder`); or a law by its name.
    confidence : float
    boundary : {"lsl", "usl"}
        A limit that nothing can pass (a roughness of 0): no share is expected beyond it, so that Pp does not exist
        and Ppk is that of the other side.
    limits : path or mapping
        Frozen limits: stability is judged against them, and sigma within is theirs.
    attribute : {"binomial", "poisson"}
        Counts of defective units, or of defects of which a unit can have several; default: binomial where no count
        exceeds its size.
    opportunities : float
        Chances for a defect in one unit (poisson), for DPO and DPMO.
    shift : float
        Added to the process Z of counts for a sigma level; default 0: no sigma level. 1.5 is a convention.
    exclude : sequence of int, str, or mapping
        Points left out.
    title : str

    Returns
    -------
    Capability or AttributeCapability

    Raises
    ------
    DataError, SettingsError
        What cannot be judged, in one sentence.

    Notes
    -----
    Cp and Cpk speak of what the process could do, and only of a stable one; Pp and Ppk tell what it did. An unstable
    process gets its performance and the words "not stable", never a refusal. Formulas: ``Capability.formulas``.

    References
    ----------
    ISO 22514-2:2017 and ISO 22514-4:2016; Montgomery, Introduction to Statistical Quality Control, ch. 8; Kotz &
    Johnson (1993), Process Capability Indices.

    Examples
    --------
    >>> found = capability([9.7, 10.2, 9.9, 10.4, 10.0, 10.1, 9.8, 10.3, 9.6, 10.0], lsl=9, usl=11)
    >>> round(found.indices["ppk"].value, 3), round(found.indices["ppk"].low, 3)
    (1.291, 0.66)
    """
    if size is not None or attribute is not None:
        wrong = {
            "subgroup": subgroup, "lsl": lsl, "usl": usl, "sigma": sigma, "boundary": boundary, "limits": limits,
            "distribution": None if distribution == "auto" else distribution,
        }  # fmt: skip
        counted, kind = _counts(data, value, size, time, attribute, exclude, wrong)
        return attribute_capability(
            counted, kind=kind, opportunities=opportunities, target=target, shift=shift, confidence=confidence,
            title=title, given={"exclude": listed(exclude)},
        )  # fmt: skip
    if opportunities is not None or shift != 0:
        raise SettingsError("opportunities and shift go with counts: give size (-n), or attribute = poisson.")
    asked = asked_of(lsl, usl, target, boundary, sigma, distribution, confidence, limits)
    subgroup = size_or_column(subgroup)
    points = measurements(data, value=value, time=time, subgroup=subgroup, exclude=exclude)
    settings = {
        "value": points.name if value is not None else None, "time": time, "subgroup": subgroup,
        "lsl": lsl, "usl": usl, "target": target, "sigma": sigma, "distribution": distribution,
        "confidence": confidence, "boundary": sorted(asked.boundaries) or None, "limits": limits_told(limits),
        "exclude": listed(exclude), "title": title,
    }  # fmt: skip
    return of_points(points, asked, settings)


def of_points(points: Measurements, asked: Asked, settings: Mapping[str, Any]) -> Capability:
    """Judge points that have been through the door; ``settings`` are those of :func:`capability`, by name."""
    found = study(points, asked)
    law = law_of(found, asked)
    options = {k: v for k, v in settings.items() if (k, v) not in (("distribution", "auto"), ("confidence", 0.95))}
    return Capability(
        settings=settings,
        rows=points.rows,
        caveats=tuple(dict.fromkeys((*points.caveats, *found.caveats, *law.caveats))),
        provenance=Provenance(
            points.sha256, command_line("capability", points.source, options), points.file_sha256, points.source
        ),
        title=settings["title"] or f"Capability of {points.name}",
        metric=points.name,
        asked=asked,
        study=found,
        law=law,
        points=points,
    )


def _counts(
    data: Any, value: str | None, size: str | None, time: str | None, attribute: Attribute | None, exclude: Exclude,
    wrong: Mapping[str, Any],
) -> tuple[Counts, Attribute]:  # fmt: skip
    """Counts through the door, and what they count."""
    for name, given in wrong.items():
        if given is not None:
            raise SettingsError(f"{name} goes with measurements, not with counts; their requirement is target.")
    frame = frame_of(data)
    if value is None:
        raise SettingsError("name the column with the counts: value (-y).")
    share = attribute == "binomial" and size is not None
    points = counts(frame, value=value, size=size, time=time, exclude=exclude, proportion=share)
    if attribute is not None:
        return points, attribute
    with np.errstate(invalid="ignore"):
        several = bool(np.any(points.count > points.size))
    return points, "poisson" if several else "binomial"
