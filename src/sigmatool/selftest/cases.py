"""Reference cases: where they lie, and what each of them says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ..errors import SettingsError

AREAS = (
    "constants", "variables_charts", "attribute_charts", "time_weighted", "rules", "run_charts", "multivariate", "arl",
    "before_after", "capability", "tolerance", "hypothesis_tests", "lean", "msa",
)  # fmt: skip
"""The areas that are checked, in the order of the table."""

_ORIGINS = (
    (r"\bqcc 2\.7", "qcc 2.7"),
    (r"\bqicharts2 0\.8\.1", "qicharts2 0.8.1"),
    (r"\bspc 0\.6\.7", "spc 0.6.7"),
    (r"\bsandwich 3\.0\.2", "sandwich 3.0.2"),
    (r"\bstrucchange 1\.5\.3", "strucchange 1.5.3"),
    (r"MASS 7\.3", "MASS 7.3-58.2"),
    (r"nortest 1\.0", "nortest 1.0-4"),
    (r"leveneTest|car 3", "car 3.1-1"),
    (r"R 4\.2\.2(?! glm)", "stats of R 4.2.2"),
    (r"lme4 1\.1", "lme4 1.1-31"),
    (r"tolerance 3\.0", "tolerance 3.0.0"),
    (r"SixSigma 0\.11", "SixSigma 0.11.1"),
    (r"R 4\.2\.2 glm\(", "glm of R 4.2.2"),
    (r"NIST/SEMATECH", "NIST/SEMATECH e-Handbook"),
    (r"Montgomery", "Montgomery (textbook)"),
    (r"integrat", "numerical integration"),
    (r"brute-force|oracle/rules", "brute force by the definitions"),
    (r"formula|Laney 2002|1/d2", "formula in R"),
)
"""How the sources that cases cite are named in a table."""


@dataclass(frozen=True, slots=True)
class Case:
    """One published or independently computed case.

    Attributes
    ----------
    area, id, description : str
    source : str
        Package with version, handbook or formula that the expected numbers come from.
    verified : str
        How they were obtained.
    data, params, expected : mapping
    rtol, atol : float
        A number agrees when ``|got - expected| <= atol + rtol |expected|``.
    shipped : bool
        Whether it ships with the package; the others are read from a folder.
    """

    area: str
    id: str
    description: str
    source: str
    verified: str
    data: Mapping[str, Any]
    params: Mapping[str, Any]
    expected: Mapping[str, Any]
    rtol: float
    atol: float
    shipped: bool

    @property
    def origins(self) -> tuple[str, ...]:
        """The source in the few words of a table."""
        found = tuple(name for pattern, name in _ORIGINS if re.search(pattern, self.source))
        return found or (self.source,)


def home() -> Traversable:
    """Where the shipped cases lie: inside the installed package, or among the tests of a checkout."""
    installed = files("sigmatool") / "_reference"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "tests" / "reference"


def shipped(area: str) -> list[Case]:
    """The cases of an area that ship.

    Examples
    --------
    >>> [case.id for case in shipped("multivariate")]
    ['mewma-sim']
    """
    return _read(home() / f"{area}.json", area, ships=True)


def from_folder(area: str, folder: Path) -> list[Case]:
    """Further cases of an area: from ``AREA.json`` in the folder's ``third-party``, or in the folder itself."""
    inner = folder / "third-party"
    file = (inner if inner.is_dir() else folder) / f"{area}.json"
    return _read(file, area, ships=False) if file.is_file() else []


def digest(areas: tuple[str, ...]) -> str:
    """SHA-256 of the shipped case files of these areas."""
    held = hashlib.sha256()
    for area in areas:
        held.update((home() / f"{area}.json").read_bytes())
    return held.hexdigest()


def _read(file: Traversable, area: str, ships: bool) -> list[Case]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["cases"]
        return [
            Case(
                area, row["id"], row["description"], row["source"], row.get("verified", ""), row.get("data") or {},
                row.get("params") or {}, row["expected"], float(row["rtol"]), float(row.get("atol") or 0.0), ships,
            )
            for row in rows
        ]  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise SettingsError(f"{file} does not hold reference cases: {problem!r}.") from None
