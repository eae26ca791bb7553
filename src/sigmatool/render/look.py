"""What a reader may choose of a report's looks."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import Literal, TypeAlias

Paper: TypeAlias = Literal["a4", "us-letter"]

PAPERS: dict[str, Paper] = {"a4": "a4", "letter": "us-letter"}
"""The public names of papers."""


class LookError(ValueError):
    """A choice of looks that nobody knows."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is set.

    Parameters
    ----------
    paper : {"a4", "us-letter"}
        Of a PDF.
    locale : str
        A language tag whose dates and decimal signs are used; "" for ISO 8601 dates and a decimal point.
    """

    paper: Paper = "a4"
    locale: str = ""


VERSION_DATE = dt.date(2026, 11, 25)
"""The date a file carries unless ``SOURCE_DATE_EPOCH`` gives one: some formats must have a date, and a clock's would
make every copy differ."""


def record_date() -> dt.date:
    """The date of a file that must carry one."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date() if epoch.isdecimal() else VERSION_DATE
