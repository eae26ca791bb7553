"""Between which limits will nearly all values to come lie, and how sure are we?"""

from __future__ import annotations

from typing import Any

from ..data import Counts, Exclude, Measurements, counts, frame_of, measurements
from ..errors import SettingsError
from ..result import Provenance, command_line, listed
from .levels import level_of, number_of
from .tolerance_result import ToleranceInterval
from .tolerance_study import Asked, limits_of_counts, limits_of_values

MEASURED = ("auto", "normal", "howe", "nonparametric")
COUNTED = ("auto", "binomial", "poisson")
SIDES = ("2", "1", "lower", "upper")


def tolerance_interval(
    data: Any,
    *,
    value: str | None = None,
    coverage: float = 0.95,
    confidence: float = 0.95,
    sides: int | str = 2,
    size: str | None = None,
    time: str | None = None,
    method: str = "auto",
    next_size: float | None = None,
    exclude: Exclude = None,
    title: str | None = None,
) -> ToleranceInterval:
    """Find limits that hold a given share of all values to come, with a given confidence.

    Parameters
    ----------
    data : DataFrame, array or Series
    value, size, time : str
        Columns. With ``size`` (the number inspected, or the exposure) ``value`` holds counts, and the limits are those
        of the count in the next sample.
    coverage : float
        Share of the values that the limits hold.
    confidence : float
    sides : {2, 1, "lower", "upper"}
        2: both limits hold the share between them. ``lower`` or ``upper``: one limit. 1: both, each alone.
    method : str
        For measurements ``normal`` (exact), ``howe`` (the simple factor of handbooks) or ``nonparametric`` (values of
        the sample, whatever the distribution); for counts ``binomial`` or ``poisson``. ``auto``: normal, with the
        nonparametric limits beside it where the data contradict a normal distribution; counts are binomial where none
        exceeds its size.
    next_size : float, optional
        Inspected in the next sample of counts; default the median of those seen.
    exclude : sequence of int, str, or mapping
        Points left out.
    title : str

    Returns
    -------
    ToleranceInterval

    Raises
    ------
    DataError
        Too few values for the method, with the number that it needs; values that are all equal.
    SettingsError
        A setting that is unknown or out of range.

    Notes
    -----
    The limits speak of a stable process: values to come must be like those seen. They are no control limits, which need
    no confidence, and no specification, which is a wish.

    References
    ----------
    Krishnamoorthy & Mathew (2009), Statistical Tolerance Regions; Hahn & Meeker (1991), Statistical Intervals; ISO
    16269-6:2014.

    Examples
    --------
    >>> found = tolerance_interval([9.8, 10.1, 10.0, 10.3, 9.9, 10.2, 9.7, 10.0, 10.1, 9.9], coverage=0.90)
    >>> round(found.lower, 2), round(found.upper, 2), found.method
    (9.48, 10.52, 'normal')
    """
    if str(sides) not in SIDES:
        raise SettingsError(f"sides must be 2, 1, lower or upper, not {sides!r}.")
    known = MEASURED if size is None else COUNTED
    if method not in known:
        what = "measurements" if size is None else "counts (size is given)"
        raise SettingsError(f"method for {what} must be one of {', '.join(known)}, not {method!r}.")
    if next_size is not None and size is None:
        raise SettingsError("next_size goes with counts: give size, the number inspected, too.")
    asked = Asked(
        level_of("coverage", coverage), level_of("confidence", confidence), str(sides), method,
        number_of("next_size", next_size),
    )  # fmt: skip
    points: Measurements | Counts
    if size is None:
        points = held = measurements(data, value=value, time=time, exclude=exclude)
        found = limits_of_values(held, asked)
    else:
        if value is None:
            raise SettingsError(f"name the column with the counts: value (-y); known are {_names(data)}.")
        points = counted = counts(
            data, value=value, size=size, time=time, exclude=exclude, proportion=method == "binomial"
        )
        found = limits_of_counts(counted, asked)
    settings = {
        "value": None if value is None else points.name, "size": size, "time": time, "coverage": asked.coverage,
        "confidence": asked.confidence, "sides": asked.sides, "method": method, "next_size": asked.next_size,
        "exclude": listed(exclude), "title": title,
    }  # fmt: skip
    defaults = (("coverage", 0.95), ("confidence", 0.95), ("sides", "2"), ("method", "auto"))
    options = {k: v for k, v in settings.items() if (k, v) not in defaults}
    return ToleranceInterval(
        settings=settings,
        rows=points.rows,
        caveats=tuple(dict.fromkeys((*points.caveats, *found.caveats))),
        provenance=Provenance(
            points.sha256, command_line("tolerance", points.source, options), points.file_sha256, points.source
        ),
        title=title or f"Tolerance interval of {points.name}",
        metric=points.name,
        points=points,
        asked=asked,
        study=found,
    )


def _names(data: Any) -> str:
    return ", ".join(str(name) for name in frame_of(data).columns)
