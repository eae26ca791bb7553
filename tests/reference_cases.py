"""Reference cases as data: where they lie, and how a number is compared."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

SHIPPED = Path(__file__).parent / "reference"
PRIVATE = Path(os.environ.get("SIGMATOOL_REFERENCE", Path(__file__).parents[2] / "shared" / "reference"))
"""A folder with a ``third-party/`` of data sets that may be read but not committed."""


def cases(area: str) -> list[Any]:
    """Cases of an area: the shipped ones, and the third-party ones where they can be read."""
    found = json.loads((SHIPPED / f"{area}.json").read_text())["cases"]
    other = PRIVATE / "third-party" / f"{area}.json"
    if other.is_file():
        found += json.loads(other.read_text())["cases"]
    return found


def agree(got: Any, expected: Any, case: dict[str, Any]) -> None:
    """``|got - expected| <= atol + rtol |expected|`` everywhere; null is missing."""
    wanted = np.array([np.nan if v is None else float(v) for v in np.ravel(np.array(expected, dtype=object))])
    values = np.ravel(np.asarray(got, dtype=float))
    if wanted.size == 1 and values.size > 1:
        wanted = np.full(values.size, wanted[0])
    np.testing.assert_allclose(values, wanted, rtol=case["rtol"], atol=case.get("atol") or 0.0)
