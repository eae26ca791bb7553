"""Where the reference cases and their data lie."""

from __future__ import annotations

import os
from pathlib import Path

SHIPPED = Path(__file__).parent / "reference"
PRIVATE = Path(os.environ.get("SIGMATOOL_REFERENCE", Path(__file__).parents[2] / "shared" / "reference"))
"""A folder with a ``third-party/`` of data sets that may be read but not committed."""
