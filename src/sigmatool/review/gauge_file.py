"""What is known of the gauge: read from a saved gage R&R study, from a small file of settings, or from a mapping."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from numbers import Real
from pathlib import Path
from typing import Any, Final

from .. import origin
from ..columns import LARGEST, SMALLEST
from ..documents import read_json, read_toml
from ..errors import SettingsError

SCHEMA: Final = "sigmatool.gage_rr/1"


@dataclass(frozen=True, slots=True)
class Gauge:
    """Error of measurement, in the unit of the metric.

    Attributes
    ----------
    sd : float
        Standard deviation of a single reading: repeatability and reproducibility together.
    sd_low, sd_high : float or None
        Its 95 % interval; None where ``sd`` is taken as known.
    reproducibility, reproducibility_high : float or None
        Standard deviation from one operator (or gauge) to another, and the upper end of its interval.
    bias : float
        What the gauge reads too much, on average; it may have gone, or come, with a change of gauge.
    bias_sd : float
        Standard uncertainty of a calibration: how far the bias of one lies from that of another.
    linearity : float
        Slope of the bias over the measured size.
    name : str
        The file.
    """

    sd: float
    sd_low: float | None = None
    sd_high: float | None = None
    reproducibility: float | None = None
    reproducibility_high: float | None = None
    bias: float = 0.0
    bias_sd: float = 0.0
    linearity: float = 0.0
    name: str = ""


_KEYS: Final = tuple(name for name in Gauge.__dataclass_fields__ if name != "name")
_SIGNED: Final = frozenset({"bias", "linearity"})


def gauge_of(given: Any) -> Gauge | None:
    """The gauge, from a file, a mapping or the result of a study.

    Parameters
    ----------
    given : path, mapping, result or None
        A gage R&R study saved as ``.json``; a ``.toml`` file or a mapping with ``sd`` and, where known, the other
        fields of :class:`Gauge`; or a result of a study itself.

    Raises
    ------
    SettingsError
        A file that cannot be read, a key that is not known, or a value that is missing, no number or contradictory.

    Examples
    --------
    >>> gauge_of({"sd": 0.12, "sd_high": 0.2}).sd_high
    0.2
    >>> gauge_of({"sd": -1})
    Traceback (most recent call last):
    ...
    sigmatool.errors.SettingsError: gauge must give sd as a number above zero, not -1.
    """
    if given is None or isinstance(given, Gauge):
        return given
    if isinstance(given, Mapping):
        return _study(given, "gauge") if "components" in given else _checked(given, "gauge")
    if hasattr(given, "to_dict"):
        return _study(given.to_dict(), "gauge")
    if not isinstance(given, str | Path):
        raise SettingsError(f"gauge must be the file of a study, or a mapping with sd, not {type(given).__name__}.")
    path = Path(given)
    if path.suffix.lower() == ".json":
        try:
            held = read_json(path.read_bytes(), path.name)
        except OSError as problem:
            raise SettingsError(f"the gauge study {path} cannot be read: {problem.strerror}.") from None
        return _study(held, path.name)
    return _checked(read_toml(path), path.name)


def gauge_told(given: Any) -> str | None:
    """Where the gauge came from, as one option holds it.

    Examples
    --------
    >>> gauge_told("gauge.toml"), gauge_told({"sd": 0.12}).option
    ('gauge.toml', '{"sd": 0.12}')
    """
    if given is None or isinstance(given, str | Path):
        return None if given is None else str(given)
    gauge = gauge_of(given)
    held = {} if gauge is None else asdict(gauge)
    return origin.given({key: held[key] for key in _KEYS if held[key] not in (None, 0.0)})


def _study(held: Mapping[str, Any], name: str) -> Gauge:
    """The parts of a gage R&R result that speak of the gauge."""
    if held.get("schema") != SCHEMA:
        raise SettingsError(
            f"{name} holds {held.get('schema', 'no schema')!r}, not a gage R&R study ({SCHEMA}): save one as .json, or "
            "write sd to a .toml file."
        )
    sd = _component(held, "gage", name)
    if sd is None:
        raise SettingsError(f"{name} holds no component gage with its sd; save the study again.")
    between = _component(held, "reproducibility", name)
    return _checked(
        {
            "sd": sd[0],
            "sd_low": sd[1],
            "sd_high": sd[2],
            **({} if between is None else {"reproducibility": between[0], "reproducibility_high": between[2]}),
        },
        name,
    )


def _component(held: Mapping[str, Any], which: str, name: str) -> tuple[float, float | None, float | None] | None:
    """Value and ends of a standard deviation, from its own entry or from that of its variance."""
    components = held.get("components")
    part = components.get(which) if isinstance(components, Mapping) else None
    if part is None:
        return None
    for key, power in (("sd", 1.0), ("variance", 0.5)):
        ends = part.get(key) if isinstance(part, Mapping) else None
        if isinstance(ends, Mapping):
            told = f"{which}.{key}"
            value, low, high = (_number(ends.get(end), f"{told}.{end}", name) for end in ("value", "low", "high"))
            if value is None:
                raise SettingsError(f"{name} gives no value of components.{which}.{key}.")
            root = [None if end is None else max(end, 0.0) ** power for end in (low, high)]
            return max(value, 0.0) ** power, root[0], root[1]
    raise SettingsError(f"{name} gives neither sd nor variance of components.{which}.")


def _number(value: Any, key: str, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(float(value)):
        raise SettingsError(f"{name} must give {key} as a number, not {value!r}.")
    if abs(float(value)) > LARGEST:
        raise SettingsError(f"{name}: {key} is {value:g}, too large to be squared; take a larger unit.")
    return float(value)


def _checked(held: Mapping[str, Any], name: str) -> Gauge:
    unknown = sorted(str(key) for key in held if key not in _KEYS)
    if unknown:
        known = ", ".join(_KEYS)
        raise SettingsError(f"{name} holds {unknown[0]!r}, which says nothing of a gauge: it may hold {known}.")
    found = {key: _number(held.get(key), key, name) for key in _KEYS}
    sd = found["sd"]
    if sd is None or sd <= SMALLEST:
        raise SettingsError(f"{name} must give sd as a number above zero, not {held.get('sd')}.")
    for key in _KEYS:
        value = found[key]
        if value is not None and value < 0 and key not in _SIGNED:
            raise SettingsError(f"{name}: {key} is a spread and cannot be {value:g}.")
    ends = (("sd_low", "sd", 1.0), ("sd_high", "sd", -1.0), ("reproducibility_high", "reproducibility", -1.0))
    for end, of, sign in ends:
        bound, value = found[end], found[of]
        if bound is None:
            continue
        if value is None or sign * (value - bound) < -1e-9 * abs(value):
            side = "below" if sign > 0 else "above"
            raise SettingsError(f"{name}: {end} ({bound:g}) must lie {side} {of}; both are needed.")
    slope = found["linearity"] or 0.0
    if abs(slope) >= 1:
        raise SettingsError(f"{name}: a linearity of {slope:g} would be a gauge that cannot tell large from small.")
    return Gauge(
        sd=sd, sd_low=found["sd_low"], sd_high=found["sd_high"], reproducibility=found["reproducibility"],
        reproducibility_high=found["reproducibility_high"], bias=found["bias"] or 0.0, bias_sd=found["bias_sd"] or 0.0,
        linearity=slope, name="" if name == "gauge" else name,
    )  # fmt: skip
