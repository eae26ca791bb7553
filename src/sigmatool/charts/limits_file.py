"""Limits that were frozen earlier, read from the file that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from numbers import Real
from pathlib import Path
from typing import Any

from .. import origin
from ..columns import LARGEST, SMALLEST
from ..documents import read_json, read_toml
from ..errors import SettingsError
from ..ledger import is_ledger, standing


@dataclass(frozen=True, slots=True)
class FrozenLimits:
    """Centre and sigma, as they were frozen; ``name`` tells where they come from, ``kind`` and ``metric`` what chart of
    what they are, where known."""

    center: float
    sigma: float
    nsigma: float = 3.0
    name: str = ""
    kind: str = ""
    metric: str = ""


def limits_of(given: str | Path | Mapping[str, Any] | FrozenLimits | None) -> FrozenLimits | None:
    """Frozen limits from a file or a mapping.

    Parameters
    ----------
    given : path or mapping
        A ledger (``.toml``, see ``sigmatool limits``), of which the last entry counts and whose chain must hold, a
        ``.toml`` file with ``center`` and ``sigma`` (and ``nsigma``), or a chart saved as ``.json``, of which the last
        stage counts.

    Raises
    ------
    DataError
        A ledger whose past was changed.
    SettingsError
        A file that cannot be read, or a value that is missing or no number.

    Examples
    --------
    >>> limits_of({"center": 10.0, "sigma": 0.2})
    FrozenLimits(center=10.0, sigma=0.2, nsigma=3.0, name='', kind='', metric='')
    """
    if given is None or isinstance(given, FrozenLimits):
        return given
    if isinstance(given, Mapping):
        return _checked(given, "limits")
    path = Path(given)
    if path.suffix.lower() == ".json":
        return _checked(_last_stage(path), path.name)
    if is_ledger(path):
        entry = standing(path)
        return _checked(asdict(entry), f"{path.name}, entry {entry.number}")
    held = read_toml(path)
    return _checked(held, path.name)


def limits_told(given: str | Path | Mapping[str, Any] | FrozenLimits | None) -> str | None:
    """Where frozen limits came from, as one option holds it.

    Examples
    --------
    >>> limits_told("limits/fills.toml"), limits_told({"center": 10.0, "sigma": 0.2}), limits_told(None)
    ('limits/fills.toml', 'given', None)
    """
    if given is None:
        return None
    if isinstance(given, str | Path):
        return str(given)
    held = asdict(given) if isinstance(given, FrozenLimits) else given
    known = {key: held[key] for key in ("center", "sigma", "nsigma", "kind") if key in held}
    return origin.given(known)


def _last_stage(path: Path) -> Mapping[str, Any]:
    try:
        held = read_json(path.read_bytes(), path.name)
        if held["schema"] != "sigmatool.chart/1":
            raise SettingsError(f"{path.name} holds {held['schema']}, not a chart: save one with chart -o {path.name}.")
        stage = held["stages"][-1]
        return {"center": stage["center"], "sigma": stage["sigma"], "nsigma": held.get("nsigma", 3.0)}
    except (OSError, ValueError, KeyError, IndexError, TypeError) as problem:
        raise SettingsError(f"{path.name} cannot be read as a saved chart: {problem}.") from None


def _checked(held: Mapping[str, Any], name: str) -> FrozenLimits:
    values = {}
    for key in ("center", "sigma", "nsigma"):
        value = held.get(key, 3.0 if key == "nsigma" else None)
        if isinstance(value, bool) or not isinstance(value, Real) or not abs(float(value)) <= LARGEST:
            raise SettingsError(f"{name} must give {key} as a number, not {value!r}.")
        values[key] = float(value)
    if values["sigma"] < SMALLEST or values["nsigma"] <= 0:
        raise SettingsError(f"{name}: sigma and nsigma must be above zero.")
    kind, metric = held.get("kind", ""), held.get("metric", "")
    if not isinstance(kind, str):
        raise SettingsError(f"{name} must give kind as the name of a chart, not {kind!r}.")
    if not isinstance(metric, str):
        raise SettingsError(f"{name} must give metric as the name of what is charted, not {metric!r}.")
    return FrozenLimits(**values, name="" if name == "limits" else name, kind=kind, metric=metric)
