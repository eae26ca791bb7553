"""Shared pieces of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from browsing import browser, page_file
from sigmatool.render.palette import sheet

__all__ = ["browser", "page_file"]

ROOT = Path(__file__).parent.parent


@pytest.fixture
def root() -> Path:
    """The top of the checkout."""
    return ROOT


def without_ours(page: str) -> str:
    """A page without the one script that is ours: what is left of `<script` in it came in with the data."""
    ours = sheet("report.js")
    assert page.count(ours) == 1
    return page.replace(f"<script>{ours}</script>", "")
